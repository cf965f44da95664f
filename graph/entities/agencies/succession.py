"""Who is responsible on a day for what was assigned to a body that may no longer exist.

Every answer rests on the register of successions and of provinces; what they do not say is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from graph.entities.agencies.names import canonical
from graph.entities.registers import Registers, Succession
from graph.model import AgencyRef, Level
from graph.text import fold

_SAME_NAME = "Sở (cùng tên) của các tỉnh cũ"
_AREA = re.compile(r"(?i)\s+(?:các\s+)?(?:huyện|thị xã)(?:,\s*(?:thị xã|thành phố|thị trấn))*(?:\s+[A-ZĐÀ-Ỹ].*)?$")
_INSIDE = re.compile(r"(?i)^(?:Văn phòng|Thanh tra|.+,)\s+(?P<body>Sở\s+\S.*)$")
_DISTRICT = re.compile(r"(?i)(?<![^\W\d_])(?:huyện|thị xã)(?![^\W\d_])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Successor:
    """A body that took over. `kind` is merge, rename, transfer, abolish or split; `since` None where the register does
    not know the day. `of` is the body that it followed: a chain is told link by link. `aspect` names the part of the
    duties that went to it, "" for all."""

    name: str
    of: str
    kind: str
    since: date | None
    legal_basis: tuple[str, ...]
    confidence: str
    note: str = ""
    aspect: str = ""
    province: str = ""


def dissolved_on(
    agency: AgencyRef | str,
    registers: Registers,
    province: str = "",
    as_of: date | None = None,
    named_on: date | None = None,
) -> date | None:
    """The day on which a body ceased (merged, renamed or abolished), None where it did not by `as_of` or no day is
    known. Duties that went over in part do not end it.

    `named_on` is the day of the plan that names the body: a body whose name lives on ("UBND tỉnh Tây Ninh", merged with
    Long An's on 1 July 2025) ended only for a plan from before.
    """
    where = agency.province if isinstance(agency, AgencyRef) else province
    days = [
        change.effective
        for change in _changes(_name(agency), registers, where)
        if not change.aspect
        and _meant(change, named_on)
        and change.kind in ("merge", "rename", "abolish")
        and change.effective
        and (as_of is None or change.effective <= as_of)
    ]
    return min(days, default=None)


def successors(
    agency: AgencyRef | str,
    registers: Registers,
    as_of: date,
    province: str = "",
    *,
    named_on: date | None = None,
    aspects: bool = False,
) -> tuple[Successor, ...]:
    """The bodies that took over from an agency by a day, nearest first, chains followed to their end.

    () where the agency stands on that day, or where the register knows of no successor: `dissolved_on` tells the two
    apart. With `aspects` also those that took over a part of its duties. `named_on` as in `dissolved_on`.
    """
    name = _name(agency)
    where = agency.province if isinstance(agency, AgencyRef) else province
    made: dict[tuple[str, str], Successor] = {}
    waiting = [(name, where)]
    seen: set[tuple[str, str]] = set()
    while waiting:
        current, place = waiting.pop(0)
        if (fold(current), place) in seen:
            continue
        seen.add((fold(current), place))
        for change in _changes(current, registers, place):
            if change.effective is None or change.effective > as_of or (change.aspect and not aspects):
                continue
            if not _meant(change, named_on if current == name else None):
                continue
            for heir in change.successors:
                if fold(heir) == fold(current) and not change.earlier:
                    continue
                new = _place_of(heir, place, registers)
                made.setdefault(
                    (fold(heir), change.aspect),
                    Successor(
                        name=heir,
                        of=current,
                        kind=change.kind,
                        since=change.effective,
                        legal_basis=change.legal_basis,
                        confidence=change.confidence,
                        note=change.note,
                        aspect=change.aspect,
                        province=new,
                    ),
                )
                if not change.aspect:
                    waiting.append((_stem(heir, new), new))
    return tuple(made.values())


def _name(agency: AgencyRef | str) -> str:
    """The name under which the register knows an agency: of a unit its own, of a body that without its province."""
    if isinstance(agency, str):
        return agency
    if agency.level is Level.NATIONAL:
        return agency.label
    if agency.province:
        tail = re.search(rf"(?i)\s+(?:tỉnh|thành phố)?\s*{re.escape(agency.province)}$", agency.label)
        if tail and agency.kind == "organization":
            return agency.label[: tail.start()]
    if agency.kind == "unit":
        return "Thanh tra sở" if fold(agency.name) in ("thanh tra so", "thanh tra") else agency.name
    return agency.label


def _changes(name: str, registers: Registers, province: str) -> Iterator[Succession]:
    """What the register says of a body, under its own name, as one of its kind, and for its province."""
    full = canonical(name, registers.abbreviations)
    stem, named = full, province
    for found in registers.provinces.find_in(full)[-1:]:
        tail = re.search(rf"(?i)\s+(?:(?:tỉnh|thành phố|TP\.?)\s+)?{re.escape(found)}$", full)
        if tail and full[: tail.start()] not in ("", "UBND huyện", "UBND xã"):
            stem, named = full[: tail.start()], found
    yield from registers.successions.of(full, named)
    if stem != full:
        yield from registers.successions.of(stem, named)
    yield from _of_province(stem, named, registers)
    inside = _INSIDE.match(stem)
    if inside:  # a unit goes with the body that it belongs to
        if fold(stem).startswith("thanh tra so"):
            yield from registers.successions.of("Thanh tra sở", named)
        yield from registers.successions.of(inside["body"], named)
    if _DISTRICT.search(stem) and "cấp huyện" not in stem:
        yield from registers.successions.of(f"{_AREA.sub('', stem).strip()} cấp huyện", named)


def _of_province(stem: str, province: str, registers: Registers) -> Iterator[Succession]:
    """What the merger of provinces did to their own bodies."""
    if not province:
        return
    successor = registers.provinces.successor(province)
    if successor is None or not successor.merged:
        return
    key = fold(stem)
    if key in ("ubnd", "ubnd tinh"):
        yield from registers.successions.of(f"UBND tỉnh {province}", successor.name)
        yield from registers.successions.of(f"UBND thành phố {province}", successor.name)
        return
    ended = any(not change.aspect and change.effective for change in registers.successions.of(stem, province))
    if not key.startswith("so ") or ended:
        return
    former = registers.provinces.is_former(province)
    for rule in registers.successions.of(_SAME_NAME, successor.name):
        yield Succession(
            predecessor=f"{stem} tỉnh {province}",
            successors=(f"{stem} {successor.full_name[0].lower()}{successor.full_name[1:]}",),
            scope=successor.name,
            kind=rule.kind,
            effective=rule.effective,
            legal_basis=rule.legal_basis,
            confidence=rule.confidence,
            note=rule.note,
            earlier=not former,
        )


def _meant(change: Succession, named_on: date | None) -> bool:
    """Whether a change befell the body that a plan of that day names: of two of one name the earlier only."""
    if not change.earlier:
        return True
    return named_on is not None and change.effective is not None and named_on < change.effective


def _place_of(heir: str, province: str, registers: Registers) -> str:
    named = registers.provinces.find_in(heir)
    return named[-1] if named else province


def _stem(heir: str, province: str) -> str:
    return re.sub(rf"(?i)\s+(?:tỉnh|thành phố)\s+{re.escape(province)}$", "", heir) if province else heir
