"""Quality and time of links: the project's against plain embedding similarity with a threshold, and against BM25.

    python -m benchmarks.links [--meaning] [--speed]

Quality on all annotated cases (`tests/quality/link_sets.py`), rows and targets alike; the two rivals compare the same
texts and get, unlike the project, the threshold that is best for them on these very cases. With --speed: one province
of 120 agencies' plans and 7,000 rows.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections.abc import Sequence
from dataclasses import replace
from math import log

import numpy as np
from numpy.typing import NDArray

from benchmarks.train_links import encoder
from graph.model import Head, Level, Plan
from graph.similarity import Similarity
from graph.text import fold
from graph.trace import link_pair, link_plans
from graph.trace.items import Item, outline_of
from tests.quality.gold_plans import gold_plan
from tests.quality.link_sets import Case, all_cases, province_plan

Pairs = dict[tuple[str, str], float]


def things(plan: Plan) -> tuple[Item, ...]:
    """What is compared: targets and rows."""
    outline = outline_of(plan)
    return (*outline.targets, *outline.rows)


def by_embedding(case: Case, similarity: Similarity) -> Pairs:
    """Each lower thing with its likest higher thing of the same kind, by cosine."""
    above, below = things(case.higher), things(case.lower)
    return best_parents(above, below, similarity([item.core for item in above], [item.core for item in below]))


def by_bm25(case: Case) -> Pairs:
    """Each lower thing with its best higher thing of the same kind, by BM25 over folded words (k1 1.5, b 0.75)."""
    above, below = things(case.higher), things(case.lower)
    documents = [fold(item.core).split() for item in above]
    average = sum(map(len, documents)) / max(len(documents), 1)
    frequency: dict[str, int] = {}
    for words in documents:
        for word in set(words):
            frequency[word] = frequency.get(word, 0) + 1
    scores = np.zeros((len(above), len(below)), dtype=np.float32)
    for j, item in enumerate(below):
        asked = set(fold(item.core).split())
        for i, words in enumerate(documents):
            for word in asked.intersection(words):
                rarity = log(1 + (len(documents) - frequency[word] + 0.5) / (frequency[word] + 0.5))
                count = words.count(word)
                scores[i, j] += rarity * count * 2.5 / (count + 1.5 * (0.25 + 0.75 * len(words) / average))
        scores[:, j] /= max(len(asked), 1)
    return best_parents(above, below, scores)


def best_parents(above: Sequence[Item], below: Sequence[Item], scores: NDArray[np.float32]) -> Pairs:
    """The best parent of each lower thing; what a target gets, the rows under it get too, as in the annotations."""
    made: Pairs = {}
    for j, under in enumerate(below):
        same_kind = [i for i, upper in enumerate(above) if upper.kind == under.kind]
        if not same_kind:
            continue
        best = max(same_kind, key=lambda i: float(scores[i, j]))
        for end in (under.id, *(under.rows if under.kind == "target" else ())):
            pair = (above[best].id, end)
            made[pair] = max(made.get(pair, -1.0), float(scores[best, j]))
    return made


def f1(cases: Sequence[Case], found: Sequence[Pairs], threshold: float) -> tuple[float, float, float]:
    """Precision, recall, F1 over all cases together."""
    hits = told = wanted = 0
    for case, pairs in zip(cases, found, strict=True):
        got = {
            pair
            for pair, score in pairs.items()
            if score >= threshold and pair[0] in case.judged and pair not in case.unsure
        }
        hits += len(got.intersection(case.links))
        told += len(got)
        wanted += len(case.links)
    precision, recall = hits / max(told, 1), hits / max(wanted, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def best(cases: Sequence[Case], found: Sequence[Pairs]) -> tuple[float, float, float]:
    """The rival's figures at the threshold that suits it best."""
    scores = sorted({round(score, 3) for pairs in found for score in pairs.values()})
    return max((f1(cases, found, score) for score in scores), key=lambda figures: figures[2])


def quality(similarity: Similarity | None) -> None:
    """Prints one line a method."""
    groups = {
        "annotated and invented": lambda case: not case.group.startswith("local"),
        "made by rule": lambda case: case.group.startswith("local"),
    }
    for name, wanted in groups.items():
        cases = [case for case in all_cases() if wanted(case)]
        print(f"{name}: {len(cases)} pairs of plans, {sum(len(case.links) for case in cases)} links")
        for method, run in (("CCHC Trace, words only", None), ("CCHC Trace, with meaning", similarity)):
            if method.endswith("meaning") and similarity is None:
                continue
            start = time.perf_counter()
            found = [
                {(link.to_id, link.from_id): link.confidence for link in link_pair(case.higher, case.lower, run)}
                for case in cases
            ]
            report(method, f1(cases, found, 0.0), time.perf_counter() - start)
        start = time.perf_counter()
        report("BM25, best threshold", best(cases, [by_bm25(case) for case in cases]), time.perf_counter() - start)
        if similarity is not None:
            start = time.perf_counter()
            report(
                "embedding, best threshold",
                best(cases, [by_embedding(case, similarity) for case in cases]),
                time.perf_counter() - start,
            )


def report(method: str, figures: tuple[float, float, float], seconds: float) -> None:
    """One line."""
    print(f"  {method:28s} P {figures[0]:.3f}  R {figures[1]:.3f}  F1 {figures[2]:.3f}  {seconds:6.2f} s")


def province(agencies: int = 120, rows: int = 7000) -> list[Plan]:
    """A province for timing: the invented provincial plan and agencies' plans mixed from the annotated ones."""
    draw = random.Random(7)  # noqa: S311 - timing data
    pool = [row for name in ("000", "001", "003", "p2", "p4") for row in gold_plan(name).rows]
    goals = [target for name in ("001", "003", "p2", "p4") for target in gold_plan(name).targets]
    higher = province_plan()
    plans = [higher]
    for number in range(agencies):
        document = f"cq{number:03d}"
        chosen = [draw.choice(pool) for _ in range(rows // agencies)]
        level = Level.DEPARTMENT if number < 15 else Level.COMMUNE
        plans.append(
            Plan(
                id=document,
                source=document,
                sha256="",
                head=Head(
                    issuer=f"Cơ quan {number}", issuer_level=level, province="Vĩnh Long", period=higher.head.period
                ),
                rows=tuple(
                    replace(row, id=f"{document}-r{index:03d}", raw=replace(row.raw, number=str(index)))
                    for index, row in enumerate(chosen, start=1)
                ),
                targets=tuple(
                    replace(target, id=f"{document}-t{index:03d}", row="")
                    for index, target in enumerate((draw.choice(goals) for _ in range(25)), start=1)
                ),
                citations=(),
                problems=(),
            )
        )
    return plans


def speed(similarity: Similarity | None) -> None:
    """Prints the time and memory of a province, and of one plan more."""
    plans = province()
    count = sum(len(plan.rows) for plan in plans)
    if similarity is not None:  # "after embedding": the vectors are there already
        texts = [item.core for plan in plans for item in (*things(plan), *outline_of(plan).objectives)]
        similarity(texts, texts[:1])
        similarity(texts[:1], texts)
    start = time.perf_counter()
    links = link_plans(plans, similarity)
    whole = time.perf_counter() - start
    start = time.perf_counter()
    link_pair(plans[0], plans[1], similarity)
    one = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(plans)} plans, {count} rows: {len(links)} links in {whole:.1f} s;"
        f" one plan more {one:.2f} s; {memory:.0f} MB"
    )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--meaning", action="store_true", help="with the bundled encoder too")
    parser.add_argument("--speed", action="store_true", help="time a province instead")
    options = parser.parse_args()
    similarity = encoder() if options.meaning else None
    if options.speed:
        speed(similarity)
    else:
        quality(similarity)


if __name__ == "__main__":
    main()
