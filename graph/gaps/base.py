"""What a gap is: a kind, how grave, where, and why, in both languages."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from graph.model import Plan, Row, Source
from graph.text import squeeze


class Kind(StrEnum):
    """The kinds of gap, gravest first within what a head of office must fix."""

    NOT_IMPLEMENTED = "not-implemented"
    SILENT_UNIT = "silent-unit"
    LOWERED = "lowered"
    INCONSISTENT_VALUES = "inconsistent-values"
    DEAD_LEGAL_BASIS = "dead-legal-basis"
    NO_LEGAL_BASIS = "no-legal-basis"
    DISSOLVED_OWNER = "dissolved-owner"
    NO_OWNER = "no-owner"
    SEVERAL_LEADS = "several-leads"
    NO_DEADLINE = "no-deadline"
    OUTSIDE_PERIOD = "outside-period"
    PAST_DEADLINE = "past-deadline"
    NO_PRODUCT = "no-product"
    DROPPED = "dropped-since-last-year"
    OWN_RULE = "own-rule"


class Severity(StrEnum):
    """How grave: high must be fixed before the plan is signed, low is a matter of form."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class State(StrEnum):
    """What people did about a gap."""

    OPEN = "open"
    ACCEPTED = "accepted"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something expected and missing, or wrong. `target`, `row`, `agency` and `law` name what it is about, "" where it
    is not about such a thing; `rows` are all rows concerned. `other` is the second thing of a contradiction;
    `rule` names the user's rule that found an `own-rule` gap; `also` are further targets of which the same is said (the
    same target stated a second time)."""

    kind: Kind
    severity: Severity
    document: str
    detail_vi: str
    detail_en: str
    source: Source = field(default_factory=Source)
    target: str = ""
    row: str = ""
    agency: str = ""
    law: str = ""
    other: str = ""
    text: str = ""
    rule: str = ""
    rows: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    state: State = State.OPEN
    author: str = ""
    decided_at: str = ""
    reason: str = ""

    @property
    def id(self) -> str:
        """Stable over rebuilds as long as the ids of what it is about are."""
        words = (self.kind.value, self.document, self.target, self.row, self.agency, self.law, self.other, self.rule)
        return "gap-" + hashlib.sha256("\n".join(words).encode()).hexdigest()[:12]


def plan_day(plan: Plan) -> date | None:
    """The day on which a plan was made: its date, else the first day of its period."""
    return plan.head.issued_on or plan.head.period.start


def is_running(plan: Plan, as_of: date) -> bool:
    """Whether the plan's period holds the day; a plan whose end is not known is taken to run."""
    return plan.head.period.end is None or as_of <= plan.head.period.end


def day_words(day: date) -> str:
    """A day as written in Vietnam."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def short(text: str, limit: int = 110) -> str:
    """The text, cut at a word with an ellipsis where it is longer than `limit`."""
    words = squeeze(text)
    return words if len(words) <= limit else words[:limit].rsplit(" ", 1)[0] + " …"


def leads(row: Row) -> tuple[str, ...]:
    """The lead units of a row as written."""
    return row.lead or ((squeeze(row.raw.lead),) if squeeze(row.raw.lead) else ())


SURE_ROW = 0.8
"""Mean confidence in a row's cells below which an empty cell may be one that was not read."""
SURE_CELL = 0.7
_MARKED = 0.12


def is_unsure(row: Row, cell: str = "") -> bool:
    """Whether a cell was read with doubt: the words in it, or, of an empty one, the row (a scan, pieces of cells put
    together), so that what is missing may stand in the file all the same."""
    known = row.raw.confidence
    if cell and squeeze(str(getattr(row.raw, cell, ""))):
        return known.get(cell, 1.0) < SURE_CELL
    return bool(known) and sum(known.values()) / len(known) < SURE_ROW


def is_garbled(text: str) -> bool:
    """Whether a text lost its diacritics or letters in recognition (of Vietnamese letters about 28 % carry a mark)."""
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) >= 20 and sum(not letter.isascii() for letter in letters) < _MARKED * len(letters)


def softer(severity: Severity) -> Severity:
    """One step less grave."""
    return Severity.MEDIUM if severity is Severity.HIGH else Severity.LOW


UNSURE = (" (đọc chưa chắc, cần đối chiếu bản gốc)", " (read with doubt: check the original)")
"""What is added to a gap that may come from the reading, Vietnamese and English."""


def in_order(gaps: Sequence[Gap]) -> tuple[Gap, ...]:
    """Gravest first, then by kind; within a kind in the order they were found."""
    gravity = {severity: index for index, severity in enumerate(Severity)}
    kinds = {kind: index for index, kind in enumerate(Kind)}
    return tuple(sorted(gaps, key=lambda gap: (gravity[gap.severity], kinds[gap.kind])))
