"""All ids and IRIs of the project are made here, deterministically: the same input gives the same graph."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote

from graph.text import fold, plain_dashes, slug, squeeze

DEFAULT_BASE = "https://cchc.example/"

KINDS = (
    "plan",
    "row",
    "objective",
    "task",
    "target",
    "law",
    "agency",
    "link",
    "timeframe",
    "section",
    "citation",
    "place",
    "run",
    "assignment",
    "reading",
    "problem",
    "gap",
    "decision",
    "province",
    "change",
    "abbreviation",
)

_INSIDE = re.compile(r"-([rptok])\d{3,}$")
_INSIDE_KINDS = {"r": "row", "p": "row", "t": "target", "o": "objective", "k": "task"}


def document_id(file_name: str, taken: frozenset[str] = frozenset(), salt: str = "") -> str:
    """The id of a plan document from its file's name, extension included ("p2.docx" → "p2-docx").

    A name whose id is already `taken` by another file gets six hex digits of `salt` (its relative path) behind it.
    """
    made = slug(file_name)
    if made in taken:
        made = f"{made}-{hashlib.sha256(salt.encode()).hexdigest()[:6]}"
    return made


def row_id(document: str, index: int, prose: bool = False) -> str:
    """`<document>-r001`, or `<document>-p001` for a task stated in prose; `index` is 1-based."""
    return f"{document}-{'p' if prose else 'r'}{index:03d}"


def target_id(document: str, index: int) -> str:
    """`<document>-t001`; `index` is 1-based in document order."""
    return f"{document}-t{index:03d}"


def objective_id(document: str, index: int) -> str:
    """`<document>-o001`; one id for each distinct objective cell; `index` is 1-based in document order."""
    return f"{document}-o{index:03d}"


def task_id(document: str, index: int) -> str:
    """`<document>-k001`; a task that holds several activities; `index` is 1-based in document order."""
    return f"{document}-k{index:03d}"


def kind_of(thing: str) -> str:
    """What the id of a thing inside a plan stands for: "row", "target", "objective", "task", else "plan"."""
    found = _INSIDE.search(thing)
    return _INSIDE_KINDS[found[1]] if found else "plan"


def law_key(legal_id: str, year: int | None = None, issuer: str = "") -> str:
    """The key of a legal document's node: its id as a slug that keeps number, year, type and sign apart.

    Ids without a year in them ("76/NQ-CP", "232/KH-UBND") serve several documents: the year of issue and, for bodies
    that exist in every province, the issuer make the key unique where they are known.
    """
    made = slug(plain_dashes(legal_id).replace("Đ", "D"), 120)
    if year is not None:
        made += f"-{year}"
    if issuer:
        made += f"-{slug(issuer, 60)}"
    return made


def agency_key(name: str, province: str = "", parent: str = "") -> str:
    """The key of an agency's node, scoped by province and parent (the parent's key already carries its province)."""
    return f"{slug(name, 100)}--{parent}" if parent else f"{slug(name, 100)}{'--' + slug(province) if province else ''}"


def link_id(from_id: str, to_id: str) -> str:
    """One id for a pair, whatever its relation or confidence."""
    return hashlib.sha256(f"{from_id}\n{to_id}".encode()).hexdigest()[:16]


def text_key(text: str) -> str:
    """A key for the content of a text: equal for texts that differ in case, diacritics, spacing or punctuation
    only."""
    return hashlib.sha256(fold(squeeze(text)).encode()).hexdigest()[:24]


def iri(kind: str, key: str, base: str = DEFAULT_BASE) -> str:
    """The IRI of a thing, `<base><kind>/<key>`. Raises ValueError for a kind that is not one of KINDS."""
    if kind not in KINDS:
        raise ValueError(f"unknown kind of thing: {kind}")
    return f"{base}{kind}/{quote(key, safe='-._~@')}"


def plan_graph_iri(document: str, base: str = DEFAULT_BASE) -> str:
    """The named graph that holds all statements of one plan document; equal to the plan's IRI with #graph."""
    return f"{iri('plan', document, base)}#graph"


def named_graph_iri(name: str, base: str = DEFAULT_BASE) -> str:
    """The named graph of statements that belong to no one plan: "registers", "links", "gaps", "decisions"."""
    return f"{base}graph/{quote(name, safe='-._~')}"
