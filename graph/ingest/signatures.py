"""What the words of a cell say of its column, learnt from annotated plans.

Columns of a plan's table have strong signatures: agencies, times, products, verbs that open a task, percentages in an
objective. The model is a naive-Bayes one over folded words, pairs of words and how a cell starts, and a second table
of how strongly one word follows another in such plans, to tell whether a line goes on with the line above. Both are
small tables of whole numbers in `signatures.json`, made by `python -m graph.ingest.signatures_train`.

Text without diacritics gives the same scores, since all is folded. A score is in nats (log odds against the mean of
all columns): positive speaks for the column.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from graph.text import fold

KINDS = ("objective", "task", "product", "unit", "time")
"""What a column can hold. `kind_of` maps the fields of `RawRow` to these (lead and coordinating are both "unit")."""

SCALE = 20.0
"""The tables hold nats times this, rounded."""

_OWN_PAIR = round(1.6 * SCALE)
_FIELD_KINDS = {
    "objective": "objective",
    "task": "task",
    "activity": "task",
    "product": "product",
    "lead": "unit",
    "coordinating": "unit",
    "lead_coordinating": "unit",
    "time": "time",
}
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(r"\d+")
_SHARE = re.compile(r"\d+%")


def kind_of(name: str) -> str | None:
    """The kind of cell a field holds; None for numbers, budget and notes, which have no words of their own."""
    return _FIELD_KINDS.get(name)


@lru_cache(maxsize=65536)
def words(text: str) -> tuple[str, ...]:
    """The folded words of a text, numbers by their shape: "<y>" a year, "<p>" a percentage, "<n>" any other."""
    made = []
    for word in fold(text).split():
        if _SHARE.fullmatch(word):
            made.append("<p>")
        elif _YEAR.fullmatch(word):
            made.append("<y>")
        elif _NUMBER.fullmatch(word):
            made.append("<n>")
        else:
            made.append(word)
    return tuple(made)


class Signatures:
    """The model. `weights` maps a feature to one number for each of KINDS; `pairs` maps "word word" to how much more
    often the second follows the first than chance; both times SCALE."""

    def __init__(
        self, weights: Mapping[str, Sequence[int]], pairs: Mapping[str, int], common: Mapping[str, int]
    ) -> None:
        self._weights = weights
        self._pairs = pairs
        self._common = common

    @classmethod
    def load(cls) -> Signatures:
        """The shipped model (read once)."""
        return _shipped()

    @classmethod
    def from_json(cls, data: Mapping[str, Mapping[str, object]]) -> Signatures:
        """A model from what `signatures_train.train` gives."""
        return cls(data["weights"], data["pairs"], data["common"])  # type: ignore[arg-type]

    def adapted(self, texts: Iterable[str]) -> Signatures:
        """The model with the pairs of words of these texts known too: the prose of a document names the agencies and
        projects that its table names."""
        own = dict(self._pairs)
        for text in texts:
            for left, right in pairwise(words(text)):
                key = f"{left} {right}"
                own[key] = max(own.get(key, 0), _OWN_PAIR)
        return Signatures(self._weights, own, self._common)

    def scores(self, text: str, opens: bool = False) -> tuple[float, ...]:
        """For each of KINDS how much the words speak for it; with `opens` the text is the start of a cell."""
        return _add(self._weights, words(text), opens)

    def score(self, text: str, field: str, opens: bool = False) -> float:
        """How much the words speak for a field of RawRow; 0 for fields without a signature."""
        kind = kind_of(field)
        return 0.0 if kind is None else self.scores(text, opens)[KINDS.index(kind)]

    def best(self, text: str, opens: bool = True) -> tuple[str, float]:
        """The likeliest kind and how far it is ahead of the second (0 when nothing speaks)."""
        found = self.scores(text, opens)
        order = sorted(range(len(KINDS)), key=lambda n: -found[n])
        return KINDS[order[0]], found[order[0]] - found[order[1]]

    def follows(self, before: str, after: str) -> float:
        """How strongly the first word of `after` goes on with the last word of `before`: about 0 by chance, positive
        for a known pair ("hành" + "chính"), negative where both words are frequent and never met in this order."""
        left, right = words(before[-40:]), words(after[:40])
        if not left or not right or left[-1] == right[0]:  # a word printed on both sides of a break tells nothing
            return 0.0
        known = self._pairs.get(f"{left[-1]} {right[0]}")
        if known is not None:
            return float(known / SCALE)
        expected = self._common.get(left[-1], 0) * self._common.get(right[0], 0)
        return -min(2.5, float(expected**0.5) / 25.0)


def _add(weights: Mapping[str, Sequence[int]], found: tuple[str, ...], opens: bool) -> tuple[float, ...]:
    total = [0.0] * len(KINDS)
    features = list(found)
    features += [f"{a} {b}" for a, b in pairwise(found)]
    if opens and found:
        features.append(f"^{found[0]}")
        if len(found) > 1:
            features.append(f"^{found[0]} {found[1]}")
    for feature in features:
        entry = weights.get(feature)
        if entry is not None:
            for n, value in enumerate(entry):
                total[n] += value
    return tuple(value / SCALE for value in total)


@lru_cache(maxsize=1)
def _shipped() -> Signatures:
    text = files("graph.ingest").joinpath("signatures.json").read_text(encoding="utf-8")
    return Signatures.from_json(json.loads(text))
