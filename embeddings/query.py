"""What a person means by what was typed: wordings to look for, laws, agencies and years named, words not wanted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from embeddings.abbreviations import Abbreviations
from embeddings.errors import BadQuery
from graph.text import fold, squeeze

_PHRASE = re.compile(r"[\"“”«»]([^\"“”«»]+)[\"“”«»]")
_MINUS = re.compile(r"(?:(?<=\s)|^)-(?:[\"“]([^\"”]+)[\"”]|([^\W\d_][\w&]*))")
_LAW = re.compile(
    r"(?<![\w/])(\d{1,4}[a-z]?\s?(?:/\s?(?:19|20)\d\d)?\s?[/-]\s?[a-zđ]{1,5}\d{0,2}(?:\s?-\s?[a-zđ0-9]{1,6})*(?:/[a-zđ]{2,5})?)(?![\w/])",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d/.])(20[0-6]\d)(?![\d])")
_QUARTER = re.compile(r"(?:quý|quy|q)\s?(iv|i{1,3}|[1-4])(?![\w])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One way to say what is looked for. `weight` is how sure it is that this is what was meant; `why` says where it
    comes from: "typed", "spelling", "abbreviation", "everyday", "english"."""

    text: str
    weight: float = 1.0
    why: str = "typed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A query as understood. `wordings` is never empty and its first one is what is shown as the query."""

    typed: str
    wordings: tuple[Wording, ...]
    laws: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    quarters: tuple[int, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    expanded: Mapping[str, str] = field(default_factory=dict)
    did_you_mean: str = ""


def law_key(text: str) -> str:
    """A legal id as one folded string ("107/2021/NĐ-CP", "107/2021/nd-cp" → "107 2021 nd cp")."""
    return fold(text)


def understand(query: str, abbreviations: Abbreviations, agencies: Sequence[str] = ()) -> Understood:
    """Reads a query. `agencies` are folded names of agencies that the index knows.

    Raises BadQuery for a query without a letter or digit that is wanted.
    """
    typed = squeeze(query)
    excluded = tuple(a or b for a, b in _MINUS.findall(typed))
    wanted = squeeze(_MINUS.sub(" ", typed))
    phrases = tuple(squeeze(phrase) for phrase in _PHRASE.findall(wanted))
    plain = squeeze(re.sub(r"[\"“”«»]", " ", wanted))
    if not fold(plain):
        raise BadQuery("Hãy gõ điều cần tìm", "type what to look for")
    laws = tuple(dict.fromkeys(law_key(match) for match in _LAW.findall(plain)))
    expanded = {}
    words = []
    for word in plain.split():
        bare = word.strip(".,;:?!()")
        meaning = abbreviations.meaning(bare) if bare else ""
        if meaning:
            expanded[bare] = meaning
            words.append(word.replace(bare, meaning[:1].lower() + meaning[1:]))
        else:
            words.append(word)
    main = Wording(text=" ".join(words), why="abbreviation" if expanded else "typed")
    folded = f" {fold(main.text)} "
    named = tuple(name for name in agencies if f" {name} " in folded)
    quarters = tuple({"i": 1, "ii": 2, "iii": 3, "iv": 4}.get(q.lower()) or int(q) for q in _QUARTER.findall(plain))
    return Understood(
        typed=typed,
        wordings=(main,),
        laws=laws,
        agencies=named,
        years=tuple(int(year) for year in dict.fromkeys(_YEAR.findall(_LAW.sub(" ", plain)))),
        quarters=quarters,
        phrases=phrases,
        excluded=excluded,
        expanded=expanded,
    )
