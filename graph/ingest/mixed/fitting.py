"""The face and the columns' widths under which a torn table's lines make most sense, and the pieces they then give.

Likely widths are learnt from the texts of the columns, tried on a sample of the lines, varied while that helps, and
refined by turns with the reading that they lead to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from graph.ingest.faces import FACES, Face
from graph.ingest.mixed.decode import CONTENT, Decoder, Piece, labelled
from graph.ingest.mixed.page import Table
from graph.ingest.mixed.widths import TextLine, Width, fit_pieces, learn_widths, text_lines
from graph.ingest.signatures import Signatures

_TURNS = 3
_SAMPLE = 80
_TRIED = 4
_MOVES = 34
_ORDINARY = "các cơ quan hành chính nhà nước"
_ENOUGH = 3.0


def decode(table: Table, model: Signatures) -> tuple[list[Piece], Face, list[Width]]:
    """The pieces of the table, its face, and the widths of its columns, found by turns."""
    lines = text_lines(table)
    labels = labelled(table.columns, lines)
    face, widths = _chosen(table.columns, lines, model, labels)
    pieces: list[Piece] = []
    for _ in range(_TURNS):
        pieces = Decoder(table.columns, model, face, widths, labels).run(lines)
        before = widths
        face, widths = _refined(table.columns, pieces)
        if all(abs(a.low - b.low) < 0.06 for a, b in zip(before, widths, strict=True)):
            break
    return pieces, face, widths


def _chosen(
    columns: Sequence[str], lines: Sequence[TextLine], model: Signatures, labels: Mapping[int, int]
) -> tuple[Face, list[Width]]:
    """Of the likely faces and widths those that explain a sample of the lines best."""
    likely = learn_widths(columns, lines, model)
    sample = lines[:_SAMPLE]
    enough = _ENOUGH * len(sample)
    tries = _Tries(columns, sample, model, labels)
    for _, face, widths, _ in likely[:_TRIED]:
        tries.take(face, widths)
        if tries.score >= enough:
            return tries.face, tries.widths
    turned, faced = True, False
    while turned and tries.left > 0 and tries.score < enough:
        turned = False
        start = tries.score
        for widths in _moves(columns, tries.widths):
            if tries.left > 0 and tries.take(tries.face, widths) and tries.score > start + 1.0:
                turned = True
                break
        if not turned and not faced:
            faced = turned = True
            for name in FACES:
                share = Face(name).width(_ORDINARY) / tries.face.width(_ORDINARY)
                if name != tries.face.name:
                    tries.take(Face(name), [Width(share * w.low, share * w.high, 0) for w in tries.widths])
    return tries.face, tries.widths


class _Tries:
    """Widths tried on a sample of the lines, and the best so far."""

    def __init__(
        self, columns: Sequence[str], lines: Sequence[TextLine], model: Signatures, labels: Mapping[int, int]
    ) -> None:
        self.columns, self.lines, self.model, self.labels = columns, lines, model, labels
        self.score = -1e18
        self.face = Face("times")
        self.widths: list[Width] = []
        self.left = _MOVES
        self._seen: set[tuple[object, ...]] = set()

    def take(self, face: Face, widths: list[Width]) -> bool:
        """Tries widths and what they lead to; whether they are better than all before."""
        better = False
        self.left -= 1
        for turn in range(2):
            key = (face.name, *(round(width.low, 1) for width in widths))
            if key in self._seen:
                break
            self._seen.add(key)
            decoder = Decoder(self.columns, self.model, face, widths, self.labels, beam=3)
            pieces = decoder.run(self.lines)
            if decoder.score > self.score:
                better = True
                self.score, self.face, self.widths = decoder.score, face, widths
            if not turn:
                face, widths = _refined(self.columns, pieces)
        return better


def _moves(columns: Sequence[str], widths: Sequence[Width]) -> Iterator[list[Width]]:
    """Other widths near by: a column that swallowed its neighbour gives it up, columns change places, one is narrower
    or wider."""
    count = len(columns)
    order = sorted(range(count), key=lambda c: (columns[c] not in CONTENT, -widths[c].low))

    def other(changes: Mapping[int, float]) -> list[Width]:
        return [Width(changes[c], changes[c], 0) if c in changes else w
                for c, w in enumerate(widths)]  # fmt: skip

    wide = [c for c in order if columns[c] in CONTENT]
    for c in wide:
        for share in (0.8, 0.64):
            yield other({c: share * widths[c].low})
    for c in order:
        for neighbour in (c + 1, c - 1):
            if 0 <= neighbour < count and (rest := widths[c].low - widths[neighbour].low - 0.5) > 3.0:
                yield other({c: rest})
    for c in wide:
        if c + 1 < count and abs(widths[c].low - widths[c + 1].low) > 0.5:
            yield other({c: widths[c + 1].low, c + 1: widths[c].low})
    for share in (1.35, 0.7):
        for c in order:
            if share > 1.0 or c not in wide:
                yield other({c: share * widths[c].low})


def _refined(columns: Sequence[str], pieces: Sequence[Piece]) -> tuple[Face, list[Width]]:
    """The face and widths that agree best with the pieces."""
    order = sorted(range(len(pieces)), key=lambda n: (pieces[n].column, n))
    ranked = [pieces[n] for n in order]
    pairs = np.array([
        n > 0 and not b.opens and ranked[n - 1].column == b.column and ranked[n - 1].flow == b.flow
        and ranked[n - 1].text[-1] not in "-/;." and b.text[:1].islower()
        for n, b in enumerate(ranked)
    ])  # fmt: skip
    return fit_pieces(columns, [piece.text for piece in ranked], np.array([p.column for p in ranked]), pairs)
