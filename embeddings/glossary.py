"""Wordings of people and of English put into the words of plans: two phrase tables and a list of question words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.resources import files

from embeddings.lexical import spell
from embeddings.syllables import is_syllable
from embeddings.typing_slips import decoded
from graph.text import fold

_LATIN = re.compile(r"[a-z]+(?:'s)?")
_STOP_WORDS = """
a an the of and or to in on at by for from with without is are be been was were do does did how what which who when
where why must should shall can could will would may not no than that this those these it its their they all any each
every into as about between within per have has had our we you your
"""
_STOP = frozenset(_STOP_WORDS.split())
_ENDINGS = (("ies", "es", "s"), ("ing", "ed", "ly"))
_MOSTLY = 0.6
"""The share of a query's words that must be known for it to be read as English by them alone."""


def table(name: str) -> list[tuple[str, str]]:
    """The pairs of a phrase table among the package's data."""
    lines = (files("embeddings") / "data" / name).read_text("utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(pair[0].strip(), pair[1].strip()) for pair in pairs]


@lru_cache(maxsize=1)
def _english() -> dict[tuple[str, ...], str]:
    return {
        tuple(stem(word) for word in _LATIN.findall(source.lower())): target for source, target in table("english.tsv")
    }


@lru_cache(maxsize=1)
def everyday() -> dict[tuple[str, ...], str]:
    """Everyday phrases, as words, and what plans say instead."""
    return {tuple(spell(source).split()): target for source, target in table("everyday.tsv")}


@lru_cache(maxsize=1)
def _questions() -> frozenset[tuple[str, ...]]:
    text = (files("embeddings") / "data" / "questions.txt").read_text("utf-8")
    return frozenset(tuple(spell(line).split()) for line in text.splitlines() if line)


def stem(word: str) -> str:
    """An English word without its commonest endings; only good for looking it up in the same table."""
    word = word.removesuffix("'s")
    for endings in _ENDINGS:
        for ending in endings:
            if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
                word = word[: -len(ending)]
                break
    return word.rstrip("eiy") if len(word) > 3 else word


def from_english(query: str) -> tuple[str, float]:
    """The terms of the field for an English query and the share of its content words that they stand for; ("", 0) when
    the query is not English.

    A query is English when the table or the list of small words knows most of its words, or knows some and half of all
    can be no Vietnamese syllable, not even one with telex keys left in it. Words the table does not know are kept as
    they are (names, numbers), words without meaning dropped.
    """
    words = re.findall(r"[^\W_]+(?:'s)?", query.lower())
    latin = [word for word in words if _LATIN.fullmatch(word)]
    known = _english()
    parts = {part for key in known for part in key}
    familiar = [word for word in latin if word in _STOP or stem(word) in parts]
    foreign = [word for word in latin if not (is_syllable(word) or decoded(word))]
    mostly = len(familiar) >= len(latin) * _MOSTLY
    if not familiar or len(latin) < len(words) * _MOSTLY or not (mostly or len(foreign) >= max(3, len(latin) / 2)):
        return "", 0.0
    stems = [stem(word) if _LATIN.fullmatch(word) else word for word in words]
    made: list[str] = []
    unknown = at = 0
    while at < len(words):
        for size in range(min(5, len(words) - at), 0, -1):
            target = known.get(tuple(stems[at : at + size]))
            if target:
                made.append(target)
                at += size
                break
        else:
            if words[at] not in _STOP:
                made.append(words[at])
                unknown += 1
            at += 1
    content = max(1, sum(word not in _STOP for word in words))
    return ", ".join(made), 1 - unknown / content


def from_everyday(query: str, bound: Callable[[str, str], bool] | None = None) -> tuple[str, dict[str, str]]:
    """The query with everyday phrases put as plans put them, and which phrase became what; unchanged without any.

    A phrase is found with small words inside it too ("nộp các loại phí"). `bound` says whether two neighbouring words
    (as written) are one term of the plans: an everyday word that is a part of one is no everyday word ("thưởng" in
    "khen thưởng").
    """
    tokens = re.findall(r"[^\W_]+%?|[^\w\s]", query)
    keys = [spell(token) for token in tokens]
    made, changed, at = [], {}, 0
    while at < len(tokens):
        end, target = _everyday_at(keys, at)
        said = " ".join(tokens[at:end])
        if end == at + 1 and target and bound and _part_of_term(keys, at, bound):
            target = ""
        if target and spell(said) != spell(target):  # an entry that stands for itself only shields its words
            changed[said] = target
            made.append(target)
        else:
            made.append(said)
        at = end
    return (" ".join(made), changed) if changed else (query, {})


def _everyday_at(keys: Sequence[str], start: int) -> tuple[int, str]:
    """The end of the longest phrase of the table that starts there and what it means; the next word and "" for none."""
    known = everyday()
    there = range(start, min(len(keys), start + 6))
    for size in range(len(there), 0, -1):
        target = known.get(tuple(keys[at] for at in there[:size]))
        if target:
            return there[size - 1] + 1, target
    large = [start, *(at for at in range(start + 1, min(len(keys), start + 8)) if keys[at] not in _SMALL)]
    for size in range(min(6, len(large)), 1, -1):
        target = known.get(tuple(keys[at] for at in large[:size]))
        if target:
            return large[size - 1] + 1, target
    return start + 1, ""


_SMALL_WORDS = """
các những cho của được phải bị đã đang sẽ lại cái mấy hết loại mọi từng việc thì là mà ra vào
"""
_SMALL = frozenset(_SMALL_WORDS.split())


def _part_of_term(keys: Sequence[str], at: int, bound: Callable[[str, str], bool]) -> bool:
    before = at > 0 and bound(keys[at - 1], keys[at])
    return before or (at + 1 < len(keys) and bound(keys[at], keys[at + 1]))


def without_question(query: str) -> str:
    """The query without the words that only make it a question; the query itself when nothing else is left.

    They stand at its ends; inside it the same words say something ("nộp ở đâu cũng được"), but for those that ask for
    a number or a way.
    """
    tokens = query.split()
    keys = [spell(token) for token in tokens]
    runs: list[tuple[int, int]] = []
    at = 0
    while at < len(tokens):
        size = next((n for n in range(min(6, len(keys) - at), 0, -1) if tuple(keys[at : at + n]) in _questions()), 0)
        if size:
            runs.append((at, at + size))
        at += size or 1
    asked = {at for start, end in runs if _ASKING & set(keys[start:end]) for at in range(start, end)}
    first, last = 0, len(tokens)
    for start, end in runs:
        first = end if start == first else first
    for start, end in reversed(runs):
        last = start if end == last else last
    kept = [token for at, token in enumerate(tokens) if first <= at < last and at not in asked]
    return " ".join(kept) if len(fold(" ".join(kept))) >= 3 else query


_ASKING = frozenset({"nhiêu", "nào"})


@lru_cache(maxsize=1)
def phrases() -> tuple[str, ...]:
    """Everything Vietnamese in the tables, as a sample of ordinary and official language."""
    everyday = [side for pair in table("everyday.tsv") for side in pair]
    questions = (files("embeddings") / "data" / "questions.txt").read_text("utf-8").splitlines()
    return (*everyday, *questions, *(target for _, target in table("english.tsv")))
