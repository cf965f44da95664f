"""Every query on every store against its committed answer, and the headers against the queries."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph.store import GraphStore
from graph.store.queries import load, names, run

HERE = Path(__file__).parent
CASES: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "query_cases.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES)
def test_answer(case: str, filled: GraphStore) -> None:
    wanted = json.loads((HERE / "answers" / f"{case}.json").read_text(encoding="utf-8"))
    assert run(filled, CASES[case]["query"], **CASES[case].get("parameters", {})) == wanted


def test_every_query_has_a_case_and_an_answer_that_says_something() -> None:
    asked = {case["query"] for case in CASES.values()}
    assert set(names()) == asked
    for query in asked:
        answers = [
            json.loads((HERE / "answers" / f"{name}.json").read_text(encoding="utf-8"))
            for name, case in CASES.items()
            if case["query"] == query
        ]
        assert any(answers), query


@pytest.mark.parametrize("name", names())
def test_columns_are_those_of_the_query(name: str, filled: GraphStore) -> None:
    case = next(case for case in CASES.values() if case["query"] == name)
    from graph.store.queries import bind

    rows = filled.select(bind(load(name), case.get("parameters", {})))
    columns = {column.name for column in load(name).columns}
    assert all(set(row) == columns for row in rows)


@pytest.mark.parametrize("name", names())
def test_same_statement_in_two_graphs_counts_once(name: str) -> None:
    """A union of graphs may give a statement twice, so queries must say DISTINCT."""
    text = load(name).text
    body = text.split("\n\n", 1)[1]
    outer = re.search(r"^SELECT (DISTINCT )?", body, re.MULTILINE)
    assert outer is not None
    assert outer[1] or re.search(r"^GROUP BY", body, re.MULTILINE)
    assert not re.search(r"(COUNT|GROUP_CONCAT)\((?!DISTINCT )", body)
