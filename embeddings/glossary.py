"""Wordings of people and of English put into the words of plans: two phrase tables and a list of question words."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

from embeddings.lexical import spell
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
"""The share of a query's words that the English table must know for it to be read as English."""


def _table(name: str) -> list[tuple[str, str]]:
    lines = (files("embeddings") / "data" / name).read_text("utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(pair[0].strip(), pair[1].strip()) for pair in pairs]


@lru_cache(maxsize=1)
def _english() -> dict[tuple[str, ...], str]:
    return {
        tuple(stem(word) for word in _LATIN.findall(source.lower())): target for source, target in _table("english.tsv")
    }


@lru_cache(maxsize=1)
def _everyday() -> dict[tuple[str, ...], str]:
    return {tuple(spell(source).split()): target for source, target in _table("everyday.tsv")}


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


def from_english(query: str) -> str:
    """The terms of the field for an English query, "" when the query is not English.

    Words the table does not know are kept as they are (names, numbers), words without meaning dropped.
    """
    words = re.findall(r"[^\W_]+(?:'s)?", query.lower())
    latin = [word for word in words if _LATIN.fullmatch(word)]
    table = _english()
    known = {part for key in table for part in key}
    familiar = [word for word in latin if word in _STOP or stem(word) in known]
    if len(latin) < len(words) * _MOSTLY or len(familiar) < max(1, len(latin) * _MOSTLY):
        return ""
    stems = [stem(word) if _LATIN.fullmatch(word) else word for word in words]
    made: list[str] = []
    at = 0
    while at < len(words):
        for size in range(min(5, len(words) - at), 0, -1):
            target = table.get(tuple(stems[at : at + size]))
            if target:
                made.append(target)
                at += size
                break
        else:
            if words[at] not in _STOP:
                made.append(words[at])
            at += 1
    return ", ".join(made)


def from_everyday(query: str) -> tuple[str, dict[str, str]]:
    """The query with everyday phrases put as plans put them, and which phrase became what; unchanged without any."""
    tokens = re.findall(r"[^\W_]+%?|[^\w\s]", query)
    keys = [spell(token) for token in tokens]
    made, changed, at = [], {}, 0
    while at < len(tokens):
        for size in range(min(6, len(tokens) - at), 0, -1):
            target = _everyday().get(tuple(keys[at : at + size]))
            if target:
                said = " ".join(tokens[at : at + size])
                if spell(said) != spell(target):  # an entry that stands for itself only shields its words
                    changed[said] = target
                made.append(said if spell(said) == spell(target) else target)
                at += size
                break
        else:
            made.append(tokens[at])
            at += 1
    return (" ".join(made), changed) if changed else (query, {})


def without_question(query: str) -> str:
    """The query without the words that only make it a question; the query itself when nothing else is left."""
    tokens = query.split()
    keys = [spell(token) for token in tokens]
    kept: list[str] = []
    at = 0
    while at < len(tokens):
        for size in range(min(6, len(tokens) - at), 0, -1):
            if tuple(keys[at : at + size]) in _questions():
                at += size
                break
        else:
            kept.append(tokens[at])
            at += 1
    return " ".join(kept) if len(fold(" ".join(kept))) >= 3 else query


@lru_cache(maxsize=1)
def phrases() -> tuple[str, ...]:
    """Everything Vietnamese in the tables, as a sample of ordinary and official language."""
    everyday = [side for pair in _table("everyday.tsv") for side in pair]
    questions = (files("embeddings") / "data" / "questions.txt").read_text("utf-8").splitlines()
    return (*everyday, *questions, *(target for _, target in _table("english.tsv")))
