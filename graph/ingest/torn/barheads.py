"""Where the table of a recognised text with bars begins, and the heads that name its columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph.ingest.columns import field_of_header
from graph.ingest.torn.headers import split_headings
from graph.ingest.torn.lines import Line

ORDER = ("number", "objective", "task", "activity", "product", "lead", "coordinating", "time", "budget")
BAR = re.compile(r"[|¦│]|(?<=\w)[}\]](?=\s|\w|-)|(?<=\s)[}{](?=\S)")
EDGE = " _`'‘ˆ^~:=»«\\"
_MOST_HEAD_LINES = 4
_LABELLED = re.compile(r"\b[1-9][.,]\d{1,2}[.,]?\s+[^\W\d]")


def first_barred(lines: Sequence[Line]) -> int:
    """Where the table begins though its head could not be read: the first of many lines with bars."""
    barred = [bool(BAR.search(line.text)) for line in lines]
    return next((n for n, found in enumerate(barred) if found and sum(barred[n : n + 12]) >= 5), len(lines))


def find_heads(lines: Sequence[Line]) -> list[tuple[int, int, tuple[str, ...]]]:
    """Where heads stand (first and last position) and the fields read in them, "" for a heading not understood."""
    made: list[tuple[int, int, tuple[str, ...]]] = []
    barred = [n for n, line in enumerate(lines) if BAR.search(line.text)]
    position = max(0, barred[0] - _MOST_HEAD_LINES) if barred else len(lines)
    while position < len(lines):
        best: tuple[int, tuple[str, ...]] | None = None
        for last in range(position, min(len(lines), position + _MOST_HEAD_LINES)):
            if len(lines[last].text) > 160 or _LABELLED.search(lines[last].text):
                break
            text = " | ".join(line.text for line in lines[position : last + 1])
            if len(text) > 200:
                break
            columns = _head_columns(text)
            known = {name for name in columns if name}
            if (
                len(known) >= 4
                and len(known & {"objective", "task", "content", "activity"})
                and (best is None or len(known) > len([name for name in best[1] if name]))
            ):
                best = (last, columns)
        if best is not None:
            made.append((position, best[0], best[1]))
            position = best[0]
        position += 1
    return made


def _head_columns(text: str) -> tuple[str, ...]:
    made: list[str] = []
    for group in BAR.split(text):
        piece = group.strip(EDGE + "-.,")
        if not re.search(r"\w{2}", piece):
            continue
        parts = split_headings(piece)
        names = [name for _, name in parts] or [field_of_header(piece) or ""]
        made.extend(name for name in names if not name or name not in made)
    if len([name for name in made if not name]) > 3:
        return ()
    return tuple(made)


def fields_of(heads: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The table's columns from all its heads: every field that one of them names, agencies and times added where two
    or three headings were not understood, in the order in which plans have them."""
    first = max(heads, key=_in_order)
    named = [name for name in first if name]
    spare = "objective" if "task" in named else "task"
    named = [spare if name == "content" else name for name in named]
    for name in ("lead", "coordinating", "time"):
        if name not in named:
            later = [other for other in ORDER[ORDER.index(name) + 1 :] if other in named]
            named.insert(named.index(later[0]) if later else len(named), name)
    if "number" not in named:
        named.insert(0, "number")
    return tuple(dict.fromkeys(named))


def _in_order(head: Sequence[str]) -> float:
    """How much a head can be trusted: fields named, less those that stand before one they usually follow."""
    spare = {"content": "task"}
    known = [ORDER.index(spare.get(name, name)) for name in head if spare.get(name, name) in ORDER]
    wrong = sum(a > b for n, a in enumerate(known) for b in known[n + 1 : n + 2])
    return len(known) - 2.5 * wrong - (0.5 if known and known[0] > 2 else 0.0)
