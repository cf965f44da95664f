"""What a person means by what was typed: wordings to look for, laws, agencies and years named, words not wanted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from embeddings.abbreviations import Abbreviations
from embeddings.errors import BadQuery
from embeddings.glossary import from_english, from_everyday, without_question
from embeddings.initials import Initials
from embeddings.lexical import spell
from embeddings.spelling import Corrected, Speller
from embeddings.syllables import is_syllable
from graph.text import fold, squeeze

_PHRASE = re.compile(r"[\"“”«»]([^\"“”«»]+)[\"“”«»]")
_MINUS = re.compile(r"(?:(?<=\s)|^)-(?:[\"“]([^\"”]+)[\"”]|([^\W\d_][\w&]*))")
_LAW = re.compile(
    r"(?<![\w/])(\d{1,4}[a-z]?\s?(?:/\s?(?:19|20)\d\d)?\s?[/-]\s?[a-zđ]{1,5}\d{0,2}(?:\s?-\s?[a-zđ0-9]{1,6})*(?:/[a-zđ]{2,5})?)(?![\w/])",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d/.])(20[0-6]\d)(?![\d])")
_DAY = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](20\d\d)(?!\d)")
_HOW_MUCH = re.compile(r" (?:bao nhieu|may phan tram|how many|how much|ty le bao|chi tieu) ")
_QUOTES = re.compile(r"[\"“”«»]")
_TOKEN = re.compile(r"[^\W_]+(?:[&-][^\W_]+)*")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_ONE_QUARTER = r"(?:iv|i{1,3}|[1-4])(?!\w)"
_QUARTERS = re.compile(
    rf"(?<!\w)(?:quý|quí|quy|qui|q)\s?(?P<all>{_ONE_QUARTER}(?:\s*(?:,|-|–|&|và|va|đến|den)\s*(?:quý\s|quy\s)?{_ONE_QUARTER})*)"
    r"(?:\s*(?:/|-|năm\s|nam\s|,\s?năm\s)?\s*(?P<year>20\d\d)(?!\d))?",
    re.IGNORECASE,
)
_MONTHS = re.compile(
    r"(?<!\w)(?:(?P<half>6|sáu|sau)|(?P<nine>9|chín|chin))\s*tháng\s*(?P<end>đầu|cuối|dau|cuoi)\s*(?:năm|nam)"
    r"(?:\s*(?P<year>20\d\d)(?!\d))?".replace("tháng", "th[áa]ng"),
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One way to say what is looked for. `weight` is how sure it is that this is what was meant; `why` says where it
    comes from: "typed", "spelling", "abbreviation", "initials", "everyday", "english", "agency". `share` is how much of
    its words a full answer says: a wording that lists terms to choose from is not to be had whole."""

    text: str
    weight: float = 1.0
    why: str = "typed"
    share: float = 1.0


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
    days: tuple[str, ...] = ()
    asks_how_much: bool = False
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    expanded: Mapping[str, str] = field(default_factory=dict)
    did_you_mean: str = ""

    @property
    def embedded(self) -> tuple[Wording, ...]:
        """The wordings worth a vector: what was typed beside its correction adds nothing but time."""
        return tuple(wording for wording in self.wordings if wording.weight >= EMBEDDED_FROM)


def law_key(text: str) -> str:
    """A legal id as one folded string ("107/2021/NĐ-CP", "107/2021/nd-cp" → "107 2021 nd cp")."""
    return fold(text)


@dataclass(frozen=True, slots=True)
class Lore:
    """What a query is read with: short forms, the index's spelling, folded names of agencies and issuers."""

    abbreviations: Abbreviations
    speller: Speller
    agencies: frozenset[str] = frozenset()
    provinces: frozenset[str] = frozenset()
    initials: Initials = field(default_factory=lambda: Initials(()))


EMBEDDED_FROM = 0.75
TYPED_BESIDE_CORRECTED = 0.6
TYPED_BESIDE_ENGLISH = 0.7
EVERYDAY = 1.0
BY_INITIALS = 0.7
_SELDOM = 2
"""A short form in more passages than this is what the plans say themselves."""
WITH_AGENCY = 0.6


def understand(query: str, lore: Lore) -> Understood:
    """Reads a query. Raises BadQuery for a query without a letter or digit that is wanted."""
    typed = squeeze(query)
    excluded = tuple(a or b for a, b in _MINUS.findall(typed))
    wanted = squeeze(_MINUS.sub(" ", typed))
    phrases = tuple(squeeze(phrase) for phrase in _PHRASE.findall(wanted) if fold(phrase))
    plain = squeeze(_QUOTES.sub(" ", wanted))
    if not fold(plain):
        raise BadQuery("Hãy gõ điều cần tìm", "type what to look for")
    laws = tuple(dict.fromkeys(law_key(match) for match in _LAW.findall(plain)))
    without_laws = _LAW.sub(" ", plain)
    quarters, named_years = _quarters(without_laws)
    years = tuple(dict.fromkeys((*named_years, *(int(year) for year in _YEAR.findall(without_laws)))))
    wordings, expanded, better = _wordings(plain, phrases, lore)
    named, wordings = _agencies(wordings, lore)
    folded = f" {fold(wordings[0].text)} "
    return Understood(
        typed=typed,
        wordings=wordings,
        laws=laws,
        agencies=named,
        provinces=tuple(sorted(name for name in lore.provinces if f" {name} " in folded)),
        years=years,
        quarters=quarters,
        days=tuple(f"{y}-{int(m):02d}-{int(d):02d}" for d, m, y in _DAY.findall(without_laws)),
        asks_how_much=bool(_HOW_MUCH.search(f" {fold(plain)} | {fold(better)} ")),
        phrases=phrases,
        excluded=excluded,
        expanded=expanded,
        did_you_mean=better,
    )


def _quarters(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The quarters that a text names ("quý III/2026", "quý 3, 4", "q1-q3", "6 tháng đầu năm") and the years said with
    them, in order."""
    quarters: list[int] = []
    years: list[int] = []
    for match in _QUARTERS.finditer(text):
        found = [_ROMAN.get(one.lower()) or int(one) for one in re.findall(_ONE_QUARTER, match["all"], re.IGNORECASE)]
        if len(found) == 2 and re.search(r"-|–|đến|den", match["all"], re.IGNORECASE):
            found = list(range(found[0], found[1] + 1))
        quarters += found
        years += [int(match["year"])] if match["year"] else []
    for match in _MONTHS.finditer(text):
        first = match["end"].lower() in ("đầu", "dau")
        count = 2 if match["half"] else 3
        quarters += range(1, count + 1) if first else range(5 - count, 5)
        years += [int(match["year"])] if match["year"] else []
    return tuple(dict.fromkeys(quarters)), tuple(dict.fromkeys(years))


def _wordings(plain: str, phrases: Sequence[str], lore: Lore) -> tuple[tuple[Wording, ...], dict[str, str], str]:
    """The wordings of a query, what was written out or replaced in them, and the corrected query ("" if as typed)."""
    english, share = from_english(plain)
    if english:
        # what the table does not know is left to the model, which reads English
        beside = max(TYPED_BESIDE_ENGLISH, 1 - share)
        first = Wording(text=english, why="english")
        both = (first, Wording(text=plain, weight=beside))
        return both, {plain: english}, ""
    long, expanded = _written_out(plain, lore.abbreviations)
    corrected = Corrected(long, (), False) if phrases else lore.speller.correct(long)
    guessed, initials = _guessed(corrected.text, lore)
    text = without_question(corrected.text)
    why = "spelling" if corrected.restored else "abbreviation" if expanded else "typed"
    made: tuple[Wording, ...] = (Wording(text=text, why=why),)
    if corrected.changed:
        made = (*made, Wording(text=long, weight=TYPED_BESIDE_CORRECTED))
    if initials:
        made = (*made, Wording(text=without_question(guessed), weight=BY_INITIALS, why="initials"))
    said, replaced = from_everyday(text, lore.speller.bound)
    if replaced:
        made = (*made, Wording(text=said, weight=EVERYDAY, why="everyday", share=_share(said, replaced.values())))
    return made, {**expanded, **initials, **replaced}, corrected.text if corrected.changed else ""


def _guessed(text: str, lore: Lore) -> tuple[str, dict[str, str]]:
    """The text with short forms that nothing explains written out by their initials, and which they are."""
    made: dict[str, str] = {}

    def long(match: re.Match[str]) -> str:
        short = match.group()
        near = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
        if short != short.upper() or text.isupper() or "/" in near or lore.speller.frequency(spell(short)) > _SELDOM:
            return short
        meaning = lore.initials.meaning(short)
        if not meaning:
            return short
        made[short] = meaning
        return meaning

    return _TOKEN.sub(long, text), made


def _share(text: str, targets: Iterable[str]) -> float:
    """The share of a wording's words that are left when of each list of terms in it only the longest is said."""
    words = len(fold(text).split())
    spare = 0
    for target in targets:
        sizes = [len(fold(term).split()) for term in target.split(",")]
        spare += sum(sizes) - max(sizes)
    return max(0.2, 1 - spare / max(1, words))


def _written_out(plain: str, abbreviations: Abbreviations) -> tuple[str, dict[str, str]]:
    """Short forms written out, in capitals or (where they can be no syllable) in small letters; pairs first."""
    expanded: dict[str, str] = {}

    def long(match: re.Match[str]) -> str:
        token = match.group()
        near = plain[match.start() - 1 : match.start()] + plain[match.end() : match.end() + 1]
        if "/" in near or (token != token.upper() and (len(token) < 3 or is_syllable(token.lower()))):
            return token
        meaning = abbreviations.meaning(token)
        if not meaning:
            return token
        expanded[token] = meaning
        return abbreviations.after(plain[: match.start()], meaning)

    for pair in abbreviations.pairs:
        found = re.search(rf"(?<!\w){re.escape(pair)}(?!\w)", plain, re.IGNORECASE)
        if found:
            expanded[found.group()] = abbreviations.meaning(pair)
            before = plain[: found.start()]
            plain = before + abbreviations.after(before, abbreviations.meaning(pair)) + plain[found.end() :]
    return _TOKEN.sub(long, plain), expanded


def _agencies(wordings: tuple[Wording, ...], lore: Lore) -> tuple[tuple[str, ...], tuple[Wording, ...]]:
    """Names of agencies in the first wording, and the wordings with what is asked of them standing first.

    "Sở Nội vụ khen thưởng" asks for rewards, led by the department: its name alone must not find its every row. A
    name inside a longer one is not taken for itself.
    """
    main = wordings[0]
    words = [(match.group(), match.span()) for match in _TOKEN.finditer(main.text)]
    folded = [fold(word) for word, _ in words]
    named: list[str] = []
    spans: list[tuple[int, int]] = []
    at = 0
    while at < len(words):
        end = _longest(folded, at, lore.agencies)
        if end == at:
            at += 1
            continue
        named.append(" ".join(folded[at:end]))
        # "Thanh tra Sở Kế hoạch và Đầu tư": the unit's last word begins its parent's name.
        parent = _longest(folded, end - 1, lore.agencies)
        if parent > end:
            named.append(" ".join(folded[end - 1 : parent]))
            end = parent
        spans.append((words[at][1][0], words[end - 1][1][1]))
        at = end
    rest = main.text
    for start, end in reversed(spans):
        rest = rest[:start] + " " + rest[end:]
    rest = squeeze(re.sub(r"(?:^|\s)(?:của|do|thuộc|tại|ở)(?=\s*$)", " ", squeeze(rest)))
    if not named or len(fold(rest).split()) < 2:
        return tuple(named), wordings
    first = Wording(text=rest, why=main.why)
    whole = Wording(text=main.text, weight=WITH_AGENCY, why="agency")
    return tuple(named), (first, whole, *wordings[1:])


def _longest(words: Sequence[str], start: int, names: frozenset[str]) -> int:
    """The end of the longest known name of at least two words that starts there, `start` when there is none."""
    for end in range(min(len(words), start + 14), start + 1, -1):
        if " ".join(words[start:end]) in names:
            return end
    return start
