"""Wrong accents in text recognised with Vietnamese letters: "tố chức" for "tổ chức", "đơn v" for "đơn vị".

Careful on purpose: a word is changed only when it was never seen beside its neighbours in administrative Vietnamese
(`graph.ingest.restore.administrative`), while exactly one word of the same letters was, often; and never does a
known word lose all its marks. Numbers, codes, names and anything that the lexicon does not tell stay as read; the text
as read is kept in `raw`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from graph.ingest.base import Block, Grid, GridCell
from graph.model import Paragraph
from graph.text import strip_diacritics

if TYPE_CHECKING:
    from graph.ingest.restore import Lexicon

_WORD = re.compile(r"[^\W\d_]+")
_SEEN = 3
"""How often a word must have been seen beside a neighbour to stand for one that was never."""
_SHARE = 0.2
"""The share of a neighbour's places at which the word must stand (of the rarer one's, for a word that is none)."""
_CLEARER = 4
"""How many times more often than the next best."""
_STUMPS = re.compile(r"^(?:[bcdđghklmnpqrstvx]|th|tr|ch|kh|ph|nh|ng|gi|qu)$")


def mend_blocks(blocks: Sequence[Block], pages: Collection[int]) -> list[Block]:
    """The blocks with the accents of those on recognised pages (numbered from 1) mended."""
    from graph.ingest.restore import administrative

    lexicon = administrative()
    made: list[Block] = []
    for block in blocks:
        if block.source.page not in pages:
            made.append(block)
        elif isinstance(block, Grid):
            made.append(replace(block, cells=tuple(_cell(cell, lexicon) for cell in block.cells)))
        else:
            made.append(_paragraph(block, lexicon))
    return made


def _cell(cell: GridCell, lexicon: Lexicon) -> GridCell:
    lines = tuple(mend_accents("\n".join(cell.lines), lexicon).split("\n")) if cell.lines else ()
    return cell if lines == cell.lines else replace(cell, lines=lines, raw=cell.raw or " ".join(cell.lines))


def _paragraph(paragraph: Paragraph, lexicon: Lexicon) -> Paragraph:
    text = mend_accents(paragraph.text, lexicon)
    if text == paragraph.text:
        return paragraph
    return replace(paragraph, text=text, raw=paragraph.raw or f"{paragraph.label} {paragraph.text}".strip())


def mend_accents(text: str, lexicon: Lexicon | None = None) -> str:
    """The text with words of wrong accents put right; white space and all else as it is."""
    if lexicon is None:
        from graph.ingest.restore import administrative

        lexicon = administrative()
    found = list(_WORD.finditer(text))
    words = [match[0].lower() for match in found]
    for index, match in enumerate(found):
        before = words[index - 1] if index and _joined(text[found[index - 1].end() : match.start()]) else ""
        joined = index + 1 < len(found) and _joined(text[match.end() : found[index + 1].start()])
        after = words[index + 1] if joined else ""
        words[index] = _meant(words[index], before, after, lexicon)
    made = []
    end = 0
    for match, word in zip(found, words, strict=True):
        made.append(text[end : match.start()] + _cased(match[0], word, lexicon))
        end = match.end()
    return "".join(made) + text[end:]


def _joined(between: str) -> bool:
    """Whether two words stand side by side, with nothing but a blank or a line's end between them."""
    return not between.strip() and bool(between)


def _meant(word: str, before: str, after: str, lexicon: Lexicon) -> str:
    def seen(candidate: str) -> int:
        return lexicon.pairs.get((before, candidate), 0) + lexicon.pairs.get((candidate, after), 0)

    if not (before or after) or seen(word):
        return word
    folded = strip_diacritics(word)
    if _STUMPS.match(folded):  # the vowel with its mark was lost
        if not before:
            return word
        choices = [
            w for w in lexicon.words if len(w) == len(word) + 1 and w.startswith(word) and w not in lexicon.acronyms
        ]
    else:
        choices = [w for w in lexicon.folded.get(folded, ()) if w != word]
    counts = sorted(((seen(w), w) for w in choices), reverse=True)
    if not counts or counts[0][0] < _SEEN or not _belongs(counts[0][1], word, before, after, lexicon):
        return word
    if len(counts) > 1 and counts[0][0] < _CLEARER * counts[1][0]:
        return word
    if _lost_marks(word, counts[0][1], lexicon):
        return word
    return counts[0][1]


def _lost_marks(read: str, word: str, lexicon: Lexicon) -> bool:
    """Whether a known word with marks would lose all of them: a recogniser loses marks or mistakes one for another,
    but hardly ever adds one that makes a word, so that "khóa học" is no misread "khoa học"."""
    bare = strip_diacritics(read)
    if bare == read or strip_diacritics(word) != word:
        return False
    # the mark may stand on either vowel ("khóa", "khoá")
    marks = sorted(unicodedata.normalize("NFD", read))
    return any(sorted(unicodedata.normalize("NFD", known)) == marks for known in lexicon.folded.get(bare, ()))


def _belongs(word: str, read: str, before: str, after: str, lexicon: Lexicon) -> bool:
    """Whether word and neighbour stand together as a rule, as "tổ" and "chức": being possible is not enough."""
    marked = strip_diacritics(read) != read and strip_diacritics(word) != word
    unknown = marked and not lexicon.words.get(read)  # no known word, and only its mark differs
    for pair, neighbour in (((before, word), before), ((word, after), after)):
        places = lexicon.words.get(neighbour, 1)
        if unknown:
            places = min(places, lexicon.words.get(word, 1))
        if lexicon.pairs.get(pair, 0) >= _SHARE * places + 1:
            return True
    return False


def _cased(read: str, word: str, lexicon: Lexicon) -> str:
    """The word in the capitals of what was read; a capital inside a word in small letters is a misreading."""
    changed = word != read.lower()
    if read[:1].isupper():
        if read.isupper() and len(read) > 1:
            return word.upper() if changed else read
        return f"{word[:1].upper()}{word[1:]}" if changed else read
    return word if changed or word in lexicon.words else read
