"""Which files are read, and under which ids."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.inputs import InputFile, find_inputs, name_documents
from graph.errors import InputMissing


def put(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("Kế hoạch", encoding="utf-8")
    return path


def test_a_folder_is_read_in_a_stable_order_without_hidden_and_strange_files(tmp_path: Path) -> None:
    names = ("b/kế hoạch.docx", "a.PDF", ".ẩn/x.pdf", "b/~$kế hoạch.docx", "c.exe")
    for name in names:
        put(tmp_path / name)
    (tmp_path / "đứt.txt").symlink_to(tmp_path / "không có")
    found = find_inputs([tmp_path, tmp_path / "a.PDF"])
    assert [file.path.name for file in found] == ["a.PDF", "kế hoạch.docx"]
    assert not any(file.named for file in found)


def test_a_folder_without_plans_and_a_missing_path_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputMissing):
        find_inputs([tmp_path])
    with pytest.raises(InputMissing):
        find_inputs([tmp_path / "không có.pdf"])


def test_a_link_that_leads_round_in_a_circle_ends(tmp_path: Path) -> None:
    put(tmp_path / "a.pdf")
    (tmp_path / "vòng").symlink_to(tmp_path, target_is_directory=True)
    assert [file.path.name for file in find_inputs([tmp_path])] == ["a.pdf"]


def test_ids_of_files_of_one_name_do_not_hang_on_where_the_folder_lies(tmp_path: Path) -> None:
    made = []
    for place in ("máy-1", "máy-2/sâu"):
        for inside in ("xã a/ke-hoach.pdf", "xã b/ke-hoach.pdf"):
            put(tmp_path / place / inside)
        made.append(list(name_documents(find_inputs([tmp_path / place]), {}).values()))
    assert made[0] == made[1]
    assert len(set(made[0])) == 2


def test_ids_stay_apart_and_known_files_keep_theirs() -> None:
    files = [InputFile(Path(f"/{root}/x/a.pdf"), f"/{root}") for root in ("k", "l", "m")]
    ids = name_documents(files, {"/m/x/a.pdf": "a-pdf"})
    assert ids[Path("/m/x/a.pdf")] == "a-pdf"
    assert len(set(ids.values())) == 3


def test_what_a_build_writes_into_a_folder_is_not_read_as_a_plan(tmp_path: Path) -> None:
    put(tmp_path / "a.pdf")
    put(tmp_path / "data" / "versions" / "1" / "index" / "words.txt")
    assert [file.path.name for file in find_inputs([tmp_path], beside=tmp_path / "data")] == ["a.pdf"]
    inside = tmp_path / "data" / "versions" / "1" / "index" / "words.txt"
    assert [file.path for file in find_inputs([inside], beside=tmp_path / "data")] == [inside]
