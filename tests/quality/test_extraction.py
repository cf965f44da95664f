"""What was won in reading stays won: floors over the annotated plans, in every format."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.quality.extraction import CASES, Case, figures, measure

FLOORS: dict[str, dict[str, float]] = yaml.safe_load(
    (Path(__file__).with_name("extraction_floors.yaml")).read_text(encoding="utf-8")
)


def test_every_case_has_floors() -> None:
    assert set(FLOORS) == {case.name for case in CASES}


@pytest.mark.quality
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_reading_keeps_its_floors(case: Case) -> None:
    if case.file.name.endswith("scan.pdf"):
        needs_tesseract()
    found = figures(measure(case))
    short = {
        name: (round(found[name], 3), floor) for name, floor in FLOORS[case.name].items() if found[name] < floor - 1e-9
    }
    assert not short


def needs_tesseract() -> None:
    """Scans need Tesseract, which a machine may not have; everything else is read without it."""
    import shutil

    if shutil.which("tesseract") is None:
        pytest.skip("tesseract is not installed (apt-get install tesseract-ocr tesseract-ocr-vie)")
