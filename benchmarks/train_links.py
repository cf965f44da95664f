"""Trains the link model from annotated links and writes `graph/trace/link_model.json`.

    python -m benchmarks.train_links [--write] [--words-only]

Logistic regression with signed weights (likeness can only help, a contradiction only hurt), fitted on every pair of
every case; thresholds and the curve from score to confidence come from cases that the weights did not see (one source
of cases left out at a time). Prints the left-out quality; without --write nothing is changed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from graph.model import Link, Relation
from graph.similarity import Similarity
from graph.trace.features import PairFeatures
from graph.trace.items import Item, Outline, outline_of
from graph.trace.model import MODEL_FILE, Scorer, scorer_from
from graph.trace.pairs import PairLinks
from graph.trace.scope import scope_of
from tests.quality.link_sets import Case, training_cases

Array = NDArray[np.float64]

HELPS = frozenset(
    {
        *("cosine", "covered", "covers", "covers_wide", "context", "best_above", "best_below", "finest", "objective"),
        *(
            "value_same",
            "year_same",
            "level_fits",
            "metric_same",
            "field_same",
            "place",
            "meaning",
            "meaning_best",
            "meaning_below",
        ),
        *("product", "lead_is_issuer", "lead_is_all", "beside"),
    }
)
HURTS = frozenset(
    {
        "unit_other",
        "value_all",
        "value_elsewhere",
        "year_other",
        "level_other",
        "metric_other",
        "field_other",
        "not_bound",
        "index_other",
        "lead_is_other",
    }
)
FREE = frozenset({"objective_known"})
JUDGED = ("pv-p2", "pv-p4", "hb-gt", "hb-hu", "hp-xd", "hp-ph", "qt-yt", "qt-nn", "qt-hl", "qt-dt")
GROUP_WEIGHT = {"002": 1.0, **dict.fromkeys(JUDGED, 1.5)}
LOCAL_WEIGHT = 0.2
MISREAD_SHARE = 0.4
PENALTY = 1.0
MOST = 0.985
KINDS = ("target", "row", "cell")  # the cells last: they are asked for what nothing else answers
LOW = 0.02
OFF = 2.0
"""A threshold that no score reaches."""
FALSE_COST = 1.0
LEAST_THRESHOLD = {"target": 0.25, "row": 0.35}
"""Thresholds below which some left-out province falls under a precision of 0.9, however many links that wins."""
CELL = {"threshold": 0.7, "curve": {"scores": [0.0, 1.0], "confidences": [0.0, 0.8]}}
"""Of targets that rows alone answer there are too few for a threshold and a curve of their own."""


@dataclass(frozen=True)
class Sample:
    """All pairs of one kind of one case: features by name, labels, weights."""

    group: str
    names: tuple[str, ...]
    values: Array
    labels: Array
    weight: float


def encoder(cache: Path | None = None) -> Similarity:
    """The similarity that a build has, of the bundled encoder; with `cache` each text is encoded once in the life of
    that folder, else once a run."""
    from embeddings.encoder import open_encoder
    from embeddings.similarity import make_similarity

    return make_similarity(open_encoder(cache_dir=cache), cache or Path(mkdtemp(prefix="vectors-")))


_MEASURED: dict[tuple[str, bool], PairFeatures] = {}


def measured(case: Case, similarity: Similarity | None) -> PairFeatures:
    """The features of a case, measured once a run."""
    key = case.name, similarity is not None
    if key not in _MEASURED:
        _MEASURED[key] = PairFeatures(outline_of(case.higher), outline_of(case.lower), similarity)
    return _MEASURED[key]


def samples_of(case: Case, similarity: Similarity | None) -> dict[str, list[Sample]]:
    """The labelled pairs of a case by kind of pair."""
    features = measured(case, similarity)
    above, below = features.higher, features.lower
    made: dict[str, list[Sample]] = {kind: [] for kind in KINDS}
    if above.targets and below.targets:
        made["target"].append(_sample(case, features.targets(), above.targets, below.targets))
    made["row"].append(_sample(case, features.rows(), above.rows, below.rows))
    statements = (*above.targets, *_objectives(above))
    # What statements say is learnt from all kinds of them: of targets that rows answer alone there are few.
    for upper, under in (
        (statements, below.objectives),
        (statements, below.rows),
        (above.targets, below.targets),
        (above.rows, below.rows),
    ):
        if upper and under:
            made["cell"].append(_sample(case, features.cells(upper, under), upper, under))
    return made


def case_weight(case: Case) -> float:
    """How much a case counts in training: less where its links follow from a rule or its letters were spoilt by one."""
    known = GROUP_WEIGHT.get(case.group, LOCAL_WEIGHT)
    return known * MISREAD_SHARE if case.name.endswith("-misread") and case.group in GROUP_WEIGHT else known


def _objectives(outline: Outline) -> tuple[Item, ...]:
    return outline.objectives


def _known(case: Case, upper: Item, under: Item) -> float | None:
    """1 for a link, 0 for none, None where it cannot be said."""
    if upper.kind == "objective":
        rows = {row for row in upper.rows if row in case.judged}
        if not rows or under.kind != "objective":
            return None
        served = {below for above, below in case.links if above in rows}
        return float(len(served.intersection(under.rows)) * 2 >= max(len(under.rows), 1))
    if upper.id not in case.judged:
        return None
    ends = under.rows if under.kind == "objective" else (under.id,)
    if any((upper.id, end) in case.unsure for end in ends):
        return None
    return float(any((upper.id, end) in case.links for end in ends))


def _sample(case: Case, measured: Mapping[str, Any], above: Sequence[Item], below: Sequence[Item]) -> Sample:
    names = tuple(sorted(measured))
    values, labels = [], []
    for i, upper in enumerate(above):
        for j, under in enumerate(below):
            label = _known(case, upper, under)
            if label is not None:
                values.append([float(measured[name][i, j]) for name in names])
                labels.append(label)
    weight = case_weight(case)
    return Sample(case.group, names, np.asarray(values), np.asarray(labels), weight)


def fit(samples: Sequence[Sample], without: str = "") -> dict[str, Any]:
    """Weights of one kind of pair, from all samples but those of one source."""
    chosen = [sample for sample in samples if source(sample.group) != without and len(sample.labels)]
    names = chosen[0].names
    x = np.concatenate([sample.values for sample in chosen])
    y = np.concatenate([sample.labels for sample in chosen])
    w = np.concatenate([np.full(len(sample.labels), sample.weight) for sample in chosen])

    def loss(theta: Array) -> tuple[float, Array]:
        z = x @ theta[1:] + theta[0]
        p = 1 / (1 + np.exp(-z))
        value = -np.sum(w * (y * np.log(p + 1e-12) + (1 - y) * np.log(1 - p + 1e-12)))
        slope = w * (p - y)
        gradient = np.concatenate([[slope.sum()], x.T @ slope + PENALTY * theta[1:]])
        return float(value + PENALTY / 2 * np.sum(theta[1:] ** 2)), gradient

    limits = [(None, None), *(_limits(name) for name in names)]
    found = minimize(
        loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=limits, options={"maxiter": 500}
    )
    weights = {
        name: round(float(weight), 4) for name, weight in zip(names, found.x[1:], strict=True) if abs(weight) > 1e-3
    }
    return {"bias": round(float(found.x[0]), 4), "weights": weights}


def _limits(name: str) -> tuple[float | None, float | None]:
    if name in HELPS:
        return (0.0, None)
    if name in HURTS:
        return (None, 0.0)
    if name in FREE:
        return (None, None)
    raise ValueError(f"a feature without a sign: {name}")


def source(group: str) -> str:
    """What is left out together: cases that share a plan's texts."""
    return group.partition("-")[0]


STRAIGHT = {"scores": [0.0, 1.0], "confidences": [0.0, 1.0]}


def scorers(fitted: Mapping[str, Mapping[str, Any]], thresholds: Mapping[str, float]) -> dict[str, Scorer]:
    """Scorers with given thresholds and no curve yet."""
    return {kind: scorer_from({**fitted[kind], "threshold": thresholds[kind], "curve": STRAIGHT}) for kind in KINDS}


def run(case: Case, model: Mapping[str, Scorer], similarity: Similarity | None) -> list[Link]:
    """The links of a case."""
    scope = scope_of(case.higher, case.lower)
    if scope is None:
        raise ValueError(f"{case.name}: not a higher and a lower plan")
    features = measured(case, similarity)
    pair = PairLinks(features.higher, features.lower, scope, similarity, model=model, features=features, themes=False)
    return list(pair.links())


KIND_OF = {"target": "target", "row": "row", "objective": "cell", "statement-row": "cell"}


def judged(case: Case, links: Sequence[Link]) -> list[tuple[str, float, bool, float]]:
    """Kind, score, rightness and weight of each direct link of a case that can be judged."""
    made = []
    weight = case_weight(case)
    for link in links:
        pair = (link.to_id, link.from_id)
        if (
            link.method in KIND_OF
            and link.relation is not Relation.RELATED
            and link.to_id in case.judged
            and pair not in case.unsure
        ):
            score = link.evidence["score"]
            if isinstance(score, float):
                made.append((KIND_OF[link.method], score, pair in case.links, weight))
    return made


def best_threshold(found: Sequence[tuple[str, float, bool, float]], kind: str) -> float:
    """The score from which on linking is worth it, when a false link costs as much as `FALSE_COST` missed ones."""
    ours = sorted(((score, right, weight) for name, score, right, weight in found if name == kind), reverse=True)
    best, at, worth = 0.0, 0.6, 0.0
    for index, (score, right, weight) in enumerate(ours):
        worth += weight if right else -FALSE_COST * weight
        following = ours[index + 1][0] if index + 1 < len(ours) else score * 0.9
        if worth > best and following < score:
            best, at = worth, (score + following) / 2
    return round(float(min(max(at, LEAST_THRESHOLD[kind]), 0.8)), 3)


def curve(found: Sequence[tuple[str, float, bool, float]], kind: str) -> dict[str, list[float]]:
    """From score to the share of links that are right, as a logistic of the score's log-odds, told at knots."""
    ours = [(min(max(score, 1e-4), 1 - 1e-4), right, weight) for name, score, right, weight in found if name == kind]
    z = np.asarray([np.log(score / (1 - score)) for score, _, _ in ours])
    y = np.asarray([float(right) for _, right, _ in ours])
    w = np.asarray([weight for _, _, weight in ours])

    def loss(theta: Array) -> float:
        p = 1 / (1 + np.exp(-(theta[0] + theta[1] * z)))
        value = -np.sum(w * (y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9)))
        return float(value + 0.5 * (theta[1] - 1) ** 2 + 0.5 * theta[0] ** 2)

    found_at = minimize(loss, np.asarray([0.0, 1.0]), bounds=[(None, None), (0.05, None)]).x
    knots = [0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0]
    inner = [min(max(knot, 1e-4), 1 - 1e-4) for knot in knots]
    values = [1 / (1 + np.exp(-(found_at[0] + found_at[1] * np.log(knot / (1 - knot))))) for knot in inner]
    return {"scores": knots, "confidences": [round(float(min(value, MOST)), 4) for value in values]}


def train(cases: Sequence[Case], similarity: Similarity | None) -> dict[str, Any]:
    """Weights, thresholds and curves of all kinds of pair; prints the quality on left-out cases."""
    samples: dict[str, list[Sample]] = {kind: [] for kind in KINDS}
    for case in cases:
        for kind, found in samples_of(case, similarity).items():
            samples[kind].extend(found)
    left_out = {
        name: {kind: fit(samples[kind], without=name) for kind in KINDS}
        for name in sorted({source(case.group) for case in cases})
    }
    thresholds = dict.fromkeys(KINDS, LOW)
    outcomes: list[tuple[str, float, bool, float]] = []
    for kind in ("target", "row"):
        outcomes = []
        for case in cases:
            model = scorers(left_out[source(case.group)], {**thresholds, "cell": OFF})
            outcomes.extend(judged(case, run(case, model, similarity)))
        thresholds[kind] = best_threshold(outcomes, kind)
    final = {kind: fit(samples[kind]) for kind in KINDS}
    told = outcomes_at(cases, left_out, thresholds, similarity)
    made: dict[str, Any] = {
        kind: {**final[kind], "threshold": thresholds[kind], "curve": curve(told, kind)} for kind in ("target", "row")
    }
    made["cell"] = {**final["cell"], **CELL}
    thresholds["cell"] = made["cell"]["threshold"]
    report(cases, left_out, thresholds, similarity)
    return made


def outcomes_at(
    cases: Sequence[Case], left_out: Mapping[str, Any], thresholds: Mapping[str, float], similarity: Similarity | None
) -> list[tuple[str, float, bool, float]]:
    """The judged links of all cases, each by a model that did not see it, at half the thresholds."""
    half = {kind: value * 0.5 for kind, value in thresholds.items()} | {"cell": OFF}
    found: list[tuple[str, float, bool, float]] = []
    for case in cases:
        model = scorers(left_out[source(case.group)], {**half, "target": thresholds["target"]})
        found.extend(judged(case, run(case, model, similarity)))
        model = scorers(left_out[source(case.group)], half)
        found.extend(entry for entry in judged(case, run(case, model, similarity)) if entry[0] == "target")
    return found


def report(
    cases: Sequence[Case], left_out: Mapping[str, Any], thresholds: Mapping[str, float], similarity: Similarity | None
) -> None:
    """Prints precision, recall and F1 of every case by the model that did not see its source."""
    print("thresholds", thresholds)
    for case in cases:
        links = run(case, scorers(left_out[source(case.group)], thresholds), similarity)
        precision, recall = quality(case, links)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        print(f"{case.name:24s} P {precision:.3f} R {recall:.3f} F1 {f1:.3f}")


def quality(case: Case, links: Sequence[Link]) -> tuple[float, float]:
    """Precision and recall over all pairs that can be judged."""
    got = {
        (link.to_id, link.from_id)
        for link in links
        if link.relation is not Relation.RELATED
        and link.to_id in case.judged
        and (link.to_id, link.from_id) not in case.unsure
    }
    hits = len(got.intersection(case.links))
    return hits / max(len(got), 1), hits / max(len(case.links), 1)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help="write graph/trace/link_model.json")
    parser.add_argument("--words-only", action="store_true", help="leave out the encoder")
    parser.add_argument("--cache", type=Path, help="a folder that keeps vectors between runs")
    options = parser.parse_args()
    cases = training_cases()
    print("words, numbers and places only; each case left out:")
    model = {"words": train(cases, None)}
    if not options.words_only:
        print("with meaning; each case left out:")
        model["meaning"] = train(cases, encoder(options.cache))
    if options.write:
        MODEL_FILE.write_text(json.dumps(model, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"wrote {MODEL_FILE}")


if __name__ == "__main__":
    main()
