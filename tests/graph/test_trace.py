"""Links between plans: scope, quantities, decisions of a pair, evidence, and the JSON of `cchc trace`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from graph.decisions import Action, on_link
from graph.model import Level, LinkStatus, Period, Plan, Relation, Target
from graph.trace import answer, link_pair, link_plans, quantities, scope_of, scopes
from graph.trace.evidence import shared_terms
from graph.trace.lexical import Overlap, Weights, letters
from graph.trace.model import load_model
from graph.trace.quantity import Standing, compare, concerns
from tests.factories import make_head, make_plan, make_row, make_target
from tests.quality.gold_plans import gold_plan

YEAR = Period(start=date(2025, 1, 1), end=date(2025, 12, 31))
DECADE = Period(start=date(2021, 1, 1), end=date(2030, 12, 31))
MOMENT = "2026-01-05T08:00:00+07:00"


def province(**head: object) -> Plan:
    fields = {"issuer": "UBND tỉnh Tây Ninh", "issuer_level": Level.PROVINCE, "number": "5/KH-UBND", **head}
    return make_plan("tinh-txt", head=make_head(**fields))


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ({}, True),
        ({"province": "Vĩnh Long"}, False),
        ({"period": Period(start=date(2019, 1, 1), end=date(2019, 12, 31))}, False),
        ({"period": Period()}, False),
        ({"period": Period(), "implements": ("5/KH-UBND",)}, True),
        ({"province": "Vĩnh Long", "implements": ("5/KH-UBND",)}, False),
        ({"issuer_level": Level.COMMUNE, "issuer": "UBND xã Long Hồ"}, True),
        ({"issuer_level": Level.UNIT, "issuer": "Trung tâm Lưu trữ"}, False),
        ({"issuer_level": None}, False),
    ],
)
def test_scope_follows_from_names_province_level_and_calendar(head: dict[str, object], found: bool) -> None:
    lower = make_plan("a-txt", head=make_head(**head))
    assert (scope_of(province(), lower) is not None) is found
    assert scope_of(lower, province()) is None


def test_a_longer_plan_of_the_same_body_is_higher() -> None:
    long = make_plan("khung-txt", head=make_head(period=DECADE))
    year = make_plan("nam-txt", head=make_head(period=YEAR))
    assert [(scope.higher, scope.lower) for scope in scopes([year, long])] == [("khung-txt", "nam-txt")]


def test_a_national_plan_is_higher_for_provinces_and_for_whoever_names_it() -> None:
    nation = make_plan(
        "cp-txt",
        head=make_head(issuer="Chính phủ", issuer_level=Level.NATIONAL, province="", number="76/NQ-CP", period=DECADE),
    )
    silent, naming = make_plan("a-txt"), make_plan("b-txt", head=make_head(implements=("76/NQ-CP",)))
    assert scope_of(nation, province()) is not None
    assert scope_of(nation, silent) is None
    named = scope_of(nation, naming)
    assert named is not None
    assert named.explicit


WAIT = {"comparator": "<=", "unit": "phút"}
RANK = {"comparator": "top", "unit": "hạng"}


def number(**fields: object) -> Target:
    return make_target(**{"row": "", "cell": "", **fields})


@pytest.mark.parametrize(
    ("higher", "lower", "standing"),
    [
        ({"value": 95.0}, {"value": 95.0}, Standing.MET),
        ({"value": 95.0}, {"value": 90.0}, Standing.LOWER),
        ({"value": 95.0}, {"value": 98.0}, Standing.HIGHER),
        (
            {"value": 15.0, "comparator": "<=", "unit": "phút"},
            {"value": 20.0, "comparator": "<=", "unit": "phút"},
            Standing.LOWER,
        ),
        (
            {"value": 20.0, "comparator": "top", "unit": "hạng"},
            {"value": 15.0, "comparator": "top", "unit": "hạng"},
            Standing.HIGHER,
        ),
        ({"value": 10.0, "comparator": "reduce_by"}, {"value": 5.0, "comparator": "reduce_by"}, Standing.LOWER),
        ({"value": 95.0, "horizon": "2030"}, {"value": 90.0, "horizon": "2025"}, Standing.OTHER_YEAR),
        ({"value": 2.0, "unit": "sáng kiến"}, {"value": 2.0, "unit": "%"}, Standing.OTHER_UNIT),
        ({"value": 10.0, "comparator": "reduce_by"}, {"value": 10.0, "comparator": "="}, Standing.NOT_COMPARABLE),
    ],
)
def test_numbers_are_compared_by_ambition(
    higher: dict[str, object], lower: dict[str, object], standing: Standing
) -> None:
    plan = make_plan()
    assert compare(number(**higher), plan, number(**lower), plan).standing is standing


def test_opposite_numbers_contradict() -> None:
    plan = make_plan()
    assert compare(number(comparator="reduce_by"), plan, number(comparator="increase_by"), plan).opposed
    assert not compare(number(comparator=">=", value=90.0), plan, number(comparator="<=", value=95.0), plan).opposed


def test_a_target_for_another_level_does_not_bind() -> None:
    commune = number(scope="cấp xã")
    assert concerns(commune, Level.COMMUNE) is True
    assert concerns(commune, Level.DEPARTMENT) is False
    assert concerns(number(), Level.COMMUNE) is None


def test_letters_survive_case_marks_abbreviations_and_scanners() -> None:
    assert letters("Giải quyết TTHC: 80%") == letters("giai quyet thu tuc hanh chinh 2025")
    texts = ["Số hóa hồ sơ thủ tục hành chính", "S0 h6a h0 sa thii tuc hanh chinh", "Tuyên truyền cải cách"]
    cosine = Overlap(texts[:1], texts, Weights(texts)).cosine[0]
    assert cosine[0] == pytest.approx(1.0, abs=1e-3)
    assert cosine[1] > 0.4 > cosine[2]


def test_overlap_of_nothing_is_zero() -> None:
    overlap = Overlap([""], ["", "hồ sơ"], Weights(["", "hồ sơ"]))
    assert overlap.cosine.tolist() == [[0.0, 0.0]]
    assert overlap.left_covered.tolist() == [[0.0, 0.0]]


def test_shared_terms_are_told_in_the_lower_plans_words() -> None:
    terms = shared_terms("muc do hai long cua nguoi dan dat 90%", "Phấn đấu mức độ hài lòng của người dân đạt 85%")
    assert terms == ["mức độ hài lòng của người dân đạt"]


def test_targets_find_their_counterparts_and_the_rows_under_them() -> None:
    higher, lower = gold_plan("002"), gold_plan("000")
    links = {(link.to_id, link.from_id): link for link in link_plans([higher, lower], None)}
    link = links["002-t01", "000-t01"]
    assert link.relation is Relation.IMPLEMENTS
    assert link.value == 80
    assert {("002-t01", "000-r022"), ("002-t01", "000-r023")} <= set(links)
    evidence = link.evidence
    assert evidence["numbers"] == {"higher": "≥ 80%", "lower": "≥ 80%", "standing": "met", "later": False}
    assert isinstance(evidence["higher"], dict)
    assert evidence["higher"]["place"]
    assert evidence["matched_terms"]
    assert ("002-t21", "000-t09") not in links, "95 % by 2030 is not the 90 % of 2025"
    assert not any(to_id == "002-t20" for to_id, _ in links), "electronic identification: nothing in the lower plan"


def test_plans_of_other_provinces_are_not_linked() -> None:
    plans = [gold_plan(name) for name in ("000", "001", "002", "003", "p2", "p4")]
    found = {(link.from_document, link.to_document) for link in link_plans(plans, None)}
    assert found == {("000", "002")}


def test_a_pairs_links_do_not_depend_on_other_plans() -> None:
    higher, lower = gold_plan("002"), gold_plan("000")
    other = replace(
        gold_plan("001"), head=replace(gold_plan("001").head, province="Tây Ninh", issuer="Sở Kế hoạch và Đầu tư")
    )
    alone = link_pair(higher, lower, None)
    together = [link for link in link_plans([higher, lower, other], None) if link.from_document == "000"]
    assert list(alone) == together


def test_meaning_is_used_when_it_is_given() -> None:
    higher, lower = gold_plan("002"), gold_plan("000")
    asked: list[tuple[int, int]] = []

    def similarity(queries: object, passages: object) -> np.ndarray:
        shape = (len(list(queries)), len(list(passages)))  # type: ignore[call-overload]
        asked.append(shape)
        return np.full(shape, 0.8, dtype=np.float32)

    links = link_plans([higher, lower], similarity)
    assert asked
    assert any("meaning" in link.evidence["similarity"] for link in links)  # type: ignore[operator]


def test_the_model_explains_a_score() -> None:
    scorer = load_model(False)["target"]
    reasons = scorer.reasons({"covers": 1.0, "unit_other": 1.0})
    assert reasons["covers"] > 0 > reasons["unit_other"]
    assert all(value <= 1 for value in scorer.curve.confidences)


def test_answer_has_the_public_shape() -> None:
    plans = [gold_plan("002"), gold_plan("000")]
    links = link_plans(plans, None)
    entries = {entry["target"]["id"]: entry for entry in answer(plans, links)}
    first = entries["002-t01"]
    assert {"id", "document", "text", "metric", "comparator", "value", "unit", "horizon"} <= set(first["target"])
    rows = [(link["row"], link["target"]) for link in first["links"]]
    assert rows == [("000-r022", "000-t01"), ("000-r023", "000-t01")]
    keys = {"row", "target", "document", "text", "objective", "lead", "value", "relation", "confidence", "evidence"}
    assert keys <= set(first["links"][0])
    assert first["links"][0]["lead"] == ["Các phòng, đơn vị có liên quan"]
    without_number = [entry for entry in entries.values() if entry["target"]["value"] is None]
    assert {entry["target"]["kind"] for entry in without_number} == {"objective", "row"}
    assert entries["002-t20"]["links"] == []
    assert [entry["target"]["id"] for entry in answer(plans, links, thing="002-r024")] == ["002-r024"]
    assert answer(plans, links, plan="000")[0]["target"]["document"] == "000"


def test_quantities_of_a_target_stand_in_one_table() -> None:
    plans = [gold_plan("002"), gold_plan("000")]
    links = link_plans(plans, None)
    (line,) = quantities(plans, links, "002-t01")
    assert (line.document, line.standing, line.wanted, line.value) == ("000", Standing.MET, "≥ 80%", "≥ 80%")
    assert line.sentence.startswith("Tối thiểu 80%")
    with pytest.raises(KeyError):
        quantities(plans, links, "002-t999")


def test_a_rejected_link_never_comes_back_even_with_rows_numbered_anew() -> None:
    higher, lower = gold_plan("002"), gold_plan("000")
    links = link_plans([higher, lower], None)
    wrong = next(link for link in links if link.to_id == "002-r024" and link.from_id == "000-r008")
    decision = on_link(wrong, Action.REJECT, author="Nguyễn An", decided_at=MOMENT, reason="khác nội dung")
    extra = make_row("000", 900, id="000-r005", raw={"task": "Một nhiệm vụ mới", "activity": "", "objective": ""})
    moved = {row.id: f"000-r{int(row.id[-3:]) + (int(row.id[-3:]) > 4):03d}" for row in lower.rows}
    renumbered = replace(
        lower,
        rows=(*(replace(row, id=moved[row.id]) for row in lower.rows), extra),
        targets=tuple(replace(target, row=moved.get(target.row, "")) for target in lower.targets),
    )
    again = link_plans([higher, renumbered], None, [decision])
    assert any(
        link.from_id == "000-r009" for link in link_plans([higher, renumbered], None) if link.to_id == "002-r024"
    )
    assert not any(link.to_id == "002-r024" and link.from_id == "000-r009" for link in again)


def test_a_confirmed_and_an_added_link_carry_their_author() -> None:
    higher, lower = gold_plan("002"), gold_plan("000")
    links = link_plans([higher, lower], None)
    kept = next(link for link in links if link.to_id == "002-t01" and link.from_id == "000-t01")
    confirm = on_link(kept, Action.CONFIRM, author="Lê Bình", decided_at=MOMENT)
    add = on_link(
        replace(kept, to_id="002-t27", from_id="000-r030", evidence={}),
        Action.ADD,
        author="Lê Bình",
        decided_at=MOMENT,
        relation=Relation.RELATED,
    )
    again = {(link.to_id, link.from_id): link for link in link_plans([higher, lower], None, [confirm, add])}
    assert again["002-t01", "000-t01"].status is LinkStatus.CONFIRMED
    assert again["002-t01", "000-t01"].confidence == 1
    added = again["002-t27", "000-r030"]
    assert (added.method, added.author, added.relation) == ("person", "Lê Bình", Relation.RELATED)


def test_a_shorter_row_of_a_department_is_linked_with_its_value_lowered() -> None:
    words = "Mức độ hài lòng của người dân về giải quyết thủ tục hành chính đạt tối thiểu {}%"
    higher = make_plan(
        "tinh-txt",
        head=make_head(issuer="UBND tỉnh Tây Ninh", issuer_level=Level.PROVINCE),
        rows=(),
        targets=(
            make_target("tinh-txt", 1, text=words.format(95), clause=words.format(95), row="", cell="", value=95.0),
            make_target(
                "tinh-txt", 2, text="100% văn bản được ký số", clause="", row="", cell="", value=100.0, metric=""
            ),
        ),
    )
    row = make_row("a-txt", 1, raw={"objective": words.format(90), "task": "Tiếp công dân", "activity": ""})
    lower = make_plan(
        "a-txt", rows=(row,), targets=(make_target(text=words.format(90), clause=words.format(90), value=90.0),)
    )
    links = {(link.to_id, link.from_id): link.relation for link in link_plans([higher, lower], None)}
    assert links == {
        ("tinh-txt-t001", "a-txt-t001"): Relation.IMPLEMENTS_LOWER,
        ("tinh-txt-t001", "a-txt-r001"): Relation.IMPLEMENTS_LOWER,
    }
