"""Everything that is compared between the items of a higher and a lower plan, as matrices with one name each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from graph.entities.metrics import are_kin
from graph.model import Level, Plan, Row, Target
from graph.similarity import Similarity
from graph.text import fold
from graph.trace.items import Item, Outline
from graph.trace.lexical import Overlap, Weights, letters
from graph.trace.quantity import concerns, levels_of_target, same_unit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

_ALL = ("cac so", "so ban nganh", "cac co quan", "cac don vi", "cac nganh", "don vi lien quan", "co quan lien quan")
_ALL_OF_LEVEL: dict[Level, tuple[str, ...]] = {
    Level.DEPARTMENT: (*_ALL, "so nganh"),
    Level.DISTRICT: (*_ALL, "cap huyen", "cac cap", "cac huyen", "dia phuong"),
    Level.COMMUNE: (*_ALL, "cap xa", "cac cap", "cac xa", "xa phuong", "dia phuong"),
    Level.PROVINCE: ("cac tinh", "dia phuong", "cap tinh"),
}


WHOLE = 100.0


class PairFeatures:
    """The comparison of two plans. Each method answers a dict from a feature's name to a matrix of shape
    (len(higher items), len(lower items)); nothing outside the two plans has a part in it."""

    def __init__(self, higher: Outline, lower: Outline, similarity: Similarity | None) -> None:
        self.higher = higher
        self.lower = lower
        self.similarity = similarity
        self.weights = Weights([*higher.texts(), *lower.texts()])

    def targets(self) -> dict[str, Matrix]:
        """Targets of the higher plan against targets of the lower plan."""
        return self._numbers(self._statements(self.higher.targets, self.lower.targets))

    def cells(self, statements: Sequence[Item], cells: Sequence[Item]) -> dict[str, Matrix]:
        """Statements (targets or objectives) of the higher plan against objective cells or rows of the lower plan,
        whatever numbers these have."""
        import numpy as np

        made = self._statements(statements, cells)
        made["not_bound"] = np.repeat(
            np.asarray([[_not_bound(item, self.lower.plan)] for item in statements], dtype=np.float32).reshape(-1, 1),
            len(cells),
            axis=1,
        )
        return made

    def rows(self) -> dict[str, Matrix]:
        """Rows against rows."""
        import numpy as np

        above, below = self.higher.rows, self.lower.rows
        made = self._statements(above, below)
        activity = self._overlap([_finest(item) for item in above], [_finest(item) for item in below])
        made["finest"] = activity.cosine
        objective = self._overlap([_objective(item) for item in above], [_objective(item) for item in below])
        both = np.outer(
            np.asarray([bool(_objective(item)) for item in above]),
            np.asarray([bool(_objective(item)) for item in below]),
        )
        made["objective"] = objective.cosine
        made["objective_known"] = both.astype(np.float32)
        product = self._overlap([_product(item) for item in above], [_product(item) for item in below])
        made["product"] = product.cosine
        roles = np.asarray([_role(item, self.lower.plan) for item in above], dtype=np.float32).reshape(-1, 3)
        for index, name in enumerate(("lead_is_issuer", "lead_is_all", "lead_is_other")):
            made[name] = np.repeat(roles[:, index : index + 1], len(below), axis=1)
        made["beside"] = beside(made["cosine"])
        return made

    def _overlap(self, above: Sequence[str], below: Sequence[str]) -> Overlap:
        return Overlap(above, below, self.weights)

    def _statements(self, above: Sequence[Item], below: Sequence[Item]) -> dict[str, Matrix]:
        import numpy as np

        core = self._overlap([item.core for item in above], [item.core for item in below])
        wide = self._overlap([item.core for item in above], [item.context for item in below])
        both = self._overlap([item.context for item in above], [item.context for item in below])
        made: dict[str, Matrix] = {
            "cosine": core.cosine,
            "covered": wide.left_covered,
            "covers": core.right_covered,
            "covers_wide": both.right_covered,
            "context": both.cosine,
        }
        made["best_above"] = _margin(core.cosine, axis=0)
        made["best_below"] = _margin(core.cosine, axis=1)
        made["field_same"] = _agree([item.field for item in above], [item.field for item in below], True)
        made["field_other"] = _agree([item.field for item in above], [item.field for item in below], False)
        place = np.abs(
            np.asarray([item.place for item in above], dtype=np.float32)[:, None]
            - np.asarray([item.place for item in below], dtype=np.float32)[None, :]
        )
        made["place"] = 1.0 - place
        if self.similarity is not None and above and below:
            # Encoders read Vietnamese without diacritics badly: of misread text the letters tell more than the meaning.
            readable = _readable(above) * _readable(below)
            meaning = np.asarray(
                self.similarity([item.core for item in above], [item.core for item in below]), dtype=np.float32
            )
            # Encoders differ in where their cosines lie: what counts is how far a pair stands out from both its texts.
            spread = max(float(meaning.std()), 1e-3)
            centred = meaning - meaning.mean(axis=0, keepdims=True) - meaning.mean(axis=1, keepdims=True)
            made["meaning"] = np.asarray(readable * (centred + meaning.mean()) / spread / 4, dtype=np.float32)
            made["meaning_best"] = np.asarray(readable * _margin(meaning, axis=0) / spread / 4, dtype=np.float32)
        return made

    def _numbers(self, made: dict[str, Matrix]) -> dict[str, Matrix]:
        import numpy as np

        above, below = self.higher.targets, self.lower.targets
        names = (
            "value_same",
            "value_all",
            "unit_other",
            "year_same",
            "year_other",
            "level_fits",
            "level_other",
            "metric_same",
            "metric_other",
        )
        cube = np.zeros((len(names), len(above), len(below)), dtype=np.float32)
        level = self.lower.plan.head.issuer_level
        for i, upper in enumerate(above):
            bound = concerns(_target(upper), level)
            levels = levels_of_target(_target(upper))
            for j, under in enumerate(below):
                cube[:, i, j] = _number_features(upper, under, bound, levels)
        made.update({name: cube[index] for index, name in enumerate(names)})
        return made


def _number_features(upper: Item, under: Item, bound: bool | None, levels: frozenset[str]) -> tuple[float, ...]:
    one, other = _target(upper), _target(under)
    comparable = same_unit(one, other)
    own = levels_of_target(other)
    fits = bool(levels & own) or (bound is True)
    misses = bool(levels) and not fits
    metrics = bool(one.metric_id) and bool(other.metric_id)
    return (
        float(comparable and abs(one.value - other.value) < 1e-9),
        # "100 %" stands in every third sentence: that it agrees says little.
        float(comparable and one.unit == other.unit == "%" and one.value == other.value == WHOLE),
        float(not comparable),
        float(upper.year is not None and upper.year == under.year),
        float(upper.year is not None and under.year is not None and upper.year != under.year),
        float(bool(levels) and fits),
        float(misses),
        float(metrics and one.metric_id == other.metric_id),
        float(metrics and not are_kin(one.metric_id, other.metric_id)),
    )


def _target(item: Item) -> Target:
    if item.target is None:
        raise TypeError(f"{item.id} is not a target")
    return item.target


def _not_bound(item: Item, lower: Plan) -> float:
    return float(item.target is not None and concerns(item.target, lower.head.issuer_level) is False)


def _margin(matrix: Matrix, axis: int) -> Matrix:
    """Each value less the best other value of its column (axis 0) or row (axis 1): above 0 for the best only."""
    import numpy as np

    if matrix.shape[axis] < 2:
        return matrix.copy()
    ordered = np.sort(matrix, axis=axis)
    best = np.take(ordered, [-1], axis=axis)
    second = np.take(ordered, [-2], axis=axis)
    rival = np.where(matrix >= best, second, best)
    return (matrix - rival).astype(np.float32)


def beside(matrix: Matrix) -> Matrix:
    """How well the neighbours in order agree: the better of the pair before and the pair after, one step apart each.

    Plans are copied from top to bottom, so that true pairs stand beside true pairs.
    """
    import numpy as np

    above, below = matrix.shape
    padded = np.zeros((above + 2, below + 2), dtype=np.float32)
    padded[1:-1, 1:-1] = matrix
    before = np.maximum(padded[:-2, :-2], padded[:-2, 1:-1])
    after = np.maximum(padded[2:, 2:], padded[2:, 1:-1])
    return ((before + after) / 2).astype(np.float32)


def _agree(above: Sequence[str], below: Sequence[str], same: bool) -> Matrix:
    import numpy as np

    one, other = np.asarray(above, dtype=object)[:, None], np.asarray(below, dtype=object)[None, :]
    known = (one != "") & (other != "")
    return np.asarray(known & ((one == other) if same else (one != other)), dtype=np.float32)


def _readable(items: Sequence[Item]) -> float:
    """1 where the texts carry Vietnamese diacritics, 0 where they lost them, in between in between."""
    text = " ".join(item.core for item in items)
    letters_in = sum(letter.isalpha() for letter in text)
    marked = sum(letter.isalpha() and not letter.isascii() for letter in text)
    # Of Vietnamese letters about 28 % carry a mark.
    return min(1.0, marked / max(0.2 * letters_in, 1.0))


def _finest(item: Item) -> str:
    return item.row.text if item.row is not None else item.core


def _objective(item: Item) -> str:
    return item.row.raw.objective if item.row is not None else ""


def _product(item: Item) -> str:
    return item.row.raw.product if item.row is not None else ""


def is_issuer(plan: Plan, name: str) -> bool:
    """Whether a unit's name as written in a cell means the body that issued the plan."""
    issuer = _issuer_key(plan.head.issuer, plan.head.province)
    return bool(issuer) and _alike(issuer, name)


def _role(item: Item, lower: Plan) -> tuple[float, float, float]:
    """Whether the row's lead is the lower plan's issuer, a group that holds it, or someone else."""
    return lead_role(item.row, lower) if item.row is not None else (0.0, 0.0, 0.0)


def lead_role(row: Row, lower: Plan) -> tuple[float, float, float]:
    """Whether the row's lead is the plan's issuer, a group that holds it, or someone else; all 0 without a lead."""
    names = _units(row)
    if not names:
        return 0.0, 0.0, 0.0
    if any(is_issuer(lower, name) for name in names):
        return 1.0, 0.0, 0.0
    groups = _ALL_OF_LEVEL.get(lower.head.issuer_level, _ALL) if lower.head.issuer_level is not None else _ALL
    if any(f" {word} " in f" {fold(name)} " for name in names for word in groups):
        return 0.0, 1.0, 0.0
    return 0.0, 0.0, 1.0


def _units(row: Row) -> tuple[str, ...]:
    return row.lead or ((row.raw.lead,) if row.raw.lead else ())


@lru_cache(maxsize=4096)
def _issuer_key(issuer: str, province: str) -> str:
    words = fold(issuer)
    tail = fold(province)
    return words.removesuffix(tail).strip().removesuffix(" tinh").strip() if tail else words


@lru_cache(maxsize=65536)
def _alike(issuer: str, name: str) -> bool:
    from rapidfuzz import fuzz

    return bool(
        fuzz.partial_ratio(letters(issuer), letters(name)) >= 86 and len(letters(name)) >= len(letters(issuer)) - 3
    )
