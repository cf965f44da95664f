"""Plans made for the tests: files in a folder of the test, the table that they hold, what must be read of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.graph.ingest.invented_plan import BODY, EXPECTED, HEAD, Rows, Span, summary
from tests.graph.ingest.plan_files import PlanFiles


@pytest.fixture
def files(tmp_path: Path) -> PlanFiles:
    return PlanFiles(tmp_path)


@pytest.fixture
def plan() -> Rows:
    """The table of the invented plan, head and body."""
    return [HEAD, *BODY]


@pytest.fixture
def plan_without_merged_rows(plan: Rows) -> Rows:
    """The same table, each merged cell printed in each of its rows."""
    made = [[Span(item) if isinstance(item, str) else item for item in row] for row in plan]
    for r, row in enumerate(made):
        for c, item in enumerate(row):
            if item is not None and item.rows > 1:
                for k in range(item.rows):
                    made[r + k][c] = Span(item.text, 1, item.columns)
    return made


@pytest.fixture
def expected() -> list[tuple[str, ...]]:
    """What must be read of `plan`."""
    return EXPECTED


@pytest.fixture
def span() -> type[Span]:
    return Span


@pytest.fixture(name="summary")
def summary_fixture() -> Callable[[Sequence[Any]], list[tuple[str, ...]]]:
    return summary
