"""The domain model: what is read from a plan and what is known of it, as immutable values.

Two stages. A reader (`graph.ingest`) gives a `Reading`: paragraphs of prose and table rows as strings, each with its
place. `graph.extract` makes a `Plan` of it: head, rows, targets, citations, with the strings resolved by
`graph.entities`. Everything keeps the words it was made from and its `Source`; "" is an empty cell, None is no cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Level(StrEnum):
    """The administrative level of an issuer or agency (cấp)."""

    NATIONAL = "national"
    PROVINCE = "province"
    DEPARTMENT = "department"  # sở, ban, ngành
    DISTRICT = "district"  # until 2025-06-30
    COMMUNE = "commune"
    UNIT = "unit"  # phòng, trung tâm, chi cục inside another body


class Origin(StrEnum):
    """Where in the document a row stands."""

    TABLE = "table"
    PROSE = "prose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A place in the file. Counts are 1-based; None where the format has no such thing."""

    page: int | None = None
    sheet: str | None = None
    table: int | None = None
    row: int | None = None
    line_start: int | None = None
    line_end: int | None = None

    def label(self) -> str:
        """The place in words, as printed beside problems ("trang 3, bảng 1, hàng 12, dòng 40-44")."""
        parts = []
        if self.page is not None:
            parts.append(f"trang {self.page}")
        if self.sheet is not None:
            parts.append(f"trang tính {self.sheet}")
        if self.table is not None:
            parts.append(f"bảng {self.table}")
        if self.row is not None:
            parts.append(f"hàng {self.row}")
        if self.line_start is not None:
            last = self.line_end if self.line_end is not None else self.line_start
            parts.append(f"dòng {self.line_start}" if last == self.line_start else f"dòng {self.line_start}-{last}")
        return ", ".join(parts) or "toàn văn bản"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something in the file that could not be read or does not fit, with its place; never dropped silently.

    `code` is a short stable word for grouping ("unread", "citation-conflict", "guessed", …); `reason` one Vietnamese
    sentence with English beside it in brackets.
    """

    place: Source
    reason: str
    code: str = "unread"


# --- what a reader gives -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A piece of prose in document order: one paragraph, joined over its lines, NFC, white space squeezed.

    `label` is the enumerator as printed or computed by automatic numbering ("I.", "1.2.", "a)", "-"), cut off `text`.
    `raw` holds the text before repair where it was repaired.
    """

    text: str
    source: Source
    label: str = ""
    bold: bool = False
    raw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRow:
    """One line of a plan's table at its finest grain, as strings; merged cells carried down, enumerators cut off.

    `raw` holds the text of a field before repair (keys are field names). Where a repair changes so much that it may be
    wrong, the field keeps its text as printed and `repaired` holds the repair, for search and for naming agencies;
    `best(field)` gives the repaired text wherever there is one. `confidence` (0..1) is per field, absent
    means 1; `guesses` says in words what had to be guessed.
    """

    source: Source
    origin: Origin = Origin.TABLE
    section: str = ""
    section_title: str = ""
    subsection: str = ""
    subsection_title: str = ""
    horizon: str = ""
    number: str = ""
    objective: str = ""
    task: str = ""
    activity: str = ""
    product: str = ""
    lead: str = ""
    coordinating: str = ""
    time: str = ""
    budget: str = ""
    raw: Mapping[str, str] = field(default_factory=dict)
    repaired: Mapping[str, str] = field(default_factory=dict)
    confidence: Mapping[str, float] = field(default_factory=dict)
    guesses: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The finest cell: activity, else task, else objective."""
        return self.activity or self.task or self.objective

    def best(self, name: str) -> str:
        """The text of a field with its words repaired as well as could be, also where the repair is unsure."""
        return self.repaired.get(name) or str(getattr(self, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reader understood of a file before any meaning is given to it.

    `paragraphs` are head, prose and tail in order, tables left out (a table's own caption lines belong to them);
    `rows` all table rows; `lines` the text line by line where the file is text (else empty), for places and display.
    """

    paragraphs: tuple[Paragraph, ...]
    rows: tuple[RawRow, ...]
    problems: tuple[Problem, ...] = ()
    lines: tuple[str, ...] = ()
    media_type: str = "text/plain"


# --- what is known ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The time a plan covers, both days included; None where it could not be told."""

    start: date | None = None
    end: date | None = None


class TimeframeKind(StrEnum):
    """How a timeframe (thời gian thực hiện) means its time."""

    INTERVAL = "interval"  # a start or an end day can be told
    RECURRING = "recurring"  # hàng năm, hàng quý, …
    CONTINUOUS = "continuous"  # thường xuyên
    RELATIVE = "relative"  # sau khi …, theo kế hoạch của …
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeframe:
    """When something is to be done. `text` keeps the words; bounds are days included.

    `recurrence` is an RFC 5545 RRULE value where one exists ("FREQ=YEARLY"), "continuous" for thường xuyên, else "".
    `event` keeps the words of the event a relative timeframe hangs on. Several parts in one cell are in `parts`.
    """

    text: str
    kind: TimeframeKind = TimeframeKind.UNKNOWN
    start: date | None = None
    end: date | None = None
    recurrence: str = ""
    event: str = ""
    parts: tuple[Timeframe, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A quantified target (chỉ tiêu): what is measured, of what, how much, until when.

    `comparator` is one of ">=", "<=", "=", "top", "reduce_by", "increase_by"; `strict` marks "trên"/"dưới" (more than,
    not at least). `unit` is "%" or a Vietnamese noun. `metric` is the phrase measured; `metric_id` the concept of the
    metric scheme, "" when none fits. `part_of` is the target whose population this one is a share of ("trong số đó").
    `row` is the row's id, "" in prose; `cell` says which field of the row states it.
    """

    id: str
    text: str
    metric: str
    comparator: str
    value: float
    unit: str
    source: Source
    strict: bool = False
    scope: str = ""
    base: str = ""
    horizon: str = ""
    horizon_end: date | None = None
    metric_id: str = ""
    part_of: str = ""
    row: str = ""
    cell: str = ""
    section: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One naming of a legal document. `relation`: basis, implements, follows, amends, replaces, repeals or cites."""

    text: str
    relation: str = "cites"
    provision: str = ""  # "điểm a khoản 2 Điều 5"
    line: int | None = None
    source: Source = field(default_factory=Source)
    row: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A legal document that a plan names, with all places. `id` as written in Vietnam; `key` is the register's key
    (id@date where one id serves two documents), "" when the register does not know it."""

    id: str
    type: str
    title: str = ""
    issuer: str = ""
    issued_on: date | None = None
    key: str = ""
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyRef:
    """An agency named in a cell, resolved. `key` is the node's stable key (see graph.ids.agency_key), unique by
    province and parent; `kind` is "organization", "unit", "group" or "person" (a role such as Giám đốc Sở).
    `qualifier` keeps words that are not the name ("đối với tiêu chí chung")."""

    name: str
    key: str
    label: str
    kind: str
    level: Level | None = None
    province: str = ""
    parent: str = ""  # key of the parent agency
    qualifier: str = ""
    confidence: float = 1.0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a plan as known: the reader's strings plus what they name. `id` is `<document>-r001` (table) or
    `<document>-p001` (prose)."""

    id: str
    raw: RawRow
    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    lead_agencies: tuple[AgencyRef, ...] = ()
    coordinating_agencies: tuple[AgencyRef, ...] = ()
    timeframe: Timeframe | None = None
    legal_bases: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The finest cell: activity, else task, else objective."""
        return self.raw.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the head of a plan says of it. `number` and `issued_on` may be blank in the source; `implements` are legal
    ids or titles of the higher plans and documents it says it implements, known or not."""

    title: str = ""
    issuer: str = ""
    issuer_level: Level | None = None
    province: str = ""
    number: str = ""
    issued_on: date | None = None
    period: Period = field(default_factory=Period)
    implements: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan document with all that was understood of it. `id` comes from the file's name (graph.ids.document_id)."""

    id: str
    source: str  # the file's name
    sha256: str
    head: Head
    rows: tuple[Row, ...]
    targets: tuple[Target, ...]
    citations: tuple[Citation, ...]
    problems: tuple[Problem, ...]
    paragraphs: tuple[Paragraph, ...] = ()
    lines: tuple[str, ...] = ()
    media_type: str = "text/plain"


class Relation(StrEnum):
    """How a lower row or target stands to a higher one."""

    IMPLEMENTS = "implements"
    IMPLEMENTS_LOWER = "implements-lower"
    CONTRADICTS = "contradicts"
    RELATED = "related"


class LinkStatus(StrEnum):
    """What people said of a link."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An alignment from a row or target of a lower plan (`from_id`) to a target, objective or row of a higher plan
    (`to_id`). `value` is the lower plan's number where both carry one. `evidence` is what a person checks in seconds:
    both texts, matched terms, numbers side by side, similarity per feature."""

    from_id: str
    to_id: str
    from_document: str
    to_document: str
    relation: Relation
    confidence: float
    evidence: Mapping[str, object]
    method: str
    from_row: str = ""
    value: float | None = None
    status: LinkStatus = LinkStatus.PROPOSED
    author: str = ""
    decided_at: str = ""
    reason: str = ""
