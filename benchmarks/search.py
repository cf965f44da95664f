"""Search speed: latency and recall by size, adding and removing a plan, bulk encoding against sentence-transformers.

usage: python benchmarks/search.py [--size N] [--texts N] [--cache DIR] [--skip-encoding]

Passages are spliced from the annotated ones, their vectors mixed with noise. Beside wall time the CPU time of the
process is told, which other work on the machine changes less; the load is told too.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from search_corpus import GOLD, corpus  # noqa: E402
from search_quality import slip  # noqa: E402

from embeddings.abbreviations import Abbreviations  # noqa: E402
from embeddings.encoder import DEFAULT, open_encoder  # noqa: E402
from embeddings.encoder.bundled import BundledEncoder  # noqa: E402
from embeddings.encoder.cache import VectorCache  # noqa: E402
from embeddings.passages import Passage  # noqa: E402
from embeddings.persist import FORMAT, build_index, entries_of, write_manifest  # noqa: E402
from embeddings.query import understand  # noqa: E402
from embeddings.search import Filters, SearchEngine  # noqa: E402
from embeddings.segment import write_segment  # noqa: E402
from graph.text import fold  # noqa: E402

COLD = """
import sys
from pathlib import Path
from embeddings.search import SearchEngine
from embeddings.encoder import open_encoder
encoder = open_encoder(cache_dir=Path(sys.argv[2]))
SearchEngine.open(Path(sys.argv[1]), encoder).search("so hoa ho so thu tuc hanh chinh")
print(",".join(sorted({"torch", "faiss", "onnxruntime", "sentence_transformers"} & set(sys.modules))))
"""


def invented(size: int, cache: Path) -> tuple[list[Passage], NDArray[np.float32]]:
    """Passages spliced of two real ones each, 500 a plan, every tenth an objective, with vectors between theirs."""
    real = corpus()
    expand = Abbreviations().expand
    vectors = VectorCache(cache / "vectors", DEFAULT, 384).encode(
        [expand(passage.text) for passage in real], open_encoder(cache_dir=cache / "models").passages
    )
    random = np.random.default_rng(7)
    first, second = random.integers(0, len(real), (2, size))
    passages = []
    for number, (a, b) in enumerate(zip(first.tolist(), second.tolist(), strict=True)):
        head, tail = real[a].display.split(), real[b].display.split()
        words = " ".join([*head[: max(4, len(head) // 2)], *tail[len(tail) // 2 :]])
        document = f"plan-{number // 500:05d}"
        kind = "objective" if number % 10 == 9 else real[a].kind
        passages.append(
            replace(
                real[a],
                id=f"{document}-r{number % 500:03d}",
                kind=kind,
                document=document,
                display=words,
                text=words,
            )
        )
    mixed = np.empty((size, 384), np.float32)
    for start in range(0, size, 50_000):
        part = slice(start, min(size, start + 50_000))
        noise = random.normal(0, 0.02, (part.stop - start, 384))
        mixed[part] = 0.6 * vectors[first[part]] + 0.4 * vectors[second[part]] + noise
        mixed[part] /= np.linalg.norm(mixed[part], axis=1, keepdims=True)
    return passages, mixed


def queries() -> list[str]:
    """The development queries as they are, without diacritics and with slips; each a different text."""
    texts = [query["text"] for query in json.loads((GOLD / "qrels.json").read_text("utf-8"))["queries"]]
    return list(dict.fromkeys([*texts, *map(fold, texts), *map(slip, texts)]))


def milliseconds(spent: Sequence[float]) -> str:
    """Median and 99th percentile."""
    return f"p50 {np.percentile(spent, 50) * 1000:5.1f} ms, p99 {np.percentile(spent, 99) * 1000:5.1f} ms"


def memory(kind: str = "VmHWM") -> str:
    """Memory of this process: the most it has held, or what it holds of its own (RssAnon) and of files (RssFile)."""
    found = re.search(rf"^{kind}:\s+(\d+)", Path("/proc/self/status").read_text("ascii"), re.MULTILINE)
    return f"{int(found.group(1)) / 1e6:.2f} GB" if found else "unknown"


def searching(folder: Path, models: Path) -> None:
    """Opens an index in this process and prints how long searches take, no query asked twice."""
    start = time.perf_counter()
    engine = SearchEngine.open(folder, open_encoder(cache_dir=models))
    opened = time.perf_counter() - start
    start = time.perf_counter()
    engine.search("kế hoạch cải cách hành chính")
    first = time.perf_counter() - start
    for passage in corpus()[::10]:
        engine.search(" ".join(passage.display.split()[:8]))
    stages = ("understanding", "encoding", "scoring", "hits", "whole")
    wall: dict[str, list[float]] = {name: [] for name in stages}
    cpu: dict[str, list[float]] = {name: [] for name in stages}
    for text in queries():
        clocks = [(time.perf_counter(), time.process_time())]
        understood = understand(text, engine.lore)
        clocks.append((time.perf_counter(), time.process_time()))
        vectors = engine.encoder.queries([wording.text for wording in understood.embedded])
        clocks.append((time.perf_counter(), time.process_time()))
        found = engine.score(understood, vectors, Filters())
        clocks.append((time.perf_counter(), time.process_time()))
        engine.hits_of(found, understood)
        clocks.append((time.perf_counter(), time.process_time()))
        spans = [*pairwise(clocks), (clocks[0], clocks[-1])]
        for name, (before, after) in zip(stages, spans, strict=True):
            wall[name].append(after[0] - before[0])
            cpu[name].append(after[1] - before[1])
    print(f"opened in {opened:.2f} s, first search {first:.2f} s; {len(queries())} different queries")
    for name in stages:
        print(f"  {name:14} wall {milliseconds(wall[name])}; CPU {milliseconds(cpu[name])}")
    print(f"  memory of the searching process: {memory('RssAnon')} of its own, {memory('RssFile')} of mapped files")


def recall_at_10(engine: SearchEngine, vectors: NDArray[np.float32], texts: list[str]) -> float:
    """How many of the exact ten nearest the vector index finds."""
    found = 0
    for query in engine.encoder.queries(texts):
        scores = vectors @ query
        floor = np.partition(scores, -10)[-10] - 1e-6
        rows, _ = engine.segments[0].vectors.nearest(query, 10)
        found += int((scores[rows] >= floor).sum())
    return found / (10 * len(texts))


def changed(folder: Path, passages: list[Passage], cache: Path) -> None:
    """Adds a plan to the index and removes one, and prints how long each takes."""
    encoder = BundledEncoder(cache / "models")
    plan = [replace(passage, id=f"new-{at}", document="new") for at, passage in enumerate(corpus()[:100])]
    with tempfile.TemporaryDirectory(dir=cache) as temporary:
        encoder.passages([plan[0].text])
        for what, wanted in (("added", [*passages, *plan]), ("removed", [*passages[500:], *plan])):
            start, before = time.perf_counter(), time.process_time()
            report = build_index(folder, wanted, encoder, Path(temporary))
            spent = time.perf_counter() - start, time.process_time() - before
            print(
                f"one plan {what}: {spent[0]:.1f} s, CPU {spent[1]:.1f} s; {report.encoded} encoded, "
                f"{report.segments} segments"
            )


def latency(size: int, cache: Path) -> None:
    """Builds an index of that size beside the cache and measures it."""
    passages, vectors = invented(size, cache)
    abbreviations = Abbreviations()
    with tempfile.TemporaryDirectory(dir=cache) as temporary:
        folder = Path(temporary)
        start, before = time.perf_counter(), time.process_time()
        entry = write_segment(folder / "segment-0", passages, vectors, abbreviations.expand)
        built = time.perf_counter() - start, time.process_time() - before
        manifest = {
            "format": FORMAT,
            "encoder": DEFAULT,
            "dimension": 384,
            "segments": [{**entry, "documents": entries_of(passages), "gone": []}],
            "abbreviations": abbreviations.meanings,
        }
        write_manifest(folder, manifest)
        size_on_disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        print(
            f"{size} passages, {entry['vectors']}: written in {built[0]:.0f} s, CPU {built[1]:.0f} s, "
            f"{size_on_disk / 1e6:.0f} MB; memory at most {memory()}; load {os.getloadavg()[0]:.1f}"
        )
        start = time.perf_counter()
        command = [sys.executable, "-c", COLD, str(folder), str(cache / "models")]
        cold = subprocess.run(command, capture_output=True, text=True, check=True)
        print(f"cold process {time.perf_counter() - start:.2f} s, heavy modules: {cold.stdout.strip() or 'none'}")
        command = [sys.executable, __file__, "--measure", str(folder), "--cache", str(cache)]
        print(subprocess.run(command, capture_output=True, text=True, check=True).stdout, end="")
        engine = SearchEngine.open(folder, open_encoder(cache_dir=cache / "models"))
        reached = recall_at_10(engine, vectors, queries())
        print(f"recall@10 of the vectors against exact: {reached:.3f}; load {os.getloadavg()[0]:.1f}")
        del engine, vectors
        changed(folder, passages, cache)


def encoding(count: int, cache: Path) -> None:
    """Throughput of the bundled encoder and of plain sentence-transformers with the same weights, in turns."""
    from embeddings.encoder.sentence import SentenceEncoder, convert_bundled

    texts = [passage.text for passage in corpus()][:count]
    bundled = BundledEncoder(cache / "models")
    plain = SentenceEncoder(str(convert_bundled(cache / "sentence-transformers")))
    bundled.passages(texts[:4])
    plain.passages(texts[:4])
    spent = {"8-bit ONNX": 0.0, "sentence-transformers fp32": 0.0}
    for _ in range(2):
        for name, encoder in (("8-bit ONNX", bundled), ("sentence-transformers fp32", plain)):
            start = time.perf_counter()
            vectors = encoder.passages(texts)
            spent[name] += time.perf_counter() - start
            if name == "8-bit ONNX":
                ours = vectors
    cosine = (ours * vectors).sum(axis=1)
    for name, seconds in spent.items():
        print(f"{name}: {2 * len(texts) / seconds:.0f} passages/s")
    ratio = spent["sentence-transformers fp32"] / spent["8-bit ONNX"]
    print(f"{ratio:.1f} times as fast; cosine of the two at least {cosine.min():.4f}")


def main() -> None:
    """Prints what is measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=100_000, help="passages in the index")
    parser.add_argument("--texts", type=int, default=200, help="passages to encode")
    parser.add_argument("--cache", type=Path, help="folder for models and vectors (default: a temporary one)")
    parser.add_argument("--skip-encoding", action="store_true")
    parser.add_argument("--measure", type=Path, help="measure searches in the index of this folder and nothing else")
    asked = parser.parse_args()
    if asked.measure:
        searching(asked.measure, asked.cache / "models")
        return
    with tempfile.TemporaryDirectory() as temporary:
        cache = asked.cache or Path(temporary)
        cache.mkdir(parents=True, exist_ok=True)
        if not asked.skip_encoding:
            encoding(asked.texts, cache)
        latency(asked.size, cache)


if __name__ == "__main__":
    main()
