"""The face of a torn table and its columns' widths, from what a network says of its words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graph.ingest.faces import Face
from graph.ingest.flows.net import Judged
from graph.ingest.flows.tokens import Token
from graph.ingest.flows.widths import Width, fit_pieces


def fit_widths(fields: Sequence[str], pages: Sequence[tuple[Sequence[Token], Judged]]) -> tuple[Face, list[Width]]:
    """The face, and the width of each column, by the likeliest column of each piece of a line."""
    texts: list[str] = []
    said: list[np.ndarray] = []
    flows: list[int] = []
    opens: list[bool] = []
    flow = 0
    for tokens, judged in pages:
        flow += 1
        line = -1
        begins = judged.begins[:, 1] > judged.begins[:, 0]
        for n, token in enumerate(tokens):
            fresh = token.part.line.number != line
            flow += fresh and token.part.line.gap > 0
            line = token.part.line.number
            if token.part.kind != "text":
                continue
            if fresh or begins[n] or tokens[n - 1].part.kind != "text":
                texts.append(token.word)
                said.append(judged.columns[n, : len(fields)].copy())
                flows.append(flow)
                opens.append(bool(judged.opens[n, 1] > judged.opens[n, 0]))
            else:
                texts[-1] += f" {token.word}"
                said[-1] += judged.columns[n, : len(fields)]
    labels = [int(one.argmax()) for one in said]
    order = sorted(range(len(texts)), key=lambda n: (labels[n], n))
    pairs = np.array([
        k > 0 and labels[n] == labels[before] and flows[n] == flows[before] and not opens[n]
        and texts[before][-1] not in "-/;." and texts[n][:1].islower()
        for k, n, before in zip(range(len(order)), order, [-1, *order], strict=False)
    ])  # fmt: skip
    return fit_pieces(fields, [texts[n] for n in order], np.array([labels[n] for n in order]), pairs)
