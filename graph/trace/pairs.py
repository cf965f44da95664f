"""The links between one higher and one lower plan, decided together.

Each target of the lower plan has one parent (with its twins: the same target stated in prose and in the table), so that
of two like targets ("90 % by 2025", "95 % by 2030") each goes to its own. A target that no number answers is looked for
among the lower plan's objective cells and rows. Rows have one parent each, again with its twins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from graph.model import Link
from graph.similarity import Similarity
from graph.text import fold, squeeze
from graph.trace.evidence import describe, relation_of, stronger
from graph.trace.features import PairFeatures
from graph.trace.items import Item, Outline
from graph.trace.lexical import Overlap
from graph.trace.model import Scorer, load_model
from graph.trace.quantity import Comparison, compare, concerns
from graph.trace.scope import Scope

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

TWIN = 0.82
"""Cosine of n-grams from which two statements of one plan with equal numbers are one statement made twice."""
ROW_TWIN = 0.9
LEAST = 0.4
"""Confidence below which a pair is not shown as a link at all."""
CLOSE = 0.12
"""How far below the best parent's score a twin may stay."""


@dataclass(frozen=True, slots=True)
class Match:
    """Two things found to say the same, before the rows they stand for are linked. `values` are the features measured,
    empty where the match follows from another one."""

    upper: Item
    under: Item
    confidence: float
    method: str
    values: Mapping[str, float] = field(default_factory=dict)
    numbers: Comparison | None = None
    via: tuple[str, ...] = ()
    score: float | None = None


class PairLinks:
    """Links one pair of plans; see `links`."""

    def __init__(
        self,
        higher: Outline,
        lower: Outline,
        scope: Scope,
        similarity: Similarity | None,
        *,
        model: Mapping[str, Scorer] | None = None,
    ) -> None:
        self.higher = higher
        self.lower = lower
        self.scope = scope
        self.features = PairFeatures(higher, lower, similarity)
        self.model = model if model is not None else load_model(similarity is not None)
        self.least = LEAST if model is None else 0.0  # a model in training has no curve yet
        self.found: dict[tuple[str, str], Link] = {}
        self.taken: set[str] = set()

    def links(self) -> tuple[Link, ...]:
        """All links of the pair, by the order of the higher plan's things, then of the lower plan's."""
        answered = self._targets()
        row_parents = self._rows()
        self._unanswered(answered, row_parents)
        self._objectives(row_parents)
        order = {item: index for index, item in enumerate((*self.higher.by_id, *self.lower.by_id))}
        return tuple(sorted(self.found.values(), key=lambda link: (order[link.to_id], order[link.from_id])))

    # --- targets against targets ---

    def _targets(self) -> dict[str, list[Item]]:
        """Links targets to targets and to the rows under them; answers the lower targets of each higher one."""
        above, below = self.higher.targets, self.lower.targets
        answered: dict[str, list[Item]] = {}
        if not above or not below:
            return answered
        measured = self.features.targets()
        scorer = self.model["target"]
        scores = scorer.score(measured, (len(above), len(below)))
        twins = twin_targets(above, self.features)
        for j, under in enumerate(below):
            best = int(scores[:, j].argmax())
            if scores[best, j] < scorer.threshold:
                continue
            restated = self._restated(best, scores[:, j])
            for i in dict.fromkeys((best, *twins[best], *restated)):
                least = scorer.threshold if i in restated else max(scorer.threshold, scores[best, j] - CLOSE)
                if i != best and scores[i, j] < least:
                    continue
                upper = above[i]
                answered.setdefault(upper.id, []).append(under)
                self.taken.add(under.id)
                match = Match(
                    upper,
                    under,
                    scorer.curve(float(scores[i, j])),
                    "target",
                    _values(measured, i, j),
                    self._compared(upper, under),
                    score=float(scores[i, j]),
                )
                self._add(match, under)
                for row in self._rows_of(under):
                    self._add(replace(match, method="row-under-target", via=(under.id,)), row)
        self._siblings(answered)
        return answered

    def _restated(self, best: int, scores: NDArray[np.float32]) -> tuple[int, ...]:
        """The likeliest target with the same number in the other part of the higher plan: a plan states its targets in
        prose and again in the table, at times misread in one of them."""
        above = self.higher.targets
        one = above[best]
        others = [
            i for i, other in enumerate(above) if (other.row is None) != (one.row is None) and same_number(one, other)
        ]
        return (max(others, key=lambda i: float(scores[i])),) if others else ()

    def _siblings(self, answered: dict[str, list[Item]]) -> None:
        """A number in the same sentence as an answered one, without an answer of its own, is served by the same rows:
        the lower plan took the sentence over and left that number out."""
        by_sentence: dict[str, list[Item]] = {}
        for item in self.higher.targets:
            if item.target is not None and item.target.text:
                by_sentence.setdefault(fold(item.target.text), []).append(item)
        level = self.lower.plan.head.issuer_level
        for members in by_sentence.values():
            sources = [member for member in members if member.id in answered]
            for member in members:
                if member.id in answered or not sources or member.target is None:
                    continue
                if ". " in squeeze(member.target.text).rstrip(". ") or concerns(member.target, level) is False:
                    continue
                for source in sources[:1]:
                    for under in answered[source.id]:
                        link = self.found.get((under.id, source.id))
                        if link is None:
                            continue
                        for row in self._rows_of(under):
                            match = Match(member, under, link.confidence * 0.9, "sentence", via=(source.id,))
                            self._add(match, row)

    # --- statements without an answering number ---

    def _unanswered(self, answered: Mapping[str, Sequence[Item]], row_parents: Mapping[str, Sequence[Item]]) -> None:
        linked = {link.to_id for link in self.found.values()}
        open_targets = [item for item in self.higher.targets if item.id not in linked]
        self._cells(open_targets, row_parents, "target")

    def _objectives(self, row_parents: Mapping[str, Sequence[Item]]) -> None:
        self._cells(self.higher.objectives, row_parents, "objective")

    def _cells(self, statements: Sequence[Item], row_parents: Mapping[str, Sequence[Item]], kind: str) -> None:
        """Links statements to the rows under the objective cell that says the same, else to rows that say it
        themselves, else to the rows that carry out the rows under the statement."""
        import numpy as np

        if not statements:
            return
        left = list(statements)
        for cells, method in ((self.lower.objectives, "objective"), (self.lower.rows, "statement-row")):
            if not cells or not left:
                continue
            spoken_for = np.asarray([self._spoken_for(cell) for cell in cells])
            measured = self.features.cells(left, cells)
            scorer = self.model["cell"]
            scores = scorer.score(measured, (len(left), len(cells)))
            if kind == "target":
                scores = np.where(spoken_for[None, :], 0.0, scores)
            missed = []
            for i, statement in enumerate(left):
                chosen = [j for j in range(len(cells)) if scores[i, j] >= scorer.threshold]
                if method == "objective":
                    chosen = sorted(chosen, key=lambda j: -float(scores[i, j]))[:1]
                for j in chosen:
                    via = (cells[j].id,) if cells[j].kind == "objective" else ()
                    confidence = scorer.curve(float(scores[i, j]))
                    score = float(scores[i, j])
                    match = Match(
                        statement, cells[j], confidence, method, _values(measured, i, j), via=via, score=score
                    )
                    for row in self._rows_of(cells[j]):
                        self._add(match, row)
                if not chosen:
                    missed.append(statement)
            left = missed
        for statement in left:
            for upper_row in statement.rows:
                for under in row_parents.get(upper_row, ()):
                    link = self.found.get((under.id, upper_row))
                    if link is None:
                        continue
                    self._add(Match(statement, under, link.confidence * 0.9, "through-row", via=(upper_row,)), under)

    def _spoken_for(self, cell: Item) -> bool:
        """Whether every number that the cell states answers some other target: it is then about that one."""
        rows = set(cell.rows)
        fields = {"objective"} if cell.kind == "objective" else {"task", "activity"}
        stated = [
            item.id
            for item in self.lower.targets
            if item.target is not None and item.target.row in rows and item.target.cell in fields
        ]
        return bool(stated) and self.taken.issuperset(stated)

    # --- rows against rows ---

    def _rows(self) -> dict[str, list[Item]]:
        """Links rows to rows; answers the lower rows of each higher one."""
        above, below = self.higher.rows, self.lower.rows
        parents: dict[str, list[Item]] = {}
        if not above or not below:
            return parents
        measured = self.features.rows()
        scorer = self.model["row"]
        scores = scorer.score(measured, (len(above), len(below)))
        alike = _cosine([item.core for item in above], self.features)
        for j, under in enumerate(below):
            best = int(scores[:, j].argmax())
            if scores[best, j] < scorer.threshold:
                continue
            for i in range(len(above)):
                if i != best and (
                    alike[best, i] < ROW_TWIN or scores[i, j] < max(scorer.threshold, scores[best, j] - CLOSE)
                ):
                    continue
                upper = above[i]
                parents.setdefault(upper.id, []).append(under)
                confidence = scorer.curve(float(scores[i, j]))
                score = float(scores[i, j])
                match = Match(upper, under, confidence, "row", _values(measured, i, j), score=score)
                self._add(match, under)
        return parents

    # --- making links ---

    def _rows_of(self, item: Item) -> Iterator[Item]:
        for row in item.rows:
            yield self.lower.by_id[row]

    def _compared(self, upper: Item, under: Item) -> Comparison | None:
        if upper.target is None or under.target is None:
            return None
        return compare(upper.target, self.higher.plan, under.target, self.lower.plan)

    def _add(self, match: Match, shown: Item) -> None:
        """Links one thing of the lower plan; the surer of two links between the same things is kept."""
        upper, under = match.upper, match.under
        if match.confidence < self.least:
            return
        link = Link(
            from_id=shown.id,
            to_id=upper.id,
            from_document=self.lower.plan.id,
            to_document=self.higher.plan.id,
            relation=relation_of(match.numbers),
            confidence=round(float(match.confidence), 4),
            evidence=describe(
                upper,
                under,
                shown=shown,
                features=match.values,
                comparison=match.numbers,
                scope=self.scope.reason,
                via=match.via,
                score=match.score,
            ),
            method=match.method,
            from_row=shown.row.id if shown.row is not None else "",
            value=under.target.value if under.target is not None else None,
        )
        key = (link.from_id, link.to_id)
        self.found[key] = stronger(self.found[key], link) if key in self.found else link


def _values(measured: Mapping[str, Matrix], i: int, j: int) -> dict[str, float]:
    return {name: float(matrix[i, j]) for name, matrix in measured.items()}


def twin_targets(items: Sequence[Item], features: PairFeatures) -> list[tuple[int, ...]]:
    """For each target of a plan the others that state the same: same number and unit, years that do not differ, and
    nearly the same words."""
    alike = _cosine([item.core for item in items], features)
    made: list[tuple[int, ...]] = []
    for i, one in enumerate(items):
        made.append(
            tuple(j for j, other in enumerate(items) if j != i and alike[i, j] >= TWIN and same_number(one, other))
        )
    return made


def same_number(one: Item, other: Item) -> bool:
    """Whether two targets of a plan have the same value and unit, for years that do not differ."""
    if one.target is None or other.target is None:
        return False
    return (
        one.target.value == other.target.value
        and fold(one.target.unit) == fold(other.target.unit)
        and (one.year is None or other.year is None or one.year == other.year)
    )


def _cosine(texts: Sequence[str], features: PairFeatures) -> Matrix:
    return Overlap(texts, texts, features.weights).cosine
