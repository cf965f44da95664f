"""What people say of links, agencies and gaps: taken down, put into effect, reviewed in a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

from api.library import Library, open_library
from api.settings import Settings
from api.workspace import Workspace
from graph.decisions import Action, Decision, Subject
from graph.errors import DecisionError, UnknownThing
from graph.export import harmless
from graph.model import LinkStatus, Relation


def decide_link(
    settings: Settings, action: str, from_id: str, to_id: str, *, relation: str, reason: str, author: str
) -> dict[str, Any]:
    """Takes down one decision and makes the version anew, so that it stands in the graph too.

    Raises DecisionError for one that cannot stand and UnknownThing for an id that is not held.
    """
    from api.pipeline import refresh

    library = open_library(settings)
    take_down(library, "link", action, from_id, to_id, author=author, reason=reason, relation=relation)
    report = refresh(settings)
    return {"decision": action, "from": from_id, "to": to_id, "author": author, "links": report.counts["links"]}


def decide_other(
    settings: Settings, subject: str, action: str, from_id: str, to_id: str, *, reason: str, author: str
) -> dict[str, Any]:
    """The same for two agencies or a gap and its document."""
    from api.pipeline import refresh

    made = take_down(open_library(settings), subject, action, from_id, to_id, author=author, reason=reason)
    refresh(settings)
    return decision_to_json(made)


def take_down(
    library: Library,
    subject: str,
    action: str,
    from_id: str,
    to_id: str,
    *,
    author: str,
    reason: str = "",
    relation: str = "",
) -> Decision:
    """Writes one decision behind the others; the library applies it from then on, the graph after the next build.

    `from_id`/`to_id` are the lower and higher end of a link, two agency keys, or a gap and its document. Saying again
    what stands already writes nothing. Raises DecisionError for a decision that cannot stand and UnknownThing for an
    id that is not held.
    """
    from graph import decisions

    try:
        made = Decision(
            subject=Subject(subject),
            action=Action(action),
            from_id=from_id,
            to_id=to_id,
            author=author,
            decided_at=_now(),
            reason=reason,
            relation=relation,
        )
    except ValueError as error:
        raise DecisionError(f"Không có quyết định '{action}' cho '{subject}'", str(error)) from error
    workspace = Workspace(library.settings.data)
    with workspace.deciding():
        known = decisions.standing(decisions.load(workspace.decisions)).get(made.pair)
        if made.action is not Action.UNDO:
            made = _with_words(library, made)
            if known and (known.action, known.relation, known.reason) == (made.action, made.relation, made.reason):
                return known
        if made.subject is Subject.AGENCY:
            decisions.merged_agencies([*decisions.load(workspace.decisions), made])
        decisions.append(workspace.decisions, [made])
    return made


def _with_words(library: Library, made: Decision) -> Decision:
    """The decision with the texts of what it is about. Raises UnknownThing for an id that is not held."""
    from dataclasses import replace

    from api.answers.plans import thing
    from graph.ids import text_key
    from graph.trace import texts_of

    ends = (made.from_id, made.to_id)
    if made.subject is Subject.GAP:
        gap = next((one for one in library.gaps if (one["id"], one["document"]) == ends), None)
        if gap is None:
            raise UnknownThing(f"Không có khoảng trống '{made.from_id}'", f"no gap '{made.from_id}'")
        return replace(made, from_text=gap["detail"], to_text=made.to_id)
    if made.subject is Subject.AGENCY:
        names = agency_names(library)
        for key in ends:
            if key not in names:
                raise UnknownThing(f"Không có cơ quan '{key}'", f"no agency '{key}'")
        return replace(made, from_text=names[made.from_id], to_text=names[made.to_id])
    documents = {thing(library, end)["document"] for end in ends}
    texts = texts_of([library.plan(document) for document in documents])
    words = texts[made.from_id], texts[made.to_id]
    relation = made.relation
    if made.action is Action.CONFIRM and not relation:
        known = next((link for link in library.links if (link.from_id, link.to_id) == ends), None)
        relation = (known.relation if known else Relation.IMPLEMENTS).value
    return replace(
        made,
        relation="" if made.action is Action.REJECT else relation,
        from_text=words[0],
        to_text=words[1],
        from_key=text_key(words[0]),
        to_key=text_key(words[1]),
    )


def agency_names(library: Library) -> dict[str, str]:
    """Key → label of every agency that the plans name."""
    return {
        ref.key: ref.label or ref.name
        for plan in library.plans
        for row in plan.rows
        for ref in (*row.lead_agencies, *row.coordinating_agencies)
    }


def listed(library: Library, subject: str = "") -> list[dict[str, Any]]:
    """The decisions that stand, newest first."""
    return [
        decision_to_json(one)
        for one in sorted(library.verdict.standing.values(), key=lambda one: one.decided_at, reverse=True)
        if not subject or one.subject.value == subject
    ]


def decision_to_json(one: Decision) -> dict[str, Any]:
    """A decision as the public JSON."""
    return {
        "subject": one.subject.value,
        "decision": one.action.value,
        "from": one.from_id,
        "to": one.to_id,
        "from_text": one.from_text,
        "to_text": one.to_text,
        "relation": one.relation or None,
        "author": one.author,
        "decided_at": one.decided_at,
        "reason": one.reason or None,
    }


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
