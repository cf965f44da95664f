"""Trains the two networks for a time given in minutes, and tells how well they do on plans that are held out."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.flows.examples import UNKNOWN, CellExample, WordExample
from benchmarks.flows.networks import Cells, Words

_LONGEST = 900
_WORD_PAGES, _CELL_PAGES = 6, 10
_DROP, _UNSEEN, _UNMEASURED = 0.1, 0.4, 0.35
_WARM = 100
_TOLD = 120.0


def train_words(  # noqa: PLR0917 - what a training run is
    examples: Sequence[WordExample], held_out: Sequence[WordExample], target: Path, minutes: float,
    start: Path | None = None, rate: float = 1.3e-3,
) -> None:  # fmt: skip
    """Trains `Words`, from the weights in `start` where given, and writes its weights."""
    net = Words()
    if start is not None:
        net.load_state_dict(torch.load(start), strict=False)
    learnt = [example for example in examples if len(example.columns) <= _LONGEST]

    def loss(some: Sequence[WordExample]) -> Tensor:
        return sum((_word_loss(net, one) for one in some), torch.zeros(())) / len(some)

    _train(net, learnt, _WORD_PAGES, loss, minutes, rate, lambda: print(word_quality(net, held_out), flush=True))
    torch.save(net.state_dict(), target)


def train_cells(  # noqa: PLR0917 - what a training run is
    examples: Sequence[CellExample], held_out: Sequence[CellExample], target: Path, minutes: float,
    start: Path | None = None, rate: float = 2e-3,
) -> None:  # fmt: skip
    """Trains `Cells`, from the weights in `start` where given, and writes its weights."""
    net = Cells()
    if start is not None:
        net.load_state_dict(torch.load(start), strict=False)
    ordered = sorted(examples, key=lambda example: len(example.kinds))  # pages of like length share a batch
    batches = [ordered[at : at + _CELL_PAGES] for at in range(0, len(ordered), _CELL_PAGES)]

    def loss(some: Sequence[Sequence[CellExample]]) -> Tensor:
        return _cell_loss(net, some[0])

    _train(net, batches, 1, loss, minutes, rate, lambda: print(cell_quality(net, held_out), flush=True))
    torch.save(net.state_dict(), target)


def word_quality(net: Words, examples: Sequence[WordExample]) -> str:
    """The share of words put into the right column, and found to open a cell or not, by tool."""
    net.eval()
    counts: dict[str, list[int]] = {}
    for one in examples:
        with torch.no_grad():
            columns, opening = net(*_tensors(one), torch.from_numpy(one.widths))
        known = one.columns >= 0
        found = counts.setdefault("pdfminer" if one.features.sizes[0, 10] else "pdftotext", [0, 0, 0])
        found[0] += int((columns.argmax(-1).numpy() == one.columns)[known].sum())
        found[1] += int(((opening[:, 0].numpy() > 0) == one.opens)[known].sum())
        found[2] += int(known.sum())
    net.train()
    return "  ".join(f"{tool}: column {a / n:.4f} opens {b / n:.4f}" for tool, (a, b, n) in sorted(counts.items()))


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


def _train(  # noqa: PLR0917 - what a training run is
    net: nn.Module, examples: Sequence[Any], together: int, loss: Callable[[Sequence[Any]], Tensor],
    minutes: float, rate: float, tell: Callable[[], None],
) -> None:  # fmt: skip
    torch.manual_seed(0)
    pick = random.Random(0)  # noqa: S311 - an order, not a secret
    optimiser = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.02)
    began = told = time.monotonic()
    order: list[int] = []
    step = 0
    net.train()
    while (spent := (time.monotonic() - began) / (60 * minutes)) < 1.0:
        if len(order) < together:
            order = list(range(len(examples)))
            pick.shuffle(order)
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / _WARM) * (0.49 * (1 + math.cos(math.pi * spent)) + 0.02)
        optimiser.zero_grad()
        loss([examples[order.pop()] for _ in range(together)]).backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        step += 1
        if time.monotonic() - told > _TOLD:
            told = time.monotonic()
            print(f"{told - began:.0f} s, step {step}:", end=" ")
            tell()
    tell()


def _tensors(one: WordExample) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    shown = one.features
    return (*(torch.from_numpy(part) for part in (shown.codes, shown.sizes, shown.places)), torch.from_numpy(one.kinds))


def _word_loss(net: Words, one: WordExample) -> Tensor:
    widths = torch.from_numpy(one.widths)
    if random.random() < _UNMEASURED:  # noqa: S311 - widths are not known when a page is looked at first
        widths = torch.zeros_like(widths)
    columns, opening = net(*_tensors(one), widths, _DROP, _UNSEEN)
    made = functional.cross_entropy(columns, torch.from_numpy(one.columns), ignore_index=UNKNOWN)
    for at, truth in enumerate((one.opens, one.begins)):
        known = torch.from_numpy(truth >= 0)
        made = made + functional.binary_cross_entropy_with_logits(
            opening[known][:, at], torch.from_numpy(truth)[known].float()
        )
    return made


def _pointed(net: Cells, some: Sequence[CellExample], drop: float = 0.0) -> tuple[Tensor, Tensor]:
    """Logits over the cells that open a row, and none, for a batch of pages."""
    longest = max(len(one.kinds) for one in some)

    def filled(parts: Sequence[np.ndarray]) -> Tensor:
        made = np.zeros((len(parts), longest, *parts[0].shape[1:]), dtype=parts[0].dtype)
        for n, part in enumerate(parts):
            made[n, : len(part)] = part
        return torch.from_numpy(made)

    sizes, places = filled([one.features.sizes for one in some]), filled([one.features.places for one in some])
    if drop:  # heights and numbers of lines are not read without fault
        shaken = torch.rand(places.shape[:2])
        places[..., 6] += torch.randint(-1, 2, places.shape[:2]) * (shaken < 0.3)
        sizes[..., 4] += torch.randn(places.shape[:2]) * 0.3 * (shaken > 0.97)
    real = filled([np.ones(len(one.kinds), dtype=bool) for one in some])
    rows, above = net(sizes, places, filled([one.kinds for one in some]), real, drop)
    none = torch.ones(len(some), 1, dtype=torch.bool)
    allowed = torch.cat([filled([one.fine for one in some]), none], 1)[:, None]
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
