"""Citations of legal documents: cases in files, checks against the register, properties, quality and speed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.entities.legal import collect_citations, find_citations, find_open_numbers, parse_id
from graph.entities.legal.plain import plain
from graph.entities.legal.signs import TYPES, LegalId, canonical_sign
from graph.entities.registers import Registers
from graph.model import Citation, Problem, Source
from graph.text import fold, nfc, strip_diacritics

HERE = Path(__file__).parent
GOLD = HERE.parents[1] / "gold"
SAMPLES = HERE.parents[2] / "graph" / "samples"


def cases(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.replace("\\n", "\n").split("\t") for line in lines if line.strip() and not line.startswith("#")]


def collect(
    registers: Registers, *texts: str, province: str = "Tây Ninh", as_of: date | None = None
) -> tuple[tuple[Citation, ...], tuple[Problem, ...]]:
    pieces = [(text, Source(line_start=number), "") for number, text in enumerate(texts, 1)]
    return collect_citations(pieces, registers, province, as_of)


@pytest.mark.parametrize("case", cases("legal_found.tsv"), ids=lambda case: case[0][:60])
def test_found(case: list[str]) -> None:
    text, ids = case
    assert [mention.id for mention in find_citations(text)] == ids.split("; ")


@pytest.mark.parametrize("text", [case[0] for case in cases("legal_refused.tsv")])
def test_no_document_in(text: str) -> None:
    assert find_citations(text) == ()


@pytest.mark.parametrize("case", cases("legal_context.tsv"), ids=lambda case: case[0][:60])
def test_what_stands_around(case: list[str]) -> None:
    text, legal_id, relation, issuer, day, provision, title = case
    mention = find_citations(text)[-1]
    assert mention.id == legal_id
    assert mention.relation == relation
    assert mention.issuer == issuer
    assert mention.issued_on == (date.fromisoformat(day) if day else None)
    assert mention.provision == provision
    if title:
        assert mention.title == title


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Kế hoạch số /KH-STP ngày /6/2026 của Sở Tư pháp", "/KH-STP"),
        ("Quyết định số …/QĐ-UBND", "/QĐ-UBND"),
        ("Quyết định số ...../2025/QĐ-UBND", "/2025/QĐ-UBND"),
        ("Kế hoạch số của Sở Kế hoạch và Đầu tư về chính quyền số", ""),
    ],
)
def test_blank_numbers_are_reported_and_make_no_document(registers: Registers, text: str, sign: str) -> None:
    assert [found.sign for found in find_open_numbers(text)] == [sign]
    citations, problems = collect(registers, text)
    assert citations == ()
    assert [problem.code for problem in problems] == ["citation-open"]
    assert problems[0].place.line_start == 1


@pytest.mark.parametrize("text", ["Quyết định số 201 /QĐ-UBND", "Kế hoạch số 15/KH-STP ngày 01/6/2026"])
def test_a_number_that_stands_there_is_not_blank(text: str) -> None:
    assert find_open_numbers(text) == ()


def test_offsets_are_those_of_the_text() -> None:
    text = nfc("Căn cứ Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ và Luật Thanh tra năm 2022.")
    for mention in find_citations(text):
        assert " ".join(text[mention.start : mention.end].split()) == mention.text
        assert len(plain(text)) == len(text)


# --- against the register ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Nghị định số 107/2021/NĐ-CP ngày 05/12/2021 của Chính phủ", ["05/12/2021", "06/12/2021"]),
        ("Nghị định số 107/2021/NĐ-CP ngày 06/12/2020", ["2021", "06/12/2020"]),
        ("Quyết định số 468/QĐ-TTg ngày 27/3/2021 của Chính phủ", ["Chính phủ", "Thủ tướng Chính phủ"]),
        ("Quyết định số 876/QĐ-BNV của Bộ trưởng Bộ Tài chính", ["Bộ trưởng Bộ Tài chính", "Bộ Nội vụ"]),
        ("Quyết định số 107/2021/NĐ-CP", ["Quyết định", "Nghị định"]),
        ("Nghị quyết số 12/2021/QĐ-UBND của UBND tỉnh", ["Nghị quyết", "Quyết định"]),
        ("Nghị quyết số 76/2021/NQ-CP", ["76/2021/NQ-CP", "76/NQ-CP ngày 15/07/2021"]),
        ("Nghị định số 118/NĐ-CP ngày 09/6/2025", ["118/NĐ-CP", "118/2025/NĐ-CP"]),
    ],
)
def test_contradictions_show_both_readings_and_change_nothing(
    registers: Registers, text: str, words: list[str]
) -> None:
    citations, problems = collect(registers, text)
    conflicts = [problem for problem in problems if problem.code == "citation-conflict"]
    assert conflicts
    assert all(any(word in problem.reason for problem in conflicts) for word in words)
    assert citations[0].id == find_citations(text)[0].id
    printed = find_citations(text)[0].issued_on
    assert printed is None or citations[0].issued_on == printed


@pytest.mark.parametrize(
    "text",
    [
        "Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ",
        "Nghị quyết số 76/NQ-CP ngày 13/6/2013 của Chính phủ",
        "Thông tư số 01/2023/TT-VPCP ngày 05/4/2023 của Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ",
        "Chỉ thị số 03/CT-UBND ngày 28/5/2018 của Chủ tịch UBND tỉnh",
        "Kế hoạch số 122/KH-SKH ngày 28/01/2023 của Sở Kế hoạch và Đầu tư",
        "Nghị quyết 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị",
        "Đề án số 06/QĐ-TTg",
    ],
)
def test_what_agrees_is_no_problem(registers: Registers, text: str) -> None:
    assert collect(registers, text)[1] == ()


def test_two_documents_of_one_number_stay_two(registers: Registers) -> None:
    citations, _ = collect(
        registers,
        "Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ",
        "Nghị quyết số 76/NQ-CP ngày 13/6/2013 của Chính phủ",
        "Nghị định số 107/2020/NĐ-CP và Nghị định số 107/2021/NĐ-CP",
    )
    assert [citation.key for citation in citations] == [
        "76/NQ-CP@2013-06-13",
        "76/NQ-CP@2021-07-15",
        "107/2020/NĐ-CP",
        "107/2021/NĐ-CP",
    ]


def test_one_document_in_many_spellings_stays_one(registers: Registers) -> None:
    citations, _ = collect(
        registers,
        "Nghị định số 107/2021/NĐ-CP ngày 06/12/2021 của Chính phủ",
        "NĐ 107/2021",
        "Nghi dinh so 107/2021/ND-CP",
        "Nghị định 107/2021/NĐ-\nCP",
    )
    assert [citation.id for citation in citations] == ["107/2021/NĐ-CP"]
    assert [mention.line for mention in citations[0].mentions] == [1, 2, 3, 4]
    assert citations[0].issued_on == date(2021, 12, 6)


def test_name_and_number_of_one_document_are_one(registers: Registers) -> None:
    citations, _ = collect(
        registers,
        "Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ",
        "thực hiện Chương trình tổng thể cải cách hành chính nhà nước giai đoạn 2021-2030",
        "Luật Cán bộ, công chức số 80/2025/QH15; Luật Cán bộ, công chức năm 2025",
    )
    assert [citation.id for citation in citations] == ["76/NQ-CP", "80/2025/QH15"]
    assert [len(citation.mentions) for citation in citations] == [2, 2]


def test_a_name_alone_keeps_its_name_and_has_its_key(registers: Registers) -> None:
    citations, _ = collect(registers, "Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025")
    assert [(citation.id, citation.key) for citation in citations] == [
        ("Luật Tổ chức chính quyền địa phương năm 2025", "72/2025/QH15")
    ]


def test_standard_without_year_joins_the_only_dated_one(registers: Registers) -> None:
    citations, _ = collect(registers, "TCVN ISO 9001:2015", "HTQLCL TCVN ISO 9001")
    assert [citation.id for citation in citations] == ["TCVN ISO 9001:2015"]
    citations, _ = collect(registers, "HTQLCL TCVN ISO 9001")
    assert [citation.id for citation in citations] == ["TCVN ISO 9001"]


def test_an_id_of_two_documents_is_left_open_unless_told(registers: Registers) -> None:
    citations, problems = collect(registers, "Nghị quyết số 18-NQ/TW")
    assert citations[0].key == ""
    assert [problem.code for problem in problems] == ["citation-ambiguous"]
    assert "25/10/2017" in problems[0].reason
    assert "16/06/2022" in problems[0].reason
    told, none = collect(registers, "Nghị quyết số 18-NQ/TW của Ban Chấp hành Trung ương Đảng khóa XII")
    assert told[0].key == "18-NQ/TW@2017-10-25"
    assert none == ()
    by_words, _ = collect(
        registers, "Nghị quyết số 18-NQ/TW", "triển khai các Nghị quyết của Hội Nghị Trung ương sáu, khóa XII"
    )
    assert by_words[0].key == "18-NQ/TW@2017-10-25"
    by_day, _ = collect(registers, "Nghị quyết số 76/NQ-CP", as_of=date(2026, 1, 1))
    assert by_day[0].key == "76/NQ-CP@2021-07-15"


def test_a_sign_put_right_is_said(registers: Registers) -> None:
    citations, problems = collect(registers, "Nghi dinh so 118/2025/NB-CP")
    assert citations[0].key == "118/2025/NĐ-CP"
    assert [problem.code for problem in problems] == ["guessed"]
    assert "NB-CP" in problems[0].reason


def test_local_issuer_gets_its_province(registers: Registers) -> None:
    citations, _ = collect(
        registers, "Kế hoạch số 232/KH-UBND ngày 24/12/2022 của Ủy ban nhân dân tỉnh", province="Tuyên Quang"
    )
    assert citations[0].issuer == "UBND tỉnh Tuyên Quang"


def test_a_row_is_kept_with_its_mention(registers: Registers) -> None:
    citations, _ = collect_citations(
        [("theo Nghị định số 118/2025/NĐ-CP", Source(table=1, row=7), "d-r007")], registers, ""
    )
    mention = citations[0].mentions[0]
    assert (mention.row, mention.source.row, mention.relation) == ("d-r007", 7, "follows")


def test_lists_pass_on_type_and_relation() -> None:
    first, second, third = find_citations(
        "Thực hiện các Nghị định số 107/2020/NĐ-CP, số 108/2020/NĐ-CP; Quyết định số 468/QĐ-TTg"
    )
    assert (second.stated_type, second.relation) == ("Nghị định", "implements")
    assert third.relation == "implements"
    assert first.relation == "implements"


def test_amending_in_a_title_does_not_spill_over_the_list() -> None:
    relations = {
        mention.id: mention.relation
        for mention in find_citations(
            "Thực hiện Nghị định số 117/2013/NĐ-CP sửa đổi, bổ sung một số điều của Nghị định số 130/2005/NĐ-CP; "
            "Nghị định số 60/2021/NĐ-CP"
        )
    }
    assert relations["117/2013/NĐ-CP"] == "implements"
    assert relations["130/2005/NĐ-CP"] == "amends"
    assert relations["60/2021/NĐ-CP"] != "amends"


# --- properties ----------------------------------------------------------------------------------------------------

BODIES = st.sampled_from(["CP", "TTg", "UBND", "HĐND", "BNV", "BTC-BNV", "STP", "VPCP", "SKHĐT", "BCĐCCHC", "UBTVQH14"])
CODES = st.sampled_from(sorted(set(TYPES) - {"L", "CV"}))
NUMBERS = st.integers(1, 99999).map(str) | st.sampled_from(["30c", "05", "001"])
STATE = st.builds(
    lambda number, year, code, body: LegalId(number, year, f"{code}-{body}"),
    NUMBERS,
    st.none() | st.integers(1945, 2045),
    CODES,
    BODIES,
)
PARTY = st.builds(
    lambda number, code, body: LegalId(str(number), None, f"{code}/{body}"),
    st.integers(1, 999),
    st.sampled_from(["NQ", "KL", "CT", "QĐ", "HD"]),
    st.sampled_from(["TW", "TU"]),
)
ASSEMBLY = st.builds(
    lambda number, year, term: LegalId(f"{number:02d}", year, f"QH{term}"),
    st.integers(1, 300),
    st.integers(1992, 2030),
    st.integers(9, 16),
)
IDS = STATE | PARTY | ASSEMBLY


@given(IDS)
def test_parse_of_label_is_the_same_id(legal: LegalId) -> None:
    assert parse_id(legal.label()) == legal


@given(IDS)
def test_label_is_stable_without_diacritics(legal: LegalId) -> None:
    found = parse_id(strip_diacritics(legal.label()))
    assert found is not None
    assert found.label() == legal.label()


@given(IDS, st.sampled_from(["số {}", "Văn bản số {} của", "({})", "theo {},", "{}", "so {}", "số {} ngày 01/02/2020"]))
@settings(max_examples=300)
def test_an_id_is_found_in_any_surroundings(legal: LegalId, around: str) -> None:
    assert [mention.id for mention in find_citations(around.format(legal.label()))] == [legal.label()]


@given(IDS)
def test_an_id_is_found_when_broken_at_its_hyphen(legal: LegalId) -> None:
    broken = legal.label().replace("-", "-\n", 1)
    assert [mention.id for mention in find_citations(f"số {broken}")] == [legal.label()]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
@settings(max_examples=300)
def test_any_text_is_read_without_error(text: str) -> None:
    for mention in find_citations(text):
        assert 0 <= mention.start < mention.end <= len(nfc(text))
    find_open_numbers(text)


@given(st.text(alphabet="0123456789/.,- :;tháng năm ngàyquý%", max_size=60))
def test_digits_and_dates_alone_are_never_documents(text: str) -> None:
    assert find_citations(text) == ()


@given(st.sampled_from(["ND-CP", "NĐ–CP", "NĐ - CP", "QD-UBND", "NQ-HDND", "TTLT-BTC-BNV", "QH15"]))
def test_canonical_sign_is_idempotent(sign: str) -> None:
    assert canonical_sign(canonical_sign(sign)) == canonical_sign(sign)


# --- quality and speed ---------------------------------------------------------------------------------------------

PLANS = [
    ("001", SAMPLES / "so-ke-hoach-dau-tu-tuyen-quang_cchc-2023.txt", 0.99),
    ("003", SAMPLES / "so-tu-phap-tuyen-quang_cchc-6-thang-cuoi-2025.txt", 0.99),
    ("000_I-III", SAMPLES / "so-tu-phap-tay-ninh_khung-cchc-2021-2030.txt", 0.99),
    ("002_I-II", SAMPLES / "ubnd-tinh-tay-ninh_cchc-2021-2030.txt", 0.85),
    ("p4", GOLD / "files" / "p4.pdftotext.txt", 0.99),
]


def scored(ids: Iterator[str]) -> set[str]:
    """Numbered documents and standards only: names are written in too many ways to be scored."""
    return {fold(made).replace(" ", "") for made in ids if made[:1].isdigit() or made.startswith("TCVN")}


@pytest.mark.quality
@pytest.mark.parametrize(("name", "path", "floor"), PLANS, ids=[plan[0] for plan in PLANS])
def test_citation_f1_on_annotated_plans(registers: Registers, name: str, path: Path, floor: float) -> None:
    gold = json.loads((GOLD / f"{name}.json").read_text(encoding="utf-8"))
    text = " ".join(line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    citations, _ = collect(registers, text)
    wanted = scored(entry["canonical"] for entry in gold["citations"])
    found = scored(citation.id for citation in citations)
    f1 = 2 * len(wanted & found) / (len(wanted) + len(found))
    assert f1 >= floor, (sorted(wanted - found), sorted(found - wanted))


@pytest.mark.quality
def test_a_hundred_thousand_cells_a_minute() -> None:
    gold = json.loads((GOLD / "003.json").read_text(encoding="utf-8"))
    cells = [row[field] for row in gold["rows"] for field in ("objective", "task", "product", "time") if row[field]]
    find_citations("warm")
    start = time.perf_counter()
    for _ in range(5):
        for cell in cells:
            find_citations(cell)
    assert 5 * len(cells) / (time.perf_counter() - start) * 60 > 100_000
