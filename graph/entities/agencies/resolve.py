"""From a unit's name in a cell to its node, scoped by province, parent and time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from graph.entities.agencies.decisions import AgencyDecision, Decisions
from graph.entities.agencies.heads import GATHERING, MEMBER, PERSON, ROLE, SCOPE, STARTER
from graph.entities.agencies.known import BELONGS_TO, DEPARTMENTS, GROUPS, NATIONAL, PROVINCIAL, UNITS
from graph.entities.agencies.names import canonical, has_diacritics, recognised_key
from graph.entities.agencies.units import UnitLexicon, UnitName, parse_units
from graph.entities.registers import Registers
from graph.ids import agency_key
from graph.model import AgencyRef, Head, Level
from graph.text import fold

_COMMUNE = re.compile(r"(?:^|\s)(?:xã|phường|đặc khu|thị trấn|ấp|thôn|khu phố)(?![^\W\d_])", re.IGNORECASE)
_DISTRICT = re.compile(r"(?:^|\s)(?:cấp huyện|huyện|thị xã)(?![^\W\d_])|thành phố thuộc tỉnh", re.IGNORECASE)
_GROUP_BODY = re.compile(
    r"^(?:chủ tịch\s+)?(?:ubnd|hđnd|đảng ủy|công an|phòng .+)\s+(?:các|cấp)(?![^\W\d_])", re.IGNORECASE
)
_INNER = re.compile(
    r"^(?:Văn phòng|Phòng|Thanh tra|Trung tâm|Chi cục|Ban|Bộ phận|Tổ|Đội|Trạm|Chi nhánh|Chi bộ|Công đoàn|Kế toán"
    r"|Văn thư)(?![^\W\d_])",
    re.IGNORECASE,
)
_SELF = re.compile(
    r"^(?:cơ quan\s+)?(?:sở|ubnd (?:tỉnh|xã|phường|đặc khu|huyện|thành phố)|thanh tra tỉnh)$", re.IGNORECASE
)
_PLACE_TAIL = re.compile(r"\s+(?:tỉnh|thành phố|TP\.?)$", re.IGNORECASE)
_PLAIN_BY_NATURE = frozenset({"UBND", "HĐND", "MTTQ", "Thanh tra", "Thanh tra Chính phủ", "VNPT", "Viettel"})
_SHORT_NAME = 12
"""Folded letters up to which a misread name must be nearly whole: short names are like too many others."""
_OWN_BODY = re.compile(
    r"^(?:Ủy ban MTTQ|MTTQ|Đoàn|Hội|Công an|Ban Chỉ huy|Đảng ủy|HĐND|UBND|Trạm|Trường)(?![^\W\d_])", re.IGNORECASE
)
_OF_MINISTRY = re.compile(r"^(?:Vụ|Cục|Viện|Trường|Học viện|Tạp chí|Báo)(?![^\W\d_])")
_WITHOUT_TINH = re.compile(
    r"^(?:UBND|HĐND|Công an|Thanh tra|Văn phòng UBND|Bưu điện|Bảo hiểm xã hội|Cục Thuế)$", re.IGNORECASE
)
_NAMED_COMMUNE = re.compile(r"\b(?:xã|phường|đặc khu)\s+[A-ZĐÀ-Ỹ]")


class AgencyResolver:
    """Resolves the units that one plan names.

    A name means a body of the plan's province, or a unit inside the plan's issuer; `head` tells which. `decisions` are
    people's words on spellings. `lexicon` (the plan's own names) serves misread names. Resolving is pure: the same
    name gives the same reference.
    """

    def __init__(
        self,
        registers: Registers,
        head: Head,
        decisions: Sequence[AgencyDecision] = (),
        lexicon: UnitLexicon | None = None,
    ) -> None:
        self._registers = registers
        self._head = head
        self._day = head.issued_on or head.period.start
        self._decisions = Decisions(decisions, head.province)
        self._lexicon = lexicon or UnitLexicon()
        self._cache: dict[tuple[str, str], AgencyRef] = {}
        self._misread: tuple[tuple[str, str], ...] | None = None
        self._issuer: AgencyRef | None = None
        if head.issuer:
            self._issuer = self._body(canonical(head.issuer, registers.abbreviations), head.issuer)

    @property
    def issuer(self) -> AgencyRef | None:
        """The plan's issuer as a node, None where the head does not name it."""
        return self._issuer

    def resolve(self, name: str | UnitName, qualifier: str = "") -> AgencyRef:
        """The node of a unit named in a cell. Always answers: `confidence` and `reason` say how the name was read."""
        if isinstance(name, UnitName):
            return self.resolve(name.name, name.qualifier or qualifier)
        if "(" in name or "đối với" in name:
            units = parse_units(name)
            if len(units) == 1:
                name, qualifier = units[0].name, units[0].qualifier or qualifier
        key = (name, qualifier)
        if key not in self._cache:
            self._cache[key] = replace(self._resolve(name), qualifier=qualifier)
        return self._cache[key]

    def resolve_cell(self, cell: str) -> tuple[AgencyRef, ...]:
        """All units of a cell, with their qualifiers."""
        return tuple(self.resolve(unit) for unit in parse_units(cell, self._lexicon))

    def members(self, group: AgencyRef, known: Iterable[AgencyRef]) -> tuple[AgencyRef, ...]:
        """The members of a group among the nodes known (a plan's own, or several plans'), () where none can be told.

        "Các phòng, đơn vị thuộc Sở" are the issuer's units, "các sở, ban, ngành" the province's departments; for groups
        of communes or of persons nothing is told.
        """
        if group.kind != "group":
            return ()
        words = fold(group.name)
        wanted: list[AgencyRef] = []
        for ref in known:
            inside = self._issuer is not None and ref.kind == "unit" and ref.parent == self._issuer.key
            of_province = (
                ref.kind == "organization" and ref.level is Level.DEPARTMENT and ref.province == group.province
            )
            units = re.search(r"\b(?:phong|don vi|trung tam|chi cuc)\b", words) and "cap xa" not in words
            departments = re.search(r"\b(?:so|nganh)\b", words) and "thuoc so" not in words
            if (units and inside) or (departments and not units and of_province):
                wanted.append(ref)
        return tuple(dict.fromkeys(wanted))

    def _resolve(self, name: str) -> AgencyRef:
        decided = self._decisions.confirmed(name)
        if decided:
            found = self._read(canonical(decided.name, self._registers.abbreviations), name)
            why = decided.reason or "không ghi lý do"
            return replace(found, reason=f"{decided.author} xác nhận ngày {decided.decided_at}: {why}")
        full = canonical(name, self._registers.abbreviations)
        if has_diacritics(name) or (name.isupper() and has_diacritics(full)) or full in _PLAIN_BY_NATURE:
            return self._read(full, name)
        return self._from_misread(name)

    def _from_misread(self, name: str) -> AgencyRef:
        """A name that lost its diacritics: the nearest known name, where it is near enough and nobody rejected it."""
        from rapidfuzz import fuzz

        if self._misread is None:
            known = (*DEPARTMENTS, *NATIONAL, *PROVINCIAL, *GROUPS, *UNITS, *self._lexicon.names)
            self._misread = tuple((recognised_key(entry), entry) for entry in known if has_diacritics(entry))
        key = recognised_key(name)
        best, score = "", 0.0
        for folded, entry in self._misread:
            alike = fuzz.ratio(key, folded) / 100
            if alike > score and not self._decisions.rejected(name, entry):
                best, score = entry, alike
        needed = 0.62 if len(key) > _SHORT_NAME else 0.8 if key.startswith("so ") and best in DEPARTMENTS else 0.86
        if score >= needed:
            sure = 0.97 if score == 1 else round(score, 3)
            found = self._read(best, name)
            reason = f"“{name}” đọc là “{best}”, giống {score:.0%} (read from text without diacritics)"
            return replace(found, confidence=min(sure, found.confidence), reason=reason)
        found = self._scoped(name, name, self._head.province, None)
        return replace(found, confidence=0.3, reason=f"không nhận ra “{name}” (not recognised)")

    def _read(self, full: str, name: str) -> AgencyRef:
        if _is_group(full):
            return self._group(full, name)
        role = ROLE.match(full)
        if role or PERSON.match(full):
            return self._person(full, name, full[role.end() :].strip() if role else "")
        return self._body(full, name)

    def _group(self, full: str, name: str) -> AgencyRef:
        inside = re.search(r"(?i)(?:phòng|đơn vị|trung tâm|thuộc sở)", full) and not re.search(
            r"(?i)cấp|tỉnh|huyện|xã", full
        )
        parent = self._issuer.key if self._issuer and inside else ""
        level = Level.COMMUNE if re.search(r"(?i)cấp xã|các xã", full) else None
        level = Level.DISTRICT if re.search(r"(?i)cấp huyện|các huyện", full) else level
        return AgencyRef(
            name=name,
            key=agency_key(full, "" if parent else self._scope(self._head.province), parent),
            label=full,
            kind="group",
            level=level or (Level.UNIT if inside else None),
            province=self._head.province,
            parent=parent,
            reason="nhóm đơn vị (a group)",
        )

    def _person(self, full: str, name: str, body: str) -> AgencyRef:
        of = re.sub(r"(?i)^(?:các|đơn vị)\s+", "", body)
        parent = self._body(of[:1].upper() + of[1:], name) if of and not _is_group(body) else self._issuer
        label = full
        if parent is not None and of and parent.label != of:
            label = f"{full[: len(full) - len(body)].rstrip()} {parent.label}"
        return AgencyRef(
            name=name,
            key=agency_key(full, "" if parent else self._scope(self._head.province), parent.key if parent else ""),
            label=label,
            kind="person",
            level=parent.level if parent else None,
            province=parent.province if parent else self._head.province,
            parent=parent.key if parent else "",
            reason="chức danh hoặc người (a role or person)",
        )

    def _body(self, full: str, name: str) -> AgencyRef:
        if self._issuer is not None and self._is_self(full):
            return replace(self._issuer, name=name, reason="cơ quan ban hành kế hoạch (the plan's issuer)")
        ministry = _known(full, NATIONAL)
        if ministry:
            return AgencyRef(
                name=name, key=agency_key(ministry), label=ministry, kind="organization", level=Level.NATIONAL
            )
        base, province = self._province_of(full)
        base = self._as_of_province(base, province)
        department = _known(base, DEPARTMENTS)
        if department or re.match(r"(?i)sở\s+\S", base):
            return self._department(department or base, name, province)
        home = self._home(base)
        if home:
            return self._unit(home[0], name, home[1])
        if _known(base, PROVINCIAL) or re.search(r"(?i)\s+tỉnh$", base):
            return self._provincial(_known(base, PROVINCIAL) or base, name, province)
        local = self._issuer is not None and self._issuer.level in (Level.COMMUNE, Level.DISTRICT)
        if _DISTRICT.search(base) and not local:
            return self._scoped(base, name, province, Level.DISTRICT)
        if _COMMUNE.search(base) and not local:
            return self._scoped(base, name, province, Level.COMMUNE)
        if self._issuer is not None and local and _OWN_BODY.match(base):
            return replace(
                self._scoped(base, name, province, self._issuer.level), key=agency_key(base, "", self._issuer.key)
            )
        national = self._issuer is not None and self._issuer.level is Level.NATIONAL and _OF_MINISTRY.match(base)
        if self._issuer is not None and (_INNER.match(base) or local or national):
            return self._unit(_own_name(base, self._issuer), name, self._issuer)
        return self._scoped(base, name, province, None)

    def _is_self(self, full: str) -> bool:
        """Whether a name means the plan's issuer: by its own name, or "Sở", "UBND xã" alone in its own plan."""
        own = fold(self._issuer.label) if self._issuer is not None else ""
        if own.startswith("van phong ") and fold(full) == "van phong":
            return True
        return fold(full) == own or (
            _SELF.match(full) is not None and own.startswith(fold(full).removeprefix("co quan "))
        )

    def _department(self, base: str, name: str, province: str) -> AgencyRef:
        label = f"{base} {self._place(province)}" if province else base
        return AgencyRef(
            name=name,
            key=agency_key(base, self._scope(province)),
            label=label,
            kind="organization",
            level=Level.DEPARTMENT,
            province=province,
            confidence=1.0 if province else 0.8,
            reason="" if province else "không rõ tỉnh (province not known)",
        )

    def _provincial(self, base: str, name: str, province: str) -> AgencyRef:
        top = fold(base) in ("ubnd tinh", "hdnd tinh", "tinh uy")
        stem = re.sub(r"(?i)\s+tỉnh$", "", base)
        label = f"{stem} {self._place(province)}" if province else base
        return AgencyRef(
            name=name,
            key=agency_key(base, self._scope(province)),
            label=label,
            kind="organization",
            level=Level.PROVINCE if top else Level.DEPARTMENT,
            province=province,
            confidence=1.0 if province else 0.8,
            reason="" if province else "không rõ tỉnh (province not known)",
        )

    def _unit(self, base: str, name: str, parent: AgencyRef) -> AgencyRef:
        words = re.sub(r"(?i)^(Văn phòng|Thanh tra)\s+(?:Sở|Bộ|Ban)$", r"\1", base)
        own = base if fold(base).endswith(fold(parent.label)) else f"{words} {parent.label}" if words != base else ""
        return AgencyRef(
            name=name,
            key=agency_key(base, "", parent.key),
            label=own or f"{base}, {parent.label}",
            kind="unit",
            level=Level.UNIT,
            province=parent.province,
            parent=parent.key,
            confidence=min(parent.confidence, 0.97),
            reason=f"đơn vị thuộc {parent.label} (a unit of the body named)",
        )

    def _scoped(self, base: str, name: str, province: str, level: Level | None) -> AgencyRef:
        named = level is not None or _NAMED_COMMUNE.search(base)
        return AgencyRef(
            name=name,
            key=agency_key(base, self._scope(province)),
            label=base,
            kind="organization",
            level=level,
            province=province,
            confidence=0.9 if named else 0.7,
            reason="" if named else "tên không thuộc mẫu nào đã biết (a name of no known pattern)",
        )

    def _home(self, base: str) -> tuple[str, AgencyRef] | None:
        """The body that a widely found unit belongs to, or that a unit names itself ("Văn phòng Sở Tư pháp")."""
        key = fold(base)
        for beginning, parent in BELONGS_TO:
            if key.startswith(beginning):
                own = base if beginning.endswith(" tinh") else re.sub(r"(?i)\s+tỉnh$", "", base)
                return own, self._body(parent, parent)
        inner = re.match(r"(?i)(?P<unit>Văn phòng|Thanh tra|Phòng .+?)\s+(?:thuộc\s+)?(?P<body>Sở\s+.+)$", base)
        if inner and _known(inner["body"], DEPARTMENTS):
            own = inner["unit"] if inner["unit"].lower().startswith("phòng") else f"{inner['unit']} Sở"
            return own, self._body(inner["body"], inner["body"])
        return None

    def _province_of(self, full: str) -> tuple[str, str]:
        """The name without the province at its end, and the province that it means."""
        for name in self._registers.provinces.find_in(full)[-1:]:
            tail = re.search(rf"(?i)\s+(?:(?:tỉnh|thành phố|TP\.?)\s+)?{re.escape(name)}$", full)
            if tail:
                stem = full[: tail.start()]
                said = re.search(r"(?i)^\s+(?:tỉnh|thành phố|TP)", tail.group()) and not _known(
                    stem, (*DEPARTMENTS, *PROVINCIAL)
                )
                return (f"{stem} tỉnh" if said or _WITHOUT_TINH.search(stem) else stem), name
        return full, self._head.province

    def _as_of_province(self, base: str, province: str) -> str:
        """ "Công an thành phố" in a centrally run city is what "Công an tỉnh" is in a province; a province's own
        "Văn phòng" is its committee's."""
        if self._issuer is not None and self._issuer.level is Level.PROVINCE and fold(base) == "van phong":
            return "Văn phòng UBND tỉnh"
        found = self._registers.provinces.get(province)
        city = found is not None and "thành phố" in f"{found.full_name} {found.full_name_now}".lower()
        if city and not (self._issuer and self._issuer.level in (Level.COMMUNE, Level.DISTRICT)):
            return re.sub(r"(?i)\s+(?:thành phố|TP\.?)$", " tỉnh", base)
        return base

    def _place(self, province: str) -> str:
        found = self._registers.provinces.get(province)
        if found is None:
            return f"tỉnh {province}"
        changed = found.type_changed_on is not None and _not_before(self._day, found.type_changed_on)
        full = found.full_name_now if changed else found.full_name
        return full[:1].lower() + full[1:]

    def _scope(self, province: str) -> str:
        """The province as a key: a province made of several is another one from the day its new bodies took over."""
        found = self._registers.provinces.get(province)
        if found and found.merged and found.operates_from and _not_before(self._day, found.operates_from):
            return f"{province} từ {found.operates_from.isoformat()}"
        return province


def _not_before(day: date | None, start: date) -> bool:
    return day is not None and day >= start


def _known(name: str, names: Sequence[str]) -> str:
    key = fold(name)
    return next((known for known in names if fold(known) == key), "")


def _own_name(base: str, issuer: AgencyRef) -> str:
    """One name for a unit of the issuer that plans call by a longer or shorter one ("Văn phòng", "Văn phòng Sở")."""
    kind = re.match(r"Sở|Bộ|Ban", issuer.label)
    if kind and fold(base) in ("van phong", "thanh tra"):
        return f"{base} {kind[0]}"
    return base


def _is_group(name: str) -> bool:
    if GATHERING.match(name) or _GROUP_BODY.match(name):
        return True
    if ROLE.match(name):
        return re.search(r"(?i)\s(?:các|đơn vị)(?:\s|$)", name) is not None
    starter = STARTER.match(name)
    if not starter:
        return False
    rest = name[starter.end() :].lstrip()
    if rest.startswith(","):
        return MEMBER.match(rest[1:].lstrip()) is not None
    return bool(rest) and SCOPE.match(rest) is not None
