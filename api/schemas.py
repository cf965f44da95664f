"""What the HTTP API answers: the public JSON with examples, so that the OpenAPI page is the manual."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Open(BaseModel):
    """An answer that may carry more fields than the contract names."""

    model_config = ConfigDict(extra="allow")


class Sentence(BaseModel):
    """One sentence in both languages."""

    vi: str = Field(examples=["Không có văn bản 'x'"])
    en: str = Field(examples=["no document 'x'"])


class Refusal(BaseModel):
    """Why a request was not answered."""

    error: Sentence


class PlanLine(Open):
    """A plan that is held."""

    id: str = Field(examples=["ubnd-tinh-tay-ninh-cchc-2021-2030-txt"])
    source: str = Field(examples=["ubnd-tinh-tay-ninh_cchc-2021-2030.txt"])
    title: str
    issuer: str = Field(examples=["Ủy ban nhân dân tỉnh Tây Ninh"])
    rows: int
    targets: int
    problems: int


class Status(Open):
    """The plans that are held, and totals."""

    plans: list[PlanLine]
    counts: dict[str, int] = Field(examples=[{"plans": 5, "rows": 400, "targets": 200}])
    built_at: str


class TracedThing(Open):
    """A target, objective or task of a higher plan; the last two have no number (`value` null)."""

    id: str
    document: str
    text: str
    metric: str | None
    comparator: str | None = Field(examples=[">="])
    value: float | None = Field(examples=[80])
    unit: str | None = Field(examples=["%"])
    horizon: str | None = Field(examples=["2025"])


class TraceLink(Open):
    """A row or target of a lower plan that stands to it."""

    row: str | None
    target: str | None
    document: str
    text: str
    objective: str | None
    lead: list[str]
    value: float | None
    relation: str = Field(examples=["implements"])
    confidence: float = Field(ge=0, le=1)
    evidence: dict[str, Any]


class TraceEntry(Open):
    """One traced thing with its links, surest first; an empty list means that nobody implements it."""

    target: TracedThing
    links: list[TraceLink]


class LawLine(Open):
    """A legal document that some plan names."""

    id: str = Field(examples=["76/NQ-CP"])
    key: str
    title: str
    status: str = Field(examples=["in_force"])
    plans: int
    rows: int


class Law(Open):
    """A legal document with its chain."""

    id: str = Field(examples=["107/2021/NĐ-CP"])
    title: str
    status: str = Field(examples=["in_force", "expired", "not_yet", "unknown"])
    effective_from: str | None = Field(examples=["2021-12-06"])
    effective_to: str | None
    replaced_by: list[str]
    amended_by: list[str]


class LawPlan(Open):
    """A plan that names a legal document."""

    id: str
    how: str = Field(examples=["implements", "cites"])


class LawRow(Open):
    """A row that rests on a legal document."""

    id: str
    document: str
    text: str
    lead: list[str]


class LawAnswer(Open):
    """A legal document, the plans that name it and the rows that rest on it."""

    law: Law
    plans: list[LawPlan]
    rows: list[LawRow]


class Gap(Open):
    """Something missing, contradictory or out of date."""

    kind: str = Field(examples=["not-implemented"])
    document: str
    detail: str
    severity: str = Field(examples=["high"])


class SearchHit(Open):
    """One hit."""

    id: str
    kind: str = Field(examples=["task"])
    document: str
    text: str
    objective: str | None
    lead: list[str]
    score: float
    why: dict[str, Any]
    highlights: list[list[int]]


class SearchAnswer(Open):
    """Hits, best first, and how the query was understood."""

    query: str
    did_you_mean: str | None
    hits: list[SearchHit]


class Matrix(Open):
    """Targets of a plan × the plans below it."""

    document: str
    columns: list[dict[str, Any]]
    lines: list[dict[str, Any]]


class AgencyAnswer(Open):
    """An agency with what it leads and coordinates."""

    agency: dict[str, Any]
    lead: list[dict[str, Any]]
    coordinating: list[dict[str, Any]]


class Deciding(BaseModel):
    """What a person decides: on a link (lower → higher), two agencies, or a gap and its document."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    subject: Literal["link", "agency", "gap"] = "link"
    decision: Literal["confirm", "reject", "add", "undo", "accept", "fix"]
    from_: str = Field(alias="from", min_length=1, max_length=400)
    to: str = Field(min_length=1, max_length=400)
    author: str = Field(min_length=1, max_length=120, examples=["Nguyễn Văn A"])
    reason: str = Field("", max_length=2000)
    relation: Literal["implements", "implements-lower", "contradicts", "related"] | None = None


class Decided(Open):
    """A decision as taken down."""

    subject: str = Field(examples=["link"])
    decision: str = Field(examples=["confirm"])
    author: str
    decided_at: str = Field(examples=["2026-01-28T09:30:00+00:00"])
    reason: str | None
    relation: str | None
