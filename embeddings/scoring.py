"""Scoring one segment: which passages are looked at, and what each component says of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from embeddings.fusion import stretch
from embeddings.lexical import Lists, Postings, accumulate, grams, idf, pair_key, score_at, spell
from embeddings.passages import FIELDS, KINDS
from embeddings.query import Understood, Wording, law_key
from embeddings.segment import Segment, day_number, year_bits
from graph.text import fold

SMALL = 20_000
"""Up to this many passages every one is scored; above, the best of each component are."""
CANDIDATES = 150
BUDGETS = {"words": 500_000, "pairs": 300_000, "grams": 300_000}
"""Entries of lists, the rarest terms' first, that are read to find candidates in a large segment."""
EARLIER = 0.5
"""What a deadline in the same year but before the day asked for counts beside that very day."""
DEFAULT_KINDS = ("task", "target")

Scores = NDArray[np.float32]
Features = dict[str, Scores]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a hit must be. Empty means anything; without `kind` tasks and targets are searched.

    `agency` is a key (graph.ids) or words of the lead agency's name; `field` one of embeddings.passages.FIELDS.
    """

    plan: str = ""
    agency: str = ""
    kind: tuple[str, ...] = ()
    year: int | None = None
    field: str = ""
    province: str = ""


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


WORD_KINDS = ("words", "pairs", "written", "grams")


def score_segment(
    segment: Segment,
    number: int,
    *,
    terms: Terms,
    understood: Understood,
    vectors: NDArray[np.float32],
    mask: NDArray[np.bool_],
    candidates: int,
) -> Found:
    lists = {(at, kind): terms.of(at, kind, number) for at in range(len(understood.wordings)) for kind in WORD_KINDS}
    whole = segment.count <= SMALL
    rows = np.flatnonzero(mask) if whole else _candidates(segment, lists, vectors, mask, candidates)
    features: Features = {}
    matrix = segment.vectors.rows(rows)
    for at, wording in enumerate(understood.wordings):
        weight = np.float32(wording.weight)
        one: Features = {"dense": stretch(matrix @ vectors[at]) * weight}
        for kind in WORD_KINDS:
            part = lists[at, kind]
            postings: Postings = segment.lexical.lists[kind]
            values = accumulate(postings, part)[rows] if whole else score_at(postings, part, rows)
            one[kind] = values * (weight / np.float32(part.best))
        for name, values in one.items():
            features[name] = np.maximum(features[name], values) if name in features else values
    features |= _names(segment, understood, rows)
    return Found(segment, rows, features)


def _candidates(
    segment: Segment,
    lists: Mapping[tuple[int, str], Lists],
    vectors: NDArray[np.float32],
    mask: NDArray[np.bool_],
    limit: int,
) -> NDArray[np.int64]:
    """Rows worth scoring: the best of each component for each wording."""
    whole = bool(mask.all())
    picked = [segment.vectors.nearest(vector, limit, None if whole else mask)[0] for vector in vectors]
    for (_, kind), part in lists.items():
        if kind not in BUDGETS:
            continue
        scores = accumulate(segment.lexical.lists[kind], part, BUDGETS[kind])
        if not whole:
            scores[~mask] = 0
        found = np.flatnonzero(scores)
        if len(found) > limit:
            found = found[np.argpartition(-scores[found], limit)[:limit]]
        picked.append(found)
    return np.unique(np.concatenate(picked)).astype(np.int64)


def _names(segment: Segment, understood: Understood, rows: NDArray[np.int64]) -> Features:
    """1 where a law, agency or year that the query names is one of the passage's."""
    made: Features = {}
    if understood.laws:
        tags = segment.tags("laws")
        wanted = [i for i, name in enumerate(tags.names) if law_key(name) in understood.laws]
        made["law"] = _marked(segment, (tags.of(i) for i in wanted), rows)
    if understood.agencies:
        leads = (i for i, name in enumerate(segment.folded_leads) if name in understood.agencies)
        made["agency"] = _marked(segment, (segment.tags("leads").of(i) for i in leads), rows)
        issuers = (i for i, name in enumerate(segment.folded_issuers) if name in understood.agencies)
        made["issuer"] = _marked(segment, (segment.tags("issuers").of(i) for i in issuers), rows)
    if understood.provinces:
        tags = segment.tags("provinces")
        wanted = [i for i, name in enumerate(tags.names) if fold(name) in understood.provinces]
        made["province"] = _marked(segment, (tags.of(i) for i in wanted), rows)
    if understood.years:
        bits = np.uint64(year_bits(understood.years))
        made["year"] = ((segment.years[rows] & bits) != 0).astype(np.float32)
    if understood.days:
        due = segment.due[rows]
        days = [day_number(day) for day in understood.days]
        same = np.isin(due, days).astype(np.float32)
        earlier = ((due > max(days) // 10_000 * 10_000) & (due < max(days))).astype(np.float32)
        made["due"] = np.maximum(same, earlier * np.float32(EARLIER))
    if understood.asks_how_much:
        made["number"] = (segment.kinds[rows] == KINDS.index("target")).astype(np.float32)
    return made


def _marked(segment: Segment, lists: Iterable[NDArray[np.int32]], rows: NDArray[np.int64]) -> Scores:
    flags = np.zeros(segment.count, np.float32)
    for listed in lists:
        flags[listed] = 1.0
    return flags[rows]


def mask_of(segment: Segment, filters: Filters, understood: Understood) -> NDArray[np.bool_]:
    """Which passages the filters, quoted phrases and minus words leave."""
    kinds = [KINDS.index(kind) for kind in (filters.kind or DEFAULT_KINDS)]
    mask = np.isin(segment.kinds, kinds)
    if segment.gone:
        mask &= segment.live
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
    for phrase in understood.phrases:
        mask &= _saying(segment, phrase)
    for word in understood.excluded:
        mask &= ~_containing(segment, word)
    return mask


def _tagged(segment: Segment, kind: str, test: Callable[[str], bool]) -> NDArray[np.bool_]:
    tags = segment.tags(kind)
    mask = np.zeros(segment.count, bool)
    for number, name in enumerate(tags.names):
        if test(name):
            mask[tags.of(number)] = True
    return mask


def _containing(segment: Segment, words: str) -> NDArray[np.bool_]:
    """Passages that contain all the (folded) words."""
    return segment.lexical.lists["words"].with_all([segment.lexical.folded.id(word) for word in fold(words).split()])


def _saying(segment: Segment, phrase: str) -> NDArray[np.bool_]:
    """Passages that have each two neighbouring (folded) words of a quoted phrase side by side, short forms written
    out on both sides."""
    ids = [segment.lexical.folded.id(word) for word in fold(segment.expand(phrase)).split()]
    if len(ids) < 2:
        return segment.lexical.lists["words"].with_all(ids)
    return segment.lexical.lists["pairs"].with_all(list(dict.fromkeys(pair_key(a, b) for a, b in pairwise(ids))))
