"""The data folder: built versions, the pointer to the one in use, the lock of the writer, caches and decisions.

    DATA/
      current               name of the version in use; replaced by rename, so a reader sees the old or the new one
      versions/<name>/      graph/ index/ plans/ proposed.json links.json gaps.json manifest.json (written last)
      cache/plans, cache/vectors   by content; safe to delete
      decisions.tsv         what people decided; never touched by a build
      build.lock            held while a build writes

A build writes a new version beside the one in use and switches whole. A build that is interrupted leaves a folder
without a manifest, which the next build removes.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from graph.errors import StoreBusy, StoreError, StoreMissing

MANIFEST = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Version:
    """One built version: its folder and what its manifest says."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def graph(self) -> Path:
        """Folder of the graph store."""
        return self.folder / "graph"

    @property
    def index(self) -> Path:
        """Folder of the search index."""
        return self.folder / "index"

    @property
    def plans(self) -> Path:
        """Folder of the plans as read, one JSON file a document."""
        return self.folder / "plans"


def write_atomically(path: Path, text: str) -> None:
    """Writes a whole file or nothing: beside it first, flushed to disk, then renamed over it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


class Workspace:
    """The data folder of one installation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def decisions(self) -> Path:
        """The file of human decisions."""
        return self.folder / "decisions.tsv"

    @property
    def plan_cache(self) -> Path:
        """Plans as read, by content of file and code."""
        return self.folder / "cache" / "plans"

    @property
    def vector_cache(self) -> Path:
        """Vectors by content of text and model."""
        return self.folder / "cache" / "vectors"

    def current(self) -> Version | None:
        """The version in use; None before the first build. Raises StoreError when the pointer leads nowhere."""
        pointer = self.folder / "current"
        try:
            name = pointer.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        folder = self.folder / "versions" / name
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError) as problem:
            raise StoreError(
                f"Dữ liệu đã dựng trong {self.folder} bị hỏng; hãy chạy lại 'cchc build'",
                f"the built data in {self.folder} is damaged; run 'cchc build' again",
            ) from problem
        return Version(folder, manifest)

    def require(self) -> Version:
        """The version in use. Raises StoreMissing before the first build."""
        version = self.current()
        if version is None:
            raise StoreMissing(
                f"Chưa có dữ liệu trong {self.folder}; hãy chạy 'cchc build' trước",
                f"nothing has been built in {self.folder}; run 'cchc build' first",
            )
        return version

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Holds the writer's lock. Raises StoreBusy when another build holds it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / "build.lock").open("w")
        except OSError as problem:
            raise StoreError(
                f"Không ghi được vào thư mục dữ liệu {self.folder}: {problem.strerror}",
                f"cannot write to the data folder {self.folder}: {problem.strerror}",
            ) from problem
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as problem:
                raise StoreBusy(
                    "Một lần dựng dữ liệu khác đang chạy; hãy thử lại sau", "another build is running; try again later"
                ) from problem
            yield

    @contextmanager
    def deciding(self) -> Iterator[None]:
        """Held while the file of decisions is written; waits for its turn."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "decisions.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def begin(self) -> Path:
        """A new, empty version folder; left-overs of interrupted builds are removed. The lock must be held."""
        versions = self.folder / "versions"
        versions.mkdir(parents=True, exist_ok=True)
        for old in versions.iterdir():
            if not (old / MANIFEST).exists():
                shutil.rmtree(old)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        return Path(tempfile.mkdtemp(prefix=f"{stamp}-", dir=versions))

    def commit(self, folder: Path, manifest: dict[str, Any], keep: int) -> Version:
        """Writes the manifest, switches to the new version and removes all but the `keep` newest."""
        written = {"format": FORMAT, "built_at": datetime.now(UTC).isoformat(timespec="seconds"), **manifest}
        write_atomically(folder / MANIFEST, json.dumps(written, ensure_ascii=False, indent=1))
        write_atomically(self.folder / "current", folder.name + "\n")
        newest = sorted((p for p in folder.parent.iterdir() if p != folder), key=lambda p: p.name, reverse=True)
        for old in newest[keep - 1 :]:
            shutil.rmtree(old, ignore_errors=True)
        return Version(folder, written)
