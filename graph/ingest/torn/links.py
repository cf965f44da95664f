"""Whether a printed line goes on with the line above it in its column, or begins a new cell: log odds from many signs.

The strongest sign is the column's width: a line ends where the next word has no room, so a line that leaves room for
the first word below it ended its cell (or its paragraph).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from graph.ingest.faces import BLANK, ems
from graph.ingest.labels import has_bullet, item_number
from graph.ingest.signatures import KINDS, Signatures, kind_of
from graph.ingest.torn.breaks import broken

DANGLING = re.compile(
    r"(?:[,\-–/(&]|\b(?:và|hoặc|của|các|thuộc|với|tại|về|cho|theo|do|là|để|những|được|có|trong|từ|đến|số|ngày|năm))$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^\d{1,2}\.\d{1,2}[.,]?\s")
CONTENT = ("objective", "task", "activity")
UNITS = ("lead", "coordinating", "lead_coordinating")
_STEP = 0.34  # lines between two of a column: up to two others may stand there
APART = -6.0  # of lines that cannot be one cell's
_WORD = re.compile(r"\S+")


@dataclass(slots=True)
class Strip:
    """The lines of a table between two heading rows: the text of each column by line, the places where pages begin,
    and how far down each line stands (in lines; only differences inside one page count)."""

    cells: list[dict[int, str]]
    numbers: list[int]  # of the file's lines
    pages: list[int | None]
    breaks: frozenset[int]
    glued: frozenset[int] = frozenset()  # lines whose number is the rest of a number broken in a narrow column
    heights: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Heights: lines of one column are a line apart at least, others less."""
        last: dict[int, float] = {}
        height = 0.0
        for at, cells in enumerate(self.cells):
            height = max([height + (_STEP if at else 0.0), *(last[c] + 1.0 for c in cells if c in last)])
            self.heights.append(height)
            last.update(dict.fromkeys(cells, height))


class Links:
    """Scores pairs of lines that follow one another in a column of a table."""

    def __init__(
        self, fields: Sequence[str], widths: Sequence[float], labelled: frozenset[int], signatures: Signatures
    ) -> None:
        self.fields = fields
        self.widths = widths
        self.labelled = labelled
        self.signatures = signatures

    def link(self, strip: Strip, column: int, upper: int, lower: int, centred: bool) -> float:
        """How much speaks for one cell (> 0) against two (< 0)."""
        if self._apart(strip, upper, lower, centred):
            return APART
        before, after = strip.cells[upper][column], strip.cells[lower][column]
        return self.words(column, before, after)

    def _apart(self, strip: Strip, upper: int, lower: int, centred: bool) -> bool:
        """Whether a blank stands between two lines, so that they cannot be one cell's."""
        heights = strip.heights
        page = next((p for p in strip.breaks if upper < p <= lower), None)
        if page is not None:
            over, under = heights[page - 1] - heights[upper], heights[lower] - heights[page]
            return over > (3.1 if centred else 1.6) or under > (3.1 if centred else 0.9)
        return heights[lower] - heights[upper] > 1.6

    def words(self, column: int, before: str, after: str) -> float:
        """The same from the words alone."""
        name = self.fields[column]
        if column in self.labelled:
            return APART if _LABEL.match(f"{after} ") else 6.0 + 0.2 * self._room(column, before, after)
        if broken(before, after):
            return 4.0
        score = 0.6 * max(-2.0, min(3.0, self.signatures.follows(before, after)))
        first = after[:1]
        bullet = has_bullet(after) and not before.endswith(("và", "-"))
        if bullet:
            score -= 0.5
        else:
            room = self._room(column, before, after)
            score += room * 0.5 if before.endswith(";") and room < 0 else room
        if first.islower() or first in ",.;:)%/”":
            score += 3.0
        elif first.isupper():
            score -= 1.2 if name in CONTENT else 0.6
        if item_number(after):
            score -= 1.5
        if DANGLING.search(before) or before.count("(") > before.count(")"):
            score += 2.5
        elif before.endswith("."):
            score -= 1.2
        elif before.endswith(";"):
            score += 0.8
        kind = kind_of(name)
        if kind is not None and (first.isupper() or (kind == "time" and first.isdigit())):
            score -= 0.2 * max(
                -3.0, min(4.0, self.signatures.scores(" ".join(after.split()[:4]), True)[KINDS.index(kind)])
            )
        return score

    def _room(self, column: int, before: str, after: str) -> float:
        """Negative when the first word below would have had room on the line above; a little positive when not."""
        width = self.widths[column]
        if width > 90:
            return 0.0
        left = width - sum(ems(word) + BLANK for word in before.split(" ")) - ems(after.split(" ", 1)[0])
        if left > 0.15 + 0.02 * width:
            return -min(5.0, 1.0 + 6.0 * (left - 0.15 - 0.02 * width))
        return 1.2
