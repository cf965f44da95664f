"""Finds documents cited by number and sign, wherever the sign alone makes them one.

A citation is anchored on its sign ("NĐ-CP", "NQ/TW", "QH15", "TCVN ISO"), which survives lost diacritics and most
misreadings, and never on a bare number: dates, telephone numbers and "24/7" carry no sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from graph.entities.legal.signs import ISSUERS, TYPES, LegalId, canonical_part, canonical_sign
from graph.text import strip_diacritics

_NUMBER = r"(?<![\d/])(?P<number>\d{1,6}(?:\.\d{1,3}(?=\s*/\s*20\d\d))?[a-z]?)"
_YEAR = r"(?:(?P<year>(?:19|20)\d\d)\s*/?\s*)?"
_CODES = "|".join(sorted({strip_diacritics(code) for code in TYPES}, key=len, reverse=True))
_PLAIN_TYPES = frozenset(strip_diacritics(code) for code in TYPES)
_BODY = r"(?:T[Tt][gG](?![A-Z])|SNgV\b|[A-Z]{2,12}(?:\s?&\s?[A-Z]{1,5})?\d{0,2}(?:-[A-Z]{2,12}\d{0,2})*)"
_TOP = "|".join(sorted({strip_diacritics(code) for code in ISSUERS}, key=len, reverse=True))

_SIGNED = re.compile(
    rf"{_NUMBER}\s*/\s*{_YEAR}(?:"
    rf"(?P<assembly>(?:UBTV)?QH\s?\d{{1,2}})\b"
    rf"|(?P<type>{_CODES})(?:\s*-\s*|\s*/\s*(?=(?:{_TOP})\b)|(?=CP\b|UBND\b|TTg\b))(?P<body>{_BODY})"
    rf"|(?P<office>(?:{_TOP})\s*-\s*[A-Z]{{2,12}}(?:\d{{0,2}})(?:-[A-Z]{{2,8}})?)\b"
    r")"
)
_PARTY = re.compile(
    r"(?<![\d/.\-])(?P<number>\d{1,4}[a-z]?)\s*-\s*(?P<type>NQ|KL|CT|QDi|QD|QyD|QC|HD|CTr|TB|KH|DA|BC|CV|TTr|L)"
    r"\s*[/-]\s*(?P<body>TW|TU|HU|DU|[A-Z]{2,6}T[WU])\b"
)
_PARTY_STATE = re.compile(
    r"(?<![\d/])(?P<number>\d{1,4})\s*/\s*(?P<type>NQ|KL|CT|QD|HD|CTr|KH|TB)\s*-\s*(?P<body>TW|TU)\b"
)
_STANDARD = re.compile(
    r"\b(?P<national>TCVN\s*)?(?P<iso>(?:ISO\s*/\s*IEC|ISO|IEC)\s*)?(?<![\d/])(?P<number>\d{3,5}(?:-\d{1,2}(?!\d))?)"
    r"(?:\s*[:\-/]\s*(?P<year>(?:19|20)\d\d)\b)?"
)
_BLANK = re.compile(
    rf"(?<![\d/\w])(?:so\b\s*:?\s*)?(?P<dots>[.…_\s]*)/\s*{_YEAR}(?P<type>{_CODES})\s*-\s*(?P<body>{_BODY})",
    re.IGNORECASE,
)
_UNSIGNED = re.compile(
    r"\b(?P<word>(?i:nghi dinh|thong tu|quyet dinh)|ND|TT|QD)\s+(?:(?i:so)\s*:?\s*)?(?P<number>\d{1,4})\s?/\s?"
    r"(?P<year>(?:19|20)\d\d)(?!\s?/?\s?(?:[A-Z]{2}|\d))(?!\s*/)"
)
_FURTHER = re.compile(
    r"\s*(?:,|;|\bva\b)\s*(?:so\s*)?(?P<number>\d{1,4})/(?P<year>(?:19|20)\d\d)(?!\s?/?\s?(?:[A-Z]{2}|\d))"
)
_CUT_DECREE = re.compile(rf"{_NUMBER}\s*/\s*(?P<year>(?:19|20)\d\d)\s*/\s*ND\b(?!\s*-?\s*CP)\s?-?")
_MISREAD_DECREE = re.compile(rf"{_NUMBER}\s*/\s*(?P<year>(?:19|20)\d\d)\s*/\s*N[BPRO0]\s?-\s?CP\b")
_BARE = re.compile(
    r"\b(?P<word>nghi quyet|nghi dinh|chi thi|quyet dinh)\s+(?:so\s*:?\s*)?(?P<number>\d{1,4}[a-z]?)"
    r"(?=\s+(?:ngay\s+[\d/. -]+\s+)?cua\s+(?P<who>chinh phu|thu tuong)\b)",
    re.IGNORECASE,
)
_WHO = re.compile(r"\s*(?:ngay\s+[\d/. -]+\s+)?cua\s+(?P<who>[a-z ,]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A place (offsets of number and sign alone) and the id that stands there. `inferred` is "sign" where
    the sign was supplied, "misread" where its letters were put right, "" otherwise."""

    start: int
    end: int
    id: str
    legal: LegalId | None
    type: str
    inferred: str = ""


def numbered(text: str, bare: str) -> Iterator[Found]:
    """All documents cited by number in a text; `bare` is the text without diacritics, of equal length.

    Yields them in order of place, none overlapping another.
    """
    made: list[Found] = []
    if "/" in bare or "-" in bare:
        made.extend(_signed(text, bare))
    if "ISO" in bare or "TCVN" in bare:
        made.extend(_standards(bare))
    made.extend(_unsigned(bare))
    end = -1
    for found in sorted(made, key=lambda item: (item.start, -item.end)):
        if found.start >= end:
            yield found
            end = found.end


def blanks(text: str, bare: str) -> Iterator[tuple[int, int, str]]:
    """Places where a number was left open ("số /KH-STP", "số …/QĐ-UBND"), with the sign."""
    if "/" not in bare:
        return
    for found in _BLANK.finditer(bare):
        if found["type"] not in _PLAIN_TYPES or bare[: found.start()].rstrip()[-1:].isdigit():
            continue
        year = f"{found['year']}/" if found["year"] else ""
        yield found.start(), found.end(), f"/{year}{canonical_sign(text[found.start('type') : found.end()])}"


def _signed(text: str, bare: str) -> Iterator[Found]:
    for found in _SIGNED.finditer(bare):
        year = int(found["year"]) if found["year"] else None
        number = _number(text, found)
        if found["assembly"]:
            if year is None:
                continue
            legal = LegalId(number, year, found["assembly"].replace(" ", ""))
        elif found["type"]:
            body = canonical_sign(text[found.start("body") : found.end("body")])
            kind = canonical_part(found["type"])
            if body in ("TW", "TU") and year is None:
                legal = LegalId(number, None, f"{kind}/{body}")
            else:
                legal = LegalId(number, year, f"{kind}-{body}")
        else:
            legal = LegalId(number, year, canonical_sign(text[found.start("office") : found.end("office")]))
        yield Found(found.start(), found.end(), legal.label(), legal, legal.type)
    for found in _PARTY.finditer(bare):
        kind, body = canonical_part(found["type"]), canonical_part(found["body"])
        legal = LegalId(_number(text, found), None, f"{kind}/{body}")
        yield Found(found.start(), found.end(), legal.label(), legal, legal.type)


def _number(text: str, found: re.Match[str]) -> str:
    return text[found.start("number") : found.end("number")]


def _standards(bare: str) -> Iterator[Found]:
    for found in _STANDARD.finditer(bare):
        if not (found["national"] or found["iso"]):
            continue
        family = "ISO/IEC" if found["iso"] and "IEC" in found["iso"] else "ISO" if found["iso"] else ""
        # A management standard is adopted unchanged as TCVN ISO: both spellings name one document in these plans.
        prefix = "TCVN" if found["national"] or found["number"] in ("9000", "9001", "9004") else ""
        year = f":{found['year']}" if found["year"] else ""
        made = " ".join(part for part in (prefix, family, found["number"]) if part) + year
        yield Found(found.start(), found.end(), made, None, "TCVN" if prefix else "ISO")


def _unsigned(bare: str) -> Iterator[Found]:
    """Numbers whose sign was left out, where type and named issuer give it: decrees are the Government's alone."""
    for found in _UNSIGNED.finditer(bare):
        sign = _sign_of(found["word"].lower(), bare[found.end() : found.end() + 80])
        if sign is None:
            continue
        place: re.Match[str] | None = found
        while place:
            legal = LegalId(place["number"], int(place["year"]), sign)
            yield Found(place.start("number"), place.end(), legal.label(), legal, legal.type, "sign")
            place = _FURTHER.match(bare, place.end())
    for found in _CUT_DECREE.finditer(bare):  # the cell ended within the sign
        legal = LegalId(found["number"], int(found["year"]), "NĐ-CP")
        yield Found(found.start(), found.end(), legal.label(), legal, legal.type, "sign")
    for found in _MISREAD_DECREE.finditer(bare):  # no other document of a year is signed N?-CP
        legal = LegalId(found["number"], int(found["year"]), "NĐ-CP")
        yield Found(found.start(), found.end(), legal.label(), legal, legal.type, "misread")
    for found in _BARE.finditer(bare):
        government = found["who"].lower() == "chinh phu"
        code = {"nghi quyet": "NQ", "nghi dinh": "", "chi thi": "CT", "quyet dinh": "QĐ"}[found["word"].lower()]
        if not code or government != (code == "NQ"):
            continue
        legal = LegalId(found["number"], None, f"{code}-{'CP' if government else 'TTg'}")
        yield Found(found.start("number"), found.end("number"), legal.label(), legal, legal.type, "sign")


def _sign_of(word: str, after: str) -> str | None:
    if word in ("nghi dinh", "nd"):
        return "NĐ-CP"
    stated = _WHO.match(after)
    if not stated:
        return None
    who = " ".join(stated["who"].lower().split())
    if word in ("quyet dinh", "qd"):
        return "QĐ-TTg" if who.startswith("thu tuong") else None
    for code, name in ISSUERS.items():
        if strip_diacritics(name).lower() in who and (code.startswith("B") or code in ("VPCP", "TTCP")):
            return f"TT-{code}"
    return None
