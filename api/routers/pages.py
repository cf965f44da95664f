"""The pages that are no thing of their own: start, lists, search, gaps, matrix."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from api.answers import agencies, compare, gaps, laws, plans, search, trace
from api.deps import LibraryDep
from api.guard import check_token
from api.library import Library
from api.routers.decisions import author_of
from api.uploads import LONGEST as UPLOAD
from api.uploads import read_upload
from api.web.paging import paged
from api.web.render import marked, page
from graph.text import fold

router = APIRouter(tags=["pages"], include_in_schema=False)

TILES = (
    ("/plans", "kế hoạch", "plans", "plans"),
    ("/search", "nhiệm vụ", "tasks", "rows"),
    ("/matrix", "chỉ tiêu", "targets", "targets"),
    ("/agencies", "cơ quan, đơn vị", "agencies", "agencies"),
    ("/laws", "văn bản pháp lý", "legal documents", "laws"),
    ("/review", "liên kết", "links", "links"),
    ("/gaps", "khoảng trống", "gaps", "gaps"),
    ("/plans", "chỗ cần xem lại", "places to check", "problems"),
)
PAGE = 100
LONGEST = 6000
"""Longest text that is looked for paragraph by paragraph, in characters: an address takes no more."""
TOO_SHORT = 25
"""A target's clause shorter than this ("20%") says nothing without its sentence."""
NOTHING: dict[str, Any] = {"hits": [], "did_you_mean": None}
FILTERS = ("kind", "plan", "agency", "year", "field", "quarter")
QUARTERS = ("1", "2", "3", "4")
FOUR_DIGITS = re.compile(r"[0-9]{4}")
Number = Annotated[int, Query(alias="page", ge=1, le=1_000_000)]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/")
def home(request: Request, library: LibraryDep) -> HTMLResponse:
    """The start: search box, totals, plans, what to fix first."""
    found = plans.status(library)
    return page(
        request, "home.html", library, plans=found["plans"][:20], more=len(found["plans"]) > 20, tiles=TILES,
        counts=found["counts"], gap_counts=gaps.by_kind(library.gaps),
    )  # fmt: skip


@router.get("/plans")
def plan_list(request: Request, library: LibraryDep, q: str = "", number: Number = 1) -> HTMLResponse:
    """All plans."""
    found = [one for one in plans.status(library)["plans"] if _says(q, one["title"], one["issuer"], one["source"])]
    return page(request, "plans.html", library, query=q, paging=paged(found, number, PAGE, "/plans", {"q": q}))


@router.get("/laws")
def law_list(request: Request, library: LibraryDep, q: str = "", number: Number = 1) -> HTMLResponse:
    """All legal documents that plans name."""
    found = [one for one in laws.laws(library) if _says(q, one["id"], one["title"])]
    return page(request, "laws.html", library, query=q, paging=paged(found, number, PAGE, "/laws", {"q": q}))


@router.get("/agencies")
def agency_list(request: Request, library: LibraryDep, q: str = "", kind: str = "", number: Number = 1) -> HTMLResponse:
    """All agencies that plans name."""
    found = [
        one
        for one in agencies.agencies(library)
        if _says(q, one["label"], one["parent_label"] or "", one["province"] or "")
        and (not kind or one["kind"] == kind)
    ]
    chosen = {"q": q, "kind": kind}
    return page(
        request, "agencies.html", library, chosen=chosen, paging=paged(found, number, PAGE, "/agencies", chosen)
    )


@router.get("/search")
def search_page(  # noqa: PLR0917  # one parameter a filter
    request: Request, library: LibraryDep, q: str = "", kind: str = "", plan: str = "", agency: str = "",
    year: str = "", field: str = "", text: str = "", quarter: str = "",
) -> HTMLResponse:  # fmt: skip
    """Search with filters; each hit explained and highlighted. With `text`, what is like each paragraph of it."""
    from embeddings.passages import KINDS
    from embeddings.search import Filters
    from graph.fields import LABELS

    found = NOTHING
    wanted = int(year) if FOUR_DIGITS.fullmatch(year.strip()) else None
    kinds = (kind,) if kind in KINDS else ()
    filters = Filters(
        plan=plan, agency=agency, kind=kinds, year=wanted, field=field if field in LABELS else "",
        quarter=int(quarter) if quarter in QUARTERS else None,
    )  # fmt: skip
    if q.strip():
        found = search.search(library, q[:2000], limit=30, filters=filters)
    alike = search.like_text(library, text[:LONGEST], filters=filters) if text.strip() else []
    return _search_page(
        request, library, found, query=q, text=text, alike=alike,
        chosen={"kind": kind, "plan": plan, "agency": agency, "year": year, "field": field, "quarter": quarter},
    )  # fmt: skip


@router.post("/search/file")
def search_file(
    request: Request,
    library: LibraryDep,
    token: Annotated[str, Form(max_length=200)],
    file: Annotated[UploadFile, File()],
) -> HTMLResponse:
    """What is like each row of a sent plan; the file is read apart and not kept."""
    check_token(request, token)
    sent = read_upload(file.file.read(UPLOAD + 1), file.filename or "")
    answer = search.like_plan(library, sent)
    return _search_page(request, library, NOTHING, alike=answer["parts"], sent=answer)


def _search_page(request: Request, library: Library, found: dict[str, Any], **given: Any) -> HTMLResponse:
    from graph.fields import LABELS

    hits = [{**hit, "marked": marked(hit["text"], hit["highlights"])} for hit in found["hits"]]
    filled: dict[str, Any] = {"query": "", "text": "", "sent": None, "chosen": dict.fromkeys(FILTERS, "")} | given
    return page(
        request, "search.html", library, hits=hits, did_you_mean=found["did_you_mean"],
        plans=plans.status(library)["plans"], fields=[(key, *labels) for key, labels in LABELS.items()], **filled,
    )  # fmt: skip


@router.get("/gaps")
def gap_page(  # noqa: PLR0917  # one parameter a filter
    request: Request,
    library: LibraryDep,
    kind: str = "",
    plan: str = "",
    severity: str = "",
    state: str = "",
    number: Number = 1,
) -> HTMLResponse:
    """Gaps with filters."""
    from graph.gaps import Kind

    found = gaps.gaps(library, kind or None, plan or None, severity or None)
    found = [one for one in found if not state or one["state"] == state]
    chosen = {"kind": kind, "plan": plan, "severity": severity, "state": state}
    paging = paged(found, number, 50, "/gaps", chosen)
    return page(
        request, "gaps.html", library, paging=paging, sentences=_sentences(library, paging.shown),
        kinds=[one.value for one in Kind], plans=plans.status(library)["plans"], chosen=chosen,
        author=author_of(request), query=urlencode({key: value for key, value in chosen.items() if value}),
    )  # fmt: skip


def _sentences(library: Library, found: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Gap id → the whole sentence of its target, where the gap shows a piece that says nothing by itself ("20%")."""
    made = {}
    for gap in found:
        known = gap.get("target")
        if known and len(known["text"]) < TOO_SHORT:
            plan = library.plan(gap["document"])
            made[gap["id"]] = next((one.text for one in plan.targets if one.id == known["id"]), "")
    return made


@router.get("/compare")
def compare_page(
    request: Request, library: LibraryDep, old: str = "", new: str = "", number: Number = 1
) -> HTMLResponse:
    """Two plans of one body side by side."""
    found = compare.diff(library, old, new)["changes"] if old and new else []
    counts: dict[str, int] = {}
    for one in found:
        counts[one["change"]] = counts.get(one["change"], 0) + 1
    chosen = {"old": old, "new": new}
    return page(
        request, "compare.html", library, chosen=chosen, counts=counts, plans=plans.status(library)["plans"],
        paging=paged(found, number, PAGE, "/compare", chosen),
    )  # fmt: skip


@router.get("/docs")
def manual(request: Request, library: LibraryDep) -> HTMLResponse:
    """The API's manual, made of its own description."""
    routes = [
        {"path": path, "method": method.upper(), **operation}
        for path, methods in request.app.openapi()["paths"].items()
        for method, operation in methods.items()
        if path.startswith(("/api/", "/sparql"))
    ]
    return page(request, "docs.html", library, routes=routes)


@router.get("/gaps.csv")
def gap_csv(library: LibraryDep, kind: str = "", plan: str = "", severity: str = "") -> Response:
    """The gaps as CSV."""
    found = gaps.gaps(library, kind or None, plan or None, severity or None)
    return _download(gaps.as_csv(found).encode(), "text/csv; charset=utf-8", "khoang-trong.csv")


@router.get("/gaps.xlsx")
def gap_xlsx(library: LibraryDep, kind: str = "", plan: str = "", severity: str = "") -> Response:
    """The gaps as a workbook."""
    found = gaps.gaps(library, kind or None, plan or None, severity or None)
    return _download(gaps.as_xlsx(found), XLSX, "khoang-trong.xlsx")


@router.get("/matrix")
def matrix_page(
    request: Request, library: LibraryDep, plan: str = "", state: str = "", number: Number = 1
) -> HTMLResponse:
    """Targets of a higher plan × the plans below it; without a choice, the plan that most links lead to."""
    counts: dict[str, int] = {}
    for link in library.links:
        counts[link.to_document] = counts.get(link.to_document, 0) + 1
    chosen = {"plan": plan or max(counts, key=lambda one: counts[one], default=""), "state": state}
    table = trace.matrix(library, chosen["plan"]) if chosen["plan"] else None
    lines = table["lines"] if table else []
    if state == "none":
        lines = [line for line in lines if not line["takers"]]
    elif state:
        lines = [line for line in lines if any(cell["state"] == state for cell in line["cells"])]
    whole = {target.id: target.text for target in (library.plan(chosen["plan"]).targets if table else ())}
    return page(
        request, "matrix.html", library, plans=plans.status(library)["plans"], chosen=chosen, matrix=table, whole=whole,
        paging=paged(lines, number, PAGE, "/matrix", chosen), short=TOO_SHORT,
    )  # fmt: skip


@router.get("/matrix.xlsx")
def matrix_book(library: LibraryDep, plan: str) -> Response:
    """The matrix as a workbook with colours and links."""
    return _download(trace.matrix_xlsx(library, plan), XLSX, f"ma-tran-{plan}.xlsx")


def _says(query: str, *texts: str) -> bool:
    """Whether all words of a query stand in the texts, in any spelling."""
    told = fold(" ".join(text or "" for text in texts))
    return all(word in told for word in fold(query[:200]).split())


def _download(content: bytes, media_type: str, name: str) -> Response:
    safe = re.sub(r"[^A-Za-z0-9._-]+", "-", name)
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{safe}"'})
