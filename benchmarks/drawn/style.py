"""How a drawn table is set: page, font, size, columns, their heads, widths and order, merged cells, labels."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

FIELDS = ("objective", "task", "activity", "product", "lead", "coord", "time")
HEADS: Mapping[str, Sequence[str]] = {
    "number": ("TT", "STT", "Số TT"),
    "objective": ("Mục tiêu", "Mục tiêu, chỉ tiêu", "Chỉ tiêu", "Mục tiêu cụ thể"),
    "task": ("Nhiệm vụ", "Nội dung nhiệm vụ", "Nội dung công việc", "Nhiệm vụ, giải pháp"),
    "activity": ("Hoạt động", "Hoạt động, giải pháp", "Giải pháp thực hiện", "Hoạt động cụ thể"),
    "product": ("Sản phẩm", "Kết quả, sản phẩm", "Sản phẩm hoàn thành", "Kết quả đầu ra"),
    "lead": ("Chủ trì", "Đơn vị chủ trì", "Cơ quan chủ trì", "Đơn vị thực hiện"),
    "coord": ("Phối hợp", "Đơn vị phối hợp", "Cơ quan phối hợp"),
    "time": ("Thời gian", "Thời gian thực hiện", "Thời gian hoàn thành", "Thời hạn"),
    "budget": ("Kinh phí", "Nguồn kinh phí", "Kinh phí thực hiện"),
    "note": ("Ghi chú",),
}
_FURTHER = 50_000
"""Seeds from here on (50 of the command line) may have a head of two lines, a budget and a note column."""
_CENTRED = 200_000
"""Seeds from here on (200 of the command line) may have the text of their narrow columns in the middle."""
_CLOSE = 400_000
"""Seeds from here on (400 of the command line) may have narrow margins inside cells, half sizes and listed products."""
WEIGHT = {
    "objective": 3.4,
    "task": 3.8,
    "activity": 3.9,
    "product": 2.2,
    "lead": 2.2,
    "coord": 2.2,
    "time": 1.6,
    "budget": 1.6,
    "note": 1.2,
}
FONTS = ("Times New Roman", "Times New Roman", "Calibri", "Arial", "DejaVu Serif")


@dataclass(frozen=True, slots=True)
class Style:
    """How one table is set; every choice comes from the seed."""

    seed: int
    font: str
    size: float
    landscape: bool
    columns: tuple[str, ...]
    heads: tuple[str, ...]
    widths: tuple[float, ...]
    merged: frozenset[str]
    vertical: str
    justify: bool
    labels: bool
    section_in_number: bool
    repeat_head: bool
    split_rows: bool
    page_number: str
    before: int = 0
    grouped: bool = False
    """Lead and coordinating agency stand under a common head of two lines."""
    centred: frozenset[str] = frozenset()
    """Columns whose lines stand in the middle of the column."""
    margin: int = 108
    """Left and right of the text of a cell, in twentieths of a point."""
    after: float = 0.0
    """Below a paragraph, in points."""
    listed: bool = False
    """Products that are several stand one below the other."""

    @classmethod
    def of(cls, seed: int, filled: Sequence[str]) -> Style:
        """The style of a seed for a plan whose rows fill these fields."""
        pick = random.Random(seed)  # noqa: S311 - a drawing, not a secret
        landscape = pick.random() < 0.6
        columns = [name for name in FIELDS if name in filled]
        if "product" in columns and "task" in columns and pick.random() < 0.15:
            columns.remove("product")
        if columns[:2] == ["objective", "task"] and pick.random() < 0.3:
            columns[:2] = ["task", "objective"]
        if "time" in columns and pick.random() < 0.2:
            columns.remove("time")
            columns.insert(columns.index("lead"), "time")
        numbered = pick.random() < 0.4
        heads = [pick.choice(HEADS["number"])] + [pick.choice(HEADS[name]) for name in columns]
        if numbered:
            heads[1:] = [f"{index}- {name}" for index, name in enumerate(heads[1:], start=1)]
        further = random.Random(-seed)  # noqa: S311 - drawn apart, so that the styles of old seeds stay
        extra = [name for name in ("budget", "note") if seed >= _FURTHER and further.random() < 0.3]
        for name in extra:
            columns.append(name)
            heads.append(further.choice(HEADS[name]))
        widths = [0.7] + [WEIGHT[name] * pick.uniform(0.75, 1.3) for name in columns]
        merged: set[str] = {name for name in ("objective", "task") if name in columns and pick.random() < 0.85}
        merged |= {name for name in ("lead", "coord", "time") if pick.random() < 0.35}
        size = pick.choice((10.0, 11.0, 11.0, 12.0, 13.0) if landscape else (9.0, 10.0, 11.0))
        return cls(
            seed=seed,
            font=pick.choice(FONTS),
            size=size,
            landscape=landscape,
            columns=("number", *columns),
            heads=tuple(heads),
            widths=tuple(widths),
            merged=frozenset(merged),
            vertical=pick.choice(("top", "top", "top", "center")),
            justify=pick.random() < 0.5,
            labels=pick.random() < 0.4,
            section_in_number=pick.random() < 0.5,
            repeat_head=pick.random() < 0.8,
            split_rows=pick.random() < 0.7,
            page_number=pick.choice(("top", "bottom", "none")),
            before=pick.choice((0, 0, 2, 3)),
            grouped=seed >= _FURTHER and further.random() < 0.35,
            centred=_centred(seed, columns),
        )._close()

    def _close(self) -> Style:
        """The style as it is from the seeds on that may be set close."""
        if self.seed < _CLOSE:
            return self
        pick = random.Random(11 * self.seed + 3)  # noqa: S311 - drawn apart, so that the styles of old seeds stay
        return replace(
            self,
            margin=pick.choice((108, 108, 85, 70, 70, 70, 57, 40, 28)),
            size=self.size - pick.choice((0.0, 0.0, 0.5)),
            before=pick.choice((self.before, 1)),
            after=pick.choice((0.0, 0.0, 1.0, 2.0)),
            listed=pick.random() < 0.25,
        )


def _centred(seed: int, columns: Sequence[str]) -> frozenset[str]:
    pick = random.Random(7 * seed + 1)  # noqa: S311 - drawn apart, so that the styles of old seeds stay
    if seed < _CENTRED or pick.random() < 0.5:
        return frozenset()
    narrow = [name for name in columns if name in {"lead", "coord", "time", "budget"}]
    return frozenset(name for name in narrow if pick.random() < 0.85)


def goes_on(row: Mapping[str, Any], above: Mapping[str, Any], name: str) -> bool:
    """Whether a merged cell of this column may go on from the row above: a task's cell ends with its objective's."""
    order = ("objective", "task")
    over = order[: order.index(name)] if name in order else ()
    return all(row[other] == above[other] for other in (*over, name))
