"""Annotated rows, and how many of them a reader found."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from graph.model import RawRow
from graph.text import fold, without_enumerator

GOLD = Path(__file__).parents[2] / "gold"
FIELDS = {"objective": "objective", "task": "task", "product": "product", "lead": "lead", "coordinating": "coord"}


def gold_rows(name: str, sections: Sequence[str] = ()) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((GOLD / name).read_text(encoding="utf-8"))["rows"]
    return [row for row in rows if not sections or row["section"] in sections]


def alike(first: str, second: str) -> bool:
    one, two = fold(without_enumerator(first)), fold(without_enumerator(second))
    return one == two or (bool(one) and bool(two) and fuzz.ratio(one, two) >= 85)


def matched(gold: Sequence[Mapping[str, Any]], rows: Sequence[RawRow]) -> tuple[float, float]:
    """The share of annotated rows that were found (in order), and the share found with every cell right."""
    found = complete = 0
    at = 0
    for row in gold:
        fine = row["activity"] or row["task"] or row["objective"]
        hit = next((n for n in range(at, len(rows)) if alike(fine, rows[n].text)), None)
        if hit is None:
            continue
        found, at = found + 1, hit + 1
        right = all(alike(row[key], getattr(rows[hit], name)) for name, key in FIELDS.items())
        complete += right and alike(row["time"], rows[hit].time)
    return found / len(gold), complete / len(gold)
