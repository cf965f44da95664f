"""Trains the networks for a time given in minutes, and tells how well they do on plans that are held out."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.flows.examples import UNKNOWN, CellExample, PieceExample, WordExample
from benchmarks.flows.networks import Cells, Pieces, Words

_LONGEST = 900
_DROP, _UNSEEN = 0.1, 0.4
_WARM = 100
_MIXED = 16
_TOLD = 120.0


@dataclass(frozen=True, slots=True)
class _Run:
    """How one of the networks is trained: `batches` groups examples anew for each round, `loss` is of one group."""

    net: type[nn.Module]
    batches: Callable[[Sequence[Any], random.Random], list[list[Any]]]
    loss: Callable[[Any, Sequence[Any]], Tensor]
    quality: Callable[[Any, Sequence[Any]], str]
    rate: float


def train(  # noqa: PLR0917 - what a training run is
    what: str, examples: Sequence[Any], held_out: Sequence[Any], target: Path, minutes: float, start: Path | None = None
) -> None:
    """Trains a network ("words", "pieces" or "cells") on its examples, from the weights in `start` where given, tells
    how well it does on those held out, and writes its weights."""
    run = RUNS[what]
    torch.manual_seed(0)
    pick = random.Random(0)  # noqa: S311 - an order, not a secret
    net = run.net()
    if start is not None:
        net.load_state_dict(torch.load(start))
    optimiser = torch.optim.AdamW(net.parameters(), lr=run.rate, weight_decay=0.02)
    began = told = time.monotonic()
    batches: list[list[Any]] = []
    step = 0
    net.train()
    while (spent := (time.monotonic() - began) / (60 * minutes)) < 1.0:
        if not batches:
            batches = run.batches(examples, pick)
            pick.shuffle(batches)
        for group in optimiser.param_groups:
            group["lr"] = run.rate * min(1.0, (step + 1) / _WARM) * (0.49 * (1 + math.cos(math.pi * spent)) + 0.02)
        optimiser.zero_grad()
        run.loss(net, batches.pop()).backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        step += 1
        if time.monotonic() - told > _TOLD:
            told = time.monotonic()
            print(f"{told - began:.0f} s, step {step}: {run.quality(net, held_out)}", flush=True)
    print(run.quality(net, held_out))
    torch.save(net.state_dict(), target)


def _grouped(examples: Sequence[Any], pick: random.Random, together: int) -> list[list[Any]]:
    """Pages of about the same length and with as many columns in groups, for one is filled up to the longest."""
    made = []
    for columns in sorted({_columns(one) for one in examples}):
        same = [one for one in examples if _columns(one) == columns]
        same.sort(key=lambda one: len(one.features.places) + _MIXED * pick.random())
        made += [same[at : at + together] for at in range(0, len(same), together)]
    return made


def _columns(one: Any) -> int:
    """How many columns a page of pieces has, which all of a batch must share; nothing for others."""
    return len(one.kinds) if isinstance(one, PieceExample) else 0


def word_quality(net: Words, examples: Sequence[WordExample]) -> str:
    """The share of words put into the right column, and found to open a cell or not, by tool."""
    net.eval()
    counts: dict[str, list[int]] = {}
    for one in examples:
        with torch.no_grad():
            columns, opening = net(*_tensors(one))
        known = one.columns >= 0
        found = counts.setdefault("pdfminer" if one.features.sizes[0, 10] else "pdftotext", [0, 0, 0])
        found[0] += int((columns.argmax(-1).numpy() == one.columns)[known].sum())
        found[1] += int(((opening[:, 0].numpy() > 0) == one.opens)[known].sum())
        found[2] += int(known.sum())
    net.train()
    return "  ".join(f"{tool}: column {a / n:.4f} opens {b / n:.4f}" for tool, (a, b, n) in sorted(counts.items()))


def piece_quality(net: Pieces, examples: Sequence[PieceExample]) -> str:
    """The share of words put into the right column with their pieces, and of pieces found to open or begin, by tool."""
    net.eval()
    counts: dict[str, list[int]] = {}
    for one in examples:
        with torch.no_grad():
            columns, opening = _pieces(net, [one])
        known = one.columns >= 0
        found = counts.setdefault("pdfminer" if one.features.sizes[0, 10] else "pdftotext", [0, 0, 0, 0, 0])
        found[0] += int(((columns[0].argmax(-1).numpy() == one.columns) * one.words)[known].sum())
        found[1] += int(one.words[known].sum())
        for at, truth in enumerate((one.opens, one.begins)):
            found[2 + at] += int(((opening[0, :, at].numpy() > 0) == truth)[truth >= 0].sum())
        found[4] += int((one.opens >= 0).sum())
    net.train()
    return "  ".join(
        f"{tool}: column {a / n:.4f} opens {b / m:.4f} begins {c / m:.4f}"
        for tool, (a, n, b, c, m) in sorted(counts.items())
    )


def cell_quality(net: Cells, examples: Sequence[CellExample]) -> str:
    """The share of cells given the right row, and of rows in the right order, by tool."""
    net.eval()
    counts: dict[str, list[int]] = {}
    for one in examples:
        with torch.no_grad():
            rows, above = _pointed(net, [one])
        found = counts.setdefault("pdfminer" if one.features.sizes[0, 19] else "pdftotext", [0, 0, 0, 0])
        for at, (said, truth) in enumerate(((rows, one.rows), (above, one.above))):
            known = truth >= 0
            found[2 * at] += int((said[0].argmax(-1).numpy() == truth)[known].sum())
            found[2 * at + 1] += int(known.sum())
    net.train()
    return "  ".join(
        f"{tool}: row {a / n:.4f} order {b / max(1, m):.4f}" for tool, (a, n, b, m) in sorted(counts.items())
    )


def _tensors(one: WordExample) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    shown = one.features
    return (*(torch.from_numpy(part) for part in (shown.codes, shown.sizes, shown.places)), torch.from_numpy(one.kinds))


def _word_loss(net: Words, one: WordExample) -> Tensor:
    columns, opening = net(*_tensors(one), _DROP, _UNSEEN)
    made = functional.cross_entropy(columns, torch.from_numpy(one.columns), ignore_index=UNKNOWN)
    for at, truth in enumerate((one.opens, one.begins)):
        known = torch.from_numpy(truth >= 0)
        made = made + functional.binary_cross_entropy_with_logits(
            opening[known][:, at], torch.from_numpy(truth)[known].float()
        )
    return made


def _pieces(net: Pieces, some: Sequence[PieceExample], drop: float = 0.0) -> tuple[Tensor, Tensor]:
    """Logits for a batch of pages."""
    shown = [one.features for one in some]
    real = _filled([np.ones(len(one.words), dtype=bool) for one in some])
    kinds, heads = (torch.from_numpy(np.stack(part)) for part in ([o.kinds for o in some], [f.heads for f in shown]))
    sizes, places = _filled([one.sizes for one in shown]), _filled([one.places for one in shown])
    hidden, pairs = _filled([one.hidden for one in shown]), _filled([one.pairs for one in shown])
    return net(hidden, sizes, pairs, heads, places, kinds, real, drop)


def _piece_loss(net: Pieces, some: Sequence[PieceExample]) -> Tensor:
    columns, opening = _pieces(net, some, _DROP)
    truth = _filled([one.columns for one in some], UNKNOWN)
    weight = _filled([np.sqrt(one.words).astype(np.float32) for one in some]) * (truth >= 0)
    each = functional.cross_entropy(columns.flatten(0, 1), truth.flatten(), ignore_index=UNKNOWN, reduction="none")
    made = (each.view(weight.shape) * weight).sum() / weight.sum()
    for at, name in enumerate(("opens", "begins")):
        said = _filled([getattr(one, name) for one in some], UNKNOWN)
        made = made + functional.binary_cross_entropy_with_logits(opening[..., at][said >= 0], said[said >= 0].float())
    return made


def _filled(parts: Sequence[np.ndarray], nothing: float = 0) -> Tensor:
    """Pages of one batch, each filled up to the longest."""
    longest = max(len(part) for part in parts)
    made = np.full((len(parts), longest, *parts[0].shape[1:]), nothing, dtype=parts[0].dtype)
    for n, part in enumerate(parts):
        made[n, : len(part)] = part
    return torch.from_numpy(made)


def _pointed(net: Cells, some: Sequence[CellExample], drop: float = 0.0) -> tuple[Tensor, Tensor]:
    """Logits over the cells that open a row, and none, for a batch of pages."""
    sizes, places = _filled([one.features.sizes for one in some]), _filled([one.features.places for one in some])
    if drop:  # heights and numbers of lines are not read without fault
        shaken = torch.rand(places.shape[:2])
        places[..., 6] += torch.randint(-1, 2, places.shape[:2]) * (shaken < 0.3)
        sizes[..., 4] += torch.randn(places.shape[:2]) * 0.3 * (shaken > 0.97)
    real = _filled([np.ones(len(one.kinds), dtype=bool) for one in some])
    rows, above = net(sizes, places, _filled([one.kinds for one in some]), real, drop)
    none = torch.ones(len(some), 1, dtype=torch.bool)
    allowed = torch.cat([_filled([one.fine for one in some]), none], 1)[:, None]
    return rows.masked_fill(~allowed, -1e9), above.masked_fill(~allowed, -1e9)


def _cell_loss(net: Cells, some: Sequence[CellExample]) -> Tensor:
    rows, above = _pointed(net, some, _DROP / 2)
    longest = rows.shape[1]
    made = torch.zeros(())
    for said, weight, name in ((rows, 1.0, "rows"), (above, 0.3, "above")):
        truth = torch.full((len(some), longest), UNKNOWN)
        for n, one in enumerate(some):
            own = torch.from_numpy(getattr(one, name)).clone()
            own[own == len(own)] = longest
            truth[n, : len(own)] = own
        if bool((truth >= 0).any()):
            made = made + weight * functional.cross_entropy(said.flatten(0, 1), truth.flatten(), ignore_index=UNKNOWN)
    return made


def _words_loss(net: Words, some: Sequence[WordExample]) -> Tensor:
    return sum((_word_loss(net, one) for one in some), torch.zeros(())) / len(some)


def _words_grouped(examples: Sequence[WordExample], pick: random.Random) -> list[list[WordExample]]:
    return _grouped([one for one in examples if len(one.columns) <= _LONGEST], pick, 6)


RUNS = {
    "words": _Run(Words, _words_grouped, _words_loss, word_quality, 1.3e-3),
    "pieces": _Run(Pieces, partial(_grouped, together=8), _piece_loss, piece_quality, 1.5e-3),
    "cells": _Run(Cells, partial(_grouped, together=10), _cell_loss, cell_quality, 2e-3),
}
"""The networks by name."""
