"""One table described once, written as DOCX, XLSX, HTML or PDF with a given trouble."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.graph.ingest.invented_plan import PROSE, Rows, Span
from tests.graph.ingest.pdf_table import draw


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
