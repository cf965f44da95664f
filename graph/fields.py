"""Fields of reform (lĩnh vực cải cách hành chính): which one a section's title names."""

from __future__ import annotations

from graph.text import fold
from ontology.vocab import FIELDS

IRIS = {field.key: field.iri for field in FIELDS}
"""The concept of each field by its key."""

LABELS = {field.key: (field.label_vi, field.label_en) for field in FIELDS}
"""Vietnamese and English label of each field by its key."""


def field_of(section_title: str) -> str:
    """The key of the field ("procedures", "digital", …) that a section's title names, "" where it names none.

    What stands behind "cải cách" counts before all else ("chỉ đạo, triển khai cải cách thể chế" is institutions). Of
    several, the one named first counts ("Cải cách TTHC và cung cấp dịch vụ công trực tuyến" is procedures); of two that
    begin at one place, the longer pattern. The patterns are hidden labels of the ontology's concepts.
    """
    folded = f" {fold(section_title)} "
    found = (
        (not folded[: at + 1].endswith(" cai cach "), at, -len(pattern), field.key)
        for field in FIELDS
        for pattern in field.patterns
        if (at := folded.find(f" {pattern} ")) >= 0
    )
    best = min(found, default=None)
    return best[3] if best else ""
