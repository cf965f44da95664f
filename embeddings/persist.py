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
from embeddings.encoder.base import Encoder, Vectors
from embeddings.encoder.cache import VectorCache
from embeddings.errors import IndexBroken, IndexMissing
from embeddings.passages import Passage
from embeddings.segment import write_segment

FORMAT = 3
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


REBUILT_UP_TO = 5_000
"""An index of no more passages than this is written anew: it takes seconds, and every build gives the same files."""
MOST_SEGMENTS = 8
MOST_GONE = 0.25
"""The share of passages gone that makes a large index be written anew."""

Entry = dict[str, Any]


def build_index(
    folder: Path,
    passages: Sequence[Passage],
    encoder: Encoder,
    cache_dir: Path | None = None,
    *,
    previous: Path | None = None,
) -> IndexReport:
    """Makes the index of exactly these passages.

    Texts encoded before come from `cache_dir`. In a large index only documents that changed are indexed: they go into
    a segment of their own, and what they were is marked as gone. New segments are written beside the old ones and the
    manifest is renamed last, so that a search that runs meanwhile and a build that dies leave the old index whole;
    segments that the manifest before named are kept until the next build for searches that still have them open.

    `previous` is an index folder to go on from when `folder` is a new one: its segments are linked, not copied.
    """
    base = previous or folder
    old = _usable(base, encoder)
    documents = _by_document(passages)
    digests = {name: _digest(part) for name, part in documents.items()}
    kept = _kept(old, digests) if old and len(passages) > REBUILT_UP_TO else []
    there = {name for entry in kept for name in entry["documents"] if name not in entry["gone"]}
    new = [passage for name, part in documents.items() if name not in there for passage in part]
    learnt = learn(text for passage in new for text in (passage.display, passage.objective))
    abbreviations = Abbreviations(learnt={**learnt, **(old["abbreviations"] if kept and old else {})})
    folder.mkdir(parents=True, exist_ok=True)
    for entry in kept:
        if not (folder / entry["name"]).exists():
            shutil.copytree(base / entry["name"], folder / entry["name"], copy_function=_link)
    cache = VectorCache(cache_dir or folder / "cache", encoder.name, encoder.dimension)
    texts = [abbreviations.expand(passage.text) for passage in new]
    reused = cache.known(texts)
    if new or not kept:
        vectors = cache.encode(texts, encoder.passages)
        made = _segment(folder, new, vectors, digests=digests, abbreviations=abbreviations, encoder=encoder.name)
        kept.append(made)
    manifest = {
        "format": FORMAT,
        "encoder": encoder.name,
        "dimension": encoder.dimension,
        "segments": kept,
        "abbreviations": abbreviations.meanings,
    }
    write_manifest(folder, manifest)
    named = {entry["name"] for entry in (*kept, *(old["segments"] if old else ()))}
    for path in folder.glob("segment-*"):
        if path.name not in named:
            shutil.rmtree(path)
    before = {name for entry in (old["segments"] if old else ()) for name in entry["documents"]}
    return IndexReport(
        passages=len(passages),
        encoded=len(new) - reused,
        reused=len(passages) - len(new) + reused,
        removed=len(before - set(documents)),
        segments=len(kept),
        bytes=sum(path.stat().st_size for e in kept for path in (folder / e["name"]).iterdir()),
    )


def _link(source: str, target: str) -> str:
    """A second name for a file of a segment, which is never written again; a copy where links cannot be made."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target


def _usable(folder: Path, encoder: Encoder) -> dict[str, Any] | None:
    """The manifest that stands, None when there is none that this encoder and this format can go on with."""
    try:
        manifest = read_manifest(folder)
    except (IndexMissing, IndexBroken):
        return None
    return manifest if (manifest["encoder"], manifest["dimension"]) == (encoder.name, encoder.dimension) else None


def _by_document(passages: Sequence[Passage]) -> dict[str, list[Passage]]:
    made: dict[str, list[Passage]] = {}
    for passage in passages:
        made.setdefault(passage.document, []).append(passage)
    return made


def entries_of(passages: Sequence[Passage]) -> dict[str, list[Any]]:
    """What a segment's entry in the manifest says of its documents: digest and number of passages of each."""
    return {name: [_digest(part), len(part)] for name, part in sorted(_by_document(passages).items())}


def _digest(passages: Sequence[Passage]) -> str:
    digest = hashlib.sha256()
    for passage in passages:
        digest.update(repr(passage).encode())
    return digest.hexdigest()[:16]


def _kept(old: dict[str, Any], digests: dict[str, str]) -> list[Entry]:
    """The old segments with the documents that changed or went marked as gone; none when writing anew is due."""
    kept: list[Entry] = []
    total = lost = 0
    for entry in old["segments"]:
        documents: dict[str, list[Any]] = entry["documents"]
        gone = {*entry["gone"], *(name for name, (digest, _) in documents.items() if digests.get(name) != digest)}
        total += entry["count"]
        lost += sum(documents[name][1] for name in gone)
        if len(gone) < len(documents):
            kept.append({**entry, "gone": sorted(gone)})
    return kept if len(kept) < MOST_SEGMENTS and lost <= MOST_GONE * total else []


def _segment(
    folder: Path,
    passages: Sequence[Passage],
    vectors: Vectors,
    *,
    digests: dict[str, str],
    abbreviations: Abbreviations,
    encoder: str,
) -> Entry:
    """Writes a segment, unless the same one stands already, and gives its entry in the manifest."""
    counts = {name: len(part) for name, part in _by_document(passages).items()}
    documents = {name: [digests[name], counts[name]] for name in sorted(counts)}
    meanings = sorted(abbreviations.meanings.items())
    seed = repr((FORMAT, encoder, meanings, [digests[name] for name in counts]))
    target = folder / f"segment-{hashlib.sha256(seed.encode()).hexdigest()[:16]}"
    done = target / "entry.json"
    if done.exists():
        entry: Entry = json.loads(done.read_text("utf-8"))
        return entry
    if target.exists():
        shutil.rmtree(target)  # left by a build that died
    entry = {**write_segment(target, passages, vectors, abbreviations.expand), "documents": documents, "gone": []}
    done.write_text(json.dumps(entry, ensure_ascii=False, sort_keys=True), "utf-8")
    return entry
