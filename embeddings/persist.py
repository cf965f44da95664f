"""Building and opening the index folder: segments are written beside the old ones, the manifest is renamed last."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embeddings.abbreviations import Abbreviations, learn
from embeddings.encoder.base import Encoder
from embeddings.encoder.cache import VectorCache
from embeddings.errors import IndexBroken, IndexMissing
from embeddings.passages import Passage
from embeddings.segment import write_segment

FORMAT = 1
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexReport:
    """What a build did: passages in the index, vectors made anew and taken from the cache, passages gone."""

    passages: int
    encoded: int
    reused: int
    removed: int
    segments: int
    bytes: int


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of an index folder. Raises IndexMissing or IndexBroken."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise IndexMissing(
            "Chưa có chỉ mục tìm kiếm; hãy chạy cchc build trước", f"no search index in {folder}, run cchc build first"
        ) from error
    except ValueError as error:
        raise IndexBroken(
            f"Chỉ mục tìm kiếm ở {folder} bị hỏng; hãy dựng lại bằng cchc build", f"{path} is not JSON: {error}"
        ) from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise IndexBroken(
            f"Chỉ mục tìm kiếm ở {folder} thuộc phiên bản khác; hãy dựng lại bằng cchc build",
            f"the search index in {folder} has another format, build it again",
        )
    return manifest


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Puts the manifest in place at once: a reader sees the old one or the new one."""
    temporary = folder / f"{MANIFEST}.{os.getpid()}.tmp"
    temporary.write_text(json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1), "utf-8")
    temporary.replace(folder / MANIFEST)


def build_index(
    folder: Path, passages: Sequence[Passage], encoder: Encoder, cache_dir: Path | None = None
) -> IndexReport:
    """Makes the index of exactly these passages.

    The new segment is written beside the old index and the manifest renamed last, so that a search that runs
    meanwhile and a build that dies leave the old index whole. Texts encoded before come from `cache_dir`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    cache = VectorCache(cache_dir or folder / "cache", encoder.name, encoder.dimension)
    learnt = learn(text for passage in passages for text in (passage.display, passage.objective))
    abbreviations = Abbreviations(learnt=learnt)
    texts = [abbreviations.expand(passage.text) for passage in passages]
    reused = cache.known(texts)
    vectors = cache.encode(texts, encoder.passages)
    name = _segment_name(passages, encoder.name)
    target = folder / name
    if target.exists():
        shutil.rmtree(target)
    entry = write_segment(target, passages, vectors, abbreviations.expand)
    write_manifest(
        folder,
        {
            "format": FORMAT,
            "encoder": encoder.name,
            "dimension": encoder.dimension,
            "segments": [entry],
            "abbreviations": abbreviations.meanings,
        },
    )
    for old in folder.glob("segment-*"):
        if old.name != name:
            shutil.rmtree(old, ignore_errors=True)
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    return IndexReport(
        passages=len(passages),
        encoded=len(passages) - reused,
        reused=reused,
        removed=0,
        segments=1,
        bytes=size,
    )


def _segment_name(passages: Sequence[Passage], encoder: str) -> str:
    digest = hashlib.sha256(f"{FORMAT}{encoder}".encode())
    for passage in passages:
        digest.update(repr(passage).encode())
    return f"segment-{digest.hexdigest()[:16]}"
