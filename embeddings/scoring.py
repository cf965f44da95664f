"""Scoring one segment: which passages are looked at, and what each component says of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from embeddings.fusion import WEIGHTS, fuse, stretch
from embeddings.lexical import Lists, Postings, accumulate, grams, idf, pair_key, score_at, spell
from embeddings.passages import FIELDS, KINDS
from embeddings.query import Understood, Wording
from embeddings.segment import Segment, day_number, year_bits
from graph.text import fold

SMALL = 20_000
"""Up to this many passages every one is scored; above, the best of each component are."""
CANDIDATES = 150
BUDGETS = {"words": 300_000, "pairs": 300_000, "grams": 300_000}
"""Entries of lists, the rarest terms' first, that are read to find candidates in a large segment."""
EARLIER = 0.5
"""What a deadline in the same year but before the day asked for counts beside that very day."""
ENDING, COVERING = 0.8, 0.3
"""What a short time that ends in the quarter asked for, or a long one that has it in it, counts beside one inside."""
DEFAULT_KINDS = ("task", "target")

Scores = NDArray[np.float32]
Mask = NDArray[np.bool_]
Features = dict[str, Scores]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a hit must be. Empty means anything; without `kind` tasks and targets are searched.

    `agency` is a key (graph.ids) or words of the lead agency's name; `field` one of embeddings.passages.FIELDS;
    `quarter` (1 to 4) leaves what has a part of it in its time, of `year` or of any.
    """

    plan: str = ""
    agency: str = ""
    kind: tuple[str, ...] = ()
    year: int | None = None
    field: str = ""
    province: str = ""
    quarter: int | None = None


@dataclass(slots=True)
class Found:
    segment: Segment
    rows: NDArray[np.int64]
    features: Features
    scores: Scores = field(default_factory=lambda: np.zeros(0, np.float32))


class Terms:
    """The lists of each wording's terms; weights come from all segments together."""

    def __init__(self, segments: Sequence[Segment], wordings: Sequence[Wording]) -> None:
        self._segments = segments
        self._total = sum(segment.count for segment in segments)
        self._lists = [
            {kind: self._found(kind, keys) for kind, keys in self._keys(wording).items()} for wording in wordings
        ]

    def _keys(self, wording: Wording) -> dict[str, list[list[int]]]:
        """Keys of the terms of each kind, one list a segment (a word's number differs between segments)."""
        folded = fold(wording.text).split()
        words, pairs = list(dict.fromkeys(folded)), list(dict.fromkeys(pairwise(folded)))
        written = list(dict.fromkeys(spell(wording.text).split()))
        gram_keys = np.unique(grams(" ".join(folded))).tolist()
        made: dict[str, list[list[int]]] = {"words": [], "pairs": [], "written": [], "grams": []}
        for segment in self._segments:
            folded_ids, written_ids = segment.lexical.folded.id, segment.lexical.written.id
            made["words"].append([folded_ids(word) for word in words])
            made["pairs"].append([pair_key(folded_ids(a), folded_ids(b)) for a, b in pairs])
            made["written"].append([written_ids(word) for word in written])
            made["grams"].append(gram_keys)
        return made

    def _found(self, kind: str, keys: list[list[int]]) -> list[Lists]:
        bounds = [s.lexical.lists[kind].find(part) for s, part in zip(self._segments, keys, strict=True)]
        frequencies = np.sum([ends - starts for starts, ends in bounds], axis=0)
        weights = idf(frequencies, self._total)
        best = float(weights.sum()) or 1.0
        return [Lists(starts, ends, weights, best) for starts, ends in bounds]

    def of(self, wording: int, kind: str, segment: int) -> Lists:
        """The lists of a wording's terms in a segment."""
        return self._lists[wording][kind][segment]


FIRST_KINDS, LAST_KINDS = ("words", "pairs"), ("written", "grams")
WORD_KINDS = FIRST_KINDS + LAST_KINDS


def score_segment(
    segment: Segment,
    number: int,
    *,
    terms: Terms,
    understood: Understood,
    vectors: NDArray[np.float32],
    mask: Mask | None,
    candidates: int,
) -> Found:
    """Every passage that the mask leaves (None: all), or in a large segment the `candidates` best of them."""
    wordings = understood.wordings
    lists = {(at, kind): terms.of(at, kind, number) for at in range(len(wordings)) for kind in WORD_KINDS}
    if segment.count <= SMALL:
        rows = np.arange(segment.count) if mask is None else np.flatnonzero(mask)
        features = _means(segment, understood.embedded, vectors, rows)
        features |= _words(segment, wordings, lists, rows, WORD_KINDS, whole=True)
        features |= _names(segment, understood, rows)
        return Found(segment, rows, features)
    masks = [mask, *_timely(segment, understood, mask)]
    near = [segment.vectors.nearest(vector, candidates, one)[0] for vector in vectors for one in masks]
    rows = np.unique(np.concatenate([*near, *_wordy(segment, lists, masks, candidates)])).astype(np.int64)
    features = _means(segment, understood.embedded, vectors, rows)
    features |= _words(segment, wordings, lists, rows, FIRST_KINDS, whole=False)
    features |= _names(segment, understood, rows)
    if len(rows) > candidates:
        best = np.sort(np.argpartition(-fuse(features), candidates)[:candidates])
        rows = rows[best]
        features = {name: values[best] for name, values in features.items()}
    features |= _words(segment, wordings, lists, rows, LAST_KINDS, whole=False)
    return Found(segment, rows, features)


def _means(
    segment: Segment, wordings: Sequence[Wording], vectors: NDArray[np.float32], rows: NDArray[np.int64]
) -> Features:
    cosines = segment.vectors.rows(rows) @ vectors.T
    weights = np.array([wording.weight for wording in wordings], np.float32)
    return {"dense": np.asarray((stretch(cosines) * weights).max(axis=1), np.float32)}


def _words(
    segment: Segment,
    wordings: Sequence[Wording],
    lists: Mapping[tuple[int, str], Lists],
    rows: NDArray[np.int64],
    kinds: Sequence[str],
    *,
    whole: bool,
) -> Features:
    made: Features = {}
    for kind in kinds:
        postings: Postings = segment.lexical.lists[kind]
        for at, wording in enumerate(wordings):
            part = lists[at, kind]
            values = accumulate(postings, part)[rows] if whole else score_at(postings, part, rows)
            values *= np.float32(1 / (part.best * wording.share))
            values = np.minimum(values, 1.0) * np.float32(wording.weight)
            made[kind] = np.maximum(made[kind], values) if kind in made else values
    return made


def _timely(segment: Segment, understood: Understood, mask: Mask | None) -> Iterator[Mask]:
    """Those that the mask leaves and whose time ends in a quarter or on a day that the query names: words find few of
    them, since a time cell says "tháng 8" or nothing but a day."""
    timely = np.zeros(segment.count, bool)
    if understood.quarters:
        fits = in_quarters(segment.begins, segment.due, understood.quarters, understood.years)
        timely |= fits >= ENDING
    if understood.days:
        timely |= np.isin(segment.due, [day_number(day) for day in understood.days])
    if mask is not None:
        timely &= mask
    if timely.any():
        yield timely


def _wordy(
    segment: Segment, lists: Mapping[tuple[int, str], Lists], masks: Sequence[Mask | None], limit: int
) -> Iterator[NDArray[np.int64]]:
    """For each wording and mask the rows with most of its words and pairs.

    Character 4-grams rank what was found and find nothing themselves, unless a word of the query is not in the index:
    they are five times as many lists as words, and longer.
    """
    for at in range(len(lists) // len(WORD_KINDS)):
        words = lists[at, "words"]
        strange = bool((words.ends == words.starts).any())
        scores = np.zeros(segment.count, np.float32)
        for kind in (*FIRST_KINDS, "grams") if strange else FIRST_KINDS:
            part = lists[at, kind]
            factor = WEIGHTS[kind] / part.best
            accumulate(segment.lexical.lists[kind], part, BUDGETS[kind], factor=factor, into=scores)
        for mask in masks:
            yield _best(scores if mask is None else scores * mask, limit)


def _best(scores: Scores, limit: int) -> NDArray[np.int64]:
    """The rows with the highest scores above zero, at most `limit`."""
    # a floor that a sample puts below the best spares sorting a million scores
    sample = np.sort(scores[::_SAMPLED])
    floor = float(sample[-min(len(sample), 2 * limit // _SAMPLED + 8)])
    found = np.flatnonzero(scores > floor)
    if len(found) < limit:
        found = np.flatnonzero(scores)
    if len(found) > limit:
        found = found[np.argpartition(-scores[found], limit)[:limit]]
    return found


_SAMPLED = 16


def _names(segment: Segment, understood: Understood, rows: NDArray[np.int64]) -> Features:
    """1 where a law, agency or year that the query names is one of the passage's."""
    made: Features = {}
    if understood.laws:
        tagged = _marked(segment, "laws", segment.laws_by_key, understood.laws, rows)
        made["law"] = np.maximum(tagged, _citing(segment, understood.laws, rows))
    if understood.agencies:
        made["agency"] = _marked(segment, "leads", segment.leads_by_name, understood.agencies, rows)
        made["issuer"] = _marked(segment, "issuers", segment.issuers_by_name, understood.agencies, rows)
    if understood.provinces:
        made["province"] = _marked(segment, "provinces", segment.provinces_by_name, understood.provinces, rows)
    if understood.years:
        bits = np.uint64(year_bits(understood.years))
        made["year"] = ((segment.years[rows] & bits) != 0).astype(np.float32)
    if understood.days:
        due = segment.due[rows]
        days = [day_number(day) for day in understood.days]
        same = np.isin(due, days).astype(np.float32)
        earlier = ((due > max(days) // 10_000 * 10_000) & (due < max(days))).astype(np.float32)
        made["due"] = np.maximum(same, earlier * np.float32(EARLIER))
    if understood.quarters:
        made["quarter"] = in_quarters(segment.begins[rows], segment.due[rows], understood.quarters, understood.years)
    if understood.asks_how_much:
        made["number"] = (segment.kinds[rows] == KINDS.index("target")).astype(np.float32)
    return made


def in_quarters(
    begins: NDArray[np.int32], due: NDArray[np.int32], quarters: Sequence[int], years: Sequence[int]
) -> Scores:
    """How well times (first and last days as numbers, 0 for none) fit one of the quarters, of any year without
    `years`: 1 inside it, ENDING when they end in it and begin no more than a quarter before (or nobody knows when),
    COVERING when it is a part of a longer time."""
    made = np.zeros(len(due), np.float32)
    known = due > 0
    ends = due // 10_000
    for year in years or np.unique(ends[known]).tolist():
        for quarter in quarters:
            first, last = year * 10_000 + quarter * 300 - 199, year * 10_000 + quarter * 300 + 31
            early = first - 300 if quarter > 1 else first - 10_000 + 900
            ending = known & (due >= first) & (due <= last) & ((begins >= early) | (begins == 0))
            covering = known & (begins > 0) & (begins <= last) & (due >= first)
            made = np.maximum(made, np.where(ending & (begins >= first), 1.0, np.where(ending, ENDING, 0.0)))
            made = np.maximum(made, np.where(covering, COVERING, 0.0))
    return made.astype(np.float32)


def _citing(segment: Segment, laws: Iterable[str], rows: NDArray[np.int64]) -> Scores:
    """1 at the (sorted) rows whose text has the number of one of these laws, word by word."""
    flags = np.zeros(len(rows), np.float32)
    pairs = segment.lexical.lists["pairs"]
    for law in laws:
        ids = [segment.lexical.folded.id(word) for word in law.split()]
        flags[pairs.at_with_all([pair_key(a, b) for a, b in pairwise(ids)], rows)] = 1.0
    return flags


def _marked(
    segment: Segment, kind: str, places: Mapping[str, list[int]], names: Iterable[str], rows: NDArray[np.int64]
) -> Scores:
    """1 at the (sorted) rows that carry a tag of one of these names."""
    flags = np.zeros(len(rows), np.float32)
    for number in (number for name in names for number in places.get(name, ())):
        listed = segment.tags(kind).of(number)
        at = np.minimum(listed.searchsorted(rows.astype(listed.dtype)), len(listed) - 1)
        flags[listed[at] == rows] = 1.0
    return flags


def mask_of(segment: Segment, filters: Filters, understood: Understood) -> Mask | None:
    """Which passages the filters, quoted phrases and minus words leave; None when all. Not to be changed."""
    base = segment.of_kinds(filters.kind or DEFAULT_KINDS)
    if replace(filters, kind=()) == Filters() and not understood.phrases and not understood.excluded:
        return base
    mask = np.ones(segment.count, bool) if base is None else base.copy()
    if filters.plan:
        mask &= _tagged(segment, "documents", lambda name: name == filters.plan)
    if filters.province:
        wanted = fold(filters.province)
        mask &= _tagged(segment, "provinces", lambda name: fold(name) == wanted)
    if filters.agency:
        words = f" {fold(filters.agency)} "
        by_name = _tagged(segment, "leads", lambda name: words in f" {fold(name)} ")
        mask &= by_name | _tagged(segment, "agencies", lambda name: name == filters.agency)
    if filters.field:
        mask &= segment.fields == FIELDS.index(filters.field) + 1
    if filters.year is not None:
        mask &= (segment.years & np.uint64(year_bits((filters.year,)))) != 0
    if filters.quarter is not None:
        years = () if filters.year is None else (filters.year,)
        mask &= in_quarters(segment.begins, segment.due, (filters.quarter,), years) > 0
    for phrase in understood.phrases:
        mask &= _saying(segment, phrase)
    for word in understood.excluded:
        mask &= ~_containing(segment, word)
    return mask


def _tagged(segment: Segment, kind: str, test: Callable[[str], bool]) -> Mask:
    tags = segment.tags(kind)
    mask = np.zeros(segment.count, bool)
    for number, name in enumerate(tags.names):
        if test(name):
            mask[tags.of(number)] = True
    return mask


def _containing(segment: Segment, words: str) -> Mask:
    """Passages that contain all the (folded) words."""
    return segment.lexical.lists["words"].with_all([segment.lexical.folded.id(word) for word in fold(words).split()])


def _saying(segment: Segment, phrase: str) -> Mask:
    """Passages that have each two neighbouring (folded) words of a quoted phrase side by side, short forms written
    out on both sides."""
    ids = [segment.lexical.folded.id(word) for word in fold(segment.expand(phrase)).split()]
    if len(ids) < 2:
        return segment.lexical.lists["words"].with_all(ids)
    return segment.lexical.lists["pairs"].with_all(list(dict.fromkeys(pair_key(a, b) for a, b in pairwise(ids))))
