"""The evaluation corpus of search: annotated rows, targets and prose tasks as passages, and the judged queries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embeddings.passages import Passage, field_of, labelled, row_text

GOLD = Path(__file__).resolve().parent.parent / "tests" / "gold"
PLANS = {"000": "000_I-III.json", "001": "001.json", "003": "003.json", "002": "002_I-II.json"}


@dataclass(frozen=True, slots=True)
class Judged:
    """A query with the grades of the items that the corpus holds."""

    id: str
    text: str
    type: str
    grades: dict[str, int]


def _cell(row: dict[str, Any], name: str) -> str:
    """A cell in true Vietnamese: the annotation of a scan has it beside what the recogniser printed."""
    value = row.get(f"{name}_vi") or row.get(name) or ""
    return value if isinstance(value, str) else "; ".join(value)


def _units(row: dict[str, Any], name: str) -> tuple[str, ...]:
    value = row.get(f"{name}_units_vi") or row.get(f"{name}_units") or ()
    return tuple(unit for unit in value if unit)


def passages_of_gold(name: str, document: str) -> Iterator[Passage]:
    """Rows, prose tasks and targets of one annotation file."""
    gold = json.loads((GOLD / name).read_text("utf-8"))
    titles = {s["no"]: s.get("title_vi") or s["title"] for s in gold.get("sections", ())}
    province, issuer = gold["meta"].get("province", ""), gold["meta"].get("issuer", "")
    laws = {}
    for citation in gold.get("citations", ()):
        for row in citation.get("rows", ()):
            laws.setdefault(row, []).append(citation["canonical"])
    for row in gold["rows"]:
        activity, task = _cell(row, "activity"), _cell(row, "task")
        objective, product, time = (_cell(row, part) for part in ("objective", "product", "time"))
        lead = _units(row, "lead")
        title = titles.get(row.get("section", ""), "")
        above = task if activity else ""
        yield Passage(
            id=row["id"], kind="task", document=document,
            text=row_text(
                above, activity or task or objective, objective=objective, leads=lead, product=product, time=time),
            display=activity or task or objective, objective=objective,
            context=" ".join(part for part in (above, product, title) if part),
            lead=lead, coordinating=_units(row, "coord"), issuer=issuer, province=province, time=time,
            field=field_of(title), laws=tuple(laws.get(row["id"], ())),
        )  # fmt: skip
    for task in gold.get("prose_tasks", ()):
        lead = tuple(task.get("lead_units", ()))
        yield Passage(
            id=task["id"], kind="task", document=document,
            text=row_text("", task["text"], objective="", leads=lead, product="", time=""),
            display=task["text"], lead=lead, issuer=issuer, province=province,
        )  # fmt: skip
    for target in gold.get("prose_targets", ()):
        words = target.get("text_vi") or target["text"]
        metric = target.get("metric_vi") or target.get("metric") or ""
        yield Passage(
            id=target["id"], kind="target", document=document, display=words, issuer=issuer, province=province,
            text=labelled((("Chỉ tiêu", words), ("Đo", metric), ("Thời hạn", str(target.get("deadline") or "")))),
            context=target.get("field") or "",
        )  # fmt: skip


def corpus() -> list[Passage]:
    """All annotated passages of the five plans that the project has."""
    return [passage for document, name in PLANS.items() for passage in passages_of_gold(name, document)]


DEVELOPMENT, HELD_OUT = "qrels.json", "qrels_held_out.json"
"""The queries that weights and tables were made with, and those written by somebody who had not seen the engine."""


def judged(known: set[str], name: str = DEVELOPMENT) -> list[Judged]:
    """The queries that have at least one relevant item among the known ones, in their order."""
    data = json.loads((GOLD / name).read_text("utf-8"))
    grades: dict[str, dict[str, int]] = {}
    for row in data["judgements"]:
        if row["item"] in known:
            grades.setdefault(row["query"], {})[row["item"]] = int(row["grade"])
    return [Judged(q["id"], q["text"], q["type"], grades[q["id"]]) for q in data["queries"] if q["id"] in grades]
