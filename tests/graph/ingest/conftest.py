"""Plans made for the tests: one table described once, written as DOCX, XLSX, HTML, PDF or image with a given trouble.

A table is a list of rows; an item is a text, a `Span` (a merged cell) or None (covered by a merged cell).
"""

from __future__ import annotations

import importlib.util
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True)
class Span:
    """A merged cell."""

    text: str
    rows: int = 1
    columns: int = 1


Item = str | Span | None
Rows = Sequence[Sequence[Item]]

HEAD = ["TT", "Mục tiêu", "Nhiệm vụ", "Sản phẩm", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian"]
PHAP_CHE, VAN_PHONG = "Phòng Pháp chế", "Văn phòng Sở"
BODY: Rows = [
    ["I", Span("CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH", 1, 6), None, None, None, None, None],
    [
        "1",
        "Hoàn thành 100% nhiệm vụ được giao",
        "Ban hành Kế hoạch cải cách hành chính năm 2026",
        "Kế hoạch",
        VAN_PHONG,
        "Các phòng, đơn vị",
        "Quý I/2026",
    ],
    [
        "2",
        "Kiểm tra ít nhất 30% đơn vị trực thuộc",
        "Tổ chức kiểm tra việc thực hiện nhiệm vụ cải cách hành chính tại các đơn vị",
        "Kết luận kiểm tra",
        PHAP_CHE,
        VAN_PHONG,
        "Tháng 6/2026",
    ],
    ["II", Span("CẢI CÁCH THỂ CHẾ", 1, 6), None, None, None, None, None],
    [
        Span("3", 2),
        Span("100% văn bản được rà soát, xử lý đúng thời hạn quy định", 2),
        "Rà soát văn bản quy phạm pháp luật năm 2025",
        "Báo cáo rà soát",
        Span(PHAP_CHE, 2),
        "Các phòng, đơn vị",
        "Trước 30/6",
    ],
    [
        None,
        None,
        "Công bố danh mục văn bản hết hiệu lực theo Nghị định số 79/2025/NĐ-CP",
        "Quyết định công bố",
        None,
        VAN_PHONG,
        "Tháng 01/2026",
    ],
    ["4", "Giảm 20% thời gian họp", "Đề xuất phương án tinh gọn hội nghị, cuộc họp", "", VAN_PHONG, "", "Thường xuyên"],
    [
        "5",
        "Mức độ hài lòng của người dân đạt từ 95%",
        "Khảo sát ý kiến người dân về chất lượng giải quyết thủ tục hành chính",
        "Báo cáo khảo sát",
        Span(VAN_PHONG, 2),
        Span("Trung tâm Phục vụ hành chính công tỉnh", 2),
        Span("Hằng năm", 2),
    ],
    [
        "6",
        "100% hồ sơ được số hóa",
        "Số hóa hồ sơ, kết quả giải quyết thủ tục hành chính còn hiệu lực",
        "Dữ liệu số hóa",
        None,
        None,
        None,
    ],
]
EXPECTED = [
    (
        "I",
        "1",
        "Hoàn thành 100% nhiệm vụ được giao",
        "Ban hành Kế hoạch cải cách hành chính năm 2026",
        "Kế hoạch",
        VAN_PHONG,
        "Các phòng, đơn vị",
        "Quý I/2026",
    ),
    (
        "I",
        "2",
        "Kiểm tra ít nhất 30% đơn vị trực thuộc",
        "Tổ chức kiểm tra việc thực hiện nhiệm vụ cải cách hành chính tại các đơn vị",
        "Kết luận kiểm tra",
        PHAP_CHE,
        VAN_PHONG,
        "Tháng 6/2026",
    ),
    (
        "II",
        "3",
        "100% văn bản được rà soát, xử lý đúng thời hạn quy định",
        "Rà soát văn bản quy phạm pháp luật năm 2025",
        "Báo cáo rà soát",
        PHAP_CHE,
        "Các phòng, đơn vị",
        "Trước 30/6",
    ),
    (
        "II",
        "3",
        "100% văn bản được rà soát, xử lý đúng thời hạn quy định",
        "Công bố danh mục văn bản hết hiệu lực theo Nghị định số 79/2025/NĐ-CP",
        "Quyết định công bố",
        PHAP_CHE,
        VAN_PHONG,
        "Tháng 01/2026",
    ),
    (
        "II",
        "4",
        "Giảm 20% thời gian họp",
        "Đề xuất phương án tinh gọn hội nghị, cuộc họp",
        "",
        VAN_PHONG,
        "",
        "Thường xuyên",
    ),
    (
        "II",
        "5",
        "Mức độ hài lòng của người dân đạt từ 95%",
        "Khảo sát ý kiến người dân về chất lượng giải quyết thủ tục hành chính",
        "Báo cáo khảo sát",
        VAN_PHONG,
        "Trung tâm Phục vụ hành chính công tỉnh",
        "Hằng năm",
    ),
    (
        "II",
        "6",
        "100% hồ sơ được số hóa",
        "Số hóa hồ sơ, kết quả giải quyết thủ tục hành chính còn hiệu lực",
        "Dữ liệu số hóa",
        VAN_PHONG,
        "Trung tâm Phục vụ hành chính công tỉnh",
        "Hằng năm",
    ),
]
PROSE = ["KẾ HOẠCH", "Cải cách hành chính năm 2026", "I. MỤC ĐÍCH", "1. Nâng cao chất lượng phục vụ người dân."]


def summary(rows: Sequence[Any]) -> list[tuple[str, ...]]:
    """Rows as tuples that compare with EXPECTED."""
    return [(r.section, r.number, r.objective, r.task, r.product, r.lead, r.coordinating, r.time) for r in rows]


@lru_cache(maxsize=1)
def _font(path: Path) -> Any:
    from fontTools.ttLib import TTFont

    with path.open("rb") as file:
        font = TTFont(file, lazy=False)
        font.getGlyphOrder(), font.getBestCmap(), font["hmtx"].metrics, font["head"].unitsPerEm
    return font


class Pdf:
    """A small PDF writer with one embedded font, so that Vietnamese text can be drawn and read back."""

    def __init__(self, width: float = 842, height: float = 595) -> None:
        spec = importlib.util.find_spec("matplotlib")
        assert spec is not None and spec.origin is not None
        self._file = Path(spec.origin).parent / "mpl-data/fonts/ttf/DejaVuSans.ttf"
        self._font = _font(self._file)
        self._cmap = self._font.getBestCmap()
        self._metrics = self._font["hmtx"].metrics
        self._order = {name: index for index, name in enumerate(self._font.getGlyphOrder())}
        self._em = self._font["head"].unitsPerEm
        self._used: dict[int, str] = {}
        self.width, self.height = width, height
        self.pages: list[list[str]] = []

    def page(self) -> None:
        self.pages.append([])

    def measure(self, text: str, size: float) -> float:
        return sum(self._metrics[self._cmap.get(ord(c), ".notdef")][0] for c in text) * size / self._em

    def text(self, x: float, y: float, text: str, size: float = 9) -> None:
        """Text with its baseline at y from the top."""
        codes = ""
        for c in text:
            glyph = self._order[self._cmap.get(ord(c), ".notdef")]
            self._used[glyph] = c
            codes += f"{glyph:04X}"
        self.pages[-1].append(f"BT /F1 {size} Tf {x:.2f} {self.height - y:.2f} Td <{codes}> Tj ET")

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.pages[-1].append(f"0.5 w {x0:.2f} {self.height - y0:.2f} m {x1:.2f} {self.height - y1:.2f} l S")

    def save(self, path: Path, *, rotate: int = 0, sideways: bool = False) -> Path:
        """Writes the file. `rotate`: the page is stored turned and says so; `sideways`: it is stored turned and does
        not say so."""
        objects: list[bytes] = []

        def add(data: str | bytes) -> int:
            objects.append(data.encode("latin-1") if isinstance(data, str) else data)
            return len(objects)

        def stream(data: bytes, extra: str = "") -> bytes:
            packed = zlib.compress(data)
            return (
                f"<< /Length {len(packed)} /Filter /FlateDecode {extra} >>\nstream\n".encode() + packed + b"\nendstream"
            )

        data = self._file.read_bytes()
        font_file = add(stream(data, f"/Length1 {len(data)}"))
        descriptor = add(
            f"<< /Type /FontDescriptor /FontName /DejaVu /Flags 4 /FontBBox [-1000 -300 2000 1000] /ItalicAngle 0 "
            f"/Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 /FontFile2 {font_file} 0 R >>"
        )
        names = self._font.getGlyphOrder()
        widths = " ".join(f"{g} [{self._metrics[names[g]][0] * 1000 / self._em:.0f}]" for g in sorted(self._used))
        cid = add(
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /DejaVu /CIDSystemInfo << /Registry (Adobe) /Ordering "
            f"(Identity) /Supplement 0 >> /FontDescriptor {descriptor} 0 R /W [{widths}] /CIDToGIDMap /Identity >>"
        )
        chars = "\n".join(f"<{g:04X}> <{ord(c):04X}>" for g, c in sorted(self._used.items()))
        blocks = "\n".join(f"1 beginbfchar\n{line}\nendbfchar" for line in chars.splitlines())
        unicode = add(
            stream(
                (
                    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
                    f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{blocks}\nendcmap end end"
                ).encode()
            )
        )
        font = add(
            f"<< /Type /Font /Subtype /Type0 /BaseFont /DejaVu /Encoding /Identity-H /DescendantFonts [{cid} 0 R] "
            f"/ToUnicode {unicode} 0 R >>"
        )
        turned = rotate in (90, 270) or sideways
        width, height = (self.height, self.width) if turned else (self.width, self.height)
        matrix = {90: f"0 1 -1 0 {self.height} 0 cm\n", 270: f"0 -1 1 0 0 {self.width} cm\n"}.get(rotate, "")
        if sideways:
            matrix = f"0 1 -1 0 {self.height} 0 cm\n"
        parent = len(objects) + 2 * len(self.pages) + 1
        kids = []
        for operators in self.pages:
            content = add(stream((matrix + "\n".join(operators)).encode("latin-1")))
            kids.append(
                add(
                    f"<< /Type /Page /Parent {parent} 0 R /MediaBox [0 0 {width} {height}] /Rotate {rotate} /Contents "
                    f"{content} 0 R /Resources << /Font << /F1 {font} 0 R >> >> >>"
                )
            )
        assert add(f"<< /Type /Pages /Kids [{' '.join(f'{k} 0 R' for k in kids)}] /Count {len(kids)} >>") == parent
        root = add(f"<< /Type /Catalog /Pages {parent} 0 R >>")
        out = bytearray(b"%PDF-1.5\n")
        places = []
        for number, body in enumerate(objects, start=1):
            places.append(len(out))
            out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
        table = len(out)
        out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
        out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
        out += f"trailer << /Size {len(objects) + 1} /Root {root} 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
        path.write_bytes(out)
        return path


@dataclass
class PlanFiles:
    """Writes plans into a folder."""

    folder: Path
    count: int = field(default=0)

    def path(self, extension: str) -> Path:
        self.count += 1
        return self.folder / f"plan{self.count}.{extension}"

    def docx(
        self, rows: Rows, *, before: Sequence[str] = PROSE, edit: Callable[[Any, Any], None] | None = None
    ) -> Path:
        """A DOCX with prose and one table; `edit` gets the document and the table before it is saved."""
        import docx

        document = docx.Document()
        for text in before:
            document.add_paragraph(text)
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        fill_docx(table, rows)
        if edit is not None:
            edit(document, table)
        path = self.path("docx")
        document.save(str(path))
        return path

    def xlsx(
        self, rows: Rows, *, titles: Sequence[str] = (), column: int = 1, edit: Callable[[Any, Any], None] | None = None
    ) -> Path:
        """An XLSX with title rows and a table that starts in `column`."""
        import openpyxl

        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for index, title in enumerate(titles, start=1):
            sheet.cell(index, column, title)
            sheet.merge_cells(start_row=index, end_row=index, start_column=column, end_column=column + len(rows[0]) - 1)
        first = len(titles) + (2 if titles else 1)
        for r, row in enumerate(rows):
            for c, item in enumerate(row):
                if item is None:
                    continue
                span = item if isinstance(item, Span) else Span(item)
                sheet.cell(first + r, column + c, int(span.text) if span.text.isdigit() else span.text or None)
                if span.rows > 1 or span.columns > 1:
                    sheet.merge_cells(
                        start_row=first + r,
                        start_column=column + c,
                        end_row=first + r + span.rows - 1,
                        end_column=column + c + span.columns - 1,
                    )
        if edit is not None:
            edit(book, sheet)
        path = self.path("xlsx")
        book.save(path)
        return path

    def html(self, rows: Rows, *, before: Sequence[str] = PROSE, encoding: str = "utf-8") -> Path:
        """An HTML page with prose and one table."""
        lines = [f"<p>{text}</p>" for text in before]
        lines.append("<table border=1>")
        for row in rows:
            lines.append("<tr>")
            for item in row:
                if item is None:
                    continue
                span = item if isinstance(item, Span) else Span(item)
                text = span.text.replace("\n", "<br>")
                lines.append(f"<td rowspan={span.rows} colspan='{span.columns}'>{text}</td>")
            lines.append("</tr>")
        lines.append("</table>")
        path = self.path("html")
        body = "\n".join(lines)
        page = f"<!DOCTYPE html><html><head><title>x</title><meta charset={encoding}></head><body>{body}</body></html>"
        path.write_bytes(page.encode(encoding, "xmlcharrefreplace"))
        return path

    def pdf(self, rows: Rows, **options: Any) -> Path:
        """A PDF of the table (see `draw`); `rotate` and `sideways` go to `Pdf.save`."""
        saving = {name: options.pop(name) for name in ("rotate", "sideways") if name in options}
        return draw(rows, **options).save(self.path("pdf"), **saving)


def fill_docx(table: Any, rows: Rows) -> None:
    """Writes rows into a python-docx table, merging cells."""
    for r, row in enumerate(rows):
        for c, item in enumerate(row):
            if item is None:
                continue
            span = item if isinstance(item, Span) else Span(item)
            cell = table.cell(r, c)
            if span.rows > 1 or span.columns > 1:
                cell = cell.merge(table.cell(r + span.rows - 1, c + span.columns - 1))
            parts = span.text.split("\n")
            cell.text = parts[0]
            for part in parts[1:]:
                cell.add_paragraph(part)


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


@pytest.fixture
def files(tmp_path: Path) -> PlanFiles:
    return PlanFiles(tmp_path)


@pytest.fixture
def plan() -> Rows:
    """The table of the invented plan, head and body."""
    return [HEAD, *BODY]


@pytest.fixture
def plan_without_merged_rows(plan: Rows) -> Rows:
    """The same table, each merged cell printed in each of its rows."""
    made = [[Span(item) if isinstance(item, str) else item for item in row] for row in plan]
    for r, row in enumerate(made):
        for c, item in enumerate(row):
            if item is not None and item.rows > 1:
                for k in range(item.rows):
                    made[r + k][c] = Span(item.text, 1, item.columns)
    return made


@pytest.fixture
def expected() -> list[tuple[str, ...]]:
    """What must be read of `plan`."""
    return EXPECTED


@pytest.fixture
def span() -> type[Span]:
    return Span


@pytest.fixture(name="summary")
def summary_fixture() -> Callable[[Sequence[Any]], list[tuple[str, ...]]]:
    return summary


__all__ = ["Pdf", "PlanFiles", "Span", "draw", "fill_docx", "pairwise"]
