"""Gap rules as SPARQL files: those of the project, and those that a user adds.

A rule is a query file (see `graph.store.queries`) whose header says two things more, `# Kind: no-owner` and
`# Severity: high`. It answers a row for each gap with the columns `document` and any of `row`, `target`, `law`,
`agency`, `other`, `text`. A kind that the project does not know becomes `own-rule` under the file's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

from graph.errors import QueryError
from graph.gaps.base import Gap, Kind, Severity, in_order
from graph.store.base import GraphStore
from graph.store.queries import Query, bind, parse

_SAID = re.compile(r"^# (Kind|Severity): ([a-z-]+)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its query, the kind of gap it finds and how grave that is."""

    name: str
    kind: Kind
    severity: Severity
    query: Query


def load_rules(folder: Path | None = None) -> tuple[Rule, ...]:
    """The project's rules, then those of a user's folder, by name; a user's rule replaces the project's of that name.

    Raises QueryError for a rule whose header is incomplete or wrong, naming it.
    """
    found: dict[str, Rule] = {}
    own = files("graph").joinpath("queries", "gaps")
    for entry in sorted(own.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".rq"):
            name = entry.name.removesuffix(".rq")
            found[name] = parse_rule(name, entry.read_text(encoding="utf-8"))
    for path in sorted(folder.glob("*.rq")) if folder is not None else ():
        found[path.stem] = parse_rule(path.stem, path.read_text(encoding="utf-8"))
    return tuple(found.values())


def parse_rule(name: str, text: str) -> Rule:
    """A rule from its text. Raises QueryError for a missing or unknown severity or a missing kind."""
    said: dict[str, str] = dict(_SAID.findall(text))
    if "Kind" not in said or said.get("Severity") not in set(Severity):
        raise QueryError(
            f"Quy tắc '{name}' thiếu dòng '# Kind:' hoặc '# Severity: high|medium|low'",
            f"rule '{name}' lacks '# Kind:' or '# Severity: high|medium|low'",
        )
    known = said["Kind"] in set(Kind)
    return Rule(
        name=name,
        kind=Kind(said["Kind"]) if known else Kind.OWN_RULE,
        severity=Severity(said["Severity"]),
        query=parse(name, text),
    )


def run_rules(store: GraphStore, as_of: date, rules: Sequence[Rule], plan: str | None = None) -> tuple[Gap, ...]:
    """The gaps that the rules find in a store, gravest first. The store's errors (QueryError among them) are raised."""
    return in_order(tuple(gap for rule in rules for gap in _found(store, as_of, rule, plan)))


def _found(store: GraphStore, as_of: date, rule: Rule, plan: str | None) -> Iterator[Gap]:
    given: dict[str, object] = {"as_of": as_of, "plan": plan}
    text = bind(rule.query, {name: value for name, value in given.items() if name in rule.query.parameters})
    for answer in store.select(text):
        cell = {name: str(value) for name, value in answer.items() if value is not None}
        row = cell.get("row", "")
        yield Gap(
            kind=rule.kind,
            severity=rule.severity,
            document=cell.get("document", ""),
            detail_vi=rule.query.question_vi,
            detail_en=rule.query.question,
            target=cell.get("target", ""),
            row=row,
            law=cell.get("law", ""),
            agency=cell.get("agency", ""),
            other=cell.get("other", ""),
            text=cell.get("text", ""),
            rows=(row,) if row else (),
            rule=rule.name if rule.kind is Kind.OWN_RULE else "",
        )
