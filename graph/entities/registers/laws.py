"""The register of legal documents (văn bản): what is in force as of a day, what amended or replaced what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from graph.entities.registers.table import Record, Schema, merged
from graph.text import fold, plain_dashes, squeeze

LAWS = Schema(
    name="legal_documents",
    columns=(
        "id",
        "type",
        "number",
        "issued",
        "issuer",
        "title",
        "effective_from",
        "effective_to",
        "status",
        "replaced_by",
        "amends",
        "amended_by",
        "implements",
        "aliases",
        "confidence",
        "evidence",
    ),
    required=("id",),
    never_empty=("id",),
)
STATUS_WORDS = ("in_force", "partly", "expired", "not_yet", "unknown")
CONFIDENCE_WORDS = ("checked", "likely", "unsure")

_YEAR = re.compile(r"/((?:19|20)\d\d)/")


class LegalStatus(StrEnum):
    """Whether a document binds on a given day (hiệu lực)."""

    IN_FORCE = "in_force"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalRecord:
    """One document of the register. `effective_to` is the first day on which it no longer binds (hết hiệu lực kể từ
    ngày). `key` is the id, or id@issued where one id serves several documents. `state` is the register's own word on
    the present, `confidence` how sure the entry is, `evidence` on what it rests."""

    key: str
    id: str
    type: str
    issued: date | None
    issuer: str
    title: str
    effective_from: date | None
    effective_to: date | None
    state: str
    replaced_by: tuple[str, ...]
    amends: tuple[str, ...]
    amended_by: tuple[str, ...]
    implements: tuple[str, ...]
    aliases: tuple[str, ...]
    confidence: str
    evidence: str

    @property
    def year(self) -> int | None:
        """The year in the number where it has one, else the year of issue."""
        found = _YEAR.search(self.id)
        return int(found[1]) if found else self.issued.year if self.issued else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalChain:
    """What stands around a document, as register keys (or ids that the register does not hold). An empty tuple means
    that the register knows of none, not that there is none."""

    amends: tuple[str, ...]
    amended_by: tuple[str, ...]
    replaces: tuple[str, ...]
    replaced_by: tuple[str, ...]
    implements: tuple[str, ...]
    implemented_by: tuple[str, ...]
    successors: tuple[str, ...]
    """What replaced it, what replaced that, and so on to the documents that nothing replaced."""


def id_key(legal_id: str) -> str:
    """The key on which ids are compared: "108/2020/ND-CP" and "108/2020/NĐ–CP" are one."""
    return fold(plain_dashes(legal_id)).replace(" ", "")


class LegalRegister:
    """Legal documents by id, by name and by relation. Immutable; made by `Registers.load`."""

    def __init__(self, records: Sequence[LegalRecord], known_on: date) -> None:
        self.records = tuple(records)
        self.known_on = known_on
        self._by_key = {record.key: record for record in self.records}
        self._by_id: dict[str, list[LegalRecord]] = {}
        self._by_name: dict[str, list[LegalRecord]] = {}
        for record in self.records:
            self._by_id.setdefault(id_key(record.id), []).append(record)
            for name in (record.id, record.title, *record.aliases):
                known = self._by_name.setdefault(fold(name), [])
                if record not in known:
                    known.append(record)
        self._inverse: dict[str, dict[str, list[str]]] = {}
        for relation in ("amends", "amended_by", "replaced_by", "implements"):
            inverse: dict[str, list[str]] = {}
            for record in self.records:
                for target in getattr(record, relation):
                    inverse.setdefault(self.key_of(target), []).append(record.key)
            self._inverse[relation] = inverse

    def __len__(self) -> int:
        return len(self.records)

    def get(self, key: str) -> LegalRecord | None:
        """The document of a key ("76/NQ-CP@2021-07-15") or of an id that serves one document only; else None."""
        found = self._by_key.get(key)
        if found:
            return found
        legal_id, _, day = key.partition("@")
        candidates = self._by_id.get(id_key(legal_id), [])
        if day:
            candidates = [record for record in candidates if record.issued and record.issued.isoformat() == day]
        return candidates[0] if len(candidates) == 1 else None

    def key_of(self, reference: str) -> str:
        """The key that a reference means; the reference itself where the register does not hold it."""
        found = self.get(reference)
        return found.key if found else reference

    def by_id(self, legal_id: str) -> tuple[LegalRecord, ...]:
        """All documents that bear this id, however written (ND-CP for NĐ-CP, any dash)."""
        return tuple(self._by_id.get(id_key(legal_id), ()))

    def lookup(self, legal_id: str, issued: date | None = None, year: int | None = None) -> LegalRecord | None:
        """The one document that id and day (or year) of issue mean; None where none or several fit."""
        candidates = self.by_id(legal_id)
        if issued is not None:
            exact = [record for record in candidates if record.issued == issued]
            if exact:
                return exact[0]
            candidates = tuple(record for record in candidates if record.issued is None)
        elif year is not None:
            candidates = tuple(record for record in candidates if record.year in (None, year))
        return candidates[0] if len(candidates) == 1 else None

    def by_name(self, name: str) -> tuple[LegalRecord, ...]:
        """All documents whose id, title or alias this is, compared folded."""
        return tuple(self._by_name.get(fold(name), ()))

    def names(self) -> Mapping[str, tuple[LegalRecord, ...]]:
        """Folded names (ids, titles, aliases) and what they mean."""
        return {name: tuple(records) for name, records in self._by_name.items()}

    def end_of(self, key: str) -> date | None:
        """The first day on which the document no longer binds, where it can be told: its own, or the earliest start of
        a document that replaced it."""
        record = self.get(key)
        if record is None:
            return None
        if record.effective_to:
            return record.effective_to
        starts = [
            follower.effective_from
            for reference in record.replaced_by
            if (follower := self.get(reference)) and follower.effective_from
        ]
        return min(starts, default=None)

    def status(self, key: str, as_of: date) -> LegalStatus:
        """Whether the document binds on that day. UNKNOWN where the register does not hold it, does not know its state,
        or knows that it ended but not when and the day lies before the register's own date."""
        record = self.get(key)
        if record is None:
            return LegalStatus.UNKNOWN
        start = record.effective_from or record.issued
        if start and as_of < start:
            return LegalStatus.NOT_YET
        end = self.end_of(key)
        if end:
            return LegalStatus.EXPIRED if as_of >= end else LegalStatus.IN_FORCE
        if record.state == "expired":
            return LegalStatus.EXPIRED if as_of >= self.known_on else LegalStatus.UNKNOWN
        if record.state in ("in_force", "partly"):
            return LegalStatus.IN_FORCE
        return LegalStatus.UNKNOWN

    def chain(self, key: str) -> LegalChain:
        """Amendments, replacements and implementation in both directions."""
        record = self.get(key)
        if record is None:
            none: tuple[str, ...] = ()
            return LegalChain(
                amends=none,
                amended_by=none,
                replaces=none,
                replaced_by=none,
                implements=none,
                implemented_by=none,
                successors=none,
            )
        return LegalChain(
            amends=self._both(record.amends, "amended_by", record.key),
            amended_by=self._both(record.amended_by, "amends", record.key),
            replaces=self._both((), "replaced_by", record.key),
            replaced_by=self._both(record.replaced_by, "", record.key),
            implements=self._both(record.implements, "", record.key),
            implemented_by=self._both((), "implements", record.key),
            successors=self._successors(record),
        )

    def _both(self, named: Iterable[str], inverse: str, key: str) -> tuple[str, ...]:
        keys = [self.key_of(reference) for reference in named]
        if inverse:
            keys.extend(self._inverse[inverse].get(key, ()))
        return tuple(dict.fromkeys(keys))

    def _successors(self, record: LegalRecord) -> tuple[str, ...]:
        seen: dict[str, None] = {}
        waiting = [self.key_of(reference) for reference in record.replaced_by]
        while waiting:
            key = waiting.pop(0)
            if key in seen or key == record.key:
                continue
            seen[key] = None
            follower = self._by_key.get(key)
            if follower:
                waiting.extend(self.key_of(reference) for reference in follower.replaced_by)
        return tuple(seen)


def build_laws(shipped: Sequence[Record], own: Sequence[Record], known_on: date) -> LegalRegister:
    """The register from its records. Raises RegisterError for a malformed cell."""
    rows = merged(shipped, own, _identity, _same)
    count: dict[str, int] = {}
    for row in rows:
        count[id_key(row.get("id"))] = count.get(id_key(row.get("id")), 0) + 1
    return LegalRegister([_record(row, count[id_key(row.get("id"))] > 1) for row in rows], known_on)


def _identity(record: Record) -> tuple[str, ...]:
    return (id_key(record.get("id")), record.get("issued"))


def _same(known: Mapping[tuple[str, ...], Record], record: Record) -> tuple[str, ...] | None:
    """A user's line means the shipped document of the same id and day; without a day (or where the shipped one has
    none) the only document of that id."""
    exact = _identity(record)
    if exact in known:
        return exact
    alike = [identity for identity in known if identity[0] == exact[0]]
    if len(alike) == 1 and (not exact[1] or not alike[0][1]):
        return alike[0]
    if alike and not exact[1]:
        raise record.error(
            "issued",
            "số hiệu này có nhiều văn bản, cần ghi ngày ban hành",
            "several documents bear this id: the day of issue is needed",
        )
    return None


def _record(row: Record, several: bool) -> LegalRecord:
    issued = row.day("issued")
    if several and issued is None:
        raise row.error(
            "issued",
            "số hiệu này có nhiều văn bản, cần ghi ngày ban hành",
            "several documents bear this id: the day of issue is needed",
        )
    start, end = row.day("effective_from"), row.day("effective_to")
    if start and end and end < start:
        raise row.error("effective_to", "sớm hơn ngày bắt đầu hiệu lực", "earlier than effective_from")
    legal_id = squeeze(row.get("id"))
    return LegalRecord(
        key=f"{legal_id}@{issued.isoformat()}" if several and issued else legal_id,
        id=legal_id,
        type=row.get("type"),
        issued=issued,
        issuer=row.get("issuer"),
        title=row.get("title"),
        effective_from=start,
        effective_to=end,
        state=row.word("status", STATUS_WORDS) or "unknown",
        replaced_by=row.parts("replaced_by"),
        amends=row.parts("amends"),
        amended_by=row.parts("amended_by"),
        implements=row.parts("implements"),
        aliases=row.parts("aliases"),
        confidence=row.word("confidence", CONFIDENCE_WORDS) or "unsure",
        evidence=row.get("evidence"),
    )
