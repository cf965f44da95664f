"""Vectors of texts that were encoded before, kept by content: an unchanged passage is never encoded twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from embeddings.encoder.base import Vectors
from embeddings.passages import content_key

_PART = "part-{:06d}"


def encode_distinct(texts: Sequence[str], encode: Callable[[Sequence[str]], Vectors]) -> Vectors:
    """Vectors of the texts in order, equal texts encoded once."""
    distinct = {text: row for row, text in enumerate(dict.fromkeys(texts))}
    vectors = encode(list(distinct))
    return vectors[[distinct[text] for text in texts]]


class VectorCache:
    """An append-only store of vectors in a folder: parts of keys and float32 rows, read by mapping.

    Safe against a process that dies while writing (a part counts once its key file is there). Two writers at the same
    time keep both parts. Vectors of another `name` or dimension live in another folder.
    """

    def __init__(self, folder: Path, name: str, dimension: int) -> None:
        self.folder = folder / f"{content_key(name)[:12]}-{dimension}"
        self.dimension = dimension
        self._where: dict[str, tuple[int, int]] = {}
        self._parts: list[Vectors] = []
        for keys in sorted(self.folder.glob("part-*.keys")):
            self._open(keys)

    def _open(self, keys: Path) -> None:
        names = keys.read_text("ascii").split()
        try:
            vectors = np.load(keys.with_suffix(".npy"), mmap_mode="r")
        except (OSError, ValueError, EOFError):
            return  # gone or cut short by a crash: its texts are encoded again
        if vectors.shape != (len(names), self.dimension):
            return
        self._where.update((name, (len(self._parts), row)) for row, name in enumerate(names))
        self._parts.append(vectors)

    def __len__(self) -> int:
        return len(self._where)

    def encode(
        self, texts: Sequence[str], encode: Callable[[Sequence[str]], Vectors], role: str = "passage"
    ) -> Vectors:
        """Vectors of the texts in order; only texts never seen in this role are given to `encode`, each once."""
        keys = [content_key(f"{role}\n{text}") for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._where}
        if missing:
            self._add(list(missing), encode(list(missing.values())))
        made = np.empty((len(texts), self.dimension), np.float32)
        for row, key in enumerate(keys):
            part, at = self._where[key]
            made[row] = self._parts[part][at]
        return made

    def _add(self, keys: Sequence[str], vectors: Vectors) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        number = len(list(self.folder.glob("part-*.keys")))
        while True:
            path = self.folder / f"{_PART.format(number)}.npy"
            try:
                with path.open("xb") as stream:
                    np.save(stream, vectors)
                break
            except FileExistsError:
                number += 1
        temporary = path.with_suffix(".keys.tmp")
        temporary.write_text("\n".join(keys), "ascii")
        temporary.replace(path.with_suffix(".keys"))
        self._open(path.with_suffix(".keys"))

    def known(self, texts: Iterable[str], role: str = "passage") -> int:
        """How many of the texts are there already."""
        return sum(content_key(f"{role}\n{text}") in self._where for text in texts)
