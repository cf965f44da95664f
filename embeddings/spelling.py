"""Putting a query's spelling right with the index's own words: a noisy channel (typing slips, lost diacritics) and a
bigram language model (words weighed by their places, after Kneser & Ney, 1995), read by Viterbi's algorithm.

But for typing keys left in a word, nothing outside the indexed words is suggested, so a right word that the plans do
not use stays as typed.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from embeddings.lexical import LexicalIndex, pair_key, spell
from embeddings.syllables import is_syllable, marks
from embeddings.typing_slips import decoded, one_edit
from graph.text import fold, strip_diacritics

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOKEN = re.compile(r"[^\W_]+%?|[^\w\s]+|_+")
_LOST_MARKS = 2.4
_OTHER_MARKS = 4.5
_OTHER_MARKS_IN_SYLLABLE = 10.0
_BARE_MARKS = 0.05
_KEYS_LEFT = 1.0
_SLIP = 4.2
_SLIP_IN_SYLLABLE = 11.0
_SPLIT = 3.0
_UNKNOWN = 2.0
_UNKNOWN_SYLLABLE = 0.0
"""What a word that was never seen costs more than one seen in one place."""
_PAIR_SHARE = 0.75
_BOUND = 0.3
_REMEMBERED = 200_000
_Key = TypeVar("_Key", str, tuple[str, str])
_RARE = 2
"""A word in at most this many passages may itself be a misprint of the source, so slips are looked for beside it."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A query as read: `text` is what was meant; `changed` the words whose letters (not just marks) differ."""

    text: str
    changed: tuple[tuple[str, str], ...]
    restored: bool


class Speller:
    """Reads queries with the words of an index."""

    def __init__(self, indexes: Sequence[LexicalIndex], phrases: Sequence[str] = ()) -> None:
        """`phrases` are texts of ordinary language beside the index (each counts like one passage)."""
        self._indexes = tuple(indexes)
        self._phrases = tuple(phrases)
        self._total = max(1, len(self._phrases) + sum(index.count for index in indexes))
        self._frequencies: dict[str, int] = {}
        self._pairs: dict[tuple[str, str], int] = {}
        self._places_of: dict[str, int] = {}

    @cached_property
    def _ordinary(self) -> tuple[Counter[str], Counter[tuple[str, str]]]:
        words: Counter[str] = Counter()
        pairs: Counter[tuple[str, str]] = Counter()
        for phrase in self._phrases:
            tokens = spell(phrase).split()
            words.update(tokens)
            pairs.update(pairwise(tokens))
        return words, pairs

    @cached_property
    def _forms(self) -> Mapping[str, tuple[str, ...]]:
        """Folded word → the ways it is written in the index."""
        made: dict[str, dict[str, None]] = {}
        for index in self._indexes:
            for word in index.written.words:
                made.setdefault(fold(word), {})[word] = None
        for word in self._ordinary[0]:
            made.setdefault(fold(word), {})[word] = None
        return {key: tuple(forms) for key, forms in made.items()}

    def frequency(self, word: str) -> int:
        """In how many passages a word occurs as written."""
        known = self._frequencies.get(word)
        if known is None:
            numbers = ((index, index.written.id(word)) for index in self._indexes)
            known = sum(int(index.written_counts[number]) for index, number in numbers if number >= 0)
            known += self._ordinary[0][word]
            _remember(self._frequencies, word, known)
        return known

    def _pair(self, first: str, second: str) -> int:
        known = self._pairs.get((first, second))
        if known is None:
            known = self._counted_pair(first, second)
            _remember(self._pairs, (first, second), known)
        return known

    def _counted_pair(self, first: str, second: str) -> int:
        total = self._ordinary[1][first, second]
        for index in self._indexes:
            a, b = index.written.id(first), index.written.id(second)
            if a >= 0 and b >= 0:
                total += index.written_pair(pair_key(a, b))
        return total

    def bound(self, first: str, second: str) -> bool:
        """Whether two words as written are mostly seen together in the index, as parts of one term."""
        fewer = min(self.frequency(first), self.frequency(second))
        return self._pair(first, second) >= max(2, _BOUND * fewer)

    def correct(self, query: str) -> Corrected:
        """The likeliest reading; a query that is read as it stands comes back unchanged."""
        tokens = _TOKEN.findall(query)
        words = [token for token in tokens if _is_word(token)]
        bare = all(strip_diacritics(word) == word for word in words)
        shouted = query.isupper()
        lattice = [
            {spell(word): 0.0} if _is_name(word, shouted) else self._candidates(spell(word), bare) for word in words
        ]
        best = self._viterbi(lattice)
        changed = []
        restored = False
        made = []
        at = 0
        for token in tokens:
            if not _is_word(token):
                made.append(token)
                continue
            reading = best[at]
            at += 1
            if reading == spell(token):
                made.append(token)
            else:
                made.append(reading)
                restored = True
                if fold(reading) != fold(token):
                    changed.append((token, reading))
        return Corrected(_joined(query, tokens, made) if restored else query, tuple(changed), restored)

    def _candidates(self, word: str, bare: bool) -> dict[str, float]:
        """What the word may have been meant to be, with the cost of each slip."""
        found: dict[str, float] = {word: 0.0}
        if any(c.isdigit() for c in word) and not decoded(word):
            return found

        def add(reading: str, cost: float) -> None:
            if cost < found.get(reading, math.inf):
                found[reading] = cost

        folded = fold(word)
        other_marks = _OTHER_MARKS_IN_SYLLABLE if is_syllable(word) else _OTHER_MARKS
        for form in self._forms.get(folded, ()):
            lost = _BARE_MARKS if bare else _LOST_MARKS if marks(word) <= marks(form) else other_marks
            add(form, lost if form != word else 0.0)
        seen = max((self.frequency(form) for form in self._forms.get(folded, ())), default=0)
        if seen <= _RARE:
            for reading in decoded(word):
                add(reading, _KEYS_LEFT)
                for form in self._forms.get(fold(reading), ()):
                    lost = _LOST_MARKS if marks(reading) <= marks(form) else other_marks
                    add(form, _KEYS_LEFT + (0.0 if form == reading else lost))
            if len(folded) >= 3:
                slip = _SLIP_IN_SYLLABLE if is_syllable(word) else _SLIP
                for other in one_edit(folded):
                    for form in self._forms.get(other, ()):
                        add(form, slip)
            for at in range(2, len(folded) - 1):
                left, right = self._forms.get(folded[:at], ()), self._forms.get(folded[at:], ())
                for first in left[:4]:
                    for second in right[:4]:
                        if self._pair(first, second):
                            add(f"{first} {second}", _SPLIT)
        return found

    def _viterbi(self, lattice: Sequence[dict[str, float]]) -> list[str]:
        if not lattice:
            return []
        costs: dict[str, float] = {"": 0.0}
        back: list[dict[str, str]] = []
        for candidates in lattice:
            following: dict[str, float] = {}
            origin: dict[str, str] = {}
            for reading, slip in candidates.items():
                first, _, second = reading.partition(" ")
                best, source = min((cost + self._cost(previous, first), previous) for previous, cost in costs.items())
                following[reading] = best + slip + (self._cost(first, second) if second else 0.0)
                origin[reading] = source
            costs = following
            back.append(origin)
        at = min(costs, key=lambda reading: (costs[reading], reading))
        made = [at]
        for origin in reversed(back[1:]):
            at = origin[at]
            made.append(at)
        return made[::-1]

    def _cost(self, previous: str, word: str) -> float:
        """-log of the chance that `word` follows `previous`: how often it does, mixed with in how many different
        places it is seen at all ("sơ", which only follows "hồ", is unlikely elsewhere however frequent)."""
        if not self.frequency(word):
            unseen = -math.log((1 - _PAIR_SHARE) * 0.5 / self._kinds_of_pairs)
            return unseen + (_UNKNOWN_SYLLABLE if is_syllable(word) else _UNKNOWN)
        anywhere = (self._places(word) + 0.5) / self._kinds_of_pairs
        if not previous:
            return -math.log(anywhere)
        before = previous.rpartition(" ")[2]
        base = self.frequency(before)
        share = self._pair(before, word) / base if base else 0.0
        return -math.log(_PAIR_SHARE * min(share, 1.0) + (1 - _PAIR_SHARE) * anywhere)

    def _places(self, word: str) -> int:
        """How many different words stand before a word."""
        known = self._places_of.get(word)
        if known is None:
            numbers = ((index, index.written.id(word)) for index in self._indexes)
            indexed = (int(index.places[number]) for index, number in numbers if number >= 0)
            known = max((self._ordinary_places[word], *indexed))
            _remember(self._places_of, word, known)
        return known

    @cached_property
    def _ordinary_places(self) -> Counter[str]:
        return Counter(second for _, second in self._ordinary[1])

    @cached_property
    def _kinds_of_pairs(self) -> int:
        return max([1, len(self._ordinary[1]), *(len(index.counts[0]) for index in self._indexes)])


def _remember(known: dict[_Key, int], key: _Key, value: int) -> None:
    """Keeps a count; all are forgotten when there are too many."""
    if len(known) >= _REMEMBERED:
        known.clear()
    known[key] = value


def _is_name(word: str, shouted: bool) -> bool:
    """Whether a word in capitals is a name or short form (ISO, PCI), which has no spelling to be put right."""
    return word.isupper() and len(word) > 1 and not (shouted and is_syllable(spell(word)))


def _is_word(token: str) -> bool:
    return token[0].isalnum()


def _joined(query: str, tokens: Sequence[str], made: Sequence[str]) -> str:
    """The new tokens with the blanks of the query between them."""
    parts = []
    at = 0
    for token, new in zip(tokens, made, strict=True):
        start = query.index(token, at)
        parts.append(query[at:start])
        parts.append(new)
        at = start + len(token)
    return "".join([*parts, query[at:]])
