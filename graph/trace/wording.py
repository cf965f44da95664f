"""The words of a plan as they are compared: text that lost its diacritics or letters in recognition is restored first.

Encoders read Vietnamese without diacritics badly, and misread letters cost n-grams. What is shown to people stays as
printed; the restored words serve comparison alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from graph.model import Plan, Row
from graph.text import squeeze

CELLS = ("objective", "task", "activity", "product")
_LETTERS = 20
"""Letters from which a text tells by itself whether it carries diacritics; a shorter one is judged with its plan."""
_MARKED = 0.12
"""The share of marked letters below which a text lost them (of Vietnamese letters about 28 % carry a mark)."""


@lru_cache(maxsize=131072)
def marked_share(text: str) -> tuple[int, int]:
    """How many letters of the text carry a Vietnamese mark, and how many letters there are."""
    letters = [letter for letter in text if letter.isalpha()]
    return sum(not letter.isascii() for letter in letters), len(letters)


def is_misread(text: str) -> bool:
    """Whether a text long enough to tell lost its diacritics or letters in recognition."""
    marked, letters = marked_share(text)
    return letters >= _LETTERS and marked < _MARKED * letters


class Wording:
    """The words of one plan, each text restored once. The same plan gives the same words."""

    def __init__(self, plan: Plan) -> None:
        self._restored: Mapping[str, str] = restored(dict.fromkeys(filter(None, _texts(plan))))

    def of(self, text: str) -> str:
        """The text as compared: squeezed, and restored where it was misread."""
        words = squeeze(text)
        return self._restored.get(words, words)

    def cell(self, row: Row, name: str) -> str:
        """A cell of a row as compared: the reader's own repair where it has one."""
        return self.of(row.raw.best(name))


def restored(texts: Iterable[str]) -> dict[str, str]:
    """The misread texts among the texts of one plan with their words restored; what reads well is left out."""
    known = list(texts)
    shares = [marked_share(text) for text in known]
    marked, letters = sum(share[0] for share in shares), sum(share[1] for share in shares)
    lost = marked < _MARKED * letters
    misread = [
        text
        for text, (own, count) in zip(known, shares, strict=True)
        if (own < _MARKED * count if count >= _LETTERS else lost and own < _MARKED * count)
    ]
    if not misread:
        return {}
    from graph.ingest.restore import restore_lines

    # An empty line between: no text goes on in the next one.
    lines = [line for text in misread for line in (text, "")]
    return {text: squeeze(made.text) for text, made in zip(misread, restore_lines(lines)[::2], strict=True)}


def _texts(plan: Plan) -> Iterator[str]:
    for row in plan.rows:
        yield from (squeeze(row.raw.best(name)) for name in CELLS)
        yield squeeze(row.raw.section_title)
        yield squeeze(row.raw.subsection_title)
    for target in plan.targets:
        yield from (squeeze(target.text), squeeze(target.clause), squeeze(target.metric))
