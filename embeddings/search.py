"""Search by meaning, words and names over an index folder."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.abbreviations import Abbreviations
from embeddings.encoder.base import Encoder
from embeddings.errors import EncoderMismatch, UnknownPassage
from embeddings.fusion import fuse
from embeddings.glossary import phrases
from embeddings.highlight import spans
from embeddings.initials import Initials
from embeddings.passages import Passage
from embeddings.persist import read_manifest
from embeddings.query import Lore, Understood, Wording, understand
from embeddings.scoring import CANDIDATES, Filters, Found, Terms, mask_of, score_segment
from embeddings.segment import Segment, open_segment
from embeddings.spelling import Speller
from graph.ids import text_key
from graph.text import fold

__all__ = ["Filters", "Hit", "SearchAnswer", "SearchEngine"]


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
            initials=Initials([segment.lexical for segment in segments]),
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
        vectors = self.encoder.queries([wording.text for wording in understood.embedded])
        found = self.score(understood, vectors, filters or Filters(), max(limit * 3, CANDIDATES))
        return SearchAnswer(
            hits=self.hits_of(found, understood, limit, group=group),
            understood=understood,
            did_you_mean=understood.did_you_mean,
        )

    def score(
        self, understood: Understood, vectors: NDArray[np.float32], filters: Filters, candidates: int = CANDIDATES
    ) -> list[Found]:
        """All features of the candidates of each segment; `vectors` has one row for each of
        the query's `embedded` wordings."""
        terms = Terms(self.segments, understood.wordings)
        found = []
        for number, segment in enumerate(self.segments):
            mask = mask_of(segment, filters, understood)
            if mask is not None and not mask.any():
                continue
            one = score_segment(
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

    def hits_of(
        self, found: Sequence[Found], understood: Understood, limit: int = 10, *, group: bool = False
    ) -> tuple[Hit, ...]:
        """The best of what was scored, with its text, highlights and reasons."""
        flat = [(-float(score), number, at) for number, one in enumerate(found) for at, score in enumerate(one.scores)]
        flat.sort()
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
                "ranks": {name: 1 + int((values > values[at]).sum()) for name, values in one.features.items()},
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
        segment, row = self._place(id_)
        vector = segment.vectors.rows(np.array([row]))
        answer = self._similar(vector, segment.passage(row).display, filters or Filters(), limit + 1)
        hits = tuple(hit for hit in answer.hits if hit.id != id_)[:limit]
        return SearchAnswer(hits=hits, understood=answer.understood)

    def similar_to_text(
        self, text: str, *, filters: Filters | None = None, limit: int = 10
    ) -> tuple[tuple[str, SearchAnswer], ...]:
        """For each paragraph of a pasted text (blank line or line end between them) the passages like it."""
        made = []
        for paragraph in (line.strip() for line in text.splitlines()):
            if len(fold(paragraph).split()) >= 3:
                vector = self.encoder.passages([self.abbreviations.expand(paragraph)])
                made.append((paragraph, self._similar(vector, paragraph, filters or Filters(), limit)))
        return tuple(made)

    def _similar(self, vector: NDArray[np.float32], words: str, filters: Filters, limit: int) -> SearchAnswer:
        understood = Understood(typed=words, wordings=(Wording(text=self.abbreviations.expand(words)),))
        found = self.score(understood, vector, filters, max(limit * 3, CANDIDATES))
        return SearchAnswer(hits=self.hits_of(found, understood, limit), understood=understood)

    def passage(self, id_: str) -> Passage:
        """The passage of an id. Raises UnknownPassage."""
        segment, row = self._place(id_)
        return segment.passage(row)

    def _place(self, id_: str) -> tuple[Segment, int]:
        """The segment and row of an id that has not gone. Raises UnknownPassage."""
        for segment in self.segments:
            tags = segment.tags("ids")
            at = bisect_left(tags.names, id_)
            if at < len(tags.names) and tags.names[at] == id_:
                row = int(tags.of(at)[0])
                if not segment.gone or segment.live[row]:
                    return segment, row
        raise UnknownPassage(f"Không có mục nào mang mã {id_}", f"the index holds nothing with the id {id_}")


def _with_also(hit: Hit, id_: str) -> Hit:
    return replace(hit, also=(*hit.also, id_))
