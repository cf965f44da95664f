"""The file of decisions: tab-separated, append-only, with the column names of SSSOM where it has them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from graph.decisions.apply import merged_agencies
from graph.decisions.base import Action, Decision, Subject, check, standing
from graph.errors import DecisionError
from graph.text import squeeze

COLUMNS: Mapping[str, str] = {
    "subject": "mapping_set",
    "action": "decision",
    "from_id": "subject_id",
    "from_text": "subject_label",
    "relation": "predicate_id",
    "to_id": "object_id",
    "to_text": "object_label",
    "author": "author_id",
    "decided_at": "mapping_date",
    "reason": "comment",
    "from_key": "subject_key",
    "to_key": "object_key",
}
"""Field of `Decision` → column of the file."""


def to_tsv(decisions: Iterable[Decision]) -> str:
    """The decisions as tab-separated text with a header line, one decision a line."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(COLUMNS.values())
    for decision in decisions:
        writer.writerow([squeeze(str(getattr(decision, field))) for field in COLUMNS])
    return out.getvalue()


def from_tsv(text: str, name: str = "decisions.tsv") -> tuple[Decision, ...]:
    """Reads what `to_tsv` or a spreadsheet wrote; columns may stand in any order, unknown ones are passed over.

    Raises DecisionError, naming file and line, for a missing column, an unknown action or a decision that cannot stand.
    """
    try:
        return _parsed(csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter="\t"), name)
    except csv.Error as error:  # a cell beyond every size, a stray line break inside a cell
        raise DecisionError(f"{name}: không đọc được ({error}).", f"{name} cannot be read.") from error


def _parsed(reader: csv.DictReader[str], name: str) -> tuple[Decision, ...]:
    missing = [column for column in COLUMNS.values() if column not in (reader.fieldnames or ())]
    required = {COLUMNS[field] for field in ("action", "from_id", "to_id", "author", "decided_at")}
    absent = sorted(required.intersection(missing))
    if absent:
        raise DecisionError(f"{name}: thiếu cột {', '.join(absent)}.", f"{name}: missing columns {', '.join(absent)}.")
    made = []
    for line, record in enumerate(reader, start=2):
        if not any((value or "").strip() for value in record.values() if isinstance(value, str)):
            continue
        cells = {field: squeeze(record.get(column) or "") for field, column in COLUMNS.items()}
        try:
            subject = Subject(cells.pop("subject") or Subject.LINK.value)
            action = Action(cells.pop("action"))
        except ValueError as error:
            raise DecisionError(f"{name}, dòng {line}: {error}.", f"{name}, line {line}: {error}.") from error
        try:
            made.append(check(Decision(subject=subject, action=action, **cells)))
        except DecisionError as error:
            raise DecisionError(f"{name}, dòng {line}: {error.vi}", f"{name}, line {line}: {error.en}") from error
    return tuple(made)


def load(path: Path) -> tuple[Decision, ...]:
    """All decisions of a file; none where there is no file yet."""
    if not path.exists():
        return ()
    return from_tsv(_read(path), path.name)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DecisionError(f"{path.name}: không phải UTF-8.", f"{path.name} is not UTF-8.") from error


def append(path: Path, decisions: Sequence[Decision]) -> None:
    """Writes decisions behind those of the file, which are never changed. Nothing is written when one cannot stand
    (DecisionError): an undo without anything to take back and agency merges that form a circle among them.

    A file that a spreadsheet saved with other columns or another order of them keeps its lines and its own columns, and
    gets those that it lacks.
    """
    known = load(path)
    together = [*known, *(check(decision) for decision in decisions)]
    standing(together)
    merged_agencies(together)
    held = _read(path).lstrip("\ufeff") if path.exists() else ""
    header = next(csv.reader(io.StringIO(held), delimiter="\t"), [])
    path.parent.mkdir(parents=True, exist_ok=True)
    if held and header != list(COLUMNS.values()):
        _rewrite(path, held, decisions)
        return
    text = to_tsv(decisions)
    if held:
        text = text.split("\n", 1)[1]
        if not held.endswith("\n"):
            text = "\n" + text
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(text)


def _rewrite(path: Path, held: str, decisions: Sequence[Decision]) -> None:
    """The file anew beside the old one, then in its place."""
    reader = csv.DictReader(io.StringIO(held), delimiter="\t")
    columns = list(dict.fromkeys([*(reader.fieldnames or ()), *COLUMNS.values()]))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, delimiter="\t", lineterminator="\n", restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(reader)
    writer.writerows(
        {COLUMNS[field]: squeeze(str(getattr(decision, field))) for field in COLUMNS} for decision in decisions
    )
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(out.getvalue(), encoding="utf-8", newline="")
    beside.replace(path)


def import_reviewed(path: Path, text: str, name: str = "reviewed.tsv") -> tuple[Decision, ...]:
    """Takes in a reviewed spreadsheet: lines that the file does not hold yet are appended and answered. A line is known
    by pair, action, relation, author and time; what a spreadsheet makes of the texts does not count."""
    known = {_identity(decision) for decision in load(path)}
    first = {_identity(decision): decision for decision in reversed(from_tsv(text, name))}
    new = tuple(decision for identity, decision in reversed(first.items()) if identity not in known)
    if new:
        append(path, new)
    return new


def _identity(decision: Decision) -> tuple[object, ...]:
    moment = datetime.fromisoformat(decision.decided_at)
    return (decision.pair, decision.action, decision.relation, decision.author, moment)
