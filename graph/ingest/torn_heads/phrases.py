"""What a column's heading may say, word by word: so that a heading torn over several lines can be put together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from graph.ingest.columns import phrases
from graph.text import fold

Words = tuple[str, ...]
"""Folded words of a heading; "," stands where another name of the same column follows ("Kết quả, sản phẩm")."""

NUMBER_LETTERS = frozenset(("s", "o", "so", "t", "tt", "st", "stt"))
_NUMBERS = frozenset(("tt", "stt", "sott", "sothutu", "thutu"))
_JOINING = frozenset(("va", "hoac"))
_QUALIFIERS = (
    "thuc hien", "hoan thanh", "du kien", "cu the", "chu yeu", "chinh", "can dat", "phai dat", "dat duoc", "chi tiet",
    "trong tam", "duoc giao", "bao cao", "ban hanh", "trien khai", "nam #", "trong nam #", "den nam #", "tham muu",
    "giai doan # #", "giai doan #", "theo doi", "du thao", "soan thao", "chiu trach nhiem", "cua don vi",
    "cua so", "cua nhiem vu",
)  # fmt: skip
_MOST_WORDS = 14
_SPLINTER = 2
_SURE, _JOINED, _QUALIFIED, _VAGUE = 1.0, 0.9, 0.8, 0.4
_VAGUE_WORDS = frozenset(
    tuple(text.split())
    for text in ("phong", "bo phan", "don vi", "co quan", "thuc hien", "hoan thanh", "phan cong", "danh gia", "muc",
                 "ma", "so", "han", "phu trach", "dau moi", "tinh trang", "trach nhiem", "yeu cau", "can cu", "luu y",
                 "tieu chi", "linh vuc", "cong viec", "chi so")
)  # fmt: skip
"""Words that head a column now and then, and stand in cells everywhere."""
_GENERAL = frozenset(
    tuple(text.split())
    for text in (
        "co quan thuc hien", "don vi thuc hien", "co quan don vi thuc hien", "trach nhiem thuc hien", "trach nhiem",
        "phan cong thuc hien", "phan cong", "to chuc thuc hien", "thuc hien", "co quan", "don vi", "co quan don vi",
        "phan cong trach nhiem",
    )
)  # fmt: skip


@lru_cache(maxsize=1)
def _known() -> tuple[dict[Words, str], frozenset[Words]]:
    """Whole headings with their fields, and what headings begin with."""
    known, parts = phrases()
    whole = {key: name for phrase, name in [*parts, *known.items()] if (key := _plain(tuple(phrase.split())))}
    begun = frozenset(key[:n] for key in whole for n in range(1, len(key)))
    return whole, begun


@lru_cache(maxsize=1)
def _unbroken() -> tuple[dict[str, str], frozenset[str]]:
    """The same without blanks: a narrow column breaks words ("Ghi / ch / ú")."""
    whole = {"".join(key): name for key, name in _known()[0].items() if name != "number"}
    return whole, frozenset(key[:n] for key in whole for n in range(4, len(key)))


@lru_cache(maxsize=1)
def _qualifiers() -> tuple[frozenset[Words], frozenset[Words]]:
    whole = frozenset(tuple(text.split()) for text in _QUALIFIERS)
    return whole, frozenset(key[:n] for key in whole for n in range(1, len(key)))


def tokens(text: str) -> Words:
    """The words of a heading or of a piece of one, folded; bracketed words ("(nếu có)") are left out."""
    made: list[str] = []
    for word in re.sub(r"\([^)]*\)?", " ", text).split():
        key = fold(word).split()
        if not key:
            if word in ("/", "-", "–", "&", ",", ";") and made:
                made.append(",")
            continue
        if key[0] in _JOINING:
            made.append(",")
            continue
        for n, part in enumerate(key):
            made += [","] * (n > 0) + [part]
        if word[-1] in ",;/&":
            made.append(",")
    return tuple(made)


@lru_cache(maxsize=16384)
def field_of_words(words: Words) -> tuple[str, float] | None:
    """The field that the words name as a whole heading, and how surely (0..1); None when they are no whole heading."""
    plain = _plain(words)
    if not plain or len(plain) > _MOST_WORDS or words[-1] == ",":
        return None
    if all(word in NUMBER_LETTERS for word in plain) or plain[0] in ("so", "thu"):
        if "".join(plain) in _NUMBERS:
            return "number", _SURE
        if all(word in NUMBER_LETTERS for word in plain):
            return None
    whole, _ = _known()
    if plain in whole:
        return whole[plain], _VAGUE if plain in _VAGUE_WORDS else _SURE
    if min(map(len, plain)) <= _SPLINTER and (name := _unbroken()[0].get("".join(plain))):
        return name, _QUALIFIED
    if (name := _joined(_parts(words))) is not None:
        return name, _JOINED
    stem = _stem(words)
    if stem is None:
        return None
    name = whole.get(_plain(stem)) or _joined(_parts(stem))
    return None if name is None or name in ("number", "note") else (name, _QUALIFIED)


@lru_cache(maxsize=16384)
def may_go_on(words: Words) -> bool:
    """Whether some heading begins with the words and has more."""
    if not words:
        return True
    plain = _plain(words)
    if len(plain) >= _MOST_WORDS:
        return False
    if all(word in NUMBER_LETTERS for word in plain):
        joined = "".join(plain)
        return any(full.startswith(joined) and full != joined for full in _NUMBERS)
    whole, begun = _known()
    if plain in begun:
        return True
    parts = _parts(words)
    if len(parts) > 1 and all(whole.get(p, "number") != "number" for p in parts[:-1]) and parts[-1] in begun:
        return True
    if words[-1] == ",":
        return all(whole.get(part, "number") != "number" for part in parts)
    if len(words) > 1 and len(words[-1]) <= _SPLINTER + 1 and "".join(plain) in _unbroken()[1]:
        return True
    _, partial = _qualifiers()
    marked = _marked(words)
    return any(marked[cut:] in partial and field_of_words(words[:cut]) for cut in range(1, len(words)))


def is_general(words: Words) -> bool:
    """Whether a heading may stand over those of lead and coordinating agency ("Cơ quan thực hiện")."""
    return _plain(words) in _GENERAL


def _plain(words: Words) -> Words:
    return tuple(word for word in words if word != "," and word not in _JOINING)


def _joined(parts: Sequence[Words]) -> str | None:
    """The field of several names of one column ("Kết quả, sản phẩm"), or of lead and coordinating agency in one."""
    whole, _ = _known()
    names = [whole.get(part, "number") for part in parts]
    if len(names) < 2 or "number" in names:
        return None
    return "lead_coordinating" if {"lead", "coordinating"} <= set(names) else names[0]


def _parts(words: Words) -> list[Words]:
    parts: list[list[str]] = [[]]
    for word in words:
        if word == ",":
            parts.append([])
        else:
            parts[-1].append(word)
    return [tuple(part) for part in parts if part]


def _marked(words: Words) -> Words:
    return tuple("#" if word.isdigit() else word for word in words)


def _stem(words: Words) -> Words | None:
    """The words without a qualifier at their end ("năm 2026"), None where there is none."""
    full, _ = _qualifiers()
    marked = _marked(words)
    for size in (4, 3, 2, 1):
        if size < len(words) and marked[-size:] in full:
            stem = words[:-size]
            return stem[:-1] if stem[-1] == "," else stem
    return None
