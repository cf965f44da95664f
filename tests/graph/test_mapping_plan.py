"""A plan as statements: complete, with places, the same bytes every time."""

from __future__ import annotations

from datetime import date

import pytest
from rdflib import RDF, Graph, Literal, URIRef

from graph.entities.registers import Registers
from graph.ids import iri
from graph.mapping import gap_statements, link_statements, map_plan, map_registers, plan_statements
from graph.mapping.laws import law_node
from graph.mapping.statements import Statements, plain_decimal
from graph.model import LinkStatus, Origin, Source
from ontology.vocab import CCHC, DCTERMS, OA, ORG, PROV, SKOS, TIME
from tests.factories import (
    make_agency,
    make_citation,
    make_group,
    make_head,
    make_link,
    make_mention,
    make_plan,
    make_problem,
    make_row,
    make_target,
    make_timeframe,
)

BASE = "https://data.example.vn/cchc/"
DAY = date(2022, 1, 1)


def node(kind: str, key: str) -> URIRef:
    return URIRef(iri(kind, key, BASE))


def value(graph: Graph, subject: URIRef, predicate: str) -> object:
    found = list(graph.objects(subject, URIRef(predicate)))
    assert len(found) <= 1, found
    return found[0].toPython() if found and isinstance(found[0], Literal) else (found[0] if found else None)


def test_a_row_keeps_its_cells_units_time_and_place() -> None:
    graph = plan_statements(make_plan(), base=BASE)
    row = node("row", "a-txt-r001")
    assert {str(kind) for kind in graph.objects(row, RDF.type)} == {CCHC.PlanItem, CCHC.Activity}
    assert value(graph, row, CCHC.text) == "Niêm yết thủ tục tại bộ phận một cửa"
    assert value(graph, row, CCHC.taskText) == "Công khai thủ tục hành chính"
    assert value(graph, row, CCHC.product) == "Báo cáo"
    assert value(graph, row, CCHC.objective) == node("objective", "a-txt-o001")
    assert value(graph, row, CCHC.ofTask) == node("task", "a-txt-k001")
    assert value(graph, row, CCHC.leadAgency) == node("agency", make_agency().key)
    assert value(graph, row, CCHC.coordinatingAgency) == node("agency", make_group().key)
    place = value(graph, row, PROV.wasDerivedFrom)
    assert isinstance(place, URIRef)
    assert [value(graph, place, p) for p in (CCHC.page, CCHC.table, CCHC.tableRow, CCHC.lineStart, CCHC.lineEnd)] == [
        1, 1, 2, 10, 12,
    ]  # fmt: skip
    assert value(graph, place, OA.hasSource) == node("plan", "a-txt")


def test_a_row_without_an_activity_is_the_task_itself() -> None:
    graph = plan_statements(make_plan(rows=(make_row(raw={"activity": ""}),)), base=BASE)
    row = node("row", "a-txt-r001")
    assert {str(kind) for kind in graph.objects(row, RDF.type)} == {CCHC.PlanItem, CCHC.Task}
    assert value(graph, row, CCHC.ofTask) is None


def test_empty_cells_make_no_statements() -> None:
    bare = dict.fromkeys(("objective", "task", "product", "lead", "coordinating", "time"), "")
    graph = plan_statements(make_plan(rows=(make_row(raw=bare),), targets=()), base=BASE)
    row = node("row", "a-txt-r001")
    for predicate in (CCHC.objective, CCHC.taskText, CCHC.product, CCHC.leadAssignment, CCHC.timeframe, CCHC.budget):
        assert value(graph, row, predicate) is None
    assert all(str(text) for text in graph.objects() if isinstance(text, Literal))


def test_several_units_keep_order_name_and_doubt() -> None:
    doubtful = make_agency(
        "Thanh tra Sở", confidence=0.7, reason="đọc sai chính tả", qualifier="đối với tiêu chí chung"
    )
    row = make_row(
        raw={"lead": "Văn phòng Sở; Thanh tra"},
        lead=("Văn phòng Sở", "Thanh tra"),
        lead_agencies=(make_agency(), doubtful),
    )
    graph = plan_statements(make_plan(rows=(row,)), base=BASE)
    second = node("assignment", "a-txt-r001-lead-2")
    assert value(graph, second, CCHC.order) == 2
    assert value(graph, second, CCHC.nameAsWritten) == "Thanh tra"
    assert value(graph, second, CCHC.qualifier) == "đối với tiêu chí chung"
    assert float(str(value(graph, second, CCHC.confidence))) == 0.7
    assert value(graph, second, CCHC.reason) == "đọc sai chính tả"


@pytest.mark.parametrize(
    ("kind", "class_", "above"),
    [
        ("organization", ORG.Organization, DCTERMS.isPartOf),
        ("unit", ORG.OrganizationalUnit, ORG.unitOf),
        ("group", CCHC.AgencyGroup, DCTERMS.isPartOf),
        ("person", ORG.Post, ORG.postIn),
    ],
)
def test_kinds_of_agency(kind: str, class_: str, above: str) -> None:
    agency = make_agency(kind=kind)
    graph = plan_statements(make_plan(rows=(make_row(lead_agencies=(agency,)),)), base=BASE)
    it = node("agency", agency.key)
    assert value(graph, it, str(RDF.type)) == URIRef(class_)
    assert value(graph, it, above) == node("agency", agency.parent)
    assert value(graph, it, SKOS.prefLabel) == "Văn phòng Sở"


def test_raw_text_confidence_and_guesses_are_kept() -> None:
    raw = {"raw": {"task": "cong khai"}, "confidence": {"task": 0.4, "lead": 0.9}, "guesses": ("chủ trì theo thứ tự",)}
    graph = plan_statements(make_plan(rows=(make_row(raw=raw),)), base=BASE)
    row = node("row", "a-txt-r001")
    assert float(str(value(graph, row, CCHC.confidence))) == 0.4
    assert value(graph, row, CCHC.guess) == "chủ trì theo thứ tự"
    reading = node("reading", "a-txt-r001-task")
    assert value(graph, reading, CCHC.rawText) == "cong khai"
    assert (row, URIRef(CCHC.reading), node("reading", "a-txt-r001-lead")) in graph


def test_lines_give_character_positions() -> None:
    lines = ("Một dòng", "", "đúng dòng này")
    row = make_row(raw={"source": Source(line_start=3, line_end=3)})
    graph = plan_statements(make_plan(rows=(row,), targets=(), lines=lines), base=BASE)
    place = value(graph, node("row", "a-txt-r001"), PROV.wasDerivedFrom)
    assert isinstance(place, URIRef)
    selector = value(graph, place, OA.hasSelector)
    assert isinstance(selector, URIRef)
    start, end = value(graph, selector, OA.start), value(graph, selector, OA.end)
    assert isinstance(start, int)
    assert isinstance(end, int)
    assert "\n".join(lines)[start:end] == "đúng dòng này"


def test_equal_times_of_a_plan_are_one_node_and_different_ones_are_two() -> None:
    rows = tuple(make_row(index=index) for index in (1, 2))
    other = make_row(index=3, timeframe=make_timeframe("Hằng năm", start=date(2026, 1, 1)))
    graph = plan_statements(make_plan(rows=(*rows, other)), base=BASE)
    times = [value(graph, node("row", f"a-txt-r00{n}"), CCHC.timeframe) for n in (1, 2, 3)]
    assert times[0] == times[1] != times[2]
    assert isinstance(times[2], URIRef)
    begin = value(graph, times[2], TIME.hasBeginning)
    assert isinstance(begin, URIRef)
    assert value(graph, begin, TIME.inXSDDate) == date(2026, 1, 1)


def test_parts_of_a_time_are_times() -> None:
    whole = make_timeframe("2025 và 2026", parts=(make_timeframe("2025"), make_timeframe("2026")))
    graph = plan_statements(make_plan(rows=(make_row(timeframe=whole),)), base=BASE)
    assert len(set(graph.objects(None, URIRef(CCHC.timePart)))) == 2


def test_a_target_keeps_number_and_where_it_is_stated() -> None:
    graph = plan_statements(make_plan(targets=(make_target(value=0.1, strict=True, part_of="a-txt-t002"),)), base=BASE)
    target = node("target", "a-txt-t001")
    assert str(value(graph, target, CCHC.value)) == "0.1"
    assert value(graph, target, CCHC.strict) is True
    assert value(graph, target, CCHC.statedIn) == node("row", "a-txt-r001")
    assert value(graph, target, CCHC.objective) == node("objective", "a-txt-o001")
    assert value(graph, target, CCHC.shareOf) == node("target", "a-txt-t002")


def test_objectives_are_one_a_wording_and_prose_makes_none() -> None:
    prose = make_row(index=1, raw={"origin": Origin.PROSE, "objective": "Mục tiêu ở lời"})
    graph = plan_statements(make_plan(rows=(make_row(index=1), make_row(index=2), prose)), base=BASE)
    assert len(list(graph.subjects(RDF.type, URIRef(CCHC.Objective)))) == 1
    assert len(list(graph.subjects(RDF.type, URIRef(CCHC.Section)))) == 1


def test_problems_are_kept_with_their_place() -> None:
    graph = plan_statements(make_plan(problems=(make_problem(),)), base=BASE)
    (problem,) = graph.subjects(RDF.type, URIRef(CCHC.Problem))
    assert isinstance(problem, URIRef)
    assert "not read" in str(value(graph, problem, CCHC.reason))


# --- legal documents -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("107/2020/NĐ-CP", None, ""), ("107/2021/NĐ-CP", None, ""), False),
        (("107/2021/NĐ-CP", None, ""), ("107/2021/ND-CP", date(2021, 12, 6), "Chính phủ"), True),
        (("76/NQ-CP", date(2013, 6, 13), ""), ("76/NQ-CP", date(2021, 7, 15), ""), False),
        (("76/NQ-CP", date(2021, 7, 15), "Chính phủ"), ("76/NQ-CP", date(2021, 7, 15), ""), True),
        (("18-NQ/TW", date(2017, 10, 25), "Ban Chấp hành Trung ương"), ("18-NQ/TW", date(2017, 10, 25), ""), True),
        (("232/KH-UBND", DAY, "UBND tỉnh Tây Ninh"), ("232/KH-UBND", DAY, "UBND tỉnh Hà Nam"), False),
        (("232/KH-UBND", DAY, "Ủy ban nhân dân tỉnh Hà Nam"), ("232/KH-UBND", DAY, "UBND tỉnh Hà Nam"), True),
        (("232/KH-UBND", DAY, "UBND tỉnh Hà Nam"), ("232/KH-UBND", date(2023, 1, 9), "UBND tỉnh Hà Nam"), False),
        (("12/KH-BQL", date(2022, 1, 1), "BQL khu A"), ("12/KH-BQL", date(2022, 1, 1), "BQL khu B"), False),
        (("TCVN ISO 9001:2015", None, ""), ("TCVN ISO 9001:2008", None, ""), False),
        (("Luật Thanh tra", None, ""), ("luật thanh tra", date(2022, 1, 1), "Quốc hội"), True),
    ],
)  # fmt: skip
def test_which_document_is_which(
    one: tuple[str, date | None, str], other: tuple[str, date | None, str], same: bool
) -> None:
    assert (law_node(*one, BASE) == law_node(*other, BASE)) is same


def test_a_row_means_the_document_that_it_cites() -> None:
    """Two resolutions bear one number; the row's own mention tells which."""
    old = make_citation(id="76/NQ-CP", key="", issued_on=date(2013, 6, 13), mentions=(make_mention(),))
    new = make_citation(id="76/NQ-CP", key="", issued_on=date(2021, 7, 15), mentions=(make_mention(row="a-txt-r002"),))
    rows = (make_row(index=1, legal_bases=("76/NQ-CP",)), make_row(index=2, legal_bases=("76/NQ-CP",)))
    graph = plan_statements(make_plan(rows=rows, citations=(old, new)), base=BASE)
    assert value(graph, node("row", "a-txt-r001"), CCHC.legalBasis) == node("law", "76-nq-cp-2013")
    assert value(graph, node("row", "a-txt-r002"), CCHC.legalBasis) == node("law", "76-nq-cp-2021")


def test_a_known_document_is_the_registers_node_and_bears_its_id() -> None:
    registers = Registers.load()
    cited = make_citation(id="76/nq-cp", key="76/NQ-CP@2021-07-15", issued_on=None)
    graph = plan_statements(make_plan(citations=(cited,)), registers, BASE)
    known = Graph().parse(data=map_registers(registers, BASE).ntriples(), format="nt")
    act = node("law", "76-nq-cp-2021")
    assert value(graph, node("citation", "a-txt-c001"), CCHC.law) == act
    assert value(graph, act, DCTERMS.identifier) == value(known, act, DCTERMS.identifier) == "76/NQ-CP"


def test_what_a_plan_implements_joins_with_the_plan_that_it_is() -> None:
    higher = make_head(issuer="Ủy ban nhân dân tỉnh Tây Ninh", number="312/KH-UBND", issued_on=date(2024, 12, 24))
    cited = make_citation(
        id="312/KH-UBND", key="", issuer="UBND tỉnh Tây Ninh", issued_on=date(2024, 12, 24), type="Kế hoạch"
    )
    lower = make_plan(head=make_head(implements=("312/KH-UBND",)), citations=(cited,))
    graph = plan_statements(lower, base=BASE) + plan_statements(make_plan("tinh-txt", head=higher), base=BASE)
    act = value(graph, node("plan", "a-txt"), CCHC.implementsPlan)
    assert act == value(graph, node("plan", "tinh-txt"), CCHC.publishedAs)


def test_a_number_that_is_blank_in_the_source_makes_no_document() -> None:
    graph = plan_statements(make_plan(head=make_head(number="/KH-STP")), base=BASE)
    assert value(graph, node("plan", "a-txt"), CCHC.publishedAs) is None


# --- links and gaps --------------------------------------------------------------------------------------------------


def test_a_decided_link_says_who_decided() -> None:
    decided = make_link(
        status=LinkStatus.CONFIRMED, author="Trần B", decided_at="2025-08-01T09:00:00+07:00", reason="đúng việc"
    )
    graph = link_statements((decided,), BASE)
    (link,) = graph.subjects(RDF.type, URIRef(CCHC.Alignment))
    assert isinstance(link, URIRef)
    decision = value(graph, link, PROV.wasGeneratedBy)
    assert isinstance(decision, URIRef)
    assert value(graph, decision, CCHC.decidedBy) == "Trần B"
    assert value(graph, link, CCHC.to) == node("target", "tinh-txt-t001")
    assert value(graph, link, CCHC.fromItem) == node("row", "a-txt-r001")


def test_gaps_speak_of_the_things_they_are_about() -> None:
    from graph.gaps.base import Gap, Kind, Severity

    gap = Gap(
        kind=Kind.NOT_IMPLEMENTED, severity=Severity.HIGH, document="a-txt", detail_vi="Thiếu", detail_en="Missing",
        target="a-txt-o003", law="76/NQ-CP@2021-07-15",
    )  # fmt: skip
    graph = gap_statements((gap,), BASE)
    it = node("gap", gap.id)
    assert value(graph, it, CCHC.aboutTarget) == node("objective", "a-txt-o003")
    assert value(graph, it, CCHC.aboutLaw) == node("law", "76-nq-cp-2021")


# --- statements ------------------------------------------------------------------------------------------------------


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert map_plan(make_plan()).ntriples() == map_plan(make_plan()).ntriples()
    lines = map_plan(make_plan()).ntriples().splitlines()
    assert lines == sorted(set(lines))


def test_text_survives_whatever_is_in_it() -> None:
    awkward = 'Dấu " và \\ và\nxuống dòng\r, tab\t, 😀, "hết"\\'
    to = Statements()
    to.text("https://x/s", "https://x/p", awkward, "vi")
    (found,) = to.graph().objects()
    assert str(found) == awkward
    assert isinstance(found, Literal)
    assert found.language == "vi"


def test_json_survives() -> None:
    to = Statements()
    to.json("https://x/s", "https://x/p", {"b": 'a "b"\\n\n', "a": [1, None]})
    (found,) = to.graph().objects()
    assert str(found) == '{"a":[1,null],"b":"a \\"b\\"\\\\n\\n"}'


@pytest.mark.parametrize(
    ("number", "written"),
    [(95.0, "95"), (0.1, "0.1"), (1e-7, "0.0000001"), (1e21, "1000000000000000000000"), (-2.50, "-2.5"), (0, "0")],
)
def test_numbers_are_written_plain(number: float, written: str) -> None:
    assert plain_decimal(number) == written


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_no_number_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        plain_decimal(number)


def test_mapping_is_fast_enough_for_a_country() -> None:
    """20,000 statements a second are needed; ten times that is measured, so a slow machine passes too."""
    import time

    plan = make_plan(rows=tuple(make_row(index=index) for index in range(1, 801)))
    started = time.perf_counter()
    made = map_plan(plan)
    made.ntriples()
    assert len(made) / (time.perf_counter() - started) > 20_000
