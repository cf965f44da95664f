"""Old fonts inside DOCX and XLSX files, and words whose accents a recogniser misread."""

from __future__ import annotations

import pytest

from graph.ingest import read
from graph.ingest.accents import mend_accents
from graph.ingest.base import Grid, GridCell
from graph.ingest.encodings import _TCVN3
from graph.ingest.legacy import in_unicode
from graph.model import Paragraph, Source

_IN_TCVN3 = str.maketrans({letter: code for code, letter in _TCVN3.items()})


def _as_tcvn3(rows, span):
    def said(item):
        if isinstance(item, span):
            return span(item.text.lower().translate(_IN_TCVN3), item.rows, item.columns)
        return item if item is None else item.translate(_IN_TCVN3)

    return [[said(item) for item in row] for row in rows]


@pytest.mark.parametrize("form", ["docx", "xlsx"])
def test_old_font_in_a_file(files, plan, expected, summary, span, form):  # noqa: PLR0917
    reading = read(getattr(files, form)(_as_tcvn3(plan, span)))
    assert [[cell.lower() for cell in row] for row in summary(reading.rows)] == [
        [cell.lower() for cell in row] for row in expected
    ]


def test_unicode_with_a_stray_sign_is_left_alone():
    place = Source()
    cell = GridCell(row=0, column=0, lines=("Bản quyền©Sở Nội vụ", "Nhiệm vụ"), source=place)
    blocks = (
        Paragraph(text="Kế hoạch cải cách hành chính", source=place),
        Grid(cells=(cell,), rows=1, columns=1, source=place),
    )
    assert in_unicode(blocks) == blocks


@pytest.mark.parametrize(
    ("read_as", "meant"),
    [
        ("tố chức các đơn v có liên quan", "tổ chức các đơn vị có liên quan"),
        ("Cục Chuyển đối số", "Cục Chuyển đổi số"),
        ("PHÒNG TỐ CHỨC", "PHÒNG TỔ CHỨC"),
        ("so vỚi năm 2021", "so với năm 2021"),
        ("quần\nlý của Bộ", "quản\nlý của Bộ"),
        ("chính quyên và", "chính quyền và"),
    ],
)
def test_accents_put_right(read_as, meant):
    assert mend_accents(read_as) == meant


@pytest.mark.parametrize(
    "text",
    [
        "xã Tân Phú",
        "VNeID và iOffice",
        "26/CT-TTg",
        "sổ theo dõi",
        "đối với tổ chức",
        "Sở Nội vụ tỉnh Đắk Lắk",
        "khóa học",
        "các khoá học",
    ],
)
def test_right_words_stay(text):
    assert mend_accents(text) == text
