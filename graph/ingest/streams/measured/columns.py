"""Which column is a box of? Words, the width at which its lines break, and the order of print decide together.

The columns' widths are not known beforehand: they are found from the boxes whose words speak clearly, then all boxes
are judged again, a few times over. The boxes of a page are decided together (Viterbi), since the print goes on from one
column to its neighbours.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from graph.ingest.faces import Face, faces
from graph.ingest.signatures import KINDS, Signatures, kind_of
from graph.ingest.streams.measured.boxes import Box, Item
from graph.ingest.streams.measured.wrap import WidthVote, clusters, fit, pairs_of
from graph.ingest.torn.lines import Line

UNITS = ("lead", "coordinating", "lead_coordinating")
TEXTS = ("objective", "task", "activity")
_TURNS = 3
_SHOWN = 6
NUMBER = re.compile(r"^(?:\d{1,3}[.)]?|[IVX]{1,5}[.)]?|[A-ZĐ](?:\.\d{1,2})?[.)]?)$")
UNIT = re.compile(
    r"^(?:-\s*)?(?:Các (?:phòng|sở|cơ|đơn|ban|bộ|xã|ngành|thành|hội|tổ|địa|cá|huyện|trường)|Phòng|Văn phòng|VP|Sở|"
    r"Trung tâm|UBND|"
    r"Ủy ban|Uỷ ban|HĐND|Hội|Ban |Đoàn |Công an|Bưu điện|Chi cục|Cục|Thanh tra|Trường|Tổ |Chủ tịch|Phó |Lãnh đạo|"
    r"Mặt trận|MTTQ|Bộ (?!quy|dữ|tiêu|hồ|thủ|máy|chỉ|phận)|Bộ phận|Viện|Bệnh viện|Đài|Báo (?!cáo)|Kho bạc|"
    r"Ngân hàng|Thuế|Liên đoàn|"
    r"Công chức|Viễn thông|Tỉnh đoàn|Huyện|Toàn |Cổng|Quỹ|Tòa|Công ty|Thủ trưởng|Trưởng|Thường trực|Giám đốc|"
    r"Đơn vị|Cơ quan|TT )"
)
TIME = re.compile(
    r"^(?:-\s*)?(?:[Tt]háng|[Qq]uý|Trước|Sau|Hằng|Hàng|Thường xuyên|Thường|Năm|Cả năm|Trong|Theo|Khi|Ngay|Đột xuất|"
    r"Từ(?! \d+ ?%)|Định kỳ|Giai đoạn|6 tháng|06 tháng|Đến|Chậm|Kỳ|Xong|Ngày|Cuối|Đầu|Liên tục|20\d\d|\d{1,2}/\d|Mỗi)\b"
)
PRODUCT = re.compile(
    r"^(?:-\s*)?(?:Báo cáo|Kế hoạch|Quyết định|Tờ trình|Văn bản|Công văn|Thông báo|Biên bản|Danh (?:mục|sách)|Hồ sơ|"
    r"Dự thảo|Đề án|Tài liệu|Quy (?:chế|trình)|Phương án|Bảng|Bộ|Cơ sở|Kết (?:luận|quả)|Lớp|Nghị quyết|Chương trình|"
    r"Hệ thống|Phần mềm|Tin|Sổ|Bản|Lịch|Dữ liệu|Thiết bị|Phiếu)"
)
LABEL = re.compile(r"^(\d)\.\s?(\d{1,2})\.?(?=\s|[^\W\d])")
_STEPS = {-7: -5.0, -6: -4.6, -5: -3.7, -4: -3.4, -3: -2.8, -2: -2.3, -1: -1.6, 0: -0.6, 1: 0.0, 2: -2.6, 3: -4.1,
          4: -5.5, 5: -6.2, 6: -6.9, 7: -6.9}  # fmt: skip
"""How readily the print goes on with a column so many to the right, in nats: learnt from drawn tables."""


@dataclass(slots=True)
class Layout:
    """What is known of a document's columns: names from left to right (the number's first), the face, and the width
    of each column in ems.
    `marked`: broken lines mostly show that they are broken; `justified`: some lines are stretched."""

    columns: tuple[str, ...]
    model: Signatures
    face: Face = field(default_factory=lambda: faces()["times"])
    widths: dict[str, float] = field(default_factory=dict)
    marked: bool = True
    justified: bool = False
    labels: Mapping[int, str] = field(default_factory=dict)
    known: dict[str, dict[str, float]] = field(default_factory=dict)


def find_labels(boxes: Sequence[Box], columns: Sequence[str]) -> dict[int, str]:
    """Which column each first figure of two-level enumerators ("2.14.") marks; empty when the columns of text are not
    marked so."""
    texts = [name for name in TEXTS if name in columns]
    counts: dict[int, int] = {}
    for box in boxes:
        for item in box.items:
            if found := LABEL.match(item.text):
                counts[int(found[1])] = counts.get(int(found[1]), 0) + 1
    made = {n + 1: name for n, name in enumerate(TEXTS) if name in texts}
    if len(made) == len(texts) and all(counts.get(n, 0) >= 2 for n in made) and set(counts) <= set(made):
        return made
    made = {n + 1: name for n, name in enumerate(texts)}
    if all(counts.get(n, 0) >= 2 for n in made) and sum(counts.get(n, 0) for n in made) > 0.8 * sum(counts.values()):
        return made
    return {}


def reassign(boxes: Sequence[Box], layout: Layout) -> None:
    """Judges the boxes again under the widths known, after some were divided."""
    found = _Judge(boxes, layout, layout.face, _all_words(boxes, layout)).run(layout.widths, 1)
    for box, name in zip(boxes, found.columns, strict=True):
        box.column = name
    layout.widths = {**layout.widths, **found.widths}


def assign(boxes: Sequence[Box], layout: Layout) -> float:
    """Gives every box its column (`Box.column`), finds the columns' widths and returns how well all fits, in nats.

    Boxes whose column the print tells keep it. The wide columns of text, which words tell apart least, are tried with
    each of the widths that the document shows."""
    inner = [a.wrapped for box in boxes for a, b in pairwise(box.items) if b.text[0].islower()]
    layout.marked = sum(inner) >= 0.5 * len(inner)
    layout.justified = sum(item.stretched for box in boxes for item in box.items) > 0.03 * len(inner)
    words = _all_words(boxes, layout)
    judges = [_Judge(boxes, layout, face, words) for face in faces().values()]
    judge, first = max(((one, one.run({}, 2)) for one in judges), key=lambda pair: pair[1].score)
    layout.face = judge.face
    best = first
    for group in (TEXTS, UNITS, TEXTS):
        best = judge.varied(best, [name for name in group if name in layout.columns])
    for box, name in zip(boxes, best.columns, strict=True):
        box.column = name
    layout.widths = best.widths
    return best.score


@dataclass(frozen=True, slots=True)
class _Found:
    score: float
    columns: list[str]
    widths: dict[str, float]


class _Judge:
    """Judges all boxes of a document under widths of its columns."""

    def __init__(self, boxes: Sequence[Box], layout: Layout, face: Face, words: NDArray[np.float64]) -> None:
        self.boxes = boxes
        self.layout = layout
        self.face = face
        self.names = layout.columns
        self.pairs = [pairs_of(face, box) for box in boxes]
        self._last = [face.width(box.items[-1].text) for box in boxes]
        self._words = words
        self._fits: dict[float, NDArray[np.float64]] = {}
        count = len(self.names)
        self._steps = np.array([[_STEPS.get(j - i, -7.0) for j in range(count)] for i in range(count)])
        pages = [box.page for box in boxes]
        self._starts = [n for n in range(len(boxes)) if n == 0 or pages[n] != pages[n - 1]]

    def run(self, widths: Mapping[str, float], turns: int) -> _Found:
        """The best columns under these widths, which are then found anew from the boxes, so many times."""
        known = dict(widths)
        for turn in range(turns + 1):
            scores = self._words.copy()
            for j, name in enumerate(self.names):
                if name != "number" and known.get(name):
                    scores[:, j] += self._fit(known[name])
            total, path = self._viterbi(scores)
            if turn < turns:
                known = self._widths(scores, path)
        return _Found(total, [self.names[j] for j in path], known)

    def varied(self, found: _Found, group: Sequence[str]) -> _Found:
        """The best of what is found when the columns of a group get other widths that their boxes show."""
        own = [pairs for pairs, name in zip(self.pairs, found.columns, strict=True) if name in group]
        shown = clusters(own)[: _SHOWN if len(group) < 3 else _SHOWN - 1]
        shown += [width for name in group if (width := found.widths.get(name))]
        shown = sorted({round(width, 2) for width in shown})
        tries = [
            self.run({**found.widths, **dict(zip(group, chosen, strict=True))}, 0)
            for chosen in product(shown, repeat=len(group))
        ]
        tries.sort(key=lambda one: -one.score)
        finals = [self.run(one.widths, _TURNS) for one in tries[:3]]
        return max([found, *finals], key=lambda one: one.score)

    def _fit(self, width: float) -> NDArray[np.float64]:
        width = round(width, 3)
        made = self._fits.get(width)
        if made is None:
            marked = self.layout.marked
            values = [fit(pairs, last, width, marked) for pairs, last in zip(self.pairs, self._last, strict=True)]
            made = self._fits[width] = np.array(values)
        return made

    def _viterbi(self, scores: NDArray[np.float64]) -> tuple[float, list[int]]:
        total, path = 0.0, []
        ends = [*self._starts[1:], len(self.boxes)]
        for start, end in zip(self._starts, ends, strict=True):
            best = scores[start]
            links = []
            for n in range(start + 1, end):
                ways = best[:, None] + self._steps
                back = ways.argmax(axis=0)
                links.append(back)
                best = ways[back, np.arange(len(back))] + scores[n]
            at = int(best.argmax())
            total += float(best[at])
            page = [at]
            for back in reversed(links):
                at = int(back[at])
                page.append(at)
            path += page[::-1]
        return total, path

    def _widths(self, scores: NDArray[np.float64], path: Sequence[int]) -> dict[str, float]:
        votes = [WidthVote() for _ in self.names]
        for n, j in enumerate(path):
            value = scores[n].copy()
            if n and n not in self._starts:
                value += self._steps[path[n - 1]]
            if n + 1 < len(path) and n + 1 not in self._starts:
                value += self._steps[:, path[n + 1]]
            own = value[j]
            value[j] = -1e9
            sure = 1.0 / (1.0 + math.exp(-max(-20.0, min(20.0, float(own - value.max())))))
            votes[j].add(self.pairs[n], sure)
        return {name: width for name, vote in zip(self.names, votes, strict=True) if (width := vote.best())}


def _all_words(boxes: Sequence[Box], layout: Layout) -> NDArray[np.float64]:
    made = []
    for box in boxes:
        found = _words(box, layout)
        made.append([found.get(name, -30.0) for name in layout.columns])
    return np.array(made)


def words_score(text: str, layout: Layout) -> dict[str, float]:
    """What the words of a cell say for each column, in nats."""
    known = layout.known.get(text)
    if known is None:
        known = layout.known[text] = _words(Box([Item(Line(0, text), text)], 0, 0), layout)
    return known


def _words(box: Box, layout: Layout) -> dict[str, float]:
    """What the words of a box and its print say for each column, in nats."""
    if box.sure:
        return {box.column: 6.0}
    if box.headed and box.column and box.column != "number":
        return {box.column: 6.0}
    if all(NUMBER.match(item.text) for item in box.items):
        return {"number": 8.0, "time": -2.0}
    text = box.text
    lower = text[:1].islower()
    found = layout.model.scores(text, not lower)
    scale = 1.0 + 0.1 * len(text.split())
    made = {"number": -40.0}
    labelled = next((layout.labels.get(int(f[1])) for item in box.items if (f := LABEL.match(item.text))), None)
    for name in layout.columns:
        if name == "number":
            continue
        kind = kind_of(name)
        value = 0.0 if kind is None else max(-4.0, min(4.0, found[KINDS.index(kind)] / scale))
        if name in UNITS:
            value += 4.0 if UNIT.match(text) else -1.5
        elif name == "time":
            value += 5.0 if TIME.match(text) else -2.5
            value -= 2.0 * (len(text.split()) > 9 * len(box.items))
        elif name == "product":
            value += 1.5 if PRODUCT.match(text) else 0.0
            value -= 2.0 * bool(UNIT.match(text)) if not PRODUCT.match(text) else 0.0
        elif name == "budget":
            value += 3.0 if re.match(r"^[\d.,]+( triệu| tỷ|$)", text) else -4.0
        elif labelled is not None:
            value += 8.0 if labelled == name else -8.0
        elif name in TEXTS and layout.labels and not lower:
            value -= 4.0
        if labelled is not None and name not in TEXTS:
            value -= 6.0
        made[name] = value
    return made
