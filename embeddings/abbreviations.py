"""Abbreviations (TTHC, DVCTT, CBCCVC): the register's and those a plan defines itself ("thủ tục hành chính (TTHC)")."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files

from graph.text import fold, nfc, squeeze, strip_diacritics

_TOKEN = re.compile(r"[^\W_]+(?:[&-][^\W_]+)*")
_DEFINED = re.compile(
    r"((?:[^\W_]+[ ,&-]+){2,14})\(\s*(?:sau đây (?:gọi|viết) (?:tắt )?là:?\s*)?([A-ZĐƯ][A-ZĐƯ&-]{1,11})\s*\)"
)
_MEANING_NOTE = re.compile(r"\s*[(;].*$")

_AMBIGUOUS = frozenset(
    {"TT", "CP", "CB", "CC", "VC", "KT", "TM", "VT", "VP", "CT", "KH", "NQ", "MC", "QH", "TW", "STT"}
)
"""Short forms that mean several things; expanded only where nothing else can be meant (never inside running text)."""

_NOT_WORDS = frozenset({"ISO", "TCVN", "TCVN ISO", "TTg", "QĐ", "NĐ", "WAN", "AI", "VNeID", "SSO"})
"""Names and parts of document numbers: the short form is the word that people use."""


@lru_cache(maxsize=1)
def registered() -> Mapping[str, str]:
    """The shipped register: short form → meaning in lower case, notes cut off."""
    text = (files("ontology") / "register" / "abbreviations.csv").read_text("utf-8")
    made = {}
    for row in csv.DictReader(text.splitlines()):
        short = nfc(row["abbreviation"]).strip()
        if short in _AMBIGUOUS or short in _NOT_WORDS:
            continue
        made[short] = _MEANING_NOTE.sub("", squeeze(row["expansion"]))
    return made


def learn(texts: Iterable[str]) -> dict[str, str]:
    """Short forms that the texts define themselves, as "… (ABC)" whose initials fit the words before it."""
    found: dict[str, str] = {}
    for text in texts:
        for words, short in _DEFINED.findall(nfc(text)):
            meaning = _fitting(words, short)
            if meaning:
                found.setdefault(short, meaning)
    return found


def _fitting(words: str, short: str) -> str:
    """The shortest run of last words whose initials are the letters of `short`, "" when there is none."""
    tokens = words.split()
    letters = [c for c in strip_diacritics(short).lower() if c.isalnum()]
    initials = [fold(token)[:1] for token in tokens]
    for start in range(len(tokens) - 1, -1, -1):
        run = [letter for letter, token in zip(initials[start:], tokens[start:], strict=True) if fold(token) != "va"]
        if [letter for letter in run if letter] == letters:
            return " ".join(tokens[start:]).strip(" ,;-")
    return ""


class Abbreviations:
    """Expands short forms both as written in plans (capitals) and as typed in a hurry (small letters)."""

    def __init__(self, meanings: Mapping[str, str] | None = None, learnt: Mapping[str, str] | None = None) -> None:
        """`meanings` default to the shipped register; `learnt` never overrides it."""
        known = dict(registered() if meanings is None else meanings)
        for short, meaning in (learnt or {}).items():
            if short not in _AMBIGUOUS:
                known.setdefault(short, meaning)
        self.meanings: dict[str, str] = dict(sorted(known.items()))
        self._by_capitals = {short.upper(): meaning for short, meaning in self.meanings.items()}
        self._by_fold = {fold(short): meaning for short, meaning in self.meanings.items()}
        self.pairs = tuple(short for short in self.meanings if " " in short)

    def expand(self, text: str) -> str:
        """The text with its short forms in capitals written out; inside document numbers nothing is touched."""

        def long(match: re.Match[str]) -> str:
            short = match.group()
            before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
            if "/" in (before, after) or short.upper() != short:
                return short
            return self._long_form(short, text[: match.start()])

        return _TOKEN.sub(long, text)

    def _long_form(self, short: str, before: str) -> str:
        meaning = self._by_capitals.get(short)
        if meaning is None and "-" in short:
            return "-".join(self._by_capitals.get(part, part) for part in short.split("-"))
        return short if meaning is None else self.after(before, meaning)

    def _joined(self, before: str, meaning: str) -> str:
        """The meaning without the words that stand before the short form already ("chỉ số PCI")."""
        said, words = fold(before).split(), meaning.split()
        for size in range(min(len(said), len(words) - 1, 4), 0, -1):
            if said[-size:] == fold(" ".join(words[:size])).split():
                return " ".join(words[size:])
        return meaning

    def after(self, before: str, meaning: str) -> str:
        """The meaning as it reads after the text `before`: small first letter, no word said twice."""
        return self._joined(before[-40:], meaning[:1].lower() + meaning[1:])

    def meaning(self, token: str) -> str:
        """The meaning of one typed token in any case, "" when it is no known short form."""
        exact = self._by_capitals.get(nfc(token).upper())
        return exact or self._by_fold.get(fold(token), "")
