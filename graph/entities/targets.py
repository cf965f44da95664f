"""Quantified targets (chỉ tiêu): each number that states a goal, with what it measures, how it compares and by when.

Drafts are `Target`s with a local id ("q1", "q2", … in document order) and, where a number is a share of another
("trong số đó …"), `part_of` with the local id of that other; `collect_targets` gives them their final ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from graph.entities.metrics import metric_of
from graph.entities.target_numbers import Quantity, find_quantities
from graph.entities.target_phrases import (
    Clause,
    base_of,
    clauses_of,
    horizon_of,
    metric_phrase,
    scope_of,
    tail_of,
)
from graph.entities.timeframe_points import plan_year
from graph.entities.timeframe_words import time_key
from graph.model import Paragraph, Period, Source, Target
from graph.text import CAPITALS, plain_dashes, squeeze

_OPENS = rf"(?=[\"“(+*-]?\s?[{CAPITALS}])"
_OPENS_OR_DIGIT = rf"(?=[\"“(+*-]?\s?[{CAPITALS}\d])"
_SENTENCE_END = re.compile(
    rf"(?:(?<=[^\W\d_]{{2}}[.!?])|(?<=\d{{3}}[.!?]))\s+{_OPENS}|(?<=[%)”\"][.!?])\s+{_OPENS_OR_DIGIT}|"
    r"(?<=[.;])\s+[-+•]\s*(?=\S)|(?<=[\w%)][.])\s+(?=\d{1,3} ?%)|"
    r"(?<=\d%[.])(?=[^\W\d_])|(?<=[^\W\d_]{2}[.])(?=\d{1,3} ?%)"
)
_ABBREVIATION = re.compile(r"\b(?:TP|Tp|TX|TT|Th|PGS|TS|ThS|GS|Q|P|v\.v|NĐ|QĐ)\.$")


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a cell or paragraph, white space squeezed, list marks cut off; abbreviations do not end one."""
    made: list[str] = []
    for piece in _SENTENCE_END.split(squeeze(text)):
        if made and _ABBREVIATION.search(made[-1]):
            made[-1] = f"{made[-1]} {piece}"
        else:
            made.append(piece)
    cut = (re.sub(r"^[-+*•]\s*", "", piece).strip() for piece in made)
    return tuple(part for piece in cut if piece for part in _bounded(piece))


_LONGEST = 4000
"""Characters of a sentence; a longer one is text without stops and is cut at a blank, to bound the work."""


def _bounded(sentence: str) -> Iterator[str]:
    while len(sentence) > _LONGEST:
        at = sentence.rfind(" ", 0, _LONGEST)
        at = at if at > 0 else _LONGEST
        yield sentence[:at]
        sentence = sentence[at:].strip()
    yield sentence


def find_targets(
    text: str,
    period: Period | None = None,
    horizon: str = "",
    recognised: bool | None = None,
    context: str = "",
) -> tuple[Target, ...]:
    """The targets that a cell or a piece of prose states, as drafts without row, cell and source.

    `horizon` is the heading over the text ("Đến năm 2025"); `recognised` says that the text comes from a text
    recogniser that lost the diacritics (guessed from the text when None). `context` is what stands beside the text
    (the row's task): it tells the metric of a bare "100% đúng hạn", never a number.
    """
    known = period or Period()
    ocr = lost_diacritics(text) if recognised is None else recognised
    drafts: list[Target] = []
    for sentence in sentences(text):
        before = drafts[-1] if drafts else None
        drafts.extend(
            _of_sentence(sentence, known, heading=horizon, ocr=ocr, context=context, offset=len(drafts), before=before)
        )
    return tuple(drafts)


def lost_diacritics(text: str) -> bool:
    """Whether a Vietnamese text of some length has (nearly) no diacritics, as an English recogniser leaves it."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 25 and sum(ord(c) > 127 for c in letters) < 0.04 * len(letters)


def _of_sentence(
    sentence: str, period: Period, *, heading: str, ocr: bool, context: str, offset: int, before: Target | None
) -> Iterator[Target]:
    key = time_key(plain_dashes(sentence))
    if len(key) != len(sentence):
        sentence = key
    if not any(c.isdigit() for c in key) and "%" not in key:
        return
    quantities = find_quantities(sentence, key, ocr)
    if not quantities:
        return
    clauses = clauses_of(sentence, key, quantities)
    tails = [tail_of(sentence, key, quantity, clause) for quantity, clause in zip(quantities, clauses, strict=True)]
    ids: list[str] = []
    metric = ""
    for index, (quantity, clause) in enumerate(zip(quantities, clauses, strict=True)):
        local = f"q{offset + index + 1}"
        part_of = ""
        if clause.share:
            part_of = ids[-1] if ids else (before.id if before is not None else "")
        previous = clauses[index - 1] if index else None
        metric = metric_phrase(
            sentence, key, quantity, clause, previous=previous, previous_metric=metric, rest=tails[index + 1 :]
        )
        metric = metric.rstrip(" :≥≤<>")
        metric_id = metric_of(metric, clause.text, sentence, unit=quantity.unit, recognised=ocr)
        horizon, end = _horizon(key, quantity, clause, heading, period)
        ids.append(local)
        yield Target(
            id=local,
            text=sentence,
            metric=metric,
            comparator=quantity.comparator,
            value=quantity.value,
            unit=quantity.unit,
            source=Source(),
            strict=quantity.strict,
            scope=scope_of(sentence, key, quantity, clause),
            base=base_of(sentence, key, clause),
            horizon=horizon,
            horizon_end=end,
            metric_id=metric_id or (metric_of(f"{metric} {context}", unit=quantity.unit) if context else ""),
            part_of=part_of,
            clause=clause.text,
        )


def _horizon(key: str, quantity: Quantity, clause: Clause, heading: str, period: Period) -> tuple[str, date | None]:
    year = horizon_of(key, quantity, clause) or horizon_of_heading(heading)
    if year is None:
        year = plan_year(period)
    return (str(year), date(year, 12, 31)) if year is not None else ("", None)


_HEADING_YEAR = re.compile(
    r"(?:^|\b)(?:d[eaio']+n )?(?:het |cuoi )?(?:n[aao]m |giai do[a-z]+ )?(?:20\d\d ?- ?)?(20\d\d)\b"
)


def horizon_of_heading(heading: str) -> int | None:
    """The year of a horizon heading ("Đến năm 2025:", "Giai đoạn 2026 - 2030", "Den nam 2030"), or None."""
    key = time_key(plain_dashes(heading)).strip(" :.-+")
    match = _HEADING_YEAR.match(key)
    return int(match[1]) if match else None


_HORIZON_LINE = re.compile(
    r"^(?:(?:muc tieu |chi tieu )?(?:cu the )?)?(?:d[a-z'é]{0,3}n|giai doan|trong|"
    r"phan dau d[a-z]n)? ?(?:het |cuoi )?n?[a-z]{0,2}m? ?"
    r"(?:20\d\d ?- ?)?20\d\d(?P<rest> ?[:,.].*)?$"
)
_NUMBERED = re.compile(r"^(?:[IVX]+|\d{1,2}(?:\.\d{1,2})*|[A-Z])[.)]?$")


def find_targets_in_paragraphs(paragraphs: Sequence[Paragraph], period: Period | None = None) -> tuple[Target, ...]:
    """The targets of a plan's prose in order, each with its paragraph's place, section and the horizon above it.

    A heading line "Đến năm 2025:" holds until the next one or the next numbered section. The opening lines that cite
    laws, headings and the list of recipients state none.
    """
    known = period or Period()
    ocr = lost_diacritics(" ".join(p.text for p in paragraphs))
    drafts: list[Target] = []
    horizon, section, major = "", "", ""
    for paragraph in paragraphs:
        key = time_key(plain_dashes(paragraph.text))
        label = paragraph.label.strip()
        if _NUMBERED.match(label):
            name = label.rstrip(".)")
            if re.fullmatch(r"[IVX]+", name):
                major = section = name
            else:
                section = f"{major}.{name}" if major else name
            horizon = ""
        match = _HORIZON_LINE.match(key.strip(" -+"))
        own = horizon
        if match:
            own = key.strip(" -+")[: match.start("rest")] if match["rest"] else key.strip(" -+")
            if not (match["rest"] or "").strip(" :,."):
                horizon = own  # a heading of its own holds for what follows; one inside a paragraph only for it
                continue
        if re.match(r"(?:can cu|noi nhan|thuc hien (?:nghi|quyet|ke hoach|chi thi|cong van))\b", key) and not section:
            continue
        for draft in find_targets(paragraph.text, known, own, ocr):
            local = f"q{len(drafts) + 1}"
            shift = len(drafts) + 1 - int(draft.id[1:])
            part = f"q{int(draft.part_of[1:]) + shift}" if draft.part_of else ""
            drafts.append(replace(draft, id=local, part_of=part, source=paragraph.source, section=section))
    return tuple(drafts)
