"""How well a plan was read, measured against an annotated plan (`tests/gold`).

`score` compares two JSON values: an annotated plan and what `cchc extract --json` prints (design contract). Rows are
matched one to one (Hungarian) on the folded text of their finest cell (activity, else task, else objective), helped by
objective and task; a pair counts when its finest cells are at least 85 % alike. Field accuracies are over matched
pairs; `complete` is the share of annotated rows that are matched with every scored field right. A field is scored when
any annotated row fills it. `contract_rows` makes the contract's rows of a reader's `Reading`, for measuring readers
alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from rapidfuzz import fuzz
from scipy.optimize import linear_sum_assignment

from graph.model import RawRow

Json = Mapping[str, Any]

_ENUMERATOR = re.compile(r"^\s*(?:[-+•*]\s*|\d+\.(?:\d+\.?)*\s+|\d+\.(?:\d+\.?)*(?=[^\W\d]))")
_NUMBERED = re.compile(r"^(\d+[a-z]?\d*[/-]|TCVN)")
_SAME_ROW = 85
_SAME_UNIT = 88
_SAME_UNITS_JOINED = 92


@dataclass(frozen=True, slots=True)
class Score:
    """The measures of one plan; shares are 0..1. `fields` maps a field's name to its accuracy over matched rows;
    `citation_f1` and `target_f1` are None where the annotated plan has none. `remarks` says in lines what differs."""

    rows_gold: int
    rows_pred: int
    row_precision: float
    row_recall: float
    row_f1: float
    complete: float
    fields: Mapping[str, float]
    citation_f1: float | None = None
    target_f1: float | None = None
    remarks: tuple[str, ...] = field(default=(), compare=False)

    def line(self) -> str:
        """All measures on one line, as printed by `make quality`."""
        parts = [
            f"rows {self.rows_pred}/{self.rows_gold}",
            f"row_f1={self.row_f1:.3f}",
            f"complete={self.complete:.3f}",
        ]
        parts += [f"{name}={value:.3f}" for name, value in sorted(self.fields.items())]
        if self.citation_f1 is not None:
            parts.append(f"citation_f1={self.citation_f1:.3f}")
        if self.target_f1 is not None:
            parts.append(f"target_f1={self.target_f1:.3f}")
        return " ".join(parts)


def folded(text: str | None) -> str:
    """Lower case, without diacritics, words of [a-z0-9%] one space apart."""
    plain = unicodedata.normalize("NFD", (text or "").lower().replace("đ", "d"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9%]+", " ", plain).strip()


def bare(text: str | None) -> str:
    """The text without one leading enumerator ("1.2. ", "3.10 ", "- ")."""
    return _ENUMERATOR.sub("", text or "")


def finest(row: Json) -> str:
    """The folded finest cell of a row."""
    return folded(bare(row.get("activity") or row.get("task") or row.get("objective")))


def same_text(gold: str | None, pred: str | None, threshold: float = 85) -> bool:
    """Both empty, or at least `threshold` % alike once folded and without enumerators."""
    left, right = folded(bare(gold)), folded(bare(pred))
    if not left or not right:
        return left == right
    return bool(fuzz.ratio(left, right) >= threshold)


def same_units(gold: Iterable[str], pred: Iterable[str]) -> bool:
    """The same set of agencies, each at least 88 % alike; the same words divided otherwise still count."""
    left = sorted({folded(x) for x in gold if folded(x)})
    right = sorted({folded(x) for x in pred if folded(x)})
    joined = bool(fuzz.ratio(" ".join(left), " ".join(right)) >= _SAME_UNITS_JOINED)
    if len(left) != len(right):
        return joined
    rest = list(right)
    for one in left:
        best = max(rest, key=lambda other: fuzz.ratio(one, other), default=None)
        if best is None or fuzz.ratio(one, best) < _SAME_UNIT:
            return joined
        rest.remove(best)
    return True


_FIELDS: Mapping[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "objective": ("objective", same_text),
    "task": ("task", same_text),
    "product": ("product", same_text),
    "lead": ("lead_units", same_units),
    "coord": ("coord_units", same_units),
    "time": ("time", lambda gold, pred: same_text(gold, pred, 90)),
}


def score(gold: Json, pred: Json, sections: Sequence[str] = ()) -> Score:
    """Measure `pred` (contract JSON of one plan) against `gold`; with `sections` only gold rows of those sections
    count, and precision is judged only on predicted rows that look like theirs."""
    wanted = [row for row in gold["rows"] if not sections or row["section"] in sections]
    found = [_predicted(row) for row in pred.get("rows", []) if row.get("origin", "table") == "table"]
    assigned, pairs = _match(wanted, found)
    judged = max(len(pairs), min(assigned, len(wanted))) if sections else len(found)
    precision = len(pairs) / judged if judged else 0.0
    recall = len(pairs) / len(wanted) if wanted else 0.0
    used = {name: rule for name, rule in _FIELDS.items() if any(row.get(rule[0]) for row in wanted)}
    right = dict.fromkeys(used, 0)
    complete = 0
    remarks: list[str] = []
    for i, j in pairs:
        whole = True
        for name, (key, same) in used.items():
            if same(wanted[i].get(key), found[j].get(key)):
                right[name] += 1
            else:
                whole = False
                remarks.append(f"{wanted[i]['id']} {name}: {wanted[i].get(key)!r} read as {found[j].get(key)!r}")
        complete += whole
    matched_gold, matched_pred = {i for i, _ in pairs}, {j for _, j in pairs}
    remarks += [f"MISSED {row['id']} {finest(row)[:90]}" for i, row in enumerate(wanted) if i not in matched_gold]
    remarks += [f"EXTRA {row['id']} {finest(row)[:90]}" for j, row in enumerate(found) if j not in matched_pred]
    return Score(
        rows_gold=len(wanted),
        rows_pred=len(found),
        row_precision=precision,
        row_recall=recall,
        row_f1=_f1(precision, recall),
        complete=complete / len(wanted) if wanted else 0.0,
        fields={name: right[name] / len(pairs) if pairs else 0.0 for name in sorted(used)},
        citation_f1=citation_f1(gold, pred),
        target_f1=target_f1(gold, pred),
        remarks=tuple(remarks),
    )


def citation_f1(gold: Json, pred: Json) -> float | None:
    """F1 over numbered documents and TCVN standards (references by name alone are not scored)."""
    wanted = _citations(c["canonical"] for c in gold.get("citations", []))
    found = _citations(c["id"] for c in pred.get("citations", []))
    if not wanted:
        return None
    hits = len(wanted & found)
    return _f1(hits / len(found) if found else 0.0, hits / len(wanted))


def target_f1(gold: Json, pred: Json) -> float | None:
    """F1 over quantified targets of the prose part: equal value, texts at least 75 % alike as sets of words."""
    wanted = gold.get("prose_targets")
    if not wanted:
        return None
    rest = list(pred.get("targets", []))
    total, hits = len(rest), 0
    for target in wanted:
        likeness = [
            fuzz.token_set_ratio(folded(target["text"]), folded(other.get("text")))
            if _same_value(target, other)
            else 0.0
            for other in rest
        ]
        if likeness and max(likeness) >= 75:
            hits += 1
            del rest[likeness.index(max(likeness))]
    return _f1(hits / total if total else 0.0, hits / len(wanted))


def contract_rows(rows: Iterable[RawRow], split_units: Callable[[str], Sequence[str]] | None = None) -> Json:
    """A reader's rows as the contract's `{"rows": […]}`; agencies are split at ";" unless `split_units` is given."""
    split = split_units or (lambda cell: [part.strip() for part in cell.split(";") if part.strip()])
    return {
        "rows": [
            {
                "id": f"r{number:03d}",
                "origin": row.origin.value,
                "section": row.section,
                "section_title": row.section_title,
                "horizon": row.horizon,
                "objective": row.objective,
                "task": row.task,
                "activity": row.activity,
                "product": row.product,
                "lead": list(split(row.lead)) if row.lead else [],
                "coordinating": list(split(row.coordinating)) if row.coordinating else [],
                "timeframe": {"text": row.time},
                "budget": row.budget,
            }
            for number, row in enumerate(rows, 1)
        ]
    }


def _predicted(row: Json) -> dict[str, Any]:
    timeframe = row.get("timeframe") or {}
    return {
        "id": row.get("id", ""),
        "objective": row.get("objective", ""),
        "task": row.get("task", ""),
        "activity": row.get("activity", ""),
        "product": row.get("product", ""),
        "lead_units": row.get("lead") or [],
        "coord_units": row.get("coordinating") or [],
        "time": timeframe.get("text", "") if isinstance(timeframe, Mapping) else str(timeframe),
    }


def _match(wanted: Sequence[Json], found: Sequence[Json]) -> tuple[int, list[tuple[int, int]]]:
    """How many rows were assigned at all, and the pairs that are alike enough."""
    if not wanted or not found:
        return 0, []
    gold_text, pred_text = [finest(row) for row in wanted], [finest(row) for row in found]
    gold_help = [(folded(row.get("objective")), folded(row.get("task"))) for row in wanted]
    pred_help = [(folded(row.get("objective")), folded(row.get("task"))) for row in found]
    alike = np.zeros((len(wanted), len(found)))
    for i, text in enumerate(gold_text):
        for j, other in enumerate(pred_text):
            value = fuzz.ratio(text, other)
            if value >= 60:
                value += 0.1 * fuzz.ratio(gold_help[i][0], pred_help[j][0])
                value += 0.1 * fuzz.ratio(gold_help[i][1], pred_help[j][1])
            alike[i, j] = value
    chosen = [(int(i), int(j)) for i, j in zip(*linear_sum_assignment(-alike), strict=True)]
    return len(chosen), [(i, j) for i, j in chosen if fuzz.ratio(gold_text[i], pred_text[j]) >= _SAME_ROW]


def _citations(ids: Iterable[str]) -> set[str]:
    return {folded(one).replace(" ", "") for one in ids if _NUMBERED.match((one or "").strip())}


def _same_value(one: Json, other: Json) -> bool:
    try:
        return abs(float(one["value"]) - float(other["value"])) < 1e-6
    except (TypeError, ValueError, KeyError):
        return False


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
