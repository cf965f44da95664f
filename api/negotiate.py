"""Content negotiation (RFC 9110, section 12.5.1): which of the offered media types an Accept header prefers."""

from __future__ import annotations

from collections.abc import Iterable


def preferred(accept: str, offered: Iterable[str]) -> str:
    """The offered type of the highest quality, "" where none is accepted. Of equals the one named first in the header
    counts; under a range ("text/*", "*/*") the one offered first. A quality that is no number counts as 0."""
    types = list(offered)
    best, chosen = 0.0, ""
    for part in accept.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        quality = _quality(parameters)
        found = next((one for one in types if _fits(one, name.lower())), "")
        if found and quality > best:
            best, chosen = quality, found
    return chosen


def _quality(parameters: Iterable[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return min(1.0, float(value.strip())) if value.isascii() else 0.0
            except ValueError:
                return 0.0
    return 1.0


def _fits(offered: str, asked: str) -> bool:
    kind, _, rest = asked.partition("/")
    return asked in {offered, "*/*"} or (rest == "*" and offered.startswith(f"{kind}/"))
