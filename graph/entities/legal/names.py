"""Finds documents cited by name: laws, the Constitution, programmes and congress resolutions.

A name ends where the register's own name ends, or, for one that it does not hold, at the year, date or number that
follows ("Luật Hộ tịch năm 2014"); a name without either is not guessed at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from graph.entities.registers import LegalRecord, LegalRegister
from graph.text import fold

_HEAD = re.compile(
    r"\b(?:(?P<law>(?:Bo\s+)?[Ll]uat|Phap\s+lenh|LUAT)\b|(?P<other>(?:hien\s+phap|chuong\s+trinh|de\s+an|chien\s+luoc|bo\s+chi\s+so|nghi\s+quyet)\b))",
    re.IGNORECASE,
)
_MISREAD = re.compile(
    r"\b(?:L(?!uat\b)[a-z]{1,3}t|Hi(?!en\b)[a-z]n)\s+(?P<name>[A-Za-z][^;.()]{3,220}?)"
    r"(?=\s+n[a-z]{0,2}[yg]\s+\d{1,2}\b|\s+[nr][a-z]{1,2}\s+(?P<year>(?:19|20)\d\d)\b)"
)
_MISREAD_ALIKE = 74
_MISREAD_LENGTH = 16
_WORD = re.compile(r"[A-Za-z0-9%]+")
_YEAR = re.compile(r"\s*,?\s*(?:nam|ram)\s+(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE)
_AMENDED = re.compile(
    r"\s*,?\s*\(?(?:da\s+)?(?:duoc\s+)?sua\s+doi,?\s+bo\s+sung(?:\s+(?:mot\s+so\s+dieu|vao))?\s+(?:nam\s+)?(?P<years>(?:19|20)\d\d(?:\s*(?:,|va)\s*(?:nam\s+)?(?:19|20)\d\d)*)\)?",
    re.IGNORECASE,
)
_FREE_LAW = re.compile(
    r"(?:Bo\s+luat|Luat|Phap\s+lenh)\s+(?!su\b|gia\b|nay\b|so\b|va\b|tuc\b)(?P<name>(?:[A-Z][a-z]*|ban\s+hanh|sua\s+doi)"
    r"(?:[ ,]+(?!nam\s|ngay\s|so\s|Luat\b|cua\s)[A-Za-z-]+){0,14}?)"
    r"(?=\s+nam\s+(?:19|20)\d\d|\s+ngay\s+\d|\s+so\s+\d)"
)
_AMENDING = re.compile(
    r"Luat\s+sua\s+doi,?\s+bo\s+sung\s+(?:mot\s+so\s+dieu\s+)?(?:cua\s+)?(?:cac\s+)?Luat\s+[A-Z][^.;()]{3,160}?(?=\s+nam\s+(?:19|20)\d\d|\s+ngay\s+\d|\s+so\s+\d)"
)
_FREE_OTHER = re.compile(
    r"(?P<type>Chuong\s+trinh|De\s+an|Chien\s+luoc)\s+(?P<name>(?!nay\b|tren\b|so\b)[A-Za-z0-9%,-]+(?:\s+[A-Za-z0-9%,-]+){1,45}?\s+giai\s+doan\s+(?:19|20)\d\d\s*-\s*(?:19|20)\d\d"
    r"(?:,\s+(?:dinh\s+huong|tam\s+nhin)\s+den\s+nam\s+(?:19|20)\d\d)?)"
)
_CONGRESS = re.compile(
    r"Nghi\s+quyet\s+(?:cua\s+)?(?:Dai\s+hoi\s+(?:dai\s+bieu\s+)?(?:toan\s+quoc\s+)?(?:(?:Dang\s+bo|Dang)\s+(?:(?:tinh|thanh\s+pho|huyen|xa|phuong)\b(?:\s+[A-Z][a-z]+){0,4}\s+)?)?(?:lan\s+thu\s+)?[IVXL]+\b"
    r"(?:\s+cua\s+Dang)?(?:,?\s+nhiem\s+ky\s+(?:19|20)\d\d\s*-\s*(?:19|20)\d\d)?"
    r"|(?:cua\s+)?Hoi\s+nghi\s+(?:lan\s+thu\s+)?(?:Ban\s+Chap\s+hanh\s+)?Trung\s+uong\s+(?:Dang\s+)?(?:(?:lan\s+thu\s+)?\w+,?\s+)?khoa\s+[IVXL]+\b)",
    re.IGNORECASE,
)
_TYPES = (
    ("bo luat", "Bộ luật"),
    ("luat", "Luật"),
    ("phap lenh", "Pháp lệnh"),
    ("hien phap", "Hiến pháp"),
    ("chuong trinh", "Chương trình"),
    ("de an", "Đề án"),
    ("chien luoc", "Chiến lược"),
    ("bo chi so", "Quyết định"),
    ("nghi quyet", "Nghị quyết"),
)
_NUMBERED = re.compile(r"\d\s*[/-]\s*\w")


@dataclass(frozen=True, slots=True)
class Named:
    """A document named in words. `end` lies behind the year where one follows; `candidates` are what the register
    knows under the name (and year)."""

    start: int
    end: int
    type: str
    name_end: int
    year: int | None
    candidates: tuple[LegalRecord, ...]
    spelled: str = ""  # the register's spelling of a misread name


@dataclass(slots=True)
class _Node:
    next: dict[str, _Node] = field(default_factory=dict)
    records: tuple[LegalRecord, ...] = ()


class NameIndex:
    """The register's names as a tree of folded words."""

    def __init__(self, names: Mapping[str, tuple[LegalRecord, ...]]) -> None:
        self._root = _Node()
        self._titles = tuple(
            (name, found)
            for name, records in names.items()
            if (found := tuple(record for record in records if fold(record.title) == name or name == "hien phap"))
        )
        for name, records in names.items():
            node = self._root
            for word in name.split():
                node = node.next.setdefault(word, _Node())
            node.records = records

    @property
    def titles(self) -> tuple[tuple[str, tuple[LegalRecord, ...]], ...]:
        """Folded titles of laws, for names that were misread."""
        return self._titles

    def longest(self, words: list[tuple[str, int]]) -> tuple[int, tuple[LegalRecord, ...]]:
        """The end offset and documents of the longest name that the words begin with; (-1, ()) for none."""
        node, end, records = self._root, -1, ()
        best: tuple[int, tuple[LegalRecord, ...]] = (end, records)
        for word, offset in words:
            following = node.next.get(word)
            if following is None:
                break
            node = following
            if node.records:
                best = (offset, node.records)
        return best


@lru_cache(maxsize=8)
def index_of(register: LegalRegister) -> NameIndex:
    """The index of a register's names: titles of laws, and all aliases that are words rather than numbers."""
    names: dict[str, list[LegalRecord]] = {}
    for record in register.records:
        titles = [record.title] if record.type in ("Luật", "Bộ luật", "Hiến pháp", "Pháp lệnh") else []
        for name in (*titles, *record.aliases):
            if "(" in name or (_NUMBERED.search(name) and not re.search(r"giai đoạn|năm \d", name)):
                continue
            key = fold(re.sub(r"^các\s+", "", name))
            if any(key.startswith(word) for word, _ in _TYPES):
                known = names.setdefault(key, [])
                if record not in known:
                    known.append(record)
    return NameIndex({name: tuple(records) for name, records in names.items()})


def named(bare: str, index: NameIndex) -> Iterator[Named]:
    """All documents named in words, in order, none overlapping; `bare` is the text without diacritics."""
    end = -1
    misread = list(_misread(bare, index))
    for head in _HEAD.finditer(bare):
        while misread and misread[0].start < head.start():
            if misread[0].start >= end:
                yield misread[0]
                end = misread[0].end
            misread.pop(0)
        if head.start() < end:
            continue
        found = _at(bare, head, index)
        if found:
            yield found
            end = found.end
    yield from (found for found in misread if found.start >= end)


def _misread(bare: str, index: NameIndex) -> Iterator[Named]:
    """Laws whose own word was misread ("Ludt TO chirc chinh quyen clia phyrang nam 2015"): the nearest title of the
    register, where it is near enough; clean text has no such word."""
    for found in _MISREAD.finditer(bare):
        from rapidfuzz import fuzz

        constitution = found.group().startswith("Hi")
        key = fold(f"{'Hien' if constitution else 'Luat'} {found['name']}")
        if constitution != (key == "hien phap") or (len(key) < _MISREAD_LENGTH and not constitution):
            continue
        alike = [(fuzz.ratio(key, title), title, records) for title, records in index.titles]
        score, _, records = max(alike, key=lambda entry: entry[0], default=(0.0, "", ()))
        year = int(found["year"]) if found["year"] else None
        end = bare.index(found["year"], found.end()) + 4 if found["year"] else found.end()
        fitting = tuple(record for record in records if year is None or record.year == year)
        if score < _MISREAD_ALIKE or not fitting:
            continue
        spelled = "Hiến pháp" if constitution else records[0].title
        kind = "Hiến pháp" if constitution else "Luật"
        yield Named(found.start(), end, kind, end, year, fitting, spelled)


def _at(bare: str, head: re.Match[str], index: NameIndex) -> Named | None:
    start = head.start()
    if head["law"] and not head["law"][0].isupper():
        return None  # kỷ luật, pháp luật, "quy định chi tiết luật": a law's own name is capitalised
    key = " ".join(head.group().lower().split())
    kind = next(name for word, name in _TYPES if key.startswith(word))
    words = [(word.group().lower(), word.end()) for word in _WORD.finditer(bare, start, min(len(bare), start + 260))]
    name_end, records = index.longest(words)
    free = _free(bare, head)
    if free and free > name_end:
        records = records if free == name_end else ()
        name_end = free
    if name_end < 0 or (not head["law"] and not bare[start].isupper() and name_end < start + 25):
        return None
    dated = kind in ("Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp")
    year_after = _YEAR.match(bare, name_end) if dated else None
    year = int(year_after["year"]) if year_after else _last_year(bare[start:name_end]) if dated else None
    end = year_after.end() if year_after else name_end
    if year and records:
        fitting = tuple(record for record in records if record.year in (None, year))
        records = fitting
    amended = _AMENDED.match(bare, end)
    if amended and head["law"]:
        end = amended.end()
    return Named(start, end, kind, year_after.end() if year_after else name_end, year, records)


def _last_year(name: str) -> int | None:
    found = re.search(r"\b((?:19|20)\d\d)\W*$", name)
    return int(found[1]) if found else None


def _free(bare: str, head: re.Match[str]) -> int | None:
    """The end of a name that need not be in the register, None where it cannot be told."""
    start = head.start()
    patterns = (_AMENDING, _FREE_LAW) if head["law"] else (_CONGRESS, _FREE_OTHER)
    for pattern in patterns:
        found = pattern.match(bare, start)
        if found and (head["law"] or bare[start].isupper()):
            return found.end()
    return None
