"""The stages of a build after reading: index, links, gaps, graph. Each takes what it needs and writes one folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from api.records import LINK_FIELDS, find_records, write_records
from api.settings import Settings
from api.workspace import Version, Workspace, write_atomically

if TYPE_CHECKING:
    from embeddings.encoder import Encoder
    from graph.decisions import Decision
    from graph.entities.registers import Registers
    from graph.gaps import Gap
    from graph.mapping.statements import Statements
    from graph.model import Link, Plan
    from graph.similarity import Similarity

Thing = TypeVar("Thing")
GRAPHS = "graphs.json"
"""The file of a version that tells what its graphs of links and gaps, one a lower plan, were made from."""
ENCODED_AHEAD = 20_000
"""Texts in one batch of the encoder: 30 MB of vectors."""

Progress = Callable[[str, int, int], None]
"""Called with a stage's name, what is done and the whole."""


@dataclass(frozen=True, slots=True)
class Job:
    """What every stage of one build shares."""

    workspace: Workspace
    settings: Settings
    today: date
    show: Progress


def encoder_of(settings: Settings, workspace: Workspace) -> Encoder:
    """The encoder that the settings name; converted models are kept in the data folder's cache."""
    from embeddings.encoder import DEFAULT, open_encoder

    name = DEFAULT if settings.model == "bundled" else settings.model
    return open_encoder(name, workspace.folder / "cache" / "models")


def write_index(folder: Path, plans: Sequence[Plan], encoder: Encoder, job: Job, before: Version | None = None) -> int:
    """The search index of all plans; vectors of texts encoded before come from the cache, and of a large index the
    parts that stay as they were in the version `before`. Returns the number of passages."""
    from embeddings.passages import passages_of
    from embeddings.persist import build_index

    job.show("chỉ mục", 0, len(plans))
    passages = [passage for plan in plans for passage in passages_of(plan)]
    previous = before.index if before is not None else None
    report = build_index(folder / "index", passages, encoder, job.workspace.vector_cache, previous=previous)
    job.show("chỉ mục", len(plans), len(plans))
    return report.passages


def make_links(plans: Sequence[Plan], encoder: Encoder, code: str, job: Job) -> tuple[Link, ...]:
    """All links as the system proposes them. A pair of plans is compared once while both stay the same."""
    from embeddings.similarity import make_similarity
    from graph.trace import link_pair, scopes

    workspace = job.workspace
    similarity = make_similarity(encoder, workspace.vector_cache)
    by_id = {plan.id: plan for plan in plans}
    pairs = scopes(plans)
    found: list[Link] = []

    def kept(higher: Plan, lower: Plan) -> Path:
        key = "\n".join((higher.id, higher.sha256, lower.id, lower.sha256, encoder.name, code))
        return workspace.folder / "cache" / "links" / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"

    job.show("liên kết", 0, len(pairs))
    new = [one for one in pairs if not kept(by_id[one.higher], by_id[one.lower]).exists()]
    _encode_ahead([by_id[name] for name in {name: None for one in new for name in (one.higher, one.lower)}], similarity)
    for done, scope in enumerate(pairs):
        job.show("liên kết", done, len(pairs))
        higher, lower = by_id[scope.higher], by_id[scope.lower]
        cached = kept(higher, lower)
        if cached.exists():
            found.extend(load_links(cached))
        else:
            made = link_pair(higher, lower, similarity)
            write_atomically(cached, dump_links(made))
            found.extend(made)
    job.show("liên kết", len(pairs), len(pairs))
    return tuple(found)


def decided_links(proposed: Sequence[Link], plans: Sequence[Plan], decided: Sequence[Decision]) -> tuple[Link, ...]:
    """The links that stand: the proposed ones as people's decisions left them."""
    from graph.decisions import apply_to_links
    from graph.trace import texts_of

    if not decided:
        return tuple(proposed)
    kept, _ = apply_to_links(proposed, decided, texts_of(plans))
    return kept


def _encode_ahead(plans: Sequence[Plan], similarity: Similarity) -> None:
    """Has the texts of plans encoded in few large batches, so that comparing pair by pair finds all vectors there."""
    from graph.trace.items import outline_of

    texts: dict[str, None] = {}
    for plan in plans:
        outline = outline_of(plan)
        texts.update((item.meant, None) for item in (*outline.targets, *outline.objectives, *outline.rows))
    wanted = list(texts)
    for start in range(0, len(wanted), ENCODED_AHEAD):
        similarity(wanted[start : start + ENCODED_AHEAD], wanted[:1])


def dump_links(links: Sequence[Link]) -> str:
    """Links as a JSON list."""
    return json.dumps([_record(link) for link in links], ensure_ascii=False)


def write_links(path: Path, links: Sequence[Link]) -> None:
    """Links as a JSON list in a file of a version, with their places, so that few are found without reading all."""
    lines = (
        (json.dumps(_record(link), ensure_ascii=False), [getattr(link, name) for name in LINK_FIELDS]) for link in links
    )
    write_records(path, lines, LINK_FIELDS)


def _record(link: Link) -> dict[str, object]:
    return {one.name: getattr(link, one.name) for one in fields(link)}


def load_links(path: Path) -> tuple[Link, ...]:
    """The links that `dump_links` wrote."""
    return links_of(json.loads(path.read_text(encoding="utf-8")))


def find_links(path: Path, *wanted: Mapping[str, str]) -> tuple[Link, ...]:
    """Of the links that `write_links` wrote those that fit at least one of `wanted` (fields of LINK_FIELDS, values)."""
    return links_of(find_records(path, *wanted))


def links_of(records: Sequence[dict[str, Any]]) -> tuple[Link, ...]:
    """Links from their JSON."""
    from graph.model import Link, LinkStatus, Relation

    return tuple(
        Link(**{**record, "relation": Relation(record["relation"]), "status": LinkStatus(record["status"])})
        for record in records
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """A version whose graphs of some documents are still right: they are copied and not made again."""

    version: Version
    documents: frozenset[str]


def write_graph(
    folder: Path, plans: Sequence[Plan], links: Sequence[Link], registers: Registers, *, kept: Kept | None, job: Job
) -> tuple[Gap, ...]:
    """The graph of all plans, registers, links and gaps, gaps as of the job's day. Returns the gaps."""
    from graph import decisions
    from graph.gaps import find_gaps
    from graph.ids import named_graph_iri, plan_graph_iri
    from graph.mapping import map_gaps, map_links, map_plan, map_registers
    from graph.store import open_store

    base = job.settings.base
    location: str | Path = job.settings.store or folder / "graph"
    if kept is not None and not job.settings.store:
        with open_store(kept.version.graph, read_only=True) as old:
            old.copy_to(folder / "graph")
    unchanged = kept.documents if kept is not None else frozenset()
    before = _digests(kept.version) if kept is not None else {}
    gaps = find_gaps(plans, links, registers, job.today, decisions.load(job.workspace.decisions))
    of_links = {named_graph_iri(f"links-{name}", base): part for name, part in _grouped(links, "from_document").items()}
    of_gaps = {named_graph_iri(f"gaps-{name}", base): part for name, part in _grouped(gaps, "document").items()}
    digests = {name: _digest(part) for name, part in of_links.items()}
    digests |= {name: _digest(part) for name, part in of_gaps.items()}
    of_plans = {plan_graph_iri(plan.id, base): plan for plan in plans}
    registered = named_graph_iri("registers", base)

    def changed() -> Iterator[tuple[str, Statements]]:
        if kept is None:
            yield registered, map_registers(registers, base)
        for done, (name, plan) in enumerate(of_plans.items()):
            job.show("đồ thị", done, len(of_plans))
            if plan.id not in unchanged:
                yield name, map_plan(plan, registers, base)
        for name, some_links in of_links.items():
            if before.get(name) != digests[name]:
                yield name, map_links(some_links, base)
        for name, some_gaps in of_gaps.items():
            if before.get(name) != digests[name]:
                yield name, map_gaps(some_gaps, base)

    with open_store(location) as store:
        for name in store.graphs():
            if name not in of_plans and name not in digests and name != registered:
                store.drop_graph(name)
        store.replace_graphs(changed())
        job.show("đồ thị", len(of_plans), len(of_plans))
    write_atomically(folder / GRAPHS, json.dumps(digests))
    return gaps


def _grouped(things: Sequence[Thing], name: str) -> dict[str, list[Thing]]:
    """The things by the document they belong to."""
    made: dict[str, list[Thing]] = {}
    for thing in things:
        made.setdefault(getattr(thing, name), []).append(thing)
    return made


def _digest(things: Sequence[object]) -> str:
    return hashlib.sha256(repr(things).encode()).hexdigest()[:16]


def _digests(version: Version) -> dict[str, str]:
    """What the graphs of links and gaps of a version were made from, by name of graph."""
    path = version.folder / GRAPHS
    made: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return made
