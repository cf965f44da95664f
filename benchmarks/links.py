"""Quality and time of links: the project's against plain embedding similarity with a threshold, and against BM25.

    python -m benchmarks.links [--meaning] [--cache DIR] [--speed | --errors]

Quality on all annotated cases (`tests/quality/link_sets.py`), rows and targets alike; the two rivals compare the same
texts and get, unlike the project, the threshold that is best for them on these very cases. With --speed: one province
of 120 agencies' plans and 7,000 rows. With --errors: every false and every missed link with its reason.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.train_links import encoder
from graph.model import Head, Level, Link, Plan, RawRow, Relation
from graph.similarity import Similarity
from graph.text import fold
from graph.trace import link_pair, link_plans
from graph.trace.features import PairFeatures
from graph.trace.items import Item, outline_of
from graph.trace.model import load_model
from tests.quality.gold_plans import gold_plan
from tests.quality.link_sets import Case, province_plan, training_cases

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
        "annotated and invented": lambda case: not made_by_rule(case),
        "made by rule, letters misread": made_by_rule,
    }
    for name, wanted in groups.items():
        cases = [case for case in training_cases() if wanted(case)]
        print(f"{name}: {len(cases)} pairs of plans, {sum(len(case.links) for case in cases)} links")
        for method, run in (("CCHC Trace, words only", None), ("CCHC Trace, with meaning", similarity)):
            if method.endswith("meaning") and similarity is None:
                continue
            start = time.perf_counter()
            found = [
                {
                    (link.to_id, link.from_id): link.confidence
                    for link in link_pair(case.higher, case.lower, run)
                    if link.relation is not Relation.RELATED
                }
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


def made_by_rule(case: Case) -> bool:
    """Whether the case's links or its misread letters come from a rule, not from people or a recogniser."""
    return case.group.startswith("local") or case.name.endswith("-misread")


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
                    replace(row, id=f"{document}-r{index:03d}", raw=_own(row.raw, number, index))
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


def _own(raw: RawRow, agency: int, index: int) -> RawRow:
    """The row with words that no other row has, as an agency's own plan would word it."""
    return replace(raw, number=str(index), task=f"{raw.task} (mã {agency:03d}.{index:03d})".strip())


_MARK = re.compile(r" ?\(mã \d{3}\.\d{3}\)")


def _unmarked(similarity: Similarity) -> Similarity:
    """A similarity that passes over those words: all texts are distinct, few have to be encoded."""

    def measured(queries: Sequence[str], passages: Sequence[str]) -> NDArray[np.float32]:
        return similarity([_MARK.sub("", text) for text in queries], [_MARK.sub("", text) for text in passages])

    return measured


def speed(similarity: Similarity | None) -> None:
    """Prints the time and memory of a province, and of one plan more."""
    plans = province()
    count = sum(len(plan.rows) for plan in plans)
    if similarity is not None:
        similarity = _unmarked(similarity)  # "after embedding": the vectors are there already
        texts = [item.meant for plan in plans for item in (*things(plan), *outline_of(plan).objectives)]
        similarity(texts, texts[:1])
    start, worked = time.perf_counter(), time.process_time()
    links = link_plans(plans, similarity)
    whole, worked = time.perf_counter() - start, time.process_time() - worked
    start = time.perf_counter()
    link_pair(plans[0], plans[1], similarity)
    one = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(plans)} plans, {count} rows: {len(links)} links in {whole:.1f} s, {worked:.1f} s of CPU;"
        f" one plan more {one:.2f} s; {memory:.0f} MB"
    )


def errors(similarity: Similarity | None) -> None:
    """Prints every false and every missed link of the annotated cases with the reason: of a false link what weighed
    most for it; of a missed one how far it stayed below, and what was taken in its place."""
    for case in training_cases():
        if made_by_rule(case):
            continue
        links = link_pair(case.higher, case.lower, similarity)
        got = {
            (link.to_id, link.from_id): link
            for link in links
            if link.relation is not Relation.RELATED
            and link.to_id in case.judged
            and (link.to_id, link.from_id) not in case.unsure
        }
        false, missed = sorted(set(got) - set(case.links)), sorted(set(case.links) - set(got))
        print(f"{case.name}: {len(got)} links, {len(false)} false, {len(missed)} of {len(case.links)} missed")
        features = PairFeatures(outline_of(case.higher), outline_of(case.lower), similarity)
        words = {item.id: item.printed for item in (*features.higher.by_id.values(), *features.lower.by_id.values())}
        for above, below in false:
            link = got[above, below]
            print(f"  FALSE  {link.relation} {link.confidence:.2f} ({link.method}) {_pair(words, above, below)}")
            print(f"         {_weightiest(link, similarity is not None)}")
        for above, below in missed:
            print(f"  MISSED {case.links[above, below]} {_pair(words, above, below)}")
            print(f"         {_why_missed(features, above, below, links)}")


def _pair(words: Mapping[str, str], above: str, below: str) -> str:
    return f"{above} “{words.get(above, 'not read')[:70]}” ← {below} “{words.get(below, 'not read')[:70]}”"


def _weightiest(link: Link, meaning: bool) -> str:
    kind = {"row": "row"}.get(link.method, "target" if "target" in link.method else "cell")
    measured = link.evidence["similarity"]
    if not isinstance(measured, Mapping) or not measured:
        return f"follows from {link.evidence['via']}"
    reasons = load_model(meaning)[kind].reasons({str(name): float(value) for name, value in measured.items()})
    return ", ".join(f"{name} {value:+.1f}" for name, value in list(reasons.items())[:5])


def _why_missed(features: PairFeatures, above: str, below: str, links: Sequence[Link]) -> str:
    higher, lower = features.higher, features.lower
    upper, under = higher.by_id.get(above), lower.by_id.get(below)
    if upper is None or under is None:
        return "one of the two was not read"
    related = " (shown as related)" if any((link.to_id, link.from_id) == (above, below) for link in links) else ""
    if upper.kind != under.kind:
        return f"a {upper.kind} and a {under.kind}: nothing between them was linked{related}"
    kind = upper.kind
    ours, theirs = (higher.targets, lower.targets) if kind == "target" else (higher.rows, lower.rows)
    scorer = load_model(features.similarity is not None)[kind]
    scores = scorer.score(features.targets() if kind == "target" else features.rows(), (len(ours), len(theirs)))
    i, j = ours.index(upper), theirs.index(under)
    best = int(scores[:, j].argmax())
    place = "the likeliest" if best == i else f"{ours[best].id} is likelier ({scores[best, j]:.2f})"
    return f"score {scores[i, j]:.2f}, wanted {scorer.threshold:.2f}; {place}{related}"


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--meaning", action="store_true", help="with the bundled encoder too")
    parser.add_argument("--speed", action="store_true", help="time a province instead")
    parser.add_argument("--errors", action="store_true", help="print what is false and what is missed, and why")
    parser.add_argument("--cache", type=Path, help="a folder that keeps vectors between runs")
    options = parser.parse_args()
    similarity = encoder(options.cache) if options.meaning else None
    if options.speed:
        speed(similarity)
    elif options.errors:
        errors(similarity)
    else:
        quality(similarity)


if __name__ == "__main__":
    main()
