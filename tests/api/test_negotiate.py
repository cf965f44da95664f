"""Which serialization an Accept header prefers."""

from __future__ import annotations

import pytest

from api.negotiate import preferred

OFFERED = ("application/sparql-results+json", "text/csv", "text/tab-separated-values")


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", ""),
        ("image/png", ""),
        ("text/csv", "text/csv"),
        ("TEXT/CSV ; charset=utf-8", "text/csv"),
        ("text/csv, */*", "text/csv"),
        ("*/*", "application/sparql-results+json"),
        ("text/*;q=0.5", "text/csv"),
        ("text/csv;q=0.5, text/tab-separated-values;q=0.9", "text/tab-separated-values"),
        ("text/csv;q=0", ""),
        ("text/csv;q=\u00b2", ""),
        ("text/csv;q=a, text/tab-separated-values;q=0.1", "text/tab-separated-values"),
        (",;q=1,", ""),
    ],
)
def test_preferred(accept: str, chosen: str) -> None:
    assert preferred(accept, OFFERED) == chosen
