"""Everything that is compared between the items of a higher and a lower plan, as matrices with one name each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from graph.entities.metrics import are_kin
from graph.model import Level, Plan, Row, Target
from graph.similarity import Similarity
from graph.text import fold
from graph.trace.items import Item, Outline
from graph.trace.lexical import Overlap, Weights, letters
from graph.trace.quantity import COMPLEMENTS, concerns, levels_of_target, turned, unit_kind
from graph.trace.wording import marked_share

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
EQUAL = 1e-9
KIN = 0.75
KIN_OF_ONE_METRIC = 0.5
"""Likeness of letters from which two targets of one plan are two steps or parts of one thing."""


class PairFeatures:
    """The comparison of two plans. Each method answers a dict from a feature's name to a matrix of shape
    (len(higher items), len(lower items)); nothing outside the two plans has a part in it."""

    def __init__(self, higher: Outline, lower: Outline, similarity: Similarity | None) -> None:
        self.higher = higher
        self.lower = lower
        self.similarity = similarity
        self.weights = Weights([*higher.texts(), *lower.texts()])
        self._alike: Matrix | None = None
        self._kin: NDArray[np.bool_] | None = None
        self._targets: dict[str, Matrix] | None = None
        self._rows: dict[str, Matrix] | None = None
        self._cosines: dict[tuple[tuple[str, ...], tuple[str, ...]], Matrix] = {}

    def targets(self) -> dict[str, Matrix]:
        """Targets of the higher plan against targets of the lower plan."""
        if self._targets is None:
            self._targets = self._numbers(self._statements(self.higher.targets, self.lower.targets, self.kin_above()))
        return self._targets

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
        if self._rows is None:
            self._rows = self._row_pairs()
        return self._rows

    def _row_pairs(self) -> dict[str, Matrix]:
        import numpy as np

        above, below = self.higher.rows, self.lower.rows
        made = self._statements(above, below)
        activity = self._overlap([item.finest for item in above], [item.finest for item in below])
        made["finest"] = activity.cosine
        objective = self._overlap([item.objective for item in above], [item.objective for item in below])
        both = np.outer(
            np.asarray([bool(item.objective) for item in above]),
            np.asarray([bool(item.objective) for item in below]),
        )
        made["objective"] = objective.cosine
        made["objective_known"] = both.astype(np.float32)
        product = self._overlap([item.product for item in above], [item.product for item in below])
        made["product"] = product.cosine
        roles = np.asarray([_role(item, self.lower.plan) for item in above], dtype=np.float32).reshape(-1, 3)
        for index, name in enumerate(("lead_is_issuer", "lead_is_all", "lead_is_other")):
            made[name] = np.repeat(roles[:, index : index + 1], len(below), axis=1)
        made["beside"] = beside(made["cosine"])
        return made

    def _overlap(self, above: Sequence[str], below: Sequence[str]) -> Overlap:
        return Overlap(above, below, self.weights)

    def _statements(
        self, above: Sequence[Item], below: Sequence[Item], kin: NDArray[np.bool_] | None = None
    ) -> dict[str, Matrix]:
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
        made["best_above"] = _margin(core.cosine) if kin is None else _margin_but_kin(core.cosine, kin)
        made["best_below"] = _margin(core.cosine.T).T
        made["field_same"] = _agree([item.field for item in above], [item.field for item in below], True)
        made["field_other"] = _agree([item.field for item in above], [item.field for item in below], False)
        made["index_other"] = _indices_differ(above, below)
        place = np.abs(
            np.asarray([item.place for item in above], dtype=np.float32)[:, None]
            - np.asarray([item.place for item in below], dtype=np.float32)[None, :]
        )
        made["place"] = 1.0 - place
        if self.similarity is not None and above and below:
            readable = _readable(above) * _readable(below)
            meaning = self._meaning([item.meant for item in above], [item.meant for item in below])
            # Encoders differ in where their cosines lie: what counts is how far a pair stands out from both its texts.
            spread = max(float(meaning.std()), 1e-3)
            centred = meaning - meaning.mean(axis=0, keepdims=True) - meaning.mean(axis=1, keepdims=True)
            made["meaning"] = np.asarray(readable * (centred + meaning.mean()) / spread / 4, dtype=np.float32)
            apart = _margin(meaning) if kin is None else _margin_but_kin(meaning, kin)
            made["meaning_best"] = np.asarray(readable * apart / spread / 4, dtype=np.float32)
            made["meaning_below"] = np.asarray(readable * _margin(meaning.T).T / spread / 4, dtype=np.float32)
        return made

    def _meaning(self, above: Sequence[str], below: Sequence[str]) -> Matrix:
        """The encoder's cosines, asked for once."""
        import numpy as np

        key = tuple(above), tuple(below)
        if key not in self._cosines and self.similarity is not None:
            self._cosines[key] = np.asarray(self.similarity(above, below), dtype=np.float32)
        return self._cosines[key]

    def _numbers(self, made: dict[str, Matrix]) -> dict[str, Matrix]:
        import numpy as np

        above, below = _Numbers(self.higher.targets), _Numbers(self.lower.targets)
        kin_metrics = _kin(above.metrics, below.metrics)
        same_kind = above.kinds[:, None] == below.kinds[None, :]
        # Counts of kin things ("sáng kiến", "mô hình") may be compared, though their nouns differ.
        comparable = same_kind | (kin_metrics & above.counts[:, None] & below.counts[None, :])
        value_same = comparable & (np.abs(above.values[:, None] - below.values[None, :]) < EQUAL)
        whole = (above.whole[:, None] & below.whole[None, :]) & value_same
        years = (above.years[:, None] > 0) & (below.years[None, :] > 0)
        year_same = years & (above.years[:, None] == below.years[None, :])
        level = self.lower.plan.head.issuer_level
        bound = np.asarray([concerns(_target(item), level) is True for item in self.higher.targets])
        levelled = above.levels[:, None] > 0
        fits = ((above.levels[:, None] & below.levels[None, :]) > 0) | bound[:, None]
        metrics = (above.metrics[:, None] != "") & (below.metrics[None, :] != "")
        metric_same = metrics & (above.metrics[:, None] == below.metrics[None, :])
        numbers = {
            "value_same": value_same,
            # "100 %" stands in every third sentence: that it agrees says little.
            "value_all": whole,
            "value_elsewhere": self._elsewhere(value_same),
            "unit_other": ~comparable,
            "year_same": year_same,
            "year_other": years & ~year_same,
            "level_fits": levelled & fits,
            "level_other": levelled & ~fits,
            "metric_same": metric_same,
            "metric_other": metrics & ~metric_same & ~kin_metrics,
        }
        made.update({name: np.asarray(matrix, dtype=np.float32) for name, matrix in numbers.items()})
        return made

    def _elsewhere(self, value_same: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Whether the higher plan has the lower target's value in another statement of nearly the same words: of "90 %
        by 2025" and "95 % by 2030" each lower number belongs to its own."""
        import numpy as np

        return ~value_same & ((self.kin_above().astype(np.float32) @ value_same.astype(np.float32)) > 0)

    def kin_above(self) -> NDArray[np.bool_]:
        """Which of the higher plan's targets are steps or parts of one thing ("90 % by 2025", "95 % by 2030")."""
        import numpy as np

        if self._kin is None:
            alike = self.alike_above()
            metrics = np.asarray([item.metric_id for item in self.higher.targets], dtype=object)
            one = (metrics[:, None] == metrics[None, :]) & (metrics[:, None] != "")
            self._kin = np.asarray((alike >= KIN) | (one & (alike >= KIN_OF_ONE_METRIC)), dtype=bool)
            np.fill_diagonal(self._kin, False)
        return self._kin

    def alike_above(self) -> Matrix:
        """How alike the higher plan's targets are among themselves, by their letters."""
        if self._alike is None:
            words = [item.core for item in self.higher.targets]
            self._alike = self._overlap(words, words).cosine
        return self._alike


class _Numbers:
    """The targets of one plan as arrays. `kinds` are equal where two numbers count the same thing in the same way;
    `years` are 0 where unknown; `levels` are bit masks of the levels of government."""

    def __init__(self, items: Sequence[Item]) -> None:
        import numpy as np

        targets = [turned(_target(item)) for item in items]
        self.values = np.asarray([target.value for target in targets], dtype=np.float64)
        self.kinds = np.asarray([unit_kind(target) for target in targets], dtype=object)
        self.counts = np.asarray([target.unit != "%" and target.comparator in {">=", "<=", "="} for target in targets])
        self.whole = np.asarray([target.unit == "%" and target.value == WHOLE for target in targets])
        self.years = np.asarray([item.year or 0 for item in items], dtype=np.int64)
        self.levels = np.asarray([_mask(levels_of_target(target)) for target in targets], dtype=np.int64)
        self.metrics = np.asarray([COMPLEMENTS.get(item.metric_id, item.metric_id) for item in items], dtype=object)


_BITS = {"national": 1, "province": 2, "district": 4, "commune": 8}


def _mask(levels: frozenset[str]) -> int:
    return sum(_BITS[level] for level in levels)


def _kin(above: NDArray[np.object_], below: NDArray[np.object_]) -> NDArray[np.bool_]:
    import numpy as np

    return np.asarray([[are_kin(one, other) for other in below] for one in above], dtype=bool).reshape(
        len(above), len(below)
    )


def _target(item: Item) -> Target:
    if item.target is None:
        raise TypeError(f"{item.id} is not a target")
    return item.target


def _not_bound(item: Item, lower: Plan) -> float:
    return float(item.target is not None and concerns(item.target, lower.head.issuer_level) is False)


def _margin(matrix: Matrix) -> Matrix:
    """Each value less the best other value of its column: above 0 for the best only."""
    import numpy as np

    if matrix.shape[0] < 2:
        return matrix.copy()
    second, best = np.partition(matrix, -2, axis=0)[-2:]
    return np.asarray(matrix - np.where(matrix >= best, second, best), dtype=np.float32)


def _margin_but_kin(matrix: Matrix, kin: NDArray[np.bool_]) -> Matrix:
    """The same where the rows that are kin to a row are not its rivals: words tell which thing is meant, numbers and
    years which of its steps."""
    import numpy as np

    made = _margin(matrix)
    for i in np.flatnonzero(kin.any(axis=1)):
        rivals = ~kin[i]
        rivals[i] = False
        made[i] = matrix[i] - (matrix[rivals].max(axis=0) if rivals.any() else 0.0)
    return made


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


_INDEX = re.compile(r"(?<![^\W_])[A-Z]{3,6}(?![^\W_])")


def _indices_differ(above: Sequence[Item], below: Sequence[Item]) -> Matrix:
    """1 where both name an index ("Chỉ số … (PCI)") and not the same one."""
    import numpy as np

    ours, theirs = [_indices(item.core) for item in above], [_indices(item.core) for item in below]
    return np.asarray(
        [[bool(one and other and not one & other) for other in theirs] for one in ours], dtype=np.float32
    ).reshape(len(ours), len(theirs))


@lru_cache(maxsize=65536)
def _indices(text: str) -> frozenset[str]:
    """The short names of indices in a text that speaks of one: capitals that mean an index or nothing known."""
    folded = fold(text)
    if "chi so" not in folded and "index" not in folded:
        return frozenset()
    known = index_names()
    return frozenset(name for name in _INDEX.findall(text) if known.get(name, True))


@lru_cache(maxsize=1)
def index_names() -> dict[str, bool]:
    """Whether each registered abbreviation is the name of an index."""
    from graph.entities.registers import Registers

    known = Registers.load().abbreviations
    return {short: any("chi so" in fold(word) for word in meanings) for short, meanings in known.items()}


def _agree(above: Sequence[str], below: Sequence[str], same: bool) -> Matrix:
    import numpy as np

    one, other = np.asarray(above, dtype=object)[:, None], np.asarray(below, dtype=object)[None, :]
    known = (one != "") & (other != "")
    return np.asarray(known & ((one == other) if same else (one != other)), dtype=np.float32)


def _readable(items: Sequence[Item]) -> float:
    """1 where the texts carry Vietnamese diacritics, 0 where they lost them, in between in between: encoders read
    Vietnamese without them badly, and not every text can be restored."""
    shares = [marked_share(item.core) for item in items]
    marked, letters_in = sum(share[0] for share in shares), sum(share[1] for share in shares)
    # Of Vietnamese letters about 28 % carry a mark.
    return min(1.0, marked / max(0.2 * letters_in, 1.0))


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
