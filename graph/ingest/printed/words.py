"""The words of recognised cells put right: misread numbers and accents where the recogniser knows Vietnamese, all marks
where it does not. The words as read stay in `raw`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from graph.ingest.accents import mend_accents
from graph.ingest.repair import repair_text
from graph.ingest.restore import Restored, restore_lines
from graph.model import RawRow

FIELDS = ("objective", "task", "activity", "product", "lead", "coordinating", "time", "budget")
_MARKED = 0.13
"""Text in which fewer letters have marks was recognised without knowing Vietnamese."""
_TRUSTED = 6.0
"""How much a unit of the channel's cost weighs: letters recognised from a clear page are mostly right."""
_QUARTER = re.compile(
    r"\b([Qq])u[yýỳỹỷ]\s+((?:[IVl1iH|!]{1,4}\s*(?:,|và|-|–)\s*)*[IVl1iH|!L]{1,4})(?=\s*$|\s*[/7⁄]\s?20|\s*[,;)]|\s+n[aă]m)"
)
_STROKES = str.maketrans({"l": "I", "1": "I", "i": "I", "|": "I", "!": "I", "L": "I", "H": "II"})
_APOSTROPHE = re.compile(r"(?<=\w)['’‘`]|['’‘`](?=\w)")


def without_marks(texts: Sequence[str]) -> bool:
    """Whether a recogniser that knows no Vietnamese read these texts: it gives hardly a letter the right marks."""
    letters = [c for text in texts for c in text if c.isalpha()]
    return bool(letters) and sum(not c.isascii() for c in letters) < _MARKED * len(letters)


def put_right(rows: Sequence[RawRow], unmarked: bool) -> tuple[RawRow, ...]:
    """The rows with their words put right."""
    if unmarked:
        return _restored(rows)
    roman = any(re.search(r"[Qq]u[ýy]\s+(?:II|IV|III)", row.time) for row in rows)
    return tuple(_mended(row, roman) for row in rows)


def _mended(row: RawRow, roman: bool) -> RawRow:
    changed: dict[str, str] = {}
    for name in FIELDS:
        text = str(getattr(row, name))
        made = repair_text(mend_accents(text), roman).replace("⁄", "/")
        if made != text:
            changed[name] = made
    return _with(row, changed, 0.75)


def _restored(rows: Sequence[RawRow]) -> tuple[RawRow, ...]:
    places = [(n, name) for n, row in enumerate(rows) for name in FIELDS if getattr(row, name)]
    texts = [_APOSTROPHE.sub("", str(getattr(rows[n], name))) for n, name in places]
    distinct = sorted(set(texts))
    # a blank line between the texts: no word of one follows the last word of another
    made = restore_lines([line for text in distinct for line in (text, "")], trust=_TRUSTED)[::2]
    known: dict[str, Restored] = dict(zip(distinct, made, strict=True))
    changed: list[dict[str, str]] = [{} for _ in rows]
    sure: list[dict[str, float]] = [{} for _ in rows]
    for (n, name), text in zip(places, texts, strict=True):
        result = known[text]
        good = repair_text(_QUARTER.sub(_quarters, result.text), True)
        if good != getattr(rows[n], name):
            changed[n][name] = good
            sure[n][name] = round(0.75 * result.confidence, 2)
    return tuple(
        replace(
            _with(row, fields, 0.7),
            confidence={
                **row.confidence,
                **{name: min(value, row.confidence.get(name, 1.0)) for name, value in trust.items()},
            },
        )
        for row, fields, trust in zip(rows, changed, sure, strict=True)
    )


def _quarters(found: re.Match[str]) -> str:
    """Quarters in Roman numbers whose strokes were read as other letters ("Quy lil", "Quy 11/2026")."""
    numbers = re.sub(r"[IVl1iH|!L]+", lambda part: part[0].translate(_STROKES)[:3], found[2])
    return f"{found[1]}uý {numbers}"


def _with(row: RawRow, changed: dict[str, str], at_most: float) -> RawRow:
    """The row with fields changed, their texts before in `raw`."""
    if not changed:
        return row
    raw = {**{name: str(getattr(row, name)) for name in changed}, **row.raw}
    confidence = {**row.confidence, **{name: min(at_most, row.confidence.get(name, 1.0)) for name in changed}}
    return replace(row, raw=raw, confidence=confidence, **changed)  # type: ignore[arg-type]
