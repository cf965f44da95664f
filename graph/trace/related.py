"""Things of a lower plan that share a theme with the higher plan and carry out nothing of it: another metric, another
object, another group of people. Few, with little confidence; they never count as implementing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graph.trace.features import PairFeatures
from graph.trace.items import Item
from graph.trace.model import Scorer

LEAST = {"target": 0.35, "row": 0.16}
"""Scores from which two targets (by the words of statements) or two rows (by the rows' own model) share a theme."""
MOST_SURE = 0.5
"""Confidence that a related link never exceeds."""


def related_pairs(
    features: PairFeatures, model: Mapping[str, Scorer], linked: frozenset[str]
) -> Iterator[tuple[Item, Item, float, Mapping[str, float]]]:
    """Pairs of a higher and a lower thing of one theme, their score and the features measured: targets with targets and
    rows with rows. `linked` are the lower things that carry something out. A lower thing is told once, with what it is
    likest to, and only where that has nothing likelier left: at most one for each higher thing.
    """
    higher, lower = features.higher, features.lower
    for kind, above, below in (("target", higher.targets, lower.targets), ("row", higher.rows, lower.rows)):
        if not above or not below:
            continue
        measured = features.cells(above, below) if kind == "target" else features.rows()
        scores = model["cell" if kind == "target" else "row"].score(measured, (len(above), len(below)))
        scores[:, [item.id in linked for item in below]] = 0.0
        for i, upper in enumerate(above):
            j = int(scores[i].argmax())
            if scores[i, j] >= LEAST[kind] and int(scores[:, j].argmax()) == i:
                yield upper, below[j], float(scores[i, j]), {name: float(one[i, j]) for name, one in measured.items()}
