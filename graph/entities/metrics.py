"""The metric scheme: what plans measure, as concepts, so that two plans' numbers for one thing lie side by side.

The scheme is data (`metrics.yaml`): id, labels in Vietnamese and English, unit, broader concept, and the words by which
a phrase is known. A phrase belongs to the first concept all of whose word groups it has and none of whose excluded
words; the file is ordered from special to general.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from graph.text import fold

_ABBREVIATIONS = {
    "tthc": "thu tuc hanh chinh",
    "dvctt": "dich vu cong truc tuyen",
    "dvc": "dich vu cong",
    "cchc": "cai cach hanh chinh",
    "vbqppl": "van ban quy pham phap luat",
    "qppl": "quy pham phap luat",
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "cbcc": "can bo cong chuc",
    "cbccvc": "can bo cong chuc vien chuc",
    "ccvc": "cong chuc vien chuc",
    "csdl": "co so du lieu",
    "dvsn": "don vi su nghiep",
    "cntt": "cong nghe thong tin",
    "ti le": "ty le",
}


@dataclass(frozen=True, slots=True)
class Metric:
    """A concept of the scheme. A phrase fits when all word groups of one of `rules` occur and none of `without`."""

    id: str
    label_vi: str
    label_en: str
    unit: str
    broader: str
    alt_labels: tuple[str, ...]
    rules: tuple[tuple[tuple[str, ...], ...], ...]
    without: tuple[str, ...]


@lru_cache(maxsize=1)
def metric_scheme() -> tuple[Metric, ...]:
    """All concepts, special before general."""
    import yaml

    text = files("graph.entities").joinpath("metrics.yaml").read_text(encoding="utf-8")
    made = []
    for entry in yaml.safe_load(text)["metrics"]:
        made.append(
            Metric(
                id=entry["id"],
                label_vi=entry["vi"],
                label_en=entry["en"],
                unit=entry.get("unit", "%"),
                broader=entry.get("broader", ""),
                alt_labels=tuple(entry.get("alt", ())),
                rules=tuple(
                    tuple(tuple(fold(word) for word in group.split("|")) for group in rule) for rule in entry["match"]
                ),
                without=tuple(fold(word) for word in entry.get("without", ())),
            )
        )
    return tuple(made)


@lru_cache(maxsize=1)
def _by_id() -> dict[str, Metric]:
    return {metric.id: metric for metric in metric_scheme()}


@lru_cache(maxsize=4096)
def are_kin(one: str, other: str) -> bool:
    """Whether one concept is the other or lies above it ("trước hạn" under "đúng hạn"); unknown ids are kin to none."""
    return one == other or one in _above(other) or other in _above(one)


def _above(metric_id: str) -> tuple[str, ...]:
    found: list[str] = []
    known = _by_id()
    while metric_id in known and known[metric_id].broader and known[metric_id].broader not in found:
        metric_id = known[metric_id].broader
        found.append(metric_id)
    return tuple(found)


def metric(metric_id: str) -> Metric:
    """The concept with this id. Raises KeyError for an unknown one."""
    return _by_id()[metric_id]


@lru_cache(maxsize=8192)
def expanded(text: str) -> str:
    """The folded text with the abbreviations of plans written out."""
    return " ".join(_ABBREVIATIONS.get(word, word) for word in fold(text).split()).replace("ti le", "ty le")


def metric_of(phrase: str, clause: str = "", sentence: str = "", unit: str = "%", recognised: bool = False) -> str:
    """The id of the concept that a phrase measures, "" when the scheme has none.

    The phrase decides; where it says too little, the clause around it, then the sentence. A number counted in another
    unit than a concept's never belongs to it (per cent against a count). With `recognised`, words may be misread.
    """
    for text in dict.fromkeys((phrase, clause, sentence)):
        if text:
            found = (_match_near if recognised else _match)(expanded(text), unit)
            if found:
                return found
    return ""


@lru_cache(maxsize=8192)
def _match(key: str, unit: str) -> str:
    padded = f" {key} "
    for concept in metric_scheme():
        if not _same_unit(concept.unit, unit):
            continue
        for rule in concept.rules:
            if all(any(f" {word} " in padded for word in group) for group in rule) and not any(
                f" {word} " in padded for word in concept.without
            ):
                return concept.id
    return ""


_NEAR = 80.0
_MISREAD = str.maketrans("0168", "olbe")


@lru_cache(maxsize=2048)
def _match_near(key: str, unit: str) -> str:
    """The concept whose words stand in a misread text, each nearly; the likest where several do."""
    from rapidfuzz import fuzz

    plain = key.translate(_MISREAD)
    near: dict[str, float] = {}

    def likeness(word: str) -> float:
        if word not in near:
            near[word] = fuzz.partial_ratio(word, plain) if len(word) >= 8 else 100.0 * (f" {word} " in f" {plain} ")
        return near[word]

    best, best_score = "", 0.0
    for concept in metric_scheme():
        if not _same_unit(concept.unit, unit) or any(likeness(word) >= 90 for word in concept.without):
            continue
        for rule in concept.rules:
            scores = [max(likeness(word) for word in group) for group in rule]
            if min(scores) < _NEAR:
                continue
            score = sum(scores) / len(scores) + 12 * len(scores)
            if score > best_score + 0.5:
                best, best_score = concept.id, score
    return best


_TIME_UNITS = ("phút", "giờ", "ngày", "tuần", "tháng")


def _same_unit(concept: str, unit: str) -> bool:
    low = unit.lower()
    if low.startswith("giờ/ngày"):
        return concept == "clock"
    if low.startswith("%"):
        return concept == "%"
    if low in ("hạng", "bậc"):
        return concept == "hạng"
    if low.startswith("điểm"):
        return concept == "điểm"
    if low.startswith(_TIME_UNITS):
        return concept == "time"
    return concept == "count"
