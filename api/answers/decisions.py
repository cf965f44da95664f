"""What people say of links: taken down, put into effect, reviewed in a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

from api.answers.gaps import harmless
from api.library import Library, open_library
from api.settings import Settings
from api.workspace import Workspace
from graph.model import LinkStatus


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
        decided_at=_now(),
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
    """All links as a TSV sheet for review in a spreadsheet: those not decided yet have empty cells for decision and
    author, which a person fills in; `take_in` reads it back."""
    from graph import decisions

    made = io.StringIO()
    writer = csv.writer(made, delimiter="\t", lineterminator="\n")
    writer.writerow([*decisions.COLUMNS.values(), "confidence"])
    for link in sorted(library.links, key=lambda one: (one.to_id, -one.confidence)):
        known = decisions.on_link(link, decisions.Action.CONFIRM, author="-", decided_at=_now())
        cells = {field: harmless(str(getattr(known, field))) for field in decisions.COLUMNS}
        confirmed = link.status is LinkStatus.CONFIRMED
        cells["action"] = decisions.Action.CONFIRM.value if confirmed else ""
        cells["author"] = link.author
        cells["decided_at"] = link.decided_at
        cells["reason"] = link.reason
        writer.writerow([*(cells[field] for field in decisions.COLUMNS), f"{link.confidence:.3f}"])
    return made.getvalue()


def take_in(settings: Settings, text: str, name: str, author: str) -> int:
    """Takes in a reviewed sheet and makes the version anew. Lines without a decision are passed over; one without
    author or time gets `author` and the time of taking in. Returns how many decisions were new."""
    from api.pipeline import refresh
    from graph import decisions

    column = decisions.COLUMNS
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter="\t")
    filled = io.StringIO()
    writer = csv.DictWriter(
        filled, list(reader.fieldnames or ()), delimiter="\t", lineterminator="\n", extrasaction="ignore"
    )
    writer.writeheader()
    for line in reader:
        if (line.get(column["action"]) or "").strip():
            line[column["author"]] = line.get(column["author"]) or author
            line[column["decided_at"]] = line.get(column["decided_at"]) or _now()
            writer.writerow(line)
    workspace = Workspace(settings.data)
    with workspace.deciding():
        new = decisions.import_reviewed(workspace.decisions, filled.getvalue(), name)
    if new:
        refresh(settings)
    return len(new)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
