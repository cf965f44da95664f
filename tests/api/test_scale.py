"""What keeps large data folders quick, as facts that need no clock: what is read, compared and imported."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from api.answers import plans, trace
from api.library import Library, open_library
from api.pipeline import build
from api.records import find_fields, find_records, write_records
from api.settings import Settings
from graph.model import Level
from graph.trace.scope import scope_of, scopes
from tests.factories import make_head, make_plan

THREE = [("Đạt 95%", "a", "x"), ("xuống\ndòng", "b", "x"), ("", "a", "y")]


def records(path: Path) -> Path:
    write_records(path, ((json.dumps({"text": text}), (one, two)) for text, one, two in THREE), ("one", "two"))
    return path


def test_records_are_found_by_their_fields_in_file_order(tmp_path: Path) -> None:
    path = records(tmp_path / "three.json")
    assert [one["text"] for one in json.loads(path.read_text(encoding="utf-8"))] == [text for text, _, _ in THREE]
    assert find_records(path, {"one": "a"}) == [{"text": "Đạt 95%"}, {"text": ""}]
    assert find_records(path, {"one": "a", "two": "x"}) == [{"text": "Đạt 95%"}]
    assert find_records(path, {"two": "y"}, {"one": "b"}, {"two": "y"}) == [{"text": "xuống\ndòng"}, {"text": ""}]
    assert find_fields(path, {"one": "b"}) == [{"one": "b", "two": "x"}]
    assert find_records(path, {"one": "a' OR '1'='1"}) == []


def test_an_unknown_field_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="three"):
        find_records(records(tmp_path / "three.json"), {"three": "a"})


def test_links_found_by_place_are_those_found_by_looking_at_all(library: Library) -> None:
    assert library.links
    for link in library.links:
        assert library.links_where({"to_id": link.to_id}) == tuple(
            one for one in library.links if one.to_id == link.to_id
        )
    ends = library.link_ends({"from_document": "so-tu-phap-txt"})
    assert [one["from_id"] for one in ends] == [
        one.from_id for one in library.links if one.from_document == "so-tu-phap-txt"
    ]


def test_a_trace_reads_only_the_plans_it_shows(built: Path) -> None:
    library = open_library(Settings(data=built))
    lone = next(
        target.id for target in library.plan("tinh-txt").targets if not library.links_where({"to_id": target.id})
    )
    fresh = open_library(Settings(data=built))
    assert trace.trace(fresh, lone)[0]["links"] == []
    plans.plan_page(fresh, "tinh-txt")
    assert fresh._plan.cache_info().currsize == 1
    assert "plans" not in vars(fresh)


def test_the_matrix_of_few_plans_is_that_of_all(library: Library) -> None:
    from graph.matrix import matrix_of, matrix_to_json

    assert trace.matrix(library, "tinh-txt") == matrix_to_json(matrix_of(library.plans, library.links, "tinh-txt"))


def test_only_the_graphs_of_a_changed_plan_are_made_anew(own: tuple[Path, Path]) -> None:
    data, files = own
    before = open_library(Settings(data=data)).version.folder
    old = json.loads((before / "graphs.json").read_text(encoding="utf-8"))
    changed = files / "xa-long-ho.txt"
    changed.write_text(changed.read_text(encoding="utf-8").replace("Hàng quý", ""), encoding="utf-8")
    report = build([files], Settings(data=data, workers=1))
    new = json.loads((report.version.folder / "graphs.json").read_text(encoding="utf-8"))
    assert report.read == ("xa-long-ho-txt",)
    assert {name for name in {*old, *new} if old.get(name) != new.get(name)}
    assert {name: made for name, made in old.items() if "so-tu-phap" in name} == {
        name: made for name, made in new.items() if "so-tu-phap" in name
    }


def test_plans_that_heads_rule_out_are_not_compared_but_no_scope_is_lost() -> None:
    head = make_head(implements=("12/KH-UBND",), period=make_head().period)
    cases = product(
        (Level.NATIONAL, Level.PROVINCE, Level.DEPARTMENT, Level.COMMUNE, Level.UNIT, None),
        ("Tây Ninh", "Vĩnh Long", ""),
        (("12/KH-UBND", ()), ("", ("12/KH-UBND",)), ("12/KH-UBND", ("Kế hoạch cải cách hành chính năm 2025",))),
    )
    some = [
        make_plan(
            f"p{index}-txt",
            head=replace(head, issuer_level=level, province=province, number=number, implements=implements),
        )
        for index, (level, province, (number, implements)) in enumerate(cases)
    ]
    expected = tuple(scope for low in some for high in some if (scope := scope_of(high, low)) is not None)
    assert expected
    assert scopes(some) == expected


@pytest.mark.parametrize("module", ["api.cli", "api.cli.answers", "api.cli.searching", "api.cli.building"])
def test_commands_start_without_heavy_libraries(module: str) -> None:
    heavy = {"torch", "sentence_transformers", "pandas", "scipy", "pdfplumber", "docx", "openpyxl", "onnxruntime",
             "fastapi", "rdflib", "networkx", "faiss"}  # fmt: skip
    words = f"import sys, {module}; print(*sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
