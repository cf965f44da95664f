"""The register of successions: which body took over from which, when, and on what legal basis."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from graph.entities.registers.table import Record, Schema, merged
from graph.text import fold

SUCCESSIONS = Schema(
    name="agencies_succession",
    columns=("predecessor", "successor", "scope", "kind", "effective", "legal_basis", "confidence", "note"),
    required=("predecessor", "successor"),
    never_empty=("predecessor",),
)
KINDS = ("merge", "rename", "transfer", "abolish", "split")
NATIONAL = "national"
EVERY_PROVINCE = "province pattern"

_BRACKET = re.compile(r"\s*\(([^()]*)\)\s*$")
_EARLIER = re.compile(r"^(?:cũ|trước\b.*)$", re.IGNORECASE)
_COUNT = re.compile(r"^[\d.]+ đơn vị$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """One change. `aspect` names the part of the duties that went over ("báo chí, xuất bản"), "" for all of them;
    `earlier` marks a predecessor that bears its successor's name ("UBND tỉnh Tây Ninh (trước 01/7/2025)").
    `scope` is "national", "province pattern" (holds in every province) or a province's name. `successors` is empty
    where nobody took over. `effective` is None where the day differs or is not known."""

    predecessor: str
    successors: tuple[str, ...]
    scope: str
    kind: str
    effective: date | None
    legal_basis: tuple[str, ...]
    confidence: str
    note: str
    aspect: str = ""
    earlier: bool = False


class SuccessionRegister:
    """Successions by predecessor and by successor. Immutable; made by `Registers.load`."""

    def __init__(self, successions: Sequence[Succession]) -> None:
        self.successions = tuple(successions)
        self._by_predecessor: dict[str, list[Succession]] = {}
        self._by_successor: dict[str, list[Succession]] = {}
        for succession in self.successions:
            self._by_predecessor.setdefault(fold(succession.predecessor), []).append(succession)
            for successor in succession.successors:
                self._by_successor.setdefault(fold(successor), []).append(succession)

    def __len__(self) -> int:
        return len(self.successions)

    def of(self, predecessor: str, province: str = "", *, aspects: bool = True) -> tuple[Succession, ...]:
        """What happened to a body: entries of its own province before those that hold everywhere. With `aspects`
        False only those that took over the whole of it."""
        known = [
            succession
            for succession in self._by_predecessor.get(fold(predecessor), ())
            if (aspects or not succession.aspect)
            and (succession.scope in (NATIONAL, EVERY_PROVINCE) or fold(succession.scope) == fold(province))
        ]
        return tuple(sorted(known, key=lambda succession: succession.scope in (NATIONAL, EVERY_PROVINCE)))

    def into(self, successor: str) -> tuple[Succession, ...]:
        """What went into a body."""
        return tuple(self._by_successor.get(fold(successor), ()))

    def names(self) -> tuple[str, ...]:
        """All names of bodies, predecessors and successors, each once."""
        made: dict[str, None] = {}
        for succession in self.successions:
            made[succession.predecessor] = None
            for name in succession.successors:
                made[name] = None
        return tuple(made)


def build_successions(shipped: Sequence[Record], own: Sequence[Record]) -> SuccessionRegister:
    """The register from its records. Raises RegisterError for a malformed cell."""
    return SuccessionRegister([_succession(row) for row in merged(shipped, own, _identity, _same)])


def _identity(record: Record) -> tuple[str, ...]:
    return tuple(fold(record.get(column)) for column in ("predecessor", "successor", "scope"))


def _same(known: Mapping[tuple[str, ...], Record], record: Record) -> tuple[str, ...] | None:
    return _identity(record) if _identity(record) in known else None


def _succession(row: Record) -> Succession:
    predecessor, aspect, earlier = row.get("predecessor"), "", False
    bracket = _BRACKET.search(predecessor)
    if bracket:
        inner = bracket[1].strip()
        if _EARLIER.match(inner):
            predecessor, earlier = predecessor[: bracket.start()].strip(), True
        elif _COUNT.match(inner):
            predecessor = predecessor[: bracket.start()].strip()
        elif inner[:1].islower() and inner != "cùng tên":
            predecessor, aspect = predecessor[: bracket.start()].strip(), inner
    successors = tuple(
        _BRACKET.sub("", part) if (found := _BRACKET.search(part)) and _COUNT.match(found[1]) else part
        for part in row.parts("successor")
    )
    return Succession(
        predecessor=predecessor,
        successors=successors,
        scope=row.get("scope") or EVERY_PROVINCE,
        kind=row.word("kind", KINDS) or "transfer",
        effective=row.day("effective"),
        legal_basis=row.parts("legal_basis"),
        confidence=row.word("confidence", ("checked", "likely", "unsure")) or "unsure",
        note=row.get("note"),
        aspect=aspect,
        earlier=earlier,
    )
