"""The lexical index: inverted lists of folded words, word pairs, words as written and character 4-grams.

Scores are BM25 (Robertson & Zaragoza, 2009) with a fixed reference length instead of the collection's average, so
that a passage's weights depend on the passage alone and lists can be added, removed and merged without touching
others. A list is kept as sorted document numbers with one byte of saturated frequency each; all lists of a kind lie
in three arrays that are mapped, not read, at the start.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from graph.text import fold, nfc

Keys = NDArray[np.uint64]

K1 = 1.2
B = 0.5
_IMPACT_STEPS = 255.0
_WRITTEN = re.compile(r"[^\W_]+%?|%")


@dataclass(frozen=True, slots=True)
class Postings:
    """Inverted lists of one kind of term: `keys` sorted; list i is docs[starts[i]:starts[i+1]] with its impacts.

    An impact is tf/(tf + K1·norm) in steps of 1/255; `docs` are sorted within a list and below `count`.
    """

    keys: Keys
    starts: NDArray[np.int64]
    docs: NDArray[np.int32]
    impacts: NDArray[np.uint8]
    count: int

    @classmethod
    def build(
        cls, keys: Keys, docs: NDArray[np.int32], weights: NDArray[np.float32], count: int, pivot: float
    ) -> Postings:
        """From one entry an occurrence: term key, document and weight of the occurrence.

        `pivot` is the length (sum of weights) at which a document is neither long nor short.
        """
        if not len(keys):
            return Postings(keys, np.zeros(1, np.int64), docs.astype(np.int32), np.zeros(0, np.uint8), count)
        lengths = np.bincount(docs, weights=weights, minlength=count)
        order = np.lexsort((docs, keys))
        keys, docs, weights = keys[order], docs[order], weights[order]
        new = np.empty(len(keys), bool)
        new[0] = True
        np.not_equal(keys[1:], keys[:-1], out=new[1:])
        first_of_key = new.copy()
        new[1:] |= docs[1:] != docs[:-1]
        heads = np.flatnonzero(new)
        frequency = np.add.reduceat(weights, heads)
        owners = docs[heads]
        norm = K1 * (1 - B + B * lengths[owners] / pivot)
        impacts = np.rint(_IMPACT_STEPS * frequency / (frequency + norm)).clip(1, 255).astype(np.uint8)
        key_heads = np.flatnonzero(first_of_key)
        starts = np.append(np.searchsorted(heads, key_heads), len(heads)).astype(np.int64)
        return cls(keys[key_heads], starts, owners.astype(np.int32), impacts, count)

    @classmethod
    def merge(cls, parts: Sequence[Postings]) -> Postings:
        """The lists of consecutive runs of passages as one, numbered through; equal to building them at once."""
        keys = np.unique(np.concatenate([part.keys for part in parts]))
        places = [np.searchsorted(keys, part.keys) for part in parts]
        sizes = np.zeros(len(keys), np.int64)
        for part, place in zip(parts, places, strict=True):
            sizes[place] += np.diff(part.starts)
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
        docs, impacts = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.uint8)
        free = starts[:-1].copy()
        shift = 0
        for part, place in zip(parts, places, strict=True):
            lengths = np.diff(part.starts)
            target = np.repeat(free[place] - part.starts[:-1], lengths) + np.arange(len(part.docs))
            docs[target] = part.docs + shift
            impacts[target] = part.impacts
            free[place] += lengths
            shift += part.count
        return cls(keys, starts, docs, impacts, shift)

    def save(self, folder: Path, name: str) -> None:
        """Writes four arrays `<name>.*.npy`."""
        for part in ("keys", "starts", "docs", "impacts"):
            np.save(folder / f"{name}.{part}.npy", getattr(self, part))

    @classmethod
    def load(cls, folder: Path, name: str, count: int) -> Postings:
        """Maps the arrays of `save`; raises OSError or ValueError when they are missing or cut short."""
        keys, starts, docs, impacts = (
            np.asarray(np.load(folder / f"{name}.{part}.npy", mmap_mode="r"))
            for part in ("keys", "starts", "docs", "impacts")
        )
        return cls(keys, starts, docs, impacts, count)

    def find(self, keys: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Starts and ends of the terms' lists; equal for a term that is not there (a negative key never is)."""
        wanted = np.array([max(key, 0) for key in keys], np.uint64)
        if not len(self.keys):
            return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.int64)
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        known = (self.keys[at] == wanted) & (np.array(keys, np.int64) >= 0)
        starts = self.starts[at]
        return starts, np.where(known, self.starts[at + 1], starts)

    def frequency(self, key: int) -> int:
        """In how many documents the term occurs."""
        starts, ends = self.find([key])
        return int(ends[0] - starts[0])

    def with_all(self, keys: Sequence[int]) -> NDArray[np.bool_]:
        """Which passages have every one of the terms."""
        counts = np.zeros(self.count, np.int32)
        for start, end in zip(*self.find(keys), strict=True):
            counts[self.docs[start:end]] += 1
        return np.asarray(counts == len(keys), np.bool_)

    def at_with_all(self, keys: Sequence[int], rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of a few passages (sorted row numbers) have every one of the terms."""
        there = np.full(len(rows), bool(keys))
        for start, end in zip(*self.find(keys), strict=True):
            docs = self.docs[start:end]
            there &= np.isin(rows, docs, assume_unique=True) if end > start else False
        return there


def idf(frequencies: NDArray[np.int64], count: int) -> NDArray[np.float32]:
    """BM25's inverse document frequency, never below zero."""
    return np.asarray(np.log1p((count - frequencies + 0.5) / (frequencies + 0.5)), np.float32)


def grams(folded: str) -> NDArray[np.uint64]:
    """Keys of the character 4-grams of a folded text, word ends included."""
    raw = np.frombuffer(f" {folded} ".encode("ascii", "replace"), np.uint8).astype(np.uint64)
    if len(raw) < 4:
        return np.zeros(0, np.uint64)
    shifts = np.array([24, 16, 8, 0], np.uint64)
    windows = np.lib.stride_tricks.sliding_window_view(raw, 4)
    return np.asarray((windows << shifts).sum(axis=1), np.uint64)


def even_tones(text: str) -> str:
    """Both placements of a tone mark in open oa, oe, uy made one (hoà → hòa, thuỷ → thủy)."""
    return _TONES.sub(lambda match: _EVEN[match.group()], text)


_EVEN = {
    old: new
    for olds, news in (
        ("oà oá oả oã oạ", "òa óa ỏa õa ọa"),
        ("oè oé oẻ oẽ oẹ", "òe óe ỏe õe ọe"),
        ("uỳ uý uỷ uỹ uỵ", "ùy úy ủy ũy ụy"),
    )
    for old, new in zip(olds.split(), news.split(), strict=True)
}
_TONES = re.compile(rf"(?<!q)(?:{'|'.join(_EVEN)})(?![^\W\d_])")


class Vocabulary:
    """Words ↔ numbers, sorted, kept as one text file; the number is the word's place."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.ids = {word: number for number, word in enumerate(words)}

    def id(self, word: str) -> int:
        """The word's number, -1 when it does not occur."""
        return self.ids.get(word, -1)

    def save(self, path: Path) -> None:
        path.write_text("\n".join(self.words), "utf-8")

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        text = path.read_text("utf-8")
        return cls(text.split("\n") if text else [])


def pair_key(first: int, second: int) -> int:
    """The key of two neighbouring words, -1 when either is unknown."""
    return -1 if first < 0 or second < 0 else (first << 32) | second


Zones = Sequence[tuple[str, float]]
"""The texts of one passage with the weight of a word in each: its own words count more than what stands around it."""

_RUN = 20_000
"""Passages whose lists are built at a time: memory grows with the result only."""
KINDS = ("words", "pairs", "written", "grams")
PIVOTS = {"words": 45.0, "pairs": 45.0, "written": 45.0, "grams": 220.0}


def spell(text: str) -> str:
    """Words as written, in small letters, tone placement evened out: the key of the `written` lists."""
    return " ".join(_WRITTEN.findall(even_tones(nfc(text).lower())))


PairCounts = tuple[Keys, NDArray[np.int32]]
"""Sorted pair keys and in how many passages each occurs."""


class LexicalIndex:
    """All lists of one segment."""

    def __init__(
        self, folded: Vocabulary, written: Vocabulary, lists: Mapping[str, Postings], counts: PairCounts, count: int
    ) -> None:
        self.folded = folded
        self.written = written
        self.lists = lists
        self.counts = counts
        self.count = count

    @cached_property
    def written_counts(self) -> NDArray[np.int64]:
        """In how many passages each word occurs as written, by its number."""
        postings = self.lists["written"]
        counts = np.zeros(len(self.written.words), np.int64)
        counts[postings.keys.astype(np.int64)] = np.diff(postings.starts)
        return counts

    @cached_property
    def places(self) -> NDArray[np.int64]:
        """After how many different words each word as written stands."""
        second = (self.counts[0] & np.uint64(0xFFFFFFFF)).astype(np.int64)
        return np.bincount(second, minlength=len(self.written.words))

    def written_pair(self, key: int) -> int:
        """In how many passages two words as written stand side by side."""
        keys, totals = self.counts
        at = int(np.searchsorted(keys, np.uint64(key)))
        return int(totals[at]) if at < len(keys) and int(keys[at]) == key else 0

    @classmethod
    def build(cls, passages: Sequence[Zones]) -> LexicalIndex:
        """From the zones of each passage, in the order of the passages."""
        folded, written = _vocabularies(passages)
        parts = [_lists(passages[at : at + _RUN], folded, written) for at in range(0, len(passages), _RUN)]
        parts = parts or [_lists([], folded, written)]
        lists = {name: Postings.merge([made[name] for made, _ in parts]) for name in KINDS}
        keys = np.concatenate([counts[0] for _, counts in parts])
        totals = np.concatenate([counts[1] for _, counts in parts])
        distinct, place = np.unique(keys, return_inverse=True)
        summed = np.bincount(place, weights=totals, minlength=len(distinct)).astype(np.int32)
        return cls(folded, written, lists, (distinct, summed), len(passages))

    def save(self, folder: Path) -> None:
        """Writes the lists and both vocabularies into a folder that exists."""
        self.folded.save(folder / "folded.txt")
        self.written.save(folder / "written.txt")
        for name, postings in self.lists.items():
            postings.save(folder, name)
        np.save(folder / "written_pairs.keys.npy", self.counts[0])
        np.save(folder / "written_pairs.totals.npy", self.counts[1])

    @classmethod
    def load(cls, folder: Path, count: int) -> LexicalIndex:
        """Maps what `save` wrote; raises OSError or ValueError when something is missing or cut short."""
        lists = {name: Postings.load(folder, name, count) for name in KINDS}
        keys, totals = (
            np.asarray(np.load(folder / f"written_pairs.{part}.npy", mmap_mode="r")) for part in ("keys", "totals")
        )
        folded, written = (Vocabulary.load(folder / f"{name}.txt") for name in ("folded", "written"))
        return cls(folded, written, lists, (keys, totals), count)


def _vocabularies(passages: Sequence[Zones]) -> tuple[Vocabulary, Vocabulary]:
    """The folded words and the words as written of all passages."""
    folded: set[str] = set()
    written: set[str] = set()
    for zones in passages:
        for text, _ in zones:
            folded.update(fold(text).split())
            written.update(spell(text).split())
    return Vocabulary(sorted(folded)), Vocabulary(sorted(written))


def _lists(
    passages: Sequence[Zones], folded: Vocabulary, written: Vocabulary
) -> tuple[dict[str, Postings], PairCounts]:
    """The lists of one run of passages."""
    plain = [[(fold(text).split(), weight) for text, weight in zones] for zones in passages]
    marked = [[(spell(text).split(), weight) for text, weight in zones] for zones in passages]
    words, pairs = _occurrences(plain, folded)
    as_written, sides = _occurrences(marked, written)
    found = {"words": words, "pairs": pairs, "written": as_written, "grams": _gram_occurrences(plain)}
    count = len(passages)
    return {name: Postings.build(*found[name], count, PIVOTS[name]) for name in KINDS}, _pair_counts(*sides[:2])


def _pair_counts(keys: Keys, docs: NDArray[np.int32]) -> PairCounts:
    """How many passages have each key."""
    order = np.lexsort((docs, keys))
    keys, docs = keys[order], docs[order]
    new = np.ones(len(keys), bool)
    new[1:] = (keys[1:] != keys[:-1]) | (docs[1:] != docs[:-1])
    distinct, totals = np.unique(keys[new], return_counts=True)
    return distinct, totals.astype(np.int32)


Occurrences = tuple[Keys, NDArray[np.int32], NDArray[np.float32]]


def _occurrences(
    passages: Sequence[Sequence[tuple[list[str], float]]], vocabulary: Vocabulary
) -> tuple[Occurrences, Occurrences]:
    """Every word and every pair of neighbours with its passage and weight; pairs do not reach over a zone's end."""
    keys: list[int] = []
    docs: list[int] = []
    weights: list[float] = []
    joined: list[bool] = []
    ids = vocabulary.ids
    for number, zones in enumerate(passages):
        for tokens, weight in zones:
            keys += [ids[token] for token in tokens]
            docs += [number] * len(tokens)
            weights += [weight] * len(tokens)
            joined += [False] + [True] * (len(tokens) - 1) if tokens else []
    key = np.array(keys, np.uint64)
    doc = np.array(docs, np.int32)
    weight_of = np.array(weights, np.float32)
    second = np.flatnonzero(np.array(joined, bool))
    pair = (key[second - 1] << np.uint64(32)) | key[second]
    return (key, doc, weight_of), (pair, doc[second], weight_of[second])


def _gram_occurrences(passages: Sequence[Sequence[tuple[list[str], float]]]) -> Occurrences:
    keys, docs, weights = [], [], []
    for number, zones in enumerate(passages):
        for tokens, weight in zones:
            made = grams(" ".join(tokens))
            keys.append(made)
            docs.append(np.full(len(made), number, np.int32))
            weights.append(np.full(len(made), weight, np.float32))
    if not keys:
        return np.zeros(0, np.uint64), np.zeros(0, np.int32), np.zeros(0, np.float32)
    return np.concatenate(keys), np.concatenate(docs), np.concatenate(weights)


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of a wording's terms in one segment: bounds and weights (idf), and what a passage with all of them
    at full strength would reach (terms that no segment has count in it too)."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    weights: NDArray[np.float32]
    best: float


def accumulate(
    postings: Postings,
    lists: Lists,
    budget: int = 1 << 62,
    *,
    factor: float = 1.0,
    into: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """The score of every passage times `factor`; terms with the shortest lists first, until `budget` entries have been
    read. Added to `into` when it is given."""
    scores = np.zeros(postings.count, np.float32) if into is None else into
    sizes = lists.ends - lists.starts
    for term in np.argsort(sizes, kind="stable").tolist():
        size = int(sizes[term])
        budget -= size
        if budget < 0:
            break
        if size:
            part = slice(lists.starts[term], lists.ends[term])
            # one multiplication a level of impact, not one an entry
            worth = _LEVELS * np.float32(factor * lists.weights[term] / _IMPACT_STEPS)
            scores[postings.docs[part]] += worth[postings.impacts[part]]
    return scores


_LEVELS = np.arange(256, dtype=np.float32)


def score_at(postings: Postings, lists: Lists, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """The exact score of a few passages (sorted row numbers), found by bisection in each list."""
    scores = np.zeros(len(rows), np.float32)
    wanted = rows.astype(np.int32)
    for start, end, weight in zip(lists.starts, lists.ends, lists.weights, strict=True):
        if end == start:
            continue
        docs = postings.docs[start:end]
        at = docs.searchsorted(wanted)
        at[at == end - start] -= 1
        hit = docs[at] == wanted
        scores[hit] += postings.impacts[start:end][at[hit]] * np.float32(weight / _IMPACT_STEPS)
    return scores
