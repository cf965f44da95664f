"""Decisions put to use: links as people left them, agencies that people merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from graph.decisions.base import Action, Decision, Subject, check, standing
from graph.errors import DecisionError
from graph.ids import text_key
from graph.model import Link, LinkStatus, Relation
from graph.text import squeeze


def on_link(
    link: Link, action: Action, *, author: str, decided_at: str, reason: str = "", relation: Relation | None = None
) -> Decision:
    """A decision on a link that the system proposed, with the texts its evidence shows."""
    lower, higher = _shown(link, "lower"), _shown(link, "higher")
    return check(
        Decision(
            subject=Subject.LINK,
            action=action,
            from_id=link.from_id,
            to_id=link.to_id,
            author=author,
            decided_at=decided_at,
            reason=reason,
            relation=(relation or link.relation).value if action in {Action.CONFIRM, Action.ADD} else "",
            from_key=text_key(lower) if lower else "",
            to_key=text_key(higher) if higher else "",
            from_text=lower,
            to_text=higher,
        )
    )


def _shown(link: Link, side: str) -> str:
    part = link.evidence.get(side)
    return squeeze(str(part.get("text", ""))) if isinstance(part, Mapping) else ""


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A decision that stands but whose text is in none of the plans any more."""

    decision: Decision
    reason: str


def apply_to_links(
    links: Sequence[Link], decisions: Sequence[Decision], texts: Mapping[str, str]
) -> tuple[tuple[Link, ...], tuple[Unplaced, ...]]:
    """The links as people left them: confirmed ones with confidence 1 and their author, rejected ones gone, added ones
    in; and the decisions whose things are gone. `texts` holds the text of every target, objective and row by id.

    A rejected pair stays rejected under the ids that its texts have now, even when the rows were numbered anew.
    """
    finder = _Finder(texts)
    standing_on: dict[tuple[str, str], Decision] = {}
    unplaced = []
    for decision in standing(decisions).values():
        if decision.subject is not Subject.LINK:
            continue
        ends = finder.find(decision.from_id, decision.from_key), finder.find(decision.to_id, decision.to_key)
        if ends[0] is None or ends[1] is None:
            unplaced.append(Unplaced(decision, "không còn trong kế hoạch (no longer in the plan)"))
        else:
            standing_on[(ends[0], ends[1])] = decision
    kept: list[Link] = []
    for link in links:
        found = standing_on.pop((link.from_id, link.to_id), None)
        if found is None:
            kept.append(link)
        elif found.action is not Action.REJECT:
            kept.append(_confirmed(link, found))
    for (from_id, to_id), decision in standing_on.items():
        if decision.action is not Action.REJECT:
            kept.append(_added(from_id, to_id, decision, texts))
    return tuple(kept), tuple(unplaced)


def _confirmed(link: Link, decision: Decision) -> Link:
    return replace(
        link,
        relation=Relation(decision.relation) if decision.relation else link.relation,
        confidence=1.0,
        status=LinkStatus.CONFIRMED,
        author=decision.author,
        decided_at=decision.decided_at,
        reason=decision.reason,
    )


def _added(from_id: str, to_id: str, decision: Decision, texts: Mapping[str, str]) -> Link:
    return Link(
        from_id=from_id,
        to_id=to_id,
        from_document=_document(from_id),
        to_document=_document(to_id),
        relation=Relation(decision.relation) if decision.relation else Relation.IMPLEMENTS,
        confidence=1.0,
        evidence={"lower": {"text": texts[from_id]}, "higher": {"text": texts[to_id]}},
        method="person",
        from_row=from_id if from_id.rpartition("-")[2][:1] in {"r", "p"} else "",
        status=LinkStatus.CONFIRMED,
        author=decision.author,
        decided_at=decision.decided_at,
        reason=decision.reason,
    )


def _document(thing: str) -> str:
    return thing.rpartition("-")[0]


class _Finder:
    """Finds a thing again by its id where the text is still the same, else by its text in the same document."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.keys = {thing: text_key(text) for thing, text in texts.items()}
        self.by_text: dict[tuple[str, str], list[str]] = {}
        for thing, key in self.keys.items():
            self.by_text.setdefault((_document(thing), key), []).append(thing)

    def find(self, thing: str, key: str) -> str | None:
        if thing in self.keys and (not key or self.keys[thing] == key):
            return thing
        same_kind = [
            other
            for other in self.by_text.get((_document(thing), key), ())
            if other.rpartition("-")[2][:1] == thing.rpartition("-")[2][:1]
        ]
        return same_kind[0] if same_kind else None


def merged_agencies(decisions: Iterable[Decision]) -> dict[str, str]:
    """Agency key → key of the agency that people said it is, by all standing merges; chains lead to the last one."""
    target: dict[str, str] = {}
    for decision in standing(decisions).values():
        if decision.subject is Subject.AGENCY and decision.action in {Action.CONFIRM, Action.ADD}:
            target[decision.from_id] = decision.to_id
    made: dict[str, str] = {}
    for start in target:
        end, seen = start, {start}
        while end in target:
            end = target[end]
            if end in seen:
                raise DecisionError(
                    f"Các quyết định gộp cơ quan tạo vòng lặp tại {start}.", f"Agency merges form a circle at {start}."
                )
            seen.add(end)
        made[start] = end
    return made
