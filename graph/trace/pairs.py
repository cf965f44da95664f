"""The links between one higher and one lower plan, decided together.

Each target of the lower plan has one parent (with its twins: the same target stated in prose and in the table), so that
of two like targets ("90 % by 2025", "95 % by 2030") each goes to its own. A target that no number answers is looked for
among rows that promise the whole in words. Rows have one parent each, again with its twins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from graph.model import Link, Relation
from graph.similarity import Similarity
from graph.text import fold, squeeze
from graph.trace.evidence import describe, relation_of, stronger
from graph.trace.features import WHOLE, PairFeatures
from graph.trace.items import Item, Outline
from graph.trace.lexical import Overlap
from graph.trace.model import Scorer, load_model
from graph.trace.opposition import oppose
from graph.trace.quantity import Comparison, compare, concerns
from graph.trace.related import MOST_SURE, related_pairs
from graph.trace.scope import Scope
from graph.trace.siblings import rival_targets, twin_targets
from graph.trace.twice import same_number, stated_twice

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

ROW_TWIN = 0.9
LEAST = 0.4
"""Confidence below which a pair is not shown as a link at all."""
SURE_OPPOSED = 0.7
"""Confidence of a contradiction that only the words tell."""
OPPOSED = 0.3
"""The share of a row's threshold from which a pair speaks of one thing, so that saying the opposite contradicts it."""
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
        features: PairFeatures | None = None,
        themes: bool = True,
    ) -> None:
        """`model` and `features` are given in training; without `themes` no related things are looked for."""
        self.higher = higher
        self.lower = lower
        self.scope = scope
        self.themes = themes
        self.features = features if features is not None else PairFeatures(higher, lower, similarity)
        self.model = model if model is not None else load_model(similarity is not None)
        self.least = LEAST if model is None else 0.0  # a model in training has no curve yet
        self.found: dict[tuple[str, str], Link] = {}

    def links(self) -> tuple[Link, ...]:
        """All links of the pair, by the order of the higher plan's things, then of the lower plan's."""
        answered = self._targets()
        row_parents = self._rows()
        self._unanswered(answered, row_parents)
        self._objectives(row_parents)
        self._opposite(row_parents)
        self._stated_twice()
        if self.themes:
            self._related()
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
        # Two indices that are named ("PCI", "PGI") are two things, however like the rest.
        scores = scorer.score(measured, (len(above), len(below))) * (1.0 - measured["index_other"])
        twins = twin_targets(above, self.features)
        rivals = rival_targets(above, self.features)
        for j, under in enumerate(below):
            best = int(scores[:, j].argmax())
            if scores[best, j] < scorer.threshold:
                continue
            restated = self._restated(best, scores[:, j])
            for i in dict.fromkeys((best, *twins[best], *restated, *rivals[best])):
                least = (
                    scorer.threshold
                    if i in restated or i in rivals[best]
                    else max(scorer.threshold, scores[best, j] - CLOSE)
                )
                if i != best and scores[i, j] < least:
                    continue
                upper = above[i]
                answered.setdefault(upper.id, []).append(under)
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
        """Links objectives to the rows under the objective cell that says the same, else to the rows that carry out the
        rows under them; and targets of 100 % to rows that promise the whole in words ("mọi", "toàn bộ")."""
        left = list(statements)
        cells = self.lower.objectives if kind == "objective" else self.lower.rows
        allowed = [kind == "objective" or _promises_all(cell) for cell in cells]
        if kind == "target":
            left = [item for item in left if _wants_all(item)]
        if cells and left:
            measured = self.features.cells(left, cells)
            scorer = self.model["cell"]
            scores = scorer.score(measured, (len(left), len(cells)))
            missed = []
            for i, statement in enumerate(left):
                chosen = [j for j in range(len(cells)) if allowed[j] and scores[i, j] >= scorer.threshold]
                for j in sorted(chosen, key=lambda j: -float(scores[i, j]))[:1]:
                    score = float(scores[i, j])
                    match = Match(
                        statement,
                        cells[j],
                        scorer.curve(score),
                        "objective" if kind == "objective" else "statement-row",
                        _values(measured, i, j),
                        via=(cells[j].id,) if kind == "objective" else (),
                        score=score,
                    )
                    for row in self._rows_of(cells[j]):
                        self._add(match, row)
                if not chosen:
                    missed.append(statement)
            left = missed
        # Rows under a numbered target's objective do not tell that its number is reached.
        for statement in left if kind == "objective" else ():
            for upper_row in statement.rows:
                for under in row_parents.get(upper_row, ()):
                    link = self.found.get((under.id, upper_row))
                    if link is None:
                        continue
                    self._add(Match(statement, under, link.confidence * 0.9, "through-row", via=(upper_row,)), under)

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

    def _stated_twice(self) -> None:
        """What is linked to one statement of a target is linked to the other one too, where that has nothing."""
        linked: dict[str, list[Link]] = {}
        for link in self.found.values():
            linked.setdefault(link.to_id, []).append(link)
        for one, other in stated_twice(self.higher).items():
            if other in linked:
                continue
            for link in linked.get(one, ()):
                self.found[link.from_id, other] = replace(
                    link,
                    to_id=other,
                    confidence=round(link.confidence * 0.95, 4),
                    method="stated-twice",
                    evidence={**link.evidence, "stated_also": one},
                )

    # --- what is no implementing ---

    def _opposite(self, row_parents: Mapping[str, Sequence[Item]]) -> None:
        """Rows that carry nothing out, of which the likest higher row is denied: stopped or waived."""
        above, below = self.higher.rows, self.lower.rows
        if not above or not below:
            return
        linked = {under.id for members in row_parents.values() for under in members}
        measured = self.features.rows()
        scorer = self.model["row"]
        scores = scorer.score(measured, (len(above), len(below)))
        for j, under in enumerate(below):
            if under.id in linked:
                continue
            i = int(scores[:, j].argmax())
            upper = above[i]
            if scores[i, j] < OPPOSED * scorer.threshold or not oppose(upper.finest, under.finest):
                continue
            score = float(scores[i, j])
            match = Match(upper, under, SURE_OPPOSED, "row", _values(measured, i, j), score=score)
            self._add(match, under)

    def _related(self) -> None:
        """Links of things that share a theme, for a person to look at."""
        links = self.found.values()
        linked = frozenset(thing for link in links for thing in (link.from_id, link.from_row, *_lower_via(link)))
        for upper, under, score, values in related_pairs(self.features, self.model, linked):
            confidence = min(MOST_SURE, score / 2)
            match = Match(upper, under, confidence, "theme", values, self._compared(upper, under), score=score)
            self._add(match, under, Relation.RELATED)

    # --- making links ---

    def _rows_of(self, item: Item) -> Iterator[Item]:
        for row in item.rows:
            yield self.lower.by_id[row]

    def _compared(self, upper: Item, under: Item) -> Comparison | None:
        if upper.target is None or under.target is None:
            return None
        return compare(upper.target, self.higher.plan, under.target, self.lower.plan)

    def _add(self, match: Match, shown: Item, relation: Relation | None = None) -> None:
        """Links one thing of the lower plan, by the relation that its number or words have where none is given; the
        surer of two links between the same things is kept."""
        upper, under = match.upper, match.under
        if match.confidence < self.least and relation is None:
            return
        if relation is None:
            relation = relation_of(match.numbers)
            if upper.row is not None and upper.kind == "row" and oppose(upper.finest, shown.finest):
                relation = Relation.CONTRADICTS
        link = Link(
            from_id=shown.id,
            to_id=upper.id,
            from_document=self.lower.plan.id,
            to_document=self.higher.plan.id,
            relation=relation,
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


def _wants_all(item: Item) -> bool:
    return item.target is not None and item.target.unit == "%" and item.target.value == WHOLE


def _promises_all(item: Item) -> bool:
    """Whether a row says in words that all of something is meant; "mới" (new), which folds to the same, does not."""
    text = item.core.lower()
    return any(f" {word} " in f" {fold(text)} " for word in ("toan bo", "tat ca")) or "mọi " in text or "100%" in text


def _lower_via(link: Link) -> Sequence[str]:
    via = link.evidence.get("via")
    return [str(thing) for thing in via] if isinstance(via, list) else ()


def _values(measured: Mapping[str, Matrix], i: int, j: int) -> dict[str, float]:
    return {name: float(matrix[i, j]) for name, matrix in measured.items()}


def _cosine(texts: Sequence[str], features: PairFeatures) -> Matrix:
    return Overlap(texts, texts, features.weights).cosine
