"""A fault of a reader is told as one sentence with its place, and goes no further than the file."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import graph.ingest.plaintext
from graph.errors import InputEmpty, ReaderFailed, UnreadableInput
from graph.extract import extract


def test_a_fault_is_a_refusal_that_names_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "ke-hoach.txt"
    file.write_text("KẾ HOẠCH\nCải cách hành chính năm 2026\n", encoding="utf-8")

    def stumble(text: str) -> None:
        raise IndexError(text)

    monkeypatch.setattr(graph.ingest.plaintext, "read_text", stumble)
    with pytest.raises(ReaderFailed, match=r"ke-hoach\.txt \(IndexError, test_extract_faults\.py:\d+\)") as caught:
        extract(file)
    assert isinstance(caught.value.__cause__, IndexError)
    assert isinstance(pickle.loads(pickle.dumps(caught.value)), UnreadableInput)  # noqa: S301  # our own bytes


def test_a_foreseen_refusal_stays_what_it_is(tmp_path: Path) -> None:
    file = tmp_path / "trong.txt"
    file.write_bytes(b"")
    with pytest.raises(InputEmpty):
        extract(file)
