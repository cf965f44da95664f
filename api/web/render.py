"""Templates with their words: `t(vi, en)`, labels of codes, names of plans, dates and quantities."""

from __future__ import annotations

from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from api.guard import COOKIE, token_of
from api.library import Library
from api.web import words
from api.web.explained import evidence_of, why_of

FOLDER = Path(__file__).resolve().parent
STATIC = FOLDER / "static"
NAVIGATION = (
    ("/search", "Tìm kiếm", "Search"),
    ("/plans", "Kế hoạch", "Plans"),
    ("/matrix", "Ma trận", "Matrix"),
    ("/laws", "Văn bản", "Legal documents"),
    ("/agencies", "Cơ quan", "Agencies"),
    ("/gaps", "Khoảng trống", "Gaps"),
    ("/network", "Mạng lưới", "Network"),
    ("/review", "Duyệt", "Review"),
    ("/data", "Dữ liệu", "Data"),
)
_WORDS = {
    "level": words.LEVELS,
    "kind": words.KINDS,
    "relation": words.RELATIONS,
    "gap": words.GAPS,
    "severity": words.SEVERITIES,
    "status": words.STATUSES,
    "state": words.STATES,
    "gapstate": words.GAP_STATES,
    "agency": words.AGENCY_KINDS,
    "how": words.HOW,
    "decision": words.DECISIONS,
    "problem": words.PROBLEMS,
    "change": words.CHANGES,
    "node": words.NODES,
}


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates. Everything is escaped; an unknown name is an error."""
    return Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def language_of(request: Request) -> str:
    """ "vi" unless English was asked for, by the address or by the cookie that remembers it."""
    asked = request.query_params.get("lang") or request.cookies.get("lang")
    return "en" if asked == "en" else "vi"


def page(request: Request, template: str, library: Library | None, status_code: int = 200, **data: Any) -> HTMLResponse:
    """A page as HTML in the reader's language."""
    language = language_of(request)

    def t(vi: str, en: str) -> str:
        return en if language == "en" else vi

    def word(table: str, code: object) -> str:
        return words.worded(_WORDS[table], code, language)

    def language_link(other: str) -> str:
        asked = {**dict(request.query_params), "lang": other}
        return f"/{request.url.path.lstrip('/')}?{urlencode(asked)}"

    given: list[str] = []

    def token() -> str:
        """The forms' token; a page that uses it sets its cookie."""
        if not given:
            given.append(token_of(request))
        return given[0]

    def back() -> str:
        """Where a form of this page leads back to."""
        return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path

    html = (
        environment()
        .get_template(template)
        .render(
            language=language,
            t=t,
            word=word,
            day=words.day,
            quantity=words.quantity,
            language_link=language_link,
            navigation=NAVIGATION,
            here="/" + request.url.path.strip("/").split("/")[0],
            built_at=words.stamp(library.version.manifest["built_at"]) if library else "",
            plan_name=partial(plan_name, library),
            token=token,
            back=back,
            plan_title=partial(plan_title, library),
            evidence=partial(evidence_of, language=language),
            why=partial(why_of, language=language),
            url_for=lambda name, path: f"/{name}/{path}",
            **data,
        )
    )
    response = HTMLResponse(html, status_code=status_code)
    if request.query_params.get("lang") in {"vi", "en"}:
        response.set_cookie("lang", language, max_age=31_536_000, samesite="lax", httponly=True)
    if given and request.cookies.get(COOKIE) != given[0]:
        response.set_cookie(COOKIE, given[0], samesite="strict", httponly=True)
    return response


def plan_title(library: Library | None, document: str) -> str:
    """A plan's own title, else what people call it."""
    if library is None or document not in library.documents:
        return document
    return library.plan(document).head.title or plan_name(library, document)


def plan_name(library: Library | None, document: str) -> str:
    """A plan as people call it: its issuer and period, else its title, else its file."""
    if library is None or document not in library.documents:
        return document
    plan = library.plan(document)
    head = plan.head
    years = [day.year for day in (head.period.start, head.period.end) if day]
    span = "" if not years else (str(years[0]) if years[0] == years[-1] else f"{years[0]}–{years[-1]}")
    issuer = head.issuer
    if head.province and head.province.casefold() not in issuer.casefold():
        issuer = f"{issuer} {head.province}".strip()
    return " ".join(part for part in (issuer or head.title or plan.source, span) if part)


def marked(text: str, spans: list[list[int]]) -> Markup:
    """The text with its highlighted spans in <mark>, all else escaped."""
    made, at = Markup(), 0
    for start, end in sorted(spans):
        if start < at:
            continue
        made += escape(text[at:start]) + Markup("<mark>") + escape(text[start:end]) + Markup("</mark>")
        at = end
    return made + escape(text[at:])
