"""Plan tables drawn by ourselves: the annotated rows, set in many styles, printed to PDF and torn to text again.

A style is drawn from a seed: page, font, size, columns, their widths and order, names of the heads, merged cells,
labels, alignment. LibreOffice prints the table, as offices do, and pdftotext, pdftotext -layout and pdfminer.six tear
it. The truth beside each text is the annotation, cut to the columns that were drawn. So readers of torn text can be
trained and measured on far more tables than were annotated.

    python -m benchmarks.rendered FOLDER [--seeds 0-9] [--plans 001,003] [--scan]

Needs LibreOffice Writer, poppler-utils and, for --scan, Tesseract with Vietnamese.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.drawn.document import draw
from benchmarks.drawn.style import FIELDS, HEADS, Style
from benchmarks.drawn.workbook import draw_workbook

__all__ = ["FIELDS", "GOLD", "HEADS", "PLANS", "Style", "draw", "draw_workbook", "make", "rows_of", "tear", "truth"]

GOLD = Path(__file__).parent.parent / "tests" / "gold"
WRITTEN = {path.stem: f"written/{path.stem}" for path in sorted((GOLD / "written").glob("*.json"))}
"""Plans written for this: their rows are invented, no document holds them."""
PLANS = {"000": "000_I-III", "001": "001", "002": "002_I-II", "003": "003", "p2": "p2", "p4": "p4"}
BUDGETS = ("Ngân sách tỉnh", "Ngân sách nhà nước", "Lồng ghép các nguồn", "")


def rows_of(plan: str) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """The annotated rows of a plan in true Vietnamese, and its section titles by number."""
    data = json.loads((GOLD / f"{({**WRITTEN, **PLANS}).get(plan, plan)}.json").read_text(encoding="utf-8"))
    rows: list[dict[str, Any]] = []
    for row in data["rows"]:
        one = {name: row.get(f"{name}_vi") or row.get(name) or "" for name in FIELDS}
        keep = ("id", "section", "subsection", "horizon")
        one |= {name: row.get(f"{name}_vi") or row.get(name) or "" for name in keep}
        one |= {"budget": BUDGETS[len(rows) // 3 % len(BUDGETS)], "note": ""}
        for name in ("lead_units", "coord_units"):
            one[name] = row.get(f"{name}_vi") or row.get(name) or []
        rows.append(one)
    titles = {s["no"]: s.get("title_vi") or s.get("title", "") for s in data.get("sections", ())}
    return rows, titles


def truth(rows: Sequence[Mapping[str, Any]], style: Style) -> dict[str, Any]:
    """The annotation of the drawn table: only the drawn columns (`columns`, from left to right) are filled."""
    made = []
    for row in rows:
        one = dict(row)
        for name in FIELDS:
            if name not in style.columns:
                one[name] = ""
        made.append(one)
    head = {"doc_id": f"r{style.seed}", "meta": {}, "columns": list(style.columns)}
    return {**head, "rows": made, "prose_targets": [], "citations": []}


def tear(pdf: Path, scan: bool = False) -> None:
    """Writes the text of a PDF beside it, as each tool tears it: .layout.txt, .pdftotext.txt, .pdfminer.txt and, with
    `scan`, .ocr.txt."""
    from pdfminer.high_level import extract_text

    stem = pdf.with_suffix("")
    subprocess.run(["pdftotext", "-layout", str(pdf), f"{stem}.layout.txt"], check=True)
    subprocess.run(["pdftotext", str(pdf), f"{stem}.pdftotext.txt"], check=True)
    Path(f"{stem}.pdfminer.txt").write_text(extract_text(str(pdf)), encoding="utf-8")
    if scan:
        subprocess.run(["pdftoppm", "-r", "200", "-gray", "-png", str(pdf), str(stem)], check=True)
        pages = []
        for image in sorted(stem.parent.glob(f"{stem.name}-*.png")):
            done = subprocess.run(["tesseract", str(image), "-", "-l", "vie"], check=True, capture_output=True)
            pages.append(done.stdout.decode())
            image.unlink()
        Path(f"{stem}.ocr.txt").write_text("\f".join(pages), encoding="utf-8")


def _seed(plan: str, seed: int) -> int:
    """The seed of a plan's style: each plan has its own."""
    for known in (PLANS, WRITTEN):
        if plan in known:
            return seed * 1000 + sorted(known).index(plan)
    return seed


def make(folder: Path, plans: Sequence[str], seeds: Sequence[int], scan: bool = False) -> list[Path]:
    """Draws each plan in each style; returns the PDF files. Beside each: the torn texts and the truth (.json)."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    for plan in plans:
        rows, titles = rows_of(plan)
        filled = [name for name in FIELDS if any(row[name] for row in rows)]
        for seed in seeds:
            style = Style.of(_seed(plan, seed), filled)
            target = folder / f"{plan}-{seed:02d}.docx"
            draw(rows, titles, style, target)
            draw_workbook(rows, titles, style, target.with_suffix(".xlsx"))
            target.with_suffix(".json").write_text(
                json.dumps(truth(rows, style), ensure_ascii=False, indent=1), encoding="utf-8"
            )
            drawn.append(target)
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, drawn)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    for target in drawn:
        tear(target.with_suffix(".pdf"), scan)
    return [target.with_suffix(".pdf") for target in drawn]


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", default="0-4")
    parser.add_argument("--plans", default=",".join(PLANS))
    parser.add_argument("--scan", action="store_true")
    given = parser.parse_args()
    first, _, last = given.seeds.partition("-")
    made = make(given.folder, given.plans.split(","), range(int(first), int(last or first) + 1), given.scan)
    print(*made, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
