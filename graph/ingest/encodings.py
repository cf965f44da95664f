"""Vietnamese text in any encoding of the last thirty years, turned into NFC Unicode.

Met in plans: UTF-8 in NFC or NFD, UTF-16, code page 1258 (base letters with combining tones), the fonts of TCVN 5712
(`.VnTime`, "ABC") and VNI whose 8-bit codes look like other Latin letters when read as Unicode, UTF-8 read as code
page 1252, and all of them mixed line by line, since plans are pasted together. Every line is judged for itself. A line
is only converted on marks that no Vietnamese Unicode text shows (a TCVN3 sign inside a word, a VNI pair of vowel and
mark), so that clean text passes unchanged.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

# TCVN 5712:1993 as its 8-bit codes look in code page 1252 (small letters; capitals with tones share the small codes).
_TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢£¤¥¦§",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂÊÔƠƯĐ",
        strict=True,
    )
)
_TCVN3_TABLE = str.maketrans(_TCVN3)
# signs that stand inside a word only in TCVN3 text
_TCVN3_MARK = re.compile(r"[^\W\d_]*[µ¸¶·¹¨»¾¼½©®ª«¬\u00ad×÷§¦¥][^\W\d_]+|[^\W\d_]+[µ¸¶·¹¨»¾¼½©®ª«¬\u00ad×÷§¦¥]")

_VNI_TONES = {"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_HAT = {"â": "", "à": "\u0300", "á": "\u0301", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_VNI_BREVE = {"ê": "", "è": "\u0300", "é": "\u0301", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_SINGLE = {"ñ": "đ", "ô": "ơ", "ö": "ư", "î": "ỵ", "æ": "ỉ", "ó": "ĩ", "ò": "ị"}


def _vni_pairs() -> dict[str, str]:
    """Each VNI pair (base letter and mark) and each single code, small and capital, to its Unicode letter."""
    pairs: dict[str, str] = {}
    bases = {"a": "a", "e": "e", "o": "o", "u": "u", "y": "y", "ô": "ơ", "ö": "ư"}
    for code, letter in bases.items():
        for mark, tone in _VNI_TONES.items():
            pairs[code + mark] = letter + tone
    for base in "aeo":
        for mark, tone in _VNI_HAT.items():
            pairs[base + mark] = base + "\u0302" + tone
    for mark, tone in _VNI_BREVE.items():
        pairs["a" + mark] = "a\u0306" + tone
    pairs.update(_VNI_SINGLE)
    made: dict[str, str] = {}
    for code, decomposed in pairs.items():
        letter = unicodedata.normalize("NFC", decomposed)
        made[code] = letter
        made[code.upper()] = letter.upper()
        if len(code) == 2:
            made[code[0].upper() + code[1]] = letter.upper()
    return made


_VNI = _vni_pairs()
_VNI_PATTERN = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
# pairs that Vietnamese Unicode never writes (it does write "oà", "uâ", "uý")
_VNI_MARK = re.compile(
    r"[aeouy][øûï]|[ae][ùõåä]|a[üë]|o[ùûõåä]|[ôö][øùûõï]|[AEOUY][ØÛÏ]|[AE][ÙÕÅÄ]|[ÔÖ][ØÙÛÕÏ]|ñ[aeiouöô]|Ñ[AEIOUÖÔ]"
)
_UNICODE_MARK = re.compile(r"[\u01a0-\u01b0\u1ea0-\u1ef9]")
_MOJIBAKE = re.compile(r"á[º»][\u0080-\u00ff\u2010-\u203a\u0152-\u0178\u2122\u02c6\u02dc]|Ä[\u2018\u0090]|Æ[°¡\u00af]")
_C1 = {byte: bytes([byte]).decode("cp1252") for byte in range(0x80, 0xA0) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text in NFC and what was done to it: `repaired` maps a 0-based line to the encoding it was converted from."""

    text: str
    repaired: dict[int, str]


def decode(data: bytes) -> str:
    """Bytes of a text file as a string, converted to NFC (see `to_unicode`); never raises.

    Tried in order: byte-order marks, UTF-8, UTF-16 without a mark (many zero bytes), then code page 1252 (for TCVN3 and
    VNI) or 1258, whichever gives Vietnamese.
    """
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return to_unicode(data.decode(name, "replace")).text
    if len(data) > 3 and data.count(0) * 5 > len(data):
        return to_unicode(data.decode("utf-16-be" if data[:1] == b"\0" else "utf-16-le", "replace")).text
    try:
        return to_unicode(data.decode("utf-8")).text
    except UnicodeDecodeError:
        pass
    if _is_mostly_utf8(data):  # a few damaged bytes do not make a file TCVN3
        return to_unicode(data.decode("utf-8", "replace")).text
    western = "".join(_C1.get(byte, chr(byte)) for byte in data)
    converted = to_unicode(western)
    if converted.repaired:
        return converted.text
    viscii = unicodedata.normalize("NFC", data.decode("cp1258", "replace"))
    return viscii if len(_UNICODE_MARK.findall(viscii)) > len(_UNICODE_MARK.findall(western)) else converted.text


def to_unicode(text: str) -> Decoded:
    """The text in NFC with TCVN3, VNI and twice-encoded lines converted; the number of lines stays the same."""
    made: list[str] = []
    repaired: dict[int, str] = {}
    lines = text.split("\n")
    if text.isascii():
        return Decoded(text, {})
    for number, line in enumerate(lines):
        if line.isascii():
            made.append(line)
            continue
        composed = unicodedata.normalize("NFC", line)
        kind = _kind(composed)
        if kind:
            repaired[number] = kind
        made.append(unicodedata.normalize("NFC", _convert(composed, kind)) if kind else composed)
    _convert_neighbours(lines, made, repaired)
    return Decoded("\n".join(made), repaired)


def _kind(line: str) -> str:
    if _MOJIBAKE.search(line) and _convert(line, "utf-8 as cp1252") != line:
        return "utf-8 as cp1252"
    if _UNICODE_MARK.search(line):
        return ""
    if len(_TCVN3_MARK.findall(line)) >= 1:
        return "tcvn3"
    if len(_VNI_MARK.findall(line)) >= 1:
        return "vni"
    return ""


def _convert(line: str, kind: str) -> str:
    if kind == "tcvn3":
        return line.translate(_TCVN3_TABLE)
    if kind == "vni":
        return _VNI_PATTERN.sub(lambda match: _VNI[match.group()], line)
    raw = bytearray()
    back = {char: byte for byte, char in _C1.items()}
    for char in line:
        if ord(char) < 256:
            raw.append(ord(char))
        elif char in back:
            raw.append(back[char])
        else:
            return line
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return line


def _convert_neighbours(lines: list[str], made: list[str], repaired: dict[int, str]) -> None:
    """Short lines without a sure mark follow the converted lines around them (a cell of two words between others)."""
    if not repaired:
        return
    places = sorted(repaired)
    for before, after in pairwise(places):
        kind = repaired[before]
        if kind != repaired[after] or kind == "utf-8 as cp1252" or after - before > 12:
            continue
        between = [n for n in range(before + 1, after) if not lines[n].isascii()]
        if any(_UNICODE_MARK.search(made[n]) for n in between):
            continue
        for number in between:
            made[number] = unicodedata.normalize("NFC", _convert(unicodedata.normalize("NFC", lines[number]), kind))
            repaired[number] = kind


def _is_mostly_utf8(data: bytes) -> bool:
    text = data.decode("utf-8", "replace")
    return bool(_UNICODE_MARK.search(text)) and text.count("\ufffd") * 20 < len(text)
