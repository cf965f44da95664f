"""The build: files in, a new version of graph, links, gaps and index out, switched whole.

Each stage reuses what did not change: plans by content of file and code, vectors by content of text and model, links
while plans and decisions stay the same; graphs of unchanged documents are copied with the store. A named file that
cannot be read ends the build before anything is written; inside a folder it is reported and the others go on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from api.inputs import InputFile, digest, find_inputs, name_documents
from api.plancache import LINKING_CODE, READING_CODE, dump_plan, fingerprint, load_plan
from api.settings import SAMPLES, Settings
from api.stages import (
    Job,
    Kept,
    Progress,
    decided_links,
    dump_links,
    encoder_of,
    make_links,
    write_graph,
    write_index,
    write_links,
)
from api.workspace import Version, Workspace, write_atomically
from graph import decisions
from graph.errors import InputMissing, UnreadableInput

if TYPE_CHECKING:
    from graph.gaps import Gap
    from graph.model import Link, Plan


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file of a folder that could not be read, with the reason."""

    path: Path
    error: UnreadableInput


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did and what is now known."""

    version: Version
    changed: bool
    read: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A document of the coming version: where it came from and the cached plan it was read into."""

    id: str
    path: str
    root: str
    sha256: str
    cached: Path

    def record(self) -> dict[str, str]:
        return {"id": self.id, "path": self.path, "root": self.root, "sha256": self.sha256}


def silent(stage: str, done: int, total: int) -> None:
    """No progress shown."""


def build(
    paths: Sequence[Path], settings: Settings, *, today: date | None = None, progress: Progress = silent
) -> BuildReport:
    """Reads files or folders (default: the shipped samples) into the data folder.

    Documents of earlier builds stay, except those whose file is gone from a folder named again. Raises
    `UnreadableInput` for a named path that cannot be read and when nothing readable is left; the version in use then
    stays as it was.
    """
    workspace = Workspace(settings.data)
    with workspace.writing():
        before = workspace.current()
        files = find_inputs(paths or [SAMPLES], beside=settings.data)
        entries, refused = _read_all(files, before, workspace, settings, progress)
        if not entries:
            raise refused[0].error if refused else InputMissing("Không có kế hoạch nào để đọc", "no plan to read")
        return _write(entries, refused, before, Job(workspace, settings, today or date.today(), progress))


def remove(document: str, settings: Settings, *, today: date | None = None, progress: Progress = silent) -> BuildReport:
    """Takes one document out of graph, links and index. Raises UnknownThing when it is not there."""
    from graph.errors import UnknownThing

    workspace = Workspace(settings.data)
    with workspace.writing():
        before = workspace.require()
        entries = _carried_over(before, workspace, settings)
        left = [entry for entry in entries if entry.id != document]
        if len(left) == len(entries):
            raise UnknownThing(f"Không có văn bản '{document}'", f"no document '{document}'")
        return _write(left, (), before, Job(workspace, settings, today or date.today(), progress))


def refresh(settings: Settings, *, today: date | None = None, progress: Progress = silent) -> BuildReport:
    """Makes the version anew from the same documents, so that decisions and the day's date take effect."""
    workspace = Workspace(settings.data)
    with workspace.writing():
        before = workspace.require()
        entries = _carried_over(before, workspace, settings)
        return _write(entries, (), before, Job(workspace, settings, today or date.today(), progress))


# --- reading ---------------------------------------------------------------------------------------------------------


def _read_all(
    files: Sequence[InputFile], before: Version | None, workspace: Workspace, settings: Settings, progress: Progress
) -> tuple[list[_Entry], tuple[Refusal, ...]]:
    old = before.manifest["documents"] if before else []
    ids = name_documents(files, {entry["path"]: entry["id"] for entry in old})
    code = fingerprint(READING_CODE, tuple(settings.registers))
    named = {str(file.path) for file in files}
    roots = {file.root for file in files if file.root}
    entries = [
        _entry(record, code, workspace) for record in old if record["path"] not in named and record["root"] not in roots
    ]
    wanted = [_entry(_record(file, ids[file.path], old), code, workspace) for file in files]
    missing = [entry for entry in (*entries, *wanted) if not entry.cached.exists()]
    failures = _read_missing(missing, settings, progress)
    for file in files:
        if file.named and str(file.path) in failures:
            raise failures[str(file.path)]
    entries += [entry for entry in wanted if entry.path not in failures]
    lost = [entry for entry in entries if entry.path in failures]
    entries = [entry for entry in entries if entry.path not in failures]
    refused = [Refusal(Path(entry.path), failures[entry.path]) for entry in (*lost, *wanted) if entry.path in failures]
    return entries, tuple(refused)


def _record(file: InputFile, document: str, old: Sequence[dict[str, str]]) -> dict[str, str]:
    root = file.root or next((known["root"] for known in old if known["path"] == str(file.path)), "")
    return {"id": document, "path": str(file.path), "root": root, "sha256": digest(file.path)}


def _entry(record: dict[str, str], code: str, workspace: Workspace) -> _Entry:
    cached = workspace.plan_cache / f"{record['sha256'][:32]}-{code}-{record['id']}.json"
    return _Entry(record["id"], record["path"], record["root"], record["sha256"], cached)


def _carried_over(before: Version, workspace: Workspace, settings: Settings) -> list[_Entry]:
    """The documents of the version in use. One whose reading is no longer cached is read anew from its file, or, when
    the file is gone or changed, taken from the version itself."""
    code = fingerprint(READING_CODE, tuple(settings.registers))
    entries = [_entry(record, code, workspace) for record in before.manifest["documents"]]
    missing = [entry for entry in entries if not entry.cached.exists()]
    there = [entry for entry in missing if Path(entry.path).is_file() and digest(Path(entry.path)) == entry.sha256]
    _read_missing(there, settings, silent)
    for entry in missing:
        if not entry.cached.exists():
            write_atomically(entry.cached, (before.plans / f"{entry.id}.json").read_text(encoding="utf-8"))
    return entries


def _read_missing(entries: Sequence[_Entry], settings: Settings, progress: Progress) -> dict[str, UnreadableInput]:
    """Reads files into the plan cache, in parallel when there are several; errors by path."""
    failures: dict[str, UnreadableInput] = {}
    jobs = [(entry.path, entry.id, entry.cached, settings.max_file_mb, tuple(settings.registers)) for entry in entries]
    progress("đọc", 0, len(jobs))
    if len(jobs) <= 2 or settings.workers == 1:
        for done, job in enumerate(jobs, 1):
            if error := _read_one(*job):
                failures[job[0]] = error
            progress("đọc", done, len(jobs))
        return failures
    with ProcessPoolExecutor(settings.workers, mp_context=get_context("spawn")) as pool:
        running = {pool.submit(_read_one, *job): job[0] for job in jobs}
        for done, future in enumerate(as_completed(running), 1):
            if error := future.result():
                failures[running[future]] = error
            progress("đọc", done, len(jobs))
    return failures


def _read_one(
    path: str, document: str, cached: Path, max_mb: int, registers: tuple[Path, ...]
) -> UnreadableInput | None:
    """Reads one file into its cache file. Runs in a worker process; what a person must know comes back as a value."""
    from graph.entities.registers import Registers
    from graph.extract import extract
    from graph.ingest.base import Limits

    try:
        plan = extract(
            Path(path),
            registers=Registers.load(extra=registers),
            limits=Limits(file_bytes=max_mb * 1_000_000),
            document=document,
        )
    except UnreadableInput as error:
        return error
    write_atomically(cached, dump_plan(plan).decode())
    return None


# --- writing ---------------------------------------------------------------------------------------------------------


def _write(entries: Sequence[_Entry], refused: tuple[Refusal, ...], before: Version | None, job: Job) -> BuildReport:
    entries = sorted(entries, key=lambda entry: entry.id)
    state = _state(entries, job)
    old = {record["id"]: record for record in before.manifest["documents"]} if before else {}
    removed = tuple(sorted(set(old) - {entry.id for entry in entries}))
    if before and before.manifest.get("state") == state:
        return BuildReport(before, False, refused=refused, counts=before.manifest["counts"])

    from graph.entities.agencies.merging import with_merges
    from graph.entities.registers import Registers
    from graph.gaps import gap_to_json
    from graph.trace import scopes

    registers = Registers.load(extra=job.settings.registers)
    plans = with_merges(
        [load_plan(entry.cached) for entry in entries],
        decisions.merged_agencies(decisions.load(job.workspace.decisions)),
    )
    folder = job.workspace.begin()
    for plan in plans:
        write_atomically(folder / "plans" / f"{plan.id}.json", dump_plan(plan).decode())
    encoder = encoder_of(job.settings, job.workspace)
    passages = write_index(folder, plans, encoder, job, before)
    proposed = make_links(plans, encoder, state["linking"], job)
    links = decided_links(proposed, plans, decisions.load(job.workspace.decisions))
    same = frozenset(entry.id for entry in entries if old.get(entry.id, {}).get("sha256") == entry.sha256)
    kept = Kept(before, same) if before and before.manifest["state"]["code"] == state["code"] else None
    gaps = write_graph(folder, plans, links, registers, kept=kept, job=job)
    write_atomically(folder / "proposed.json", dump_links(proposed))
    write_links(folder / "links.json", links)
    write_atomically(folder / "scopes.json", json.dumps([(one.higher, one.lower) for one in scopes(plans)]))
    write_atomically(folder / "gaps.json", json.dumps([gap_to_json(gap) for gap in gaps], ensure_ascii=False))
    counts = _counts(plans, links, gaps, passages)
    manifest = {"state": state, "documents": [entry.record() for entry in entries], "counts": counts}
    version = job.workspace.commit(folder, manifest, job.settings.keep_versions)
    read = tuple(entry.id for entry in entries if entry.id not in same)
    return BuildReport(version, True, read, removed, refused, counts)


def _state(entries: Sequence[_Entry], job: Job) -> dict[str, str]:
    """What a version depends on: while all of it stays the same nothing needs to be built."""
    settings, file = job.settings, job.workspace.decisions
    decided = file.read_bytes() if file.exists() else b""
    merged = sorted(decisions.merged_agencies(decisions.load(file)).items())
    documents = "\n".join(f"{entry.id} {entry.sha256}" for entry in entries)
    linking = fingerprint(LINKING_CODE)
    reading = fingerprint(READING_CODE, tuple(settings.registers))
    return {
        "code": f"{reading}-{linking}-{settings.base}-{settings.store}-{merged}",
        "linking": hashlib.sha256(f"{reading}-{linking}-{merged}".encode()).hexdigest(),
        "model": settings.model,
        "documents": hashlib.sha256(documents.encode()).hexdigest(),
        "decisions": hashlib.sha256(decided).hexdigest(),
        "as_of": job.today.isoformat(),
    }


def _counts(plans: Sequence[Plan], links: Sequence[Link], gaps: Sequence[Gap], passages: int) -> dict[str, int]:
    agencies = {
        ref.key for plan in plans for row in plan.rows for ref in (*row.lead_agencies, *row.coordinating_agencies)
    }
    return {
        "plans": len(plans),
        "rows": sum(len(plan.rows) for plan in plans),
        "targets": sum(len(plan.targets) for plan in plans),
        "agencies": len(agencies),
        "laws": len({citation.key or citation.id for plan in plans for citation in plan.citations}),
        "links": len(links),
        "gaps": len(gaps),
        "problems": sum(len(plan.problems) for plan in plans),
        "passages": passages,
    }
