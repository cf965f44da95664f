"""Search by meaning and by words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, Any

from api.library import Library

if TYPE_CHECKING:
    from embeddings.search import Filters, Hit

MOST = 200


def search(
    library: Library, query: str, *, limit: int = 10, filters: Filters | None = None, group: bool = False
) -> dict[str, Any]:
    """The hits, best first, with how the query was understood. Raises BadQuery for a query that asks for nothing."""
    answer = library.engine.search(query, filters=filters, limit=min(limit, MOST), group=group)
    understood = asdict(answer.understood) if is_dataclass(answer.understood) else {}
    return {
        "query": query,
        "did_you_mean": answer.did_you_mean or None,
        "understood": plain(understood),
        "hits": [hit_to_json(hit) for hit in answer.hits],
    }


def similar(library: Library, identifier: str, limit: int = 5) -> list[dict[str, Any]]:
    """Rows and targets of other plans that say something like this one."""
    home = identifier.rpartition("-")[0]
    hits = [hit_to_json(hit) for hit in library.engine.similar_to(identifier, limit=limit * 3).hits]
    return [hit for hit in hits if hit["document"] != home][:limit]


def like_text(
    library: Library, text: str, *, filters: Filters | None = None, limit: int = 5, most: int = 20
) -> list[dict[str, Any]]:
    """For each paragraph of a pasted text (at most `most`, three words or longer) what plans say like it."""
    paragraphs = [line for line in text.splitlines() if len(line.split()) >= 3][:most]
    found = library.engine.similar_to_text("\n".join(paragraphs), filters=filters, limit=limit)
    return [{"text": paragraph, "hits": [hit_to_json(hit) for hit in answer.hits]} for paragraph, answer in found]


def like_plan(
    library: Library, plan: Mapping[str, Any], *, filters: Filters | None = None, limit: int = 3, most: int = 60
) -> dict[str, Any]:
    """For each row of a plan (the JSON of `cchc extract --json`) that need not be in the library, what other plans say
    like it; of a plan without rows, for each quantified target. The plan itself, where it is held, is left out."""
    home = str(plan["document"]["id"])
    said = [
        {"place": row["section_title"], "text": row["activity"] or row["task"] or row["objective"]}
        for row in plan["rows"]
    ] or [{"place": "", "text": target["text"]} for target in plan["targets"]]
    said = [one for one in said if len(one["text"].split()) >= 3]
    parts = []
    for one in said[:most]:
        found = library.engine.similar_to_text(" ".join(one["text"].split()), filters=filters, limit=limit * 2)
        hits = [hit_to_json(hit) for _, answer in found for hit in answer.hits]
        parts.append({**one, "hits": [hit for hit in hits if hit["document"] != home][:limit]})
    return {"document": plan["document"], "parts": parts, "left": max(0, len(said) - most)}


def hit_to_json(hit: Hit) -> dict[str, Any]:
    """A hit as the public JSON."""
    return {
        "id": hit.id,
        "kind": hit.kind,
        "document": hit.document,
        "text": hit.text,
        "objective": hit.objective,
        "lead": list(hit.lead),
        "score": float(hit.score),
        "why": plain(dict(hit.why)),
        "highlights": [list(span) for span in hit.highlights],
        "also": list(hit.also),
    }


def plain(value: Any) -> Any:
    """The value in JSON types only: tuples and sets as lists, numbers of numpy as Python's."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if hasattr(value, "item"):
        return value.item()
    return value
