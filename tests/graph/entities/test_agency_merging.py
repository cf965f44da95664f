"""A merge that people decided moves rows to the node meant, and nothing else."""

from __future__ import annotations

from graph.entities.agencies.merging import with_merges
from graph.model import AgencyRef, Head, Plan, RawRow, Row, Source


def ref(name: str) -> AgencyRef:
    key = name.casefold().replace(" ", "-")
    return AgencyRef(name=name, key=key, label=f"{name} (tỉnh X)", kind="unit", province="X")


def plan(document: str, *leads: str) -> Plan:
    rows = tuple(
        Row(id=f"{document}-r{n}", raw=RawRow(source=Source()), lead=(lead,), lead_agencies=(ref(lead),))
        for n, lead in enumerate(leads)
    )
    return Plan(id=document, source="", sha256="", head=Head(), rows=rows, targets=(), citations=(), problems=())


def test_merged_name_takes_the_node_and_keeps_its_words() -> None:
    one, two = plan("a", "Phong Ho tro", "Van phong"), plan("b", "Phong Hỗ trợ")
    made = with_merges([one, two], {"phong-ho-tro": "phong-hỗ-trợ"})
    moved = made[0].rows[0].lead_agencies[0]
    assert (moved.key, moved.label, moved.name) == ("phong-hỗ-trợ", "Phong Hỗ trợ (tỉnh X)", "Phong Ho tro")
    assert "người" in moved.reason
    assert made[0].rows[1] == one.rows[1]
    assert made[1] is two


def test_two_names_of_one_cell_become_one() -> None:
    row = Row(id="a-r1", raw=RawRow(source=Source()), lead_agencies=(ref("A"), ref("B")))
    only = Plan(id="a", source="", sha256="", head=Head(), rows=(row,), targets=(), citations=(), problems=())
    assert [r.key for r in with_merges([only], {"b": "a"})[0].rows[0].lead_agencies] == ["a"]


def test_no_merges_change_nothing() -> None:
    one = plan("a", "A")
    assert with_merges([one], {}) == (one,)
    assert with_merges([one], {"z": "a"})[0] is one
