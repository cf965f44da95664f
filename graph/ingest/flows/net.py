"""Three small attention networks that look at one page of a torn table, in numpy.

The first looks at the words: in which column does each stand, does it open a cell, does it begin a line of a cell? The
second asks the same of the pieces that lines are then cut into, and knows how each fits each column. The third looks at
the cells that a search made of them, at their places and sizes only, never at their words: beside which cell of the
finest column does each stand, and in which order do those follow each other down the page?

They were trained on tables drawn by ourselves (`python -m benchmarks.flows`); their weights are `words.npz`,
`pieces.npz` and `cells.npz`. The same input gives the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from typing import Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Whole = NDArray[np.int64]
_NEAR, _STEPS = 12, 25
_FLOW, _SLICE, _HEIGHT, _COUNTED = 2, 3, 6, 7


@dataclass(frozen=True, slots=True)
class WordFeatures:
    """The words of a page as numbers. `codes` (words, 4): hashed word, hashed folded word, shape, end; `sizes` (words,
    14): widths and places in the line and the flow; `places` (words, 3): number of the word, its line, its flow."""

    codes: Whole
    sizes: Array
    places: Whole


@dataclass(frozen=True, slots=True)
class CellFeatures:
    """The cells of a page as numbers. `sizes` (cells, 24): lines, places and neighbours; `places` (cells, 8):
    number, line, flow, slice, column, section and height of the cell, and the number that it begins with (0: none)."""

    sizes: Array
    places: Whole


@dataclass(frozen=True, slots=True)
class PieceFeatures:
    """The pieces of a page's lines as numbers. `hidden` (pieces, 384): what the first network made of their words;
    `sizes` (pieces, 22): their own sizes and places; `pairs` (pieces, columns, 20): how each fits each column; `heads`
    (columns, 3): the columns' widths; `places` (pieces, 4): number, line, flow and likeliest column."""

    hidden: Array
    sizes: Array
    pairs: Array
    heads: Array
    places: Whole


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said of the words, as natural logarithms of probabilities. `columns` (words, columns + 1): the last is
    "in no column"; `opens` and `begins` (words, 2): no, yes, for opening a cell and for beginning a line of a cell.
    `hidden` (words, 128): what the network made of them."""

    columns: Array
    opens: Array
    begins: Array
    hidden: Array


@dataclass(frozen=True, slots=True)
class Placed:
    """What is said of the cells, not normalised (logits). `rows` (cells, cells + 1): how much a cell stands in the row
    of another, the last in the row of none; `above` likewise: how much another is the next above in its column."""

    rows: Array
    above: Array


class _Net:
    """A network; `weights` by the names that training gives them."""

    _file = ""

    def __init__(self, weights: Mapping[str, Array]) -> None:
        self._w = weights

    @classmethod
    def load(cls) -> Self:
        """The shipped network (read once)."""
        return cls(_shipped(cls._file))


class WordNet(_Net):
    """The network that looks at words."""

    _file = "words.npz"

    def judge(self, features: WordFeatures, kinds: Whole) -> Judged:
        """What it says of the words. `kinds`: of the columns from left to right, by KINDS of
        `graph.ingest.flows.tokens`."""
        w = self._w
        codes, sizes = features.codes, features.sizes
        parts = [w["w.weight"][codes[:, 0]] + w["f.weight"][codes[:, 1]], w["shape.weight"][codes[:, 2]],
                 w["end.weight"][codes[:, 3]], sizes]  # fmt: skip
        words = _linear(w, "inp", np.concatenate(parts, axis=1))
        count = len(kinds)
        heads = _heads(w, kinds)
        x = np.concatenate([heads, words]).astype(np.float32)
        near = [_near(features.places[:, n]) for n in range(3)]
        layers, each = w["bt"].shape[:2]
        for layer in range(layers):
            bias = np.zeros((each, len(x), len(x)), dtype=np.float32)
            bias[:, count:, count:] = sum(w[name][layer][:, near[n]] for n, name in enumerate(("bt", "bl", "bf")))
            bias[:, count:, :count] = w["bh"][layer][:, 0, None, None]
            bias[:, :count, count:] = w["bh"][layer][:, 1, None, None]
            x = _block(w, layer, x, bias)
        return _judged(w, x, count, np.float32(0.0))


class PieceNet(_Net):
    """The network that looks at pieces."""

    _file = "pieces.npz"

    def judge(self, features: PieceFeatures, kinds: Whole) -> Judged:
        """What it says of the pieces, as of words; `kinds`: of the columns, by KINDS of `graph.ingest.flows.tokens`."""
        w = self._w
        count = len(kinds)
        heads = _heads(w, kinds)
        heads = heads + _linear(w, "hw", features.heads)
        fits = np.maximum(_linear(w, "p1", features.pairs) + _linear(w, "ph", heads), 0.0).mean(axis=1)
        x = _linear(w, "inp", features.sizes) + _linear(w, "hid", features.hidden) + _linear(w, "p2", fits)
        x = np.concatenate([heads, x]).astype(np.float32)
        near = [_near(features.places[:, n]) for n in range(features.places.shape[1])]
        layers, each = w["bh"].shape[1:]
        for layer in range(layers):
            own = slice(layer * each, (layer + 1) * each)
            bias = np.zeros((each, len(x), len(x)), dtype=np.float32)
            bias[:, count:, count:] = sum(w["b"][n][:, own].T[:, one] for n, one in enumerate(near))
            bias[:, count:, :count] = w["bh"][0, layer][:, None, None]
            bias[:, :count, count:] = w["bh"][1, layer][:, None, None]
            x = _block(w, layer, x, bias)
        fits = _linear(w, "o2", np.maximum(_linear(w, "o1", features.pairs), 0.0))[..., 0]
        return _judged(w, x, count, fits)


class CellNet(_Net):
    """The network that looks at cells."""

    _file = "cells.npz"

    def judge(self, features: CellFeatures, kinds: Whole) -> Placed:
        """What it says of the cells; `kinds`: of each cell's column, by KINDS of `graph.ingest.flows.tokens`."""
        w = self._w
        near = [_near(features.places[:, n]) for n in range(features.places.shape[1])]
        apart = features.places[:, _FLOW][None, :] != features.places[:, _FLOW][:, None]
        for n in (_SLICE, _HEIGHT):  # tell something within a flow only
            near[n] = np.where(apart, _STEPS - 1, near[n])
        counted = features.places[:, _COUNTED] > 0
        near[_COUNTED] = np.where(counted[None, :] & counted[:, None], near[_COUNTED], _STEPS - 1)
        x = (_linear(w, "inp", features.sizes) + w["kind.weight"][kinds]).astype(np.float32)
        for layer in range(w["b"].shape[0]):
            bias = sum(w["b"][layer][:, n][:, one] for n, one in enumerate(near))
            x = _block(w, layer, x, bias)
        x = _norm(x, w["nf.weight"], w["nf.bias"])
        return Placed(self._pointed("r", 0, x, near), self._pointed("a", 1, x, near))

    def _pointed(self, name: str, at: int, x: Array, near: Sequence[Whole]) -> Array:
        w = self._w
        scores = _linear(w, f"{name}q", x) @ _linear(w, f"{name}k", x).T / np.float32(np.sqrt(x.shape[1]))
        scores = scores + sum(w["rb"][at][n][one] for n, one in enumerate(near))
        return np.concatenate([scores, _linear(w, f"{name}none", x)], axis=1)


def _heads(w: Mapping[str, Array], kinds: Whole) -> Array:
    """What the columns are: their kinds, and their places from the left and from the right."""
    place = np.minimum(np.arange(len(kinds)), 11)
    made: Array = w["kind.weight"][kinds] + w["place.weight"][place] + w["rplace.weight"][place[::-1]]
    return made


def _judged(w: Mapping[str, Array], x: Array, columns: int, fits: Array | np.float32) -> Judged:
    """What is said at the end; `x`: of the columns, then of the words or pieces; `fits`: what else speaks for each."""
    x = _norm(x, w["nf.weight"], w["nf.bias"])
    heads, x = x[:columns], x[columns:]
    column = _linear(w, "cq", x) @ _linear(w, "ck", heads).T / np.float32(np.sqrt(x.shape[1])) + fits
    column = np.concatenate([column, _linear(w, "none", x)], axis=1)
    opening = _linear(w, "st", x)
    return Judged(_log_softmax(column), _log_sigmoid(opening[:, 0]), _log_sigmoid(opening[:, 1]), x)


def _block(w: Mapping[str, Array], layer: int, x: Array, bias: Array) -> Array:
    """One layer: attention with a bias for each pair, then a layer for each place by itself."""
    name = f"blocks.{layer}"
    heads = bias.shape[0]
    total, wide = x.shape
    each = wide // heads
    seen = _norm(x, w[f"{name}.n1.weight"], w[f"{name}.n1.bias"])
    made = _linear(w, f"{name}.qkv", seen).reshape(total, 3, heads, each).transpose(1, 2, 0, 3)
    scores = made[0] @ made[1].transpose(0, 2, 1) / np.float32(np.sqrt(each)) + bias
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    x = x + _linear(w, f"{name}.o", (scores @ made[2]).transpose(1, 0, 2).reshape(total, wide))
    inner = _linear(w, f"{name}.f1", _norm(x, w[f"{name}.n2.weight"], w[f"{name}.n2.bias"]))
    return x + _linear(w, f"{name}.f2", _gelu(inner))


@lru_cache(maxsize=3)
def _shipped(name: str) -> Mapping[str, Array]:
    with as_file(files("graph.ingest.flows").joinpath(name)) as path, np.load(path) as data:
        return {key: data[key].astype(np.float32) for key in data.files}


def _near(values: Whole) -> Whole:
    """Signed distances between all pairs, in steps that widen (0 to 24, 12 for none)."""
    apart = values[None, :] - values[:, None]
    size = np.abs(apart)
    far = np.minimum(np.floor(4 + 2 * np.log2(np.maximum(size, 1) / 4)), _NEAR)
    step = np.where(size <= 4, size, far).astype(np.int64)
    made: Whole = np.sign(apart) * step + _NEAR
    return made


def _linear(w: Mapping[str, Array], name: str, x: Array) -> Array:
    return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]


def _norm(x: Array, scale: Array, shift: Array) -> Array:
    mean = x.mean(axis=-1, keepdims=True)
    spread = x.var(axis=-1, keepdims=True)
    made: Array = (x - mean) / np.sqrt(spread + np.float32(1e-5)) * scale + shift
    return made


def _gelu(x: Array) -> Array:
    from scipy.special import erf

    made: Array = x * 0.5 * (1.0 + erf(x / np.float32(np.sqrt(2.0))))
    return made


def _log_softmax(x: Array) -> Array:
    top = x - x.max(axis=-1, keepdims=True)
    made: Array = top - np.log(np.exp(top).sum(axis=-1, keepdims=True))
    return made


def _log_sigmoid(x: Array) -> Array:
    """Logarithms of no and yes."""
    return np.stack([-np.logaddexp(0.0, x), -np.logaddexp(0.0, -x)], axis=-1).astype(np.float32)
