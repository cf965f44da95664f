"""Whether a lower text says the opposite of a higher one: it stops or waives what the other demands, or demands what
the other waives ("Công khai xin lỗi khi hồ sơ quá hạn" and "Hồ sơ trễ hẹn không phải gửi văn bản xin lỗi").

Judged only for pairs that speak of one thing already. A negation counts when the words it governs stand in the other
text without any negation there.
"""

from __future__ import annotations

import re
from itertools import pairwise

from graph.text import fold

_STOPS = r"(?:cham dut|dinh chi|khong tiep tuc)"
_WAIVES = r"(?:khong phai|khong can|khong bat buoc|khong nhat thiet|mien)"
_GOVERNS = re.compile(rf"\b(?:{_STOPS}|{_WAIVES})((?: \w+){{2,6}})")
_NOT = re.compile(r"\bkhong ((?:yeu cau|cong khai|to chuc|thuc hien|tiep nhan|giai quyet|kiem tra|ban hanh|bo tri) ?)")
_MARKED_STOP = re.compile(r"(?<![^\W\d_])(?:tạm\s+)?(?:dừng|ngừng)(?![^\W\d_])", re.IGNORECASE)
_PLACEHOLDER = "cham dut"


def oppose(one: str, other: str) -> bool:
    """Whether one of the texts negates what the other says. The order of the two does not matter."""
    left, right = _plain(one), _plain(other)
    return _negates(left, right) or _negates(right, left)


def _plain(text: str) -> str:
    """The folded text; "dừng", "ngừng" (stop), which without marks read like "đúng" and "dùng", as one word of their
    own, and every other word so folded taken away."""
    kept = _MARKED_STOP.sub(f" {_PLACEHOLDER} ", text)
    return re.sub(r"\b(?:tam )?(?:dung|ngung)\b", " ", fold(kept))


def _negates(one: str, other: str) -> bool:
    theirs = _pairs(other)
    governed = [found.group(1).split() for found in _GOVERNS.finditer(one)]
    if any(_pairs(" ".join(words)) & theirs for words in governed) and not _negated(other):
        return True
    denied = {found.group(1).strip() for found in _NOT.finditer(one)}
    return any(
        re.search(rf"\b{verb}\b", other) is not None and re.search(rf"\bkhong {verb}\b", other) is None
        for verb in denied
    ) and not _negated(other)


def _negated(text: str) -> bool:
    return _GOVERNS.search(text) is not None or _NOT.search(text) is not None


_EMPTY = frozenset(
    [
        "cua",
        "va",
        "cac",
        "nhung",
        "cho",
        "khi",
        "tai",
        "theo",
        "ve",
        "duoc",
        "co",
        "la",
        "de",
        "trong",
        "voi",
        "do",
        "tu",
        "den",
        "mot",
    ]
)


def _pairs(text: str) -> set[tuple[str, str]]:
    words = [word for word in text.split() if word not in _EMPTY]
    return set(pairwise(words))
