"""Everything that is held, as a file for other programs: RDF, a network, tables."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from graph.store.queries import everything, run

if TYPE_CHECKING:
    from graph.model import Link, Plan
    from graph.store.base import GraphStore

FORMATS: Mapping[str, str] = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nq": "application/n-quads",
    "graphml": "application/graphml+xml",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Formats and their media types."""

ROW_COLUMNS = (
    "document", "id", "origin", "section", "section_title", "field", "horizon", "objective", "task", "activity",
    "product", "lead", "coordinating", "time", "time_start", "time_end", "recurrence", "budget", "legal_bases", "page",
    "sheet", "table", "table_row", "line_start", "line_end", "confidence",
)  # fmt: skip
"""Columns of the CSV: one line for each row of each plan."""

_SHEETS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "Kế hoạch": (
        ("id", "Mã"), ("title", "Tên"), ("issuer", "Cơ quan ban hành"), ("province", "Tỉnh"), ("number", "Số"),
        ("issued_on", "Ngày"), ("start", "Từ"), ("end", "Đến"), ("rows", "Số dòng"), ("targets", "Số chỉ tiêu"),
        ("problems", "Số vấn đề"), ("implements", "Thực hiện văn bản"), ("source", "Tệp"),
    ),
    "Nhiệm vụ": (
        ("document", "Kế hoạch"), ("id", "Mã"), ("section", "Mục"), ("section_title", "Lĩnh vực"),
        ("objective", "Mục tiêu"), ("task", "Nhiệm vụ"), ("activity", "Hoạt động"), ("product", "Sản phẩm"),
        ("lead", "Chủ trì"), ("coordinating", "Phối hợp"), ("time", "Thời gian"), ("budget", "Kinh phí"),
        ("legal_bases", "Căn cứ"), ("line_start", "Dòng"), ("page", "Trang"), ("confidence", "Độ tin cậy"),
    ),
    "Chỉ tiêu": (
        ("document", "Kế hoạch"), ("id", "Mã"), ("text", "Chỉ tiêu"), ("metric", "Đo"), ("comparator", "So sánh"),
        ("value", "Giá trị"), ("unit", "Đơn vị"), ("horizon", "Mốc"), ("row", "Dòng"),
    ),
    "Liên kết": (
        ("to_document", "Kế hoạch cấp trên"), ("to", "Điều cấp trên"), ("from_document", "Kế hoạch cấp dưới"),
        ("from", "Điều cấp dưới"), ("row", "Dòng"), ("relation", "Quan hệ"), ("value", "Giá trị"),
        ("confidence", "Độ tin cậy"), ("status", "Trạng thái"),
    ),
    "Khoảng trống": (
        ("document", "Kế hoạch"), ("kind", "Loại"), ("severity", "Mức độ"), ("state", "Tình trạng"),
        ("detail", "Nội dung"), ("target", "Chỉ tiêu"), ("row", "Dòng"), ("agency", "Cơ quan"), ("law", "Văn bản"),
        ("reason", "Lý do"),
    ),
    "Văn bản": (
        ("id", "Số hiệu"), ("type", "Loại"), ("title", "Tên"), ("status", "Hiệu lực"), ("effective_from", "Từ"),
        ("effective_to", "Hết hiệu lực từ"), ("plans", "Số kế hoạch"), ("rows", "Số dòng"),
    ),
    "Vấn đề khi đọc": (
        ("document", "Kế hoạch"), ("code", "Loại"), ("reason", "Lý do"), ("page", "Trang"), ("line_start", "Dòng"),
    ),
}  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def export(store: GraphStore, plans: Sequence[Plan], links: Sequence[Link], form: str) -> bytes:
    """The content of a file in one of FORMATS. Raises ValueError for any other.

    RDF is the whole store (`nq` keeps the named graphs); `graphml` the network of plans and links; `csv` the rows of
    all plans; `xlsx` a workbook with plans, rows, targets, links, gaps, legal documents and problems.
    """
    makers: dict[str, Callable[[], bytes]] = {
        "ttl": lambda: _turtle(store),
        "jsonld": lambda: _jsonld(store),
        "nq": lambda: _nquads(store),
        "graphml": lambda: _graphml(plans, links),
        "csv": lambda: _csv(store),
        "xlsx": lambda: _xlsx(store, links),
    }
    if form not in makers:
        raise ValueError(f"unknown format: {form}")
    return makers[form]()


def _turtle(store: GraphStore) -> bytes:
    import pyoxigraph as ox

    from graph.store.worker import PREFIXES

    triples = (quad.triple for quad in ox.parse(everything(store), format=ox.RdfFormat.N_TRIPLES))
    return ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES) or b""


def _jsonld(store: GraphStore) -> bytes:
    from graph.jsonld import to_jsonld

    return to_jsonld(everything(store))


def _nquads(store: GraphStore) -> bytes:
    held = io.BytesIO()
    store.dump(held)
    return held.getvalue()


def _graphml(plans: Sequence[Plan], links: Sequence[Link]) -> bytes:
    from graph.network import build_network, to_graphml

    return to_graphml(build_network(plans, links))


def _csv(store: GraphStore) -> bytes:
    """With a byte-order mark, which spreadsheets need to see UTF-8; several values in a cell are separated by "; "."""
    held = io.StringIO(newline="")
    writer = csv.writer(held)
    writer.writerow(ROW_COLUMNS)
    for row in _rows(store):
        writer.writerow([harmless(_cell(row[column])) for column in ROW_COLUMNS])
    return b"\xef\xbb\xbf" + held.getvalue().encode()


def _xlsx(store: GraphStore, links: Sequence[Link]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    plans = run(store, "plans")
    content: dict[str, Iterator[Mapping[str, object]] | list[dict[str, object]]] = {
        "Kế hoạch": plans,
        "Nhiệm vụ": _rows(store),
        "Chỉ tiêu": (row for plan in plans for row in run(store, "plan_targets", plan=plan["id"])),
        "Liên kết": (_link(link) for link in links),
        "Khoảng trống": run(store, "gaps"),
        "Văn bản": [row for row in run(store, "laws") if row["plans"] or row["rows"]],
        "Vấn đề khi đọc": run(store, "problems"),
    }
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]  # a new workbook has one sheet
    for name, columns in _SHEETS.items():
        sheet = book.create_sheet(name)
        for at, (_, title) in enumerate(columns, 1):
            sheet.cell(1, at, title).font = Font(bold=True)
        for number, row in enumerate(content[name], 2):
            for at, (column, _) in enumerate(columns, 1):
                value = _cell(row[column])
                cell = sheet.cell(number, at, value)
                if isinstance(value, str):
                    cell.data_type = "s"  # a text that begins with "=" is a text
                    cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(sheet.max_row, 1)}"
        for at, (column, _) in enumerate(columns, 1):
            wide = column in ("objective", "task", "activity", "text", "title", "detail", "reason")
            sheet.column_dimensions[get_column_letter(at)].width = 48 if wide else 18
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _rows(store: GraphStore) -> Iterator[dict[str, object]]:
    for plan in run(store, "plans"):
        yield from run(store, "plan_rows", plan=plan["id"])


def _link(link: Link) -> dict[str, object]:
    return {
        "to_document": link.to_document,
        "to": link.to_id,
        "from_document": link.from_document,
        "from": link.from_id,
        "row": link.from_row,
        "relation": link.relation.value,
        "value": link.value,
        "confidence": round(link.confidence, 4),
        "status": link.status.value,
    }


def _cell(value: object) -> Any:
    """A value as a cell: lists joined, control characters out, None empty."""
    if isinstance(value, list):
        value = "; ".join(str(one) for one in value)
    if isinstance(value, str):
        return _CONTROL.sub("", value)
    return value


def harmless(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front, and control characters, which no
    workbook holds, are taken out: plans come from strangers. Anything else stays as it is."""
    if not isinstance(value, str):
        return value
    value = _CONTROL.sub("", value)
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
