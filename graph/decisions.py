"""What people decided on links and agency merges: who, when, why; kept in an append-only file, stronger than a rebuild.

A decision names the two things by id and by the key of their texts: row numbers move when a file is read better, the
words do not. The last decision on a pair counts; `undo` takes the one before it back. The file is tab-separated with
the column names of SSSOM (https://mapping-commons.github.io/sssom/) where it has them, so that an office reviews it in
a spreadsheet and a repository shows each line's author.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from graph.errors import DecisionError
from graph.ids import text_key
from graph.model import Link, LinkStatus, Relation
from graph.text import squeeze


class Action(StrEnum):
    """What a person did; `accept` and `fix` are for gaps, the others for links and agencies, `undo` for all."""

    CONFIRM = "confirm"
    REJECT = "reject"
    ADD = "add"
    UNDO = "undo"
    ACCEPT = "accept"
    FIX = "fix"


class Subject(StrEnum):
    """What a decision is about: a link between two plans, that two agency nodes are one agency, or a gap (`from_id` is
    the gap, `to_id` its document)."""

    LINK = "link"
    AGENCY = "agency"
    GAP = "gap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One line of the file. `from_id`/`to_id` are a link's ends (lower, higher) or two agency keys; `from_key`/`to_key`
    are the text keys of a link's ends, "" for agencies. `decided_at` is ISO 8601 with a time zone. `relation` is only
    used by `add` and by `confirm` (which may correct it), "" otherwise."""

    subject: Subject
    action: Action
    from_id: str
    to_id: str
    author: str
    decided_at: str
    reason: str = ""
    relation: str = ""
    from_key: str = ""
    to_key: str = ""
    from_text: str = ""
    to_text: str = ""

    @property
    def pair(self) -> tuple[str, str, str]:
        """What is decided on; an agency pair has no direction."""
        ends = (self.from_id, self.to_id)
        if self.subject is Subject.AGENCY:
            ends = (min(ends), max(ends))
        return (self.subject.value, *ends)


LinkDecision = Decision
"""The name under which `graph.trace.link_plans` takes decisions; those on agencies are ignored there."""

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


def check(decision: Decision) -> Decision:
    """The decision, if it can stand. Raises DecisionError for one without author, time or both ends, with a relation
    that does not exist, or with one end twice."""
    if not decision.author.strip():
        raise DecisionError("Quyết định phải có người quyết định.", "A decision needs an author.")
    try:
        moment = datetime.fromisoformat(decision.decided_at)
    except ValueError as error:
        raise DecisionError(
            f"Thời điểm “{decision.decided_at}” không theo ISO 8601.",
            f"'{decision.decided_at}' is not an ISO 8601 time.",
        ) from error
    if moment.tzinfo is None:
        raise DecisionError(
            f"Thời điểm “{decision.decided_at}” thiếu múi giờ.", f"'{decision.decided_at}' has no time zone."
        )
    if not decision.from_id or not decision.to_id or decision.from_id == decision.to_id:
        raise DecisionError("Quyết định phải nêu hai đối tượng khác nhau.", "A decision needs two different things.")
    for_gaps = decision.action in {Action.ACCEPT, Action.FIX}
    if decision.action is not Action.UNDO and for_gaps != (decision.subject is Subject.GAP):
        raise DecisionError(
            f"“{decision.action.value}” không dùng cho {decision.subject.value}.",
            f"'{decision.action.value}' is not for a {decision.subject.value}.",
        )
    if decision.action is Action.ACCEPT and not decision.reason.strip():
        raise DecisionError("Chấp nhận một khoảng trống phải nêu lý do.", "Accepting a gap needs a reason.")
    if decision.relation and decision.relation not in set(Relation):
        raise DecisionError(f"Không có quan hệ “{decision.relation}”.", f"There is no relation '{decision.relation}'.")
    if decision.action is Action.ADD and decision.subject is Subject.LINK and not decision.relation:
        raise DecisionError("Liên kết thêm vào phải có quan hệ.", "An added link needs a relation.")
    return decision


def standing(decisions: Iterable[Decision]) -> dict[tuple[str, str, str], Decision]:
    """The decision that counts for each pair, undone ones taken back, in the order they were first made.

    Raises DecisionError for an undo with nothing to take back.
    """
    stacks: dict[tuple[str, str, str], list[Decision]] = {}
    for decision in decisions:
        stack = stacks.setdefault(decision.pair, [])
        if decision.action is not Action.UNDO:
            stack.append(decision)
        elif stack:
            stack.pop()
        else:
            raise DecisionError(
                f"Không có quyết định nào để hoàn tác giữa {decision.from_id} và {decision.to_id}.",
                f"There is no decision to undo between {decision.from_id} and {decision.to_id}.",
            )
    return {pair: stack[-1] for pair, stack in stacks.items() if stack}


def on_link(
    link: Link, action: Action, *, author: str, decided_at: str, reason: str = "", relation: Relation | None = None
) -> Decision:
    """A decision on a link that the system proposed, with the texts its evidence shows."""
    lower, higher = _shown(link, "lower"), _shown(link, "higher")
    return check(
        Decision(
            subject=Subject.LINK,
            action=action,
            from_id=link.from_id,
            to_id=link.to_id,
            author=author,
            decided_at=decided_at,
            reason=reason,
            relation=(relation or link.relation).value if action in {Action.CONFIRM, Action.ADD} else "",
            from_key=text_key(lower) if lower else "",
            to_key=text_key(higher) if higher else "",
            from_text=lower,
            to_text=higher,
        )
    )


def _shown(link: Link, side: str) -> str:
    part = link.evidence.get(side)
    return squeeze(str(part.get("text", ""))) if isinstance(part, Mapping) else ""


# --- applying ----------------------------------------


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A decision that stands but whose text is in none of the plans any more."""

    decision: Decision
    reason: str


def apply_to_links(
    links: Sequence[Link], decisions: Sequence[Decision], texts: Mapping[str, str]
) -> tuple[tuple[Link, ...], tuple[Unplaced, ...]]:
    """The links as people left them: confirmed ones with confidence 1 and their author, rejected ones gone, added ones
    in; and the decisions whose things are gone. `texts` holds the text of every target, objective and row by id.

    A rejected pair stays rejected under the ids that its texts have now, even when the rows were numbered anew.
    """
    finder = _Finder(texts)
    standing_on: dict[tuple[str, str], Decision] = {}
    unplaced = []
    for decision in standing(decisions).values():
        if decision.subject is not Subject.LINK:
            continue
        ends = finder.find(decision.from_id, decision.from_key), finder.find(decision.to_id, decision.to_key)
        if ends[0] is None or ends[1] is None:
            unplaced.append(Unplaced(decision, "không còn trong kế hoạch (no longer in the plan)"))
        else:
            standing_on[(ends[0], ends[1])] = decision
    kept: list[Link] = []
    for link in links:
        found = standing_on.pop((link.from_id, link.to_id), None)
        if found is None:
            kept.append(link)
        elif found.action is not Action.REJECT:
            kept.append(_confirmed(link, found))
    for (from_id, to_id), decision in standing_on.items():
        if decision.action is not Action.REJECT:
            kept.append(_added(from_id, to_id, decision, texts))
    return tuple(kept), tuple(unplaced)


def _confirmed(link: Link, decision: Decision) -> Link:
    return replace(
        link,
        relation=Relation(decision.relation) if decision.relation else link.relation,
        confidence=1.0,
        status=LinkStatus.CONFIRMED,
        author=decision.author,
        decided_at=decision.decided_at,
        reason=decision.reason,
    )


def _added(from_id: str, to_id: str, decision: Decision, texts: Mapping[str, str]) -> Link:
    return Link(
        from_id=from_id,
        to_id=to_id,
        from_document=_document(from_id),
        to_document=_document(to_id),
        relation=Relation(decision.relation) if decision.relation else Relation.IMPLEMENTS,
        confidence=1.0,
        evidence={"lower": {"text": texts[from_id]}, "higher": {"text": texts[to_id]}},
        method="person",
        from_row=from_id if from_id.rpartition("-")[2][:1] in {"r", "p"} else "",
        status=LinkStatus.CONFIRMED,
        author=decision.author,
        decided_at=decision.decided_at,
        reason=decision.reason,
    )


def _document(thing: str) -> str:
    return thing.rpartition("-")[0]


class _Finder:
    """Finds a thing again by its id where the text is still the same, else by its text in the same document."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.keys = {thing: text_key(text) for thing, text in texts.items()}
        self.by_text: dict[tuple[str, str], list[str]] = {}
        for thing, key in self.keys.items():
            self.by_text.setdefault((_document(thing), key), []).append(thing)

    def find(self, thing: str, key: str) -> str | None:
        if thing in self.keys and (not key or self.keys[thing] == key):
            return thing
        same_kind = [
            other
            for other in self.by_text.get((_document(thing), key), ())
            if other.rpartition("-")[2][:1] == thing.rpartition("-")[2][:1]
        ]
        return same_kind[0] if same_kind else None


def merged_agencies(decisions: Iterable[Decision]) -> dict[str, str]:
    """Agency key → key of the agency that people said it is, by all standing merges; chains lead to the last one."""
    target: dict[str, str] = {}
    for decision in standing(decisions).values():
        if decision.subject is Subject.AGENCY and decision.action in {Action.CONFIRM, Action.ADD}:
            target[decision.from_id] = decision.to_id
    made: dict[str, str] = {}
    for start in target:
        end, seen = start, {start}
        while end in target:
            end = target[end]
            if end in seen:
                raise DecisionError(
                    f"Các quyết định gộp cơ quan tạo vòng lặp tại {start}.", f"Agency merges form a circle at {start}."
                )
            seen.add(end)
        made[start] = end
    return made


# --- the file ----------------------------------------


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
