"""Digital PDF: rules, half rules, no rules; rows and merged cells over pages; turned pages; prose."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.ingest import read

GOLD = Path(__file__).parents[2] / "gold/files"


@pytest.mark.parametrize("rules", ["all", "open"])
@pytest.mark.parametrize("bottom", [560, 330], ids=["one-page", "cut-by-pages"])
def test_rules(*, files, plan, expected, summary, rules, bottom):
    assert summary(read(files.pdf(plan, rules=rules, bottom=bottom)).rows) == expected


@pytest.mark.parametrize("rules", ["columns", "rows", "none"])
@pytest.mark.parametrize("bottom", [560, 330, 290, 250])
def test_half_ruled(*, files, plan_without_merged_rows, expected, summary, rules, bottom):
    """Without rules a merged cell and an empty one look the same, so this table has none merged over rows."""
    assert summary(read(files.pdf(plan_without_merged_rows, rules=rules, bottom=bottom)).rows) == expected


@pytest.mark.parametrize("bottom", range(150, 340, 11))
def test_page_break_anywhere(files, plan, expected, summary, bottom):
    assert summary(read(files.pdf(plan, bottom=bottom)).rows) == expected


@pytest.mark.parametrize("bottom", [200, 260, 300])
def test_head_is_not_repeated(files, plan, expected, summary, bottom):
    assert summary(read(files.pdf(plan, bottom=bottom, repeat_head=False)).rows) == expected


@pytest.mark.parametrize("bottom", [200, 260, 300])
def test_rows_are_not_cut(files, plan, expected, summary, bottom):
    assert summary(read(files.pdf(plan, bottom=bottom, split_rows=False)).rows) == expected


@pytest.mark.parametrize("turn", [{"rotate": 90}, {"rotate": 270}, {"sideways": True}], ids=str)
def test_turned_pages(files, plan, expected, summary, turn):
    assert summary(read(files.pdf(plan, bottom=330, **turn)).rows) == expected


def test_places(files, plan):
    rows = read(files.pdf(plan, bottom=250)).rows
    assert rows[0].source.page == 1
    assert rows[-1].source.page is not None and rows[-1].source.page >= 2
    assert rows[0].source.table == 1 and rows[0].source.row is not None


def test_same_as_docx():
    """The digital PDF of a plan gives the same rows and the same paragraphs as its DOCX."""
    for name in ("p2", "p4"):
        one, other = read(GOLD / f"{name}.docx"), read(GOLD / f"{name}.pdf")
        plain = [
            (r.section, r.number, r.objective, r.task, r.activity, r.product, r.lead, r.coordinating, r.time)
            for r in one.rows
        ]
        assert plain == [
            (r.section, r.number, r.objective, r.task, r.activity, r.product, r.lead, r.coordinating, r.time)
            for r in other.rows
        ]
        assert [(p.label, p.text) for p in one.paragraphs] == [(p.label, p.text) for p in other.paragraphs]
