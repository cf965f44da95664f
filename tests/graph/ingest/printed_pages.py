"""Annotated tables printed page by page as such tools print them: rows first, merged cells behind them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.ingest.scattered.widths import print_width
from tests.graph.ingest.annotated_rows import gold_rows


@dataclass(frozen=True)
class Placed:
    """A cell on the page: its lines, its column, its vertical middle (in lines), whether it spans several rows."""

    lines: tuple[str, ...]
    column: int
    middle: float
    merged: bool


COLUMN_WIDTHS = (4, 46, 34, 44, 23, 21, 19, 15)
COLUMN_NAMES = ("number", "objective", "task", "activity", "product", "lead", "coord", "time")
HEADER = [
    "STT 1. Mục tiêu 2. Nhiệm vụ 3. Hoạt động/ Giải pháp",
    "4. Kết quả/",
    "",
    "Sản phẩm",
    "",
    "5. Chủ trì, tham ",
    "",
    "mưu/thực hiện",
    "6. Phối hợp 7. Thời gian",
    "",
]


def wrap(text: str, width: int) -> tuple[str, ...]:
    lines: list[str] = []
    for word in text.split():
        if lines and print_width(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)


def pages(rows: Sequence[Mapping[str, Any]], size: int) -> Iterator[list[Mapping[str, Any]]]:
    """Rows page by page, no merged cell over a page border."""
    page: list[Mapping[str, Any]] = []
    for row in rows:
        if len(page) >= size and "objective" not in row["merged"]:
            yield page
            page = []
        page.append(row)
    yield page


def cells_of(page: Sequence[Mapping[str, Any]]) -> list[Placed]:
    spans: dict[tuple[int, int], list[int]] = {}
    start: dict[int, int] = {}
    for at, row in enumerate(page):
        for column, name in enumerate(COLUMN_NAMES):
            if name not in row["merged"] or column not in start:
                start[column] = at
            spans.setdefault((start[column], column), []).append(at)
    wrapped = {key: wrap(str(page[key[0]][COLUMN_NAMES[key[1]]]), COLUMN_WIDTHS[key[1]]) for key in spans}
    heights = [1.0] * len(page)
    for (at, column), lines in wrapped.items():
        each = len(lines) / len(spans[at, column])
        for row in spans[at, column]:
            heights[row] = max(heights[row], each + 0.3)
    tops = [sum(heights[:at]) for at in range(len(page) + 1)]
    return [
        Placed(
            lines,
            column,
            (tops[spans[at, column][0]] + tops[spans[at, column][-1] + 1]) / 2,
            len(spans[at, column]) > 1,
        )
        for (at, column), lines in wrapped.items()
        if lines
    ]


def printed(page: Sequence[Mapping[str, Any]], chance: random.Random) -> list[str]:
    """A page's lines: single cells row by row, then the merged cells in any order (those side by side together)."""
    cells = cells_of(page)
    plain = sorted((cell for cell in cells if not cell.merged), key=lambda cell: (round(cell.middle, 3), cell.column))
    groups: dict[float, list[Placed]] = {}
    for cell in cells:
        if cell.merged:
            groups.setdefault(round(cell.middle, 3), []).append(cell)
    blocks = list(groups.values())
    chance.shuffle(blocks)
    merged = [cell for block in blocks for cell in sorted(block, key=lambda cell: cell.column)]
    lines: list[str] = []
    before: Placed | None = None
    for cell in [*plain, *merged]:
        texts = [
            text + (" " if cell.column > 3 and at < len(cell.lines) - 1 else "") for at, text in enumerate(cell.lines)
        ]
        beside = before is not None and abs(before.middle - cell.middle) < 0.01
        if beside and before is not None and len(before.lines) == len(cell.lines) == 1:
            lines[-1] += f" {texts[0]}"
            texts = texts[1:]
        elif lines and not (beside and before is not None and len(before.lines) + len(cell.lines) == 3):
            lines.append("")
        for at, text in enumerate(texts):
            lines += [text] if at == 0 else ["", text]
        before = cell
    return [*lines, ""]


def rendered(name: str, size: int, seed: int) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows of an annotation and the lines of its table, `size` rows a page and the merged cells in the order that
    the seed gives."""
    chance = random.Random(seed)  # noqa: S311 - an order of cells, no secret
    rows = gold_rows(name)
    number = 0
    for row in rows:
        row["merged"] = set(row["merged_with_above"])
        if "objective" not in row["merged"]:
            number += 1
        else:
            row["merged"].add("number")
        row["number"] = str(number)
    lines: list[str] = []
    for page in pages(rows, size):
        lines += [*HEADER, *printed(page, chance)]
    return rows, lines
