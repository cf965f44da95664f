"""Merging spellings of one agency: proposals with reason and confidence, and what people decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph.errors import DecisionError
from graph.model import LinkStatus
from graph.text import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyDecision:
    """A person's word on whether `variant` is `name`. Confirmed: it resolves to that name. Rejected: the two stay apart
    and are not proposed again. `province` limits it to plans of one province ("" everywhere)."""

    variant: str
    name: str
    status: LinkStatus
    author: str
    decided_at: str
    reason: str = ""
    province: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeCandidate:
    """Two names that may mean one agency, for a person to decide. Nothing is merged by it."""

    variant: str
    name: str
    confidence: float
    reason: str


class Decisions:
    """The decisions that hold for a plan's province."""

    def __init__(self, decisions: Iterable[AgencyDecision], province: str = "") -> None:
        """Raises DecisionError when two decisions of one province confirm different names for one variant."""
        self._confirmed: dict[str, AgencyDecision] = {}
        self._rejected: set[tuple[str, str]] = set()
        for decision in decisions:
            if decision.province and fold(decision.province) != fold(province):
                continue
            pair = (fold(decision.variant), fold(decision.name))
            if decision.status is LinkStatus.REJECTED:
                self._rejected.add(pair)
                if pair[0] in self._confirmed and fold(self._confirmed[pair[0]].name) == pair[1]:
                    del self._confirmed[pair[0]]
            elif decision.status is LinkStatus.CONFIRMED:
                earlier = self._confirmed.get(pair[0])
                if earlier and fold(earlier.name) != pair[1]:
                    raise DecisionError(
                        f"“{decision.variant}” được xác nhận là cả “{earlier.name}” và “{decision.name}”",
                        f"'{decision.variant}' is confirmed to be both '{earlier.name}' and '{decision.name}'",
                    )
                self._confirmed[pair[0]] = decision
                self._rejected.discard(pair)

    def confirmed(self, variant: str) -> AgencyDecision | None:
        """What a variant was confirmed to be, None where nobody decided."""
        return self._confirmed.get(fold(variant))

    def rejected(self, variant: str, name: str) -> bool:
        """Whether somebody said that the two are not one."""
        return (fold(variant), fold(name)) in self._rejected or (fold(name), fold(variant)) in self._rejected


def merge_candidates(
    names: Sequence[str], decisions: Sequence[AgencyDecision] = (), floor: float = 0.86
) -> tuple[MergeCandidate, ...]:
    """Pairs of a plan's names that are alike enough to be one, surest first; the more frequent (then longer) name is
    proposed as the name. Pairs that people decided on are left out, as are names that differ in case, diacritics or
    marks only, which are one by their key. `names` may repeat: repetition is frequency."""
    from rapidfuzz import fuzz

    count: dict[str, int] = {}
    first: dict[str, str] = {}
    for name in names:
        key = fold(name)
        if key:
            count[key] = count.get(key, 0) + 1
            first.setdefault(key, name)
    known = Decisions(decisions)
    found: list[MergeCandidate] = []
    keys = sorted(count, key=lambda key: (-count[key], -len(key), key))
    for place, name in enumerate(keys):
        for variant in keys[place + 1 :]:
            alike = fuzz.ratio(name, variant) / 100
            if alike < floor or known.rejected(first[variant], first[name]) or known.confirmed(first[variant]):
                continue
            found.append(
                MergeCandidate(
                    variant=first[variant],
                    name=first[name],
                    confidence=round(alike, 3),
                    reason=f"tên giống nhau {alike:.0%}; “{first[name]}” gặp {count[name]} lần, "
                    f"“{first[variant]}” {count[variant]} lần (the names are alike)",
                )
            )
    return tuple(sorted(found, key=lambda candidate: -candidate.confidence))
