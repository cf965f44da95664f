"""Search quality on the judged queries: nDCG@10 by kind of query beside plain baselines, and recall@50.

usage: python benchmarks/search_quality.py [--cache DIR] [--ablation] [--worst [N]] [--int8]

The corpus is what the project has annotated (tests/gold): sections of two plans and two whole ones, so that every
query is measured against the items of these parts only. Development queries are those that weights and tables were
made with; held-out ones were written by somebody who had not seen the engine.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from numpy.typing import NDArray

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from search_corpus import HELD_OUT, Judged, corpus, judged  # noqa: E402

import embeddings.query as engine_query  # noqa: E402
from embeddings import glossary  # noqa: E402
from embeddings.abbreviations import Abbreviations  # noqa: E402
from embeddings.encoder import Encoder, open_encoder  # noqa: E402
from embeddings.encoder.cache import VectorCache  # noqa: E402
from embeddings.fusion import WEIGHTS, fuse, reciprocal_ranks  # noqa: E402
from embeddings.initials import Initials  # noqa: E402
from embeddings.lexical import LexicalIndex, accumulate, grams, spell  # noqa: E402
from embeddings.passages import Passage  # noqa: E402
from embeddings.persist import build_index  # noqa: E402
from embeddings.query import Understood, understand  # noqa: E402
from embeddings.scoring import Found  # noqa: E402
from embeddings.search import Filters, SearchEngine  # noqa: E402
from embeddings.spelling import Corrected  # noqa: E402
from graph.text import fold  # noqa: E402

DEPTH, RECALL_DEPTH = 10, 50
Scores = NDArray[np.float32]
Ranker = Callable[[str], Scores]


def ndcg(grades: Sequence[int], all_grades: Sequence[int], depth: int = DEPTH) -> float:
    """nDCG with gains 2^grade - 1 (Järvelin & Kekäläinen, 2002) of a ranking's grades against the best possible."""

    def gain(values: Sequence[int]) -> float:
        return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(values[:depth]))

    return gain(grades) / gain(sorted(all_grades, reverse=True))


@dataclass(frozen=True)
class Outcome:
    """What one ranker reached on one query."""

    query: Judged
    ndcg: float
    recall: float


def measure(rank: Ranker, passages: Sequence[Passage], queries: Sequence[Judged]) -> list[Outcome]:
    """Runs a ranker, which gives one score a passage, over the queries."""
    made = []
    for query in queries:
        order = np.argsort(-rank(query.text), kind="stable")
        grades = [query.grades.get(passages[row].id, 0) for row in order[:RECALL_DEPTH]]
        relevant = min(len(query.grades), RECALL_DEPTH)
        recall = sum(grade > 0 for grade in grades) / relevant
        made.append(Outcome(query, ndcg(grades, list(query.grades.values())), recall))
    return made


class Bench:
    """The corpus indexed once, with the rankers to compare."""

    def __init__(self, cache: Path, encoder: Encoder | None = None) -> None:
        self.passages = corpus()
        known = {passage.id for passage in self.passages}
        self.queries, self.held_out = judged(known), judged(known, HELD_OUT)
        self.parts = (self.queries, self.held_out)
        self.encoder = encoder or open_encoder(cache_dir=cache / "models")
        build_index(cache / "index", self.passages, self.encoder, cache / "vectors")
        self.engine = SearchEngine.open(cache / "index", self.encoder)
        self._plain = LexicalIndex.build([((passage.text, 1.0),) for passage in self.passages])
        self._cache = VectorCache(cache / "vectors", self.encoder.name, self.encoder.dimension)

    def bm25(self, query: str) -> Scores:
        """Folded words of the labelled sentence."""
        words = list(dict.fromkeys(fold(query).split()))
        return self._listed("words", [self._plain.folded.id(word) for word in words])

    def char_grams(self, query: str) -> Scores:
        """Character 4-grams of the labelled sentence."""
        return self._listed("grams", np.unique(grams(fold(query))).tolist())

    def _listed(self, kind: str, keys: list[int]) -> Scores:
        from embeddings.lexical import Lists, idf

        postings = self._plain.lists[kind]
        starts, ends = postings.find(keys)
        return accumulate(postings, Lists(starts, ends, idf(ends - starts, len(self.passages)), 1.0))

    def plain_e5(self, query: str) -> Scores:
        """The encoder alone on the query as typed."""
        vectors = self._cache.encode([passage.text for passage in self.passages], self.encoder.passages)
        return np.asarray(vectors @ self.encoder.queries([query])[0], np.float32)

    def plain_fusion(self, query: str) -> Scores:
        """Reciprocal ranks of the three baselines."""
        return reciprocal_ranks(
            {"words": self.bm25(query), "grams": self.char_grams(query), "e5": self.plain_e5(query)}
        )

    def search(self, query: str, weights: Mapping[str, float] = WEIGHTS) -> Scores:
        """The engine, all passages scored."""
        _, found = self.found(query)
        scores = np.full(len(self.passages), -1.0, np.float32)
        scores[found.rows] = fuse(found.features, weights)
        return scores

    def ranks_summed(self, query: str) -> Scores:
        """The engine's components fused by reciprocal ranks, without weights."""
        _, found = self.found(query)
        scores = np.full(len(self.passages), -1.0, np.float32)
        scores[found.rows] = reciprocal_ranks(found.features)
        return scores

    def found(self, query: str) -> tuple[Understood, Found]:
        """How a query is understood, and all passages with their features."""
        understood = understand(query, self.engine.lore)
        vectors = self.encoder.queries([wording.text for wording in understood.embedded])
        (found,) = self.engine.score(understood, vectors, Filters())
        return understood, found


def mean(values: Sequence[float]) -> float:
    """The mean, 0 of nothing."""
    return sum(values) / len(values) if values else 0.0


def by_kind(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """nDCG@10 of each kind of query, and "all"."""
    kinds = dict.fromkeys(outcome.query.type for outcome in outcomes)
    made = {kind: mean([o.ndcg for o in outcomes if o.query.type == kind]) for kind in kinds}
    return {**made, "all": mean([o.ndcg for o in outcomes])}


def twin_gap(bench: Bench, alter: Callable[[str], str], queries: Sequence[Judged] = ()) -> float:
    """How much nDCG@10 the queries (the development ones) that have something to lose lose when they are typed in
    another way."""
    queries = [
        query for query in queries or bench.queries if alter(query.text) != query.text and query.type != "english"
    ]
    changed = [Judged(q.id, alter(q.text), q.type, q.grades) for q in queries]
    as_typed, altered = (measure(bench.search, bench.passages, part) for part in (queries, changed))
    return mean([o.ndcg for o in as_typed]) - mean([o.ndcg for o in altered])


def slip(query: str) -> str:
    """The query with a slip in every third longer word: two letters swapped, one doubled, one left out, in turn."""
    words = query.split()
    turn = 0
    for place, word in enumerate(words):
        if len(word) < 4 or not word.isalpha() or word.isupper() or place % 3 != 1:
            continue
        middle = len(word) // 2
        if turn % 3 == 0:
            words[place] = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
        elif turn % 3 == 1:
            words[place] = word[:middle] + word[middle - 1] + word[middle:]
        else:
            words[place] = word[:middle] + word[middle + 1 :]
        turn += 1
    return " ".join(words)


def cross_validated(bench: Bench, folds: int = 6) -> float:
    """nDCG@10 when the weights are fitted on the other folds' queries only: what fitting on these queries is worth."""
    names = sorted(WEIGHTS)
    data = []
    for query in bench.queries:
        _, found = bench.found(query.text)
        zero = np.zeros(len(found.rows), np.float32)
        table = np.stack([found.features.get(name, zero) for name in names], axis=1)
        grades = np.array([query.grades.get(bench.passages[row].id, 0) for row in found.rows])
        data.append((table, grades))

    def score(weights: Scores, rows: Sequence[int]) -> float:
        tops = [(data[row][1], np.argsort(-(data[row][0] @ weights), kind="stable")[:DEPTH]) for row in rows]
        return mean([ndcg(grades[top].tolist(), grades.tolist()) for grades, top in tops])

    def fit(rows: Sequence[int]) -> Scores:
        weights = np.array([WEIGHTS[name] for name in names], np.float32)
        best = score(weights, rows)
        for place in [*range(len(weights)), *range(len(weights))]:
            for factor in (0.5, 0.75, 1.3, 2.0):
                tried = weights.copy()
                tried[place] *= factor
                if (reached := score(tried, rows)) > best + 1e-4:
                    best, weights = reached, tried
        return weights

    order = np.random.default_rng(0).permutation(len(data)).tolist()
    parts = [order[fold::folds] for fold in range(folds)]
    return mean([score(fit([r for r in order if r not in part]), [row]) for part in parts for row in part])


def without_each(bench: Bench) -> Iterator[tuple[str, Ranker]]:
    """The engine with one ingredient left out at a time: components of the score, then steps of understanding. Each is
    to be run before the next is asked for."""
    for name in WEIGHTS:
        left = {other: value for other, value in WEIGHTS.items() if other != name}
        yield f"score: {name}", lambda query, left=left: bench.search(query, left)  # type: ignore[misc]
    yield "score: weights (reciprocal ranks instead)", bench.ranks_summed
    speller, lore = bench.engine.lore.speller, bench.engine.lore
    unread = replace(lore, abbreviations=Abbreviations(meanings={}), initials=Initials(()))
    steps: list[tuple[str, Any, str, Any]] = [
        ("spelling, diacritics, typing keys", speller, "correct", lambda query: Corrected(query, (), False)),
        ("short forms of the register", bench.engine, "lore", unread),
        ("short forms by their initials", bench.engine, "lore", replace(lore, initials=Initials(()))),
        ("everyday words", engine_query, "from_everyday", lambda query, bound=None: (query, {})),
        ("English words", engine_query, "from_english", lambda query: ("", 0.0)),
        ("question words left out", engine_query, "without_question", lambda query: query),
        ("names of agencies set apart", engine_query, "_agencies", lambda wordings, lore: ((), wordings)),
        ("of a list of terms one is enough", engine_query, "_share", lambda text, targets: 1.0),
        ("only sure wordings are embedded", engine_query, "EMBEDDED_FROM", 0.0),
    ]
    for name, owner, attribute, instead in steps:
        with mock.patch.object(owner, attribute, instead):
            yield f"query: {name}", bench.search


def reason(bench: Bench, outcome: Outcome) -> list[str]:
    """Why a query does badly: how it was read, and of the best answers that are missing among the ten, what the first
    wrong one above them has more of."""
    understood, found = bench.found(outcome.query.text)
    total = fuse(found.features)
    order = np.argsort(-total, kind="stable")
    ids = [bench.passages[found.rows[row]].id for row in order]
    best = max(outcome.query.grades.values())
    missing = [at for at, id_ in enumerate(ids) if outcome.query.grades.get(id_) == best and at >= DEPTH]
    low = [at for at, id_ in enumerate(ids) if outcome.query.grades.get(id_) == best and at < DEPTH]
    wrong = [at for at, id_ in enumerate(ids[:DEPTH]) if id_ not in outcome.query.grades]
    lines = ["read as " + " | ".join(wording.text for wording in understood.wordings)]
    if not wrong:
        return [*lines, f"no wrong answer among the ten; {len(missing) + len(low)} of the best grade, order within it"]
    later = missing or [at for at in low if at > wrong[0]]
    if not later:
        return [*lines, f"the best answers come first; {len(wrong)} wrong ones take the places of the less good"]
    over, under = order[wrong[0]], order[later[0]]
    gains = {
        name: float(WEIGHTS.get(name, 0) * (values[over] - values[under])) for name, values in found.features.items()
    }
    by = ", ".join(f"{name} {gain:+.2f}" for name, gain in sorted(gains.items(), key=lambda item: -item[1])[:3])
    shared = float(found.features["words"][under])
    why = "said in other words than the query" if shared < 0.15 else "a neighbouring subject in the same words"
    return [
        *lines,
        f"{why}: {ids[later[0]]} is at place {later[0] + 1} with {shared:.0%} of the words' weight; "
        f"{ids[wrong[0]]} at {wrong[0] + 1} wins by {by}",
    ]


def show(title: str, rankers: Mapping[str, Ranker], bench: Bench, queries: Sequence[Judged]) -> list[Outcome]:
    """Prints the table of the rankers and gives the outcomes of the last."""
    tables = {name: measure(rank, bench.passages, queries) for name, rank in rankers.items()}
    last = list(tables.values())[-1]
    print(f"{title}: {len(queries)} queries over {len(bench.passages)} passages; nDCG@10 by kind, recall@50")
    print(f"{'':20}" + "".join(f"{kind:>14}" for kind in (*by_kind(last), "recall@50")))
    for name, outcomes in tables.items():
        values = [*by_kind(outcomes).values(), mean([o.recall for o in outcomes])]
        print(f"{name:20}" + "".join(f"{value:14.3f}" for value in values))
    return last


def without_shared_phrases(bench: Bench) -> float:
    """nDCG@10 over the held-out queries without the everyday phrases of three words and more that happen to stand in
    one of them: what the table is worth where it does not hit the very words."""
    correct = bench.engine.lore.speller.correct
    asked = [f" {spell(text)} " for query in bench.held_out for text in (query.text, correct(query.text).text)]
    known = glossary.everyday()
    kept = {key: said for key, said in known.items() if len(key) < 3 or not any(_inside(key, text) for text in asked)}
    with mock.patch.object(glossary, "everyday", lambda: kept):
        return by_kind(measure(bench.search, bench.passages, bench.held_out))["all"]


def _inside(words: Sequence[str], text: str) -> bool:
    return f" {' '.join(words)} " in text


def rankers_of(bench: Bench) -> dict[str, Ranker]:
    """The baselines, then the engine."""
    return {
        "BM25, folded words": bench.bm25,
        "character 4-grams": bench.char_grams,
        "bundled e5 alone": bench.plain_e5,
        "their plain fusion": bench.plain_fusion,
        "cchc search": bench.search,
    }


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, help="folder for the model and vectors (default: a temporary one)")
    parser.add_argument("--ablation", action="store_true", help="each ingredient left out, weights cross-validated")
    parser.add_argument("--worst", type=int, nargs="?", const=10, default=0, help="the N (10) worst queries, and why")
    parser.add_argument("--int8", action="store_true", help="compare 8-bit passages with the 4-bit C engine's")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        bench = Bench(asked.cache or Path(temporary))
        outcomes = show("Development", rankers_of(bench), bench, bench.queries)
        outcomes += show("Held-out", rankers_of(bench), bench, bench.held_out)
        print(
            f"held-out without everyday phrases that stand in one of the queries: {without_shared_phrases(bench):.3f}"
        )
        for alter, what in ((fold, "without diacritics"), (slip, "by typing slips")):
            print(f"lost {what}: {twin_gap(bench, alter):.3f}; held-out {twin_gap(bench, alter, bench.held_out):.3f}")
        if asked.ablation:
            whole = [by_kind(measure(bench.search, bench.passages, part))["all"] for part in bench.parts]
            print(f"{'left out':48} development    held-out")
            for name, rank in without_each(bench):
                reached = [by_kind(measure(rank, bench.passages, part))["all"] for part in bench.parts]
                cells = (f"{now:.3f} ({now - all_:+.3f})" for now, all_ in zip(reached, whole, strict=True))
                print(f"{name:48} " + "  ".join(cells))
            print(f"weights cross-validated over six folds of the development queries: {cross_validated(bench):.3f}")
        if asked.int8:
            exact = Bench(Path(temporary) / "c-engine", open_encoder("multilingual-e5-small-q4"))
            others = measure(exact.search, exact.passages, exact.queries)
            print(f"vectors from the C engine instead: {by_kind(others)['all']:.3f}")
        for outcome in sorted(outcomes, key=lambda one: one.ndcg)[: asked.worst]:
            print(f"{outcome.ndcg:.2f} {outcome.query.id} {outcome.query.type}: {outcome.query.text}")
            for line in reason(bench, outcome):
                print(f"     {line}")


if __name__ == "__main__":
    main()
