"""The head of a torn table: its columns, and on every page the lines that print them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from graph.ingest.torn.lines import Line
from graph.ingest.torn_heads.order import left_to_right
from graph.ingest.torn_heads.phrases import Words, is_general
from graph.ingest.torn_heads.pieces import Found, Language, find_pieces
from graph.text import squeeze

CONTENT = frozenset(("objective", "task", "activity", "content"))
_UNITS = frozenset(("lead", "coordinating", "lead_coordinating"))
_BELOW = frozenset(("lead", "coordinating"))
DETAILS = frozenset(("product", "time", "budget", *_UNITS))
_UNNUMBERED = frozenset(("number", "budget", "note"))
_SEEN = 0.3
_HEAD_PAGE = 0.4
_VAGUE = 0.5
_OFTEN, _TOO_OFTEN = 1.5, 2.5
_ENOUGH = 3
_OPTIONS, _WAYS = 4, 120
_GENERAL = -1
_STRETCH = 90


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a torn table. `field`: as `graph.ingest.columns` names it ("content" and "lead_coordinating" are
    already settled where other columns tell); `text`: its whole heading as printed; `number`: the number before the
    heading ("4- Sản phẩm"), 0 where it has none; `pages`: on how many pages it was found; `sure`: 0..1."""

    field: str
    text: str
    number: int = 0
    pages: int = 1
    sure: float = 1.0


@dataclass(frozen=True, slots=True)
class HeadPiece:
    """A line, or a part of one, that prints words of the head. `at`: the line's position on its page; `text`: those
    words, without a number that belongs to the heading beside; `column`: place in `TornHeads.columns`, -1 for words
    that stand over several columns. Nothing of the table's body stands on such a line."""

    at: int
    text: str
    column: int


@dataclass(frozen=True, slots=True)
class TornHeads:
    """The head of a torn table. `columns` from left to right, the number's and others without a field of the model
    ("note") among them; `pages`: for each page given its pieces, by place, empty where the page prints no head;
    `opening`: the first page with a head; `groups`: headings that stand over several columns; `confidence` (0..1): in
    the columns and their order."""

    columns: tuple[Column, ...]
    pages: tuple[tuple[HeadPiece, ...], ...]
    opening: int
    groups: tuple[str, ...]
    confidence: float

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of the columns from left to right."""
        return tuple(column.field for column in self.columns)


@dataclass(frozen=True, slots=True)
class _Wording:
    """A column as one heading words it."""

    field: str
    words: Words
    number: int


def find_heads(pages: Sequence[Sequence[Line]]) -> TornHeads | None:
    """The head of the table that the pages of a torn text print.

    `pages` holds the lines of each page in order of print, blank ones left out; text without pages is one page. The
    head may be printed once or on every page, whole at the top or in pieces far apart, in one line or wrapped, in two
    levels ("Cơ quan thực hiện" over lead and coordinating agency). None where no page names three columns, one of them
    of contents and two of details. Only words that `graph.ingest.columns` knows are found; the order of columns is the
    order of print on all pages weighed against the usual one, so it is a guess where the tool prints boxes at random.
    """
    found = [_near(find_pieces(lines)) if lines and lines[0].page is None else find_pieces(lines) for lines in pages]
    opening = next((n for n, own in enumerate(found) if _is_head(own)), None)
    if opening is None:
        return None
    wordings, groups = _wordings(found, opening)
    language = _language(wordings, groups)
    found = [find_pieces(lines, language) if n >= opening else [] for n, lines in enumerate(pages)]
    chosen: list[dict[int, Found]] = []
    for n, own in enumerate(found):
        picked = _on_page(own, wordings)
        enough = max(2, round(_HEAD_PAGE * len(wordings))) if n > opening else 1
        chosen.append(picked if len(picked) >= enough else {})
    fields = _settled([wording.field for wording in wordings])
    if len(set(fields) & DETAILS) < 2 or not set(fields) & CONTENT:
        return None
    order, margin = left_to_right(
        fields, [wording.number for wording in wordings], chosen, _BELOW if groups else frozenset()
    )
    fields = _settled([wordings[n].field for n in order], placed=True)
    place = {old: new for new, old in enumerate(order)}
    heads = max(1, sum(bool(own) for own in chosen))
    columns = []
    for field, old in zip(fields, order, strict=True):
        seen = [own[old] for own in chosen if old in own]
        text = Counter(one.text for one in seen).most_common(1)[0][0] if seen else " ".join(wordings[old].words)
        sure = (seen[0].sure if seen else _VAGUE) * (0.6 + 0.4 * len(seen) / heads)
        columns.append(Column(field, squeeze(text), wordings[old].number, len(seen), round(sure, 3)))
    made = [_pieces(own, place, all_found, groups) for own, all_found in zip(chosen, found, strict=True)]
    sure = sum(column.sure for column in columns) / len(columns)
    names = tuple(dict.fromkeys(" ".join(words) for words in groups))
    return TornHeads(tuple(columns), tuple(made), opening, names, round(sure * margin, 3))


def _near(found: list[Found]) -> list[Found]:
    """Of the headings in a text without pages those in the stretch of lines that names most columns."""
    best: list[Found] = []
    for first in found:
        low = first.atoms[0].at
        own = [one for one in found if low <= one.atoms[0].at < low + _STRETCH]
        if len({one.field for one in own}) > len({one.field for one in best}):
            best = own
    return best


def _is_head(found: Sequence[Found]) -> bool:
    names = {one.field for one in found if one.sure > _VAGUE}
    return len(names & DETAILS) >= 2 and bool(names & CONTENT)


def _wordings(found: Sequence[Sequence[Found]], opening: int) -> tuple[list[_Wording], tuple[Words, ...]]:
    """The columns, each with the wording that most pages have; and the headings that stand over several columns."""
    pages: dict[_Wording, set[int]] = defaultdict(set)
    count: Counter[_Wording] = Counter()
    crowd: dict[_Wording, int] = defaultdict(int)
    sure: dict[_Wording, float] = {}
    first = {one.words for one in found[opening]}
    heads = 0
    for n, own in enumerate(found):
        if n < opening or (n > opening and not _again(own, first)):
            continue
        heads += 1
        for one in own:
            wording = _Wording(one.field, one.words, one.number)
            pages[wording].add(n)
            count[wording] += 1
            crowd[wording] = max(crowd[wording], one.crowd)
            sure[wording] = one.sure

    def worth(wording: _Wording) -> float:
        seen = len(pages[wording])
        share = seen / heads * min(1.0, _OFTEN * seen / count[wording])
        return share * sure[wording] + 0.1 * (crowd[wording] > 1) + 0.02 * len(wording.words)

    kept = [
        w for w in pages
        if len(pages[w]) >= (_SEEN * heads if heads >= 3 else 1)
        and count[w] <= _TOO_OFTEN * len(pages[w])
        and (sure[w] > _VAGUE or (crowd[w] > 2 and count[w] <= _OFTEN * len(pages[w])))
    ]  # fmt: skip
    numbered = len({w.number for w in kept if w.number}) >= 3
    told = {w.field for w in kept if w.number}
    kept = [
        w for w in kept
        if (w.number or w.field in _UNNUMBERED or w.field not in told or is_general(w.words) if numbered
            else not w.number or crowd[w] > 2)
    ]  # fmt: skip
    groups = _groups(kept, numbered, found)
    kept = [w for w in kept if w.words not in groups or w.number]
    return _best({w: worth(w) for w in kept}), groups


def _again(own: Sequence[Found], first: Set[Words]) -> bool:
    """Whether a page prints the head again: three of its headings, each once or twice."""
    times = Counter(one.words for one in own if one.words in first and one.sure > _VAGUE)
    return sum(count <= _TOO_OFTEN for count in times.values()) >= _ENOUGH


def _best(worth: Mapping[_Wording, float]) -> list[_Wording]:
    """For each field the wording worth most, so that no two have the same number."""
    options: dict[str, list[_Wording]] = defaultdict(list)
    for wording in sorted(worth, key=lambda w: -worth[w]):
        options[wording.field].append(wording)
    if {"lead", "coordinating"} <= options.keys():
        options.pop("lead_coordinating", None)
    ways: list[tuple[float, tuple[_Wording, ...]]] = [(0.0, ())]
    for own in options.values():
        grown = list(ways)
        for score, before in ways:
            taken = {w.number for w in before if w.number}
            grown += [(score + worth[w], (*before, w)) for w in own[:_OPTIONS] if w.number not in taken]
        ways = sorted(grown, key=lambda way: -way[0])[:_WAYS]
    return list(ways[0][1])


def _language(wordings: Sequence[_Wording], groups: Sequence[Words]) -> Language:
    """The headings of this one table: where one is printed in pieces they are put together as elsewhere."""
    whole = {wording.words: (wording.field, 1.0) for wording in wordings}
    whole |= {words: ("lead", 0.9) for words in groups if words not in whole}
    begun = frozenset(words[:n] for words in whole for n in range(len(words)))
    return Language(whole.get, begun.__contains__)


def _groups(kept: Sequence[_Wording], numbered: bool, found: Sequence[Sequence[Found]]) -> tuple[Words, ...]:
    """The headings over lead and coordinating agency: general words for units besides another heading of the lead."""
    leads = [w for w in kept if w.field == "lead"]
    general = [w for w in leads if is_general(w.words) and not w.number]
    if len(leads) < 2 or not general or not any(w.field == "coordinating" for w in kept):
        return ()
    if numbered or len(general) < len(leads):
        return tuple(dict.fromkeys(w.words for w in general))
    before: Counter[Words] = Counter()  # two general ones: the one printed first stands above
    for own in found:
        places = {one.words: one.atoms[0].at for one in reversed(own) if one.words in {w.words for w in general}}
        if len(places) > 1:
            before[min(places, key=lambda words: places[words])] += 1
    return tuple(words for words, _ in before.most_common(1))


def _on_page(own: Sequence[Found], wordings: Sequence[_Wording]) -> dict[int, Found]:
    """Which heading of a page is which column's, each once: near the others rather than alone, and rather the first."""
    made: dict[int, Found] = {}
    for column, wording in enumerate(wordings):
        same = [
            one for one in own if (one.field, one.words, one.number) == (wording.field, wording.words, wording.number)
        ]
        if same:
            made[column] = max(same, key=lambda one: (one.crowd > 1, -one.atoms[0].at))
    return made


def _pieces(
    own: Mapping[int, Found], place: Mapping[int, int], found: Sequence[Found], groups: Sequence[Words]
) -> tuple[HeadPiece, ...]:
    if not own:
        return ()
    made = [HeadPiece(atom.at, atom.text, place[column]) for column, one in own.items() for atom in one.atoms]
    for words in groups:
        over = next((one for one in found if one.words == words and not one.number), None)
        if over is not None:
            made += [HeadPiece(atom.at, atom.text, _GENERAL) for atom in over.atoms]
    return tuple(sorted(made, key=lambda piece: (piece.at, piece.column)))


def _settled(names: Sequence[str], *, placed: bool = False) -> list[str]:
    """ "Content" is the task where no column is one, else the objective to its left or the activity to its right."""
    spare = "task"
    if "task" in names:
        left = not placed or "content" not in names or names.index("content") < names.index("task")
        spare = "objective" if (left and "objective" not in names) or "activity" in names else "activity"
    return [spare if name == "content" else name for name in names]
