"""From the cells of a table to its rows: pages, rows printed twice, merged cells, headings, and the rows themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rapidfuzz import fuzz

from graph.ingest.scattered.cells import Cell
from graph.ingest.scattered.drafts import Draft, Heading, Page, heading_of, pages_of
from graph.ingest.scattered.merged import place_all
from graph.ingest.scattered.signature import (
    ACTIVITY,
    BUDGET,
    COLUMNS,
    COORD,
    HORIZON,
    LEAD,
    NUMBER,
    OBJECTIVE,
    PRODUCT,
    SECTION,
    TASK,
    TIME,
)
from graph.ingest.torn.lines import join
from graph.model import Problem, RawRow, Source
from graph.text import fold, without_enumerator

_FIELDS = {column: COLUMNS[column] for column in (OBJECTIVE, TASK, ACTIVITY, PRODUCT, LEAD, COORD, TIME, BUDGET)}
_WORDS = {
    "objective": "mục tiêu",
    "task": "nhiệm vụ",
    "activity": "hoạt động",
    "product": "sản phẩm",
    "lead": "chủ trì",
    "coordinating": "phối hợp",
    "time": "thời gian",
    "budget": "kinh phí",
}
_YEAR = re.compile(r"\b(20\d\d)\b")


def assemble(cells: Sequence[Cell], place: dict[int, Source]) -> tuple[list[RawRow], list[Problem]]:
    """The rows of a table from its cells in order of printing, and what could not be placed.

    `place` is unused lines' room for page numbers and may be empty."""
    pages = pages_of(cells)
    habits = unit_habits(pages)
    rows: list[Draft] = []
    problems: list[Problem] = []
    for printed in pages:
        page = printed
        _title_headings(page)
        carried = rows[-1] if rows else None
        ghost = _take_ghost(page, rows)
        page, left = _placed(page, carried, habits)
        if ghost is not None:
            _give_back(ghost, page.rows[0])
            page.rows.pop(0)
        _merged_horizons(page)
        rows.extend(page.rows)
        problems.extend(_unplaced(cell) for cell in left)
    _fill_from_page_break(rows)
    made = [_raw_row(row, place) for row in rows if row.fine]
    problems.extend(
        Problem(
            place=Source(line_start=row.first_line(), line_end=row.last_line()),
            reason="Dòng này của bảng không đọc ra nhiệm vụ (this line of the table holds no task that could be read)",
        )
        for row in rows
        if not row.fine and row.cells
    )
    return made, problems


def unit_habits(pages: Iterable[Page]) -> dict[str, float]:
    """How often each unit leads among the rows that print both a lead and a coordinating unit (0..1)."""
    counts: dict[str, list[int]] = {}
    for page in pages:
        for row in page.rows:
            if LEAD in row.cells and COORD in row.cells:
                counts.setdefault(fold(row.text(LEAD)), [0, 0])[0] += 1
                counts.setdefault(fold(row.text(COORD)), [0, 0])[1] += 1
    return {unit: (lead + 0.5) / (lead + coord + 1.0) for unit, (lead, coord) in counts.items()}


def _title_headings(page: Page) -> None:
    """Titles printed behind the rows go to the headings that print their label only."""
    titles = [heading_of(cell) for cell in page.loose if cell.column == SECTION]
    untitled = [heading for heading in page.headings if not heading.horizon and not heading.title]
    for heading, title in zip(untitled, titles, strict=False):
        heading.title = title.title


def _merged_horizons(page: Page) -> None:
    """ "Đến năm 2030" printed behind the rows: the title of a lettered heading without one, or a heading of its own
    that stands above the objective printed next to it."""
    untitled = [heading for heading in page.headings if heading.horizon and not heading.title]
    for index, cell in enumerate(page.loose):
        if cell.column != HORIZON:
            continue
        made = heading_of(cell)
        if untitled:
            untitled.pop(0).title = made.title
            continue
        objective = next((c for c in page.loose[index + 1 : index + 4] if c.column == OBJECTIVE), None)
        starts = [at for at, row in enumerate(page.rows) if objective and row.merged.get(OBJECTIVE) is objective]
        if not starts:
            continue
        for row in page.rows[starts[0] :]:
            if row.section is not page.rows[starts[0]].section:
                break
            row.part = made
            row.guesses.append(f"mốc “{made.title}” in rời khỏi dòng (heading printed away from the row)")


def _take_ghost(page: Page, rows: Sequence[Draft]) -> Draft | None:
    """A row cut by the page break is printed again on the next page, wherever there: it is put first, to take the
    merged cells printed for it, and its original is given back."""
    if not rows:
        return None
    original = rows[-1]
    for index, row in enumerate(page.rows):
        same_task = not row.text(TASK) or not original.text(TASK) or _same(row.text(TASK), original.text(TASK))
        if ACTIVITY in row.cells and _same(row.text(ACTIVITY), original.text(ACTIVITY)) and same_task:
            if index > 1 and index < len(page.rows) - 1:
                continue
            if len(fold(row.text(ACTIVITY))) < 20:
                continue
            page.rows.insert(0, page.rows.pop(index))
            page.rows[0].section, page.rows[0].part = original.section, original.part
            page.rows[0].ghost = True
            return original
    return None


def _same(first: str, second: str) -> bool:
    return fuzz.ratio(fold(first), fold(second)) >= 95


def _give_back(original: Draft, ghost: Draft) -> None:
    for column, cell in {**ghost.merged, **ghost.cells}.items():
        if column not in original.cells and column not in original.merged:
            original.merged[column] = cell
            original.sure[column] = 0.7
    if COORD in ghost.merged and LEAD in ghost.cells:
        return
    original.guesses.append("dòng bị ngắt trang, in hai lần (row cut by a page break and printed twice)")


def _placed(page: Page, carried: Draft | None, habits: dict[str, float]) -> tuple[Page, list[Cell]]:
    """The page with its merged cells placed, and those left over.

    An activity among the merged cells that no row lacks is a row of its own, printed late: of the places where it may
    stand the one is taken under which everything else fits best."""
    lacking = any(ACTIVITY not in row.cells for row in page.rows)
    late = next((index for index, cell in enumerate(page.loose) if cell.column == ACTIVITY), None)
    if late is None or lacking or not page.rows:
        _, made, left = place_all(page, carried, habits)
        return made, left
    taken = {ACTIVITY: page.loose[late]}
    after = late + 1
    while after < len(page.loose) and page.loose[after].column > max(taken):
        taken[page.loose[after].column] = page.loose[after]
        after += 1
    best: tuple[float, Page, list[Cell]] | None = None
    for at in _borders(page.rows):
        above = page.rows[at - 1] if at else page.rows[0]
        draft = Draft(
            cells=dict(taken), page=page.number, guesses=["dòng in sau các ô gộp (row printed behind the rest)"]
        )
        draft.section, draft.part = above.section, above.part
        trial = Page(
            page.number,
            [*page.rows[:at], draft, *page.rows[at:]],
            [*page.loose[:late], *page.loose[after:]],
            page.headings,
        )
        result = place_all(trial, carried, habits)
        if best is None or result[0] > best[0]:
            best = result
    assert best is not None  # noqa: S101 - a page with rows has borders
    return best[1], best[2]


def _borders(rows: Sequence[Draft]) -> list[int]:
    """Where a row printed late may have stood: before rows with a number or heading of their own, at the end."""
    found = [
        at
        for at in range(1, len(rows))
        if NUMBER in rows[at].cells
        or rows[at].section is not rows[at - 1].section
        or rows[at].part is not rows[at - 1].part
    ]
    return [0, *found, len(rows)]


def _fill_from_page_break(rows: Sequence[Draft]) -> None:
    """A merged cell goes on over the page break although it is not printed again: a first row of a page under the
    same objective takes what the row above got from a merged cell, when it has none of its own."""
    for above, row in pairwise(rows):
        if above.page == row.page or above.section is not row.section:
            continue
        if fold(above.text(OBJECTIVE)) != fold(row.text(OBJECTIVE)) or not row.text(OBJECTIVE):
            continue
        if TASK not in row.cells and TASK not in row.merged and TASK in above.merged:
            row.merged[TASK] = above.merged[TASK]
            row.sure[TASK] = 0.6


def _unplaced(cell: Cell) -> Problem:
    name = _WORDS.get(COLUMNS[cell.column], "đề mục")
    return Problem(
        place=Source(line_start=cell.first, line_end=cell.last),
        reason=f"Ô {name} “{cell.text[:80]}” không xếp được vào dòng nào (no row was found for this cell)",
    )


def _raw_row(row: Draft, place: dict[int, Source]) -> RawRow:
    values: dict[str, str] = {}
    confidence: dict[str, float] = {}
    guesses = list(dict.fromkeys(row.guesses))
    guessed: list[str] = []
    for column, name in _FIELDS.items():
        own = row.cells.get(column)
        cell = own or row.merged.get(column)
        if cell is None:
            continue
        text = join(cell.lines)
        values[name] = without_enumerator(text) if column in (OBJECTIVE, TASK, ACTIVITY) else text
        if own is None:
            confidence[name] = row.sure.get(column, 0.7)
            guessed.append(_WORDS[name])
        else:
            confidence[name] = 0.95
    if guessed:
        guesses.append(f"ô gộp in rời khỏi dòng: {', '.join(guessed)} (merged cells printed away from the row)")
    section, part = row.section or Heading(), row.part or Heading()
    year = _YEAR.search(part.title) if part.horizon else None
    number = row.cells.get(NUMBER)
    return RawRow(
        source=Source(table=1, line_start=row.first_line() or None, line_end=row.last_line() or None),
        section=section.label or section.title,
        section_title=section.title,
        subsection=part.label,
        subsection_title=part.title,
        horizon=year.group(1) if year else "",
        number=number.text.strip(". ") if number else (str(int(row.sure[NUMBER])) if row.sure.get(NUMBER) else ""),
        confidence=confidence,
        guesses=tuple(guesses),
        objective=values.get("objective", ""),
        task=values.get("task", ""),
        activity=values.get("activity", ""),
        product=values.get("product", ""),
        lead=values.get("lead", ""),
        coordinating=values.get("coordinating", ""),
        time=values.get("time", ""),
        budget=values.get("budget", ""),
    )
