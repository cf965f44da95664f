"""What is understood of a query: spelling, short forms, English, everyday words, laws, agencies, days, minus words."""

from __future__ import annotations

from pathlib import Path

import pytest

from embeddings.abbreviations import Abbreviations, learn
from embeddings.errors import BadQuery
from embeddings.glossary import from_english, from_everyday, phrases, without_question
from embeddings.highlight import spans
from embeddings.initials import Initials
from embeddings.lexical import LexicalIndex, spell
from embeddings.query import Lore, understand
from embeddings.spelling import Speller
from embeddings.syllables import is_syllable
from embeddings.typing_slips import decoded, one_edit
from graph.text import fold

TEXTS = (
    "Số hóa hồ sơ, kết quả giải quyết thủ tục hành chính", "Cải cách thủ tục hành chính nội bộ",
    "Chuyển đổi số trong cơ quan nhà nước", "Thanh toán trực tuyến phí, lệ phí", "Chỉ số cải cách hành chính",
    "Dịch vụ công trực tuyến toàn trình", "Hệ thống quản lý chất lượng", "Số hóa thủ tục hành chính",
)  # fmt: skip


@pytest.fixture(scope="module")
def lore() -> Lore:
    index = LexicalIndex.build([((text, 1.0),) for text in TEXTS])
    agencies = frozenset({"so noi vu", "thanh tra so", "so ke hoach va dau tu", "van phong so"})
    return Lore(Abbreviations(), Speller([index], phrases()), agencies, frozenset({"tay ninh"}))


def cases() -> list[tuple[str, str, str]]:
    lines = (Path(__file__).parent / "queries.tsv").read_text("utf-8").splitlines()
    return [(a, b, c) for a, b, c in (line.split("\t") for line in lines if not line.startswith("#"))]


@pytest.mark.parametrize(("typed", "wording", "better"), cases())
def test_first_wording(lore: Lore, typed: str, wording: str, better: str) -> None:
    understood = understand(typed, lore)
    assert spell(understood.wordings[0].text) == spell(wording)
    if better:
        assert spell(understood.did_you_mean) == spell(better)


def test_names_are_told_from_what_is_asked(lore: Lore) -> None:
    understood = understand("Sở Nội vụ khen thưởng, kỷ luật tại Tây Ninh", lore)
    assert understood.agencies == ("so noi vu",)
    assert understood.provinces == ("tay ninh",)
    assert not fold(understood.wordings[0].text).startswith("so noi vu")
    inside = understand("Thanh tra Sở Kế hoạch và Đầu tư xây dựng văn bản", lore)
    assert inside.agencies == ("thanh tra so", "so ke hoach va dau tu")
    assert inside.wordings[0].text == "xây dựng văn bản"
    assert understand("Sở Nội vụ", lore).wordings[0].text == "Sở Nội vụ"


@pytest.mark.parametrize(
    ("typed", "laws"),
    [
        ("Nghị định 107/2021/NĐ-CP", ("107 2021 nd cp",)),
        ("nghi dinh 107/2021/nd-cp", ("107 2021 nd cp",)),
        ("76/NQ-CP và 18-NQ/TW", ("76 nq cp", "18 nq tw")),
        ("trước ngày 30/6/2026", ()),
        ("năm 2025", ()),
    ],
)
def test_laws(lore: Lore, typed: str, laws: tuple[str, ...]) -> None:
    assert understand(typed, lore).laws == laws


def test_times_phrases_and_minus_words(lore: Lore) -> None:
    understood = understand('"chuyển đổi số" trước 30/6/2026 quý III năm 2025 -"cấp xã" -huyện', lore)
    assert understood.days == ("2026-06-30",)
    assert understood.quarters == (3,)
    assert understood.years == (2025,)
    assert understood.phrases == ("chuyển đổi số",)
    assert understood.excluded == ("cấp xã", "huyện")
    assert understand("107/2021/NĐ-CP", lore).years == ()
    with pytest.raises(BadQuery, match="gõ"):
        understand(" -tthc ", lore)


def test_short_forms_that_plans_define() -> None:
    text = "công tác phổ biến, giáo dục pháp luật (PBGDPL), Hệ thống thông tin (HTTT) và trang bị (xem VB)"
    assert learn([text]) == {"PBGDPL": "phổ biến, giáo dục pháp luật", "HTTT": "Hệ thống thông tin"}
    expand = Abbreviations(learnt={"XYZ": "xa yên zang"}).expand
    assert expand("TTHC theo 107/2021/NĐ-CP, XYZ") == "thủ tục hành chính theo 107/2021/NĐ-CP, xa yên zang"


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("staff downsizing", "tinh giản biên chế"),
        ("paying administrative fees", "thanh toán, phí, lệ phí"),
        ("online meetings", "họp trực tuyến"),
        ("simplified procedures and policies", "đơn giản hóa, cắt giảm, thủ tục hành chính, chính sách"),
        ("sở tư pháp", ""),
        ("so hoa ho so", ""),
    ],
)
def test_english(english: str, vietnamese: str) -> None:
    assert from_english(english)[0] == vietnamese


def test_everyday_words_and_questions() -> None:
    assert from_everyday("trả phí qua mạng")[0] == "thanh toán phí, lệ phí trực tuyến"
    assert from_everyday("ủy ban nhân dân tỉnh") == ("ủy ban nhân dân tỉnh", {})
    assert without_question("làm thế nào để số hóa hồ sơ") == "số hóa hồ sơ"
    assert without_question("bao nhiêu") == "bao nhiêu"


@pytest.mark.parametrize(
    ("keys", "reading"),
    [
        ("thur", "thủ"),
        ("tucj", "tục"),
        ("chuyeern", "chuyển"),
        ("ddooir", "đổi"),
        ("tuye6n2", "tuyền"),
        ("thu3", "thủ"),
    ],
)
def test_telex_and_vni(keys: str, reading: str) -> None:
    assert reading in decoded(keys)


def test_syllables() -> None:
    for word in ("thủ", "nghiêng", "quyết", "giếng", "gì", "khuya", "ủy", "uỷ", "thu", "chuyen", "đường"):
        assert is_syllable(word), word
    for word in ("viêc", "tthc", "rượp1", "truyềnn", "chap̀", "wifi", "bác̀"):
        assert not is_syllable(word), word
    assert "tuc" in one_edit("tcu")


def test_question_words_inside_a_query_stay() -> None:
    assert (
        without_question("nộp giấy tờ ở đâu cũng được không cần về xã") == "nộp giấy tờ ở đâu cũng được không cần về xã"
    )
    assert without_question("số hóa hồ sơ ở đâu") == "số hóa hồ sơ"
    assert without_question("thời gian chờ còn bao nhiêu phút") == "thời gian chờ còn phút"


def test_everyday_words_around_small_words_and_inside_terms(lore: Lore) -> None:
    assert from_everyday("nộp các loại phí qua mạng")[0] == "thanh toán phí, lệ phí trực tuyến"
    assert from_everyday("thưởng nóng")[0] == "khen thưởng nóng"
    index = LexicalIndex.build([(("Khen thưởng, kỷ luật", 1.0),)] * 5)
    bound = Speller([index]).bound
    assert from_everyday("khen thưởng", bound) == ("khen thưởng", {})


@pytest.mark.parametrize(
    ("keys", "reading"),
    [("nguoi72", "người"), ("do965", "độ"), ("phan62", "phần"), ("tram8", "trăm"), ("muc71", "mức")],
)
def test_vni_keys_struck_late(keys: str, reading: str) -> None:
    assert reading in decoded(keys)


def test_typing_keys_are_read_even_when_the_plans_do_not_use_the_word(lore: Lore) -> None:
    assert lore.speller.correct("ddieenf hồ sơ").text == "điền hồ sơ"
    assert lore.speller.correct("điện thoại xa nhà").text == "điện thoại xa nhà"


def test_english_that_the_table_does_not_know() -> None:
    assert from_english("harmonised treatment of foreign investors")[1] < 1
    assert from_english("harmonised treatment of foreign investors")[0]
    for vietnamese in ("phaan quyeenf caaps duowngs", "upload file ho so", "VNeID", "wifi"):
        assert from_english(vietnamese) == ("", 0.0), vietnamese


def test_short_forms_read_by_their_initials() -> None:
    texts = ["Xác thực điện tử cho người dân", "Xác thực điện tử và định danh", "Doanh nghiệp xác định thời điểm"] * 3
    index = LexicalIndex.build([((text, 1.0),) for text in texts])
    initials = Initials([index])
    assert initials.meaning("XTĐT") == "xác thực điện tử"
    assert initials.meaning("DN") == "doanh nghiệp"
    assert initials.meaning("QZ") == initials.meaning("X") == Initials(()).meaning("DN") == ""
    lore = Lore(Abbreviations(), Speller([index], phrases()), initials=initials)
    wordings = [wording.text for wording in understand("cấp XTĐT", lore).wordings]
    assert wordings == ["cấp XTĐT", "cấp xác thực điện tử"]
    assert understand("cấp XTĐT", lore).expanded == {"XTĐT": "xác thực điện tử"}


@pytest.mark.parametrize(
    ("typed", "quarters", "years"),
    [
        ("báo cáo quý III/2026", (3,), (2026,)),
        ("bao cao quy 3 nam 2026", (3,), (2026,)),
        ("Quý I, II năm 2025", (1, 2), (2025,)),
        ("quý 2 đến quý 4/2027", (2, 3, 4), (2027,)),
        ("q4-2025", (4,), (2025,)),
        ("quí iv", (4,), ()),
        ("kiểm tra 6 tháng cuối năm 2025", (3, 4), (2025,)),
        ("chin thang dau nam", (1, 2, 3), ()),
        ("quy 12", (), ()),
        ("quy chế 1 cửa", (), ()),
        ("hàng quý", (), ()),
        ("quý khách 3", (), ()),
    ],
)
def test_quarters(lore: Lore, typed: str, quarters: tuple[int, ...], years: tuple[int, ...]) -> None:
    understood = understand(typed, lore)
    assert (understood.quarters, understood.years) == (quarters, years)


@pytest.mark.parametrize("typed", ["một cửa", "mot cua"])
def test_a_window_is_marked_and_the_common_word_is_not(typed: str, lore: Lore) -> None:
    text = "Cơ chế một cửa của Sở"
    assert [text[start:end] for start, end in spans(text, understand(typed, lore))] == ["một cửa"]
