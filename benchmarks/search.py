"""Search speed: latency and recall by size, bulk encoding against sentence-transformers, cold start, index size.

usage: python benchmarks/search.py [--size N] [--texts N] [--cache DIR] [--skip-encoding]

Passages are spliced from the annotated ones, their vectors mixed with noise; what is compared is measured in one run,
so that the ratios hold on a busy machine too.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from search_corpus import GOLD, corpus  # noqa: E402

from embeddings.abbreviations import Abbreviations  # noqa: E402
from embeddings.encoder import DEFAULT, open_encoder  # noqa: E402
from embeddings.encoder.bundled import BundledEncoder  # noqa: E402
from embeddings.encoder.cache import VectorCache  # noqa: E402
from embeddings.passages import Passage  # noqa: E402
from embeddings.persist import FORMAT, write_manifest  # noqa: E402
from embeddings.search import SearchEngine  # noqa: E402
from embeddings.segment import write_segment  # noqa: E402

COLD = """
import sys
from pathlib import Path
from embeddings.search import SearchEngine
SearchEngine.open(Path(sys.argv[1])).search("so hoa ho so thu tuc hanh chinh")
print(",".join(sorted({"torch", "faiss", "onnxruntime", "sentence_transformers"} & set(sys.modules))))
"""


def invented(size: int, cache: Path) -> tuple[list[Passage], NDArray[np.float32]]:
    """Passages spliced of two real ones each, 500 a plan, with vectors between theirs."""
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
        passages.append(
            replace(real[a], id=f"{document}-r{number % 500:03d}", document=document, display=words, text=words)
        )
    mixed = np.empty((size, 384), np.float32)
    for start in range(0, size, 50_000):
        part = slice(start, min(size, start + 50_000))
        noise = random.normal(0, 0.02, (part.stop - start, 384))
        mixed[part] = 0.6 * vectors[first[part]] + 0.4 * vectors[second[part]] + noise
        mixed[part] /= np.linalg.norm(mixed[part], axis=1, keepdims=True)
    return passages, mixed


def queries() -> list[str]:
    """The development queries."""
    return [query["text"] for query in json.loads((GOLD / "qrels.json").read_text("utf-8"))["queries"]]


def milliseconds(spent: list[float]) -> str:
    """Median and 99th percentile."""
    return f"p50 {np.percentile(spent, 50) * 1000:.1f} ms, p99 {np.percentile(spent, 99) * 1000:.1f} ms"


def timed(engine: SearchEngine, texts: list[str]) -> tuple[list[float], list[float]]:
    """Seconds of each whole search, and of its encoding alone."""
    whole, encoding = [], []
    for text in texts:
        start = time.perf_counter()
        answer = engine.search(text)
        whole.append(time.perf_counter() - start)
        start = time.perf_counter()
        engine.encoder.queries([wording.text for wording in answer.understood.embedded])
        encoding.append(time.perf_counter() - start)
    return whole, encoding


def recall_at_10(engine: SearchEngine, vectors: NDArray[np.float32], texts: list[str]) -> float:
    """How many of the exact ten nearest the vector index finds."""
    found = 0
    for query in engine.encoder.queries(texts):
        scores = vectors @ query
        floor = np.sort(scores)[-10] - 1e-6
        rows, _ = engine.segments[0].vectors.nearest(query, 10)
        found += int((scores[rows] >= floor).sum())
    return found / (10 * len(texts))


def latency(size: int, cache: Path) -> None:
    """Builds an index of that size beside the cache and measures it."""
    passages, vectors = invented(size, cache)
    folder = cache / f"index-{size}"
    abbreviations = Abbreviations()
    with tempfile.TemporaryDirectory(dir=cache) as temporary:
        folder = Path(temporary)
        start = time.perf_counter()
        entry = write_segment(folder / "segment-0", passages, vectors, abbreviations.expand)
        built = time.perf_counter() - start
        manifest = {
            "format": FORMAT,
            "encoder": DEFAULT,
            "dimension": 384,
            "segments": [{**entry, "documents": {}, "gone": []}],
            "abbreviations": abbreviations.meanings,
        }
        write_manifest(folder, manifest)
        size_on_disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        start = time.perf_counter()
        cold = subprocess.run([sys.executable, "-c", COLD, str(folder)], capture_output=True, text=True, check=True)
        print(f"cold process {time.perf_counter() - start:.2f} s, heavy modules: {cold.stdout.strip() or 'none'}")
        engine = SearchEngine.open(folder)
        texts = queries()
        timed(engine, texts)
        whole, encoding = timed(engine, texts * 2)
        rest = [a - b for a, b in zip(whole, encoding, strict=True)]
        print(f"{size} passages, {entry['vectors']}: written in {built:.0f} s, {size_on_disk / 1e6:.0f} MB")
        print(f"search {milliseconds(whole)}; of it encoding {milliseconds(encoding)}; the rest {milliseconds(rest)}")
        print(f"recall@10 of the vectors against exact: {recall_at_10(engine, vectors, texts):.3f}")
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB (building included)")


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
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        cache = asked.cache or Path(temporary)
        cache.mkdir(parents=True, exist_ok=True)
        if not asked.skip_encoding:
            encoding(asked.texts, cache)
        latency(asked.size, cache)


if __name__ == "__main__":
    main()
