"""Plain text, from whatever tool: chooses the reader that fits its layout.

Layouts: cells between tabs or bars (`tabbed`), columns kept by position (`torn.positions`), recognised lines with
pieces of several cells (`printed`), cells printed row by row (`torn.rowwise`), merged cells printed at the page's end
or columns shredded by recognition (`scattered`), boxes of cells printed column by column (`streams`), cells in the
order of reading (`flows`), prose only.
Where the layout alone does not tell, the text is read both ways and the reading whose cells look more like what their
columns should hold is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from graph.errors import InputEmpty, InputNotAPlan
from graph.ingest.columns import field_of_header
from graph.ingest.encodings import to_unicode
from graph.ingest.signatures import KINDS, Signatures, kind_of
from graph.ingest.tabbed import bars_to_tabs, looks_tabbed, read_tabbed
from graph.ingest.torn.lines import Line, printed_lines, split_lines
from graph.ingest.torn.paragraphs import build_paragraphs
from graph.ingest.torn.positions import looks_positional, read_positional
from graph.ingest.torn.reading import read_rowwise
from graph.model import Problem, RawRow, Reading, Source

_Table = tuple[tuple[RawRow, ...], tuple[Problem, ...], frozenset[int]]

_DETAILS = ("product", "lead", "coordinating", "time")
_SURE = 0.92  # a reading row by row in which this share of the cells is filled needs no second opinion
_SCATTERED = 0.5
_SURELY_SCATTERED = 0.85  # a reading of scattered cells that looks as much like a plan needs no second opinion
_PLAUSIBLE = 0.66  # rows that look less like a plan's than this are not given out
_HEADING, _NEAR = 40, 30
_UNPLACED = 0.3  # what a cell without a row takes off the trust in a reading, by row
_CLEAR, _AHEAD = 0.93, 0.01
_BEHIND = 0.08  # a doubtful reading of boxes is mostly worse than one by the networks that seems no better
_SENSIBLE = 0.55  # a reading of boxes by their columns' widths is given out from here on
_EARLY = 0.8  # so sure a reading by the networks of text in the order of reading needs no second opinion
_LONG = 1150  # lines above which boxes are not read a second way, which takes seconds
_OFTEN_GUESSED = 0.3  # from this share of rows with guesses on, a person is told to use the original
_BARRED = 8  # so many lines with bars make it worth looking for a recognised table


def read_text(text: str) -> Reading:
    """What a text says: paragraphs, table rows, and as problems the parts of tables that could not be placed.

    The text may be in any of the old encodings (`graph.ingest.encodings`). Raises InputEmpty when there is no text and
    InputNotAPlan when it does not look like an administrative-reform plan.
    """
    from graph.ingest.plausible import looks_like_plan

    decoded = to_unicode(text)
    lines = bars_to_tabs(split_lines(decoded.text))
    if not any(line.strip() for line in lines):
        raise InputEmpty("Tệp không có chữ nào.", "The file holds no text.")
    if not looks_like_plan(lines):
        raise InputNotAPlan(
            "Văn bản đọc được nhưng không phải kế hoạch cải cách hành chính.",
            "The text is readable, but it is no administrative-reform plan.",
        )
    printed = printed_lines(lines)
    if looks_tabbed(lines):
        return _reading(lines, printed, read_tabbed(printed))
    if sum("|" in line.text for line in printed) >= _BARRED and (table := _recognised(printed)) is not None:
        return _reading(lines, printed, table)
    if looks_positional(printed):
        return _reading(lines, printed, read_positional(printed))
    return _read_torn(lines, printed)


def _recognised(printed: Sequence[Line]) -> _Table | None:
    """The table of recognised text whose lines hold pieces of several cells side by side, None where there is none."""
    from graph.ingest.printed import looks_printed, read_printed

    table = read_printed(printed) if looks_printed(printed) else None
    return table if table is not None and table[0] else None


def _reading(lines: Sequence[str], printed: Sequence[Line], table: _Table) -> Reading:
    rows, problems, taken = table
    prose = build_paragraphs([line for line in printed if line.number not in taken])
    return Reading(paragraphs=prose, rows=rows, problems=problems, lines=tuple(lines))


def _read_torn(lines: Sequence[str], printed: Sequence[Line]) -> Reading:
    """Text whose columns are lost: row by row, scattered, box by box, or in the order of reading; where several may be,
    the reading that makes most sense."""
    from graph.ingest.flows import from_boxes, read_flows
    from graph.ingest.scattered import looks_scattered, misread, read_scattered

    scattered = looks_scattered(lines) > _SCATTERED
    if scattered and misread(lines):
        return read_scattered(lines)

    @cache
    def flows() -> Reading:
        return _reading(lines, printed, read_flows(printed))

    # text in the order of reading first by the reader made for it, text printed box by box by the one that is sure
    paged = _paged(lines)
    if paged and not scattered and not from_boxes(printed) and _trust(flows()) >= _EARLY:
        return _advised(flows())
    streamed, measured = _read_streamed(lines)
    trusted = _trust(streamed) if streamed is not None and measured else 0.0
    other = read_scattered(lines) if scattered else None
    if other is not None and plausibility(other.rows) >= max(trusted, _SURELY_SCATTERED):
        return other
    if paged and trusted < _CLEAR and _trust(flows()) > max(trusted - _BEHIND, _SENSIBLE):
        return _advised(flows())
    rowwise = _reading(lines, printed, read_rowwise(printed)) if trusted < _CLEAR else None
    if rowwise is not None:
        if (
            other is not None
            and _filled(rowwise.rows) < _SURE
            and plausibility(other.rows) > plausibility(rowwise.rows)
        ):
            return other
        if rowwise.rows and _trust(rowwise) >= max(trusted, _PLAUSIBLE):
            return rowwise
    if streamed is not None and trusted >= _SENSIBLE:
        return _advised(streamed)
    torn = [one for one in (rowwise, flows(), streamed) if one is not None and plausibility(one.rows) >= _PLAUSIBLE]
    return _advised(max(torn, key=_trust)) if torn else _unread_table(lines, printed)


def _advised(reading: Reading) -> Reading:
    """The reading, and before all else, where many rows hold cells that were placed by judgement, what would read
    better."""
    guessed = sum(bool(row.guesses) for row in reading.rows)
    if guessed < _OFTEN_GUESSED * len(reading.rows) or not guessed:
        return reading
    places = [row.source for row in reading.rows]
    problem = Problem(
        place=Source(
            line_start=min(place.line_start or 1 for place in places),
            line_end=max(place.line_end or 1 for place in places),
        ),
        code="columns-lost",
        reason=f"Văn bản đã mất vị trí các cột: {guessed} trên {len(places)} hàng có ô được ghép theo phỏng đoán; nên "
        "dùng tệp gốc PDF, DOCX, XLSX, hoặc trích lại văn bản giữ nguyên bố cục (the text lost the places of its "
        "columns, many cells are guesses; use the original file, or extract the text with its layout).",
    )
    return replace(reading, problems=(problem, *reading.problems))


def _paged(lines: Sequence[str]) -> bool:
    """Whether pages end in a form feed, as the tools leave it that print a PDF's text in the order of reading."""
    return any("\f" in line for line in lines)


def _read_streamed(lines: Sequence[str]) -> tuple[Reading | None, bool]:
    """Text torn box by box: by the columns' widths, and where that leaves doubts in a text that is not long, by its
    words too; the reading that makes more sense, and whether the widths could be used. None where no page prints a
    table's headings as boxes."""
    from graph.ingest.streams import looks_streamed, read_streams
    from graph.ingest.streams.measured import looks_measured, read_measured

    measured = read_measured(lines) if looks_measured(lines) else None
    if measured is not None and (_trust(measured) >= _CLEAR or len(lines) > _LONG):
        return measured, True
    worded = read_streams(lines) if looks_streamed(lines) else None
    if measured is None or worded is None:
        return measured or worded, measured is not None
    return (worded if _trust(worded) > _trust(measured) + _AHEAD else measured), True


def _trust(reading: Reading) -> float:
    """How far a reading makes sense: its plausibility, less for what found no row."""
    return plausibility(reading.rows) - _UNPLACED * len(reading.problems) / max(1, len(reading.rows))


def _unread_table(lines: Sequence[str], printed: Sequence[Line]) -> Reading:
    """A reading without rows: where headings of a table stand but no way of reading it makes sense, its lines are a
    problem, not prose and not guessed rows."""
    named: dict[str, Line] = {}
    for line in printed:
        name = field_of_header(line.text) if len(line.text) <= _HEADING else None
        if name is not None and name not in named:
            named[name] = line
    first = min((line.number for name, line in named.items() if name in _DETAILS), default=0)
    if len(set(named) & {*_DETAILS, "objective", "task", "activity"}) < 3 or not first:
        return Reading(paragraphs=build_paragraphs(printed), rows=(), lines=tuple(lines))
    first = min([first, *(line.number for line in named.values() if 0 < first - line.number <= _NEAR)])
    torn = [line for line in printed if line.number >= first]
    problem = Problem(
        place=Source(line_start=first, line_end=torn[-1].number),
        code="torn-table",
        reason="Bảng bị công cụ chuyển đổi xé rời các ô nên chưa đọc được thành hàng; hãy dùng tệp gốc PDF, DOCX hoặc "
        "XLSX (the converting tool tore the table's cells apart, its rows could not be read; use the original file).",
    )
    prose = build_paragraphs([line for line in printed if line.number < first])
    return Reading(paragraphs=prose, rows=(), problems=(problem,), lines=tuple(lines))


def _filled(rows: Sequence[RawRow]) -> float:
    """The share of detail cells that are filled, over the columns that the table has."""
    used = [name for name in _DETAILS if any(getattr(row, name) for row in rows)]
    if not rows or not used:
        return 0.0
    return sum(bool(getattr(row, name)) for row in rows for name in used) / (len(rows) * len(used))


def plausibility(rows: Sequence[RawRow]) -> float:
    """How much the cells of a reading look like what their columns should hold (0..1): an empty cell counts nothing, a
    cell whose words speak for another column a third."""
    model = Signatures.load()
    used = [name for name in (*_DETAILS, "task", "activity") if any(getattr(row, name) for row in rows)]
    if not rows or not used:
        return 0.0
    total = 0.0
    for row in rows:
        for name in used:
            text = getattr(row, name)
            kind = kind_of(name)
            if not text or kind is None:
                continue
            found = model.scores(text[:60], True)
            total += 1.0 if found[KINDS.index(kind)] >= max(found) - 1.0 else 0.33
    return total / (len(rows) * len(used))
