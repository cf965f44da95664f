"""Search by meaning and by words."""

from __future__ import annotations

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
