"""Words as links compare them: misread text restored, shown text as printed; values of another step; the remainder."""

from __future__ import annotations

from dataclasses import replace

from graph.model import Relation, Target
from graph.trace import link_pair
from graph.trace.items import outline_of
from graph.trace.quantity import Standing, compare, turned, unit_kind
from graph.trace.related import MOST_SURE
from graph.trace.wording import is_misread, restored
from tests.factories import make_plan
from tests.quality.gold_plans import gold_plan


def test_misread_text_is_restored_and_clean_text_left_alone() -> None:
    clean, misread = "Rà soát thủ tục hành chính", "Ra soat thi tuc hanh chinh va cai cach hanh chinh nha nuoc"
    made = restored([clean, misread])
    assert set(made) == {misread}
    assert "hành chính" in made[misread]
    assert is_misread(misread)
    assert not is_misread(clean)
    assert not is_misread("CCHC")


def test_short_texts_are_judged_with_their_plan() -> None:
    assert "Bao cao" not in restored(["Bao cao", "Thực hiện cải cách thủ tục hành chính nhà nước năm 2025"])
    assert "Bao cao" in restored(["Bao cao", "Thuc hien cai cach thu tuc hanh chinh nha nuoc nam 2025"])


def test_people_see_the_words_as_printed() -> None:
    plan = gold_plan("002", ocr=True)
    outline = outline_of(plan)
    assert outline.rows[0].printed == plan.rows[0].raw.activity
    assert outline.rows[0].core != outline.rows[0].printed
    links = link_pair(plan, gold_plan("000"), None)
    texts = {row.id: row.raw for row in plan.rows}
    shown = [link.evidence["higher"]["text"] for link in links if link.to_id in texts]
    assert shown
    assert all(is_misread(text) or len(text) < 40 for text in shown)


def target(text: str, comparator: str, value: float, unit: str = "%", metric: str = "") -> Target:
    base = gold_plan("001").targets[0]
    return replace(
        base, text=text, clause=text, comparator=comparator, value=value, unit=unit, metric_id=metric, horizon_end=None
    )


def test_the_remainder_is_compared_as_the_share_that_plans_state() -> None:
    plan = make_plan("x")
    wanted = target("hồ sơ giải quyết đúng hạn", ">=", 97, metric="files-on-time")
    late = target("hồ sơ trễ hẹn không quá 3%", "<=", 3, metric="files-late")
    assert (turned(late).comparator, turned(late).value) == (">=", 97)
    assert turned(wanted) is wanted
    assert compare(wanted, plan, late, plan).standing is Standing.MET
    assert not compare(wanted, plan, late, plan).opposed
    assert compare(wanted, plan, replace(late, value=5.0), plan).standing is Standing.LOWER


def test_minutes_a_transaction_are_minutes() -> None:
    assert unit_kind(target("chờ", "<=", 20, "phút/lượt")) == unit_kind(target("chờ", "<=", 30, "phút"))
    assert unit_kind(target("kiểm tra", "=", 1, "lần/năm")) != unit_kind(target("kiểm tra", "=", 1, "lần/quý"))


def test_related_links_stay_little_sure_and_beside_the_others() -> None:
    links = link_pair(gold_plan("002"), gold_plan("000"), None)
    related = [link for link in links if link.relation is Relation.RELATED]
    assert all(link.confidence <= MOST_SURE and link.method == "theme" for link in related)
    carried = {link.from_id for link in links if link.relation is not Relation.RELATED}
    assert carried.isdisjoint(link.from_id for link in related)
