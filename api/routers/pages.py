"""The pages that are no thing of their own: start, lists, search, gaps, matrix."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.answers import agencies, gaps, laws, plans, search, trace
from api.deps import LibraryDep
from api.web.render import marked, page

router = APIRouter(tags=["pages"], include_in_schema=False)

TILES = (
    ("/plans", "kế hoạch", "plans", "plans"),
    ("/search", "nhiệm vụ", "tasks", "rows"),
    ("/matrix", "chỉ tiêu", "targets", "targets"),
    ("/agencies", "cơ quan, đơn vị", "agencies", "agencies"),
    ("/laws", "văn bản pháp lý", "legal documents", "laws"),
    ("/matrix", "liên kết", "links", "links"),
    ("/gaps", "khoảng trống", "gaps", "gaps"),
    ("/plans", "chỗ cần xem lại", "places to check", "problems"),
)
PAGE = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/")
def home(request: Request, library: LibraryDep) -> HTMLResponse:
    """The start: search box, totals, plans, what to fix first."""
    found = plans.status(library)
    return page(
        request, "home.html", library, plans=found["plans"], counts=found["counts"], tiles=TILES,
        gap_counts=gaps.by_kind(library.gaps),
    )  # fmt: skip


@router.get("/plans")
def plan_list(request: Request, library: LibraryDep) -> HTMLResponse:
    """All plans."""
    return page(request, "plans.html", library, plans=plans.status(library)["plans"])


@router.get("/laws")
def law_list(request: Request, library: LibraryDep) -> HTMLResponse:
    """All legal documents that plans name."""
    return page(request, "laws.html", library, laws=laws.laws(library))


@router.get("/agencies")
def agency_list(request: Request, library: LibraryDep) -> HTMLResponse:
    """All agencies that plans name."""
    return page(request, "agencies.html", library, agencies=agencies.agencies(library))


@router.get("/search")
def search_page(  # noqa: PLR0917  # one parameter a filter
    request: Request, library: LibraryDep, q: str = "", kind: str = "", plan: str = "", agency: str = "",
    year: str = "", field: str = "",
) -> HTMLResponse:  # fmt: skip
    """Search with filters; each hit explained and highlighted."""
    from embeddings.passages import KINDS
    from embeddings.search import Filters
    from graph.fields import LABELS

    found: dict[str, Any] = {"hits": [], "did_you_mean": None}
    if q.strip():
        wanted = int(year) if year.isdigit() else None
        kinds = (kind,) if kind in KINDS else ()
        filters = Filters(plan=plan, agency=agency, kind=kinds, year=wanted, field=field)
        found = search.search(library, q[:2000], limit=30, filters=filters)
    hits = [{**hit, "marked": marked(hit["text"], hit["highlights"])} for hit in found["hits"]]
    return page(
        request, "search.html", library, query=q, hits=hits, did_you_mean=found["did_you_mean"],
        plans=plans.status(library)["plans"], fields=[(key, *labels) for key, labels in LABELS.items()],
        chosen={"kind": kind, "plan": plan, "agency": agency, "year": year, "field": field},
    )  # fmt: skip


@router.get("/gaps")
def gap_page(  # noqa: PLR0917  # one parameter a filter
    request: Request,
    library: LibraryDep,
    kind: str = "",
    plan: str = "",
    severity: str = "",
    number: Annotated[int, Query(alias="page", ge=1)] = 1,
) -> HTMLResponse:
    """Gaps with filters."""
    from graph.gaps import Kind

    found = gaps.gaps(library, kind or None, plan or None, severity or None)
    shown = found[(number - 1) * PAGE : number * PAGE]
    chosen = {"kind": kind, "plan": plan, "severity": severity}
    return page(
        request, "gaps.html", library, gaps=found, shown=shown, more=len(found) > number * PAGE, page=number,
        kinds=[one.value for one in Kind], plans=plans.status(library)["plans"], chosen=chosen,
        query=urlencode({key: value for key, value in chosen.items() if value}),
    )  # fmt: skip


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
def matrix_page(request: Request, library: LibraryDep, plan: str = "") -> HTMLResponse:
    """Targets of a higher plan × the plans below it; without a choice, the plan that most links lead to."""
    counts: dict[str, int] = {}
    for link in library.links:
        counts[link.to_document] = counts.get(link.to_document, 0) + 1
    chosen = plan or max(counts, key=lambda one: counts[one], default="")
    known = plans.status(library)["plans"]
    return page(
        request, "matrix.html", library, plans=known, chosen=chosen,
        matrix=trace.matrix(library, chosen) if chosen else None,
    )  # fmt: skip


@router.get("/matrix.xlsx")
def matrix_book(library: LibraryDep, plan: str) -> Response:
    """The matrix as a workbook with colours and links."""
    return _download(trace.matrix_xlsx(library, plan), XLSX, f"ma-tran-{plan}.xlsx")


def _download(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
