"""The image of a scanned page: straightening it, and finding the cells that its rules make.

All lengths inside are pixels; `Page.scale` turns them into points. The method is the classical one for ruled forms:
long dark runs in one direction are rules, what rules enclose are cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from graph.ingest.layout import Box, cluster

if TYPE_CHECKING:
    from PIL import Image

Bitmap = NDArray[np.bool_]
_WORK_DPI = 150  # rules are looked for at this resolution
_MAX_SKEW = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A straightened page: its grey image, its tables as the boxes of their cells (pixels of `image`), pixels a point,
    and how it was turned (degrees counter-clockwise)."""

    image: Image.Image
    tables: list[list[Box]]
    scale: float
    turn: int


def prepare(image: Image.Image, points_wide: float | None, turn: int | None = None) -> Page:
    """Straightens the image of a page and finds its tables. `points_wide` is the page's width where the file tells it;
    else the longer side is taken for that of an A4 sheet. `turn` (0, 90, 180, 270 degrees counter-clockwise) sets the
    upright position, which else is told from the text's direction."""
    from PIL import Image as Images

    grey = whitened(image.convert("L"))
    points = points_wide or (842.0 if grey.width > grey.height else 595.0)
    dpi = grey.width / points * 72
    work = grey if abs(dpi - _WORK_DPI) < 20 else grey.resize(_sized(grey, _WORK_DPI / dpi), Images.Resampling.LANCZOS)
    if turn is None:
        turn = 90 if _sideways(binary(work)) else 0
    if turn:
        if turn != 180:
            points = points * grey.height / grey.width
        grey, work = grey.rotate(turn, expand=True), work.rotate(turn, expand=True)
    angle = skew(binary(work))
    if abs(angle) > 0.05:
        grey = grey.rotate(angle, resample=Images.Resampling.BICUBIC, fillcolor=255)
        work = work.rotate(angle, resample=Images.Resampling.BICUBIC, fillcolor=255)
    if dpi < 250:  # the recogniser wants letters at least 20 pixels high
        grey = grey.resize(_sized(grey, 300 / dpi), Images.Resampling.LANCZOS)
    back = grey.width / work.width
    tables = [[tuple(v * back for v in box) for box in boxes] for boxes in cell_boxes(binary(work))]
    return Page(image=grey, tables=tables, scale=grey.width / points, turn=turn)  # type: ignore[arg-type]


def whitened(grey: Image.Image) -> Image.Image:
    """The image with its paper made white, so that grain, shadows and grey fillings go and the letters stay."""
    from PIL import Image as Images
    from scipy import ndimage

    values = np.asarray(grey, dtype=np.float32)
    step = max(2, grey.width // 400)
    small = ndimage.percentile_filter(values[::step, ::step], 80, size=9)
    ground = np.asarray(
        Images.fromarray(small.astype(np.uint8)).resize(grey.size, Images.Resampling.BILINEAR), dtype=np.float32
    )
    share = values / np.maximum(ground, 40)
    return Images.fromarray((np.clip((share - 0.25) / 0.55, 0, 1) * 255).astype(np.uint8))


def _sized(image: Image.Image, factor: float) -> tuple[int, int]:
    return max(1, round(image.width * factor)), max(1, round(image.height * factor))


def binary(image: Image.Image) -> Bitmap:
    """Dark pixels (True) of a whitened image."""
    dark: Bitmap = np.asarray(image) < 205
    return dark


def _sideways(dark: Bitmap) -> bool:
    """Whether the text runs up or down the page: lines of text make rows of dark and light, words hardly do. Rules are
    left out, since a table has more of them down than across."""
    text = dark & ~_runs(dark, 45, axis=1) & ~_runs(dark, 45, axis=0)
    if text.sum() < 400:
        return False

    def stripes(profile: NDArray[np.float64]) -> float:
        inked = profile[profile > 0.1 * profile.max()] if profile.max() > 0 else profile
        return float(np.abs(np.diff(profile)).sum() / max(len(inked), 1))

    return stripes(text.mean(axis=0)) > 1.5 * stripes(text.mean(axis=1))


def skew(dark: Bitmap) -> float:
    """The angle in degrees by which the page must be turned (counter-clockwise) to be straight, at most 4."""
    ys, xs = np.nonzero(dark[::2, ::2])
    if len(ys) < 200:
        return 0.0
    if len(ys) > 60_000:
        step = len(ys) // 60_000 + 1
        ys, xs = ys[::step], xs[::step]

    def sharpness(degrees: float) -> float:
        turned = ys - xs * np.tan(np.radians(degrees))
        histogram = np.bincount((turned - turned.min()).astype(np.int64)).astype(np.float64)
        return float((histogram**2).sum())

    best = max(np.arange(-_MAX_SKEW, _MAX_SKEW + 0.01, 0.5), key=sharpness)
    best = max(np.arange(best - 0.5, best + 0.51, 0.1), key=sharpness)
    return float(best)


def _runs(dark: Bitmap, length: int, axis: int) -> Bitmap:
    """Pixels that belong to a stretch of `length` pixels along the axis of which nine in ten are dark."""
    from scipy import ndimage

    share = ndimage.uniform_filter1d(dark.astype(np.float32), length, axis=axis, mode="constant")
    core = share > 0.9
    size = (1, length) if axis == 1 else (length, 1)
    grown: Bitmap = ndimage.maximum_filter(core, size=size)
    return grown


def _segments(mask: Bitmap, horizontal: bool) -> list[tuple[float, float, float]]:
    """Rules of one direction: (position across, start, end), the pieces of one rule joined."""
    from scipy import ndimage

    labels, _ = ndimage.label(mask, structure=np.ones((3, 3)))
    pieces = []
    for where in ndimage.find_objects(labels):
        y, x = where
        if horizontal:
            across, start, end, thick = (y.start + y.stop) / 2, x.start, x.stop, y.stop - y.start
        else:
            across, start, end, thick = (x.start + x.stop) / 2, y.start, y.stop, x.stop - x.start
        if thick <= 14 and end - start > 3 * thick:
            pieces.append((across, float(start), float(end)))
    places = cluster((piece[0] for piece in pieces), 5.0)
    made: list[tuple[float, float, float]] = []
    for place in places:
        spans = sorted((s, e) for across, s, e in pieces if min(places, key=lambda p: abs(p - across)) == place)
        open_span: list[float] = []
        for start, end in spans:
            if open_span and start - open_span[1] <= 14:
                open_span[1] = max(open_span[1], end)
            else:
                if open_span:
                    made.append((place, *open_span))  # type: ignore[arg-type]
                open_span = [start, end]
        if open_span:
            made.append((place, *open_span))  # type: ignore[arg-type]
    return list(dict.fromkeys(made))


def cell_boxes(dark: Bitmap) -> list[list[Box]]:
    """The cells of each ruled table (two columns or more) of a page at 150 dots an inch, from top to bottom."""
    from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells

    rows = _segments(_runs(dark, 45, axis=1), horizontal=True)
    columns = _segments(_runs(dark, 22, axis=0), horizontal=False)
    rows = [rule for rule in rows if rule[2] - rule[1] > 30]
    columns = [
        rule
        for rule in columns
        if any(abs(r[0] - rule[1]) < 12 or abs(r[0] - rule[2]) < 12 for r in rows if r[1] - 12 <= rule[0] <= r[2] + 12)
    ]
    long = [rule[0] for rule in columns if rule[2] - rule[1] > 60]
    columns = [
        r for r in columns if r[2] - r[1] > 60 or any(abs(r[0] - x) <= 5 for x in long)
    ]  # the stem of an I is none
    columns = _apart(columns)
    if len(rows) < 2 or len(columns) < 2:
        return []
    edges = [_edge(columns, rule, horizontal=True) for rule in rows]
    edges += [_edge(rows, rule, horizontal=False) for rule in columns]
    crossings = edges_to_intersections(edges, x_tolerance=5, y_tolerance=5)
    cells = intersections_to_cells(crossings)
    cells = [cell for cell in cells if cell[2] - cell[0] > 12 and cell[3] - cell[1] > 12]
    tables = [list(table) for table in cells_to_tables(cells)]
    return [table for table in tables if len({round(cell[0]) for cell in table}) > 1]


def _apart(columns: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Rules without the pieces of text that stand close beside a longer rule (justified lines end in a column)."""
    made: list[tuple[float, float, float]] = []
    for rule in sorted(columns, key=lambda r: r[1] - r[2]):
        if not any(abs(rule[0] - m[0]) < 10 and rule[1] < m[2] and rule[2] > m[1] for m in made):
            made.append(rule)
    return made


def _edge(
    others: list[tuple[float, float, float]], rule: tuple[float, float, float], *, horizontal: bool
) -> dict[str, Any]:
    """A rule as pdfplumber's edge, its ends drawn to the rules it nearly meets."""
    place, start, end = rule
    for other, low, high in others:
        if low - 12 <= place <= high + 12:
            if abs(other - start) < 12:
                start = min(start, other)
            if abs(other - end) < 12:
                end = max(end, other)
    if horizontal:
        return {
            "orientation": "h",
            "x0": start,
            "x1": end,
            "top": place,
            "bottom": place,
            "width": end - start,
            "height": 0,
        }
    return {
        "orientation": "v",
        "x0": place,
        "x1": place,
        "top": start,
        "bottom": end,
        "width": 0,
        "height": end - start,
    }


def paper(image: Image.Image) -> int:
    """The brightness of the paper (0 to 255)."""
    return int(np.percentile(np.asarray(image)[::3, ::3], 75))


def has_ink(image: Image.Image) -> bool:
    """Whether anything is printed: specks and grain do not count."""
    from scipy import ndimage

    grey = ndimage.uniform_filter(np.asarray(image, dtype=np.float32)[::2, ::2], size=3)
    dark = grey < 0.7 * np.percentile(grey, 80)
    return int(dark.sum()) > 8


def stroke(image: Image.Image, scale: float) -> Box | None:
    """The box (pixels) of what is printed in a cell when it is one upright stroke as high as a letter: the Roman number
    I, which a recogniser takes for a rule. None for anything else."""
    ys, xs = np.nonzero(np.asarray(image) < 140)
    if len(ys) < 6:
        return None
    left, right, top, bottom = int(xs.min()), int(xs.max()) + 1, int(ys.min()), int(ys.max()) + 1
    height = (bottom - top) / scale
    if not 5 <= height <= 16 or right - left > 0.5 * (bottom - top):
        return None
    filled = len(ys) / ((right - left) * (bottom - top))
    return (left, top, right, bottom) if filled > 0.5 else None
