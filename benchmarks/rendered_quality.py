"""How well tables drawn by ourselves are read, in each form: a line a drawn table, and the mean of each form.

    python -m benchmarks.rendered_quality FOLDER [--forms pdftotext.txt,pdfminer.txt] [--only 001-03]

The folder is one made by `python -m benchmarks.rendered`.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.quality.scoring import Score, score

FORMS = ("docx", "xlsx", "pdf", "layout.txt", "pdftotext.txt", "pdfminer.txt", "ocr.txt")


def measure(path: Path) -> tuple[Score, float]:
    """The score of one file against the truth beside it, and the CPU seconds it took to read."""
    from graph.extract import extract
    from graph.serialize import plan_to_json

    truth = json.loads((path.parent / f"{path.name.split('.')[0]}.json").read_text(encoding="utf-8"))
    began = time.process_time()
    made = plan_to_json(extract(path))
    spent = time.process_time() - began
    return score(truth, made), spent


def _safe(path: Path) -> tuple[Score | str, float]:
    from graph.errors import CchcError

    try:
        return measure(path)
    except CchcError as refused:
        return str(refused), 0.0


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--forms", default=",".join(FORMS))
    parser.add_argument("--only", default="")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args(arguments)
    stems = [path.stem for path in sorted(given.folder.glob("*.json")) if given.only in path.stem]
    for form in given.forms.split(","):
        files = [path for stem in stems if (path := given.folder / f"{stem}.{form}").exists()]
        if not files:
            continue
        rows, complete, spent = [], [], []
        with ProcessPoolExecutor(given.workers, mp_context=get_context("spawn")) as pool:
            for path, (found, seconds) in zip(files, pool.map(_safe, files), strict=True):
                if isinstance(found, str):
                    print(f"{path.name:28} refused: {found}")
                    rows.append(0.0)
                    complete.append(0.0)
                    continue
                fields = " ".join(f"{name}={value:.2f}" for name, value in found.fields.items() if value is not None)
                print(f"{path.name:28} {found.row_f1:.3f} {found.complete:.3f} {seconds:5.1f} s  {fields}", flush=True)
                rows.append(found.row_f1)
                complete.append(found.complete)
                spent.append(seconds)
        print(
            f"== {form}: rows {sum(rows) / len(rows):.3f} complete {sum(complete) / len(complete):.3f} "
            f"({len(files)} tables, {sum(spent):.0f} s CPU)"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
