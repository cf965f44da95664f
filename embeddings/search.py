"""Search by meaning, words and names over an index folder."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.abbreviations import Abbreviations
from embeddings.encoder.base import Encoder
from embeddings.errors import EncoderMismatch, UnknownPassage
from embeddings.fusion import fuse, ranks, stretch
from embeddings.glossary import phrases
from embeddings.highlight import spans
from embeddings.lexical import Lists, Postings, accumulate, grams, idf, pair_key, score_at, spell
from embeddings.passages import FIELDS, KINDS, Passage
from embeddings.persist import read_manifest
from embeddings.query import Lore, Understood, Wording, law_key, understand
from embeddings.segment import Segment, day_number, open_segment, year_bits
from embeddings.spelling import Speller
from graph.ids import text_key
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One answer. `score` is comparable within an answer only; `why` says how it came about; `highlights` are
    [start, end) in `text`; `also` are ids that say the same when grouping was asked for."""

    id: str
    kind: str
    document: str
    text: str
    objective: str
    lead: tuple[str, ...]
    score: float
    why: Mapping[str, Any]
    highlights: tuple[tuple[int, int], ...]
    passage: Passage
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAnswer:
    """Hits, best first, and how the query was understood; `did_you_mean` is "" when nothing was put right."""

    hits: tuple[Hit, ...]
    understood: Understood
    did_you_mean: str = ""


@dataclass(slots=True)
class _Found:
    segment: Segment
    rows: NDArray[np.int64]
    features: Features
    scores: Scores = field(default_factory=lambda: np.zeros(0, np.float32))


class SearchEngine:
    """An opened index. Safe to share between threads that only search."""

    def __init__(self, segments: Sequence[Segment], encoder: Encoder, abbreviations: Abbreviations) -> None:
        self.encoder = encoder
        self.segments = tuple(segments)
        self.abbreviations = abbreviations
        self.count = sum(segment.count for segment in segments)
        names = (name for segment in segments for name in (*segment.folded_leads, *segment.folded_issuers))
        self.lore = Lore(
            abbreviations=self.abbreviations,
            speller=Speller([segment.lexical for segment in segments], phrases()),
            agencies=frozenset(name for name in names if " " in name),
            provinces=frozenset(fold(name) for segment in segments for name in segment.tags("provinces").names),
        )

    @classmethod
    def open(cls, folder: Path, encoder: Encoder | None = None) -> SearchEngine:
        """Opens the index in a folder, mapping its files.

        Raises IndexMissing, IndexBroken, and EncoderMismatch when it was built with another model than `encoder`
        (by default the one named in the manifest).
        """
        from embeddings.encoder import open_encoder

        manifest = read_manifest(folder)
        chosen = encoder or open_encoder(str(manifest["encoder"]))
        if chosen.name != manifest["encoder"] or chosen.dimension != manifest["dimension"]:
            raise EncoderMismatch(
                f"Chỉ mục được dựng bằng mô hình {manifest['encoder']}, không phải {chosen.name}; hãy dựng lại",
                f"the index was built with {manifest['encoder']}, not {chosen.name}: build it again",
            )
        abbreviations = Abbreviations(meanings=manifest["abbreviations"])
        segments = [open_segment(folder / entry["name"], entry, abbreviations.expand) for entry in manifest["segments"]]
        return cls(segments, chosen, abbreviations)

    def search(
        self, query: str, *, filters: Filters | None = None, limit: int = 10, group: bool = False
    ) -> SearchAnswer:
        """The best hits for a query in any spelling. Raises BadQuery when it asks for nothing."""
        understood = understand(query, self.lore)
        vectors = self.encoder.queries([wording.text for wording in understood.wordings])
        found = self.score(understood, vectors, filters or Filters(), max(limit * 3, CANDIDATES))
        return SearchAnswer(
            hits=self._hits(found, understood, limit, group),
            understood=understood,
            did_you_mean=understood.did_you_mean,
        )

    def score(
        self, understood: Understood, vectors: NDArray[np.float32], filters: Filters, candidates: int = CANDIDATES
    ) -> list[_Found]:
        """All features of the candidates of each segment; `vectors` has one row a wording."""
        terms = _Terms(self.segments, understood.wordings)
        found = []
        for number, segment in enumerate(self.segments):
            mask = _mask(segment, filters, understood)
            if not mask.any():
                continue
            one = _score_segment(
                segment,
                number,
                terms=terms,
                understood=understood,
                vectors=vectors,
                mask=mask,
                candidates=candidates,
            )
            one.scores = fuse(one.features)
            found.append(one)
        return found

    def _hits(self, found: Sequence[_Found], understood: Understood, limit: int, group: bool) -> tuple[Hit, ...]:
        flat = [(-float(score), number, at) for number, one in enumerate(found) for at, score in enumerate(one.scores)]
        flat.sort()
        component_ranks = [{name: ranks(values) for name, values in one.features.items()} for one in found]
        hits: list[Hit] = []
        seen: dict[str, int] = {}
        for negative, number, at in flat:
            one = found[number]
            passage = one.segment.passage(int(one.rows[at]))
            key = text_key(passage.display)
            if group and key in seen:
                first = hits[seen[key]]
                hits[seen[key]] = _with_also(first, passage.id)
                continue
            if len(hits) == limit:
                if not group:
                    break
                continue
            seen[key] = len(hits)
            why = {
                "scores": {name: round(float(values[at]), 4) for name, values in one.features.items() if values[at]},
                "ranks": {name: int(component_ranks[number][name][at]) for name in one.features},
                "wordings": [wording.text for wording in understood.wordings],
                "expanded": dict(understood.expanded),
                "laws": list(understood.laws),
                "agencies": list(understood.agencies),
            }
            hits.append(
                Hit(
                    id=passage.id,
                    kind=passage.kind,
                    document=passage.document,
                    text=passage.display,
                    objective=passage.objective,
                    lead=passage.lead,
                    score=round(-negative, 6),
                    why=why,
                    highlights=spans(passage.display, understood),
                    passage=passage,
                )
            )
        return tuple(hits)

    def similar_to(self, id_: str, *, filters: Filters | None = None, limit: int = 10) -> SearchAnswer:
        """Passages that say something like the one of this id, itself left out. Raises UnknownPassage."""
        passage = self.passage(id_)
        answer = self._similar(passage.text, passage.display, filters or Filters(), limit + 1)
        hits = tuple(hit for hit in answer.hits if hit.id != id_)[:limit]
        return SearchAnswer(hits=hits, understood=answer.understood)

    def similar_to_text(
        self, text: str, *, filters: Filters | None = None, limit: int = 10
    ) -> tuple[tuple[str, SearchAnswer], ...]:
        """For each paragraph of a pasted text (blank line or line end between them) the passages like it."""
        made = []
        for paragraph in (line.strip() for line in text.splitlines()):
            if len(fold(paragraph).split()) >= 3:
                made.append((paragraph, self._similar(paragraph, paragraph, filters or Filters(), limit)))
        return tuple(made)

    def _similar(self, embedded: str, words: str, filters: Filters, limit: int) -> SearchAnswer:
        expanded = self.abbreviations.expand(words)
        understood = Understood(typed=words, wordings=(Wording(text=expanded),))
        vectors = self.encoder.passages([self.abbreviations.expand(embedded)])
        found = self.score(understood, vectors, filters, max(limit * 3, CANDIDATES))
        return SearchAnswer(hits=self._hits(found, understood, limit, False), understood=understood)

    def passage(self, id_: str) -> Passage:
        """The passage of an id. Raises UnknownPassage."""
        for segment in self.segments:
            tags = segment.tags("ids")
            at = bisect_left(tags.names, id_)
            if at < len(tags.names) and tags.names[at] == id_:
                passage = segment.passage(int(tags.of(at)[0]))
                if passage.document not in segment.gone:
                    return passage
        raise UnknownPassage(f"Không có mục nào mang mã {id_}", f"the index holds nothing with the id {id_}")


def _with_also(hit: Hit, id_: str) -> Hit:
    return replace(hit, also=(*hit.also, id_))


class _Terms:
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


def _score_segment(
    segment: Segment,
    number: int,
    *,
    terms: _Terms,
    understood: Understood,
    vectors: NDArray[np.float32],
    mask: NDArray[np.bool_],
    candidates: int,
) -> _Found:
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
    return _Found(segment, rows, features)


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


def _marked(segment: Segment, lists: Any, rows: NDArray[np.int64]) -> Scores:
    flags = np.zeros(segment.count, np.float32)
    for listed in lists:
        flags[listed] = 1.0
    return flags[rows]


def _mask(segment: Segment, filters: Filters, understood: Understood) -> NDArray[np.bool_]:
    """Which passages the filters and the minus words leave."""
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
    for word in understood.excluded:
        mask &= ~_containing(segment, word)
    return mask


def _tagged(segment: Segment, kind: str, test: Any) -> NDArray[np.bool_]:
    tags = segment.tags(kind)
    mask = np.zeros(segment.count, bool)
    for number, name in enumerate(tags.names):
        if test(name):
            mask[tags.of(number)] = True
    return mask


def _containing(segment: Segment, words: str) -> NDArray[np.bool_]:
    """Passages that contain all the (folded) words."""
    return segment.lexical.lists["words"].with_all([segment.lexical.folded.id(word) for word in fold(words).split()])
