"""Many records in one JSON file, found by their fields without reading the others.

The file is a JSON list with one record a line; beside it `<name>.places` (SQLite) tells where the records with given
fields stand. An answer about one target then reads its few links, not the hundreds of thousands of a country.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

LINK_FIELDS = ("from_id", "from_row", "to_id", "from_document", "to_document")
"""The fields by which links are found."""


def write_records(path: Path, lines: Iterable[tuple[str, Sequence[str]]], fields: Sequence[str]) -> None:
    """Writes records (JSON text without a line break, values of `fields`) and their places; memory use does not grow
    with their number. For a folder that nobody reads yet: the two files are not replaced as one."""
    places = _places(path)
    places.unlink(missing_ok=True)
    columns = ", ".join(f'"{name}" TEXT NOT NULL' for name in fields)
    marks = ", ".join("?" * (len(fields) + 2))
    with closing(sqlite3.connect(places)) as table, path.open("wb") as file:
        table.execute("PRAGMA synchronous = OFF")
        table.execute(f"CREATE TABLE record (start INTEGER PRIMARY KEY, length INTEGER NOT NULL, {columns})")
        file.write(b"[")
        for number, (text, values) in enumerate(lines):
            file.write(b",\n" if number else b"\n")
            data = text.encode()
            table.execute(f"INSERT INTO record VALUES ({marks})", (file.tell(), len(data), *values))  # noqa: S608
            file.write(data)
        file.write(b"\n]\n")
        for name in fields:
            table.execute(f'CREATE INDEX "by_{name}" ON record ("{name}")')
        table.commit()


def find_records(path: Path, *wanted: Mapping[str, str]) -> list[dict[str, Any]]:
    """The records that fit at least one of `wanted` (fields and values, all of which must agree), in file order."""
    spans = _found(path, ("start", "length"), wanted)
    with path.open("rb") as file:
        return [_read(file, start, length) for start, length in spans]


def find_fields(path: Path, *wanted: Mapping[str, str]) -> list[dict[str, str]]:
    """The same, of each record only the fields by which it can be found; the file itself is not read."""
    with closing(_open(path)) as table:
        names = [column[1] for column in table.execute("PRAGMA table_info(record)")][2:]
    return [dict(zip(names, values[1:], strict=True)) for values in _found(path, ("start", *names), wanted)]


def _found(path: Path, columns: Sequence[str], wanted: Sequence[Mapping[str, str]]) -> list[tuple[Any, ...]]:
    with closing(_open(path)) as table:
        known = {column[1] for column in table.execute("PRAGMA table_info(record)")}
        if strange := {name for one in wanted for name in one} - known:
            raise ValueError(f"records of {path.name} cannot be found by {', '.join(sorted(strange))}")
        chosen = ", ".join(f'"{name}"' for name in columns)
        queries = " UNION ".join(
            f"SELECT {chosen} FROM record WHERE " + " AND ".join(f'"{name}" = ?' for name in one)  # noqa: S608
            for one in wanted
        )
        values = [value for one in wanted for value in one.values()]
        return table.execute(f"{queries} ORDER BY start", values).fetchall()


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{_places(path).resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def has_places(path: Path) -> bool:
    """Whether the records of a file can be found by field."""
    return _places(path).exists()


def _read(file: BinaryIO, start: int, length: int) -> dict[str, Any]:
    file.seek(start)
    made: dict[str, Any] = json.loads(file.read(length))
    return made


def _places(path: Path) -> Path:
    return path.with_name(f"{path.name}.places")
