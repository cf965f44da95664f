"""What a user may get wrong at the command line is answered by one sentence, never by a traceback."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from api.plancache import LINKING_CODE, PACKAGE, READING_CODE, fingerprint
from api.settings import settings


@pytest.fixture(autouse=True)
def fresh_settings() -> Iterator[None]:
    settings.cache_clear()
    yield
    settings.cache_clear()


def refused(*words: str) -> str:
    """The one sentence; the command must end with code 2."""
    result: Result = CliRunner().invoke(main, words)
    assert result.exit_code == 2, result.output
    assert result.stderr.startswith("cchc: ")
    assert "Traceback" not in result.output
    assert result.stderr.count("\n") == 1
    return result.stderr


@pytest.mark.parametrize(
    ("name", "value"), [("CCHC_PORT", "abc"), ("CCHC_PORT", "0"), ("CCHC_REGISTERS", "a.csv"), ("CCHC_WORKERS", "")]
)
def test_a_setting_that_cannot_be_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    assert name in refused("status")


def test_a_register_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CCHC_REGISTERS", f'["{tmp_path / "khong-co.csv"}"]')
    assert "khong-co.csv" in refused("build", "--data", str(tmp_path / "data"))


def test_a_file_where_the_data_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x", encoding="utf-8")
    for command in ("status", "gaps", "build"):
        assert "data" in refused(command, "--data", str(tmp_path / "data" / "x"))


@pytest.mark.parametrize("words", [("decide", "import"), ("sparql",)])
def test_a_file_that_is_no_text(tmp_path: Path, words: tuple[str, ...]) -> None:
    file = tmp_path / "a.tsv"
    file.write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in refused(*words, str(file), "--data", str(tmp_path / "data"))


def test_registers_given_as_a_folder_count_by_their_files(tmp_path: Path) -> None:
    before = fingerprint((), (tmp_path,))
    (tmp_path / "laws.csv").write_text("a", encoding="utf-8")
    assert fingerprint((), (tmp_path,)) != before
    assert fingerprint((), (tmp_path / "không có.csv",)) == before


def imported_by(*modules: str) -> set[str]:
    """Paths of all own modules that these import, directly or not."""
    waiting, seen = [path for name in modules if (path := file_of(name))], set[Path]()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            waiting.extend(found for name in names if (found := file_of(name)))
    return {path.relative_to(PACKAGE).as_posix() for path in seen}


def file_of(module: str) -> Path | None:
    if module.partition(".")[0] not in {"ontology", "graph", "embeddings"}:
        return None
    path = PACKAGE / module.replace(".", "/")
    return next((one for one in (path / "__init__.py", path.with_suffix(".py")) if one.is_file()), None)


@pytest.mark.parametrize(
    ("code", "modules"),
    [
        (READING_CODE, ("graph.extract",)),
        (READING_CODE + LINKING_CODE, ("graph.trace", "graph.gaps", "graph.mapping", "embeddings.passages")),
    ],
)
def test_a_change_of_any_module_that_counts_makes_old_results_stale(
    code: tuple[str, ...], modules: tuple[str, ...]
) -> None:
    """Empty package files say nothing."""
    missing = {
        path
        for path in imported_by(*modules)
        if not any(path == one or path.startswith(f"{one}/") for one in code)
        and path not in {"ontology/__init__.py", "graph/__init__.py"}
    }
    assert not missing
