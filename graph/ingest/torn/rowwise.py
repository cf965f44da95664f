"""The table of a torn text whose cells are printed row by row, as a search for the likeliest reading.

Lines (or parts of lines: cells get glued) are taken in order. Each is a number, a section row, the next line of the
cell above, the start of a cell further right, the start of a new row, or, after a repeated head, the rest of any cell
that the page break cut. A beam of readings is kept; each is scored by what the words say of the column (`signatures`),
whether the line above was full (the next word had no place on it), how a cell may begin and end, which cells a row may
lack, and running numbers. The widths of the columns are taken from a first reading, then the text is read again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.ingest.signatures import KINDS
from graph.ingest.torn.rowmoves import RowMoves
from graph.ingest.torn.rowstate import NUMBER, Piece, Placed, State, negative
from graph.ingest.torn.rowwidths import guessed_widths, measured_widths, repeated, share_numbered
from graph.text import squeeze

__all__ = ["Piece", "Placed", "RowwiseReader"]

_BEAM = 14
_SAMPLE = 260  # pieces on which the guesses of widths are tried
_MARGIN = 10.0  # readings this far behind the best are given up
_GLUE_COST = 3.0


@dataclass(slots=True)
class RowwiseReader(RowMoves):
    """Reads the body of one table with the columns `fields` (in order of print)."""

    def read(self, pieces: Sequence[Piece]) -> list[Placed]:
        """The likeliest reading of the pieces, in order.

        Which columns are wide is found on the first pieces (the guess that explains them best); the whole is read
        twice, the second time with the widths that the first reading shows.
        """
        self._none = (0,) * len(self.fields)
        self._first_content = next((n for n, name in enumerate(self.fields) if name != "number"), 0)
        sample = pieces[:_SAMPLE]
        tried: list[tuple[float, int, dict[int, float]]] = []
        for widths in guessed_widths(self.fields, pieces):
            self.widths = widths
            self._fits.clear()
            tried.append((self._search(sample)[1], len(tried), widths))
        self.widths = max(tried)[2]
        for _ in range(2):
            self._fits.clear()
            placed, _score = self._search(pieces)
            self.widths = {**self.widths, **measured_widths(placed)}
            self._seen = repeated(placed)
            self._numbered = share_numbered(self.fields, placed)
        return placed

    def _search(self, pieces: Sequence[Piece]) -> tuple[list[Placed], float]:
        count = len(self.fields)
        beam = [State(0.0, -1, -1, frozenset(), ("",) * count, 0, 0, 0, None, False, (0,) * count)]
        for piece in pieces:
            made: dict[tuple[object, ...], State] = {}
            cuts = self._cuts(piece)
            for state in beam:
                start = self._at_break(state) if piece.after_break else state
                for parts, cost in cuts:
                    if cost >= _GLUE_COST and state.score < beam[0].score - _MARGIN / 2:
                        continue
                    reached = [start]
                    for index, part in enumerate(parts):
                        reached = [
                            after for before in reached for after in self._moves(before, piece, part, index, len(parts))
                        ]
                        if len(reached) > _BEAM:
                            reached = sorted(reached, key=negative)[:_BEAM]
                    for after in reached:
                        after.score -= cost
                        key = after.key()
                        if key not in made or made[key].score < after.score:
                            made[key] = after
            beam = sorted(made.values(), key=negative)[:_BEAM]
            beam = [state for state in beam if state.score > beam[0].score - _MARGIN]
        trace: list[Placed] = []
        best = max(beam, key=lambda s: s.score - self._row_lacks(s))
        last: State | None = best
        while last is not None:
            if last.placed is not None:
                trace.append(last.placed)
            last = last.back
        trace.reverse()
        return trace, best.score

    def _at_break(self, state: State) -> State:
        return State(
            state.score, state.column, state.row, state.filled, state.tails, state.number, state.item, state.roman,
            -1, False, state.counts, state, None,
        )  # fmt: skip

    def _cuts(self, piece: Piece) -> list[tuple[tuple[str, ...], float]]:
        """The ways to cut a line into cells: whole, or before words that may open a cell."""
        text = squeeze(piece.text)
        cuts: list[tuple[tuple[str, ...], float]] = [((text,), 0.0)]
        words = text.split(" ")
        opens = []
        for index in range(1, len(words)):
            bare = words[index]
            if bare[:1].isupper() and not bare.isupper() and self._may_open(" ".join(words[index:])):
                opens.append(index)
        number = NUMBER.match(words[0]) if len(words) > 1 else None
        if number and (words[1][:1].isupper() or "%" in words[1]):
            cuts.append(((words[0], " ".join(words[1:])), 2.8 if words[0].endswith(".") else 0.3))
        for index in opens:
            cuts.append(((" ".join(words[:index]), " ".join(words[index:])), _GLUE_COST))
            if number and index > 1:
                cuts.append(((words[0], " ".join(words[1:index]), " ".join(words[index:])), _GLUE_COST + 0.3))
        for a in range(len(opens) if len(opens) <= 3 else 0):
            for b in range(a + 1, len(opens)):
                i, j = opens[a], opens[b]
                cuts.append(((" ".join(words[:i]), " ".join(words[i:j]), " ".join(words[j:])), 2 * _GLUE_COST))
        return cuts[:9]

    def _may_open(self, text: str) -> bool:
        found = self._scores(text, True)
        return max(found[KINDS.index("unit")], found[KINDS.index("time")], found[KINDS.index("product")]) > 1.5
