"""The text functions that everything else stands on."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.text import fold, nfc, slug, squeeze, strip_diacritics, without_enumerator


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("cải cách", "cải cách"),
        (unicodedata.normalize("NFD", "thủ tục"), "thủ tục"),
        ("\ufeffKế\u200b hoạch\u2060", "Kế hoạch"),
        ("e\u200d\u0302\u0301", "ế"),
        ("so\u00ad", "so\u00ad"),
    ],
)
def test_nfc_takes_out_marks_that_nobody_sees(text: str, made: str) -> None:
    assert nfc(text) == made


@pytest.mark.parametrize(
    ("one", "other"), [("hoà", "hòa"), ("thuý", "thúy"), ("ĐIỆN TỬ", "điện tử"), ("Thủ  tục,", "thu tuc")]
)
def test_fold_is_equal_for_spellings_of_one_word(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("1.2. Rà soát", "Rà soát"),
        ("3.10.Rà soát", "Rà soát"),
        ("- Rà soát", "Rà soát"),
        ("đ) Rà soát", "Rà soát"),
        ("100% hồ sơ", "100% hồ sơ"),
        ("80.5% hồ sơ", "80.5% hồ sơ"),
    ],
)
def test_one_enumerator_is_cut_off_and_no_number_of_the_text(text: str, made: str) -> None:
    assert without_enumerator(text) == made


@given(st.text())
def test_what_holds_for_any_text(text: str) -> None:
    assert unicodedata.is_normalized("NFC", nfc(text))
    assert nfc(nfc(text)) == nfc(text)
    assert squeeze(squeeze(text)) == squeeze(text)
    assert fold(fold(text)) == fold(text)
    assert slug(text).isascii()
    assert 0 < len(slug(text)) <= 80
    assert not any(unicodedata.combining(letter) for letter in strip_diacritics(text))
