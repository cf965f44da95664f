"""The words in the head of a plan's table: which field each column holds.

Headers come in many wordings, with enumerators ("5- Đơn vị chủ trì", "(4)") and through OCR without diacritics; all
are compared folded, an OCR misreading up to one wrong letter in six.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

from graph.text import fold

FIELDS = ("number", "objective", "task", "activity", "product", "lead", "coordinating", "time", "budget")
"""The fields of `RawRow` that a column can hold. `field_of_header` may besides give "content" (the task where no
column is one), "lead_coordinating" (both in one column) and "note" (known, but not part of the model)."""

_LONGEST_HEADER = 110
_LEADING_NUMBER = re.compile(r"^(?:(?:\d{1,2}|[ivx]{1,4}|[a-h]) )+(?=[a-z]{2})")


@lru_cache(maxsize=1)
def phrases() -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Whole headers, and parts from long to short, both folded, to their field."""
    import yaml

    data = yaml.safe_load(files("graph.ingest").joinpath("columns.yaml").read_text(encoding="utf-8"))
    whole: dict[str, str] = {}
    parts: dict[str, str] = {}
    for name, entry in data.items():
        for phrase in entry["whole"]:
            whole[fold(phrase) or phrase] = name
        for phrase in entry["part"]:
            parts[fold(phrase)] = name
    return whole, tuple(sorted(parts.items(), key=lambda item: (-len(item[0]), item[0])))


@lru_cache(maxsize=1)
def _unbroken() -> dict[str, str]:
    """Whole headers without their blanks: a narrow column breaks words ("ST T", "S ố T T", "Thời gia n")."""
    return {phrase.replace(" ", ""): name for phrase, name in phrases()[0].items() if len(phrase) > 1}


def header_key(text: str) -> str:
    """A header folded, without its enumerator and without a bracketed unit ("(triệu đồng)" stays when alone)."""
    key = fold(re.sub(r"\([^)]*\)", " ", text)) or fold(text)
    return _LEADING_NUMBER.sub("", key)


@lru_cache(maxsize=4096)
def field_of_header(text: str) -> str | None:
    """The field a header cell names, or None. Never matches a long text: a header has at most 110 characters."""
    key = header_key(text)
    if not key or len(text) > _LONGEST_HEADER:
        return None
    whole, parts = phrases()
    if key in whole:
        return whole[key]
    words = key.split()
    if len(words) > 1 and min(map(len, words)) == 1 and (name := _unbroken().get("".join(words))):
        return name
    if len(words) > 14:
        return None
    padded = f" {key} "
    found = [(len(phrase), -padded.find(f" {phrase} "), name) for phrase, name in parts if f" {phrase} " in padded]
    if found:
        names = {name for _, _, name in found}
        if {"lead", "coordinating"} <= names or "lead_coordinating" in names:
            return "lead_coordinating"
        return max(found)[2]
    return _misread(key, whole, parts)


def _misread(key: str, whole: dict[str, str], parts: tuple[tuple[str, str], ...]) -> str | None:
    """The field of a header with wrong letters: the nearest phrase that differs in at most one letter of six."""
    if len(key) < 6 or len(key) > 40:
        return None
    from rapidfuzz import fuzz, process

    choices = [phrase for phrase, _ in parts if len(phrase) >= 6]
    best = process.extractOne(key, choices, scorer=fuzz.ratio, score_cutoff=84)
    return None if best is None else dict(parts)[best[0]]
