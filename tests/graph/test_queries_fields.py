"""Titles of sections and the field of reform that they name."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.fields import IRIS, LABELS, field_of
from graph.objectives import objectives_of
from tests.factories import make_plan, make_row

CASES = [
    line.split("\t") for line in Path(__file__).with_suffix(".tsv").read_text(encoding="utf-8").splitlines() if line
]


@pytest.mark.parametrize(("title", "field"), CASES)
def test_field_of_a_title(title: str, field: str) -> None:
    assert field_of(title) == field


def test_every_field_has_an_iri_and_labels() -> None:
    assert set(IRIS) == set(LABELS) == {field for _, field in CASES if field}


def test_objectives_are_numbered_in_document_order() -> None:
    rows = tuple(
        make_row(index=index, raw={"objective": text}) for index, text in enumerate(("Hai", "Một", "Hai ", "", "Ba"), 1)
    )
    found = objectives_of(make_plan(rows=rows))
    assert [(one.id, one.text, [row.id for row in one.rows]) for one in found] == [
        ("a-txt-o001", "Hai", ["a-txt-r001", "a-txt-r003"]),
        ("a-txt-o002", "Một", ["a-txt-r002"]),
        ("a-txt-o003", "Ba", ["a-txt-r005"]),
    ]
