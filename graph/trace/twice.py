"""Targets that one plan states twice, in prose and again in its table, the second time often misread."""

from __future__ import annotations

from collections.abc import Mapping

from graph.text import fold
from graph.trace.items import Item, Outline
from graph.trace.lexical import Overlap, Weights
from graph.trace.wording import is_misread

ALIKE = 0.42
"""Likeness of letters from which a prose and a table target with one number and year are the same, clean text."""
GARBLED_ALIKE = 0.38
GARBLED_ALONE = 0.3
"""The same where one was misread; the lower floor holds where no other target with that number comes near."""
APART = 0.1


def stated_twice(plan: Outline) -> Mapping[str, str]:
    """The other statement of each target that stands in prose and in the table, both ways. Each is the likeliest
    partner of the other among targets with the same value, unit and year."""
    import numpy as np

    items = plan.targets
    prose = [item for item in items if item.row is None]
    table = [item for item in items if item.row is not None]
    if not prose or not table:
        return {}
    weights = Weights([item.core for item in items])
    alike = Overlap([item.core for item in prose], [item.core for item in table], weights).cosine
    same = np.asarray([[same_number(one, other) for other in table] for one in prose])
    alike = np.where(same, alike, 0.0)
    found: dict[str, str] = {}
    for i, one in enumerate(prose):
        j = int(alike[i].argmax())
        if int(alike[:, j].argmax()) != i or not _enough(one, table[j], alike[i]):
            continue
        found[one.id], found[table[j].id] = table[j].id, one.id
    return found


def _enough(one: Item, other: Item, row: object) -> bool:
    import numpy as np

    ordered = np.sort(np.asarray(row))[::-1]
    best = float(ordered[0])
    rival = float(ordered[1]) if len(ordered) > 1 else 0.0
    if best >= ALIKE:
        return True
    if not (is_misread(one.printed) or is_misread(other.printed)):
        return False
    return best >= GARBLED_ALIKE or (best >= GARBLED_ALONE and best - rival >= APART)


def same_number(one: Item, other: Item) -> bool:
    """Whether two targets of a plan have the same value and unit, for years that do not differ."""
    if one.target is None or other.target is None:
        return False
    return (
        one.target.value == other.target.value
        and fold(one.target.unit) == fold(other.target.unit)
        and (one.year is None or other.year is None or one.year == other.year)
    )
