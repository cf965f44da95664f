"""From a text to the citations in it: number or name, date, issuer, title, provision and relation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from graph.entities.legal.context import (
    NESTED,
    day_after,
    issuer_after,
    provision_before,
    relation_before,
    title_after,
    type_before,
)
from graph.entities.legal.names import NameIndex, index_of, named
from graph.entities.legal.numbered import Found, blanks, numbered
from graph.entities.legal.plain import plain
from graph.entities.legal.signs import LegalId
from graph.entities.registers import LegalRecord, LegalRegister, Registers
from graph.text import fold, nfc, squeeze, strip_diacritics

_SEPARATOR = re.compile(r"[\s,;]*(?:(?:va|hoac|cung)\b)?[\s,;]*(?:(?:cac|mot\s+so)\s+)?$", re.IGNORECASE)
_LIST_WORDS = re.compile(r"^[\s,;]*(?:(?:va|hoac)\b)?[\s,;]*(?:(?:so|s[e06o])\b)?\s*$", re.IGNORECASE)
_OPEN_NUMBER = re.compile(
    r"\b(?:ke\s+hoach|quyet\s+dinh|cong\s+van|chi\s+thi|nghi\s+quyet)\s+so\s*[.…]*\s+(?=(?:ngay|cua)\b)", re.IGNORECASE
)
_ISSUES = re.compile(
    r"[\s,]*(?:(?:ve|viec|v/v|ban\s+hanh|phe\s+duyet|thong\s+qua|cong\s+bo|kem\s+theo)\b[\s,]*)*$", re.IGNORECASE
)
_OF_ITS_OWN = frozenset({"Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp", "Nghị quyết"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalMention:
    """One document named in a text. `start` and `end` are offsets in the NFC text and cover type, number, date and
    issuer; `id` is canonical ("107/2021/NĐ-CP", a law's name with its year where it is named in words). `type` is what
    the sign says, `stated_type` what the words before it say. `issuer` and `issued_on` are as printed, "" and None
    where they are not. `keys` are the register's documents that a name means. `inferred` is "sign" where the
    sign was left out and supplied, "misread" where its letters were put right, "" otherwise."""

    start: int
    end: int
    text: str
    id: str
    type: str
    stated_type: str = ""
    number: str = ""
    year: int | None = None
    sign: str = ""
    issuer: str = ""
    issued_on: date | None = None
    title: str = ""
    relation: str = "cites"
    provision: str = ""
    legal: LegalId | None = None
    by_name: bool = False
    keys: tuple[str, ...] = ()
    inferred: str = ""


@dataclass(frozen=True, slots=True)
class OpenNumber:
    """A place where a document is cited with its number left open; no document is made of it."""

    start: int
    end: int
    text: str
    sign: str


@lru_cache(maxsize=1)
def _shipped() -> LegalRegister:
    return Registers.load().laws


def find_citations(text: str, register: LegalRegister | None = None) -> tuple[LegalMention, ...]:
    """All legal documents that a text names, in order of place.

    Numbered documents are found by the grammar alone; `register` (the shipped one where None) only supplies the names
    of laws and programmes. Offsets are those of `nfc(text)`. A number left open ("số /KH-STP") gives no mention: see
    `find_open_numbers`. Nothing is checked against the register here.
    """
    text = nfc(text).replace("Ð", "Đ").replace("ð", "đ")
    bare = plain(text)
    return tuple(_mentions(text, bare, index_of(register if register is not None else _shipped())))


def find_open_numbers(text: str) -> tuple[OpenNumber, ...]:
    """All places where a document is cited with its number left open ("Kế hoạch số /KH-STP ngày /6/2026")."""
    text = nfc(text)
    bare = plain(text)
    made = []
    for start, end, sign in blanks(text, bare):
        begin, _ = type_before(bare, start)
        made.append(OpenNumber(begin, end, squeeze(text[begin:end]), sign))
    for found in _OPEN_NUMBER.finditer(bare):
        made.append(OpenNumber(found.start(), found.end(), squeeze(text[found.start() : found.end()]), ""))
    return tuple(made)


def _mentions(text: str, bare: str, index: NameIndex) -> Iterator[LegalMention]:
    drafts = [_numbered(text, bare, found) for found in numbered(text, bare)]
    drafts = _with_names(text, bare, drafts, index)
    last: LegalMention | None = None
    for position, draft in enumerate(drafts):
        last = _in_context(text, bare, draft, last, _title_limit(bare, drafts[position + 1 :], len(text)))
        yield last


def _title_limit(bare: str, following: list[LegalMention], end: int) -> int:
    """A title runs into the documents that it names itself ("sửa đổi … Nghị định số 61/2018/NĐ-CP"), not into the next
    citation of a list."""
    for draft in following:
        before = bare[: draft.start].rstrip()
        if before.endswith((",", ";")) or re.search(r"[,;]\s*(?:va|cac|theo|thuc\s+hien)$|\bva(?:\s+cac)?$", before):
            return draft.start
    return end


def _numbered(text: str, bare: str, found: Found) -> LegalMention:
    start, stated = type_before(bare, found.start)
    end, day, _ = day_after(bare, found.end)
    after, issuer = issuer_after(text, bare, end)
    if issuer:
        end = after
        if day is None:
            later, day, _ = day_after(bare, end)
            end = later if day else end
    legal = found.legal
    return LegalMention(
        start=start,
        end=end,
        text=squeeze(text[start:end]),
        id=found.id,
        type=found.type or stated or "Luật",
        stated_type=stated,
        number=legal.number if legal else "",
        year=legal.year if legal else None,
        sign=legal.sign if legal else "",
        issuer=issuer,
        issued_on=day,
        legal=legal,
        inferred=found.inferred,
    )


def _with_names(text: str, bare: str, drafts: list[LegalMention], index: NameIndex) -> list[LegalMention]:
    """Adds documents named in words; a law's name before its number is that number's, not a second citation."""
    made = list(drafts)
    for found in named(bare, index):
        following = next(
            (draft for draft in drafts if draft.start >= found.name_end - 1 or draft.end > found.start), None
        )
        if following and following.start <= found.start < following.end:
            continue
        issuing = next((draft for draft in reversed(drafts) if draft.end <= found.start), None)
        if issuing and found.type not in _OF_ITS_OWN and _ISSUES.match(bare[issuing.end : found.start]):
            continue  # the title of the decision that issues it
        if following and following.start < found.end:
            continue
        if following and not bare[found.name_end : following.start].strip(" ,(") and following.stated_type == "":
            place = made.index(following)
            made[place] = replace(
                following,
                start=found.start,
                text=squeeze(text[found.start : following.end]),
                title=squeeze(text[found.start : found.name_end]),
                type=following.type if following.legal and following.legal.type else found.type,
                stated_type=found.type,
            )
            continue
        end, day, _ = day_after(bare, found.end)
        after, issuer = issuer_after(text, bare, end)
        end = after if issuer else end
        year = found.year or (day.year if day else None)
        candidates = found.candidates
        if day:
            exact = tuple(record for record in candidates if record.issued == day)
            candidates = exact or tuple(record for record in candidates if record.year in (None, day.year))
        made.append(
            LegalMention(
                start=found.start,
                end=end,
                text=squeeze(text[found.start : end]),
                id=_name_id(
                    found.spelled or _spelled(text[found.start : found.name_end], found.candidates), found.type, year
                ),
                type=found.type,
                stated_type=found.type,
                year=year,
                issuer=issuer,
                issued_on=day,
                by_name=True,
                keys=tuple(record.key for record in candidates),
            )
        )
    return sorted(made, key=lambda draft: draft.start)


def _spelled(name: str, candidates: tuple[LegalRecord, ...]) -> str:
    """A name that lost its diacritics as the register spells it; any other as printed."""
    if strip_diacritics(name) != name:
        return name
    key = fold(name)
    known = (spelling for record in candidates for spelling in (record.title, *record.aliases))
    return next((spelling for spelling in known if fold(spelling) == key), name)


def _name_id(name: str, kind: str, year: int | None) -> str:
    made = squeeze(name).rstrip(" ,")
    if kind in ("Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp") and year and str(year) not in made:
        made = f"{made} năm {year}"
    return made


def _in_context(text: str, bare: str, draft: LegalMention, last: LegalMention | None, limit: int) -> LegalMention:
    floor = last.end if last else 0
    begin, provision = provision_before(text, bare, draft.start)
    begin = max(begin, floor)
    relation = relation_before(bare, begin, floor)
    between = bare[floor:begin] if last else ""
    if last and not relation and _continues(between):
        relation = last.relation
        if relation in NESTED and ";" in between:
            relation = "cites"
    stated = draft.stated_type
    kind = draft.type
    if last and not stated and _LIST_WORDS.match(bare[last.end : draft.start]):
        stated = last.stated_type
        if draft.legal and not draft.legal.type:
            kind = last.type
    end = draft.end
    title = draft.title or ("" if draft.by_name else title_after(text, bare, end, max(limit, end)))
    return replace(draft, relation=relation or "cites", provision=provision, title=title, type=kind, stated_type=stated)


def _continues(between: str) -> bool:
    """Whether the words between two citations only go on with a list."""
    return (
        len(between) < 400
        and _SEPARATOR.search(between) is not None
        and (
            not between.strip()
            or between.rstrip()[-1:] in ",;"
            or re.search(r"\b(?:va|cac|so)\s*$", between) is not None
        )
    )
