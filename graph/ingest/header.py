"""Finding the head of a plan's table: which rows name the columns, and what each column holds.

A head has one to three rows ("Đơn vị thực hiện" over "Chủ trì" and "Phối hợp"), may stand below title rows, be
followed by a row of column numbers "(1) (2) (3)", and is printed again on each page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.ingest.base import Grid, GridCell
from graph.ingest.columns import field_of_header
from graph.ingest.labels import split_label
from graph.text import fold, squeeze

_SEARCHED_ROWS = 25
_YEAR = re.compile(
    r"^(?:năm\s*)?(?P<year>20\d\d)$|^(?P<part>(?:quý|tháng)\s*(?:I{1,3}|IV|\d{1,2})|[QT]\d{1,2})$", re.IGNORECASE
)
_COLUMN_NUMBER = re.compile(r"^\(?\s*(?:\d{1,2}|[a-z]|[ivx]{1,4})(?:\s*[=+]\s*[\d+\s]+)?\s*\)?\.?$", re.IGNORECASE)
_CONTENT = ("objective", "task", "content", "activity")
_BESIDE = ("product", "lead", "coordinating", "lead_coordinating", "time", "budget")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a table. `fields` maps column (0-based) to field name; `first` and `body` are the grid rows where the
    head and the body begin; `key` is its folded wording, by which a repeated head is known; `years` are the columns
    headed by a year, a quarter or a month, where a mark sets the time; `unknown` the headings that no field fits."""

    fields: Mapping[int, str]
    first: int
    body: int
    key: frozenset[str]
    years: Mapping[int, str]
    unknown: tuple[tuple[int, str], ...]


def cell_text(cell: GridCell) -> str:
    """The cell's text on one line."""
    return squeeze(" ".join(cell.lines))


def matrix(grid: Grid) -> list[dict[int, GridCell]]:
    """For each grid row, the cell that covers each column (a merged cell stands at all its positions)."""
    rows: list[dict[int, GridCell]] = [{} for _ in range(grid.rows)]
    for cell in grid.cells:
        for r in range(cell.row, min(cell.row + cell.row_span, grid.rows)):
            for c in range(cell.column, min(cell.column + cell.column_span, grid.columns)):
                rows[r].setdefault(c, cell)
    return rows


def is_numbering_row(row: Mapping[int, GridCell]) -> bool:
    """Whether the row only numbers the columns: "(1) (2) (3)" or "A 1 2 3"."""
    texts = [cell_text(cell) for cell in {id(c): c for c in row.values()}.values()]
    texts = [text for text in texts if text]
    if len(texts) < 3 or not all(_COLUMN_NUMBER.match(text) for text in texts):
        return False
    digits = [int(m[0]) for text in texts if (m := re.search(r"\d+", text))]
    return len(digits) >= 2 and digits == sorted(digits) and len(set(digits)) == len(digits)


def _named(row: Mapping[int, GridCell], total: int) -> dict[int, str]:
    """Fields named by the cells of one row; a cell over most columns names nothing (it is a title)."""
    names = {}
    for column, cell in row.items():
        if cell.column_span > max(3, total // 2 + 1):
            continue
        name = field_of_header(cell_text(cell))
        if name is not None:
            names[column] = name
    return names


def _combine(
    rows: Sequence[Mapping[int, GridCell]], columns: int
) -> tuple[dict[int, str], dict[int, str], dict[int, str]]:
    """Fields, years and wordings by column of one to three head rows read together: the lowest name wins, unless it
    only makes sense below its parent."""
    fields: dict[int, str] = {}
    years: dict[int, str] = {}
    words: dict[int, str] = {}
    for column in range(columns):
        cells: list[GridCell] = []
        for row in rows:
            cell = row.get(column)
            if cell is not None and cell not in cells and cell_text(cell):
                cells.append(cell)
        if not cells:
            continue
        texts = [cell_text(cell) for cell in cells]
        words[column] = " ".join(texts)
        year = _YEAR.match(texts[-1])
        own = field_of_header(texts[-1])
        above = next((name for text in reversed(texts[:-1]) if (name := field_of_header(text))), None)
        if year is not None:
            if above in ("budget", "objective"):
                fields[column] = above
            else:
                years[column] = _period_name(year)
            continue
        name = own
        if own in (None, "content", "note", "lead") and above is not None:
            name = field_of_header(words[column]) or above
            if above in ("budget", "time") and own in (None, "lead"):
                name = above
            elif own == "lead" and above == "coordinating":
                name = "coordinating"
        elif own is None:
            name = field_of_header(words[column])
        if name is not None:
            fields[column] = name
    return fields, years, words


def _period_name(found: re.Match[str]) -> str:
    """A year, or a quarter or month in full words ("T3" is a month, "Q3" a quarter)."""
    if found["year"]:
        return found["year"]
    part = squeeze(found["part"])
    if re.fullmatch(r"[QT]\d{1,2}", part, re.IGNORECASE):
        return f"{'Quý' if part[0] in 'Qq' else 'Tháng'} {int(part[1:])}"
    return f"{part[:1].upper()}{part[1:]}"


def _settle(fields: dict[int, str]) -> dict[int, str]:
    """Fields that depend on the other columns: "content" and two columns of tasks."""
    names = list(fields.values())
    made = dict(fields)
    contents = [c for c in sorted(fields) if fields[c] == "content"]
    tasks = [c for c in sorted(fields) if fields[c] == "task"]
    if contents:
        if "task" in names or "activity" in names:
            role = "objective" if "objective" not in names else "task" if "task" not in names else "note"
        else:
            role = "task"
        for c in contents:
            made[c] = role
        if role == "task" and len(contents) > 1 and "activity" not in names:
            for c in contents[1:]:
                made[c] = "activity"
    if len(tasks) > 1 and "activity" not in names:
        for c in tasks[1:]:
            made[c] = "activity"
    if "task" not in made.values() and "objective" in made.values() and "activity" not in made.values():
        objectives = [c for c in sorted(made) if made[c] == "objective"]
        for c in objectives[1:] or objectives:  # a table of one wording: its rows are the tasks
            made[c] = "task"
    return made


def find_head(grid: Grid, rows: Sequence[Mapping[int, GridCell]] | None = None) -> Head | None:
    """The head of a plan's table, or None when no rows name at least two columns, a task and something beside it."""
    rows = matrix(grid) if rows is None else rows
    best: tuple[float, int, int] | None = None
    for first in range(min(_SEARCHED_ROWS, grid.rows)):
        if not _named(rows[first], grid.columns):
            continue
        for height in (1, 2, 3):
            if first + height > grid.rows:
                break
            span = rows[first : first + height]
            if height > 1 and not _goes_on(span[-2], span[-1]):
                break
            fields, years, _ = _combine(span, grid.columns)
            score = _score(fields, years)
            if score > 0 and (best is None or score - 0.1 * height > best[0]):
                best = (score - 0.1 * height, first, height)
        if best is not None and first > best[1] + 2:
            break
    if best is None:
        return None
    _, first, height = best
    above = min(cell.row for cell in rows[first].values())  # merged cells of the head begin further up
    height += first - above
    first = above
    fields, years, words = _combine(rows[first : first + height], grid.columns)
    fields = _settle(fields)
    body = first + height
    while body < grid.rows and is_numbering_row(rows[body]):
        body += 1
    unknown = tuple((c, text) for c, text in sorted(words.items()) if c not in fields and c not in years)
    key = frozenset(fold(text) for text in words.values() if fold(text))
    return Head(fields=fields, first=first, body=body, key=key, years=years, unknown=unknown)


def _goes_on(above: Mapping[int, GridCell], below: Mapping[int, GridCell]) -> bool:
    """Whether the row below can still belong to the head: a cell of the row above reaches into it or spans several of
    its columns, and it names columns."""
    shared = {id(c) for c in above.values()} & {id(c) for c in below.values()}
    divided = any(
        cell.column_span > 1
        and sum(
            1
            for c, b in below.items()
            if b.column == c and b is not cell and cell.column <= c < cell.column + cell.column_span
        )
        > 1
        for cell in {id(c): c for c in above.values()}.values()
    )
    fresh = [cell_text(c) for c in {id(c): c for c in below.values()}.values() if id(c) not in shared]
    fresh = [text for text in fresh if text]
    if not fresh or any(len(text) > 70 for text in fresh):
        return False
    if len(fresh) == 1 and not shared and not divided and split_label(fresh[0])[0]:
        return False  # "II. …" alone under the head is the first section
    named = sum(1 for text in fresh if field_of_header(text) or _YEAR.match(text))
    return (bool(shared) or divided or len(fresh) < len(above)) and named >= max(1, len(fresh) // 2)


def _score(fields: Mapping[int, str], years: Mapping[int, str]) -> float:
    """How well a set of named columns makes the head of a plan; 0 for no plan."""
    names = set(fields.values())
    content = sum(1 for name in _CONTENT if name in names)
    beside = sum(1 for name in _BESIDE if name in names)
    if not content or (not beside and not (years and "number" in names)):
        return 0.0
    if beside == 1 and content == 1 and not names & {"lead", "lead_coordinating", "time", "coordinating"}:
        return 0.0
    return (
        content
        + beside
        + ("number" in names) * 0.5
        + (0.5 if "time" in names else 1.2) * bool(years)
        + ("note" in names) * 0.2
    )


def repeats(head: Head, row: Mapping[int, GridCell]) -> bool:
    """Whether a body row is the head printed again (most of its cells word a heading of the head)."""
    texts = [fold(cell_text(cell)) for cell in {id(c): c for c in row.values()}.values()]
    texts = [text for text in texts if text]
    if len(texts) < 2:
        return False
    return sum(
        1 for text in texts if text in head.key or any(text in key for key in head.key if len(text) > 3)
    ) >= 0.75 * len(texts)
