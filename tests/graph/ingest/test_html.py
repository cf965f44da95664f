"""HTML: spans, lists, hidden parts, old encodings, nested tables."""

from __future__ import annotations

import pytest

from graph.errors import InputTooLarge
from graph.ingest import read
from graph.ingest.base import Limits


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_spans(files, plan, expected, summary, encoding):
    reading = read(files.html(plan, encoding=encoding))
    assert summary(reading.rows) == expected
    assert [(p.label, p.text) for p in reading.paragraphs][:2] == [
        ("", "KẾ HOẠCH"),
        ("", "Cải cách hành chính năm 2026"),
    ]
    assert reading.media_type == "text/html"


def test_named_doc(files, plan, expected, summary):
    """Office programs save web pages under the name .doc."""
    path = files.html(plan)
    named = path.with_suffix(".doc")
    path.rename(named)
    assert summary(read(named).rows) == expected


def test_lists_hidden_parts_and_entities(files, plan, tmp_path):
    path = files.html(plan)
    more = (
        "<ol type=I><li>Mục ti&ecirc;u<li>Giải pháp</ol><ul><li>Một</ul><p style='display:none'>ẩn</p>"
        "<script>var ke_hoach = 1</script><p>a<br>b</p>"
    )
    path.write_text(path.read_text(encoding="utf-8").replace("</table>", "</table>" + more), encoding="utf-8")
    paragraphs = read(path).paragraphs[4:]
    assert [(p.label, p.text) for p in paragraphs] == [
        ("I.", "Mục tiêu"),
        ("II.", "Giải pháp"),
        ("-", "Một"),
        ("", "a"),
        ("", "b"),
    ]


def test_span_bomb_is_bounded(files, plan, expected, summary):
    path = files.html(plan)
    text = path.read_text(encoding="utf-8").replace("</table>", "<tr><td colspan=100000 rowspan=100000>x</table>")
    path.write_text(text, encoding="utf-8")
    assert summary(read(path, Limits(columns=50)).rows) == expected


def test_too_many_cells_are_refused(files, plan):
    path = files.html(plan)
    with pytest.raises(InputTooLarge, match="20"):
        read(path, Limits(cells=20))
