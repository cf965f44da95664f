"""Plans as JSON on disk, complete: what was read once is not read again while file and code stay the same."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from graph.model import Plan

if TYPE_CHECKING:
    from pydantic import TypeAdapter

PACKAGE = Path(__file__).resolve().parent.parent
READING_CODE = ("graph/ingest", "graph/entities", "graph/extract.py", "graph/model.py", "graph/text.py", "graph/ids.py",
                "graph/errors.py", "graph/fields.py", "ontology/register")  # fmt: skip
LINKING_CODE = (
    "graph/trace", "graph/gaps", "graph/queries", "graph/mapping", "graph/objectives.py", "graph/similarity.py",
    "graph/decisions", "graph/diff.py", "graph/errors.py", "ontology/cchc.ttl", "ontology/vocab.py", "embeddings",
    "api/pipeline.py", "api/stages.py",
)  # fmt: skip
"""What plans and links are made by; a test holds that all modules that they import are among these."""


def fingerprint(names: tuple[str, ...], extra: tuple[Path, ...] = ()) -> str:
    """One hash over code and data files, so that nothing made by other code is taken for current. `extra` are CSV files
    or folders of them; one that does not exist counts as empty, who reads it refuses it."""
    made = hashlib.sha256()
    for name in names:
        path = PACKAGE / name
        inside = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
        for file in inside:
            if "__pycache__" not in file.parts:
                made.update(str(file.relative_to(PACKAGE)).encode())
                made.update(file.read_bytes())
    for path in extra:
        for file in sorted(path.glob("*.csv")) if path.is_dir() else [path] if path.is_file() else []:
            made.update(file.read_bytes())
    return made.hexdigest()[:16]


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Plan]:
    from pydantic import TypeAdapter

    return TypeAdapter(Plan)


def dump_plan(plan: Plan) -> bytes:
    """The whole plan as JSON bytes."""
    return _adapter().dump_json(plan)


def load_plan(path: Path) -> Plan:
    """The plan that `dump_plan` wrote. Raises ValueError when the file is damaged."""
    return _adapter().validate_json(path.read_bytes())
