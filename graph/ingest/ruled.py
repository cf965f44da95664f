"""Cell boxes from the rules of a PDF page: ruled tables, and half-ruled ones whose open sides are closed.

Rules come from lines, thin rectangles and the borders of filled boxes. Where at least two column rules end at one
height without a row rule (a table cut by the page's end), or row rules begin at one place without a column rule (a
table open at its sides), the missing side is added.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graph.ingest.layout import Box, cluster

_SETTINGS: dict[str, Any] = {
    "vertical_strategy": "lines",
    "horizontal_strategy": "lines",
    "snap_tolerance": 3,
    "join_tolerance": 4,
    "edge_min_length": 5,
    "edge_min_length_prefilter": 0.5,
    "intersection_tolerance": 4,
}


def find_tables(page: Any) -> list[list[Box]]:
    """The tables of a pdfplumber page from top to bottom, each as its cells' boxes; tables that touch are one."""
    settings = dict(_SETTINGS)
    vertical, horizontal = _closing(page)
    settings["explicit_vertical_lines"] = vertical
    settings["explicit_horizontal_lines"] = horizontal
    tables = page.find_tables(settings)
    found: list[list[Box]] = []
    for table in tables:
        found.append([(float(x0), float(top), float(x1), float(bottom)) for x0, top, x1, bottom in table.cells])
    return _merge_touching([cells for cells in found if cells])


def _line(x0: float, x1: float, top: float, bottom: float) -> dict[str, Any]:
    return {
        "object_type": "line",
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "width": x1 - x0,
        "height": bottom - top,
        "doctop": top,
        "orientation": "v" if x0 == x1 else "h",
    }


def _joined(edges: Sequence[Any], along: tuple[str, str], across: str) -> list[tuple[float, float, float]]:
    """Edges on one line joined: (position, start, end)."""
    groups: dict[int, list[tuple[float, float]]] = {}
    places = cluster((edge[across] for edge in edges), 2.0)
    for edge in edges:
        index = min(range(len(places)), key=lambda i: abs(places[i] - edge[across]))
        groups.setdefault(index, []).append((edge[along[0]], edge[along[1]]))
    made = []
    for index, spans in groups.items():
        start, end = None, None
        for low, high in sorted(spans):
            if start is None or end is None:
                start, end = low, high
            elif low <= end + 4:
                end = max(end, high)
            else:
                made.append((places[index], start, end))
                start, end = low, high
        if start is not None and end is not None:
            made.append((places[index], start, end))
    return made


def _closing(page: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The column and row rules to add."""
    columns = _joined(
        [e for e in page.edges if e["orientation"] == "v" and e["bottom"] - e["top"] >= 0.5], ("top", "bottom"), "x0"
    )
    rows = _joined([e for e in page.edges if e["orientation"] == "h" and e["x1"] - e["x0"] >= 0.5], ("x0", "x1"), "top")
    columns = [rule for rule in columns if rule[2] - rule[1] > 8]
    rows = [rule for rule in rows if rule[2] - rule[1] > 20]
    vertical: list[dict[str, Any]] = []
    horizontal: list[dict[str, Any]] = []
    for side in (1, 2):
        for place in cluster((rule[side] for rule in columns), 3.0):
            ends = [rule for rule in columns if abs(rule[side] - place) <= 3]
            if len(ends) < 2:
                continue
            left, right = min(r[0] for r in ends), max(r[0] for r in ends)
            if right - left < 30 or any(
                abs(r[0] - place) <= 4 and r[1] <= left + 4 and r[2] >= right - 4 for r in rows
            ):
                continue
            horizontal.append(_line(left, right, place, place))
        for place in cluster((rule[side] for rule in rows), 3.0):
            ends = [rule for rule in rows if abs(rule[side] - place) <= 3]
            if len(ends) < 3:
                continue
            top, bottom = min(r[0] for r in ends), max(r[0] for r in ends)
            inner = [c for c in columns if c[1] < bottom and c[2] > top]
            if bottom - top < 10 or not inner or any(abs(c[0] - place) <= 4 for c in inner):
                continue
            vertical.append(_line(place, place, top, bottom))
    return vertical, horizontal


def _merge_touching(tables: list[list[Box]]) -> list[list[Box]]:
    """Tables one right under the other with the same sides made one."""
    tables.sort(key=lambda cells: min(cell[1] for cell in cells))
    made: list[list[Box]] = []
    for cells in tables:
        if made:
            above = made[-1]
            gap = min(c[1] for c in cells) - max(c[3] for c in above)
            left = abs(min(c[0] for c in cells) - min(c[0] for c in above))
            right = abs(max(c[2] for c in cells) - max(c[2] for c in above))
            if -2 <= gap <= 4 and left < 6 and right < 6:
                above.extend(cells)
                continue
        made.append(list(cells))
    return made
