"""Which of a row's agencies lead and which coordinate, where the lines of both cells were printed in any order.

The lines are divided among two cells in the way that makes both read like cells of agencies: each opens with an
agency, none ends in a word that asks for another, its lines go on with one another, and it is like a phrase that such
plans or this document use. The cell printed first leads, unless the other is printed behind the row's time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz, process

from graph.ingest.scattered.lexicon import grouped, opening, word_set
from graph.ingest.scattered.pieces import Piece
from graph.ingest.scattered.widths import print_width
from graph.ingest.signatures import Signatures
from graph.text import fold

_USUAL = tuple(
    """van phong ubnd tinh|vp ubnd tinh|ubnd cap huyen|ubnd cac cap|cac so nganh|cac so ban nganh|cac so ban nganh tinh
cac so ban nganh tinh va ubnd cap huyen|cac so ban nganh tinh ubnd cap huyen|cac so ban nganh lien quan
cac so ban nganh tinh ubnd cap huyen ubnd cap xa|cac so ban nganh tinh ubnd cac cap|cac so nganh tinh ubnd cac cap
cac so ban nganh cua tinh ubnd cap huyen cap xa|cac co quan don vi dia phuong lien quan|cac co quan co lien quan
cac co quan don vi lien quan|cac don vi lien quan|cac dia phuong|so noi vu|so tu phap|so tai chinh|so tttt|so khcn
so khoa hoc va cong nghe|so thong tin va truyen thong|so ke hoach va dau tu|so tai nguyen va moi truong|so cong thuong
so giao duc va dao tao|so y te|so xay dung|so giao thong van tai|so lao dong thuong binh va xa hoi|cong an tinh
so nong nghiep va phat trien nong thon|so van hoa the thao va du lich|thanh tra tinh|ubnd cac huyen thi xa thanh pho
uy ban nhan dan cac huyen thi xa thanh pho tren dia ban tinh|ngan hang nha nuoc tinh|kho bac nha nuoc tinh""".replace(
        "\n", "|"
    ).split("|")
)
"""Agencies and groups of agencies that provincial plans name, folded."""

_OPEN_ENDS = word_set("va cac cua voi do cap so ban hoac va nhung")
_MOST, _LONGEST = 12, 40
"""With more lines one cell is not looked for amid the other; with more than _LONGEST they are not divided at all."""
_GOING_ON = 87
"""So alike (percent) must the words of a cell be to a phrase for their order to be taken from it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A line of a row's agencies; `late` says that it is printed behind the row's time or money."""

    piece: Piece
    late: bool


@dataclass(frozen=True, slots=True)
class Units:
    """The agencies of a row: the parts of the leading cell and of the coordinating one, in the order of reading."""

    lead: tuple[Piece, ...]
    coordinating: tuple[Piece, ...]


def phrases_of(rows: Iterable[Sequence[Part]]) -> tuple[str, ...]:
    """What the document itself repeats: runs of lines of one cell, folded, that stand three times or more."""
    counts: Counter[str] = Counter()
    for parts in rows:
        pieces = [part.piece for part in parts]
        for first in range(len(pieces)):
            run: list[str] = []
            for at in range(first, min(len(pieces), first + 6)):
                if run and _begins(pieces[at - 1], pieces[at]):
                    break
                run.append(pieces[at].folded)
                counts[" ".join(run)] += 1
    kept = [
        phrase
        for phrase, count in counts.items()
        if count >= 3 and opening(phrase, "unit") and len(phrase.split()) >= 2 and phrase.split()[-1] not in _OPEN_ENDS
    ]
    # of a phrase and its beginnings only those that are as frequent on their own
    whole = [
        phrase
        for phrase in kept
        if not any(other.startswith(phrase + " ") and counts[other] >= counts[phrase] for other in kept)
    ]
    return tuple(sorted(whole))


def _begins(before: Piece, piece: Piece) -> bool:
    """Whether a line opens a cell of its own behind the line before it."""
    tied = before.text.endswith((",", ";", "-")) or before.folded.split()[-1:] in ([], ["va"], ["phong"], ["vp"])
    return not tied and opening(piece.text, "unit") and piece.raw[:1].isupper()


def divide(parts: Sequence[Part], phrases: Sequence[str], width: float) -> Units:
    """The agencies of a row from its lines, in order of printing; `width` is that of the agencies' columns."""
    parts = _tidy(parts)
    count = len(parts)
    if not count or count > _LONGEST:
        return Units(tuple(part.piece for part in parts), ())
    known = tuple(dict.fromkeys((*phrases, *_USUAL)))
    pairs = _pairs(parts, width)
    best: tuple[float, tuple[int, ...], tuple[int, ...]] | None = None
    for first, second in _ways(count):
        score = _worth(parts, first, pairs, known) + _worth(parts, second, pairs, known)
        if second and second[-1] < first[-1]:
            score -= _AMID
        if best is None or score > best[0] + 1e-9:
            best = (score, first, second)
    assert best is not None  # noqa: S101 - there is always the way of one cell
    one = _ordered(parts, best[1], known)
    two = _ordered(parts, best[2], known)
    behind = bool(two) and all(parts[at].late for at in best[2]) and not all(parts[at].late for at in best[1])
    if behind and (len({piece.line.number for piece in two}) == 1 or (names_many(one) and not names_many(two))):
        one, two = two, one
    return Units(one, two)


def listed(pieces: Sequence[Piece]) -> tuple[str, str]:
    """The agencies of a cell as repaired and as printed, parted by ";" where a comma stands before a further
    agency; the commas inside a name stay."""
    words = [word for piece in pieces for word in piece.text.split()]
    raw = [word for piece in pieces for word in piece.raw.split()]
    words = grouped(raw, words)
    for at in range(1, len(words)):
        if (
            words[at - 1].endswith(",")
            and raw[at - 1].endswith(",")
            and _further(words[at - 1], raw[at], " ".join(words[at : at + 3]))
        ):
            words[at - 1] = words[at - 1][:-1] + ";"
            raw[at - 1] = raw[at - 1][:-1] + ";"
    return " ".join(words), " ".join(raw)


def _further(before: str, printed: str, text: str) -> bool:
    """Whether words behind a comma name a further agency, not a part of "các sở, ban, ngành" or of one name; `before`
    is the word before the comma."""
    first, _, rest = fold(text).partition(" ")
    if first == "cac":
        return rest.split()[:1] in (["so"], ["co"], ["don"])
    return printed[:1].isupper() and bool(rest) and (opening(text, "unit") or fold(before) not in _WITH_COMMA)


_WITH_COMMA = word_set("hoa dong")
"""Văn hóa, Thể thao và Du lịch; Lao động, Thương binh và Xã hội: one name with a comma in it."""


def names_many(pieces: Sequence[Piece]) -> bool:
    """Whether a cell names a group of agencies (các sở, ban, ngành …), which seldom leads beside a named one."""
    return bool(pieces) and pieces[0].folded.split()[:1] in (["cac"], ["nhung"])


def _tidy(parts: Sequence[Part]) -> list[Part]:
    """Without words that are printed twice: a line that is wholly said by the line before it."""
    return [part for part in parts if part.piece.folded]


def _ways(count: int) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The ways to divide so many lines among two cells: at one place, or one cell amid the lines of the other."""
    everything = tuple(range(count))
    ways: list[tuple[tuple[int, ...], tuple[int, ...]]] = [(everything, ())]
    ways += [(everything[:at], everything[at:]) for at in range(1, count)]
    if count <= _MOST:
        for first in range(1, count - 1):
            for last in range(first + 1, count):
                ways.append(((*everything[:first], *everything[last:]), everything[first:last]))
    return ways


def _pairs(parts: Sequence[Part], width: float) -> list[list[float]]:
    """How well each line goes on with each line before it in one cell."""
    model = Signatures.load()
    made = [[0.0] * len(parts) for _ in parts]
    for at, part in enumerate(parts):
        for before in range(at):
            made[before][at] = _pair(parts[before], part, at - before - 1, width, model)
    return made


def _pair(before: Part, part: Part, between: int, width: float, model: Signatures) -> float:
    one, two = before.piece, part.piece
    last = one.folded.split()[-1] if one.folded else ""
    tied = last in _OPEN_ENDS or one.text.endswith((",", "-"))
    score = max(-1.5, min(1.5, 0.5 * model.follows(one.text, two.text)))
    opens = opening(two.text, "unit") and two.raw[:1].isupper()
    if tied:
        score += 0.9
    elif opens and one.text.endswith(";"):
        score += 0.4
    elif opens:
        score -= 1.2
    if two.raw[:1].islower():
        score += 0.4
    if not between:
        near = two.line.number - one.line.number
        score += 0.3 if near == 1 else 0.0 if near == 2 else -0.3
        if near == 0:
            score -= 0.5
    else:
        score -= 1.2
    if part.late and not before.late:
        score -= 0.9
    room = width * 0.9 - one.width - print_width(" " + two.raw.split()[0])
    return score - min(max(0.0, room) * 0.12, 1.0)


def _worth(
    parts: Sequence[Part], chosen: Sequence[int], pairs: Sequence[Sequence[float]], known: tuple[str, ...]
) -> float:
    if not chosen:
        return -0.4
    score = sum(pairs[first][second] for first, second in pairwise(chosen))
    first, last = parts[chosen[0]].piece, parts[chosen[-1]].piece
    folded = last.folded.split()
    open_end = bool(folded and folded[-1] in _OPEN_ENDS) or last.text.endswith(",")
    alike, _ = _nearest(" ".join(parts[at].piece.folded for at in chosen), known)
    if alike >= _GOING_ON:  # all its words are there, in whatever order they were printed
        score, open_end = max(score, 0.0), False
    score += 0.8 if opening(first.text, "unit") else -1.6
    score -= 1.2 * open_end
    return score + 2.2 * max(0.0, alike - 70.0) / 30.0


@lru_cache(maxsize=16384)
def _nearest(words: str, known: tuple[str, ...]) -> tuple[float, str]:
    """The phrase that is most like the words, and how much (percent); another order of the words costs a little."""
    shuffled = process.extractOne(words, known, scorer=fuzz.token_sort_ratio, score_cutoff=60)
    if shuffled is None:
        return 0.0, ""
    straight = process.extractOne(words, known, scorer=fuzz.ratio, score_cutoff=60)
    if straight is not None and straight[1] >= shuffled[1] - _REORDERED:
        return float(straight[1]), straight[0]
    return float(shuffled[1]) - _REORDERED, shuffled[0]


_REORDERED = 7.0
_AMID = 1.5
"""What it costs that one cell is printed amid the lines of the other."""


def _ordered(parts: Sequence[Part], chosen: Sequence[int], known: tuple[str, ...]) -> tuple[Piece, ...]:
    """The lines of a cell in the order in which they are read: as printed, unless a phrase tells another order."""
    pieces = [parts[at].piece for at in chosen]
    words = " ".join(piece.folded for piece in pieces)
    alike, phrase = _nearest(words, known)
    if len(pieces) > 2 and alike >= _GOING_ON and fuzz.ratio(words, phrase) < alike - 7:
        places = phrase.split()

        def place(piece: Piece) -> float:
            at = [process.extractOne(word, places, scorer=fuzz.ratio, score_cutoff=60) for word in piece.folded.split()]
            found = [hit[2] for hit in at if hit is not None]
            return sum(found) / len(found) if found else 99.0

        return tuple(sorted(pieces, key=place))
    return tuple(pieces)


def missing_words(pieces: Sequence[Piece], phrases: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The phrase that a cell is, but for a word or three that its lines lack, and those words (folded, in order); ""
    and none where there is no such phrase."""
    words = [word for piece in pieces for word in piece.folded.split()]
    return _lacking(" ".join(words), tuple(dict.fromkeys((*phrases, *_USUAL))))


@lru_cache(maxsize=4096)
def _lacking(text: str, known: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    words = text.split()
    best: tuple[float, str, tuple[str, ...]] = (0.0, "", ())
    if len(words) < 3 or process.extractOne(text, known, scorer=fuzz.ratio, score_cutoff=95) is not None:
        return best[1:]
    for phrase in known:
        wanted = phrase.split()
        if not 0 < len(wanted) - len(words) <= 3:
            continue
        left, lacking = list(words), []
        for word in wanted:
            hit = process.extractOne(word, left, scorer=fuzz.ratio, score_cutoff=65)
            if hit is None:
                lacking.append(word)
            else:
                del left[hit[2]]
        share = (len(wanted) - len(lacking)) / len(wanted)
        if not left and share >= 0.7 and share > best[0]:
            best = (share, phrase, tuple(lacking))
    return best[1:]


def placed(pieces: Sequence[Piece], stray: Piece, phrase: str) -> list[Piece]:
    """The lines of a cell with a stray piece where the phrase has it."""
    ways = [[*pieces[:at], stray, *pieces[at:]] for at in range(len(pieces) + 1)]
    return max(ways, key=lambda way: fuzz.ratio(" ".join(piece.folded for piece in way), phrase))


_DEPARTMENTS = ("tu phap", "noi vu", "tai chinh", "thong tin va", "khoa hoc va", "tttt", "cong thuong", "y te")


def begins_department(text: str) -> bool:
    """Whether a text begins with what a department is named after, without "Sở" before it."""
    folded = fold(text)
    return any(fuzz.ratio(folded[: len(name)], name) >= 80 for name in _DEPARTMENTS)


def nameless(pieces: Sequence[Piece]) -> int | None:
    """The place of a line that names a department without its "Sở" behind "và" or a comma; None without one."""
    for at in range(1, len(pieces)):
        text, before = pieces[at].folded, pieces[at - 1]
        joined = before.folded.split()[-1:] == ["va"] or before.text.endswith((",", ";"))
        if joined and begins_department(text):
            return at
    return None


def is_usual(pieces: Sequence[Piece], phrases: Sequence[str]) -> bool:
    """Whether a cell is, as it stands, one of the phrases for agencies."""
    text = " ".join(piece.folded for piece in pieces)
    known = (*phrases, *_USUAL)
    return process.extractOne(text, known, scorer=fuzz.ratio, score_cutoff=95) is not None
