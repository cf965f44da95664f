"""The register of abbreviations of the field (TTHC, DVCTT, UBND, …), both ways."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from graph.entities.registers.table import Record, Schema, merged
from graph.text import fold, squeeze

ABBREVIATIONS = Schema(
    name="abbreviations",
    columns=("abbreviation", "expansion", "count_in_plans", "source"),
    required=("abbreviation", "expansion"),
    never_empty=("abbreviation", "expansion"),
)
_BRACKET = re.compile(r"\s*\([^()]*\)")


class AbbreviationRegister:
    """Abbreviations and what they stand for. Immutable; made by `Registers.load`."""

    def __init__(self, pairs: Sequence[tuple[str, tuple[str, ...]]]) -> None:
        self.pairs = tuple(pairs)
        self._expansions: dict[str, tuple[str, ...]] = {}
        self._short: dict[str, list[str]] = {}
        for short, expansions in self.pairs:
            self._expansions[short.upper()] = expansions
            for expansion in expansions:
                self._short.setdefault(fold(expansion), []).append(short)

    def __len__(self) -> int:
        return len(self.pairs)

    def expand(self, short: str) -> tuple[str, ...]:
        """What an abbreviation stands for, the most usual meaning first; () where it is not known."""
        return self._expansions.get(squeeze(short).upper(), ())

    def shorten(self, phrase: str) -> tuple[str, ...]:
        """The abbreviations of a phrase (compared folded), most frequent first; () where none is known."""
        return tuple(self._short.get(fold(phrase), ()))

    def items(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """All abbreviations with their expansions, most frequent first."""
        return self.pairs


def build_abbreviations(shipped: Sequence[Record], own: Sequence[Record]) -> AbbreviationRegister:
    """The register from its records, explanations in brackets cut off. Raises RegisterError for a malformed cell."""
    pairs: list[tuple[str, tuple[str, ...]]] = []
    for row in merged(shipped, own, _identity, _same):
        count = row.get("count_in_plans")
        if count and not count.isdigit():
            raise row.error("count_in_plans", f"“{count}” không phải là số đếm", f"'{count}' is not a count")
        expansions = tuple(squeeze(_BRACKET.sub("", part)) for part in row.parts("expansion"))
        pairs.append((row.get("abbreviation"), expansions))
    return AbbreviationRegister(pairs)


def _identity(record: Record) -> tuple[str, ...]:
    return (record.get("abbreviation").upper(),)


def _same(known: Mapping[tuple[str, ...], Record], record: Record) -> tuple[str, ...] | None:
    return _identity(record) if _identity(record) in known else None
