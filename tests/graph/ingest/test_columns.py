"""Header words, in all wordings and folded."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.ingest.columns import field_of_header
from graph.text import strip_diacritics

CASES = [
    line.split("\t")
    for line in (Path(__file__).parent / "headers.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("# ")
]


@pytest.mark.parametrize(("header", "field"), CASES)
def test_field_of_header(header, field):
    wanted = None if field == "-" else field
    assert field_of_header(header) == wanted
    assert field_of_header(strip_diacritics(header).upper()) == wanted
    assert field_of_header(f" {header}\n".replace(" ", "  ")) == wanted
