"""Which letter strings can be a Vietnamese syllable: onset, rime and the tones that a stopped rime allows.

Source: Đoàn Thiện Thuật, Ngữ âm tiếng Việt, 1977 (onsets and rimes in today's spelling).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from graph.text import strip_diacritics

_ONSETS = "b|ch|c|d|đ|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|r|s|th|tr|t|v|x"
_RIME_LIST = """
a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et ê êc
êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oa oac oach oai oam oan oang oanh
oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn
ơp ơt u ua uân uâng uât uây uc uê uêch uênh uêu ui um un ung uôc uôi uôm uôn uông uôt uơ up ut uy uya uych uyên uyêt
uyn uynh uyp uyt uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu
"""
_RIMES = frozenset(_RIME_LIST.split())
_BARE_RIMES = frozenset(strip_diacritics(rime) for rime in _RIMES)
_PARTS = re.compile(rf"({_ONSETS})?(.+)")
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_STOPPED = ("c", "ch", "p", "t")


@lru_cache(maxsize=8192)
def is_syllable(word: str) -> bool:
    """Whether a small-letter word can be a Vietnamese syllable as written, or one without any diacritics."""
    decomposed = unicodedata.normalize("NFD", word)
    tones = [c for c in decomposed if c in _TONES]
    body = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
    match = _PARTS.fullmatch(body)
    if match is None or len(tones) > 1:
        return False
    rime = match.group(2)
    bare = strip_diacritics(body) == body and not tones
    if rime not in _RIMES and not (bare and rime in _BARE_RIMES) and not (match.group(1) == "gi" and rime == ""):
        return body in {"gi", "gin", "gim", "giêng", "gia"}
    return bare or not rime.endswith(_STOPPED) or (tones[0] if tones else "") in {"\u0301", "\u0323"}


@lru_cache(maxsize=8192)
def marks(word: str) -> frozenset[tuple[int, str]]:
    """The diacritics of a word with the place of their letter (đ is a mark on d)."""
    found = set()
    place = -1
    for c in unicodedata.normalize("NFD", word):
        if unicodedata.combining(c):
            found.add((place, c))
        else:
            place += 1
            if c == "đ":
                found.add((place, "đ"))
    return frozenset(found)
