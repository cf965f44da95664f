"""Rows of a table whose cells were shuffled over the lines by a recogniser: what belongs together is told by columns.

Here merged cells are printed where they begin, so that they are carried down; a row begins with its activity; pieces
of agencies that were scattered over several lines are put together by the phrases that the document repeats.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from rapidfuzz import fuzz

from graph.ingest.scattered.cells import Cell
from graph.ingest.scattered.drafts import Heading, heading_of
from graph.ingest.scattered.signature import (
    ACTIVITY,
    BUDGET,
    COORD,
    HORIZON,
    LEAD,
    NUMBER,
    OBJECTIVE,
    PRODUCT,
    SECTION,
    TASK,
    TIME,
    opens_unit,
)
from graph.text import fold


@dataclass(slots=True)
class Gathered:
    """A row in the making: the pieces of its cells by column, in order of printing, and what is carried down to it."""

    section: Heading | None
    part: Heading | None
    number: str = ""
    pieces: dict[int, list[Cell]] = field(default_factory=dict)
    carried: dict[int, list[Cell]] = field(default_factory=dict)
    text: dict[int, str] = field(default_factory=dict)
    printed: dict[int, str] = field(default_factory=dict)
    guesses: list[str] = field(default_factory=list)
    group: int = 0

    def cells(self, column: int) -> list[Cell]:
        return self.pieces.get(column) or self.carried.get(column) or []

    def lines(self) -> list[int]:
        return [line for cells in self.pieces.values() for cell in cells for line in (cell.first, cell.last)]


def gather(cells: Sequence[Cell], lines: Sequence[str]) -> list[Gathered]:
    """The rows of a table from its cells in order of printing; `lines` are the lines as printed."""
    rows: list[Gathered] = []
    section: Heading | None = None
    part: Heading | None = None
    objective: list[Cell] = []
    task: list[Cell] = []
    number = ""
    row: Gathered | None = None
    group = 0
    waiting: list[Cell] = []  # the text read last that no row has taken yet, with its pieces
    for cell in _with_objectives(cells):
        if cell.column in (SECTION, HORIZON):
            made = heading_of(cell)
            if cell.column == SECTION:
                section, part = made, None
            else:
                part = made
            objective, task, number, row = [], [], "", None
            group += 1
            waiting = []
        elif cell.column == NUMBER:
            number = cell.text.strip(". ")
            waiting = waiting if waiting is task else []
        elif cell.column == OBJECTIVE and waiting:
            waiting.append(cell)  # a piece of the text before it
        elif cell.column == OBJECTIVE:
            if not (objective and _alike(objective[0].text, cell.text)):
                task = []
                group += 1
            objective, row = [cell], None
            waiting = objective
        elif cell.column == TASK and waiting and waiting is task:
            task.append(cell)
        elif cell.column == TASK:
            task, row = [cell], None
            waiting = task
        elif cell.column == ACTIVITY and row is not None and _is_scrap(cell.text):
            last = list(row.pieces)[-1]
            row.pieces[last].append(replace(cell, column=last))
        elif cell.column == ACTIVITY or row is None:
            row = Gathered(
                section, part, number, {cell.column: [cell]}, {OBJECTIVE: objective, TASK: task}, group=group
            )
            rows.append(row)
            waiting = []
        else:
            column = cell.column
            if column == LEAD and LEAD in row.pieces and COORD not in row.pieces:
                column = COORD
            row.pieces.setdefault(column, []).append(cell)
    _settle_units(rows, lines)
    _carry_down(rows, lines)
    return rows


def _with_objectives(cells: Sequence[Cell]) -> list[Cell]:
    """The cells, where the first text behind a section's heading or a row number is an objective, not a task, unless
    an objective stands beside it."""
    made = list(cells)
    for at, cell in enumerate(made):
        if cell.column != TASK:
            continue
        before = next((made[back].column for back in range(at - 1, -1, -1)), None)
        if before == SECTION:
            made[at] = replace(cell, column=OBJECTIVE)
    return made


def _is_scrap(text: str) -> bool:
    """Whether a text is a scrap of another cell: one word, or two that do not start like anything."""
    words = text.split()
    return len(words) == 1 or (len(words) == 2 and text[:1].islower())


def _alike(first: str, second: str) -> bool:
    """Whether two readings of a merged cell are the same cell, printed again behind a page break."""
    return fuzz.ratio(fold(first), fold(second)) >= 75


def _carry_down(rows: Sequence[Gathered], lines: Sequence[str]) -> None:
    """Merged cells of agencies, times and money: a row without them takes those of the row above under the same
    objective."""
    for above, row in pairwise(rows):
        if above.group != row.group:
            continue
        bare = LEAD not in row.text and COORD not in row.text
        for column in (LEAD, COORD, TIME, BUDGET, PRODUCT):
            if column in row.text or not above.text.get(column):
                continue
            if column in (LEAD, COORD) and not bare:
                continue
            if column == PRODUCT:
                continue
            row.text[column] = above.text[column]
            row.printed[column] = above.printed.get(column) or " ".join(
                cell.printed(lines) for cell in above.cells(column)
            )
            row.guesses.append("ô gộp lấy theo dòng trên (merged cell taken from the row above)")


def _settle_units(rows: Sequence[Gathered], lines: Sequence[str]) -> None:
    phrases = repeated_units(rows)
    for row in rows:
        for column in (PRODUCT, TIME, BUDGET):
            if column in row.pieces:
                row.text[column] = " ".join(cell.text for cell in row.pieces[column])
        pieces = _unit_lines(row, lines)
        whole = _whole_cell(row, phrases)
        if whole is not None:
            at_lines = set(whole.numbers)
            covered = [at for at, piece in enumerate(pieces) if piece[2] in at_lines]
            found = (whole.text, covered, [at for at in range(len(pieces)) if at not in covered]) if covered else None
        else:
            found = explain_units([repaired for repaired, _, _ in pieces], phrases)
        if found is None:
            for column in (LEAD, COORD):
                if column in row.pieces:
                    row.text[column] = " ".join(cell.text for cell in row.pieces[column])
        else:
            phrase, covered, rest = found
            phrase_first = not rest or min(covered) < min(rest)
            columns = (LEAD, COORD) if phrase_first else (COORD, LEAD)
            row.text[columns[0]] = phrase
            row.printed[columns[0]] = " ".join(pieces[at][1] for at in covered)
            if rest:
                row.text[columns[1]] = " ".join(pieces[at][0] for at in rest)
                row.printed[columns[1]] = " ".join(pieces[at][1] for at in rest)
        if LEAD not in row.text and COORD in row.text:
            row.text[LEAD] = row.text.pop(COORD)
            row.pieces[LEAD] = row.pieces.pop(COORD, [])
            if COORD in row.printed:
                row.printed[LEAD] = row.printed.pop(COORD)


def _whole_cell(row: Gathered, phrases: Sequence[str]) -> Cell | None:
    """The agency cell of a row that is one of the repeated phrases as it stands, if any."""
    for column in (COORD, LEAD):
        for cell in row.pieces.get(column, ()):
            if any(fuzz.ratio(fold(cell.text), fold(phrase)) >= 90 for phrase in phrases):
                return cell
    return None


def _unit_lines(row: Gathered, lines: Sequence[str]) -> list[tuple[str, str, int]]:
    """The lines of a row's agencies in order of printing: repaired, as printed, line number."""
    found = []
    for column in (LEAD, COORD):
        for cell in row.pieces.get(column, ()):
            for text, number, (first, count) in zip(
                cell.lines, cell.numbers_by_line(), cell.spots_by_line(), strict=True
            ):
                found.append((text, " ".join(lines[number - 1].split()[first : first + count]), number))
    return sorted(found, key=lambda piece: piece[2])


def repeated_units(rows: Iterable[Gathered]) -> list[str]:
    """Agency cells of several words that the document repeats, most frequent first, each as it is mostly spelt."""
    counts: Counter[str] = Counter()
    spellings: dict[str, Counter[str]] = {}
    for row in rows:
        for column in (LEAD, COORD):
            for cell in row.pieces.get(column, ()):
                key = fold(cell.text)
                counts[key] += 1
                spellings.setdefault(key, Counter())[cell.text] += 1
    return [
        spellings[key].most_common(1)[0][0]
        for key, count in counts.most_common(25)
        if count >= 3 and len(key.split()) >= 4
    ]


def explain_units(lines: Sequence[str], phrases: Sequence[str]) -> tuple[str, list[int], list[int]] | None:
    """The repeated phrase that most of a row's agency lines are pieces of, the lines it takes (in the order of its
    words) and the lines left over; None when no phrase explains enough. Scattered pieces come in any order."""
    best: tuple[float, str, list[int], list[int]] | None = None
    bags = [Counter(fold(line).split()) for line in lines]
    for rank, phrase in enumerate(phrases):
        words = fold(phrase).split()
        wanted = Counter(words)
        left = Counter(wanted)
        covered: list[int] = []
        strange = 0
        for at, bag in enumerate(bags):
            shared = sum((bag & left).values())
            if bag and shared >= 0.5 * sum(bag.values()) and shared:
                covered.append(at)
                left -= bag
                strange += sum(bag.values()) - shared
        coverage = 1 - sum(left.values()) / len(words)
        rest = [at for at in range(len(lines)) if at not in covered]
        loose = sum(1 for at in rest if not opens_unit(lines[at]) and (at - 1 not in rest))
        score = coverage * len(words) - 0.7 * strange - 0.8 * loose - 0.02 * rank - 1.5 * sum(left.values())
        if coverage >= 0.6 and (best is None or score > best[0]):
            position = {at: min((words.index(w) for w in bags[at] if w in words), default=99) for at in covered}
            best = (score, phrase, sorted(covered, key=lambda at: position[at]), rest)
    if best is None or best[0] <= 0:
        return None
    return best[1], best[2], best[3]
