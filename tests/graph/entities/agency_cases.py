"""Heads of plans and tables of cases for the tests of agencies."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from graph.model import Head, Level
from graph.text import fold

HERE = Path(__file__).parent
GOLD = HERE.parents[1] / "gold"


def cases(name: str) -> list[list[str]]:
    """The lines of a table beside this file, as cells."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.replace("\\n", "\n").split("\t") for line in lines if line and not line.startswith("#")]


def head_of(issuer: str, level: str, province: str, day: str) -> Head:
    return Head(
        issuer=issuer,
        issuer_level=Level(level) if level else None,
        province=province,
        issued_on=date.fromisoformat(day) if day else None,
    )


JUSTICE = head_of("Sở Tư pháp", "department", "Tây Ninh", "2021-11-01")

UNIT_NAMES = [
    unit for case in cases("agencies_split.tsv") for unit in case[1].split(" | ") if unit and fold(unit) != unit.lower()
]
"""Names of units that the splitting cases give; those without a diacritic are left out."""
