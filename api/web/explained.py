"""Evidence of links and reasons of hits in a reader's words, from the numbers and codes that the data holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

Pair = tuple[str, str]

STANDINGS: Final[dict[str, Pair]] = {
    "met": ("bằng mức cấp trên", "equal to the higher value"),
    "higher": ("cao hơn mức cấp trên", "above the higher value"),
    "lower": ("thấp hơn mức cấp trên", "below the higher value"),
    "other-year": ("mốc của năm khác", "for another year"),
    "other-unit": ("khác đơn vị đo", "in another unit"),
    "not-comparable": ("không so sánh được", "not comparable"),
}
MEASURES: Final[dict[str, Pair]] = {
    "meaning": ("gần nghĩa", "close in meaning"),
    "cosine": ("chữ viết giống nhau", "alike in wording"),
    "covered": ("phần câu trên có trong câu dưới", "share of the upper text found below"),
    "covers": ("phần câu dưới có trong câu trên", "share of the lower text found above"),
    "context": ("bối cảnh giống nhau", "alike in context"),
}
YES: Final[dict[str, Pair]] = {
    "field_same": ("cùng lĩnh vực cải cách", "same field of reform"),
    "metric_same": ("cùng chỉ số đo", "same metric"),
    "value_same": ("cùng mức", "same value"),
    "year_same": ("cùng năm", "same year"),
    "level_fits": ("đúng cấp", "right level"),
}
NO: Final[dict[str, Pair]] = {
    "field_other": ("khác lĩnh vực cải cách", "other field of reform"),
    "metric_other": ("khác chỉ số đo", "other metric"),
    "unit_other": ("khác đơn vị đo", "other unit"),
    "year_other": ("khác năm", "other year"),
    "level_other": ("khác cấp", "other level"),
}
SEARCH: Final[dict[str, Pair]] = {
    "dense": ("gần nghĩa", "close in meaning"),
    "words": ("trùng từ", "same words"),
    "pairs": ("trùng cụm từ", "same phrases"),
    "written": ("trùng cả dấu", "same accents"),
    "grams": ("giống mặt chữ", "alike in spelling"),
    "law": ("nêu đúng văn bản", "names the legal document"),
    "laws": ("nêu đúng văn bản", "names the legal document"),
    "agency": ("đúng cơ quan", "the agency asked for"),
    "agencies": ("đúng cơ quan", "the agency asked for"),
    "year": ("đúng năm", "the year asked for"),
    "years": ("đúng năm", "the year asked for"),
    "time": ("đúng thời gian", "the time asked for"),
}


def evidence_of(evidence: Mapping[str, Any], language: str = "vi") -> dict[str, Any]:
    """Both texts with their places, shared words, numbers side by side and what speaks for and against, in words.

    Parts that a link does not carry are "" or empty: a link that a person added has its two texts only.
    """
    at = 1 if language == "en" else 0
    measured = evidence.get("similarity") or {}
    numbers = evidence.get("numbers") or {}
    standing = STANDINGS.get(str(numbers.get("standing", "")), ("", ""))[at]
    scope = str(evidence.get("scope") or "")
    vietnamese, _, english = scope.partition(" (")
    metric = evidence.get("metric") or {}
    return {
        "lower": _side(evidence.get("lower")),
        "higher": _side(evidence.get("higher")),
        "terms": [str(term) for term in evidence.get("matched_terms") or ()],
        "values": [numbers[side] for side in ("higher", "lower") if numbers.get(side)],
        "higher_value": numbers.get("higher") or "",
        "lower_value": numbers.get("lower") or "",
        "standing": standing,
        "metrics": {side: part.get("text", "") for side, part in metric.items()},
        "measures": [
            (words[at], round(100 * max(0.0, float(measured[name]))))
            for name, words in MEASURES.items()
            if name in measured
        ],
        "speaks_for": [words[at] for name, words in YES.items() if float(measured.get(name) or 0) >= 0.5],
        "against": [words[at] for name, words in NO.items() if float(measured.get(name) or 0) >= 0.5],
        "scope": (english.rstrip(")") or vietnamese) if at else vietnamese,
    }


def _side(part: Any) -> dict[str, str]:
    known = part if isinstance(part, Mapping) else {}
    return {name: str(known.get(name) or "") for name in ("text", "place", "objective")}


def why_of(why: Mapping[str, Any], language: str = "vi") -> list[str]:
    """Why a hit was found, one short clause each, the strongest first."""
    at = 1 if language == "en" else 0
    scores = {name: float(value) for name, value in (why.get("scores") or {}).items()}
    ranks = why.get("ranks") or {}
    said = []
    for name in sorted(scores, key=lambda one: -scores[one]):
        words = SEARCH.get(name, (name, name))[at]
        rank = ranks.get(name)
        place = (f", đứng thứ {rank}", f", rank {rank}")[at] if rank else ""
        said.append(f"{words} {100 * scores[name]:.0f} %{place}")
    wordings = [str(one) for one in why.get("wordings") or ()]
    if len(wordings) > 1:
        said.append((("đã tìm theo các cách viết: ", "searched as: ")[at]) + "; ".join(f"“{one}”" for one in wordings))
    expanded = why.get("expanded") or {}
    if expanded:
        meant = "; ".join(
            f"{short} = {', '.join(full) if isinstance(full, list) else full}" for short, full in expanded.items()
        )
        said.append((("hiểu viết tắt: ", "abbreviations: ")[at]) + meant)
    for name, words in (
        ("laws", ("văn bản hỏi tới: ", "legal documents asked for: ")),
        ("agencies", ("cơ quan hỏi tới: ", "agencies asked for: ")),
    ):
        if why.get(name):
            said.append(words[at] + ", ".join(str(one) for one in why[name]))
    return said
