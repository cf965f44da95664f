"""The trained model: for each kind of pair, weights of features and a curve from score to confidence.

A logistic score and a monotone curve, small enough to be read: `link_model.json` beside this module, made by
`python -m benchmarks.train_links` from annotated links. There is one set of weights with meaning and one without, so
that links can be made when no encoder is at hand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MODEL_FILE = Path(__file__).with_name("link_model.json")


@dataclass(frozen=True, slots=True)
class Curve:
    """A monotone, piecewise linear curve from score (0..1) to confidence (0..1)."""

    scores: tuple[float, ...]
    confidences: tuple[float, ...]

    def __call__(self, score: float) -> float:
        import numpy as np

        return float(np.interp(score, self.scores, self.confidences))


@dataclass(frozen=True, slots=True)
class Scorer:
    """Weights of one kind of pair; `threshold` is the score from which on a pair is a link."""

    bias: float
    weights: Mapping[str, float]
    threshold: float
    curve: Curve

    def score(self, features: Mapping[str, NDArray[np.float32]], shape: tuple[int, int]) -> NDArray[np.float32]:
        """The score of every pair, 0..1. Raises KeyError when a feature that has a weight was not measured."""
        import numpy as np

        total = np.full(shape, self.bias, dtype=np.float32)
        for name, weight in self.weights.items():
            total += np.float32(weight) * features[name]
        return (1.0 / (1.0 + np.exp(-total))).astype(np.float32)

    def reasons(self, values: Mapping[str, float]) -> dict[str, float]:
        """What each feature adds to the score of one pair (log-odds), the weightiest first."""
        parts = {name: weight * values[name] for name, weight in self.weights.items() if name in values}
        return dict(sorted(parts.items(), key=lambda part: (-abs(part[1]), part[0])))


@lru_cache(maxsize=4)
def load_model(with_meaning: bool, path: Path = MODEL_FILE) -> Mapping[str, Scorer]:
    """The scorers by kind of pair: "target", "cell", "row"."""
    data = json.loads(path.read_text(encoding="utf-8"))
    kinds = data["meaning" if with_meaning else "words"]
    return {kind: scorer_from(values) for kind, values in kinds.items()}


def scorer_from(values: Mapping[str, object]) -> Scorer:
    """A scorer from its JSON form."""
    curve = values["curve"]
    weights = values["weights"]
    if not isinstance(curve, Mapping) or not isinstance(weights, Mapping):
        raise TypeError("a scorer needs a curve and weights")
    return Scorer(
        bias=_number(values["bias"]),
        weights={str(name): _number(weight) for name, weight in weights.items()},
        threshold=_number(values["threshold"]),
        curve=Curve(_numbers(curve["scores"]), _numbers(curve["confidences"])),
    )


def _number(value: object) -> float:
    if not isinstance(value, int | float):
        raise TypeError(f"not a number: {value!r}")
    return float(value)


def _numbers(values: object) -> tuple[float, ...]:
    if not isinstance(values, Sequence):
        raise TypeError("a curve needs lists of numbers")
    return tuple(_number(value) for value in values)
