"""What people say of links: taken down, put into effect, reviewed in a spreadsheet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from api.library import Library, open_library
from api.settings import Settings
from api.workspace import Workspace


def decide_link(
    settings: Settings, action: str, from_id: str, to_id: str, *, relation: str, reason: str, author: str
) -> dict[str, Any]:
    """Takes down one decision and makes the version anew, so that it shows at once.

    Raises DecisionError for one that cannot stand and UnknownThing for an id that is not held.
    """
    from api.answers.plans import thing
    from api.pipeline import refresh
    from graph import decisions
    from graph.ids import text_key
    from graph.trace import texts_of

    library = open_library(settings)
    ends = {end: thing(library, end)["document"] for end in (from_id, to_id)}
    texts = texts_of([library.plan(document) for document in set(ends.values())])
    made = decisions.Decision(
        subject=decisions.Subject.LINK,
        action=decisions.Action(action),
        from_id=from_id,
        to_id=to_id,
        author=author,
        decided_at=datetime.now(UTC).isoformat(timespec="seconds"),
        reason=reason,
        relation=relation,
        from_key=text_key(texts[from_id]),
        to_key=text_key(texts[to_id]),
        from_text=texts[from_id],
        to_text=texts[to_id],
    )
    workspace = Workspace(settings.data)
    with workspace.deciding():
        decisions.append(workspace.decisions, [made])
    report = refresh(settings)
    return {"decision": action, "from": from_id, "to": to_id, "author": author, "links": report.counts["links"]}


def review_sheet(library: Library) -> str:
    """All links as a TSV sheet for review."""
    from graph import decisions

    return decisions.review_sheet(library.plans, library.links)


def take_in(settings: Settings, text: str, name: str) -> int:
    """Takes in a reviewed sheet and makes the version anew. Returns how many decisions were new."""
    from api.pipeline import refresh
    from graph import decisions

    workspace = Workspace(settings.data)
    with workspace.deciding():
        new = decisions.import_reviewed(workspace.decisions, text, name)
    if new:
        refresh(settings)
    return len(new)
