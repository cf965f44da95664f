"""Two invented years of one body: what was kept, reworded, raised, lowered, dropped and is new, as a reader sees it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph.diff import Change, compare_plans, previous_plan
from graph.entities.targets import find_targets
from graph.model import Head, Level, Period, Plan, RawRow, Row, Source, Target

pytestmark = pytest.mark.quality
FILES = sorted((Path(__file__).parent / "diff").glob("*.yaml"))
READ = tuple(name for name in Target.__dataclass_fields__ if name not in {"id", "row", "source", "cell", "section"})


def plan_of(data: Mapping[str, Any], side: str) -> Plan:
    said, year = data["head"], data[side]["year"]
    period = Period(start=date(year, 1, 1), end=date(year, 12, 31))
    targets = []
    for line, entry in enumerate(data[side]["targets"], start=1):
        found = find_targets(entry["text"], period)
        if not found:  # a count that the reader of targets does not know ("05 chức danh lãnh đạo")
            continue
        read = found[0]
        fields = {name: getattr(read, name) for name in READ}
        targets.append(Target(id=f"{side}-{entry['id']}", source=Source(line_start=line), **fields))
    return Plan(
        id=side,
        source=f"{side}.docx",
        sha256="",
        head=Head(issuer=said["issuer"], issuer_level=Level(said["level"]), province=said["province"], period=period),
        rows=tuple(
            Row(id=f"{side}-{entry['id']}", raw=RawRow(source=Source(row=index), section="I", task=entry["task"]))
            for index, entry in enumerate(data[side]["rows"], start=1)
        ),
        targets=tuple(targets),
        citations=(),
        problems=(),
    )


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_two_years_are_compared_as_a_reader_would(file: Path) -> None:
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    old, new = plan_of(data, "old"), plan_of(data, "new")
    assert previous_plan(new, [old, new]) is old
    read = {thing.id for plan in (old, new) for thing in (*plan.targets, *plan.rows)}
    assert len(read) >= 0.95 * sum(len(data[side][kind]) for side in ("old", "new") for kind in ("targets", "rows"))
    entries = [entry for kind in ("targets", "rows") for entry in data["new"][kind]]
    wanted = {
        (f"old-{entry['was'][0]}" if "was" in entry else "", f"new-{entry['id']}"): (
            Change(entry["was"][1]) if "was" in entry else Change.NEW
        )
        for entry in entries
    }
    continued = {old_id for old_id, _ in wanted}
    for kind in ("targets", "rows"):
        for entry in data["old"][kind]:
            if f"old-{entry['id']}" not in continued:
                wanted[f"old-{entry['id']}", ""] = Change.DROPPED
    wanted = {pair: change for pair, change in wanted.items() if read.issuperset(filter(None, pair))}
    told = {(one.old, one.new): one.change for one in compare_plans(old, new)}
    assert set(wanted.values()) == set(Change)
    wrong = {key: (wanted.get(key), told.get(key)) for key in wanted | told if wanted.get(key) is not told.get(key)}
    assert not wrong
