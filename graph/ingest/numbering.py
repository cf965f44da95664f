"""Automatic numbering of Word documents: the label that Word prints in front of a paragraph.

Follows ECMA-376 part 1, 17.9: `w:num` points to `w:abstractNum`, whose levels have a start, a format and a text such as
"%1.%2."; a level starts again after a higher one. Lists that share an abstract numbering go on counting together unless
they override the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml import etree

_LEVELS = 9


def roman(number: int) -> str:
    """A Roman numeral in capitals; Arabic digits beyond 3999."""
    if not 0 < number < 4000:
        return str(number)
    made = ""
    for value, letters in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        made += letters * (number // value)
        number %= value
    return made


def _letter(number: int) -> str:
    if number < 1:
        return str(number)
    return chr(ord("a") + (number - 1) % 26) * min(1 + (number - 1) // 26, 5)


def format_number(number: int, style: str) -> str:
    """A counter in one of Word's formats (`w:numFmt`); unknown formats are printed in Arabic digits."""
    if style == "none":
        return ""
    if style == "upperRoman":
        return roman(number)
    if style == "lowerRoman":
        return roman(number).lower()
    if style == "upperLetter":
        return _letter(number).upper()
    if style == "lowerLetter":
        return _letter(number)
    if style == "decimalZero":
        return f"{number:02d}"
    return str(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    start: int = 1
    style: str = "decimal"
    text: str = ""
    legal: bool = False
    restart: int | None = None


class Numbering:
    """The numbering definitions of a document, and the counters while its paragraphs are read in order."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._links: dict[str, str] = {}
        self._nums: dict[str, str] = {}
        self._overrides: dict[str, dict[int, int]] = {}
        self._own_levels: dict[str, dict[int, _Level]] = {}
        self._styles: dict[str, tuple[str | None, int | None, str | None]] = {}
        self._counters: dict[str, list[int | None]] = {}
        self._started: set[tuple[str, int]] = set()
        if numbering is not None:
            self._read(numbering)
        if styles is not None:
            self._read_styles(styles)

    def _read(self, root: etree._Element) -> None:
        for element in root:
            name = _local(element)
            if name == "abstractNum":
                key = _attribute(element, "abstractNumId") or ""
                self._abstract[key] = {}
                for child in element:
                    if _local(child) == "lvl":
                        self._abstract[key][_number(_attribute(child, "ilvl"), 0)] = _level(child)
                    elif _local(child) == "numStyleLink":
                        self._links[key] = _attribute(child, "val") or ""
            elif name == "num":
                key = _attribute(element, "numId") or ""
                for child in element:
                    if _local(child) == "abstractNumId":
                        self._nums[key] = _attribute(child, "val") or ""
                    elif _local(child) == "lvlOverride":
                        level = _number(_attribute(child, "ilvl"), 0)
                        for part in child:
                            if _local(part) == "startOverride":
                                self._overrides.setdefault(key, {})[level] = _number(_attribute(part, "val"), 1)
                            elif _local(part) == "lvl":
                                self._own_levels.setdefault(key, {})[level] = _level(part)

    def _read_styles(self, root: etree._Element) -> None:
        for style in root:
            if _local(style) != "style":
                continue
            based = num = None
            level: int | None = None
            for child in style:
                if _local(child) == "basedOn":
                    based = _attribute(child, "val")
                elif _local(child) == "pPr":
                    num, level = number_properties(child)
            self._styles[_attribute(style, "styleId") or ""] = (num, level, based)

    def label(self, properties: etree._Element | None) -> str:
        """The label of the next paragraph, given its `w:pPr`; "" when it has none. Counts it."""
        num, level = number_properties(properties) if properties is not None else (None, None)
        if num is None:
            style = None
            if properties is not None:
                style = next((_attribute(c, "val") for c in properties if _local(c) == "pStyle"), None)
            num, inherited = self._of_style(style)
            level = inherited if level is None else level
        if num is None or num == "0" or num not in self._nums:
            return ""
        return self._count(num, min(max(level or 0, 0), _LEVELS - 1))

    def _of_style(self, style: str | None) -> tuple[str | None, int | None]:
        for _ in range(12):  # a chain of styles; longer ones or loops are not Word's
            if style is None or style not in self._styles:
                return None, None
            num, level, based = self._styles[style]
            if num is not None:
                return num, level
            style = based
        return None, None

    def _definition(self, num: str) -> tuple[str, dict[int, _Level]]:
        key = self._nums[num]
        for _ in range(4):
            link = self._links.get(key)
            if not link or self._abstract.get(key):
                break
            linked = self._styles.get(link, (None, None, None))[0]
            if linked is None or linked not in self._nums:
                break
            key = self._nums[linked]
        return key, self._abstract.get(key, {})

    def _count(self, num: str, level: int) -> str:
        key, levels = self._definition(num)
        levels = {**levels, **self._own_levels.get(num, {})}
        counters = self._counters.setdefault(key, [None] * _LEVELS)
        override = self._overrides.get(num, {}).get(level)
        if override is not None and (num, level) not in self._started:
            counters[level] = override
        else:
            before = counters[level]
            counters[level] = levels.get(level, _Level()).start if before is None else before + 1
        self._started.add((num, level))
        for deeper in range(level + 1, _LEVELS):
            restart = levels.get(deeper, _Level()).restart
            if restart is None or (restart and level < restart):
                counters[deeper] = None
        definition = levels.get(level, _Level(text=f"%{level + 1}."))
        if definition.style == "bullet":
            return "-" if definition.text in ("-", "–", "—", "\uf02d", "") else "+" if definition.text == "+" else "•"
        made = definition.text
        for index in range(_LEVELS):
            mark = f"%{index + 1}"
            if mark not in made:
                continue
            other = levels.get(index, _Level())
            value = counters[index]
            if value is None:
                value = counters[index] = other.start
            style = "decimal" if definition.legal and other.style != "none" else other.style
            made = made.replace(mark, format_number(value, style))
        return made.strip()


def number_properties(properties: etree._Element) -> tuple[str | None, int | None]:
    """numId and level of a `w:pPr`; (None, None) without `w:numPr`."""
    for child in properties:
        if _local(child) == "numPr":
            num: str | None = None
            level: int | None = None
            for part in child:
                if _local(part) == "numId":
                    num = _attribute(part, "val")
                elif _local(part) == "ilvl":
                    level = _number(_attribute(part, "val"), 0)
            return num, level
    return None, None


def _level(element: etree._Element) -> _Level:
    values: dict[str, str] = {}
    legal = False
    for child in element:
        name = _local(child)
        if name == "isLgl":
            legal = (_attribute(child, "val") or "1") not in ("0", "false")
        elif name in ("start", "numFmt", "lvlText", "lvlRestart"):
            values[name] = _attribute(child, "val") or ""
    return _Level(
        start=_number(values.get("start"), 1),
        style=values.get("numFmt", "decimal"),
        text=values.get("lvlText", ""),
        legal=legal,
        restart=_number(values["lvlRestart"], 0) if "lvlRestart" in values else None,
    )


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _attribute(element: etree._Element, name: str) -> str | None:
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def _number(text: str | None, otherwise: int) -> int:
    try:
        return min(int(text or ""), 1_000_000)
    except ValueError:
        return otherwise
