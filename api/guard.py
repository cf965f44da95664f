"""Who may ask and who may write: known host names only, writing only from the application's own pages.

A page of another site can make a browser send requests here. Reading is harmless (no CORS header is ever sent), but a
rebound DNS name would make that site "same origin", so the Host header must be one the server is meant to have; and a
write must come from our own page: Sec-Fetch-Site and Origin where the browser sends them, and for forms a token that
only our page could have read (double submit).
"""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import urlsplit

from fastapi import Request

from api.settings import Settings
from graph.errors import CchcError

COOKIE = "cchc_token"
READS = frozenset({"GET", "HEAD", "OPTIONS"})
READING_POSTS = frozenset({"/sparql"})
"""Paths whose POST only reads (the SPARQL protocol's long queries)."""
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


class Forbidden(CchcError):
    """A request that did not come from where it must."""


def host_name(value: str) -> str:
    """The name in a Host header or authority, without port, in lower case; IPv6 without brackets."""
    value = value.strip().lower()
    if value.startswith("["):
        return value[1:].partition("]")[0]
    return value.partition(":")[0]


def allowed_hosts(settings: Settings) -> frozenset[str]:
    """Names under which the server may be addressed; "*" among them for any."""
    more = (host_name(one) if one.strip() != "*" else "*" for one in settings.hosts.split(",") if one.strip())
    bound = () if settings.host in {"0.0.0.0", "::"} else (host_name(settings.host),)  # noqa: S104  # compared, not bound
    return frozenset({"localhost", "127.0.0.1", "::1", *bound, *more})


def host_is_known(request: Request, allowed: frozenset[str]) -> bool:
    """Whether the Host header names this server."""
    return "*" in allowed or host_name(request.headers.get("host", "")) in allowed


def check_origin(request: Request) -> None:
    """Raises Forbidden for a write that a page of another site asked for."""
    site = request.headers.get("sec-fetch-site")
    if site not in {None, "same-origin", "none"}:
        raise _foreign()
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower():
        raise _foreign()


def check_token(request: Request, sent: str) -> None:
    """Raises Forbidden when a form does not carry the token of the cookie."""
    known = request.cookies.get(COOKIE, "")
    if not known or not hmac.compare_digest(known.encode(), sent.encode()):
        raise Forbidden(
            "Biểu mẫu đã hết hạn hoặc trình duyệt chặn cookie; hãy tải lại trang rồi thử lại",
            "the form has expired or cookies are blocked; reload the page and try again",
        )


def token_of(request: Request) -> str:
    """The token for the forms of a page: the browser's own where it has one, else a new one (to be set as cookie)."""
    known = request.cookies.get(COOKIE, "")
    return known if len(known) >= 32 and known.isalnum() else secrets.token_hex(32)


def _foreign() -> Forbidden:
    return Forbidden("Yêu cầu ghi phải đến từ chính trang này", "a write must come from this application's own page")
