"""A decision, and which one counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from graph.errors import DecisionError
from graph.model import Relation


class Action(StrEnum):
    """What a person did; `accept` and `fix` are for gaps, the others for links and agencies, `undo` for all."""

    CONFIRM = "confirm"
    REJECT = "reject"
    ADD = "add"
    UNDO = "undo"
    ACCEPT = "accept"
    FIX = "fix"


class Subject(StrEnum):
    """What a decision is about: a link between two plans, that two agency nodes are one agency, or a gap (`from_id` is
    the gap, `to_id` its document)."""

    LINK = "link"
    AGENCY = "agency"
    GAP = "gap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One line of the file. `from_id`/`to_id` are a link's ends (lower, higher) or two agency keys; `from_key`/`to_key`
    are the text keys of a link's ends, "" for agencies. `decided_at` is ISO 8601 with a time zone. `relation` is only
    used by `add` and by `confirm` (which may correct it), "" otherwise."""

    subject: Subject
    action: Action
    from_id: str
    to_id: str
    author: str
    decided_at: str
    reason: str = ""
    relation: str = ""
    from_key: str = ""
    to_key: str = ""
    from_text: str = ""
    to_text: str = ""

    @property
    def pair(self) -> tuple[str, str, str]:
        """What is decided on; an agency pair has no direction."""
        ends = (self.from_id, self.to_id)
        if self.subject is Subject.AGENCY:
            ends = (min(ends), max(ends))
        return (self.subject.value, *ends)


LinkDecision = Decision
"""The name under which `graph.trace.link_plans` takes decisions; those on agencies are ignored there."""


def check(decision: Decision) -> Decision:
    """The decision, if it can stand. Raises DecisionError for one without author, time or both ends, with a relation
    that does not exist, or with one end twice."""
    if not decision.author.strip():
        raise DecisionError("Quyết định phải có người quyết định.", "A decision needs an author.")
    try:
        moment = datetime.fromisoformat(decision.decided_at)
    except ValueError as error:
        raise DecisionError(
            f"Thời điểm “{decision.decided_at}” không theo ISO 8601.",
            f"'{decision.decided_at}' is not an ISO 8601 time.",
        ) from error
    if moment.tzinfo is None:
        raise DecisionError(
            f"Thời điểm “{decision.decided_at}” thiếu múi giờ.", f"'{decision.decided_at}' has no time zone."
        )
    if not decision.from_id or not decision.to_id or decision.from_id == decision.to_id:
        raise DecisionError("Quyết định phải nêu hai đối tượng khác nhau.", "A decision needs two different things.")
    for_gaps = decision.action in {Action.ACCEPT, Action.FIX}
    if decision.action is not Action.UNDO and for_gaps != (decision.subject is Subject.GAP):
        raise DecisionError(
            f"“{decision.action.value}” không dùng cho {decision.subject.value}.",
            f"'{decision.action.value}' is not for a {decision.subject.value}.",
        )
    if decision.action is Action.ACCEPT and not decision.reason.strip():
        raise DecisionError("Chấp nhận một khoảng trống phải nêu lý do.", "Accepting a gap needs a reason.")
    if decision.relation and decision.relation not in set(Relation):
        raise DecisionError(f"Không có quan hệ “{decision.relation}”.", f"There is no relation '{decision.relation}'.")
    if decision.action is Action.ADD and decision.subject is Subject.LINK and not decision.relation:
        raise DecisionError("Liên kết thêm vào phải có quan hệ.", "An added link needs a relation.")
    return decision


def standing(decisions: Iterable[Decision]) -> dict[tuple[str, str, str], Decision]:
    """The decision that counts for each pair, undone ones taken back, in the order they were first made.

    Raises DecisionError for an undo with nothing to take back.
    """
    stacks: dict[tuple[str, str, str], list[Decision]] = {}
    for decision in decisions:
        stack = stacks.setdefault(decision.pair, [])
        if decision.action is not Action.UNDO:
            stack.append(decision)
        elif stack:
            stack.pop()
        else:
            raise DecisionError(
                f"Không có quyết định nào để hoàn tác giữa {decision.from_id} và {decision.to_id}.",
                f"There is no decision to undo between {decision.from_id} and {decision.to_id}.",
            )
    return {pair: stack[-1] for pair, stack in stacks.items() if stack}
