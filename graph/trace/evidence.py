"""What a person checks in seconds: both texts with places, the words they share, the numbers side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph.model import Link, Relation, Source
from graph.text import squeeze
from graph.trace.items import Item
from graph.trace.lexical import letters
from graph.trace.quantity import Comparison, Standing, value_words

MOST_TERMS = 8


def shared_terms(one: str, other: str) -> list[str]:
    """Runs of at least two words of `other`, as written there, that `one` has too, longest first."""
    from rapidfuzz.distance import LCSseq

    ours, theirs = squeeze(one).split(), squeeze(other).split()
    keys = [letters(word) for word in ours], [letters(word) for word in theirs]
    runs: list[str] = []
    for block in LCSseq.opcodes(keys[0], keys[1]):
        words = [word for word in theirs[block.dest_start : block.dest_end] if letters(word)]
        if block.tag == "equal" and len(words) >= 2:
            runs.append(" ".join(words).strip(' .,;:()“”"'))
    return sorted(dict.fromkeys(runs), key=lambda run: (-len(run), run))[:MOST_TERMS]


def relation_of(comparison: Comparison | None) -> Relation:
    """The relation that two numbers of the same target have to each other; `implements` where there is none."""
    if comparison is None:
        return Relation.IMPLEMENTS
    if comparison.opposed:
        return Relation.CONTRADICTS
    if comparison.standing is Standing.LOWER:
        return Relation.IMPLEMENTS_LOWER
    return Relation.IMPLEMENTS


def describe(
    higher: Item,
    lower: Item,
    *,
    shown: Item,
    features: Mapping[str, float],
    comparison: Comparison | None,
    scope: str,
    via: Sequence[str],
    score: float | None = None,
) -> dict[str, object]:
    """The evidence of one link. `lower` is the lower thing whose words were compared, `shown` the one linked (a row
    that stands under it); `via` names what lies between, nearest first."""
    numbers: dict[str, object] = {}
    if higher.target is not None:
        numbers["higher"] = value_words(higher.target)
    if lower.target is not None:
        numbers["lower"] = value_words(lower.target)
    if comparison is not None:
        numbers["standing"] = comparison.standing.value
        numbers["later"] = comparison.later
    metric = {
        side: {"id": item.metric_id, "text": item.target.metric}
        for side, item in (("higher", higher), ("lower", lower))
        if item.target is not None
    }
    return {
        "higher": _side(higher),
        "lower": _side(shown),
        "compared": lower.core,
        "matched_terms": shared_terms(higher.context, lower.context),
        "metric": metric,
        "numbers": numbers,
        "similarity": {name: round(float(value), 3) for name, value in features.items()},
        "score": round(score, 4) if score is not None else None,
        "scope": scope,
        "via": list(via),
    }


def _side(item: Item) -> dict[str, object]:
    return {"text": item.printed, "place": place_of(item).label(), "objective": _objective(item)}


def _objective(item: Item) -> str:
    return squeeze(item.row.raw.objective) if item.row is not None else ""


def place_of(item: Item) -> Source:
    """Where the item stands."""
    if item.target is not None:
        return item.target.source
    if item.row is not None:
        return item.row.raw.source
    if item.cell is not None:
        return item.cell.rows[0].raw.source
    return Source()


def stronger(one: Link, other: Link) -> Link:
    """Of two links between the same two things, the surer; the first where they are equal."""
    return other if other.confidence > one.confidence else one
