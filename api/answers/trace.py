"""Which rows of which plans implement a target, objective or task of a higher plan, and the other way round."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from api.library import Library
from graph.ids import kind_of


def trace(library: Library, target: str | None = None, plan: str | None = None) -> list[dict[str, Any]]:
    """The trace as the public JSON. Raises UnknownThing for an id that is not held."""
    from api.answers.plans import thing
    from graph.trace import answer

    if target is not None:
        thing(library, target)
    if plan is not None:
        library.plan(plan)
    return answer(library.plans, library.links, plan=plan, thing=target)


def upwards(library: Library, identifier: str) -> list[dict[str, Any]]:
    """What of higher plans a row or target implements, surest first."""
    from graph.trace import texts_of

    links = [link for link in library.links if identifier in (link.from_id, link.from_row)]
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
    from graph.matrix import matrix_of, matrix_to_json

    library.plan(plan)
    return matrix_to_json(matrix_of(library.plans, library.links, plan))


def matrix_xlsx(library: Library, plan: str) -> bytes:
    """The same as a workbook with colours and links."""
    from tempfile import TemporaryDirectory

    from graph.matrix import matrix_of, write_xlsx

    library.plan(plan)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "matrix.xlsx"
        write_xlsx(matrix_of(library.plans, library.links, plan), path, library.settings.base)
        return path.read_bytes()
