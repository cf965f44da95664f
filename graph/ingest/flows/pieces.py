"""The pieces of a page's lines as numbers for the network that looks at pieces (`graph.ingest.flows.net`).

A piece is a run of words of one line that may be a line of a cell, or part of one: lines are cut wherever it is not
unlikely that a cell's line begins. What tells columns apart best is not what a piece says but how long it is: a line of
a cell is no wider than its column, and the next word would not have fitted. So for every piece and column it is told by
how much the piece, and the piece with the word that would come next, exceeds the column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph.ingest.faces import Face
from graph.ingest.flows.net import Array, Judged, PieceFeatures, Whole
from graph.ingest.flows.pairs import Pairs
from graph.ingest.flows.tokens import Token
from graph.ingest.flows.widths import Width

_LIKELY = -2.5  # log odds from which a line is cut; at 0 six pieces in a hundred held words of two columns
_LOOK = 0.1  # what the opinion on words still weighs beside that on pieces
_SHARED = 0.8  # words of one piece are no independent witnesses: by this power of their number each tells less
_REACH = 12  # lines
_SHARP = 2.0
_KNOWN = 10.0
_NATS = 4.0
PAIRS, SIZES, HIDDEN = 20, 22, 384
"""How many numbers tell of a piece in a column, of a piece, and what the network of words made of it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of one line: the places of its first and behind its last among the words of the page, its text."""

    first: int
    end: int
    text: str


def pieces_of(tokens: Sequence[Token], judged: Judged) -> list[Piece]:
    """The pieces of a page, in order of print."""
    odds = judged.begins[:, 1] - judged.begins[:, 0]
    starts = [
        n for n, token in enumerate(tokens)
        if not n or token.part is not tokens[n - 1].part or odds[n] > _LIKELY
    ]  # fmt: skip
    return [
        Piece(first, end, " ".join(token.word for token in tokens[first:end]))
        for first, end in zip(starts, [*starts[1:], len(tokens)], strict=True)
    ]


def piece_features(  # noqa: PLR0917 - what pieces are described by
    pieces: Sequence[Piece], tokens: Sequence[Token], places: Whole, judged: Judged, face: Face,
    widths: Sequence[Width], miner: bool, pairs: Pairs,
) -> PieceFeatures:  # fmt: skip
    """The pieces as numbers. `places`: of the words, as in `WordFeatures`; `judged`: what is said of the words;
    `miner`: the text was printed box by box; `pairs`: how words follow each other."""
    columns = len(widths)
    firsts = np.array([piece.first for piece in pieces])
    length = np.array([piece.end - piece.first for piece in pieces])
    said = np.add.reduceat(judged.columns, firsts, axis=0) / length[:, None]
    likeliest = said[:, :columns].argmax(axis=1)
    line, flow = places[firsts, 1], places[firsts, 2]
    text = np.array([tokens[n].part.kind == "text" for n in firsts])
    near = _neighbours(line, flow, text, likeliest, columns)
    ends = [tokens[piece.end - 1].word for piece in pieces]
    starts = [tokens[piece.first].word for piece in pieces]

    def follows(left: int, right: int) -> float:
        return pairs.follows(ends[left], starts[right]) / _NATS if left >= 0 and right >= 0 else 0.0

    low = np.array([width.low for width in widths], dtype=np.float32)
    known = np.array([min(width.known, _KNOWN) / _KNOWN for width in widths], dtype=np.float32)
    wide = np.array([face.width(piece.text) for piece in pieces], dtype=np.float32)
    leading = np.r_[True, line[1:] != line[:-1]]
    fits = np.zeros((len(pieces), columns, PAIRS), dtype=np.float32)
    fits[..., 0] = known
    fits[..., 1] = low / 12
    _fit_columns(fits, face, pieces, tokens, (wide, low, line, leading), near)
    fits[..., 14] = np.maximum(said[:, :columns], -10) / 5
    fits[..., 15] = np.maximum(said[:, :columns] - said[:, :columns].max(axis=1, keepdims=True), -10) / 5
    for n, c in np.argwhere(near.above >= 0):
        fits[n, c, 18] = follows(int(near.above[n, c]), int(n))
    for n, c in np.argwhere(near.below >= 0):
        fits[n, c, 19] = follows(int(n), int(near.below[n, c]))

    inside = [0.0 if leading[n] else follows(n - 1, n) for n in range(len(pieces))]
    _, own, counts = np.unique(line, return_inverse=True, return_counts=True)
    _, first, flows = np.unique(flow, return_index=True, return_inverse=True)
    deep = line - line[first][flows]
    lines_of = np.array([deep[flows == n].max() + 1 for n in range(len(first))])[flows]
    letters = np.array([piece.text[0] for piece in pieces])
    sizes = np.stack([
        wide / 12, length / 8, leading, np.r_[leading[1:], True], near.at / 4, counts[own] / 4, deep == 0,
        np.minimum(deep, 20) / 10, np.minimum(lines_of, 30) / 15, line / max(1, line[-1]), np.full(len(pieces), miner),
        np.char.isupper(letters), np.char.isdigit(letters), text,
        judged.begins[firsts, 1] - judged.begins[firsts, 0] > 0, np.maximum(judged.begins[firsts, 1], -6) / 3,
        np.maximum(judged.opens[firsts, 1], -6) / 3, np.maximum(said[:, columns], -6) / 3,
        inside, [*inside[1:], 0.0], [follows(m, n) for n, m in enumerate(near.before)],
        [follows(n, m) for n, m in enumerate(near.after)],
    ], axis=1).astype(np.float32)  # fmt: skip
    high = np.array([width.high for width in widths], dtype=np.float32)
    heads = np.stack([low / 12, high - low, known], axis=1)
    mean = np.add.reduceat(judged.hidden, firsts, axis=0) / length[:, None]
    hidden = np.concatenate([mean, judged.hidden[firsts], judged.hidden[firsts + length - 1]], axis=1)
    where = np.stack([np.arange(len(pieces)), line, flow, likeliest], axis=1).astype(np.int64)
    return PieceFeatures(hidden.astype(np.float32), sizes, fits, heads, where)


@dataclass(frozen=True, slots=True)
class _Near:
    """By piece: its place in its line (`at`); the first of the line below (`after`) and the last of the line above
    (`before`), -1 for none, in other flows; by piece and column the next below and the next above in its flow that most
    likely stand there."""

    at: Array
    after: Whole
    before: Whole
    below: Whole
    above: Whole


def _fit_columns(  # noqa: PLR0917 - what a piece is measured by
    fits: Array, face: Face, pieces: Sequence[Piece], tokens: Sequence[Token],
    measured: tuple[Array, Array, Whole, np.ndarray], near: _Near,
) -> None:  # fmt: skip
    """By how much each piece exceeds each column: alone, with the next of its line, with all of its line; and with the
    word that may come next, or the piece above with this one's first word."""
    wide, low, line, leading = measured
    opening = np.array([face.width(tokens[piece.first].word) for piece in pieces], dtype=np.float32)
    space = np.array([0.0 if piece.text[-1] in "-/" else face.space for piece in pieces], dtype=np.float32)
    over = wide[:, None] - low
    fits[..., 2] = np.clip(over / 4, -3, 1)
    fits[..., 3] = np.tanh(_SHARP * over)
    joined = (wide + space)[:-1] + wide[1:]
    fits[:-1, :, 4] = np.where(leading[1:, None], 0.0, np.tanh(_SHARP * (joined[:, None] - low)))
    total = np.bincount(line, wide + face.space) - face.space
    fits[..., 5] = np.tanh(_SHARP * (total[line][:, None] - low))
    for place, other, forward in ((6, near.after[:, None], True), (8, near.below, True),
                                  (10, near.before[:, None], False), (12, near.above, False)):  # fmt: skip
        there = np.broadcast_to(other >= 0, over.shape)
        one = np.maximum(other, 0)
        tried = (wide + space)[:, None] + opening[one] if forward else (wide + space)[one] + opening[:, None]
        beyond = np.where(there, tried - low, 0.0)
        fits[..., place] = np.tanh(_SHARP * beyond)
        fits[..., place + 1] = there
        if other.shape[1] > 1:
            fits[..., 16 if forward else 17] = np.clip(beyond / 4, -3, 1)


def _neighbours(line: Whole, flow: Whole, text: np.ndarray, likeliest: Whole, columns: int) -> _Near:
    count = len(line)
    at = np.zeros(count, dtype=np.float32)
    after, before = np.full(count, -1), np.full(count, -1)
    below, above = np.full((count, columns), -1), np.full((count, columns), -1)
    for n in range(count):
        at[n] = at[n - 1] + 1 if n and line[n] == line[n - 1] else 0
        for m in range(n + 1, count):
            if flow[m] != flow[n] or line[m] > line[n] + _REACH:
                break
            if line[m] == line[n] or not text[m]:
                continue
            if after[n] < 0 and line[m] == line[n] + 1:
                after[n] = m
            if line[n] == line[m] - 1:
                before[m] = n
            if text[n] and below[n, likeliest[m]] < 0:
                below[n, likeliest[m]] = m
            if text[n]:
                above[m, likeliest[n]] = n
    return _Near(at, after, before, below, above)


def spread(pieces: Sequence[Piece], words: Judged, said: Judged) -> Judged:
    """What is said of the words after the look at the pieces: `words` before it, `said` of the pieces."""
    columns = _LOOK * words.columns
    opens, begins = words.opens.copy(), words.begins.copy()
    for n, piece in enumerate(pieces):
        length = piece.end - piece.first
        columns[piece.first : piece.end] += said.columns[n] * length**-_SHARED
    firsts = [piece.first for piece in pieces]
    opens[firsts], begins[firsts] = said.opens, said.begins
    return Judged(columns, opens, begins, words.hidden)
