"""Deciding on the page and over JSON: at once in links and gaps, only from the own page, undone, kept by a build."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from fastapi.testclient import TestClient

from api.answers import review
from api.answers.decisions import agency_names
from api.app import create_app
from api.library import open_library
from api.pipeline import refresh
from api.settings import Settings

HOME = "http://127.0.0.1:8000"
HTML = {"accept": "text/html"}
Office = tuple[TestClient, Settings]


@pytest.fixture
def office_at_work(own: tuple[Path, Path]) -> Iterator[Office]:
    settings = Settings(data=own[0], workers=1)
    with TestClient(create_app(settings), base_url=HOME, follow_redirects=False) as made:
        yield made, settings


def first(client: TestClient, **chosen: str) -> dict[str, str]:
    """The first proposal for review."""
    found: list[dict[str, str]] = client.get("/api/v1/review", params=chosen).json()
    return found[0]


def form(client: TestClient, one: dict[str, str], action: str, **more: str) -> dict[str, str]:
    """The fields that the page's form sends."""
    page = client.get("/review", headers=HTML).text
    token = re.search(r'name="token" value="([0-9a-f]{64})"', page)
    assert token
    return {
        "token": token[1],
        "subject": "link",
        "action": action,
        "from_id": one["from"],
        "to_id": one["to"],
        "author": "Nguyễn Thị Bình",
        **more,
    }


def test_reject_confirm_undo_show_at_once(office_at_work: Office) -> None:
    client, _ = office_at_work
    one = first(client)
    before = len(client.get("/api/v1/review").json())
    links_before = client.get("/api/v1/status").json()["counts"]["links"]
    answer = client.post("/review", data=form(client, one, "reject", back="/review?state=open&page=1"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/review?state=open&page=1")
    assert len(client.get("/api/v1/review").json()) == before - 1
    assert client.get("/api/v1/status").json()["counts"]["links"] == links_before - 1
    assert first(client, state="rejected")["from"] == one["from"]
    page = client.get("/review?state=rejected", headers=HTML).text
    assert "Đã bác bỏ" in page
    assert 'value="Nguyễn Thị Bình"' in page
    client.post("/review", data=form(client, one, "undo"))
    assert client.get("/api/v1/status").json()["counts"]["links"] == links_before
    client.post("/review", data=form(client, one, "confirm", relation="related", reason="đúng"))
    confirmed = first(client, state="confirmed")
    assert (confirmed["relation"], confirmed["author"], confirmed["reason"]) == ("related", "Nguyễn Thị Bình", "đúng")


def test_a_decision_outlives_a_build_and_can_be_undone_after_it(office_at_work: Office) -> None:
    client, settings = office_at_work
    one = first(client)
    links = client.get("/api/v1/status").json()["counts"]["links"]
    client.post("/review", data=form(client, one, "reject"))
    refresh(settings)
    assert open_library(settings).verdict.built_in
    assert client.get("/api/v1/status").json()["counts"]["links"] == links - 1
    client.post("/review", data=form(client, one, "undo"))
    assert client.get("/api/v1/status").json()["counts"]["links"] == links


def test_rejecting_the_last_link_opens_a_gap(office_at_work: Office) -> None:
    client, _ = office_at_work
    target = "tinh-txt-t001"
    missing = {"kind": "not-implemented", "plan": "tinh-txt"}

    def gaps() -> list[str]:
        return [gap.get("target", {}).get("id") for gap in client.get("/api/v1/gaps", params=missing).json()]

    assert target not in gaps()
    ends = [one for one in client.get("/api/v1/review").json() if one["to"] == target]
    assert ends
    for one in ends:
        client.post("/review", data=form(client, one, "reject"))
    assert target in gaps()


def test_gap_is_accepted_with_a_reason_and_reopened(office_at_work: Office) -> None:
    client, settings = office_at_work
    gap = client.get("/api/v1/gaps").json()[0]
    about = {"from": gap["id"], "to": gap["document"]}
    without = client.post("/review", data=form(client, about, "accept", subject="gap"))
    assert without.status_code == 409
    done = client.post(
        "/review", data=form(client, about, "accept", subject="gap", reason="Chờ hướng dẫn", back="/gaps?page=1")
    )
    assert done.headers["location"] == "/gaps?page=1"
    known = next(one for one in client.get("/api/v1/gaps").json() if one["id"] == gap["id"])
    assert (known["state"], known["reason"]) == ("accepted", "Chờ hướng dẫn")
    assert "Chờ hướng dẫn" in client.get("/gaps?state=accepted", headers=HTML).text
    refresh(settings)
    known = next(one for one in client.get("/api/v1/gaps").json() if one["id"] == gap["id"])
    assert known["state"] == "accepted"
    client.post("/review", data=form(client, about, "undo", subject="gap"))
    known = next(one for one in client.get("/api/v1/gaps").json() if one["id"] == gap["id"])
    assert (known["state"], known["reason"]) == ("open", None)


def test_agencies_are_merged_by_the_next_build(office_at_work: Office) -> None:
    client, settings = office_at_work
    row = next(row for row in open_library(settings).plan("tinh-txt").rows if len(row.coordinating_agencies) > 1)
    one, other = (ref.key for ref in row.coordinating_agencies[:2])
    client.post("/review", data=form(client, {"from": one, "to": other}, "confirm", subject="agency"))
    assert review.merges(open_library(settings), "confirmed")[0]["from"] == one
    page = client.get("/review", headers=HTML).text
    assert "/review/apply" in page
    assert (
        client.post("/review/apply", data={"token": form(client, {"from": "", "to": ""}, "")["token"]}).status_code
        == 303
    )
    assert one not in agency_names(open_library(settings))
    circle = client.post("/review", data=form(client, {"from": other, "to": one}, "confirm", subject="agency"))
    assert circle.status_code in {404, 409}


def test_a_link_is_added_and_nonsense_refused(office_at_work: Office) -> None:
    client, _ = office_at_work
    ends = {"from": "xa-long-ho-txt-r001", "to": "tinh-txt-r003"}
    assert client.post("/review", data=form(client, ends, "add")).status_code == 409
    assert client.post("/review", data=form(client, ends, "add", relation="related")).status_code == 303
    assert [one["from"] for one in client.get("/api/v1/review?state=confirmed").json()] == [ends["from"]]
    assert "Đã xác nhận" in client.get("/review?state=confirmed", headers=HTML).text
    assert client.get("/row/tinh-txt-r003", headers=HTML).status_code == 200
    for wrong, status in (
        ({"author": " "}, 409),
        ({"action": "nope"}, 409),
        ({"subject": "nope"}, 409),
        ({"from_id": "nope-r001"}, 404),
        ({"to_id": ends["from"]}, 409),
    ):
        assert client.post("/review", data={**form(client, ends, "reject"), **wrong}).status_code == status, wrong
    elsewhere = form(client, ends, "reject", back="https://evil.example/")
    assert client.post("/review", data=elsewhere).headers["location"] == "/review"


def test_only_the_own_page_may_write(office_at_work: Office) -> None:
    client, settings = office_at_work
    one = first(client)
    good = form(client, one, "reject")
    written = settings.data / "decisions.tsv"
    for headers in (
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9000"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ):
        assert client.post("/review", data=good, headers=headers).status_code == 403, headers
    assert client.post("/review", data={**good, "token": "0" * 64}).status_code == 403
    assert client.post("/review/apply", data={"token": "0" * 64}).status_code == 403
    fields = {key: value for key, value in good.items() if key != "token"}
    assert client.post("/review", data=fields).status_code == 422
    client.cookies.clear()
    assert client.post("/review", data=good).status_code == 403
    assert not written.exists()


def test_json_twin(office_at_work: Office) -> None:
    client, _ = office_at_work
    one = first(client)
    body = {"decision": "confirm", "from": one["from"], "to": one["to"], "author": "Lê Văn C"}
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        refused = client.post("/api/v1/decisions", content=b"{}", headers={"content-type": kind})
        assert refused.status_code == 415, kind
    assert client.post("/api/v1/decisions", json=body, headers={"origin": "https://evil.example"}).status_code == 403
    made = client.post("/api/v1/decisions", json=body)
    assert (made.status_code, made.json()["decision"]) == (201, "confirm")
    assert client.post("/api/v1/decisions", json=body).json()["decided_at"] == made.json()["decided_at"]
    assert [one["author"] for one in client.get("/api/v1/decisions").json()] == ["Lê Văn C"]
    assert client.post("/api/v1/decisions", json={**body, "decision": "undo"}).status_code == 201
    assert client.get("/api/v1/decisions").json() == []
    assert client.post("/api/v1/decisions", json={**body, "decision": "undo"}).status_code == 409
    assert client.post("/api/v1/decisions", json={**body, "more": 1}).status_code == 422


def test_the_command_line_decides_the_same(own: tuple[Path, Path], cchc: Callable[..., Result]) -> None:
    settings = Settings(data=own[0], workers=1)
    gap = open_library(settings).gaps[0]
    where = ("--data", own[0], "--author", "Trần D")
    assert cchc("decide", "gap", "accept", gap["id"], gap["document"], *where).exit_code == 2
    done = cchc("decide", "gap", "accept", gap["id"], gap["document"], "--reason", "chờ", *where)
    assert done.exit_code == 0, done.output
    known = next(one for one in open_library(settings).gaps if one["id"] == gap["id"])
    assert (known["state"], known["author"]) == ("accepted", "Trần D")
    row = next(row for row in open_library(settings).plan("tinh-txt").rows if len(row.coordinating_agencies) > 1)
    one, other = (ref.key for ref in row.coordinating_agencies[:2])
    assert cchc("decide", "agency", "confirm", one, other, *where).exit_code == 0
    assert one not in agency_names(open_library(settings))
    assert cchc("decide", "agency", "undo", one, other, *where).exit_code == 0
    assert one in agency_names(open_library(settings))
