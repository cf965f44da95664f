"""What the packages import is declared in pyproject.toml, and what is declared is imported."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("ontology", "graph", "embeddings", "api")
DEVELOPMENT = ("tests", "benchmarks", "notebooks")
USED_WITHOUT_IMPORT = {
    "python-multipart": "FastAPI reads forms with it",
    "httpx2": "the client of FastAPI's tests",
    "ipykernel": "runs the notebooks",
    "pytest-xdist": "pytest -n",
    "mypy": "a program",
    "ruff": "a program",
    "oxigraph": "a program: the SPARQL server that remote stores are tested against",
    "setuptools": "builds the wheel in tests/test_packaging.py",
}


def project() -> dict[str, list[str]]:
    """The requirement lines: "" for what users install, "dev" for developers."""
    read = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"": read["dependencies"], **read["optional-dependencies"]}


def name_of(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return canonical(found[0])


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def imports(folders: tuple[str, ...]) -> frozenset[tuple[str, Path]]:
    """Top-level names of what is imported from outside, with the module that imports it."""
    own = {path.stem for folder in DEVELOPMENT for path in (ROOT / folder).rglob("*.py")}
    inside = {*PACKAGES, *DEVELOPMENT, *sys.stdlib_module_names, *own}
    found: set[tuple[str, Path]] = set()
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom) and node.module:
                    names = [node.module]
                found.update((top, path) for name in names if (top := name.partition(".")[0]) not in inside)
    return frozenset(found)


@cache
def installed() -> dict[str, set[str]]:
    """Module → the distributions that bring it."""
    return {module: {canonical(name) for name in names} for module, names in packages_distributions().items()}


def distributions_of(module: str) -> set[str]:
    return installed().get(module, set())


def undeclared(folders: tuple[str, ...], declared: set[str]) -> list[str]:
    return sorted(
        {
            f"{path.relative_to(ROOT)}: {name}"
            for name, path in imports(folders)
            if not distributions_of(name) & declared
        }
    )


def test_every_import_of_the_packages_is_declared() -> None:
    assert not undeclared(PACKAGES, {name_of(line) for line in project()[""]})


def test_every_import_of_tests_and_notebooks_is_declared() -> None:
    declared = {name_of(line) for lines in project().values() for line in lines}
    assert not undeclared(DEVELOPMENT, declared)


def test_everything_declared_is_used() -> None:
    notebooks = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "notebooks").glob("*.ipynb"))
    in_notebooks = set(re.findall(r"(?:import|from) (\w+)", notebooks))
    for extra, lines in project().items():
        folders = PACKAGES if extra == "" else (*PACKAGES, *DEVELOPMENT)
        modules = {name for name, _ in imports(folders)} | (in_notebooks if extra else set())
        used = {name for module in modules for name in distributions_of(module)} | set(USED_WITHOUT_IMPORT)
        stubs = {name_of(line) for line in lines if "types-" in line or "-stubs" in line}
        assert not {name_of(line) for line in lines} - used - stubs


def test_versions_are_bounds_except_for_torch() -> None:
    pinned = {name_of(line) for lines in project().values() for line in lines if "==" in line}
    assert pinned == {"torch"}


def test_no_dependency_asks_for_the_source_of_what_uses_it_over_a_network() -> None:
    """No AGPL among what users install: offices run this as a service."""
    for line in project()[""]:
        said = distribution(name_of(line)).metadata
        words = f"{said.get('License-Expression', '')} {said.get('License', '')[:200]} {said.get_all('Classifier')}"
        assert "AGPL" not in words and "Affero" not in words, line
