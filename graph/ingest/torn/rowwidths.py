"""The widths of the columns of a table printed row by row, and what else a first reading shows of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations, pairwise

from graph.ingest.torn.rowstate import NUMBER, Piece, Placed


def guessed_widths(fields: Sequence[str], pieces: Sequence[Piece]) -> list[dict[int, float]]:
    """Widths to begin with: some of the content columns wide, all others narrow; no widths where all lines are of
    a length."""
    lengths = sorted(len(piece.text) for piece in pieces if not NUMBER.match(piece.text))
    if len(lengths) < 30:
        return [{}]
    narrow, wide = two_widths(lengths)
    content = [n for n, name in enumerate(fields) if name in ("objective", "task", "activity")]
    if wide < 1.6 * narrow or not content:
        return [{}]
    made: list[dict[int, float]] = []
    for count in range(1, len(content) + 1):
        for chosen in combinations(content, count):
            made.append({n: wide if n in chosen else narrow for n, name in enumerate(fields) if name != "number"})
    return made


def measured_widths(placed: Sequence[Placed]) -> dict[int, float]:
    """The width of each column in characters: what nearly all its lines that were followed by another keep."""
    lengths: dict[int, list[int]] = {}
    for one, after in pairwise(placed):
        if after.goes_on and after.column == one.column and one.column >= 0 and after.piece is not one.piece:
            lengths.setdefault(one.column, []).append(len(one.text))
    widths = {}
    for column, found in lengths.items():
        if len(found) >= 6:
            found.sort()
            widths[column] = float(found[min(len(found) - 1, int(len(found) * 0.93))])
    return widths


def two_widths(lengths: Sequence[int]) -> tuple[float, float]:
    """The widths of narrow and wide columns, from the lengths of lines in order: two groups around two means."""
    low, high = float(lengths[len(lengths) // 4]), float(lengths[-1])
    for _ in range(12):
        middle = (low + high) / 2
        small = [n for n in lengths if n <= middle] or [lengths[0]]
        large = [n for n in lengths if n > middle] or [lengths[-1]]
        low, high = sum(small) / len(small), sum(large) / len(large)
    return float(small[int(len(small) * 0.95)]), float(large[int(len(large) * 0.9)])


def repeated(placed: Sequence[Placed]) -> dict[str, Counter[int]]:
    """The columns in which lines that occur several times stood."""
    made: dict[str, Counter[int]] = {}
    for one in placed:
        if one.column >= 0 and not one.surplus:
            made.setdefault(one.text, Counter())[one.column] += 1
    return {text: counter for text, counter in made.items() if sum(counter.values()) > 1}


def share_numbered(fields: Sequence[str], placed: Sequence[Placed]) -> float:
    """The share of rows that open with a number."""
    if "number" not in fields:
        return 0.0
    column = fields.index("number")
    numbered = {one.row for one in placed if one.column == column and not one.surplus}
    return len(numbered) / max(1, len({one.row for one in placed if one.column >= 0}))
