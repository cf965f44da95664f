"""Vietnamese words behind the output of a recogniser that does not know Vietnamese: a noisy channel.

A word as read is what the recogniser made of a word as meant. The words meant come from a lexicon of administrative
Vietnamese with the pairs in which they stand (`restore_bigrams.tsv`, learnt from clean plans and registers by
`graph.ingest.restore_train`); the channel is an edit distance in which confusions of similar shapes are cheap, and a
table of whole words (`restore_confusions.tsv`). The best sequence is found by Viterbi. Numbers, codes and words that
nothing explains stay as they are.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from graph.text import strip_diacritics

_TOKEN = re.compile(r"\S+")
_CORE = re.compile(r"^([^\w&]*)(.*?)([^\w&]*)$", re.DOTALL)
_KEEP = re.compile(r"^(?:\d[\d.,]*%?|\d+(?:[/-]\w+)+.*|[\d./-]+|\W+)$")
_LY = frozenset(["19", "1S", "1s", "IS", "1y"])
_VOWELS = frozenset("aeiouy0684&@")
_CHANNEL = 2.3
"""How much a unit of channel cost weighs against the language model (in nats)."""
_UNREAD = -10.5
"""The log probability of a word outside the lexicon."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A text with its words restored, and the share of its words that were told with confidence (0..1)."""

    text: str
    confidence: float
    changed: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words with diacritics, their counts and the counts of pairs; `folded` maps a word without them to the words."""

    words: dict[str, int]
    pairs: dict[tuple[str, str], int]
    followed: dict[str, int]
    folded: dict[str, tuple[str, ...]]
    total: int
    acronyms: frozenset[str]

    @classmethod
    def learn(cls, texts: Iterable[str]) -> Lexicon:
        """The lexicon of clean texts; words in lower case, acronyms (two capitals or more) apart."""
        words: dict[str, int] = {}
        pairs: dict[tuple[str, str], int] = {}
        acronyms: dict[str, int] = {}
        for text in texts:
            before = ""
            for token in _TOKEN.findall(text):
                core = _core(token)[1]
                if len(core) > 1 and core.isupper() and core.isascii() and core.isalpha():
                    acronyms[core] = acronyms.get(core, 0) + 1
                word = core.lower()
                if not word or not word.isalpha():
                    before = ""
                    continue
                words[word] = words.get(word, 0) + 1
                if before:
                    pairs[before, word] = pairs.get((before, word), 0) + 1
                before = word if not token.endswith((".", ":", "!", "?")) else ""
        return cls.of(words, pairs, frozenset(word for word, count in acronyms.items() if count > 1))

    @classmethod
    def of(cls, words: dict[str, int], pairs: dict[tuple[str, str], int], acronyms: frozenset[str]) -> Lexicon:
        """A lexicon from its tables."""
        followed: dict[str, int] = {}
        for (first, _), count in pairs.items():
            followed[first] = followed.get(first, 0) + count
        folded: dict[str, list[str]] = {}
        for word in words:
            folded.setdefault(strip_diacritics(word), []).append(word)
        return cls(
            words, pairs, followed, {key: tuple(found) for key, found in folded.items()}, sum(words.values()), acronyms
        )

    def chance(self, before: str, word: str) -> float:
        """The log probability of a word after another, interpolated with its own."""
        alone = (self.words.get(word, 0) + 0.05) / (self.total + 500)
        seen = self.followed.get(before, 0)
        if not seen:
            return math.log(alone)
        known = seen / (seen + 3.0)
        return math.log(known * self.pairs.get((before, word), 0) / seen + (1 - known) * alone + 1e-9)


@lru_cache(maxsize=1)
def administrative() -> Lexicon:
    """The lexicon shipped with the package."""
    words: dict[str, int] = {}
    pairs: dict[tuple[str, str], int] = {}
    acronyms: set[str] = set()
    text = (files("graph.ingest") / "restore_bigrams.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        parts = line.split("\t")
        if len(parts) == 3:
            pairs[parts[0], parts[1]] = int(parts[2])
        elif len(parts) == 2:
            words[parts[0]] = int(parts[1])
        elif line and not line.startswith("#"):
            acronyms.add(line)
    return Lexicon.of(words, pairs, frozenset(acronyms))


@lru_cache(maxsize=1)
def _confusions() -> dict[str, tuple[tuple[str, float], ...]]:
    made: dict[str, list[tuple[str, float]]] = {}
    text = (files("graph.ingest") / "restore_confusions.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            seen, meant, cost = line.split("\t")
            made.setdefault(seen, []).append((meant, float(cost)))
    return {seen: tuple(meant) for seen, meant in made.items()}


def restore_lines(lines: Sequence[str], lexicon: Lexicon | None = None) -> list[Restored]:
    """Each line restored on its own; a line's first word may follow the last word of the line above."""
    known = lexicon or administrative()
    tokens = {core for line in lines for token in _TOKEN.findall(line) for core in [_core(token)[1]] if core}
    candidates = _candidates(sorted(tokens), known)
    return [_restore(line, known, candidates) for line in lines]


def restore(text: str, lexicon: Lexicon | None = None) -> Restored:
    """One text restored."""
    return restore_lines([text], lexicon)[0]


def _core(token: str) -> tuple[str, str, str]:
    found = _CORE.match(token)
    return (found.group(1), found.group(2), found.group(3)) if found else ("", token, "")


def _restore(line: str, lexicon: Lexicon, candidates: dict[str, tuple[tuple[str, float], ...]]) -> Restored:
    pieces = [(found.group(), found.start(), found.end()) for found in _TOKEN.finditer(line)]
    if not pieces:
        return Restored(line, 1.0, False)
    cores = [_core(piece) for piece, _, _ in pieces]
    # Viterbi; each state is a candidate (word meant, channel cost)
    beams: list[list[tuple[float, int, str, float]]] = []
    for number, (_, core, _) in enumerate(cores):
        options = candidates.get(core) or ((core, 0.0),)
        row = []
        for word, cost in options:
            fixed = word == core and core.lower() not in lexicon.words
            best, origin = -math.inf, -1
            if number == 0:
                best = _UNREAD * 0.6 if fixed else lexicon.chance("", word)
            else:
                for index, (score, _, before, _) in enumerate(beams[-1]):
                    step = _UNREAD if fixed else lexicon.chance(before, word)
                    if score + step > best:
                        best, origin = score + step, index
            row.append((best - _CHANNEL * cost, origin, word, cost))
        beams.append(row)
    index = max(range(len(beams[-1])), key=lambda at: beams[-1][at][0])
    chosen: list[tuple[str, float]] = []
    for row in reversed(beams):
        _, origin, word, cost = row[index]
        chosen.append((word, cost))
        index = origin
    chosen.reverse()
    text, last, sure, changed = "", 0, 0.0, False
    for number, ((piece, start, end), (before, core, after)) in enumerate(zip(pieces, cores, strict=True)):
        word, cost = chosen[number]
        made = _cased(core, word, number, cores, lexicon)
        known = word in lexicon.words or _KEEP.match(core) is not None or core in lexicon.acronyms
        sure += max(0.0, 1.0 - 0.5 * cost) if known or not core else 0.2
        changed = changed or made != core
        text += line[last:start] + (piece if made == core else before + made + after)
        last = end
    return Restored(text + line[last:], sure / len(pieces), changed)


def _cased(core: str, word: str, number: int, cores: Sequence[tuple[str, str, str]], lexicon: Lexicon) -> str:
    """The word meant in the case of the word read; single capitals inside a word are misreadings."""
    if word == core or word in lexicon.acronyms or not core:
        return word
    letters = [c for c in core if c.isalpha()]
    capitals = sum(c.isupper() for c in letters)
    around = [cores[at][1] for at in (number - 1, number + 1) if 0 <= at < len(cores)]
    shouting = any(len(other) > 2 and other[:3].isupper() for other in around)
    if len(letters) > 1 and capitals > 0.7 * len(letters) and (shouting or (len(letters) > 3 and len(cores) == 1)):
        return word.upper()
    if letters and core[0].isalpha() and core[0].isupper() and (number == 0 or len(letters) > 3 or word == "sở"):
        return word[:1].upper() + word[1:]
    if core[:1].isupper() and capitals == 1 and len(letters) > 1:
        return word[:1].upper() + word[1:]
    return word


def _candidates(tokens: Sequence[str], lexicon: Lexicon) -> dict[str, tuple[tuple[str, float], ...]]:
    """For each word as read the words that may be meant, with their channel costs, cheapest first."""
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cdist

    table = _confusions()
    made: dict[str, tuple[tuple[str, float], ...]] = {}
    unsure: list[str] = []
    for core in tokens:
        if core in lexicon.acronyms or (_KEEP.match(core) and core not in _LY):
            made[core] = ((core, 0.0),)
        else:
            unsure.append(core)
    if not unsure:
        return made
    keys = sorted(lexicon.folded)
    shapes = [_shape(key) for key in keys]
    read = [strip_diacritics(core).lower() for core in unsure]
    distances = cdist(
        [_shape(text) for text in read], shapes, scorer=Levenshtein.distance, score_cutoff=3, dtype=_int()
    )
    acronyms = sorted(lexicon.acronyms)
    for number, core in enumerate(unsure):
        text = read[number]
        found: dict[str, float] = {}
        for word in lexicon.folded.get(text, ()):
            # diacritics that were read are believed
            found[word] = 0.0 if core.isascii() or word == core.lower() else 0.4
        for word, cost in table.get(text, ()):
            if word in lexicon.words:
                found[word] = min(found.get(word, 9.0), cost)
        limit = 1 if len(text) <= 3 else 2 if len(text) <= 6 else 3
        row = distances[number]
        near = [at for at in row.argsort(kind="stable")[:14] if row[at] <= limit]
        for at in near:
            cost = _channel(text, keys[at])
            if cost <= 0.35 + 0.33 * len(text):
                for word in lexicon.folded[keys[at]]:
                    found[word] = min(found.get(word, 9.0), cost)
        if sum(c.isupper() for c in core) >= 0.6 * len(core) and len(core) >= 3:
            for acronym in acronyms:
                if abs(len(acronym) - len(core)) <= 2 and len(acronym) >= 4:
                    apart = Levenshtein.distance(core.upper(), acronym)
                    if apart <= len(acronym) // 3:
                        found[acronym] = 0.4 + 0.4 * apart
        kept = sorted(found.items(), key=lambda item: (item[1], -lexicon.words.get(item[0], 0)))[:9]
        made[core] = (*kept, (core, 0.0)) if core not in found else tuple(kept)
    return made


def _int() -> type:
    import numpy as np

    return np.uint8


_SHAPES = str.maketrans(
    dict.fromkeys("aeou04 68&@", "o")
    | dict.fromkeys("il1j|!ty", "i")
    | dict.fromkeys("hbkn", "n")
    | {"g": "q", "f": "i"}
)


@lru_cache(maxsize=65536)
def _shape(text: str) -> str:
    """The text with letters of similar shape made equal, for a first cheap search."""
    return text.translate(_SHAPES)


_SIMILAR = {
    frozenset(pair): cost
    for pairs, cost in (
        ("li 1i 1l ji jy iy ij", 0.4),
        ("ce co eo sa se tr ft fd td cd", 0.6),
        ("hb hn nr mn nu vy gq kh bh hk mu ur dl ct rn dq d4 t1 tl gy", 0.6),
    )
    for pair in pairs.split()
}
_MERGED = {
    "tr": "u", "ir": "u", "ur": "u", "tu": "u", "fr": "u", "ii": "n", "li": "h", "cl": "d", "ri": "n", "rn": "m", "in": "m",
    "ni": "m", "lc": "k", "ic": "k", "it": "u", "ti": "u", "il": "u", "im": "un", "ng": "ng", "vi": "m", "ui": "u", "er": "o",
    "or": "o", "ar": "a", "uo": "uo", "&": "en", "8": "o", "th": "th", "rt": "n", "ft": "u", "xi": "uo", "tt": "u",
}  # fmt: skip


@lru_cache(maxsize=65536)
def _channel(read: str, meant: str) -> float:
    """What it costs that `meant` (folded) was read as `read` (lower case, without diacritics)."""
    rows, columns = len(read) + 1, len(meant) + 1
    table = [[math.inf] * columns for _ in range(rows)]
    table[0][0] = 0.0
    for i in range(rows):
        for j in range(columns):
            here = table[i][j]
            if here == math.inf:
                continue
            if i < rows - 1:
                table[i + 1][j] = min(table[i + 1][j], here + _alone(read[i]))
            if j < columns - 1:
                table[i][j + 1] = min(table[i][j + 1], here + (0.65 if meant[j] in _VOWELS else 0.95))
            if i < rows - 1 and j < columns - 1:
                table[i + 1][j + 1] = min(table[i + 1][j + 1], here + _swapped(read[i], meant[j]))
            for width in (1, 2):
                shape = _MERGED.get(read[i : i + width]) if i + width < rows + 0 else None
                if shape and meant.startswith(shape, j) and read[i : i + width] != shape:
                    there = table[i + width][j + len(shape)]
                    table[i + width][j + len(shape)] = min(there, here + 0.5)
    return table[-1][-1]


def _alone(char: str) -> float:
    return 0.25 if not char.isalnum() else 0.65 if char in _VOWELS else 0.9


def _swapped(read: str, meant: str) -> float:
    if read == meant:
        return 0.0
    if read in _VOWELS and meant in _VOWELS:
        return 0.35
    return _SIMILAR.get(frozenset((read, meant)), 0.55 if not read.isalnum() else 1.1)
