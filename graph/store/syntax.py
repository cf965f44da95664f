"""What a SPARQL text says in its keywords, without parsing it: enough to refuse what a reader must not do.

Strings, IRIs, comments, variables and prefixed names are passed over, so that "service" in a text is no SERVICE.
"""

from __future__ import annotations

import re

from graph.errors import QueryError

_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n\r]*)
  | (?P<string>\"{3}(?:[^"\\]|\\.|\"{1,2}(?!\"))*\"{3} | '{3}(?:[^'\\]|\\.|'{1,2}(?!'))*'{3}
      | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<variable>[?$]\w+)
  | (?P<blank>_:[\w.-]+)
  | (?P<prefixed>[\w.-]*:(?:[\w:.%-]|\\.)*)
  | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"})
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")


def words(text: str) -> tuple[str, ...]:
    """The bare words of a SPARQL text in order, upper case."""
    return tuple(found[0].upper() for found in _TOKEN.finditer(text) if found.lastgroup == "word")


def form(text: str) -> str:
    """SELECT, ASK, CONSTRUCT or DESCRIBE, "" for anything else."""
    return next((word for word in words(text) if word in _FORMS), "")


def names_dataset(text: str) -> bool:
    """Whether the query says by FROM which graphs it means."""
    return "FROM" in words(text)


def refuse_unsafe(text: str) -> None:
    """Raises QueryError for an update and for SERVICE, which would make this machine fetch from another."""
    said = words(text)
    found = next((word for word in said if word in _UPDATES), "")
    if found or not form(text):
        raise QueryError(
            "Chỉ nhận truy vấn đọc: SELECT, ASK, CONSTRUCT hoặc DESCRIBE",
            "only reading queries are taken: SELECT, ASK, CONSTRUCT or DESCRIBE",
        )
    if "SERVICE" in said:
        raise QueryError(
            "Không cho phép SERVICE (gọi sang máy khác)", "SERVICE (calling another machine) is not allowed"
        )
