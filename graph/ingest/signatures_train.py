"""Makes `signatures.json` from annotated plans and typical cells: `python -m graph.ingest.signatures_train [GOLD]`.

Run from the checkout (the annotated plans are part of the tests). The same input gives the same file, byte for byte.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from graph.ingest.signatures import KINDS, SCALE, kind_of, words
from graph.ingest.torn.lines import printed_lines, split_lines
from graph.ingest.torn.paragraphs import build_paragraphs
from graph.model import RawRow

_CELLS = {
    "objective": ("objective",),
    "task": ("task", "activity"),
    "product": ("product",),
    "unit": ("lead_units", "coord_units", "lead", "coord"),
    "time": ("time",),
}
_PLANS = ("000_I-III", "001", "002_I-II", "003", "p2", "p4")
_SAMPLE_OF = {
    "000_I-III": "so-tu-phap-tay-ninh_khung-cchc-2021-2030.txt",
    "001": "so-ke-hoach-dau-tu-tuyen-quang_cchc-2023.txt",
    "002_I-II": "ubnd-tinh-tay-ninh_cchc-2021-2030.txt",
    "003": "so-tu-phap-tuyen-quang_cchc-6-thang-cuoi-2025.txt",
}
_TABBED_SAMPLE = "so-tu-phap_khung-cchc-2026-2030.txt"
_SMOOTHING = 0.5
_LIMIT = 2.2
_SEED_WEIGHT = 2
_MOST_PAIRS = 9000


def train(gold: Path, samples: Path, exclude: Collection[str] = ()) -> dict[str, Any]:
    """The tables of `Signatures.from_json`; plans in `exclude` (names of the annotations) are left out altogether."""
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    pairs: Counter[tuple[str, str]] = Counter()
    single: Counter[str] = Counter()
    for name in _PLANS:
        if name in exclude:
            continue
        plan = json.loads((gold / f"{name}.json").read_text(encoding="utf-8"))
        for kind, text in _cells(plan):
            counts[kind].update(_features(text))
            _count(text, single, pairs)
        for task in plan.get("prose_tasks", []):
            counts["task"].update(_features(str(task.get("text", ""))))
        sample = _SAMPLE_OF.get(name)
        if sample is not None and name != "002_I-II":  # recognised without diacritics: too many misreadings
            text = (samples / sample).read_text(encoding="utf-8")
            for paragraph in build_paragraphs(printed_lines(split_lines(text))):
                if len(paragraph.text) > 80:
                    _count(paragraph.text, single, pairs)
    for kind, cells in _seed().items():
        for text in cells:
            for _ in range(_SEED_WEIGHT):
                counts[kind].update(_features(text))
            _count(text, single, pairs)
    if "004" not in exclude:
        from graph.ingest.tabbed import read_tabbed

        lines = printed_lines(split_lines((samples / _TABBED_SAMPLE).read_text(encoding="utf-8")))
        before: dict[str, str] = {}
        for row in read_tabbed(lines)[0]:
            for kind, text in _row_cells(row, before):
                counts[kind].update(_features(text))
                _count(text, single, pairs)
    return {"weights": _weights(counts), "pairs": _pair_weights(single, pairs), "common": _common(single)}


def _cells(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each distinct cell once for each row group it stands in: merged cells would count too often otherwise."""
    before: dict[str, Any] = {}
    for row in plan["rows"]:
        for kind, names in _CELLS.items():
            for name in names:
                value = row.get(f"{name}_vi") or row.get(name)
                if not value or before.get(name) == value:
                    continue
                before[name] = value
                for text in [value] if isinstance(value, str) else value:
                    yield kind, text


def _row_cells(row: RawRow, before: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name in ("objective", "task", "activity", "product", "lead", "coordinating", "time"):
        text = getattr(row, name)
        kind = kind_of(name)
        if text and kind and before.get(name) != text:
            before[name] = text
            yield kind, text


def _seed() -> dict[str, list[str]]:
    import yaml

    text = Path(__file__).with_name("signatures_seed.yaml").read_text(encoding="utf-8")
    data: dict[str, list[str]] = yaml.safe_load(text)
    return data


def _features(text: str) -> Iterable[str]:
    found = words(text)
    made = [*found, *(f"{a} {b}" for a, b in pairwise(found))]
    if found:
        made.append(f"^{found[0]}")
    if len(found) > 1:
        made.append(f"^{found[0]} {found[1]}")
    return made


def _count(text: str, single: Counter[str], pairs: Counter[tuple[str, str]]) -> None:
    found = words(text)
    single.update(found)
    pairs.update(pairwise(found))


def _weights(counts: Mapping[str, Counter[str]]) -> dict[str, list[int]]:
    """Log odds of each feature against the mean of the columns, clipped; weak and rare features left out."""
    totals = {kind: sum(counter.values()) for kind, counter in counts.items()}
    features = sorted({feature for counter in counts.values() for feature in counter})
    size = len(features)
    made: dict[str, list[int]] = {}
    for feature in features:
        seen = sum(counter[feature] for counter in counts.values())
        if seen < 2:
            continue
        logs = [
            math.log((counts[kind][feature] + _SMOOTHING) / (totals[kind] + _SMOOTHING * size / 8)) for kind in KINDS
        ]
        mean = sum(logs) / len(logs)
        share = 0.5 if " " in feature.lstrip("^") else 1.0
        values = [round(max(-_LIMIT, min(_LIMIT, value - mean)) * share * SCALE) for value in logs]
        if max(abs(value) for value in values) >= 0.3 * SCALE:
            made[feature] = values
    return made


def _pair_weights(single: Counter[str], pairs: Counter[tuple[str, str]]) -> dict[str, int]:
    total = sum(single.values())
    made = {}
    for (left, right), count in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))[:_MOST_PAIRS]:
        value = math.log(count * total / (single[left] * single[right]))
        made[f"{left} {right}"] = round(max(-1.0, min(3.0, value)) * SCALE)
    return dict(sorted(made.items()))


def _common(single: Counter[str]) -> dict[str, int]:
    return dict(sorted((word, count) for word, count in single.items() if count >= 8))


def main(arguments: list[str]) -> None:
    """Writes the model beside this module."""
    gold = Path(arguments[0]) if arguments else Path("tests/gold")
    samples = Path(arguments[1]) if len(arguments) > 1 else Path(__file__).parent.parent / "samples"
    target = Path(__file__).with_name("signatures.json")
    data = json.dumps(train(gold, samples), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    target.write_text(data + "\n", encoding="utf-8")
    print(f"{target}: {target.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
