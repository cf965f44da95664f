"""What people decide: the review page with its forms, and the same as JSON under /api/v1/decisions."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import quote, unquote

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.answers import decisions, plans, review
from api.deps import LibraryDep
from api.guard import check_token
from api.schemas import Decided, Deciding, Refusal
from api.web.paging import paged
from api.web.render import page

router = APIRouter(tags=["review"], include_in_schema=False)
api = APIRouter(prefix="/api/v1", tags=["v1"], responses={403: {"model": Refusal}, 409: {"model": Refusal}})

PAGE = 20
HOMES = ("/review", "/gaps")
"""Pages that a form may lead back to."""
AUTHOR = "author"


def only_json(request: Request) -> None:
    """Refuses a body that a plain form of another site could have sent."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415)


@router.get("/review")
def review_page(  # noqa: PLR0917  # one parameter a filter
    request: Request,
    library: LibraryDep,
    subject: str = "link",
    plan: str = "",
    state: str = "open",
    band: str = "",
    thing: str = "",
    add: str = "",
    number: Annotated[int, Query(alias="page", ge=1)] = 1,
) -> HTMLResponse:
    """What waits for a person's word: links, or agencies that may be one."""
    agencies = subject == "agency"
    found = review.merges(library, state) if agencies else review.proposals(library, plan, state, band, thing)
    chosen = {"subject": "agency" if agencies else "link", "plan": plan, "state": state, "band": band, "thing": thing}
    return page(
        request, "review.html", library, chosen=chosen, paging=paged(found, number, PAGE, "/review", chosen),
        plans=plans.status(library)["plans"], recent=decisions.listed(library)[:5], author=author_of(request),
        adding=add, waiting=not library.verdict.built_in,
    )  # fmt: skip


@router.post("/review")
def decide(  # noqa: PLR0917  # one parameter a field
    request: Request,
    library: LibraryDep,
    token: Annotated[str, Form(max_length=200)],
    subject: Annotated[str, Form(max_length=20)],
    action: Annotated[str, Form(max_length=20)],
    from_id: Annotated[str, Form(max_length=400)],
    to_id: Annotated[str, Form(max_length=400)],
    author: Annotated[str, Form(max_length=120)] = "",
    reason: Annotated[str, Form(max_length=2000)] = "",
    relation: Annotated[str, Form(max_length=20)] = "",
    back: Annotated[str, Form(max_length=4000)] = "/review",
) -> Response:
    """Takes down one decision and leads back to the page it came from."""
    check_token(request, token)
    words = " ".join(author.split())
    decisions.take_down(
        library, subject, action, from_id.strip(), to_id.strip(), author=words, reason=" ".join(reason.split()),
        relation=relation,
    )  # fmt: skip
    home = back if back.partition("?")[0] in HOMES else HOMES[0]
    response = RedirectResponse(quote(home, safe="/?&=%-._~+"), status_code=303)
    response.set_cookie(AUTHOR, quote(words), max_age=31_536_000, samesite="strict", httponly=True)
    return response


@router.post("/review/apply")
def apply(request: Request, library: LibraryDep, token: Annotated[str, Form(max_length=200)]) -> Response:
    """Builds anew from the same documents, so that decisions stand in graph, agency pages and exports too."""
    from api.pipeline import refresh

    check_token(request, token)
    refresh(library.settings)
    return RedirectResponse("/review", status_code=303)


@api.get("/decisions", response_model=list[Decided])
def decision_list(library: LibraryDep, subject: Literal["link", "agency", "gap"] | None = None) -> Any:
    """The decisions that stand, newest first."""
    return decisions.listed(library, subject or "")


@api.post("/decisions", response_model=Decided, status_code=201, dependencies=[Depends(only_json)])
def decision_add(library: LibraryDep, body: Deciding) -> Any:
    """Takes down one decision. It stands at once; SPARQL and exports show it after the next build."""
    made = decisions.take_down(
        library, body.subject, body.decision, body.from_, body.to, author=body.author, reason=body.reason,
        relation=body.relation or "",
    )  # fmt: skip
    return decisions.decision_to_json(made)


@api.get("/review")
def review_list(
    library: LibraryDep,
    plan: str = "",
    state: Literal["open", "confirmed", "rejected", "all"] = "open",
    band: Literal["low", "middle", "high", ""] = "",
) -> list[dict[str, Any]]:
    """Links that wait for a person's word, the least sure first, each with both texts and its evidence."""
    return review.proposals(library, plan, state, band)


@api.get("/review/agencies")
def review_agencies(
    library: LibraryDep, state: Literal["open", "confirmed", "rejected", "all"] = "open"
) -> list[dict[str, Any]]:
    """Pairs of agencies that may be one, surest first."""
    return review.merges(library, state)


def author_of(request: Request) -> str:
    """The name that the browser remembers."""
    return unquote(request.cookies.get(AUTHOR, ""))[:120]
