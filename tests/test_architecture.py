"""Imports point one way, the environment is read in one place, queries live in files."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAY_IMPORT = {
    "ontology": set(),
    "graph": {"ontology"},
    "embeddings": {"ontology", "graph"},
    "api": {"ontology", "graph", "embeddings"},
}


def modules() -> Iterator[tuple[str, Path, ast.Module]]:
    for package in MAY_IMPORT:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield package, path, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield node.module or ""


def test_imports_point_one_way() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for package, path, tree in modules()
        for name in imported(tree)
        if (top := name.partition(".")[0]) in MAY_IMPORT and top != package and top not in MAY_IMPORT[package]
    ]
    assert not wrong


def test_the_domain_knows_no_http_and_no_command_line() -> None:
    foreign = {"fastapi", "starlette", "uvicorn", "click", "pydantic_settings"}
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for package, path, tree in modules()
        for name in imported(tree)
        if package != "api" and name.partition(".")[0] in foreign
    ]
    assert not wrong


def passed_on(tree: ast.Module) -> set[ast.AST]:
    """The environment as a whole in a new mapping, `{**os.environ, …}`: handed to a child process, not read."""
    return {
        value
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if key is None
    }


def test_only_settings_read_the_environment() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for _, path, tree in modules()
        if path != ROOT / "api" / "settings.py"
        for node in set(ast.walk(tree)) - passed_on(tree)
        if (isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"})
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    ]
    assert not wrong


def test_no_sparql_in_python() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for _, path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and "WHERE {" in node.value
        and path.name not in {"remote.py", "data.py"}  # protocol verbs; the example shown on the page
    ]
    assert not wrong


LONGEST = 400
"""Lines. About 250 is meant; this is where it stops."""


def test_modules_fit_one_sitting() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for _, path, _ in modules()
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST and path.name != "vocab.py"
    }
    assert not long
