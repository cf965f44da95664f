"""From a file to a `Plan`: reads it, then names what it speaks of.

The order is fixed: the reader gives strings with places; the head tells issuer, province and period; with these known,
cells become agencies, timeframes, targets and citations. Nothing here touches a store.
"""

from __future__ import annotations

import hashlib
import re
import traceback
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from graph.errors import CchcError, ReaderFailed
from graph.ids import document_id, row_id
from graph.model import Head, Origin, Paragraph, Plan, Problem, RawRow, Reading, Row, Source

if TYPE_CHECKING:
    from graph.entities.registers import Registers
    from graph.ingest.base import Limits

CITING_CELLS = ("section_title", "objective", "task", "activity", "product", "time")
"""The cells in which legal documents are named."""

OWN_NUMBER = re.compile(r"^Số\s*[:.]?\s*\d{1,5}\s*/[^\s;,]+$")
"""The number in a document's own letterhead: it names no other document."""


def extract(
    path: Path, registers: Registers | None = None, limits: Limits | None = None, document: str | None = None
) -> Plan:
    """Reads one file and says what was understood of it.

    Raises a subclass of `graph.errors.UnreadableInput` when the file cannot be read as a plan; a fault of the reader
    itself is a ReaderFailed, whose cause is the fault.
    """
    from graph.ingest import read
    from graph.ingest.base import Limits as DefaultLimits

    try:
        reading = read(path, limits or DefaultLimits())
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        name = document or document_id(path.name)
        return understand(reading, document=name, source=path.name, sha256=digest, registers=registers)
    except (CchcError, OSError):
        raise
    except Exception as fault:  # one strange file must not stop the reading of a whole province
        raise _failed(path, fault) from fault


def _failed(path: Path, fault: Exception) -> ReaderFailed:
    """Where in our code the reading of a file broke off."""
    last = traceback.extract_tb(fault.__traceback__)[-1]
    where = f"{type(fault).__name__}, {Path(last.filename).name}:{last.lineno}"
    return ReaderFailed(
        f"Chương trình gặp lỗi khi đọc {path.name} ({where}); xin báo lại cho người phát triển",
        f"the program failed on {path.name}, {where}; please report it",
    )


def understand(
    reading: Reading, *, document: str, source: str, sha256: str = "", registers: Registers | None = None
) -> Plan:
    """Gives meaning to what a reader read. Pure: the same reading gives the same plan."""
    from graph.entities.legal import collect_citations
    from graph.entities.registers import Registers as LoadedRegisters
    from graph.entities.target_collection import collect_targets
    from graph.ingest.head import read_head
    from graph.ingest.prose import read_tasks

    known = registers or LoadedRegisters.load()
    head = read_head(reading.paragraphs, reading.rows, known, source)
    raw_rows = (*reading.rows, *read_tasks(reading.paragraphs))
    rows, row_problems = _rows(document, raw_rows, head, known)
    citations, citation_problems = collect_citations(
        _pieces(reading.paragraphs, rows), known, head.province, head.issued_on or head.period.start
    )
    targets = collect_targets(document, reading.paragraphs, rows, head.period)
    return Plan(
        id=document,
        source=source,
        sha256=sha256,
        head=head,
        rows=rows,
        targets=targets,
        citations=citations,
        problems=(*reading.problems, *_head_problems(head), *row_problems, *citation_problems),
        paragraphs=reading.paragraphs,
        lines=reading.lines,
        media_type=reading.media_type,
    )


def _rows(
    document: str, raw_rows: Sequence[RawRow], head: Head, registers: Registers
) -> tuple[tuple[Row, ...], tuple[Problem, ...]]:
    from graph.entities.agencies import AgencyResolver, UnitLexicon, parse_units
    from graph.entities.legal import find_citations
    from graph.entities.timeframes import parse_timeframe

    lexicon = UnitLexicon.learn([cell for raw in raw_rows for cell in (raw.lead, raw.coordinating)])
    resolver = AgencyResolver(registers, head, lexicon=lexicon)
    made: list[Row] = []
    problems: list[Problem] = []
    counts = {Origin.TABLE: 0, Origin.PROSE: 0}
    for raw in raw_rows:
        counts[raw.origin] += 1
        lead = parse_units(raw.lead, lexicon)
        coordinating = parse_units(raw.coordinating, lexicon)
        laws: dict[str, None] = {}
        for cell in CITING_CELLS:
            for mention in find_citations(getattr(raw, cell)):
                laws.setdefault(mention.id)
        made.append(
            Row(
                id=row_id(document, counts[raw.origin], prose=raw.origin is Origin.PROSE),
                raw=raw,
                lead=tuple(unit.name for unit in lead),
                coordinating=tuple(unit.name for unit in coordinating),
                lead_agencies=tuple(resolver.resolve(unit) for unit in parse_units(raw.best("lead"), lexicon)),
                coordinating_agencies=tuple(
                    resolver.resolve(unit) for unit in parse_units(raw.best("coordinating"), lexicon)
                ),
                timeframe=parse_timeframe(raw.time, head.period) if raw.time else None,
                legal_bases=tuple(laws),
            )
        )
        problems.extend(Problem(place=raw.source, reason=guess, code="guessed") for guess in raw.guesses)
    return tuple(made), tuple(problems)


def _pieces(paragraphs: Iterable[Paragraph], rows: Iterable[Row]) -> Iterator[tuple[str, Source, str]]:
    """Every text that can name a legal document, once: a merged cell counts for its first row only."""
    for paragraph in paragraphs:
        if not OWN_NUMBER.match(paragraph.text):
            yield paragraph.text, paragraph.source, ""
    above: dict[str, str] = {}
    for row in rows:
        if row.raw.origin is Origin.PROSE:
            continue  # its words are those of a paragraph
        for cell in CITING_CELLS:
            text = getattr(row.raw, cell)
            if text and above.get(cell) != text:
                yield text, row.raw.source, row.id
            above[cell] = text


def _head_problems(head: Head) -> Iterator[Problem]:
    for guess in head.guesses:
        yield Problem(place=Source(), reason=guess, code="guessed")
