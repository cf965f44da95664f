"""From mentions to citations: one citation a document, checked against the register, never corrected by it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from graph.entities.legal.mentions import LegalMention, find_citations, find_open_numbers
from graph.entities.legal.signs import ISSUERS, LOCAL
from graph.entities.registers import LegalRecord, LegalRegister, Registers
from graph.model import Citation, Mention, Problem, Source
from graph.text import fold, strip_diacritics


@dataclass(slots=True)
class _Place:
    mention: LegalMention
    source: Source
    row: str
    piece: str


@dataclass(slots=True)
class _Group:
    id: str
    places: list[_Place] = field(default_factory=list)
    keys: tuple[str, ...] = ()

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(dict.fromkeys(place.mention.issued_on for place in self.places if place.mention.issued_on))


def collect_citations(
    pieces: Iterable[tuple[str, Source, str]],
    registers: Registers,
    issuer_province: str = "",
    as_of: date | None = None,
) -> tuple[tuple[Citation, ...], tuple[Problem, ...]]:
    """The documents that a plan names and what does not fit. `pieces` are (text, place, row id or "").

    Mentions are one document when their id is the same and their dates of issue do not say otherwise: numbers without a
    year start anew each year. A name and a number that the register knows as one document are one citation under the
    number. Dates, issuers and types that contradict each other or the register become problems with both readings; the
    printed reading stands. With `as_of` (the plan's day) an id that serves several documents means the only one of them
    that was in force.
    """
    places: list[_Place] = []
    problems: list[Problem] = []
    for text, source, row in pieces:
        for mention in find_citations(text, registers.laws):
            places.append(_Place(mention, source, row, text))
        for blank in find_open_numbers(text):
            problems.append(
                Problem(
                    place=source,
                    code="citation-open",
                    reason=f"“{blank.text}” để trống số văn bản (the number of the document is left blank)",
                )
            )
    groups = _groups(places, registers.laws, as_of)
    citations: list[Citation] = []
    for group in groups:
        citation, found = _citation(group, registers.laws, issuer_province)
        citations.append(citation)
        problems.extend(found)
    return tuple(citations), tuple(problems)


def _groups(places: list[_Place], laws: LegalRegister, as_of: date | None) -> list[_Group]:
    by_id: dict[str, list[_Place]] = {}
    for place in places:
        by_id.setdefault(fold(place.mention.id), []).append(place)
    _merge_standards(by_id)
    groups: list[_Group] = []
    for alike in by_id.values():
        for group in _by_year(alike):
            group.keys = _keys(group, laws, as_of)
            groups.append(group)
    _told_by_names(groups)
    return _names_into_numbers(groups)


def _told_by_names(groups: list[_Group]) -> None:
    """An id of several documents means the one that the plan names in words elsewhere ("các Nghị quyết của Hội nghị
    Trung ương sáu, khóa XII" are 18-NQ/TW and 19-NQ/TW of 2017)."""
    named = {key for group in groups if group.places[0].mention.by_name for key in group.keys}
    for group in groups:
        meant = tuple(key for key in group.keys if key in named)
        if len(group.keys) > 1 and len(meant) == 1 and not group.places[0].mention.by_name:
            group.keys = meant


def _merge_standards(by_id: dict[str, list[_Place]]) -> None:
    """A standard named without its year is the one of that number that the plan names with a year."""
    for key in list(by_id):
        if by_id[key][0].mention.type not in ("TCVN", "ISO") or ":" in by_id[key][0].mention.id:
            continue
        dated = [
            other
            for other in by_id
            if other != key and by_id[other][0].mention.id.startswith(f"{by_id[key][0].mention.id}:")
        ]
        if len(dated) == 1:
            by_id[dated[0]].extend(by_id.pop(key))


def _by_year(alike: list[_Place]) -> Iterator[_Group]:
    """One group a year of issue where the id carries no year; what is undated goes with the nearest dated before it."""
    first = alike[0].mention
    years = {place.mention.issued_on.year for place in alike if place.mention.issued_on}
    if first.by_name or first.year or len(years) < 2:
        yield _Group(_best_id(alike), alike)
        return
    groups = {year: _Group(_best_id(alike)) for year in sorted(years)}
    current = next(place.mention.issued_on.year for place in alike if place.mention.issued_on)
    for place in alike:
        if place.mention.issued_on:
            current = place.mention.issued_on.year
        groups[current].places.append(place)
    yield from groups.values()


def _best_id(alike: list[_Place]) -> str:
    """The id of the fullest spelling (a standard with its year), else the first."""
    return max((place.mention.id for place in alike), key=lambda made: ":" in made)


def _keys(group: _Group, laws: LegalRegister, as_of: date | None) -> tuple[str, ...]:
    """The register's documents that the group can mean: one where it is told, several where it stays open."""
    named = [place.mention.keys for place in group.places if place.mention.by_name]
    if named:
        common = [key for key in named[0] if all(key in keys for keys in named if keys)]
        records = [record for key in common if (record := laws.get(key))]
    else:
        records = list(laws.by_id(group.id)) or (
            list(laws.by_name(group.id)) if group.places[0].mention.type == "TCVN" else []
        )
    if len(records) > 1 and group.days:
        records = [record for record in records if record.issued in group.days] or [
            record for record in records if record.issued and record.issued.year in {day.year for day in group.days}
        ]
    if len(records) > 1:
        records = _told_by_context(group, records)
    if len(records) > 1 and as_of:
        binding = [record for record in records if laws.status(record.key, as_of).value == "in_force"]
        records = binding if len(binding) == 1 else records
    return tuple(record.key for record in records)


def _told_by_context(group: _Group, records: list[LegalRecord]) -> list[LegalRecord]:
    """Records whose own names or issuer stand beside the citation; all of them where none do."""
    around = " ".join(fold(place.piece) for place in group.places)
    told = []
    for record in records:
        names = [fold(name) for name in (*record.aliases, record.issuer) if record.id not in name and len(name) > 24]
        if any(name in around for name in names):
            told.append(record)
    return told or records


def _names_into_numbers(groups: list[_Group]) -> list[_Group]:
    """A document cited both by name and by number is one citation, under its number."""
    numbered = {
        group.keys[0]: group for group in groups if len(group.keys) == 1 and not group.places[0].mention.by_name
    }
    by_name: dict[str, _Group] = {}
    kept: list[_Group] = []
    for group in groups:
        if group.places[0].mention.by_name and len(group.keys) == 1:
            home = numbered.get(group.keys[0]) or by_name.get(group.keys[0])
            if home is not None and home is not group:
                home.places.extend(group.places)
                continue
            by_name[group.keys[0]] = group
        kept.append(group)
    return kept


def _citation(group: _Group, laws: LegalRegister, province: str) -> tuple[Citation, list[Problem]]:
    record = laws.get(group.keys[0]) if len(group.keys) == 1 else None
    mentions = [place.mention for place in group.places]
    first = mentions[0]
    problems = list(_problems(group, record, laws))
    days = [mention.issued_on for mention in mentions if mention.issued_on]
    titles = [mention.title for mention in mentions if mention.title]
    kind = first.type
    if first.legal and not first.legal.type:
        kind = next(
            (mention.stated_type for mention in mentions if mention.stated_type), record.type if record else kind
        )
    citation = Citation(
        id=group.id,
        type=kind,
        title=max(titles, key=len, default="") or (record.title if record else ""),
        issuer=_issuer(mentions, record, province),
        issued_on=days[0] if days else (record.issued if record else None),
        key=record.key if record else "",
        mentions=tuple(
            Mention(
                text=place.mention.text,
                relation=place.mention.relation,
                provision=place.mention.provision,
                line=place.source.line_start,
                source=place.source,
                row=place.row,
            )
            for place in group.places
        ),
    )
    return citation, problems


def _issuer(mentions: list[LegalMention], record: LegalRecord | None, province: str) -> str:
    """The issuer as printed, else as the sign tells, else as the register knows; local bodies with their province."""
    stated = max((mention.issuer for mention in mentions), key=len, default="")
    legal = mentions[0].legal
    known = (record.issuer if record else "") or (legal.issuer if legal else "")
    if stated and known and strip_diacritics(stated) == stated and "UBND" not in stated:
        stated = ""  # a misread name says no more than the sign does
    made = re.sub(r"(?i)[uủ][ỷy] ban nhân dân", "UBND", stated or known)
    if legal and legal.issuer_code in LOCAL and province and fold(made).endswith("tinh"):
        made = f"{made} {province}"
    return made


def _problems(group: _Group, record: LegalRecord | None, laws: LegalRegister) -> Iterator[Problem]:
    for place in group.places:
        mention = place.mention
        for vi, en in _contradictions(mention, record):
            yield Problem(place=place.source, code="citation-conflict", reason=f"“{mention.text}”: {vi} ({en})")
    for place in group.places:
        if place.mention.inferred == "misread":
            reason = f"“{place.mention.text}” đọc là {group.id} (the letters of the sign were misread)"
            yield Problem(place=place.source, code="guessed", reason=reason)
    near = _misnumbered(group, laws)
    if near:
        yield Problem(
            place=group.places[0].source,
            code="citation-conflict",
            reason=f"ghi là {group.id}, sổ đăng ký có {near.id}"
            + (f" ngày {_day(near.issued)}" if near.issued else "")
            + " (the register holds nearly this number)",
        )
    if len(group.days) > 1 and not record:
        days = " và ".join(_day(day) for day in group.days)
        yield Problem(
            place=group.places[0].source,
            code="citation-conflict",
            reason=f"{group.id} được ghi với nhiều ngày ban hành: {days} (one document cited with several dates)",
        )
    if len(group.keys) > 1 and not group.places[0].mention.by_name:
        records = [found for key in group.keys if (found := laws.get(key))]
        readings = "; ".join(f"{found.id} ngày {_day(found.issued)}" for found in records if found.issued)
        yield Problem(
            place=group.places[0].source,
            code="citation-ambiguous",
            reason=f"{group.id} có thể là {readings} (the id serves several documents and no date tells them apart)",
        )


def _misnumbered(group: _Group, laws: LegalRegister) -> LegalRecord | None:
    """A document that the register holds under nearly this id: with the year in the number, or without it."""
    mention = group.places[0].mention
    legal = mention.legal
    if legal is None or legal.is_party or group.keys:
        return None
    if legal.year:
        return laws.lookup(replace(legal, year=None).label(), year=legal.year)
    years = {day.year for day in group.days}
    return laws.lookup(replace(legal, year=years.pop()).label()) if len(years) == 1 else None


def _contradictions(mention: LegalMention, record: LegalRecord | None) -> Iterator[tuple[str, str]]:
    if mention.legal and mention.year and mention.issued_on and mention.issued_on.year != mention.year:
        yield (
            f"năm trong số hiệu là {mention.year} nhưng ngày ban hành ghi {_day(mention.issued_on)}",
            "the year in the number and the date of issue differ",
        )
    if record and record.issued and mention.issued_on and record.issued != mention.issued_on:
        yield (
            f"ngày ban hành ghi {_day(mention.issued_on)}, sổ đăng ký ghi {_day(record.issued)}",
            "the date of issue differs from the register's",
        )
    if mention.legal and mention.stated_type and mention.legal.type and not _same_type(mention):
        yield (
            f"ghi là {mention.stated_type}, ký hiệu là của {mention.legal.type}",
            "the type named and the type of the sign differ",
        )
    expected = ISSUERS.get(mention.legal.issuer_code, "") if mention.legal else ""
    if mention.issuer and expected and not _same_issuer(mention.issuer, expected):
        yield (
            f"ghi là của {mention.issuer}, ký hiệu là của {expected}",
            "the issuer named and the issuer of the sign differ",
        )


def _same_type(mention: LegalMention) -> bool:
    assert mention.legal is not None  # noqa: S101 - narrowed by the caller
    stated, signed = fold(mention.stated_type), fold(mention.legal.type)
    loose = {"de an", "chuong trinh", "ke hoach", "quy che"}  # approved by a decision, called by their own name
    return stated == signed or stated in signed or signed in stated or (signed == "quyet dinh" and stated in loose)


def _same_issuer(stated: str, expected: str) -> bool:
    said, signed = _who(stated), _who(expected)
    if signed == "trung uong":
        return any(word in said for word in ("trung uong", "bo chinh tri", "ban bi thu"))
    if signed == "chinh phu":
        return said == "chinh phu"
    return signed in said or (said != "chinh phu" and said in signed)


def _who(name: str) -> str:
    made = fold(name).replace("ubnd", "uy ban nhan dan").replace("hdnd", "hoi dong nhan dan")
    return "thu tuong chinh phu" if made == "thu tuong" else made


def _day(day: date | None) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}" if day else ""
