"""Plan tables drawn by ourselves: the annotated rows, set in many styles, printed to PDF and torn to text again.

A style is drawn from a seed: page, font, size, columns, their widths and order, names of the heads, merged cells,
labels, alignment. LibreOffice prints the table, as offices do, and pdftotext, pdftotext -layout and pdfminer.six tear
it. The truth beside each text is the annotation, cut to the columns that were drawn. So readers of torn text can be
trained and measured on far more tables than were annotated.

    python -m benchmarks.rendered FOLDER [--seeds 0-9] [--plans 001,003] [--scan]

Needs LibreOffice Writer, poppler-utils and, for --scan, Tesseract with Vietnamese.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

GOLD = Path(__file__).parent.parent / "tests" / "gold"
PLANS = {"000": "000_I-III", "001": "001", "002": "002_I-II", "003": "003", "p2": "p2", "p4": "p4"}
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
GROUP = "Cơ quan thực hiện"
BUDGETS = ("Ngân sách tỉnh", "Ngân sách nhà nước", "Lồng ghép các nguồn", "")
_FURTHER = 50_000
"""Seeds from here on (50 of the command line) may have a head of two lines, a budget and a note column."""
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
        )


def rows_of(plan: str) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The annotated rows of a plan in true Vietnamese, and its section titles by number."""
    data = json.loads((GOLD / f"{PLANS.get(plan, plan)}.json").read_text(encoding="utf-8"))
    rows: list[dict[str, Any]] = []
    for row in data["rows"]:
        one = {name: row.get(f"{name}_vi") or row.get(name) or "" for name in FIELDS}
        keep = ("id", "section", "subsection", "horizon")
        one |= {name: row.get(f"{name}_vi") or row.get(name) or "" for name in keep}
        one |= {"budget": BUDGETS[len(rows) // 3 % len(BUDGETS)], "note": ""}
        for name in ("lead_units", "coord_units"):
            one[name] = row.get(f"{name}_vi") or row.get(name) or []
        rows.append(one)
    titles = {s["no"]: s.get("title_vi") or s.get("title", "") for s in data.get("sections", ())}
    return rows, titles


def truth(rows: Sequence[Mapping[str, Any]], style: Style) -> dict[str, Any]:
    """The annotation of the drawn table: only the drawn columns are filled."""
    made = []
    for row in rows:
        one = dict(row)
        for name in FIELDS:
            if name not in style.columns:
                one[name] = ""
        made.append(one)
    return {"doc_id": f"r{style.seed}", "meta": {}, "rows": made, "prose_targets": [], "citations": []}


def draw(rows: Sequence[Mapping[str, Any]], titles: Mapping[str, str], style: Style, target: Path) -> None:
    """Writes the table as DOCX."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    document = docx.Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = style.font, Pt(style.size)
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    page = document.sections[0]
    width, height = Cm(21.0), Cm(29.7)
    if style.landscape:
        page.orientation, width, height = WD_ORIENT.LANDSCAPE, height, width
    page.page_width, page.page_height = width, height
    page.left_margin = page.right_margin = Cm(1.9)
    page.top_margin = page.bottom_margin = Cm(1.8)
    if style.page_number != "none":
        _page_number(page.header if style.page_number == "top" else page.footer)
    for text in ("PHỤ LỤC", "PHÂN CÔNG NHIỆM VỤ CẢI CÁCH HÀNH CHÍNH NĂM 2026", "(Kèm theo Kế hoạch số 18/KH-UBND)"):
        document.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.CENTER
    table = document.add_table(rows=0, cols=len(style.columns))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    cell_widths = _cell_widths(rows, style, width - Cm(3.8))
    _head(table, style)
    _body(table, rows, titles, style)
    for row in table.rows:
        for cell, cell_width in zip(row.cells, cell_widths, strict=True):
            if cell._tc.grid_span == 1:
                cell.width = cell_width
        if not style.split_rows:
            _row_mark(row, "cantSplit")
    for column, cell_width in zip(table.columns, cell_widths, strict=True):
        column.width = cell_width
    document.save(str(target))


def _head(table: Any, style: Style) -> None:
    """The head, in one line or, where lead and coordinating agency stand under one, in two."""
    pair = [n for n, name in enumerate(style.columns) if name in {"lead", "coord"}]
    if style.grouped and len(pair) == 2 and pair[1] == pair[0] + 1:
        upper, lower = table.add_row().cells, table.add_row().cells
        for n in range(len(style.heads)):
            if n not in pair:
                upper[n].merge(lower[n])
        upper[pair[0]].merge(upper[pair[1]])
        _fill(
            upper,
            [None if n == pair[1] else GROUP if n in pair else head for n, head in enumerate(style.heads)],
            style,
            True,
        )
        _fill(lower, [head if n in pair else None for n, head in enumerate(style.heads)], style, True)
    else:
        _fill(table.add_row().cells, style.heads, style, head=True)
    if style.repeat_head:
        for row in table.rows:
            _row_mark(row, "tblHeader")


def _cell_widths(rows: Sequence[Mapping[str, Any]], style: Style, room: int) -> list[int]:
    """The widths of the columns in EMU: by the style's shares, but no word of a cell is broken, as no office would
    leave it."""
    letter, sides = 12700 * style.size * 0.56, 140000
    least = []
    for name, head in zip(style.columns, style.heads, strict=True):
        texts = [head, *(row.get(name, "") for row in rows)]
        least.append(int(letter * max(len(word) for text in texts for word in f"{text} 10".split()) + sides))
    wide = [room * part / sum(style.widths) for part in style.widths]
    short = [index for index, width in enumerate(wide) if width < least[index]]
    spare = room - sum(least[index] for index in short)
    rest = sum(wide[index] for index in range(len(wide)) if index not in short)
    return [least[i] if i in short else int(max(least[i], spare * wide[i] / rest)) for i in range(len(wide))]


def _body(table: Any, rows: Sequence[Mapping[str, Any]], titles: Mapping[str, str], style: Style) -> None:
    above: Mapping[str, Any] = {}
    top: dict[str, Any] = {}
    entered: tuple[str, str] = ("", "")
    number = 0
    label: dict[str, int] = {}
    for row in rows:
        place = (row["section"], row["subsection"])
        for level, name in enumerate(place):
            if name and place[: level + 1] != entered[: level + 1]:
                _heading(table, name, titles.get(name, "") if level == 0 else "", style)
                above, top = {}, {}
        entered = place
        cells = table.add_row().cells
        wanted: list[str | None] = []
        for index, name in enumerate(style.columns):
            if name == "number":
                wanted.append("")
                continue
            same = bool(above) and _carried(row, above, name)
            if same and name in style.merged and row[name]:
                top[name].merge(cells[index])
                wanted.append(None)
                continue
            top[name] = cells[index]
            text = row[name]
            if style.labels and text and name in {"objective", "task", "activity"}:
                label[name] = label.get(name, 0) + 1
                text = f"{('objective', 'task', 'activity').index(name) + 1}.{label[name]}. {text}"
            wanted.append(text)
        first = style.columns[1]
        if first in style.merged and above and _carried(row, above, first) and row[first]:
            top["number"].merge(cells[0])
            wanted[0] = None
        else:
            number += 1
            top["number"] = cells[0]
            wanted[0] = str(number)
        _fill(cells, wanted, style)
        above = row


def _carried(row: Mapping[str, Any], above: Mapping[str, Any], name: str) -> bool:
    """Whether a merged cell of this column may go on from the row above: a task's cell ends with its objective's."""
    order = ("objective", "task")
    over = order[: order.index(name)] if name in order else ()
    return all(row[other] == above[other] for other in (*over, name))


def _heading(table: Any, number: str, title: str, style: Style) -> None:
    cells = table.add_row().cells
    if style.section_in_number and title:
        texts = [number, title]
        merged = cells[1].merge(cells[-1])
        cells[0].text = texts[0]
        merged.text = texts[1]
        marked: tuple[Any, ...] = (cells[0], merged)
    else:
        merged = cells[0].merge(cells[-1])
        merged.text = f"{number}. {title}" if title else number
        marked = (merged,)
    for cell in marked:
        for run in cell.paragraphs[0].runs:
            run.bold = True


def _fill(cells: Sequence[Any], texts: Sequence[str | None], style: Style, head: bool = False) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT as VERTICAL
    from docx.shared import Pt

    for index, (cell, text) in enumerate(zip(cells, texts, strict=True)):
        if text is None:
            continue
        cell.text = text
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_before = Pt(style.before)
        wide = style.columns[index] in {"objective", "task", "activity"}
        paragraph.alignment = 1 if head or index == 0 else (3 if style.justify and wide else 0)
        center = head or style.vertical == "center"
        cell.vertical_alignment = VERTICAL.CENTER if center else VERTICAL.TOP
        for run in paragraph.runs:
            run.bold = head


def _row_mark(row: Any, name: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(f"w:{name}"))


def _page_number(part: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph = part.paragraphs[0]
    paragraph.alignment = 1
    mark = OxmlElement("w:fldSimple")
    mark.set(qn("w:instr"), "PAGE")
    paragraph._p.append(mark)


def draw_workbook(rows: Sequence[Mapping[str, Any]], titles: Mapping[str, str], style: Style, target: Path) -> None:
    """Writes the same table as XLSX: title rows above, perhaps a margin column, merged ranges, a sheet a section."""
    from openpyxl import Workbook

    pick = random.Random(style.seed)  # noqa: S311 - a drawing, not a secret
    book = Workbook()
    book.remove(book.worksheets[0])
    margin, by_section = pick.choice((0, 0, 1)), pick.random() < 0.25
    filled_down = pick.random() < 0.2
    sheet: Any = None
    above: Mapping[str, Any] = {}
    entered: tuple[str, str] = ("", "")
    top: dict[str, int] = {}
    number = 0

    def close(name: str, last: int) -> None:
        column = style.columns.index(name) + 1 + margin
        if name in top and last > top[name]:
            sheet.merge_cells(start_row=top[name], end_row=last, start_column=column, end_column=column)
        top.pop(name, None)

    for row in rows:
        place = (row["section"], row["subsection"])
        if sheet is None or (by_section and place[0] != entered[0]):
            for name in list(top):
                close(name, sheet.max_row)
            sheet = book.create_sheet(f"Mục {place[0]}" if by_section else "Phụ lục")
            for text in ("PHỤ LỤC", "PHÂN CÔNG NHIỆM VỤ CẢI CÁCH HÀNH CHÍNH NĂM 2026", "")[: pick.choice((1, 2, 3))]:
                sheet.append([None] * margin + [text])
            sheet.append([None] * margin + list(style.heads))
            above, entered = {}, ("", "")
        for level, name in enumerate(place):
            if name and place[: level + 1] != entered[: level + 1]:
                for held in list(top):
                    close(held, sheet.max_row)
                title = titles.get(name, "") if level == 0 else ""
                apart = style.section_in_number and title
                sheet.append([None] * margin + ([name, title] if apart else [f"{name}. {title}" if title else name]))
                if pick.random() < 0.5:
                    first = 1 + margin + bool(apart)
                    sheet.merge_cells(
                        start_row=sheet.max_row, end_row=sheet.max_row, start_column=first,
                        end_column=len(style.columns) + margin,
                    )  # fmt: skip
                above = {}
        entered = place
        line: list[Any] = []
        for name in style.columns[1:]:
            if above and name in style.merged and row[name] and _carried(row, above, name):
                line.append(row[name] if filled_down else None)
                continue
            close(name, sheet.max_row)
            line.append(row[name] or None)
            if name in style.merged and row[name] and not filled_down:
                top[name] = sheet.max_row + 1
        number += 1
        sheet.append([None] * margin + [number, *line])
        above = row
    for name in list(top):
        close(name, sheet.max_row)
    book.save(target)


def tear(pdf: Path, scan: bool = False) -> None:
    """Writes the text of a PDF beside it, as each tool tears it: .layout.txt, .pdftotext.txt, .pdfminer.txt and, with
    `scan`, .ocr.txt."""
    from pdfminer.high_level import extract_text

    stem = pdf.with_suffix("")
    subprocess.run(["pdftotext", "-layout", str(pdf), f"{stem}.layout.txt"], check=True)
    subprocess.run(["pdftotext", str(pdf), f"{stem}.pdftotext.txt"], check=True)
    Path(f"{stem}.pdfminer.txt").write_text(extract_text(str(pdf)), encoding="utf-8")
    if scan:
        subprocess.run(["pdftoppm", "-r", "200", "-gray", "-png", str(pdf), str(stem)], check=True)
        pages = []
        for image in sorted(stem.parent.glob(f"{stem.name}-*.png")):
            done = subprocess.run(["tesseract", str(image), "-", "-l", "vie"], check=True, capture_output=True)
            pages.append(done.stdout.decode())
            image.unlink()
        Path(f"{stem}.ocr.txt").write_text("\f".join(pages), encoding="utf-8")


def make(folder: Path, plans: Sequence[str], seeds: Sequence[int], scan: bool = False) -> list[Path]:
    """Draws each plan in each style; returns the PDF files. Beside each: the torn texts and the truth (.json)."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    for plan in plans:
        rows, titles = rows_of(plan)
        filled = [name for name in FIELDS if any(row[name] for row in rows)]
        for seed in seeds:
            style = Style.of(seed * 1000 + sorted(PLANS).index(plan) if plan in PLANS else seed, filled)
            target = folder / f"{plan}-{seed:02d}.docx"
            draw(rows, titles, style, target)
            draw_workbook(rows, titles, style, target.with_suffix(".xlsx"))
            target.with_suffix(".json").write_text(
                json.dumps(truth(rows, style), ensure_ascii=False, indent=1), encoding="utf-8"
            )
            drawn.append(target)
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, drawn)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    for target in drawn:
        tear(target.with_suffix(".pdf"), scan)
    return [target.with_suffix(".pdf") for target in drawn]


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", default="0-4")
    parser.add_argument("--plans", default=",".join(PLANS))
    parser.add_argument("--scan", action="store_true")
    given = parser.parse_args()
    first, _, last = given.seeds.partition("-")
    made = make(given.folder, given.plans.split(","), range(int(first), int(last or first) + 1), given.scan)
    print(*made, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
