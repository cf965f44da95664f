"""All targets of a plan: of its prose and of its cells, each once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from graph.entities.targets import find_targets, find_targets_in_paragraphs
from graph.ids import target_id
from graph.model import Origin, Paragraph, Period, Row, Target
from graph.text import fold

TARGET_CELLS = ("objective", "task", "activity", "time")
"""The cells in which targets are stated, coarse to fine; a time cell states limits only ("sau 15 ngày kể từ …")."""

_TIME_UNITS = ("ngày", "giờ", "phút", "ngay", "gio", "phut")
_ALIKE = 70


@dataclass(slots=True)
class _Count:
    value: int = 0


def collect_targets(
    document: str, paragraphs: Sequence[Paragraph], rows: Sequence[Row], period: Period
) -> tuple[Target, ...]:
    """The targets of a plan in document order with final ids, prose first.

    A merged cell states its targets once, for its first row; a number that the activity (or the product) of a row only
    repeats from its task counts once. Prose and table are kept apart: a plan may contradict itself. `part_of` holds
    final ids.
    """
    count = _Count()
    made = list(_numbered(find_targets_in_paragraphs(paragraphs, period), document, count))
    seen: set[tuple[str, str, str, str]] = set()
    for row in rows:
        if row.raw.origin is Origin.PROSE:
            continue  # its words are those of a paragraph
        stated: list[Target] = []
        for cell in TARGET_CELLS:
            text = str(getattr(row.raw, cell))
            key = (cell, row.raw.section, row.raw.horizon, fold(text))
            if not text or key in seen:
                continue
            seen.add(key)
            context = "" if cell == "time" else f"{row.raw.task} {row.raw.activity}"
            found = find_targets(text, period, horizon=row.raw.horizon, context=context)
            kept = [draft for draft in found if _counts(draft, cell, stated)]
            if cell != "objective":
                stated.extend(kept)
            for target in _numbered(kept, document, count):
                made.append(replace(target, row=row.id, cell=cell, source=row.raw.source, section=row.raw.section))
    return tuple(made)


def _counts(draft: Target, cell: str, stated: Sequence[Target]) -> bool:
    """Whether a draft is a target of its own: no bare frequency of a time cell, no repetition within the row."""
    if cell == "time" and not (draft.comparator == "<=" and draft.unit.lower().startswith(_TIME_UNITS)):
        return False
    return not any(_repeats(draft, other) for other in stated)


def _repeats(draft: Target, other: Target) -> bool:
    if (draft.value, fold(draft.unit)) != (other.value, fold(other.unit)):
        return False
    if draft.metric_id and draft.metric_id == other.metric_id:
        return True
    from rapidfuzz import fuzz

    return bool(fuzz.token_set_ratio(fold(draft.clause), fold(other.clause)) >= _ALIKE)


def _numbered(drafts: Sequence[Target], document: str, count: _Count) -> Iterator[Target]:
    names: dict[str, str] = {}
    for draft in drafts:
        count.value += 1
        names[draft.id] = target_id(document, count.value)
        yield replace(draft, id=names[draft.id], part_of=names.get(draft.part_of, ""))
