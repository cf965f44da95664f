"""Tries to adapt the bundled model to plans without touching its weights, and says what each attempt is worth.

usage: python benchmarks/search_adapt.py [--cache DIR] [--steps N] [--seconds-per-step]

Queries are made from the passages by rule (a run of words as it stands, without diacritics, with slips, with short
forms, in everyday words, in English), so that no judged query is learnt from. Tried as the engine's dense signal:
mean removal, whitening, a linear map of query vectors fitted by contrast (InfoNCE, van den Oord et al., 2018), and as
one more signal a static student: word and 4-gram vectors fitted to the model's vectors of the passages. The judged
queries, development and held-out, only measure.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from search_quality import Bench, by_kind, mean, measure, slip  # noqa: E402

from embeddings.abbreviations import registered  # noqa: E402
from embeddings.fusion import DENSE_FLOOR, DENSE_SPAN, WEIGHTS, fuse  # noqa: E402
from embeddings.glossary import table  # noqa: E402
from embeddings.lexical import grams, spell  # noqa: E402
from graph.text import fold  # noqa: E402

Array = NDArray[np.float32]
Change = Callable[[Array], Array]
TEMPERATURE = 0.03


def made_queries(displays: list[str], each: int, seed: int = 11) -> tuple[list[str], NDArray[np.int64]]:
    """Queries made of the passages' words, and which passage each is made of."""
    random = np.random.default_rng(seed)
    everyday = [(spell(t.split(",")[0]), s) for s, t in table("everyday.tsv") if spell(s) != spell(t)]
    english = [(spell(t.split(",")[0]), s) for s, t in table("english.tsv")]
    short = [(spell(meaning), s) for s, meaning in registered().items()]

    def replaced(text: str, pairs: list[tuple[str, str]], most: int) -> str:
        order = random.permutation(len(pairs))
        done = 0
        for at in order:
            term, instead = pairs[at]
            if done < most and f" {term} " in f" {text} ":
                text, done = re.sub(rf"(?<!\w){re.escape(term)}(?!\w)", instead, text, count=1), done + 1
        return text

    ways: tuple[Callable[[str], str], ...] = (
        lambda text: text,
        fold,
        slip,
        lambda text: replaced(text, short, 2),
        lambda text: replaced(text, everyday, 3),
        lambda text: replaced(text, everyday, 3),
        lambda text: replaced(text, english, 4),
    )
    texts, owners = [], []
    for owner, display in enumerate(displays):
        words = spell(display).split()
        for _ in range(each):
            size = int(random.integers(4, 11))
            start = int(random.integers(0, max(1, len(words) - size)))
            texts.append(ways[int(random.integers(0, len(ways)))](" ".join(words[start : start + size])))
            owners.append(owner)
    return texts, np.array(owners)


def fitted_map(queries: Array, owners: NDArray[np.int64], passages: Array, steps: int) -> Array:
    """A linear map of query vectors, near the identity, under which a query is nearest to its own passage."""
    import torch

    torch.manual_seed(0)
    known, targets, goal = (torch.tensor(part) for part in (queries, passages, owners))
    shift = torch.zeros(queries.shape[1], queries.shape[1], requires_grad=True)
    optimiser = torch.optim.AdamW([shift], lr=1e-3, weight_decay=1e-2)
    random = np.random.default_rng(0)
    for _ in range(steps):
        batch = torch.from_numpy(random.integers(0, len(queries), 256))
        mapped = torch.nn.functional.normalize(known[batch] + known[batch] @ shift, dim=1)
        loss = torch.nn.functional.cross_entropy(mapped @ targets.T / TEMPERATURE, goal[batch])
        optimiser.zero_grad()
        (loss + 0.5 * (shift**2).sum()).backward()
        optimiser.step()
    return np.eye(queries.shape[1], dtype=np.float32) + shift.detach().numpy()


class Student:
    """Static vectors of folded words and 4-grams, hashed, fitted by ridge regression to the model's vectors."""

    SIZE = 1 << 13

    def __init__(self, texts: list[str], vectors: Array) -> None:
        from scipy.sparse import csr_matrix, vstack
        from scipy.sparse.linalg import lsmr

        self._mean = vectors.mean(axis=0)
        made = vstack([csr_matrix(self.features(text)) for text in texts]).tocsr()
        goal = vectors - self._mean
        self._weights = np.stack(
            [lsmr(made, goal[:, at].astype(np.float64), damp=0.5)[0] for at in range(goal.shape[1])], axis=1
        )

    def features(self, text: str) -> Array:
        """Hashed words and 4-grams, unit length."""
        folded = fold(text)
        keys = [*(hash_of(word) for word in folded.split()), *grams(folded).tolist()]
        made = np.bincount(np.array(keys, np.uint64) % np.uint64(self.SIZE), minlength=self.SIZE).astype(np.float32)
        return np.asarray(np.sqrt(made) / max(1e-9, float(np.sqrt(made.sum()))), np.float32)

    def encode(self, text: str) -> Array:
        made = self.features(text) @ self._weights
        return np.asarray(made / max(1e-9, float(np.linalg.norm(made))), np.float32)


def hash_of(word: str) -> int:
    """A hash that is the same in every process."""
    value = 14695981039346656037
    for byte in word.encode():
        value = (value ^ byte) * 1099511628211 % (1 << 64)
    return value


def unit(vectors: Array) -> Array:
    """Rows at unit length."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)


def calibrated(cosines: Array, like: Array) -> tuple[float, float]:
    """Floor and span under which these cosines spread as `like` ones do under the engine's own."""
    low, high = np.quantile(like, (0.5, 0.999))
    ours = np.quantile(cosines, (0.5, 0.999))
    factor = (ours[1] - ours[0]) / (high - low)
    return float(ours[0] - (low - DENSE_FLOOR) * factor), float(DENSE_SPAN * factor)


def seconds_per_step() -> float:
    """CPU seconds of one step of full contrastive training (8 pairs of 20 and 80 tokens, torch fp32, all layers)."""
    import torch
    from transformers import XLMRobertaConfig, XLMRobertaModel

    sizes = {"hidden_size": 384, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 1536}
    model = XLMRobertaModel(XLMRobertaConfig(vocab_size=250037, max_position_embeddings=514, **sizes))
    model.embeddings.word_embeddings.weight.requires_grad_(False)
    optimiser = torch.optim.AdamW([weight for weight in model.parameters() if weight.requires_grad], lr=1e-5)
    spent = []
    for _ in range(2):
        start = time.process_time()
        sides = []
        for tokens in (20, 80):
            hidden = model(input_ids=torch.randint(5, 250_000, (8, tokens))).last_hidden_state
            sides.append(torch.nn.functional.normalize(hidden.mean(dim=1), dim=1))
        loss = torch.nn.functional.cross_entropy(sides[0] @ sides[1].T / TEMPERATURE, torch.arange(8))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        spent.append(time.process_time() - start)
    return min(spent)


def main() -> None:
    """Prints nDCG@10 of each attempt."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, help="folder for the model and vectors (default: a temporary one)")
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--each", type=int, default=10, help="queries made of each passage")
    parser.add_argument("--seconds-per-step", action="store_true", help="time full contrastive training instead")
    asked = parser.parse_args()
    if asked.seconds_per_step:
        print(f"one step of 8 pairs: {seconds_per_step():.1f} CPU seconds")
        return
    with tempfile.TemporaryDirectory() as temporary:
        bench = Bench(asked.cache or Path(temporary))
        passages = bench.engine.segments[0].vectors.rows(np.arange(len(bench.passages)))
        start = time.perf_counter()
        texts, owners = made_queries([passage.display for passage in bench.passages], asked.each)
        vectors = bench.encoder.queries(texts)
        print(f"{len(texts)} queries made and encoded in {time.perf_counter() - start:.0f} s")
        start = time.perf_counter()
        linear = fitted_map(vectors, owners, passages, asked.steps)
        print(f"map fitted in {time.perf_counter() - start:.0f} s")
        start = time.perf_counter()
        student = Student([*texts, *(p.display for p in bench.passages)], np.concatenate([vectors, passages]))
        print(f"student fitted in {time.perf_counter() - start:.0f} s")
        centre = passages.mean(axis=0)
        own = vectors.mean(axis=0)
        values, axes = np.linalg.eigh(np.cov((passages - centre).T))
        strongest = axes[:, -128:] / np.sqrt(values[-128:] + 1e-4)
        students = unit(np.stack([student.encode(passage.display) for passage in bench.passages]))
        attempts: dict[str, tuple[Change, Array, float]] = {
            "as it is": (lambda q: q, passages, 0.0),
            "student beside it": (lambda q: q, passages, 0.4),
            "mean removed": (lambda q: unit(q - own), unit(passages - centre), 0.0),
            "whitened, 128": (lambda q: unit((q - own) @ strongest), unit((passages - centre) @ strongest), 0.0),
            "linear map": (lambda q: unit(q @ linear), passages, 0.0),
            "linear map, half": (lambda q: unit(q + q @ linear), passages, 0.0),
        }
        like = vectors @ passages.T

        def ranker(change: Change, targets: Array, extra: float) -> Callable[[str], Array]:
            floor, span = calibrated(change(vectors) @ targets.T, like)

            def rank(query: str) -> Array:
                understood, found = bench.found(query)
                asked_for = bench.encoder.queries([wording.text for wording in understood.embedded])
                weights = np.array([wording.weight for wording in understood.embedded], np.float32)
                cosines = targets[found.rows] @ change(asked_for).T
                found.features["dense"] = (np.clip((cosines - floor) / span, 0, 1.5) * weights).max(axis=1)
                mine = np.stack([student.encode(wording.text) for wording in understood.embedded])
                found.features["student"] = (students[found.rows] @ mine.T * weights).max(axis=1)
                made = np.full(len(bench.passages), -1.0, np.float32)
                made[found.rows] = fuse(found.features, {**WEIGHTS, "student": extra})
                return made

            return rank

        for name, (change, targets, extra) in attempts.items():
            for label, queries in (("development", bench.queries), ("held-out", bench.held_out)):
                outcomes = measure(ranker(change, targets, extra), bench.passages, queries)
                kinds = "  ".join(f"{kind} {value:.3f}" for kind, value in by_kind(outcomes).items())
                print(f"{name:18} {label:12} {kinds}  recall@50 {mean([o.recall for o in outcomes]):.3f}")


if __name__ == "__main__":
    main()
