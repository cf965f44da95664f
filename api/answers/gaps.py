"""What is missing, contradictory or out of date."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from api.library import Library
from graph.export import harmless

COLUMNS = ("severity", "kind", "document", "thing", "text", "detail", "detail_en", "place", "state")


def gaps(
    library: Library, kind: str | None = None, plan: str | None = None, severity: str | None = None
) -> list[dict[str, Any]]:
    """All gaps that fit, gravest first. Raises UnknownThing for a plan that is not held and for an unknown kind."""
    from graph.errors import UnknownThing
    from graph.gaps import Kind

    if plan:
        library.plan(plan)
    if kind and kind not in {one.value for one in Kind}:
        known = ", ".join(sorted(one.value for one in Kind))
        raise UnknownThing(
            f"Không có loại khoảng trống '{kind}'; có: {known}", f"no gap kind '{kind}'; there are: {known}"
        )
    return [
        gap
        for gap in library.gaps
        if (not kind or gap["kind"] == kind)
        and (not plan or gap["document"] == plan)
        and (not severity or gap["severity"] == severity)
    ]


def by_kind(found: Sequence[dict[str, Any]]) -> list[tuple[str, dict[str, int]]]:
    """How many of each kind and severity, the gravest kinds first."""
    counts: dict[str, dict[str, int]] = {}
    for gap in found:
        levels = counts.setdefault(gap["kind"], {})
        levels[gap["severity"]] = levels.get(gap["severity"], 0) + 1
    return sorted(counts.items(), key=lambda item: tuple(-item[1].get(level, 0) for level in ("high", "medium", "low")))


def about(gap: dict[str, Any]) -> dict[str, str]:
    """What a gap is about: id and text of its target, row, agency or law, else of its document."""
    for kind in ("target", "objective", "row", "agency", "law"):
        if known := gap.get(kind):
            text = known.get("text") or known.get("name") or known.get("title") or ""
            return {"id": known["id"], "text": text}
    return {"id": gap["document"], "text": ""}


def table(found: Sequence[dict[str, Any]]) -> list[list[str]]:
    """The gaps as lines of COLUMNS, for CSV and XLSX."""
    lines = []
    for gap in found:
        cells = {**gap, "thing": about(gap)["id"], "text": about(gap)["text"]}
        lines.append(["" if cells.get(name) is None else str(cells[name]) for name in COLUMNS])
    return lines


def as_csv(found: Sequence[dict[str, Any]]) -> str:
    """CSV with a byte-order mark, so that spreadsheets take it for UTF-8; cells that would be formulas are quoted."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([harmless(cell) for cell in line] for line in table(found))
    return "\ufeff" + out.getvalue()


def as_xlsx(found: Sequence[dict[str, Any]]) -> bytes:
    """A workbook of one sheet."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101  # a new workbook has a sheet
    sheet.title = "Khoảng trống"
    sheet.append(list(COLUMNS))
    for line in table(found):
        sheet.append([harmless(cell) for cell in line])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDEFGHI", (10, 20, 28, 28, 60, 60, 40, 18, 10), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
