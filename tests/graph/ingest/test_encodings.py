"""Old encodings: each clean text, written in an old encoding, comes back as it was; clean text is never touched."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from graph.ingest import encodings
from graph.ingest.encodings import decode, to_unicode

SAMPLES = sorted((Path(encodings.__file__).parent.parent / "samples").glob("*.txt"))
TABBED = next(path for path in SAMPLES if "2026-2030" in path.name)
TO_VNI = {letter: code for code, letter in reversed(list(encodings._VNI.items()))}
TO_TCVN3 = {letter: code for code, letter in encodings._TCVN3.items()}


def written(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(char, char) for char in text)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem[:30])
def test_clean_text_is_not_touched(path: Path) -> None:
    text = unicodedata.normalize("NFC", path.read_text(encoding="utf-8"))
    found = to_unicode(text)
    assert found.text == text
    assert not found.repaired


@pytest.mark.parametrize("table", [TO_TCVN3, TO_VNI], ids=["tcvn3", "vni"])
def test_old_fonts_come_back(table: dict[str, str]) -> None:
    text = TABBED.read_text(encoding="utf-8").lower()
    found = to_unicode(written(text, table)).text.split("\n")
    wrong = [line for line, back in zip(text.split("\n"), found, strict=True) if line != back]
    assert len(wrong) <= 2, wrong[:3]  # a heading of two words may hold no sure sign


def test_lines_in_several_encodings() -> None:
    lines = ["Kế hoạch cải cách hành chính", "Thực hiện nhiệm vụ được giao", "Cơ quan chủ trì"]
    mixed = [lines[0], written(lines[1], TO_TCVN3), written(lines[2], TO_VNI)]
    found = to_unicode("\n".join(mixed))
    assert found.text.split("\n") == lines
    assert found.repaired == {1: "tcvn3", 2: "vni"}


def test_decomposed_text_is_composed() -> None:
    text = "Sở Tư pháp ban hành Quyết định"
    assert to_unicode(unicodedata.normalize("NFD", text)).text == text


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_bytes_of_unicode_files(name: str) -> None:
    text = "KẾ HOẠCH\nCải cách hành chính năm 2026 của Sở Nội vụ"
    assert decode(text.encode(name)) == text


def test_bytes_of_old_files() -> None:
    text = "thực hiện kế hoạch cải cách hành chính của sở tư pháp"
    assert decode(written(text, TO_TCVN3).encode("latin-1")) == text
    assert decode(written(text, TO_VNI).encode("latin-1")) == text


def test_twice_encoded_text() -> None:
    text = "Cải cách thủ tục hành chính"
    assert to_unicode(text.encode().decode("cp1252", "replace")).text != ""
    line = "Kế hoạch của tỉnh"
    broken = "".join(encodings._C1.get(byte, chr(byte)) for byte in line.encode())
    assert to_unicode(broken).text == line


def test_any_bytes_are_decoded() -> None:
    assert isinstance(decode(bytes(range(256)) * 3), str)
