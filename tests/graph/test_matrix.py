"""Targets × plans, as values, JSON and a spreadsheet."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from graph.matrix import COLOURS, CellState, matrix_of, matrix_to_json, write_xlsx
from graph.model import Level, Plan, Relation
from graph.trace import link_plans
from tests.factories import make_head, make_link, make_plan, make_row, make_target
from tests.quality.gold_plans import gold_plan


def above() -> Plan:
    return make_plan(
        "tinh-txt",
        head=make_head(issuer="UBND tỉnh Tây Ninh", issuer_level=Level.PROVINCE),
        rows=(make_row("tinh-txt", 1, raw={"objective": "Nâng cao chất lượng văn bản", "lead": "Sở Tư pháp"}),),
        targets=(
            make_target("tinh-txt", 1, row="", cell=""),
            make_target("tinh-txt", 2, row="", cell="", text="=SUM(A1:A9) hồ sơ", value=80.0),
        ),
    )


def test_cells_tell_what_each_plan_does() -> None:
    lower = make_plan("a-txt", targets=(make_target(value=90.0),))
    silent = make_plan("b-txt", head=make_head(issuer="Sở Nội vụ"))
    links = (
        make_link(from_id="a-txt-t001", relation=Relation.IMPLEMENTS_LOWER),
        make_link(),
        make_link(to_id="tinh-txt-o001"),
    )
    matrix = matrix_of([above(), lower, silent], links, "tinh-txt")
    assert matrix.columns == ("a-txt", "b-txt")
    states = [[cell.state for cell in line.cells] for line in matrix.lines]
    assert states == [
        [CellState.LOWER, CellState.NONE],
        [CellState.NONE, CellState.NONE],
        [CellState.TASK, CellState.NONE],
    ]
    assert matrix.lines[0].cells[0].value == "≥ 90%"
    assert [line.takers for line in matrix.lines] == [1, 0, 1]
    with pytest.raises(KeyError):
        matrix_of([above()], (), "khong-co")


def test_the_spreadsheet_has_colours_links_and_no_formulas(tmp_path: Path) -> None:
    lower = make_plan("a-txt", targets=(make_target(value=90.0),))
    links = (make_link(from_id="a-txt-t001", relation=Relation.IMPLEMENTS_LOWER), make_link())
    path = tmp_path / "ma-tran.xlsx"
    write_xlsx(matrix_of([above(), lower], links, "tinh-txt"), path, base="https://cchc.tayninh.example/")
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert sheet["E1"].value == "Sở Tư pháp"
    assert sheet["E2"].value == "thấp hơn: ≥ 90%"
    assert sheet["E2"].fill.fgColor.rgb.endswith(COLOURS[CellState.LOWER])
    assert sheet["E2"].hyperlink.target.startswith("https://cchc.tayninh.example/")
    assert (sheet["A3"].value, sheet["A3"].data_type) == ("=SUM(A1:A9) hồ sơ", "s")
    assert sheet["E3"].value is None


def test_the_annotated_plans_as_json() -> None:
    plans = [gold_plan("002"), gold_plan("000")]
    told = json.loads(json.dumps(matrix_to_json(matrix_of(plans, link_plans(plans, None), "002"))))
    lines = {line["id"]: line for line in told["lines"]}
    assert [column["id"] for column in told["columns"]] == ["000"]
    assert lines["002-t01"]["cells"][0]["state"] == "met"
    assert "000-r022" in lines["002-t01"]["cells"][0]["links"]
    assert lines["002-t20"]["takers"] == 0
