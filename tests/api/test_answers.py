"""The questions, at the command line, over HTTP and on the pages: all three say the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from fastapi.testclient import TestClient

from api.library import Library

Cchc = Callable[..., Result]


def said(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_command_line_and_http_agree(cchc: Cchc, client: TestClient, built: Path) -> None:
    data = ("--data", built, "--json")
    for command, path in (
        (("status",), "/api/v1/status"),
        (("trace",), "/api/v1/trace"),
        (("trace", "--plan", "tinh-txt"), "/api/v1/trace?plan=tinh-txt"),
        (("law",), "/api/v1/law"),
        (("law", "76/NQ-CP"), "/api/v1/law/76/NQ-CP"),
        (("gaps",), "/api/v1/gaps"),
        (("matrix", "--plan", "tinh-txt"), "/api/v1/matrix?plan=tinh-txt"),
    ):
        assert said(cchc(*command, *data)) == client.get(path).json(), command
    hits = said(cchc("search", "hồ sơ trực tuyến", "--limit", "5", *data))
    assert hits == client.get("/api/v1/search", params={"q": "hồ sơ trực tuyến", "limit": 5}).json()["hits"]


def test_trace_finds_who_takes_a_target_up_and_with_what_value(client: TestClient) -> None:
    entries = client.get("/api/v1/trace", params={"plan": "tinh-txt"}).json()
    online = next(e for e in entries if e["target"]["value"] == 80)
    by_plan: dict[str, list[Any]] = {}
    for link in online["links"]:
        by_plan.setdefault(link["document"], []).append(link)
    assert set(by_plan) == {"so-tu-phap-txt", "xa-long-ho-txt"}
    assert {link["value"] for link in by_plan["so-tu-phap-txt"]} >= {70.0}
    assert any(link["relation"] == "implements-lower" for link in by_plan["so-tu-phap-txt"])
    assert any(link["relation"] == "implements" for link in by_plan["xa-long-ho-txt"])
    assert all(link["evidence"] for link in online["links"])
    nobody = next(e for e in entries if e["target"]["text"].startswith("100% cơ quan áp dụng"))
    assert nobody["links"] == []


def test_law_says_status_plans_and_rows(client: TestClient) -> None:
    answer = client.get("/api/v1/law/107/2021/NĐ-CP").json()
    assert answer["law"]["status"] == "expired"
    assert answer["law"]["replaced_by"] == ["118/2025/NĐ-CP"]
    assert [row["document"] for row in answer["rows"]] == ["so-tu-phap-txt"]
    programme = client.get("/api/v1/law/76/NQ-CP").json()
    assert {(plan["id"], plan["how"]) for plan in programme["plans"]} == {("tinh-txt", "implements")}


def test_unregistered_plan_is_a_law_too(client: TestClient) -> None:
    answer = client.get("/api/v1/law/312/KH-UBND").json()
    assert {plan["id"] for plan in answer["plans"]} == {"so-tu-phap-txt", "xa-long-ho-txt"}


def test_gaps_name_what_is_wrong(client: TestClient) -> None:
    found = {(gap["kind"], gap["document"]) for gap in client.get("/api/v1/gaps").json()}
    assert ("not-implemented", "tinh-txt") in found
    assert ("no-owner", "so-tu-phap-txt") in found
    assert ("lowered", "so-tu-phap-txt") in found
    assert ("dead-legal-basis", "so-tu-phap-txt") in found
    only = client.get("/api/v1/gaps", params={"kind": "no-owner", "plan": "so-tu-phap-txt"}).json()
    assert {gap["kind"] for gap in only} == {"no-owner"}


def test_units_of_different_bodies_stay_apart(library: Library) -> None:
    keys = {ref.key for plan in library.plans for row in plan.rows for ref in row.lead_agencies}
    labels = [row["label"] for row in library.query("agencies") if row["id"] in keys]
    assert any("Văn phòng" in label for label in labels)
    assert len(keys) == len(set(keys))
    office = next(ref for ref in library.plan("so-tu-phap-txt").rows[0].lead_agencies)
    assert "so-tu-phap" in office.key
    assert "vinh-long" in office.key


@pytest.mark.parametrize("query", ["khảo sát hài lòng", "khao sat hai long"])
def test_search_finds_with_and_without_diacritics(cchc: Cchc, built: Path, query: str) -> None:
    hits = said(cchc("search", query, "--data", built, "--json"))
    assert any(word in hits[0]["text"].casefold() for word in ("khảo sát", "hài lòng", "điều tra xã hội học"))
    assert {"id", "kind", "document", "text", "objective", "lead", "score", "why", "highlights"} <= set(hits[0])


def test_unknown_things_are_refused_with_a_sentence(cchc: Cchc, client: TestClient, built: Path) -> None:
    for command in (("trace", "x-t001"), ("law", "1/2/3"), ("gaps", "--kind", "x"), ("matrix", "--plan", "x")):
        result = cchc(*command, "--data", built)
        assert result.exit_code == 2, command
        assert result.stderr.startswith("cchc: "), command
    for path in ("/plan/x", "/target/x-t001", "/row/tinh-txt-r999", "/law/x", "/agency/x", "/api/v1/plans/x"):
        response = client.get(path, headers={"accept": "application/json"})
        assert response.status_code == 404, path
        assert set(response.json()["error"]) == {"vi", "en"}, path


def test_extract_keeps_the_contract(cchc: Cchc, office: Path) -> None:
    made = said(cchc("extract", office / "tinh.txt", "--json"))
    assert set(made) == {"document", "rows", "targets", "citations", "problems"}
    assert made["document"]["issuer_level"] == "province"
    assert made["document"]["number"] == "312/KH-UBND"
    assert made["document"]["implements"] == ["76/NQ-CP"]
    row = made["rows"][0]
    assert row["lead"] == ["Văn phòng UBND tỉnh"]
    assert row["activity"].startswith("Hướng dẫn người dân")
    assert row["source"]["line_start"]
    assert [target["value"] for target in made["targets"]] == [80, 95, 100]


def test_explain_shows_source_beside_rows(cchc: Cchc, office: Path, tmp_path: Path) -> None:
    text = cchc("extract", office / "tinh.txt", "--explain").stdout
    assert "tinh-txt-r001" in text
    assert "│" in text
    report = tmp_path / "report.html"
    assert cchc("extract", office / "tinh.txt", "--html", report).exit_code == 0
    assert "Văn phòng UBND tỉnh" in report.read_text(encoding="utf-8")
