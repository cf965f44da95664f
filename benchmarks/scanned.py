"""Scans of drawn tables and the text that Tesseract makes of them: as offices scan, and as people recognise.

    python -m benchmarks.scanned FOLDER TARGET [--only 001-03] [--pages 12]

FOLDER is one made by `python -m benchmarks.rendered`. For each PDF in it TARGET gets, drawn from a seed of the file's
name: `.scan.pdf` (150, 200 or 300 dots an inch, a slight turn, grain, JPEG), `.ocr.txt` (Tesseract with Vietnamese)
and `.ocr-eng.txt` (the English recogniser), each with one of the page layouts that people use (automatic, one column,
one block); the truth is copied beside them. Tables of more than --pages pages are left out.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

LAYOUTS = ("3", "3", "6", "4")  # Tesseract's page segmentation: automatic (as it comes), one block, one column


def scan(pdf: Path, pick: random.Random) -> tuple[list[Image.Image], int]:
    """The pages of a PDF as a scanner gives them, and their dots an inch."""
    import numpy as np
    import pypdfium2
    from PIL import Image, ImageFilter

    dpi = pick.choice((150, 200, 200, 300, 300))
    grain, blur, shade = pick.uniform(2, 14), pick.uniform(0.0, 0.6) * dpi / 300, pick.uniform(0.86, 1.0)
    chance = np.random.default_rng(pick.randrange(1 << 30))
    document = pypdfium2.PdfDocument(str(pdf))
    made = []
    try:
        for page in document:
            image = page.render(scale=dpi / 72, grayscale=True).to_pil()
            image = image.rotate(pick.uniform(-0.7, 0.7), resample=Image.Resampling.BICUBIC, fillcolor=255)
            image = image.filter(ImageFilter.GaussianBlur(blur))
            values = np.asarray(image, dtype=np.float32) * shade + 20 * (1 - shade)
            values += chance.normal(0, grain, values.shape)
            image = Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))
            packed = io.BytesIO()
            image.save(packed, "JPEG", quality=pick.choice((55, 70, 85)))
            made.append(Image.open(packed).convert("L"))
    finally:
        document.close()
    return made, dpi


def recognise(images: Sequence[Image.Image], dpi: int, language: str, layout: str) -> str:
    """The text of the pages as the program prints it, a form feed behind each."""
    texts = []
    for image in images:
        packed = io.BytesIO()
        image.save(packed, "PNG", compress_level=1)
        done = subprocess.run(
            ["tesseract", "-", "-", "-l", language, "--psm", layout, "--dpi", str(dpi)],
            input=packed.getvalue(),
            capture_output=True,
            check=True,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
        texts.append(done.stdout.decode())
    return "".join(texts)


def make(pdf: Path, target: Path, most_pages: int) -> bool:
    """The scan and the texts of one PDF; False when it has too many pages."""
    stem = target / pdf.stem
    pick = random.Random(pdf.stem)  # noqa: S311 - a drawing, not a secret
    images, dpi = scan(pdf, pick)
    if len(images) > most_pages:
        return False
    images[0].save(f"{stem}.scan.pdf", save_all=True, append_images=images[1:], resolution=dpi, quality=80)
    shutil.copy(pdf.with_suffix(".json"), f"{stem}.json")
    for language, form in (("vie", "ocr.txt"), ("eng", "ocr-eng.txt")):
        layout = pick.choice(LAYOUTS)
        Path(f"{stem}.{form}").write_text(recognise(images, dpi, language, layout), encoding="utf-8")
        print(pdf.stem, form, f"dpi={dpi} psm={layout} pages={len(images)}", flush=True)
    return True


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--pages", type=int, default=12)
    given = parser.parse_args()
    given.target.mkdir(parents=True, exist_ok=True)
    for pdf in sorted(given.folder.glob("*.pdf")):
        if given.only in pdf.stem and not make(pdf, given.target, given.pages):
            print(pdf.stem, f"left out: more than {given.pages} pages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
