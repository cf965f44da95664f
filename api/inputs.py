"""Which files a build reads: named files, and the files of named folders."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.errors import InputMissing
from graph.ids import document_id

SUFFIXES = frozenset(
    {".txt", ".docx", ".xlsx", ".xls", ".pdf", ".html", ".htm", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".md"}
)
"""What is taken from a folder. A file named outright is read whatever its ending: readers look at the content."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read. `root` is the folder it was found under, "" when it was named outright."""

    path: Path
    root: str

    @property
    def named(self) -> bool:
        """Whether the user named this very file."""
        return not self.root


def find_inputs(paths: Sequence[Path], beside: Path | None = None) -> list[InputFile]:
    """All files to read, each once, in a stable order. What lies in the folder `beside` (the data that a build makes)
    is no input, unless it is named outright.

    Raises InputMissing for a path that does not exist and for a folder that holds no file of a known type.
    """
    found: dict[Path, InputFile] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in _walk(path) if beside is None or beside.resolve() not in file.parents)
            if not inside:
                raise InputMissing(
                    f"Thư mục {path} không có tệp kế hoạch nào", f"the folder {path} holds no file of a known type"
                )
            for file in inside:
                found.setdefault(file, InputFile(file, str(path.resolve())))
        elif path.exists():
            found.setdefault(path.resolve(), InputFile(path.resolve(), ""))
        else:
            raise InputMissing(f"Không tìm thấy {path}", f"{path} does not exist")
    return list(found.values())


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
        if not hidden and path.is_file() and path.suffix.lower() in SUFFIXES:
            yield path.resolve()


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def name_documents(files: Iterable[InputFile], known: dict[str, str]) -> dict[Path, str]:
    """A document id for every file; `known` maps paths of built documents to their ids, which they keep."""
    taken = set(known.values())
    named: dict[Path, str] = {}
    for file in files:
        made = known.get(str(file.path)) or _new_id(file, frozenset(taken))
        taken.add(made)
        named[file.path] = made
    return named


def _new_id(file: InputFile, taken: frozenset[str]) -> str:
    """Told apart by the path inside the folder first, which is the same on every machine."""
    inside = file.path.name
    if file.root and file.path.is_relative_to(file.root):
        inside = file.path.relative_to(file.root).as_posix()
    made = document_id(file.path.name, taken, inside)
    return made if made not in taken else document_id(file.path.name, taken, str(file.path))
