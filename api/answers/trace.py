"""Which rows of which plans implement a target, objective or task of a higher plan, and the other way round."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from api.library import Library
from graph.ids import kind_of

if TYPE_CHECKING:
    from graph.matrix import Matrix
    from graph.model import Link, Plan


def trace(library: Library, target: str | None = None, plan: str | None = None) -> list[dict[str, Any]]:
    """The trace as the public JSON. Raises UnknownThing for an id that is not held."""
    from api.answers.plans import thing
    from graph.trace import answer

    if target is not None:
        home = thing(library, target)["document"]
        links = library.links_where({"to_id": target})
    elif plan is not None:
        home = library.plan(plan).id
        links = library.links_where({"to_document": plan})
    else:
        return answer(library.plans, library.links)
    return answer(_plans(library, home, links), links, plan=plan, thing=target)


def _plans(library: Library, home: str, links: Sequence[Link], more: Collection[str] = ()) -> tuple[Plan, ...]:
    """A plan and those that links lead from, in the order of all: the others need not be read."""
    wanted = {home, *more, *(link.from_document for link in links)}
    return tuple(library.plan(document) for document in library.documents if document in wanted)


def upwards(library: Library, identifier: str) -> list[dict[str, Any]]:
    """What of higher plans a row or target implements, surest first."""
    from graph.trace import texts_of

    links = library.links_where({"from_id": identifier}, {"from_row": identifier})
    texts = texts_of([library.plan(document) for document in {link.to_document for link in links}])
    made: dict[str, dict[str, Any]] = {}
    for link in sorted(links, key=lambda one: -one.confidence):
        made.setdefault(
            link.to_id,
            {
                "to": link.to_id,
                "kind": kind_of(link.to_id),
                "document": link.to_document,
                "text": texts.get(link.to_id, link.to_id),
                "relation": link.relation.value,
                "confidence": link.confidence,
            },
        )
    return list(made.values())


def matrix(library: Library, plan: str) -> dict[str, Any]:
    """Targets and objectives of a plan × the plans that stand below it, with state and value in each cell."""
    from graph.matrix import matrix_to_json

    return matrix_to_json(_matrix(library, plan))


def _matrix(library: Library, plan: str) -> Matrix:
    from graph.matrix import matrix_of

    links = library.links_where({"to_document": library.plan(plan).id})
    return matrix_of(_plans(library, plan, links, library.below(plan)), links, plan)


def matrix_xlsx(library: Library, plan: str) -> bytes:
    """The same as a workbook with colours and links."""
    from tempfile import TemporaryDirectory

    from graph.matrix import write_xlsx

    made = _matrix(library, plan)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "matrix.xlsx"
        write_xlsx(made, path, library.settings.base)
        return path.read_bytes()
