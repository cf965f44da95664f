"""The build: idempotent, incremental, switched whole, refusing without harm."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from api import pipeline
from api.library import open_library
from api.pipeline import build, remove
from api.settings import Settings
from api.workspace import Workspace
from graph.errors import InputMissing, StoreBusy, StoreMissing, UnknownThing, UnreadableInput

Cchc = Callable[..., Result]


def snapshot(data: Path) -> dict[str, bytes]:
    """Everything that a reader of the data folder sees."""
    current = Workspace(data).require().folder
    return {str(p.relative_to(current)): p.read_bytes() for p in sorted(current.rglob("*")) if p.suffix == ".json"}


def quads(data: Path) -> list[str]:
    from io import BytesIO

    out = BytesIO()
    open_library(Settings(data=data)).store.dump(out)
    return sorted(out.getvalue().decode().splitlines())


def test_second_build_changes_nothing(own: tuple[Path, Path]) -> None:
    data, plans = own
    version = Workspace(data).require().folder
    report = build([plans], Settings(data=data, workers=1))
    assert not report.changed
    assert Workspace(data).require().folder == version


def test_same_input_gives_the_same_graph(own: tuple[Path, Path], tmp_path: Path) -> None:
    data, plans = own
    again = tmp_path / "again"
    build([plans], Settings(data=again, workers=1))
    assert quads(again) == quads(data)


def test_incremental_build_equals_a_build_from_nothing(own: tuple[Path, Path], tmp_path: Path) -> None:
    data, plans = own
    commune = plans / "xa-long-ho.txt"
    commune.write_text(commune.read_text(encoding="utf-8").replace("từ 80%", "từ 60%"), encoding="utf-8")
    (plans / "so-tu-phap.txt").unlink()
    report = build([plans], Settings(data=data, workers=1))
    assert report.read == ("xa-long-ho-txt",)
    assert report.removed == ("so-tu-phap-txt",)
    fresh = tmp_path / "fresh"
    build([plans], Settings(data=fresh, workers=1))
    assert quads(data) == quads(fresh)


def test_removed_document_is_gone_everywhere(own: tuple[Path, Path]) -> None:
    data, _ = own
    remove("so-tu-phap-txt", Settings(data=data))
    library = open_library(Settings(data=data))
    assert library.documents == ("tinh-txt", "xa-long-ho-txt")
    assert not any("so-tu-phap-txt" in line for line in quads(data))
    assert all(hit.document != "so-tu-phap-txt" for hit in library.engine.search("khảo sát hài lòng", limit=50).hits)
    with pytest.raises(UnknownThing):
        remove("so-tu-phap-txt", Settings(data=data))


def test_interrupted_build_leaves_the_last_good_one(own: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    data, plans = own
    before = snapshot(data)
    (plans / "so-tu-phap.txt").unlink()

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "make_links", interrupted)
    with pytest.raises(KeyboardInterrupt):
        build([plans], Settings(data=data, workers=1))
    assert snapshot(data) == before
    monkeypatch.undo()
    build([plans], Settings(data=data, workers=1))
    versions = data / "versions"
    assert all((folder / "manifest.json").exists() for folder in versions.iterdir())


def test_two_builds_do_not_write_at_once(own: tuple[Path, Path]) -> None:
    data, plans = own
    with Workspace(data).writing(), pytest.raises(StoreBusy):
        build([plans], Settings(data=data))


def test_nothing_built_yet_says_so(tmp_path: Path, cchc: Cchc) -> None:
    with pytest.raises(StoreMissing):
        Workspace(tmp_path).require()
    for command in (["status"], ["trace"], ["law"], ["gaps"], ["search", "tthc"], ["serve"]):
        result = cchc(*command, "--data", tmp_path / "none")
        assert result.exit_code == 2
        assert "cchc build" in result.output


def bad_inputs(folder: Path) -> dict[str, Path]:
    """Files that are no plan, by their trouble."""
    made = {
        "missing": folder / "missing.docx",
        "empty-folder": folder / "empty",
        "empty": folder / "empty.txt",
        "binary": folder / "binary.pdf",
        "huge": folder / "huge.txt",
        "zip-bomb": folder / "bomb.docx",
        "no-plan": folder / "letter.txt",
        "wrong-type": folder / "picture.docx",
    }
    made["empty-folder"].mkdir()
    made["empty"].write_bytes(b"")
    made["binary"].write_bytes(bytes(range(256)) * 64)
    with made["huge"].open("wb") as file:
        file.truncate(200_000_001)
    with zipfile.ZipFile(made["zip-bomb"], "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<a>" + b" " * 400_000_000 + b"</a>")
    made["no-plan"].write_text("Kính gửi anh Nam,\nHôm nay trời đẹp, mời anh đến chơi nhà.\n" * 30, encoding="utf-8")
    made["wrong-type"].write_bytes(b"GIF89a" + b"\x00" * 200)
    return made


def test_bad_input_is_one_sentence_and_changes_nothing(own: tuple[Path, Path], tmp_path: Path, cchc: Cchc) -> None:
    data, _ = own
    before, version = snapshot(data), Workspace(data).require().folder
    (tmp_path / "bad").mkdir()
    for trouble, path in bad_inputs(tmp_path / "bad").items():
        result = cchc("build", path, "--data", data)
        assert result.exit_code == 2, (trouble, result.output)
        assert len(result.stderr.strip().splitlines()) == 1, (trouble, result.stderr)
        assert result.stderr.startswith("cchc: "), trouble
        assert "(" in result.stderr, trouble
        if path.is_dir():
            continue
        refused = cchc("extract", path, "--json")
        assert (refused.exit_code, refused.stdout) == (2, ""), trouble
    assert Workspace(data).require().folder == version
    assert snapshot(data) == before


def test_bad_file_in_a_folder_is_reported_and_the_others_go_on(own: tuple[Path, Path], cchc: Cchc) -> None:
    data, plans = own
    (plans / "hong.txt").write_bytes(b"")
    result = cchc("build", plans, "--data", data, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["counts"]["plans"] == 3
    assert "hong.txt" in result.stderr


def test_missing_path_is_refused_by_the_library_too(tmp_path: Path) -> None:
    with pytest.raises(InputMissing):
        build([tmp_path / "nowhere"], Settings(data=tmp_path / "data"))
    assert issubclass(InputMissing, UnreadableInput)


def test_same_name_in_two_folders_gives_two_documents(office: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "tinh.txt").write_bytes((office / "tinh.txt").read_bytes())
    report = build([tmp_path / "a", tmp_path / "b"], Settings(data=tmp_path / "data", workers=1))
    assert report.counts["plans"] == 2
