"""The pages: every one answers, in both languages, escapes what it shows and loads nothing from elsewhere."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

import graph
from api.library import Library
from api.web.words import PROBLEMS, quantity

PAGES = (
    "/",
    "/plans",
    "/plan/tinh-txt",
    "/plan/so-tu-phap-txt",
    "/target/tinh-txt-t001",
    "/row/so-tu-phap-txt-r001",
    "/objective/tinh-txt-o001",
    "/laws",
    "/law/76/NQ-CP",
    "/law/312%2FKH-UBND",
    "/agencies",
    "/gaps",
    "/gaps?kind=not-implemented&severity=high",
    "/matrix",
    "/matrix?plan=tinh-txt",
    "/search",
    "/search?q=ho+so+truc+tuyen&kind=task",
    "/search?text=Tỷ+lệ+hồ+sơ+nộp+trực+tuyến+đạt+80%25",
    "/data",
    "/docs",
    "/review",
    "/review?subject=agency&state=all",
    "/review?thing=tinh-txt-t001&state=all",
    "/network",
    "/network?plan=tinh-txt&law=76/NQ-CP",
    "/network?law=76/NQ-CP&thing=so-tu-phap-txt-r001",
    "/compare",
    "/compare?old=xa-long-ho-txt&new=so-tu-phap-txt",
    "/plans?q=so+tu+phap",
    "/agencies?q=van+phong&kind=unit",
    "/laws?q=76",
    "/matrix?plan=tinh-txt&state=none",
)
HTML = {"accept": "text/html"}


class Links(HTMLParser):
    """Collects addresses that a page follows or loads."""

    def __init__(self) -> None:
        super().__init__()
        self.follows: set[str] = set()
        self.loads: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "href" and tag == "a" and value:
                self.follows.add(value)
            elif name in {"src", "href"} and value:
                self.loads.add(value)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_page_answers_in_both_languages(client: TestClient, path: str, language: str) -> None:
    response = client.get(path, headers={**HTML, "cookie": f"lang={language}"})
    assert response.status_code == 200, response.text[:500]
    assert f'<html lang="{language}">' in response.text
    assert ("Khoảng trống" in response.text) == (language == "vi")
    links = Links()
    links.feed(response.text)
    assert links.loads
    assert all(address.startswith("/") for address in links.loads)


def test_every_link_of_every_page_leads_somewhere(client: TestClient) -> None:
    found: set[str] = set()
    for path in PAGES:
        links = Links()
        links.feed(client.get(path, headers=HTML).text)
        found |= {address.partition("#")[0] for address in links.follows if address.startswith("/")}
    for address in sorted(found - {""}):
        response = client.get(address, headers=HTML)
        assert response.status_code == 200, address


def test_agency_pages_and_calendar(client: TestClient, library: Library) -> None:
    for row in library.query("agencies"):
        assert client.get(f"/agency/{row['id']}", headers=HTML).status_code == 200
    leading = next(row for row in library.query("agencies") if row["lead"])
    calendar = client.get(f"/agency/{leading['id']}?format=ics")
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert "BEGIN:VCALENDAR" in calendar.text


def test_what_is_shown_is_escaped(client: TestClient) -> None:
    attack = "<script>alert(1)</script>"
    for path in ("/search", "/law/x", "/gaps"):
        response = client.get(path, params={"q": attack, "kind": attack}, headers=HTML)
        assert attack not in response.text
    assert client.get("/plan/" + attack, headers=HTML).status_code == 404


@pytest.mark.parametrize("path", ["/plan/tinh-txt", "/target/tinh-txt-t001", "/row/tinh-txt-r001", "/law/76%2FNQ-CP"])
def test_content_negotiation(client: TestClient, path: str) -> None:
    import rdflib

    turtle = client.get(path, headers={"accept": "text/turtle"})
    assert turtle.headers["content-type"].startswith("text/turtle")
    assert len(rdflib.Graph().parse(data=turtle.text, format="turtle")) > 3
    linked = client.get(path, params={"format": "jsonld"})
    assert len(rdflib.Dataset().parse(data=linked.text, format="json-ld")) > 3
    assert client.get(path, headers={"accept": "application/json"}).json()


def test_sparql_is_read_only(client: TestClient) -> None:
    ask = client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"})
    assert int(ask.json()["results"]["bindings"][0]["n"]["value"]) > 100
    for text in (
        "INSERT DATA { <a:b> <a:b> <a:b> }",
        "DROP ALL",
        "SELECT * WHERE { SERVICE <http://127.0.0.1> { ?s ?p ?o } }",
    ):
        assert client.get("/sparql", params={"query": text}).status_code == 400, text
        assert client.post("/sparql", data={"query": text}).status_code == 400, text
    assert client.post("/sparql", data={"update": "DROP ALL"}).status_code == 400
    by_body = client.post("/sparql", content=b"ASK { ?s ?p ?o }", headers={"content-type": "application/sparql-query"})
    assert by_body.json()["boolean"] is True


def test_downloads_open_in_a_spreadsheet(client: TestClient) -> None:
    book = load_workbook(io.BytesIO(client.get("/gaps.xlsx").content))
    assert book.active is not None
    assert book.active.max_row > 1
    assert client.get("/gaps.csv").content.startswith(b"\xef\xbb\xbf")
    matrix = load_workbook(io.BytesIO(client.get("/matrix.xlsx", params={"plan": "tinh-txt"}).content))
    assert matrix.active is not None
    assert matrix.active.max_row > 1
    for form in ("ttl", "jsonld", "nq", "graphml", "csv", "xlsx"):
        response = client.get("/api/v1/export", params={"format": form})
        assert (response.status_code, len(response.content) > 500) == (200, True), form


def test_headers_keep_the_page_to_itself(client: TestClient) -> None:
    headers = client.get("/", headers=HTML).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "access-control-allow-origin" not in headers


def test_openapi_names_every_route(client: TestClient) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert {"/api/v1/trace", "/api/v1/law/{identifier}", "/api/v1/search", "/api/v1/gaps"} <= set(paths)


def test_network_tells_who_depends_on_whom(client: TestClient) -> None:
    page = client.get("/network", headers=HTML).text
    assert page.count('class="chord"') >= 2
    found = client.get("/api/v1/network/overview").json()
    busiest = found["agencies"][0]
    assert busiest["leads"] == max(one["leads"] for one in found["agencies"])
    whole = client.get("/api/v1/network").json()
    ids = {node["id"] for node in whole["nodes"]}
    assert all({edge["source"], edge["target"]} <= ids for edge in whole["edges"])
    assert client.get("/api/v1/network?format=graphml").content.startswith(b"<?xml")


def test_a_law_reaches_a_task_below(client: TestClient) -> None:
    task = "so-tu-phap-txt-r001"
    chains = client.get("/api/v1/network/reach", params={"law": "76/NQ-CP", "thing": task}).json()
    assert chains[0][0]["kind"] == "law"
    assert chains[0][-1]["id"] == task
    below = client.get("/api/v1/network/reach", params={"law": "76/NQ-CP"}).json()
    assert {chain[-1]["kind"] for chain in below} == {"row"}
    assert client.get("/api/v1/network/reach", params={"law": "1/NQ-XX"}).status_code == 404


def test_deadlines_are_past_or_coming(library: Library) -> None:
    from datetime import date

    from api.answers.agencies import agency

    leading = next(row["id"] for row in library.query("agencies") if row["label"].startswith("Văn phòng Sở"))
    early = agency(library, leading, date(2026, 1, 1))["deadlines"]
    late = agency(library, leading, date(2027, 1, 1))["deadlines"]
    assert early["coming"]
    assert not early["past"]
    assert (late["past"], late["coming"]) == (early["coming"][::-1], [])


def test_long_lists_come_in_pages(client: TestClient) -> None:
    from api.web.paging import paged

    made = paged(list(range(45)), 2, 20, "/x", {"q": "a b", "plan": ""})
    assert (made.shown, made.first, made.pages) == (list(range(20, 40)), 21, 3)
    assert (made.before, made.after) == ("/x?q=a+b&page=1", "/x?q=a+b&page=3")
    assert paged([], 7, 20, "/x", {}).number == 1
    assert client.get("/laws?page=99", headers=HTML).status_code == 200


def test_evidence_and_reasons_are_words(client: TestClient, library: Library) -> None:
    from api.web.explained import evidence_of, why_of

    link = next(one for one in library.links if one.evidence["numbers"])
    told = evidence_of(link.evidence)
    assert told["higher"]["text"]
    assert told["lower"]["text"]
    assert told["values"]
    assert not set(map(str, told["speaks_for"])) & set(link.evidence["similarity"])
    assert evidence_of({"lower": {"text": "a"}, "higher": {"text": "b"}})["terms"] == []
    hit = client.get("/api/v1/search", params={"q": "hồ sơ trực tuyến"}).json()["hits"][0]
    words = why_of(hit["why"])
    assert words
    assert not [clause for clause in words if re.search(r"dense|grams|\{", clause)]
    page = client.get("/search?q=hồ+sơ+trực+tuyến&lang=vi", headers=HTML).text
    assert "gần nghĩa" in page
    assert "dense" not in page


def test_numbers_are_written_as_in_vietnam() -> None:
    assert quantity(">=", 80.0, "%") == "≥ 80 %"
    assert quantity(">=", 85.0, "%", strict=True) == "> 85 %"
    assert quantity("=", 12.5, "%") == "12,5 %"
    assert quantity("top", 5.0, "hạng") == "top 5 hạng"
    assert quantity("=", None, "%") == ""
    assert not re.search(r"\d\.\d", quantity("reduce_by", 1.5, "lần"))


def test_search_of_one_quarter(client: TestClient) -> None:
    everything = client.get("/api/v1/search", params={"q": "hồ sơ trực tuyến", "limit": 50}).json()["hits"]
    fourth = client.get("/api/v1/search", params={"q": "hồ sơ trực tuyến", "limit": 50, "quarter": 4}).json()["hits"]
    second = client.get("/api/v1/search", params={"q": "hồ sơ trực tuyến", "limit": 50, "quarter": 2}).json()["hits"]
    assert {hit["id"] for hit in second} < {hit["id"] for hit in fourth} <= {hit["id"] for hit in everything}
    assert client.get("/api/v1/search", params={"q": "hồ sơ", "quarter": 5}).status_code == 422
    page = client.get("/search", params={"q": "hồ sơ trực tuyến", "quarter": "4"}, headers={"accept": "text/html"}).text
    assert '<option value="4" selected>IV</option>' in page


def test_every_kind_of_problem_has_words() -> None:
    """An officer reads words, not codes: each code that a reader gives a problem is worded."""
    sources = Path(graph.__file__).parent.rglob("*.py")
    given = {code for path in sources for code in re.findall(r'\bcode="([a-z-]+)"', path.read_text(encoding="utf-8"))}
    assert {"columns-lost", "hidden"} <= given <= set(PROBLEMS)
