"""Tables to learn from: rows of the written plans, with agencies, times and products mixed between plans, so that no
network can know a row by heart."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.drawn.document import draw
from benchmarks.drawn.style import FIELDS, Style
from benchmarks.rendered import WRITTEN, rows_of, tear, truth

Rows = list[dict[str, Any]]
HELD_OUT = frozenset(("so-ngoai-vu", "ubnd-thanh-pho", "kho-bac", "phuong-nam-bo", "so-noi-vu-hop-nhat", "xa-mien-tay",
                      "so-tai-nguyen", "bql-khu-cong-nghiep"))  # fmt: skip
"""Written plans that are not mixed in: what is measured on them is told of text not learnt from."""
_ANNOTATED = ("000", "001", "002", "003", "000_IV-VIII", "004")
_SEED, _STRIDE = 400_000, 17
_BATCH = 40
_FEWEST = 4


def sources() -> dict[str, tuple[Rows, dict[str, str]]]:
    """The rows and section titles of the plans to mix."""
    return {name: rows_of(name) for name in (*(n for n in WRITTEN if n not in HELD_OUT), *_ANNOTATED)}


def every_text() -> list[str]:
    """Every different text of a cell of the annotated plans."""
    plans = (*WRITTEN, *_ANNOTATED, "p2", "p4")
    return sorted({row[name] for plan in plans for row in rows_of(plan)[0] for name in FIELDS if row[name]})


def mix(plans: Mapping[str, tuple[Rows, dict[str, str]]], seed: int) -> tuple[Rows, dict[str, str]]:
    """Some neighbouring rows of one plan, perhaps two, with cells of others."""
    pick = random.Random(seed)  # noqa: S311 - a drawing, not a secret
    names = sorted(plans)
    base, titles = plans[pick.choice(names)]
    count = pick.randint(14, 34)
    first = pick.randint(0, max(0, len(base) - count))
    rows = [dict(row) for row in base[first : first + count]]
    if pick.random() < 0.35:
        other = plans[pick.choice(names)][0]
        if _filled(other) == _filled(base):
            rows = rows[: count // 2] + [dict(row) for row in other[: count // 2]]
    if pick.random() < 0.75:
        _mix_units(rows, [row for name in pick.sample(names, 2) for row in plans[name][0]], pick)
        _mix_field(rows, "time", [row for name in pick.sample(names, 3) for row in plans[name][0]], pick, 0.6)
    if pick.random() < 0.4:
        _mix_field(rows, "product", [row for name in pick.sample(names, 3) for row in plans[name][0]], pick, 0.5)
    return rows, titles


def _filled(rows: Rows) -> list[bool]:
    return [any(row[name] for row in rows) for name in FIELDS]


def _mix_units(rows: Rows, others: Rows, pick: random.Random) -> None:
    """Gives the rows agencies of other plans; neighbours that shared a lead mostly still do."""
    every = [unit for row in others for unit in (*row["lead_units"], *row["coord_units"])]
    if not every:
        return
    pool = pick.sample(every, min(len(every), pick.randint(4, 12)))
    coordinating = any(row["coord"] for row in rows)
    leads: dict[str, list[str]] = {}
    for row in rows:
        if row["lead"]:
            old = row["lead"]
            units = [pick.choice(pool)] if pick.random() < 0.5 else leads.setdefault(old, [pick.choice(pool)])
            row["lead_units"], row["lead"] = units, "; ".join(units)
        if coordinating and (row["coord"] or pick.random() < 0.5):
            units = pick.sample(pool, min(pick.choice((0, 1, 1, 1, 1, 2, 2, 3)), len(pool)))
            row["coord_units"], row["coord"] = units, "; ".join(units)


def _mix_field(rows: Rows, name: str, others: Rows, pick: random.Random, share: float) -> None:
    texts = [row[name] for row in others if row[name]]
    for row in rows:
        if row[name] and texts and pick.random() < share:
            row[name] = pick.choice(texts)


def draw_mixed(folder: Path, seeds: Sequence[int]) -> int:
    """Draws, prints and tears a table for each seed; returns how many. Beside each PDF: its texts and truth (.json)."""
    plans = sources()
    folder.mkdir(parents=True, exist_ok=True)
    drawn: list[Path] = []
    for seed in seeds:
        rows, titles = mix(plans, seed)
        filled = [name for name, has in zip(FIELDS, _filled(rows), strict=True) if has]
        if len(filled) < _FEWEST:
            continue
        style = Style.of(_SEED + seed * _STRIDE, filled)
        target = folder / f"mixed-{seed:05d}.docx"
        draw(rows, titles, style, target)
        target.with_suffix(".json").write_text(json.dumps(truth(rows, style), ensure_ascii=False), encoding="utf-8")
        drawn.append(target)
    for at in range(0, len(drawn), _BATCH):
        part = drawn[at : at + _BATCH]
        profile = f"-env:UserInstallation=file://{folder.resolve()}/.office-{seeds[0]}"
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, part)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        for target in part:
            tear(target.with_suffix(".pdf"))
            target.unlink()
    return len(drawn)
