"""What a typed syllable may have been meant to be: telex and VNI keys left in it, keys swapped, missed or doubled."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from embeddings.syllables import is_syllable

_TELEX_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_TELEX_MARKS = {"aa": "â", "ee": "ê", "oo": "ô", "aw": "ă", "ow": "ơ", "uw": "ư", "dd": "đ"}
_VNI_MARKS = {"a6": "â", "e6": "ê", "o6": "ô", "a8": "ă", "o7": "ơ", "u7": "ư", "d9": "đ"}
_W = (("a", "ă"), ("o", "ơ"), ("u", "ư"))
_SIX = (("a", "â"), ("e", "ê"), ("o", "ô"))
_SEVEN = _W[1:]
_EIGHT = _W[:1]
_VOWELS = "aeiouyăâêôơư"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@lru_cache(maxsize=4096)
def decoded(word: str) -> tuple[str, ...]:
    """Readings of a word that still has its telex or VNI keys ("thur" → thủ, "tucj" → tục, "thu3" → thủ), wherever
    after its letter a key was struck ("nguoi72" → người, "do965" → độ).

    The word may carry diacritics already ("chuyển đôir"); nothing that cannot be a Vietnamese syllable is made.
    """
    lowered = word.lower()
    made = []
    for tones, marks in ((_TELEX_TONES, _TELEX_MARKS), (_VNI_TONES, _VNI_MARKS)):
        rest = lowered
        tone = ""
        for at in range(len(lowered) - 1, 0, -1):
            if lowered[at] in tones and any(c in _VOWELS for c in _plain(lowered[:at])):
                tone, rest = tones[lowered[at]], lowered[:at] + lowered[at + 1 :]
                break
        for body in dict.fromkeys((rest, lowered)):
            mark = tone if body == rest and rest != lowered else ""
            marked = _with_marks(body, marks)
            if (marked != body or mark) and (reading := _with_tone(marked, mark)):
                made.append(reading)
    made.extend(_struck_late(lowered))
    return tuple(reading for reading in dict.fromkeys(made) if reading != lowered and is_syllable(reading))


def _struck_late(word: str) -> list[str]:
    """Readings of a word of letters and VNI keys in any order: one tone at most, each mark on the letter it fits."""
    letters = "".join(c for c in word if not c.isdigit())
    keys = [c for c in word if c.isdigit()]
    tones = [key for key in keys if key in _VNI_TONES]
    if not letters or not keys or len(tones) > 1 or not all(key in "123456789" for key in keys):
        return []
    if "9" in keys:
        if not letters.startswith("d"):
            return []
        letters = "đ" + letters[1:]
    shapes = [letters]
    if "6" in keys:
        shapes = [shape.replace(a, b, 1) for shape in shapes for a, b in _SIX if a in shape]
    if "7" in keys:
        horned = [shape.replace("uo", "ươ", 1) if "uo" in shape else "" for shape in shapes]
        horned += [shape.replace(a, b, 1) for shape in shapes for a, b in _SEVEN if a in shape]
        shapes = [shape for shape in horned if shape]
    if "8" in keys:
        shapes = [shape.replace("a", "ă", 1) for shape in shapes if "a" in shape]
    if not tones:
        return shapes
    return [reading for shape in shapes if (reading := _with_tone(shape, _VNI_TONES[tones[0]]))]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", "".join(c for c in unicodedata.normalize("NFD", text) if c not in _ALL_TONES))


_ALL_TONES = frozenset(_TELEX_TONES.values())


def _with_marks(word: str, marks: dict[str, str]) -> str:
    # "uow" is ươ in telex, "uo7" in VNI: the horn goes to both vowels.
    word = word.replace("uow", "ươ").replace("uo7", "ươ")
    for keys, letter in marks.items():
        word = word.replace(keys, letter)
    for key, pairs in (("w", _W), ("6", _SIX), ("7", _SEVEN), ("8", _EIGHT)):
        for base, letter in pairs:
            if word.endswith(key) and base in word[:-1] and (key == "w") == ("aw" in marks):
                word = word[:-1].replace(base, letter, 1)
    return word.replace("d9", "đ") if "d9" in marks else word


def _with_tone(word: str, tone: str) -> str:
    """The tone mark put on the vowel that carries it; "" for a word without a vowel or with a tone already."""
    if not tone:
        return word
    if any(c in _ALL_TONES for c in unicodedata.normalize("NFD", word)):
        return ""
    places = [i for i, c in enumerate(word) if c in _VOWELS]
    if word.startswith(("qu", "gi")) and len(places) > 1:
        places = places[1:]
    if not places:
        return ""
    special = [i for i in places if word[i] in "ăâêôơư"]
    if special:
        at = special[-1]
    elif len(places) >= 3 or (len(places) == 2 and places[-1] < len(word) - 1):
        at = places[1]
    else:
        at = places[0]
    return unicodedata.normalize("NFC", word[: at + 1] + tone + word[at + 1 :])


@lru_cache(maxsize=4096)
def one_edit(word: str) -> frozenset[str]:
    """All strings one slip away from a folded word: a letter missed, doubled, wrong, or two swapped."""
    splits = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    deleted = {a + b[1:] for a, b in splits if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in splits if len(b) > 1}
    replaced = {a + c + b[1:] for a, b in splits if b for c in _LETTERS}
    inserted = {a + c + b for a, b in splits for c in _LETTERS}
    return frozenset((deleted | swapped | replaced | inserted) - {word, ""})
