"""Reading a register's CSV: what is malformed is refused with file, line and column, and nothing of the file is kept.

The files are UTF-8 (with or without BOM), comma- or tab-separated, with a header. `;` separates the parts of a list.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from graph.errors import RegisterError
from graph.text import nfc

CLEAR = "-"
"""In a user's own file: empties the cell that the shipped register fills (an empty cell leaves it as it is)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The columns of one register: all it may have, those it must have, and those whose cell may not be empty."""

    name: str
    columns: tuple[str, ...]
    required: tuple[str, ...]
    never_empty: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One line of a register as strings, with its place for error messages."""

    cells: Mapping[str, str]
    file: str
    line: int

    def get(self, column: str) -> str:
        """The cell, "" where the file has no such column."""
        return self.cells.get(column, "")

    def day(self, column: str) -> date | None:
        """The cell as a day, None where it is empty. Raises RegisterError for anything that is not YYYY-MM-DD."""
        text = self.get(column)
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise self.error(
                column,
                f"“{text}” không phải là ngày dạng NĂM-THÁNG-NGÀY",
                f"'{text}' is not a date of the form YYYY-MM-DD",
            ) from error

    def parts(self, column: str) -> tuple[str, ...]:
        """The cell as a list; `;` separates."""
        return tuple(part.strip() for part in self.get(column).split(";") if part.strip())

    def word(self, column: str, allowed: Sequence[str]) -> str:
        """The cell as one of the words allowed, or "". Raises RegisterError for any other."""
        text = self.get(column)
        if text and text not in allowed:
            raise self.error(
                column,
                f"“{text}” không thuộc các giá trị cho phép: {', '.join(allowed)}",
                f"'{text}' is not one of {', '.join(allowed)}",
            )
        return text

    def error(self, column: str, vi: str, en: str) -> RegisterError:
        """The error that names this line and the column."""
        return malformed(self.file, self.line, column, vi, en)


def malformed(file: str, line: int, column: str, vi: str, en: str) -> RegisterError:
    """A RegisterError with the place in front."""
    return RegisterError(
        f"Sổ đăng ký {file}, dòng {line}, cột {column}: {vi}", f"register {file}, line {line}, column {column}: {en}"
    )


def read_table(path: Path, schemas: Sequence[Schema]) -> tuple[Schema, tuple[Record, ...]]:
    """The records of one CSV file and the schema that its header belongs to.

    Raises RegisterError for a file that is missing, not UTF-8, empty, has a header of no known register or a line
    with too many or too few cells.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise malformed(path.name, 1, "-", "không có tệp này", "no such file") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise malformed(path.name, line, "-", "không phải mã UTF-8", "not UTF-8") from error
    header_line = text.split("\n", 1)[0]
    delimiter = "\t" if "\t" in header_line and "," not in header_line else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    schema: Schema | None = None
    header: list[str] = []
    records: list[Record] = []
    line = 1
    try:
        for cells in reader:
            if schema is None:
                header = [nfc(cell).strip() for cell in cells]
                schema = _schema_of(header, schemas, path.name)
            elif any(cell.strip() for cell in cells):
                records.append(_record(cells, header, schema, path.name, line))
            line = reader.line_num + 1
    except csv.Error as error:
        raise malformed(
            path.name, line, "-", f"không đọc được dạng CSV ({error})", f"not readable as CSV: {error}"
        ) from error
    if schema is None:
        raise malformed(path.name, 1, "-", "tệp rỗng", "the file is empty")
    return schema, tuple(records)


def _schema_of(header: Sequence[str], schemas: Sequence[Schema], file: str) -> Schema:
    best = max(schemas, key=lambda schema: len(set(header) & set(schema.columns)))
    if not set(header) & set(best.columns):
        raise malformed(
            file,
            1,
            header[0] if header else "-",
            "hàng tiêu đề không thuộc sổ đăng ký nào",
            "the header belongs to no register",
        )
    for column in header:
        if column not in best.columns:
            raise malformed(
                file, 1, column or "-", f"sổ {best.name} không có cột này", f"{best.name} has no such column"
            )
        if header.count(column) > 1:
            raise malformed(file, 1, column, "cột bị lặp lại", "the column occurs twice")
    for column in best.required:
        if column not in header:
            raise malformed(file, 1, column, "thiếu cột bắt buộc", "a required column is missing")
    return best


def _record(cells: Sequence[str], header: Sequence[str], schema: Schema, file: str, line: int) -> Record:
    if len(cells) != len(header):
        column = header[min(len(cells), len(header) - 1)]
        raise malformed(
            file,
            line,
            column,
            f"có {len(cells)} ô, cần {len(header)} ô",
            f"{len(cells)} cells where {len(header)} are needed",
        )
    named = {column: nfc(cell).strip() for column, cell in zip(header, cells, strict=True)}
    record = Record(cells=named, file=file, line=line)
    for column in schema.never_empty:
        if column in named and named[column] in ("", CLEAR):
            raise record.error(column, "ô này không được để trống", "this cell may not be empty")
    return record


def merged(
    shipped: Iterable[Record],
    own: Iterable[Record],
    key: Callable[[Record], tuple[str, ...]],
    same: Callable[[Mapping[tuple[str, ...], Record], Record], tuple[str, ...] | None],
) -> tuple[Record, ...]:
    """The shipped records with the user's own laid over them, cell by cell.

    A cell that the user fills replaces the shipped one, `CLEAR` empties it, an empty one leaves it. `same` says which
    shipped record a user's record speaks of (None: a new one). Raises RegisterError for a record given twice.
    """
    made: dict[tuple[str, ...], Record] = {}
    for record in shipped:
        if key(record) in made:
            raise _twice(record, made[key(record)])
        made[key(record)] = record
    seen: dict[tuple[str, ...], Record] = {}
    for record in own:
        found = same(made, record)
        if found is None:
            cells = {column: "" if cell == CLEAR else cell for column, cell in record.cells.items()}
            made[key(record)] = Record(cells=cells, file=record.file, line=record.line)
            found = key(record)
        else:
            cells = dict(made[found].cells)
            for column, cell in record.cells.items():
                if cell:
                    cells[column] = "" if cell == CLEAR else cell
            made[found] = Record(cells=cells, file=record.file, line=record.line)
        if found in seen and seen[found].file == record.file:
            raise _twice(record, seen[found])
        seen[found] = record
    return tuple(made.values())


def _twice(record: Record, first: Record) -> RegisterError:
    column = next(iter(record.cells))
    return record.error(
        column, f"đã có ở dòng {first.line} của {first.file}", f"already on line {first.line} of {first.file}"
    )
