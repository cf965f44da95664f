"""Tables drawn as PDF, over pages, with the rules that tools print or leave out."""

from __future__ import annotations

from collections.abc import Sequence

from tests.graph.ingest.invented_plan import Rows, Span
from tests.graph.ingest.small_pdf import Pdf

WIDTHS = (34, 150, 190, 110, 110, 110, 80)


def draw(
    rows: Rows,
    *,
    before: Sequence[str] = ("PHỤ LỤC", "Nhiệm vụ cải cách hành chính năm 2026"),
    widths: Sequence[float] = WIDTHS,
    bottom: float = 560,
    rules: str = "all",
    repeat_head: bool = True,
    split_rows: bool = True,
    size: float = 9,
    gap: float = 4,
) -> Pdf:
    """Draws a table over as many pages as it needs. `rules`: "all", "rows", "columns", "none" or "open" (no outer
    columns). Rows are cut at the page's end (`split_rows`) or moved to the next page."""
    pdf = Pdf()
    pdf.page()
    y = 40.0
    for text in before:
        pdf.text(300, y, text, 11)
        y += 18
    xs = [30.0]
    for width in widths:
        xs.append(xs[-1] + width)
    leading = size * 1.25

    def wrap(text: str, width: float) -> list[str]:
        lines: list[str] = []
        for paragraph in text.split("\n") if text else []:
            line = ""
            for word in paragraph.split():
                trial = f"{line} {word}".strip()
                if line and pdf.measure(trial, size) > width - 2 * gap:
                    lines.append(line)
                    line = word
                else:
                    line = trial
            lines.append(line)
        return lines

    # a merged cell's text stands in its first rows; each grid row is as high as its own single cells need
    spans = [[(Span(item) if isinstance(item, str) else item) for item in row] for row in rows]
    left: dict[tuple[int, int], list[str]] = {
        (r, c): wrap(s.text, xs[c + s.columns] - xs[c]) for r, row in enumerate(spans) for c, s in enumerate(row) if s
    }
    heights = [
        max([len(left[r, c]) for c, s in enumerate(row) if s and s.rows == 1] or [1]) for r, row in enumerate(spans)
    ]
    for r, row in enumerate(spans):
        for c, s in enumerate(row):
            if s and s.rows > 1:
                missing = len(left[r, c]) - sum(heights[r : r + s.rows])
                heights[r + s.rows - 1] += max(0, missing)

    def covering(r: int, c: int) -> tuple[int, int] | None:
        for rr in range(r, -1, -1):
            for cc in range(c, -1, -1):
                s = spans[rr][cc]
                if s and rr + s.rows > r and cc + s.columns > c:
                    return rr, cc
        return None

    top_of_part = y

    def rule_row(r: int, top: float, low: float, last: bool) -> None:
        """Rules of row r between top and low."""
        columns = len(widths)
        for c in range(columns + 1):
            outer = c in (0, columns)
            same = 0 < c < columns and covering(r, c - 1) == covering(r, c)
            if not same and (rules in ("all", "columns") or (rules == "open" and not outer)):
                pdf.line(xs[c], top, xs[c], low)
        for c in range(columns):
            merged_below = r + 1 < len(rows) and covering(r + 1, c) == covering(r, c) and not last
            if not merged_below and rules in ("all", "rows", "open"):
                pdf.line(xs[c], low, xs[c + 1], low)

    def part(r: int, count: int) -> None:
        """Draws `count` lines of row r at y."""
        nonlocal y
        low = y + count * leading + 2 * gap
        drawn: set[tuple[int, int]] = set()
        for c in range(len(widths)):
            place = covering(r, c)
            if place is None or place in drawn:
                continue
            drawn.add(place)
            lines = left[place]
            for index in range(min(count, len(lines))):
                pdf.text(xs[place[1]] + gap, y + gap + size + index * leading, lines[index], size)
            left[place] = lines[count:]
        if y == top_of_part and rules != "none":
            pdf.line(xs[0], y, xs[-1], y)
        rule_row(r, y, low, low + leading > bottom)
        y = low

    def new_page() -> None:
        nonlocal y, top_of_part
        if rules in ("all", "rows", "open"):
            pdf.line(xs[0], y, xs[-1], y)
        pdf.page()
        pdf.text(420, 25, str(len(pdf.pages)), 9)
        y = top_of_part = 50.0
        if repeat_head:
            left.update({(0, c): wrap(s.text, xs[c + s.columns] - xs[c]) for c, s in enumerate(spans[0]) if s})
            part(0, heights[0])

    for r, height in enumerate(heights):
        rest = height
        while rest > 0:
            room = int((bottom - y - 2 * gap) / leading)
            if room >= rest:
                part(r, rest)
                rest = 0
            elif split_rows and room >= 1 and height > 1:
                part(r, room)
                rest -= room
                new_page()
            else:
                new_page()
    return pdf
