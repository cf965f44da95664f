"""Two plans and the links known to hold between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.model import Plan, Relation


@dataclass(frozen=True)
class Case:
    """Two plans and what is known of the links between them, as (higher id, lower id) → relation. Only pairs whose
    higher end is in `judged` are known; those in `unsure` count neither way; those in `related` share a theme and carry
    out nothing."""

    name: str
    group: str
    higher: Plan
    lower: Plan
    links: Mapping[tuple[str, str], Relation]
    judged: frozenset[str]
    unsure: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    related: frozenset[tuple[str, str]] = field(default_factory=frozenset)
