"""`read` as others use it: one function for all types, by content, quick and small."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from graph.ingest import read
from graph.ingest.base import Limits
from graph.ingest.sniff import sniff

GOLD = Path(__file__).parents[2] / "gold/files"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("p2.docx", "docx"), ("p2.xlsx", "xlsx"), ("p2.pdf", "pdf"), ("p2.scan.pdf", "pdf"), ("p2.layout.txt", "text")],
)
def test_sniff(name, kind):
    assert sniff(GOLD / name) == kind


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"<!DOCTYPE html><html><body>x", "html"),
        ("\ufeff<html xmlns='x'>".encode("utf-16"), "html"),
        ("Kế hoạch cải cách".encode("utf-16"), "text"),
        ("Kế hoạch cải cách hành chính".encode("utf-16-le"), "text"),
        ("KÕ ho¹ch c¶i c¸ch hµnh chÝnh".encode("latin-1"), "text"),
        (b"\xff\xd8\xff\xe0 jpeg", "image"),
        (b"II*\x00 tiff", "image"),
    ],
    ids=["html", "html-utf16", "utf16", "utf16-no-mark", "tcvn3", "jpeg", "tiff"],
)
def test_sniff_bytes(tmp_path, data, kind):
    path = tmp_path / "file"
    path.write_bytes(data)
    assert sniff(path) == kind


@pytest.mark.parametrize("name", ["p2", "p4"])
@pytest.mark.parametrize("extension", ["docx", "xlsx", "pdf"])
def test_rows_of_the_annotated_plans(name, extension):
    import json

    names = ("section", "number", "objective", "task", "activity", "product", "lead", "coordinating", "time")
    keys = ("section", "stt", "objective", "task", "activity", "product", "lead", "coord", "time")
    gold = json.loads((GOLD.parent / f"{name}.json").read_text(encoding="utf-8"))["rows"]
    rows = read(GOLD / f"{name}.{extension}").rows
    assert [tuple(getattr(row, name) for name in names) for row in rows] == [
        tuple(g[key] for key in keys) for g in gold
    ]
    assert all(not row.guesses for row in rows)


def test_same_file_same_reading():
    assert read(GOLD / "p2.pdf") == read(GOLD / "p2.pdf")


def test_limits_are_told():
    assert Limits().file_bytes == 100_000_000


def test_imports_are_lazy():
    """Importing the package loads no format's library."""
    heavy = ["lxml", "openpyxl", "pdfplumber", "docx", "numpy", "scipy", "PIL", "torch"]
    code = f"import sys, graph.ingest; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_docx_is_quick():
    """A plan's DOCX takes well under a second of CPU, imports included (measured 0.3 s on the build machine)."""
    code = (
        "import time; from pathlib import Path; from graph.ingest import read; "
        f"read(Path({str(GOLD / 'p2.docx')!r})); print(time.process_time())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 1.5
