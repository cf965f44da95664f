"""Brings an agency's name to one spelling: abbreviations in full, UBND and HĐND short, one case at the beginning."""

from __future__ import annotations

import re

from graph.entities.registers import AbbreviationRegister
from graph.text import fold, squeeze, strip_diacritics

_SHORT = (
    (re.compile(r"\b(?:ủy|uỷ)\s+ban\s+nhân\s+dân\b", re.IGNORECASE), "UBND"),
    (re.compile(r"\bhội\s+đồng\s+nhân\s+dân\b", re.IGNORECASE), "HĐND"),
    (re.compile(r"\bubnd\b", re.IGNORECASE), "UBND"),
    (re.compile(r"\bhđnd\b", re.IGNORECASE), "HĐND"),
    (re.compile(r"^VP\b\.?"), "Văn phòng"),
    (re.compile(r"\buỷ\b"), "ủy"),
    (re.compile(r"\bUỷ\b"), "Ủy"),
    (re.compile(r"\bmặt\s+trận\s+tổ\s+quốc\b", re.IGNORECASE), "MTTQ"),
)
_KEPT = frozenset({"UBND", "HĐND", "MTTQ", "ISO", "ĐBQH"})
_PROPER = re.compile(r"(?:Sở|Bộ)\s+$", re.IGNORECASE)
_NAMED = re.compile(r"(?:Sở|Bộ|Phòng|Văn phòng|Trung tâm|Chi cục|Ban|Thanh tra)\s", re.IGNORECASE)
_READ_AS_S = re.compile(r"^(?P<all>(?:[cd]\w{1,3} )?)(?:s[aeiod]?[rct]?|s6)(?= )")
_TOKEN = re.compile(r"(?<![^\W_])[A-ZĐ]{2,}(?:\s?[&-]\s?[A-ZĐ]{2,})*(?![^\W_])")
_CONFUSED = str.maketrans({"0": "o", "8": "o", "6": "o", "1": "i", "5": "s", "9": "g", "|": "i", "!": "i"})


def canonical(name: str, abbreviations: AbbreviationRegister) -> str:
    """The name in one spelling: "Sở TTTT" and "sở Thông tin và truyền thông" differ in case only afterwards."""
    made = squeeze(name).strip(" ,;.:-–")
    for pattern, full in _SHORT:
        made = pattern.sub(full, made)

    def expand(found: re.Match[str]) -> str:
        token = found.group().replace(" ", "")
        if token in _KEPT:
            return found.group()
        expansions = abbreviations.expand(token) or abbreviations.expand(token.replace("-", ""))
        if not expansions:
            return found.group()
        proper = found.start() == 0 or _PROPER.search(made[: found.start()])
        return expansions[0] if proper else expansions[0][:1].lower() + expansions[0][1:]

    if _NAMED.match(made) or _TOKEN.fullmatch(made):
        made = _TOKEN.sub(expand, made)
    return made[:1].upper() + made[1:]


def has_diacritics(text: str) -> bool:
    """Whether any letter of the text carries a Vietnamese mark."""
    return strip_diacritics(text) != text


def recognised_key(text: str) -> str:
    """The key on which misread names are compared: folded, digits and marks inside words as the letters they look like,
    the many readings of "Sở" as one."""
    key = fold(re.sub(r"(?<=\w)[|!0-9]|[|!0-9](?=\w)", lambda found: found.group().translate(_CONFUSED), text))
    return _READ_AS_S.sub(lambda found: f"{found['all']}so", key)
