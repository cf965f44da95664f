"""The metric scheme is sound, and phrases find their concepts."""

from __future__ import annotations

import pytest

from graph.entities.metrics import expanded, metric, metric_of, metric_scheme


def test_the_scheme_is_sound() -> None:
    scheme = metric_scheme()
    ids = [concept.id for concept in scheme]
    assert len(ids) == len(set(ids)) >= 60
    for concept in scheme:
        assert concept.label_vi
        assert concept.label_en
        assert concept.label_vi != concept.label_en
        assert not concept.broader or concept.broader in ids, concept.id
        assert concept.broader != concept.id


def test_every_concept_with_words_is_found_by_its_own_label() -> None:
    units = {"count": "lần", "time": "ngày", "clock": "giờ/ngày, 7 ngày/tuần"}
    for concept in metric_scheme():
        if concept.rules:
            assert metric_of(concept.label_vi, unit=units.get(concept.unit, concept.unit)) == concept.id


@pytest.mark.parametrize(
    ("phrase", "unit", "expected"),
    [
        ("Mức độ hài lòng của người dân và tổ chức về giải quyết TTHC", "%", "satisfaction-procedures"),
        ("Chỉ số SIPAS", "%", "satisfaction-service"),
        ("Mức độ hài lòng về lĩnh vực đất đai", "%", "satisfaction-land-construction"),
        (
            "Tỷ lệ TTHC có yêu cầu nghĩa vụ tài chính được triển khai thanh toán trực tuyến",
            "%",
            "online-payment-provided",
        ),
        ("Tỷ lệ giao dịch thanh toán trực tuyến", "%", "online-payment-transactions"),
        ("Tỷ lệ hồ sơ giải quyết trực tuyến mức độ 3 và 4", "%", "online-files"),
        ("Tỷ lệ TTHC cung cấp DVCTT toàn trình", "%", "online-services"),
        ("Tỷ lệ TTHC tích hợp lên Cổng DVC quốc gia", "%", "portal-integration"),
        ("Tỷ lệ số hoá kết quả giải quyết TTHC", "%", "digitised-results"),
        ("Tỷ lệ CBCC được bồi dưỡng", "%", "staff-trained"),
        ("Tỷ lệ văn bản QPPL đúng trình tự", "%", "legal-documents"),
        ("Xếp hạng Chỉ số CCHC của Sở", "hạng", "rank-par-index"),
        ("Số sáng kiến về CCHC", "sáng kiến", "initiatives"),
        ("Thời gian chờ đợi tại Bộ phận Một cửa", "phút/lượt", "waiting-time"),
        ("Tỷ lệ hồ sơ công việc xử lý trên môi trường mạng", "%", "work-files-online"),
        ("Mức giảm chi phí tuân thủ", "%", "compliance-cost"),
        ("Thời gian chờ đợi tại Bộ phận Một cửa", "%", "handling-time-cut"),
        ("Số con gà", "con", ""),
        ("Tỷ lệ che phủ rừng", "%", ""),
    ],
)
def test_phrases(phrase: str, unit: str, expected: str) -> None:
    assert metric_of(phrase, unit=unit) == expected


def test_the_phrase_decides_before_its_surroundings() -> None:
    sentence = "Tỷ lệ giao dịch thanh toán trực tuyến đạt 50%; mức độ hài lòng đạt 90%"
    assert metric_of("Mức độ hài lòng", "mức độ hài lòng đạt 90%", sentence) == "satisfaction"
    assert metric_of("Kết quả", "", sentence) == "satisfaction-procedures"


def test_misread_words_are_found_only_when_asked() -> None:
    misread = "Mirc dO hai long dm ngtrixi dan ve cung cap dich vi y te, gido dvc cong lap"
    assert metric_of(misread, recognised=True).startswith("satisfaction")
    assert metric_of("thit tvc hanh chinh dugc luan chuyem") == ""
    assert metric_of("thit tvc hanh chinh dugc luan chuyem", recognised=True) == "electronic-circulation"


def test_abbreviations_are_written_out() -> None:
    assert expanded("Tỉ lệ DVCTT của UBND") == "ty le dich vu cong truc tuyen cua uy ban nhan dan"


def test_an_unknown_id_raises() -> None:
    with pytest.raises(KeyError):
        metric("no-such-thing")
    assert metric("initiatives").unit == "count"
