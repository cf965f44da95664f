"""What the words and widths of lines say for and against cells: the weights that the search adds up."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph.ingest.scattered.atoms import Atom, Gap
from graph.ingest.scattered.cells import Layout
from graph.ingest.scattered.signature import (
    BUDGET,
    COLUMNS,
    HORIZON,
    NUMBER,
    OBJECTIVE,
    PRODUCT,
    SECTION,
    TASK,
    inner_scores,
    start_scores,
)
from graph.ingest.scattered.widths import print_width
from graph.text import fold


def start_weights(atom: Atom, layout: Layout) -> list[float]:
    """The weight of a cell that starts with this atom, per column."""
    scores = list(start_scores(atom.text))
    if not layout.geometric and next((c for c in atom.text if c.isalnum()), "").islower():
        # recognisers misread the case of letters
        for column in range(OBJECTIVE, BUDGET + 1):
            scores[column] += 1.5
    if atom.rest.startswith("- ") and PRODUCT in layout.columns and start_scores(atom.rest)[PRODUCT] > 0:
        scores[PRODUCT] += 1.5  # one of several products
    if re.match(r"\d{1,2}\.\s", atom.rest) and NUMBER in layout.columns:
        scores[TASK] += 1.0
        scores[OBJECTIVE] -= 1.0
    if atom.rest != atom.text and atom.text.endswith("."):
        scores[NUMBER] -= 4.0  # "1. Ban hành …" is an enumerated task, not a row number
    if atom.rest != atom.text:
        onward = start_scores(atom.rest)
        for column in range(OBJECTIVE, BUDGET + 1):
            dotted = atom.text.endswith(".")
            scores[column] = max(scores[column], onward[column]) if scores[NUMBER] < 0 or dotted else scores[column]
    width = print_width(atom.text)
    for column in range(OBJECTIVE, BUDGET + 1):
        scores[column] -= _over(width, layout.widths[column])
    return scores


def _over(width: float, column: float) -> float:
    return max(0.0, width - column * 1.04 - 0.5) * 0.45


_OFFICES = re.compile(r"(?:ubnd|uy ban|hdnd|huyen uy|tinh uy)\b")
LABELLED = re.compile(r"[IVX]{1,5}\b")
_NUMBERED = re.compile(r"^(?:\d{1,2}|[IVX]{1,5})\s+")


def join_weights(before: Atom, atom: Atom, full: Sequence[str], layout: Layout) -> list[float]:
    """The weight of a cell that goes on over a line end, per column."""
    scores = list(inner_scores(atom.text))
    line = full[before.line - 1].strip()
    upper = before.text
    width = print_width(_NUMBERED.sub("", line))
    word = print_width(" " + full[atom.line - 1].split()[0]) if full[atom.line - 1].split() else 0.0
    ends_sentence = upper.rstrip().endswith((".", ";")) and not atom.text[:1].islower()
    if atom.gap is Gap.SINGLE and layout.geometric:
        scores = [score - 6.0 for score in scores]
    if not layout.geometric:
        # here an empty line is a weak sign of a border, its absence one of none
        scores = [score + (0.4 if atom.gap is Gap.SINGLE else -0.5) for score in scores]
    here = print_width(atom.text)
    tied = _tied(line, layout.geometric) or (fold(line) == "van phong" and bool(_OFFICES.match(fold(atom.text))))
    for column in range(OBJECTIVE, BUDGET + 1):
        limit = layout.widths[column]
        scores[column] -= _over(here, limit)
        room = limit * 0.94 - (width + word)
        scores[column] -= min(max(0.0, room) * 0.35, 4.0)
        if room < 0 and not ends_sentence:
            scores[column] += 0.6
        if tied:
            scores[column] += 2.0
        elif upper.endswith(","):
            scores[column] += 1.2
        if ends_sentence:
            scores[column] -= 1.0
        share = layout.trailing[column]
        scores[column] += _habit(before.trailing, share)
    return scores


def _habit(seen: bool, share: float) -> float:
    if seen:
        return 1.2 * (share - 0.3)
    return 1.2 * (0.7 - share) if share < 0.7 else -1.5 * (share - 0.7) * 3


def inline_weights(before: Atom, atom: Atom, layout: Layout) -> list[float]:
    """The weight of no border at a place inside a line, per column: the line gets wider."""
    scores = [0.0] * len(COLUMNS)
    upto = print_width(atom.upto)
    short = upto - print_width(" " + atom.text)
    for column in range(OBJECTIVE, BUDGET + 1):
        scores[column] = -(_over(upto, layout.widths[column]) - _over(short, layout.widths[column]))
    scores[NUMBER] = scores[HORIZON] = -6.0
    if before.text.strip().isupper() or before.gap is Gap.INLINE:
        scores[SECTION] = 0.0 if atom.text[:2].isupper() else -2.0
    words = f"{before.text} {atom.text}"
    if start_scores(words)[HORIZON] > 0:
        scores[HORIZON] = 4.0
    if start_scores(words)[SECTION] > 0:
        scores[SECTION] = 1.0
    return scores


def end_weights(atom: Atom, layout: Layout) -> list[float]:
    """The weight of a border after this atom, per column: a blank at the line's end promises more of the cell."""
    scores = [0.0] * len(COLUMNS)
    if atom.trailing:
        for column in range(OBJECTIVE, BUDGET + 1):
            scores[column] -= 1.6 * layout.trailing[column]
    if _tied(atom.upto, layout.geometric):
        scores = [score - 2.0 for score in scores]
    return scores


def _tied(text: str, names: bool) -> bool:
    """Whether a line cannot be the end of a cell: it ends in a word that asks for another. `names`: the words are
    surely read, so that an agency's name cut behind "Sở" is one."""
    words = text.rstrip().lower().split()
    if not words:
        return False
    named = names and words[-1] in ("sở", "bộ", "phòng") and words[-2:-1] not in (["văn"], ["thuộc"], ["đốc"], ["cán"])
    whole = words[-2:] == ["phòng", "sở"]
    return words[-1] in _OPEN_ENDS or words[-2:] in (["giai", "đoạn"], ["giai", "doan"]) or (named and not whole)


_OPEN_ENDS = frozenset(
    {
        "và", "các", "của", "về", "với", "cho", "theo", "tại", "trong", "từ", "đến", "để", "-", "ngày",
        "hoặc", "là", "va", "cac", "cua", "ve", "voi", "tai", "hoac", "la",
    }
)  # fmt: skip
