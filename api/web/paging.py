"""Long lists, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Paging:
    """One page of a list: what is shown, where it stands (1-based), addresses of its neighbours ("" for none)."""

    shown: Sequence[Any]
    total: int
    first: int
    number: int
    pages: int
    before: str
    after: str


def paged(found: Sequence[Any], number: int, size: int, path: str, chosen: Mapping[str, str]) -> Paging:
    """The page of that number; one behind the end is the last page."""
    pages = max(1, -(-len(found) // size))
    number = min(max(1, number), pages)
    start = (number - 1) * size

    def address(to: int) -> str:
        if not 1 <= to <= pages:
            return ""
        return f"{path}?{urlencode({**{key: value for key, value in chosen.items() if value}, 'page': to})}"

    return Paging(
        found[start : start + size],
        len(found),
        start + 1 if found else 0,
        number,
        pages,
        address(number - 1),
        address(number + 1),
    )
