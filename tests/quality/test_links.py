"""Measured quality of links, with floors below the measured figures.

The weights were fitted on these same cases: those figures guard against loss. What the model is worth on plans it
has not seen is printed by `python -m benchmarks.train_links` (each source of cases left out in turn) and held by
`test_left_out_quality` with the stored thresholds.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import pytest

from graph.model import Link, Relation
from graph.trace import link_pair, link_plans
from graph.trace.model import load_model
from tests.quality.link_sets import Case, all_cases, annotated, as_read, province, training_cases
from tests.quality.province_sets import NAMES, cases_of, province_cases
from tests.quality.read_sets import READ_SETS, read_set

pytestmark = pytest.mark.quality


@lru_cache(maxsize=32)
def linked(name: str) -> tuple[Case, tuple[Link, ...]]:
    case = next(case for case in all_cases() if case.name == name)
    return case, link_pair(case.higher, case.lower, None)


def judged(case: Case, links: Sequence[Link]) -> dict[tuple[str, str], Link]:
    return {
        (link.to_id, link.from_id): link
        for link in links
        if link.relation is not Relation.RELATED
        and link.to_id in case.judged
        and (link.to_id, link.from_id) not in case.unsure
    }


def f1(case: Case, links: Sequence[Link]) -> tuple[float, float, float]:
    got = judged(case, links)
    hits = len(set(got) & set(case.links))
    precision, recall = hits / max(len(got), 1), hits / len(case.links)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


PROVINCES = ("hb-gt", "hb-hu", "hp-xd", "hp-ph")


@pytest.mark.parametrize(
    ("name", "floor"),
    [("002", 0.92), ("002-ocr", 0.9), ("pv-p2", 0.93), ("pv-p4", 0.93), *((name, 0.92) for name in PROVINCES)],
)
def test_links_of_annotated_plans(name: str, floor: float) -> None:
    case, links = linked(name)
    precision, recall, quality = f1(case, links)
    assert quality >= floor, f"{name}: P {precision:.3f} R {recall:.3f} F1 {quality:.3f}"
    assert precision >= 0.9


@pytest.mark.parametrize("name", [case.name for case in all_cases() if case.group.startswith("local")])
def test_links_of_plans_made_by_rule(name: str) -> None:
    case, links = linked(name)
    precision, recall, _ = f1(case, links)
    assert precision >= 0.85
    assert recall >= 0.9


def test_the_relation_of_true_links_is_right() -> None:
    right = total = 0
    for case in (annotated(False), province("p2"), province("p4"), *province_cases()):
        for pair, link in judged(case, link_pair(case.higher, case.lower, None)).items():
            if pair in case.links:
                total += 1
                right += link.relation is case.links[pair]
    assert right / total >= 0.98


@lru_cache(maxsize=4)
def linked_set(name: str) -> tuple[tuple[Case, tuple[Link, ...]], ...]:
    return tuple((case, link_pair(case.higher, case.lower, None)) for case in read_set(name).cases())


@pytest.mark.parametrize("name", READ_SETS)
def test_links_of_a_province_read_from_its_files(name: str) -> None:
    hits = told = wanted = right = sure = sure_right = 0
    for case, links in linked_set(name):
        got = judged(case, links)
        told, wanted = told + len(got), wanted + len(case.links)
        for pair, link in got.items():
            hits += pair in case.links
            right += case.links.get(pair) is link.relation
            sure += link.confidence >= 0.9
            sure_right += link.confidence >= 0.9 and pair in case.links
    assert hits / told >= 0.94
    assert hits / wanted >= 0.9
    assert right / hits >= 0.97
    assert sure > 50
    assert sure_right / sure >= 0.95


@pytest.mark.parametrize("name", READ_SETS)
def test_related_things_are_few_and_never_sure(name: str) -> None:
    for case, links in linked_set(name):
        related = [link for link in links if link.relation is Relation.RELATED]
        assert len(related) <= 6, case.name
        assert all(link.confidence <= 0.5 for link in related)
        assert not {(link.to_id, link.from_id) for link in related} & {
            (link.to_id, link.from_id) for link in links if link.relation is not Relation.RELATED
        }
    found = {
        (link.to_id, link.from_id)
        for _, links in linked_set(name)
        for link in links
        if link.relation is Relation.RELATED
    }
    assert found & frozenset().union(*(case.related for case, _ in linked_set(name)))


@pytest.mark.parametrize(("lower_too", "floor"), [(False, 0.9), (True, 0.88)])
def test_links_of_recognised_text_as_the_system_reads_it(lower_too: bool, floor: float) -> None:
    case = as_read(lower_too)
    precision, recall, quality = f1(case, link_pair(case.higher, case.lower, None))
    assert quality >= floor, f"{case.name}: P {precision:.3f} R {recall:.3f} F1 {quality:.3f}"


def test_nobody_implements_is_told_rightly() -> None:
    """Over each province and its plans together, as the gap is."""
    right = told_count = wanted = 0
    for cases in ([province("p2"), province("p4")], *(cases_of(name) for name in NAMES)):
        told, nobody = _nobody(cases)
        right += len(told & nobody)
        told_count += len(told)
        wanted += len(nobody)
    assert right / max(told_count, 1) >= 0.9
    assert right / wanted >= 0.9


def _nobody(cases: Sequence[Case]) -> tuple[set[str], set[str]]:
    """The targets told to be nobody's and those that are."""
    targets = {target.id for target in cases[0].higher.targets}
    links = link_plans([cases[0].higher, *(case.lower for case in cases)], None)
    taken = {pair[0] for case in cases for pair, how in case.links.items() if how is not Relation.CONTRADICTS}
    unsure = {pair[0] for case in cases for pair in case.unsure} - taken
    nobody = targets - taken - unsure
    takes_up = {Relation.IMPLEMENTS, Relation.IMPLEMENTS_LOWER}
    return targets - {link.to_id for link in links if link.relation in takes_up} - unsure, nobody


def test_confidence_is_calibrated() -> None:
    """Of links given at least 0.9, at least 95 % are right."""
    sure = right = 0
    for name in ("002", "002-ocr", "pv-p2", "pv-p4", *PROVINCES):
        case, links = linked(name)
        for pair, link in judged(case, links).items():
            if link.confidence >= 0.9:
                sure += 1
                right += pair in case.links
    assert sure > 100
    assert right / sure >= 0.95


@pytest.mark.slow
@pytest.mark.parametrize(("left_out", "floor"), [("002", 0.85), ("pv", 0.9), ("hb", 0.88), ("hp", 0.9), ("qt", 0.85)])
def test_left_out_quality(left_out: str, floor: float) -> None:
    """Weights fitted without a source of cases link that source's plans well."""
    from benchmarks.train_links import KINDS, fit, quality, run, samples_of, scorers, source

    cases = [case for case in training_cases() if not case.name.endswith("-misread")]
    samples = {kind: [] for kind in KINDS}
    for case in cases:
        if source(case.group) != left_out:
            for kind, found in samples_of(case, None).items():
                samples[kind].extend(found)
    stored = load_model(False)
    model = scorers({kind: fit(samples[kind]) for kind in KINDS}, {kind: stored[kind].threshold for kind in KINDS})
    for case in cases:
        if source(case.group) == left_out:
            precision, recall = quality(case, run(case, model, None))
            assert 2 * precision * recall / (precision + recall) >= floor, case.name
