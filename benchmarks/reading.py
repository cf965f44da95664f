"""Reading against what a user would write instead: quality and time side by side, in one run.

    python -m benchmarks.reading

The rival takes the tables as python-docx, pandas.read_excel or pdfplumber give them, finds the header by the same words
(`graph.ingest.columns`), fills merged cells downwards and splits agencies at ";". Both are scored by
`tests.quality.scoring` on the annotated plans. Times are ratios of one run; ours includes agencies, laws, timeframes,
targets, of which the rival does nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from graph.extract import extract
from graph.ingest.columns import field_of_header
from graph.serialize import plan_to_json
from tests.quality.extraction import GOLD, gold
from tests.quality.scoring import Score, score

Table = list[list[str]]
KEPT = ("objective", "task")
"""The fields whose merged cells are filled downwards."""


def docx_tables(path: Path) -> list[Table]:
    """All tables of a DOCX by python-docx; a merged cell's text is in each of its cells."""
    import docx

    return [[[cell.text for cell in row.cells] for row in table.rows] for table in docx.Document(str(path)).tables]


def xlsx_tables(path: Path) -> list[Table]:
    """All sheets of a workbook by pandas."""
    import pandas

    sheets = pandas.read_excel(path, sheet_name=None, header=None, dtype=str)
    return [sheet.fillna("").to_numpy().tolist() for sheet in sheets.values()]


def pdf_tables(path: Path) -> list[Table]:
    """All tables of a PDF by pdfplumber, the pages' tables one after the other as one table."""
    import pdfplumber

    with pdfplumber.open(path) as book:
        lines = [line for page in book.pages for table in page.extract_tables() for line in table]
    return [[[cell or "" for cell in line] for line in lines]]


def rows_of(tables: Sequence[Table]) -> dict[str, Any]:
    """The rows of all tables that have a header of at least three known columns, as the contract's JSON."""
    made: list[dict[str, Any]] = []
    for table in tables:
        fields: list[str | None] = []
        above: dict[str, str] = {}
        for line in table:
            found = [field_of_header(cell) for cell in line]
            if len({name for name in found if name}) >= 3:
                fields = found
                continue
            cells = {name: " ".join(cell.split()) for name, cell in zip(fields, line, strict=False) if name}
            for name in KEPT:
                above[name] = cells[name] = cells.get(name) or above.get(name, "")
            if fields and len({*filter(None, line)}) >= 3:
                made.append(contract(cells, len(made) + 1))
    return {"rows": made}


def contract(cells: dict[str, str], number: int) -> dict[str, Any]:
    """One row as `cchc extract` prints it."""
    units = {side: [part.strip() for part in cells.get(side, "").split(";") if part.strip()] for side in
             ("lead", "coordinating")}  # fmt: skip
    plain = {name: cells.get(name, "") for name in ("objective", "task", "activity", "product")}
    return {
        "id": f"r{number:03d}", "origin": "table", **plain, **units, "timeframe": {"text": cells.get("time", "")},
    }  # fmt: skip


RIVALS: dict[str, tuple[str, Callable[[Path], list[Table]]]] = {
    "docx": ("python-docx", docx_tables),
    "xlsx": ("pandas.read_excel", xlsx_tables),
    "pdf": ("pdfplumber", pdf_tables),
}


def timed(run: Callable[[], dict[str, Any]], rounds: int = 3) -> tuple[dict[str, Any], float]:
    """The answer and the best CPU time of some rounds."""
    run()
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        made = run()
        spent.append(time.process_time() - start)
    return made, min(spent)


def line(name: str, found: Score, seconds: float) -> str:
    """One line of the table."""
    cells = "  ".join(f"{key} {value:.2f}" for key, value in sorted(found.fields.items()))
    return f"  {name:22s} row F1 {found.row_f1:.3f}  whole rows {found.complete:.3f}  {seconds * 1000:7.0f} ms  {cells}"


def main() -> None:
    """Prints both lines for each plan and format, then the ratio of their times."""
    for plan in ("p2", "p4"):
        wanted = gold(plan)
        for form, (rival, read) in RIVALS.items():
            path = GOLD / "files" / f"{plan}.{form}"
            ours, our_time = timed(lambda path=path: plan_to_json(extract(path)))
            theirs, their_time = timed(lambda path=path, read=read: rows_of(read(path)))
            print(f"{path.name}: our time / rival's {our_time / their_time:.2f}")
            print(line("CCHC Trace", score(wanted, ours), our_time))
            print(line(rival, score(wanted, theirs), their_time))


if __name__ == "__main__":
    main()
