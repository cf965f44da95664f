"""The networks of `graph.ingest.flows.net` for training. Names of weights and all sums are the same as there."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from graph.ingest.flows.pieces import HIDDEN, PAIRS, SIZES
from graph.ingest.flows.tokens import HASHES, KINDS

_STEPS, _NEAR = 25, 12
_FLOW, _SLICE, _HEIGHT, _COUNTED = 2, 3, 6, 7


class _Block(nn.Module):
    def __init__(self, wide: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.n1, self.n2 = nn.LayerNorm(wide), nn.LayerNorm(wide)
        self.qkv, self.o = nn.Linear(wide, 3 * wide), nn.Linear(wide, wide)
        self.f1, self.f2 = nn.Linear(wide, 3 * wide), nn.Linear(3 * wide, wide)

    def forward(self, x: Tensor, bias: Tensor, drop: float) -> Tensor:
        pages, count, wide = x.shape
        made = self.qkv(self.n1(x)).view(pages, count, 3, self.heads, wide // self.heads).permute(2, 0, 3, 1, 4)
        q, k, v = made[0], made[1], made[2]
        seen = (q @ k.transpose(-1, -2) / math.sqrt(wide // self.heads) + bias).softmax(-1)
        x = x + functional.dropout(self.o((seen @ v).transpose(1, 2).reshape(pages, count, wide)), drop, self.training)
        inner = self.f2(functional.gelu(self.f1(self.n2(x))))
        return x + functional.dropout(inner, drop, self.training)


class _Spread(torch.autograd.Function):
    """What holds between lines, for each pair of their words."""

    @staticmethod
    def forward(ctx: Any, between: Tensor, line: Tensor, inside: Tensor) -> Tensor:
        ctx.save_for_backward(inside)
        return between.index_select(1, line).index_select(2, line)

    @staticmethod
    def backward(ctx: Any, made: Tensor) -> tuple[Tensor, None, None]:
        (inside,) = ctx.saved_tensors
        return inside.T @ (made @ inside), None, None


class Words(nn.Module):
    """What each word is: its column, and whether it opens a cell or begins a line of one."""

    def __init__(self, wide: int = 128, layers: int = 4, heads: int = 4) -> None:
        super().__init__()
        self.w, self.f = nn.Embedding(HASHES, 64), nn.Embedding(HASHES, 64)
        self.shape, self.end = nn.Embedding(12, 16), nn.Embedding(8, 16)
        self.inp = nn.Linear(64 + 16 + 16 + 14, wide)
        self.kind, self.place, self.rplace = (nn.Embedding(n, wide) for n in (len(KINDS), 12, 12))
        self.bt, self.bl, self.bf = (nn.Parameter(torch.zeros(layers, heads, _STEPS)) for _ in range(3))
        self.bh = nn.Parameter(torch.zeros(layers, heads, 3))
        self.blocks = nn.ModuleList(_Block(wide, heads) for _ in range(layers))
        self.nf = nn.LayerNorm(wide)
        self.cq, self.ck, self.none, self.st = (nn.Linear(wide, n) for n in (wide, wide, 1, 2))
        nn.init.normal_(self.w.weight, std=0.1)
        nn.init.normal_(self.f.weight, std=0.1)

    def forward(  # noqa: PLR0917 - a page as numbers
        self, codes: Tensor, sizes: Tensor, places: Tensor, kinds: Tensor, drop: float = 0.0, unseen: float = 0.0
    ) -> tuple[Tensor, Tensor]:
        """Logits of the columns (the last: none) and of opening and beginning; `unseen`: share of words to hide."""
        count, columns = len(codes), len(kinds)
        word, folded = self.w(codes[:, 0]), self.f(codes[:, 1])
        if self.training and unseen:
            word = word * (torch.rand(count, 1) > unseen)
            folded = folded * (torch.rand(count, 1) > unseen / 2)
        x = self.inp(torch.cat([word + folded, self.shape(codes[:, 2]), self.end(codes[:, 3]), sizes], -1))
        place = torch.arange(columns)
        heads = self.kind(kinds) + self.place(place) + self.rplace(columns - 1 - place)
        x = torch.cat([heads, x])[None]
        inside = functional.one_hot(places[:, 1]).to(x.dtype)  # (words, lines): distances of lines and flows are theirs
        apart = _near(torch.arange(1 - count, count))
        lines = torch.arange(inside.shape[1])
        flows = torch.zeros_like(lines).scatter(0, places[:, 1], places[:, 2])
        between, across = (_near(one[None, :] - one[:, None]) for one in (lines, flows))
        for layer, block in enumerate(self.blocks):
            bias = x.new_zeros(block.heads, count + columns, count + columns)
            rows = self.bl[layer][:, between] + self.bf[layer][:, across]
            words = self.bt[layer][:, apart].unfold(1, count, 1).flip(1)
            bias[:, columns:, columns:] = words + _Spread.apply(rows, places[:, 1], inside)
            bias[:, columns:, :columns] = self.bh[layer][:, 0, None, None]
            bias[:, :columns, columns:] = self.bh[layer][:, 1, None, None]
            x = block(x, bias[None], drop)
        x = self.nf(x[0])
        heads, words = x[:columns], x[columns:]
        column = self.cq(words) @ self.ck(heads).T / math.sqrt(x.shape[1])
        return torch.cat([column, self.none(words)], -1), self.st(words)


class Pieces(nn.Module):
    """In which column each piece stands, and whether it opens a cell or begins a line of one. Pages in batches, filled
    up with nothing."""

    def __init__(self, wide: int = 128, layers: int = 5, heads: int = 4, relations: int = 4) -> None:
        super().__init__()
        self.hid, self.inp = nn.Linear(HIDDEN, wide), nn.Linear(SIZES, wide)
        self.p1, self.ph, self.p2 = nn.Linear(PAIRS, 48), nn.Linear(wide, 48), nn.Linear(48, wide)
        self.kind, self.place, self.rplace = (nn.Embedding(n, wide) for n in (len(KINDS), 12, 12))
        self.hw = nn.Linear(3, wide)
        self.b = nn.Parameter(torch.zeros(relations, _STEPS, layers * heads))
        self.bh = nn.Parameter(torch.zeros(2, layers, heads))
        self.blocks = nn.ModuleList(_Block(wide, heads) for _ in range(layers))
        self.nf = nn.LayerNorm(wide)
        self.cq, self.ck, self.none, self.st = (nn.Linear(wide, n) for n in (wide, wide, 1, 2))
        self.o1, self.o2 = nn.Linear(PAIRS, 32), nn.Linear(32, 1)

    def forward(  # noqa: PLR0917 - pages as numbers
        self, hidden: Tensor, sizes: Tensor, pairs: Tensor, widths: Tensor, places: Tensor, kinds: Tensor, real: Tensor,
        drop: float = 0.0,
    ) -> tuple[Tensor, Tensor]:  # fmt: skip
        """Logits of the columns (the last: none) and of opening and beginning. All pages of a batch have as many
        columns; `real`: which places hold a piece."""
        pages, count, columns = pairs.shape[:3]
        place = torch.arange(columns)
        heads = self.kind(kinds) + self.place(place) + self.rplace(columns - 1 - place) + self.hw(widths)
        fits = functional.relu(self.p1(pairs) + self.ph(heads)[:, None])
        x = self.inp(sizes) + functional.dropout(self.hid(hidden), drop, self.training) + self.p2(fits.mean(2))
        x = torch.cat([heads, x], 1)
        near = _near(places[:, None, :, :] - places[:, :, None, :])
        bias = torch.zeros(pages, columns + count, columns + count, self.b.shape[2])
        bias[:, columns:, columns:] = sum(functional.embedding(near[..., n], self.b[n]) for n in range(len(self.b)))
        bias[:, columns:, :columns] = self.bh[0].flatten()
        bias[:, :columns, columns:] = self.bh[1].flatten()
        hide = torch.cat([torch.zeros(pages, columns), (~real) * -1e9], 1)
        bias = (bias + hide[:, None, :, None]).permute(3, 0, 1, 2).unflatten(0, (len(self.blocks), -1))
        for layer, block in enumerate(self.blocks):
            x = block(x, bias[layer].transpose(0, 1), drop)
        x = self.nf(x)
        heads, x = x[:, :columns], x[:, columns:]
        column = self.cq(x) @ self.ck(heads).transpose(1, 2) / math.sqrt(x.shape[-1])
        column = column + self.o2(functional.relu(self.o1(pairs)))[..., 0]
        return torch.cat([column, self.none(x)], -1), self.st(x)


class Cells(nn.Module):
    """Where each cell stands: its row, and the order of the rows. Pages in batches, filled up with nothing."""

    def __init__(self, wide: int = 96, layers: int = 5, heads: int = 4, relations: int = 8) -> None:
        super().__init__()
        self.inp, self.kind = nn.Linear(24, wide), nn.Embedding(len(KINDS), wide)
        self.b = nn.Parameter(torch.zeros(layers, heads, relations, _STEPS))
        self.blocks = nn.ModuleList(_Block(wide, heads) for _ in range(layers))
        self.nf = nn.LayerNorm(wide)
        self.rq, self.rk, self.aq, self.ak = (nn.Linear(wide, wide) for _ in range(4))
        self.rb = nn.Parameter(torch.zeros(2, relations, _STEPS))
        self.rnone, self.anone = nn.Linear(wide, 1), nn.Linear(wide, 1)

    def forward(
        self, sizes: Tensor, places: Tensor, kinds: Tensor, real: Tensor, drop: float = 0.0
    ) -> tuple[Tensor, Tensor]:
        """Logits of the cell beside and of the cell above (the last: none). `real`: which places hold a cell."""
        near = list(_near(places[:, None, :, :] - places[:, :, None, :]).unbind(-1))
        apart = places[:, None, :, _FLOW] != places[:, :, None, _FLOW]
        for n in (_SLICE, _HEIGHT):
            near[n] = near[n].masked_fill(apart, _STEPS - 1)
        counted = places[..., _COUNTED] > 0
        near[_COUNTED] = near[_COUNTED].masked_fill(~(counted[:, None, :] & counted[:, :, None]), _STEPS - 1)
        x = self.inp(sizes) + self.kind(kinds)
        hidden = (~real)[:, None, None, :] * -1e9
        for layer, block in enumerate(self.blocks):
            bias = sum(self.b[layer][:, n][:, one] for n, one in enumerate(near)).permute(1, 0, 2, 3)
            x = block(x, bias + hidden, drop)
        x = self.nf(x)
        made = []
        for at, (query, key, none) in enumerate(((self.rq, self.rk, self.rnone), (self.aq, self.ak, self.anone))):
            scores = query(x) @ key(x).transpose(1, 2) / math.sqrt(x.shape[-1])
            made.append(torch.cat([scores + sum(self.rb[at][n][one] for n, one in enumerate(near)), none(x)], -1))
        return made[0], made[1]


def _near(apart: Tensor) -> Tensor:
    """Signed distances in 25 steps that widen."""
    size = apart.abs()
    far = (4 + 2 * torch.log2(size.clamp(min=1).float() / 4)).floor().long().clamp(max=_NEAR)
    return (torch.sign(apart) * torch.where(size <= 4, size, far) + _NEAR).long()
