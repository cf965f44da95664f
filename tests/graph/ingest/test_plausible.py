"""What is a plan and what only speaks of plans: invented texts in a table, and the plans kept with the project."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from graph.errors import InputNotAPlan
from graph.ingest import read
from graph.ingest.plan_form import has_plan_form, is_law
from graph.ingest.plausible import looks_like_plan
from tests.graph.ingest.plan_files import PlanFiles

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
CASES = yaml.safe_load((HERE / "plausible.yaml").read_text(encoding="utf-8"))
TEXTS = sorted([*(ROOT / "graph/samples").glob("*.txt"), *(ROOT / "tests/gold").glob("*/*.txt")])


def forms(text: str, folder: Path) -> Iterator[Path]:
    """The text as a text file and as a page whose lines are paragraphs."""
    plain, page = folder / "a.txt", folder / "a.html"
    plain.write_text(text, encoding="utf-8")
    page.write_text(
        "<html><body>" + "".join(f"<p>{line}</p>" for line in text.splitlines()) + "</body></html>", encoding="utf-8"
    )
    yield from (plain, page)


@pytest.mark.parametrize("name", CASES["refused"])
def test_texts_that_only_speak_of_plans_are_refused(name: str, tmp_path: Path) -> None:
    for path in forms(CASES["refused"][name], tmp_path):
        with pytest.raises(InputNotAPlan):
            read(path)


@pytest.mark.parametrize("name", CASES["accepted"])
def test_short_and_odd_plans_are_read(name: str, tmp_path: Path) -> None:
    for path in forms(CASES["accepted"][name], tmp_path):
        reading = read(path)
        assert reading.paragraphs or reading.rows


def test_the_projects_own_readme_is_no_plan() -> None:
    with pytest.raises(InputNotAPlan):
        read(ROOT / "README.md")


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_kept_plans_pass_and_show_their_form_everywhere(path: Path) -> None:
    """Whole; and by their form nearly every hundred lines of them, wherever they are cut out."""
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    assert looks_like_plan(lines)
    draw = random.Random(path.name)  # noqa: S311 - places in a text
    starts = [draw.randrange(max(1, len(lines) - 100)) for _ in range(20)]
    pieces = [lines[start : start + 100] for start in starts]
    assert sum(has_plan_form(piece) and not is_law(piece) for piece in pieces) >= 18


def test_a_calendar_of_meetings_is_no_task_table(files: PlanFiles) -> None:
    table = [
        ["Thời gian", "Nội dung", "Chủ trì", "Thành phần", "Địa điểm"],
        ["Thứ hai, 8 giờ", "Họp Ban Chỉ đạo cải cách hành chính", "Chủ tịch", "Các đơn vị", "Phòng họp 1"],
        ["Thứ ba, 14 giờ", "Triển khai nhiệm vụ chuyển đổi số", "Phó Chủ tịch", "Văn phòng", "Phòng họp 2"],
    ]
    with pytest.raises(InputNotAPlan, match="LỊCH CÔNG TÁC"):
        read(files.docx(table, before=["LỊCH CÔNG TÁC TUẦN 15"]))
    assert read(files.docx(table, before=["KẾ HOẠCH", "Cải cách hành chính năm 2026"])).rows
