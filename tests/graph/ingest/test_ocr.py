"""Scans: turned, skewed and grainy pages, images of several pages, repairs. Needs the program tesseract."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from graph.ingest import read
from graph.ingest.ocr import clean_word, read_words
from graph.ingest.repair import repair_text
from graph.text import fold

GOLD = Path(__file__).parents[2] / "gold/files"
needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")


def image_of(path: Path, page: int = 0, dpi: int = 200):
    """A page of a PDF as a grey image."""
    import pypdfium2

    document = pypdfium2.PdfDocument(str(path))
    try:
        return document[page].render(scale=dpi / 72, grayscale=True).to_pil().copy()
    finally:
        document.close()


def close(rows, expected) -> float:
    """The share of fields read right, diacritics aside."""
    from rapidfuzz import fuzz

    assert len(rows) == len(expected)
    pairs = [(a, b) for row, want in zip(rows, expected, strict=True) for a, b in zip(row, want, strict=True)]
    return sum(fuzz.ratio(fold(a), fold(b)) >= 88 for a, b in pairs) / len(pairs)


@needs_tesseract
@pytest.mark.parametrize(
    "trouble",
    [
        "skewed",
        *(pytest.param(name, marks=pytest.mark.slow) for name in ("straight", "upside-down", "sideways", "grainy")),
    ],
)
def test_image(files, plan, expected, summary, trouble):
    image = image_of(files.pdf(plan))
    if trouble == "skewed":
        image = image.rotate(1.7, expand=True, fillcolor=255)
    elif trouble == "upside-down":
        image = image.rotate(180)
    elif trouble == "sideways":
        image = image.rotate(90, expand=True)
    elif trouble == "grainy":
        import numpy as np
        from PIL import Image

        chance = np.random.default_rng(7)
        grain = np.asarray(image, dtype=np.float32) * 0.85 + chance.normal(15, 22, (image.height, image.width))
        image = Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8))
    path = files.path("png")
    image.save(path, dpi=(200, 200))
    seen: list[tuple[int, int]] = []
    reading = read(path, progress=lambda done, pages: seen.append((done, pages)))
    assert close(summary(reading.rows), expected) >= 0.95
    assert seen == [(1, 1)]
    assert reading.media_type == "image/png"
    assert 0 < min(reading.rows[0].confidence.values()) < 1


@needs_tesseract
@pytest.mark.slow
def test_tiff_of_several_pages(files, plan, expected, summary):
    path = files.pdf(plan, bottom=330)
    pages = [image_of(path, page) for page in (0, 1)]
    tiff = files.path("tiff")
    pages[0].save(tiff, save_all=True, append_images=pages[1:], dpi=(200, 200))
    reading = read(tiff)
    assert close(summary(reading.rows), expected) >= 0.95
    assert reading.rows[-1].source.page == 2


@needs_tesseract
@pytest.mark.slow
def test_scanned_pdf():
    """The scans of the two annotated plans give the rows of their DOCX."""
    for name in ("p2", "p4"):
        want = [(r.section, r.task, r.activity, r.product, r.lead, r.time) for r in read(GOLD / f"{name}.docx").rows]
        got = [(r.section, r.task, r.activity, r.product, r.lead, r.time) for r in read(GOLD / f"{name}.scan.pdf").rows]
        assert close(got, want) >= 0.97


@pytest.mark.parametrize(
    ("read_as", "meant"),
    [
        ("Quý IH/2026", "Quý III/2026"),
        ("Quý 11/2026", "Quý II/2026"),
        ("Quý HH, H1/2026", "Quý II, III/2026"),
        ("Quý H/2026", "Quý II/2026"),
        ("Quý IIl", "Quý III"),
        ("Quý 1V/2026", "Quý IV/2026"),
        ("Quý IV/2026", "Quý IV/2026"),
        ("Quý I, II/2026", "Quý I, II/2026"),
        ("Quý 3/2026", "Quý 3/2026"),
        ("Hằng quý", "Hằng quý"),
        ("01 lần/quý", "01 lần/quý"),
        ("Nghị định số 178/2024/ND-CP", "Nghị định số 178/2024/NĐ-CP"),
        ("876/QĐÐ-BNV", "876/QĐ-BNV"),
        ("Văn phòng HDND", "Văn phòng HĐND"),
    ],
)
def test_repair(read_as, meant):
    assert repair_text(read_as) == meant


@pytest.mark.parametrize(
    ("word", "clean"),
    [
        ("“Thông", "Thông"),
        (".Kế", "Kế"),
        ("“một”", "“một”"),
        ("_|", ""),
        ("Sở,", "Sở,"),
        ("II1/⁄2026", "II1//2026"),
        ("-", "-"),
        ("(15%)", "(15%)"),
    ],
)
def test_clean_word(word, clean):
    assert clean_word(word) == clean


def test_read_words_of_tesseract():
    line = "4\t1\t1\t1\t1\t0\t10\t20\t200\t30\t-1\t"
    word = "5\t1\t1\t1\t1\t1\t10\t25\t40\t10\t91.5\tKế"
    speck = "5\t2\t1\t1\t1\t1\t0\t0\t9\t9\t12\t~"
    table = "\n".join(["head", line, word, speck, "5\tbroken"])
    words = list(read_words(table))
    assert [(index, w.text, w.top, w.bottom, w.confidence) for index, w in words] == [(0, "Kế", 20.0, 50.0, 0.915)]
