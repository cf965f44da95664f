"""How well plans are read, measured against annotated ones: a line a plan and format.

The annotated targets of a plan are those of its prose and of its cells together, since both are targets of the plan.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests.quality.scoring import Score, score

ROOT = Path(__file__).resolve().parent.parent.parent
GOLD = ROOT / "tests" / "gold"
SAMPLES = ROOT / "graph" / "samples"
TARGET_LISTS = ("prose_targets", "table_targets", "task_targets", "extra_targets")
FORMATS = (
    "docx", "xlsx", "pdf", "scan.pdf", "pdftotext.txt", "pdfminer.txt", "layout.txt", "ocr.txt", "ocr-eng.txt",
)  # fmt: skip
DRAWN = ("xlsx", "pdf", "layout.txt", "pdftotext.txt", "pdfminer.txt")
"""Forms of the kept tables that were drawn by `benchmarks.rendered`; no reader was written with them in sight."""


@dataclass(frozen=True, slots=True)
class Case:
    """One file with its annotation; `sections` where only these are annotated."""

    name: str
    gold: str
    file: Path
    sections: tuple[str, ...] = ()


CASES: tuple[Case, ...] = (
    Case("000.txt", "000_I-III", SAMPLES / "so-tu-phap-tay-ninh_khung-cchc-2021-2030.txt", ("I", "II", "III")),
    Case("001.txt", "001", SAMPLES / "so-ke-hoach-dau-tu-tuyen-quang_cchc-2023.txt"),
    Case(
        "000.txt IV–VIII",
        "000_IV-VIII",
        SAMPLES / "so-tu-phap-tay-ninh_khung-cchc-2021-2030.txt",
        ("IV", "V", "VI", "VII", "VIII"),
    ),
    Case("004.txt", "004", SAMPLES / "so-tu-phap_khung-cchc-2026-2030.txt"),
    Case("002.txt", "002_I-II", SAMPLES / "ubnd-tinh-tay-ninh_cchc-2021-2030.txt", ("I", "II")),
    Case(
        "002.txt III–VIII",
        "002_III-VIII",
        SAMPLES / "ubnd-tinh-tay-ninh_cchc-2021-2030.txt",
        ("III", "IV", "V", "VI", "VII", "VIII"),
    ),
    Case("003.txt", "003", SAMPLES / "so-tu-phap-tuyen-quang_cchc-6-thang-cuoi-2025.txt"),
    *(Case(f"{plan}.{form}", plan, GOLD / "files" / f"{plan}.{form}") for plan in ("p2", "p4") for form in FORMATS),
    *(
        Case(f"drawn {name}.{form}", f"drawn/{name}", GOLD / "drawn" / f"{name}.{form}")
        for name in ("001-100", "p2-100", "p4-100")
        for form in DRAWN
    ),
)


@lru_cache(maxsize=32)
def gold(name: str) -> dict[str, Any]:
    """An annotated plan with all its targets under `prose_targets`."""
    made: dict[str, Any] = json.loads((GOLD / f"{name}.json").read_text(encoding="utf-8"))
    made["prose_targets"] = [target for key in TARGET_LISTS for target in made.get(key, [])]
    return made


def measure(case: Case) -> Score:
    """Reads the file as a user's would be and scores it."""
    from graph.extract import extract
    from graph.serialize import plan_to_json

    made = plan_to_json(extract(case.file))
    if case.sections:
        made["targets"] = _annotated_part(gold(case.gold), made, case.sections)
    return score(gold(case.gold), made, case.sections)


def _annotated_part(wanted: dict[str, Any], made: dict[str, Any], sections: tuple[str, ...]) -> list[dict[str, Any]]:
    """The targets read from the part that is annotated: cells of the annotated sections where the annotation has
    targets of cells, prose where it has targets of prose."""
    cells = any(target.get("row") for target in wanted["prose_targets"])
    prose = any(not target.get("row") for target in wanted["prose_targets"])
    section = {row["id"]: row["section"] for row in made["rows"]}
    return [
        target
        for target in made["targets"]
        if (prose and not target["row"]) or (cells and target["row"] and section[target["row"]] in sections)
    ]


def measure_all(cases: tuple[Case, ...] = CASES, workers: int = 2) -> Iterator[tuple[Case, Score]]:
    """All cases in order, read in parallel."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from zip(cases, pool.map(measure, cases), strict=True)


def figures(found: Score) -> dict[str, float]:
    """The figures that floors are set on, by name."""
    made = {"rows": found.row_f1, "complete": found.complete}
    made |= dict(found.fields)
    if found.citation_f1 is not None:
        made["citations"] = found.citation_f1
    if found.target_f1 is not None:
        made["targets"] = found.target_f1
    return made
