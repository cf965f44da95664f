"""The pieces of headings among the lines of a page, and how they go together: a beam search in the order of print.

Tools that tear a table print a wrapped heading's lines below each other, or the first lines of all headings, then the
second ones. So each piece opens a heading or goes on with one that is not at its end, as the phrases that name columns
allow; a heading opens with a capital.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from graph.ingest.torn.headers import header_words
from graph.ingest.torn.lines import Line
from graph.ingest.torn_heads.phrases import NUMBER_LETTERS, Words, field_of_words, may_go_on, tokens
from graph.text import fold, squeeze

_PREFIX = re.compile(r"^\(?(\d{1,2})(?:\s?[-–.)]+\s*|(?=[^\W\d]))(?=[^\W\d]|$)")
_BARE = re.compile(r"^(?:\d{1,3}|[IVX]{1,5}|[A-HĐ](?:\.\d{1,2})?)[.)]?$")
_LABELLED = re.compile(r"^[IVX]{1,5}\s*[.)]\s|^[A-HĐ](?:\.\d{1,2})?[.)]\s")
_JOINT = re.compile(r"(?:[,/&;(]|\s[-–]|\bvà|\bhoặc)$", re.IGNORECASE)
_LONGEST_LINE = 110
_BEAM = 40
_MOST_LINES = 8
_MOST_COLUMNS = 12
_FURTHEST = 14
_ACROSS_BLANK = 1.6
_CAPITAL_GOES_ON = 1.4
_LEFT_OUT, _LEFT_OPENING = 0.15, 0.5
_WHOLE, _WORD, _BROKEN = 1.2, 0.6, 0.9
_TWICE = 1.6


@dataclass(frozen=True, slots=True)
class Atom:
    """Words of one line that belong to one heading. `at`: the line's position on its page; `opens`: they may open a
    heading; `number`: the column's number before it."""

    at: int
    text: str
    words: Words
    opens: bool
    number: int = 0
    loose: bool = False
    """All in capitals: whether it opens a heading is not to be seen."""


@dataclass(frozen=True, slots=True)
class Found:
    """A heading put together from the lines of a page. `crowd`: how many headings stand in the same run of lines."""

    field: str
    sure: float
    words: Words
    number: int
    atoms: tuple[Atom, ...]
    crowd: int = 1

    @property
    def text(self) -> str:
        return " ".join(atom.text for atom in self.atoms)

    @property
    def shape(self) -> tuple[str, ...]:
        """Its lines, folded: a heading is broken alike on every page."""
        return tuple(fold(atom.text) for atom in self.atoms)


@dataclass(frozen=True, slots=True)
class _Open:
    words: Words
    number: int
    atoms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _State:
    score: float
    heads: tuple[_Open, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """What headings may say: `names` gives the field of a whole one and how surely, `goes_on` tells whether some
    heading begins with the words."""

    names: Callable[[Words], tuple[str, float] | None]
    goes_on: Callable[[Words], bool]


ANY = Language(field_of_words, may_go_on)


def find_pieces(lines: Sequence[Line], language: Language = ANY) -> list[Found]:
    """The headings that the lines of a page may print, in the order in which they begin."""
    made: list[Found] = []
    run: list[Atom] = []
    for at, line in enumerate(lines):
        text = squeeze(line.text)
        atoms = _atoms(at, text)
        if atoms:
            run += atoms
        elif run and text and not _BARE.match(text):
            made += _run(run, lines, language)
            run = []
    return made + _run(run, lines, language)


def headish(text: str) -> bool:
    """Whether a line may hold nothing but words of headings."""
    if not text or len(text) > _LONGEST_LINE or _LABELLED.match(text) or _BARE.match(text):
        return False
    if len(text) <= 3 and text.islower() and text.isalpha():
        return True  # perhaps a splinter of a word that a narrow column breaks
    if text.endswith((".", ":", "!")) and not _PREFIX.match(text):
        return False
    found = [word for word in fold(_PREFIX.sub("", text)).split() if not word.isdigit()]
    known = header_words()
    return all(word in known or word in NUMBER_LETTERS for word in found) and (bool(found) or bool(_PREFIX.match(text)))


def _atoms(at: int, text: str) -> list[Atom]:
    if not headish(text):
        return []
    capitals = text.isupper() and len(text) > 3
    parts = _capital_parts(text) if capitals else _parts(text)
    made = []
    for n, part in enumerate(parts):
        prefix = _PREFIX.match(part)
        bare = part[prefix.end() :] if prefix else part
        words = tokens(bare)
        letters = bool(words) and all(word in NUMBER_LETTERS for word in words)
        strange = prefix is not None and bare[:1].islower()  # "7vị thực": the number of the heading beside it
        opens = not strange and (n > 0 or prefix is not None or bare[:1].isupper())
        number = int(prefix[1]) if prefix and not strange else 0
        if number > _MOST_COLUMNS:  # "65- Cơ": the number of the heading beside it is printed before its own
            number %= 10
        made.append(Atom(at, bare if strange else part, words, opens, number, capitals or letters))
    return made


def _parts(text: str) -> list[str]:
    """A line cut where a capital or a number opens another heading."""
    parts: list[list[str]] = []
    for word in text.split():
        opens = word[0].isupper() or (_PREFIX.match(word) is not None and not word.isdigit())
        lone = bool(parts) and len(parts[-1]) == 1 and _PREFIX.fullmatch(parts[-1][0]) is not None
        if not parts or (opens and not lone and not _JOINT.search(" ".join(parts[-1]))):
            parts.append([word])
        else:
            parts[-1].append(word)
    return [" ".join(part) for part in parts]


def _capital_parts(text: str) -> list[str]:
    """A line in capitals cut into as few whole headings as it makes, the last one perhaps unfinished."""
    words = text.split()
    best: list[tuple[float, list[str]] | None] = [(0.0, [])]
    for end in range(1, len(words) + 1):
        ways = []
        for start, before in enumerate(best):
            if before is None:
                continue
            part = " ".join(words[start:end])
            named = field_of_words(tokens(part))
            mixed = named is not None and named[0] == "lead_coordinating" and not re.search(r",|;|/|VÀ", part)
            if mixed or (named is None and (end < len(words) or not may_go_on(tokens(part)))):
                continue
            ways.append((before[0] + (2.0 - named[1] if named else 1.5), [*before[1], part]))
        best.append(min(ways, default=None))
    return best[-1][1] if best[-1] is not None else [text]


def _run(atoms: Sequence[Atom], lines: Sequence[Line], language: Language) -> list[Found]:
    """The headings of a run of lines that hold nothing but words of headings."""
    if not any(atom.opens for atom in atoms):
        return []
    states = [_State(0.0, ())]
    blanks = _blanks(atoms, lines)
    for n in range(len(atoms)):
        grown: dict[tuple[_Open, ...], _State] = {}
        for state in states:
            for one in _next(state, atoms, n, blanks, language):
                if one.heads not in grown or one.score > grown[one.heads].score:
                    grown[one.heads] = one
        states = sorted(grown.values(), key=lambda state: -(state.score + _worth(state.heads, language, done=False)))[
            :_BEAM
        ]
    best = max(states, key=lambda state: state.score + _worth(state.heads, language, done=True))
    made = []
    for head in best.heads:
        named = language.names(head.words)
        if named is not None:
            made.append(Found(named[0], named[1], head.words, head.number, tuple(atoms[n] for n in head.atoms)))
    crowd = len({found.field for found in made})
    return [Found(f.field, f.sure, f.words, f.number, f.atoms, crowd) for f in made]


def _blanks(atoms: Sequence[Atom], lines: Sequence[Line]) -> list[int]:
    """Before each atom the number of blank lines and lines left out since the run began."""
    made, count, last = [], 0, atoms[0].at
    for atom in atoms:
        count += sum((lines[at].gap > 0) + (at < atom.at) for at in range(last + 1, atom.at + 1))
        last = atom.at
        made.append(count)
    return made


def _next(state: _State, atoms: Sequence[Atom], n: int, blanks: Sequence[int], language: Language) -> list[_State]:
    atom = atoms[n]
    made = [_State(state.score - (_LEFT_OPENING if atom.opens else _LEFT_OUT), state.heads)]
    if atom.opens and (language.goes_on(atom.words) or language.names(atom.words)):
        made.append(_State(state.score, (*state.heads, _Open(atom.words, atom.number, (n,)))))
    if atom.number:
        return made
    tried: set[tuple[Words, int]] = set()
    for at, head in enumerate(state.heads):
        if (head.words, head.number > 0) in tried:
            continue  # of headings that begin alike the first printed goes on first
        tried.add((head.words, head.number > 0))
        last = head.atoms[-1]
        if len(head.atoms) >= _MOST_LINES or n - last > _FURTHEST:
            continue
        words = head.words + atom.words
        if not (language.goes_on(words) or language.names(words)):
            continue
        cost = _ACROSS_BLANK * (blanks[n] - blanks[last]) + 0.03 * (n - last - 1) + 0.005 * (n - last - 1) ** 2
        if atom.opens and not atom.loose and head.words and head.words[-1] != ",":
            cost += _CAPITAL_GOES_ON
        longer = _Open(words, head.number, (*head.atoms, n))
        made.append(_State(state.score - cost, (*state.heads[:at], longer, *state.heads[at + 1 :])))
    return made


def _worth(heads: Sequence[_Open], language: Language, *, done: bool) -> float:
    value = 0.0
    seen: set[str] = set()
    for head in heads:
        named = language.names(head.words)
        if named is None:
            value += -_BROKEN * len(head.atoms) if done else 0.3 * len(head.words)
            continue
        value += named[1] * (_WHOLE + _WORD * len([word for word in head.words if word != ","]))
        if named[0] in seen:
            value -= _TWICE
        seen.add(named[0])
    return value
