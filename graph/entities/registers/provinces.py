"""The register of provinces: the 34 of today and the 63 that they were made of on 1 July 2025."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from graph.entities.registers.table import Record, Schema, merged
from graph.text import fold

PROVINCES = Schema(
    name="provinces",
    columns=(
        "code",
        "name",
        "full_name_2025_07_01",
        "type_2025_07_01",
        "type_now",
        "full_name_now",
        "type_changed_on",
        "type_change_basis",
        "merged",
        "formed_from",
        "formed_from_codes",
        "effective_from",
        "operates_from",
        "legal_basis",
        "codename",
        "aliases",
        "confidence",
        "evidence",
    ),
    required=("name",),
    never_empty=("name",),
)
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
_BEFORE = ("tinh", "tp", "pho", "ubnd", "hdnd", "uy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """A province or centrally run city (tỉnh, thành phố trực thuộc trung ương) of today. `formed_from` are the names
    before the merger (its own where it was not merged), `operates_from` the day on which its new bodies took over."""

    code: str
    name: str
    full_name: str
    formed_from: tuple[str, ...]
    operates_from: date | None
    legal_basis: tuple[str, ...]
    aliases: tuple[str, ...]
    type_now: str
    full_name_now: str
    type_changed_on: date | None
    confidence: str
    evidence: str

    @property
    def merged(self) -> bool:
        """Whether it was made of several provinces."""
        return len(self.formed_from) > 1


class ProvinceRegister:
    """Provinces by name, old or new. Immutable; made by `Registers.load`."""

    def __init__(self, provinces: Sequence[Province]) -> None:
        self.provinces = tuple(provinces)
        self._by_name: dict[str, Province] = {}
        self._old: dict[str, Province] = {}
        self._spelling: dict[str, str] = {}
        for province in self.provinces:
            for name in (province.name, province.full_name, province.full_name_now, *province.aliases):
                if name:
                    self._by_name[fold(name)] = province
            self._spelling[fold(province.name)] = province.name
            for alias in province.aliases:
                self._spelling[fold(alias)] = province.name
        for province in self.provinces:
            for old in province.formed_from:
                self._old[fold(old)] = province
                self._spelling.setdefault(fold(old), old)
        self._longest = max((len(key.split()) for key in self._spelling), default=0)

    def __len__(self) -> int:
        return len(self.provinces)

    def get(self, name: str) -> Province | None:
        """The province of today with this name ("Tây Ninh", "tỉnh Tây Ninh", "TP. Hồ Chí Minh"); None for a name that
        ended with the merger (see `successor`)."""
        return self._by_name.get(_bare(name))

    def successor(self, name: str) -> Province | None:
        """The province of today on whose ground the named one, old or new, lies."""
        return self._by_name.get(_bare(name)) or self._old.get(_bare(name))

    def is_former(self, name: str, as_of: date | None = None) -> bool:
        """Whether this is the name of a province that no longer exists on that day (today where None)."""
        key = _bare(name)
        successor = self._old.get(key)
        if successor is None or key == fold(successor.name):
            return False
        return as_of is None or successor.operates_from is None or as_of >= successor.operates_from

    def canonical(self, name: str) -> str:
        """The name as the register writes it, "" where it knows none."""
        return self._spelling.get(_bare(name), "")

    def names(self) -> tuple[str, ...]:
        """All names, of today and before, as the register writes them."""
        return tuple(dict.fromkeys(self._spelling.values()))

    def find_in(self, text: str) -> tuple[str, ...]:
        """The provinces that a text names, in order and as the register writes them, each once.

        A name counts when its words are capitalised ("Hà Nam", not "hạ năm") or when tỉnh, thành phố or UBND stands
        before it; text in capitals throughout and text without diacritics are read the same way.
        """
        words = [(match.group(), match.start(), match.end()) for match in _WORD.finditer(text)]
        keys = [fold(word) for word, _, _ in words]
        found: dict[str, None] = {}
        at = 0
        while at < len(words):
            for length in range(min(self._longest, len(words) - at), 0, -1):
                name = self._spelling.get(" ".join(keys[at : at + length]))
                if name is None:
                    continue
                capital = all(word[0].isupper() for word, _, _ in words[at : at + length])
                introduced = at > 0 and keys[at - 1] in _BEFORE
                if (capital and (length > 1 or introduced)) or introduced:
                    found[name] = None
                    at += length - 1
                    break
            at += 1
        return tuple(found)


def _bare(name: str) -> str:
    key = fold(name)
    for prefix in ("tinh ", "thanh pho ", "tp "):
        if key.startswith(prefix):
            return key.removeprefix(prefix)
    return key


def build_provinces(shipped: Sequence[Record], own: Sequence[Record]) -> ProvinceRegister:
    """The register from its records. Raises RegisterError for a malformed cell."""
    return ProvinceRegister([_province(row) for row in merged(shipped, own, _identity, _same)])


def _identity(record: Record) -> tuple[str, ...]:
    return (_bare(record.get("name")),)


def _same(known: Mapping[tuple[str, ...], Record], record: Record) -> tuple[str, ...] | None:
    return _identity(record) if _identity(record) in known else None


def _province(row: Record) -> Province:
    name = row.get("name")
    return Province(
        code=row.get("code"),
        name=name,
        full_name=row.get("full_name_2025_07_01") or name,
        formed_from=row.parts("formed_from") or (name,),
        operates_from=row.day("operates_from"),
        legal_basis=row.parts("legal_basis"),
        aliases=row.parts("aliases"),
        type_now=row.get("type_now"),
        full_name_now=row.get("full_name_now") or row.get("full_name_2025_07_01") or name,
        type_changed_on=row.day("type_changed_on"),
        confidence=row.word("confidence", ("checked", "likely", "unsure")) or "unsure",
        evidence=row.get("evidence"),
    )
