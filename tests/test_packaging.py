"""What is installed is what the checkout holds: every data file of the four packages is in the wheel."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("ontology", "graph", "embeddings", "api")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The names in the wheel, built offline from a copy of the sources."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, source / package, ignore=shutil.ignore_patterns("__pycache__"))
    command = ["-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", out, source]
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = out.glob("cchc_trace-*.whl")
    with zipfile.ZipFile(built) as archive:
        return frozenset(archive.namelist())


def files_of(package: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("package", PACKAGES)
def test_every_file_of_the_package_is_in_the_wheel(wheel: frozenset[str], package: str) -> None:
    assert not files_of(package) - wheel


def test_the_wheel_holds_the_packages_and_nothing_else(wheel: frozenset[str]) -> None:
    tops = {name.partition("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_kinds_of_data_that_must_travel(wheel: frozenset[str]) -> None:
    """A guard on the guard: should a folder move, the comparison above must not turn empty."""
    for name in (
        "graph/queries/plans.rq",
        "graph/queries/gaps/no-owner.rq",
        "ontology/cchc.ttl",
        "ontology/register/legal_documents.csv",
        "api/web/templates/base.html",
        "api/web/static/icon.svg",
        "graph/py.typed",
    ):
        assert name in wheel
    assert any(name.startswith("graph/samples/") for name in wheel)
