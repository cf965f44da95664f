"""Vietnamese words behind the output of a recogniser that does not know Vietnamese: a noisy channel.

A word as read is what the recogniser made of a word as meant. The words meant come from a lexicon of administrative
Vietnamese with the pairs in which they stand (`restore_bigrams.tsv`, learnt from clean plans and registers by
`graph.ingest.restore_train`); the channel (`restore_channel`) is an edit distance in which confusions of similar shapes
are cheap, and a table of whole words (`restore_confusions.tsv`). The best sequence is found by Viterbi. Numbers, codes
and words that nothing explains stay as they are.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from graph.ingest.restore_channel import LONGEST, MERGED, TWO_AS_ONE, channel_costs, shape_of
from graph.text import strip_diacritics

__all__ = ["Lexicon", "Restored", "administrative", "channel_costs", "restore", "restore_lines"]

_TOKEN = re.compile(r"\S+")
_CORE = re.compile(r"^([^\w&]*)(.*?)([^\w&]*)$", re.DOTALL)
_KEEP = re.compile(r"^(?:\d[\d.,]*%?|\d+(?:[/-]\w+)+.*|[\d.:/-]+|\W+)$")
_ROMAN = re.compile(r"[IVX]+")
_LY = frozenset(["19", "1S", "1s", "IS", "1y"])
_CHANNEL = 2.3
"""How much a unit of channel cost weighs against the language model (in nats)."""
_OTHER = 0.5
"""On a clear page: what it costs besides that letters were misread and yet make a word as they stand."""
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
                short = (
                    2 <= len(core) <= 8 and core.isupper() and core.isascii() and core.isalpha() and not text.isupper()
                )
                if short and not _ROMAN.fullmatch(core):
                    acronyms[core] = acronyms.get(core, 0) + 1
                word = core if short else core.lower()
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
            if word in acronyms:
                continue
            folded.setdefault(strip_diacritics(word), []).append(word)
        return cls(
            words, pairs, followed, {key: tuple(found) for key, found in folded.items()}, sum(words.values()), acronyms
        )

    def alone(self, word: str) -> float:
        """The probability of a word on its own."""
        return (self.words.get(word, 0) + 0.05) / (self.total + 500)

    def chance(self, before: str, word: str) -> float:
        """The log probability of a word after another, interpolated with its own."""
        seen = self.followed.get(before, 0)
        if not seen:
            return math.log(self.alone(word))
        known = seen / (seen + 3.0)
        return math.log(known * self.pairs.get((before, word), 0) / seen + (1 - known) * self.alone(word) + 1e-9)


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


def restore_lines(lines: Sequence[str], lexicon: Lexicon | None = None, trust: float = _CHANNEL) -> list[Restored]:
    """Each line restored on its own; a line's first word may follow the last word of the line above. `trust`: how much
    a unit of channel cost weighs against the language model; more for a clearer page."""
    known = lexicon or administrative()
    tokens = {core for line in lines for token in _TOKEN.findall(line) for core in [_core(token)[1]] if core}
    candidates = _candidates(sorted(tokens), known)
    made: list[Restored] = []
    before = ""
    for line in lines:
        restored, before = _restore(line, known, candidates, before, trust)
        made.append(restored)
    return made


def restore(text: str, lexicon: Lexicon | None = None) -> Restored:
    """One text restored."""
    return restore_lines([text], lexicon)[0]


def _core(token: str) -> tuple[str, str, str]:
    found = _CORE.match(token)
    return (found.group(1), found.group(2), found.group(3)) if found else ("", token, "")


def _restore(
    line: str, lexicon: Lexicon, candidates: dict[str, tuple[tuple[str, float], ...]], above: str, trust: float
) -> tuple[Restored, str]:
    """A line restored, and its last word as meant; `above` is the last word of the line above ("" after a gap)."""
    pieces = [(found.group(), found.start(), found.end()) for found in _TOKEN.finditer(line)]
    if not pieces:
        return Restored(line, 1.0, False), ""
    cores = [_core(piece) for piece, _, _ in pieces]
    # Viterbi; each state is a candidate (word meant, channel cost)
    beams: list[list[tuple[float, int, str, float]]] = []
    for number, (_, core, _) in enumerate(cores):
        options = candidates.get(core) or ((core, 0.0),)
        if trust > _CHANNEL and len(core) > 1 and any(not cost and word != core for word, cost in options):
            options = tuple((word, cost + _OTHER if cost else cost) for word, cost in options)
        row = []
        # how the words before go on when the pair was never seen: a constant for each of them
        left = [
            (score, before, lexicon.followed.get(before, 0)) for score, _, before, _ in (beams[-1] if beams else ())
        ]
        opened = [
            (score + math.log(3.0 / (seen + 3.0)) if seen else score, before, seen, at)
            for at, (score, before, seen) in enumerate(left)
        ]
        blind = max(opened, key=lambda item: item[0]) if opened else (0.0, "", 0, -1)
        for word, cost in options:
            fixed = word == core and core.lower() not in lexicon.words
            if number == 0:
                best, origin = (_UNREAD * 0.9 if fixed else math.log(lexicon.alone(word))), -1
                if (above, word) in lexicon.pairs:
                    best = max(best, lexicon.chance(above, word))
            elif fixed:
                origin = max(range(len(left)), key=lambda at: left[at][0])
                best = left[origin][0] + _UNREAD
            else:
                best, origin = blind[0] + math.log(lexicon.alone(word)), blind[3]
                for _, before, seen, at in opened:
                    count = lexicon.pairs.get((before, word), 0) if seen else 0
                    if count:
                        value = left[at][0] + math.log(count / (seen + 3.0) + 3.0 / (seen + 3.0) * lexicon.alone(word))
                        if value > best:
                            best, origin = value, at
            row.append((best - trust * cost, origin, word, cost))
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
        known = word in lexicon.words or _KEEP.match(core) is not None
        sure += max(0.0, 1.0 - 0.5 * cost) if known or not core else 0.2
        changed = changed or made != core
        text += line[last:start] + (piece if made == core else before + made + after)
        last = end
    return Restored(text + line[last:], sure / len(pieces), changed), chosen[-1][0]


def _cased(core: str, word: str, number: int, cores: Sequence[tuple[str, str, str]], lexicon: Lexicon) -> str:
    """The word meant in the case of the word read; single capitals inside a word are misreadings."""
    if word == core or word in lexicon.acronyms or not core:
        return word
    if core.isupper() and core.isalpha() and word == core.lower():
        return core
    letters = [c for c in core if c.isalpha()]
    capitals = sum(c.isupper() for c in letters)
    around = [cores[at][1] for at in (number - 1, number + 1) if 0 <= at < len(cores)]
    shouting = any(len(other) > 2 and other[:3].isupper() for other in around)
    if len(letters) > 1 and capitals > 0.7 * len(letters) and (shouting or (len(letters) > 3 and len(cores) == 1)):
        return word.upper()
    if letters and core[0].isalpha() and core[0].isupper() and (number == 0 or len(letters) > 3 or word == "sở"):
        return word[:1].upper() + word[1:]
    if core[:1].isupper() and not core.isupper() and len(letters) > 1:
        return word[:1].upper() + word[1:]
    return word


def _candidates(tokens: Sequence[str], lexicon: Lexicon) -> dict[str, tuple[tuple[str, float], ...]]:
    """For each word as read the words that may be meant, with their channel costs, cheapest first."""
    from rapidfuzz.distance import Levenshtein

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
    read = [strip_diacritics(core).lower() for core in unsure]
    near = _near(read, keys)
    acronyms = sorted(lexicon.acronyms)
    for number, core in enumerate(unsure):
        text = read[number]
        found: dict[str, float] = {}
        for word in lexicon.folded.get(text, ()):
            # diacritics that were read are believed
            found[word] = 0.0 if core.isascii() or word == core.lower() else 0.4
        for word, cost in table.get(text, ()):
            if word in lexicon.words:
                named = word == "sở" and core[:1] == "S"  # capitals are told apart better than small letters
                found[word] = min(found.get(word, 9.0), max(0.0, cost - 0.5) if named else cost)
        if core[:1] == "S" and 1 < len(core) <= 3 and "số" in found:
            found["số"] += 0.5  # inside a line it is the agency that has the capital
        for key, cost in near[number]:
            for word in lexicon.folded[key]:
                found[word] = min(found.get(word, 9.0), cost)
        if sum(c.isupper() for c in core) >= 0.5 * len(core) and len(core) >= 3:
            for acronym in acronyms:
                if abs(len(acronym) - len(core)) <= 2 and len(acronym) >= 4:
                    apart = Levenshtein.distance(core.upper(), acronym)
                    if apart <= len(acronym) // 3:
                        found[acronym] = 0.4 + 0.4 * apart
        kept = sorted(found.items(), key=lambda item: (item[1], -lexicon.words.get(item[0], 0)))[:9]
        made[core] = (*kept, (core, 0.0)) if core not in found else tuple(kept)
    return made


_NEAREST = 45
"""So many words of the lexicon, nearest by shape, are weighed against each word as read."""


def _near(read: Sequence[str], keys: Sequence[str]) -> list[list[tuple[str, float]]]:
    """For each word as read the words of the lexicon within the channel's reach, with their costs."""
    import numpy as np
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cdist

    found: list[list[tuple[str, float]]] = [[] for _ in read]
    shapes = [shape_of(key) for key in keys]
    asked = [number for number, text in enumerate(read) if 2 <= len(text) <= LONGEST]
    if not asked:
        return found
    readings = [read[number] for number in asked]
    distances = cdist(
        [shape_of(text) for text in readings], shapes, scorer=Levenshtein.distance, score_cutoff=4, dtype=np.uint8
    )
    merged = [shape_of(TWO_AS_ONE.sub(lambda found: MERGED[found.group()], text)) for text in readings]
    distances = np.minimum(
        distances, cdist(merged, shapes, scorer=Levenshtein.distance, score_cutoff=4, dtype=np.uint8)
    )
    count = min(_NEAREST, len(keys))
    order = np.argpartition(distances, count - 1, axis=1)[:, :count]
    limit = np.array([2 if len(read[number]) <= 5 else 3 for number in asked])
    rows, places = np.nonzero(np.take_along_axis(distances, order, axis=1) <= limit[:, None])
    pairs = [(asked[row], int(order[row, place])) for row, place in zip(rows, places, strict=True)]
    pairs = [(number, at) for number, at in pairs if len(keys[at]) <= LONGEST]
    if not pairs:
        return found
    costs = channel_costs([read[number] for number, _ in pairs], [keys[at] for _, at in pairs])
    for (number, at), cost in zip(pairs, costs, strict=True):
        if cost <= 0.45 + 0.3 * len(read[number]):
            found[number].append((keys[at], float(cost)))
    return found
