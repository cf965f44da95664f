"""Tasks stated in prose: which paragraphs they are, and who leads them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rapidfuzz import fuzz

from graph.ingest import read
from graph.ingest.assignments import assignment_of, named_body
from graph.ingest.labels import split_label
from graph.ingest.prose import read_tasks
from graph.model import Origin, Paragraph, RawRow, Source
from graph.text import fold

ROOT = Path(__file__).parents[3]
GOLD = ROOT / "tests" / "gold"
SAMPLES = ROOT / "graph" / "samples"


def paragraphs(text: str) -> list[Paragraph]:
    made = []
    for number, line in enumerate(text.strip().splitlines(), 1):
        label, rest = split_label(line.strip())
        made.append(Paragraph(text=rest, label=label, source=Source(line_start=number, line_end=number)))
    return made


PLAN = """
KẾ HOẠCH
Cải cách hành chính năm 2026
I. MỤC ĐÍCH, YÊU CẦU
1. Mục đích
- Nâng cao chất lượng phục vụ.
II. MỤC TIÊU
- Tối thiểu 80% hồ sơ được số hóa.
III. NHIỆM VỤ VÀ GIẢI PHÁP
1. Cải cách thể chế
Rà soát văn bản quy phạm pháp luật; kịp thời kiến nghị sửa đổi.
- Đề xuất danh mục văn bản năm 2026.
2. Cải cách thủ tục hành chính
a) Công bố kịp thời thủ tục hành chính.
IV. KINH PHÍ THỰC HIỆN
Kinh phí do ngân sách bảo đảm.
V. TỔ CHỨC THỰC HIỆN
1. Văn phòng Sở
- Chủ trì, phối hợp với các phòng chuyên môn hướng dẫn thực hiện Kế hoạch.
- Định kỳ hằng quý tổng hợp, báo cáo Giám đốc Sở.
2. Trách nhiệm của Phòng Xây dựng, kiểm tra văn bản và thi hành pháp luật
- Tham mưu cải cách thể chế, xong trước ngày 30/6/2026.
3. Các phòng chuyên môn chủ động xây dựng kế hoạch của phòng.
Trên đây là Kế hoạch cải cách hành chính năm 2026, yêu cầu các phòng thực hiện./.
Nơi nhận:
- UBND tỉnh;
- Lưu: VT.
"""


def test_tasks_are_those_of_the_sections_that_assign_work() -> None:
    tasks = read_tasks(paragraphs(PLAN))
    assert [(task.section, task.subsection, task.task[:24]) for task in tasks] == [
        ("III", "1", "Rà soát văn bản quy phạm"),
        ("III", "1", "Đề xuất danh mục văn bản"),
        ("III", "2", "Công bố kịp thời thủ tục"),
        ("V", "1", "Chủ trì, phối hợp với cá"),
        ("V", "1", "Định kỳ hằng quý tổng hợ"),
        ("V", "2", "Tham mưu cải cách thể ch"),
        ("V", "3", "Các phòng chuyên môn chủ"),
    ]
    assert all(task.origin is Origin.PROSE for task in tasks)
    assert tasks[0].section_title == "NHIỆM VỤ VÀ GIẢI PHÁP"
    assert tasks[0].subsection_title == "Cải cách thể chế"
    assert tasks[3].source.line_start == 18


def test_lead_coordinating_and_time() -> None:
    tasks = read_tasks(paragraphs(PLAN))
    assert [task.lead for task in tasks] == [
        "",
        "",
        "",
        "Văn phòng Sở",
        "Văn phòng Sở",
        "Phòng Xây dựng, kiểm tra văn bản và thi hành pháp luật",
        "Các phòng chuyên môn",
    ]
    assert tasks[3].coordinating == "các phòng chuyên môn"
    assert tasks[4].time == "Định kỳ hằng quý"
    assert tasks[5].time == "xong trước ngày 30/6/2026"


def test_a_section_of_objectives_and_tasks_is_told_apart_by_its_parts() -> None:
    tasks = read_tasks(
        paragraphs(
            "II. MỤC TIÊU, NHIỆM VỤ\n1. Mục tiêu\n- 100% hồ sơ.\n2. Nhiệm vụ cụ thể\n2.1. Thể chế\n- Rà soát văn bản."
        )
    )
    assert [task.task for task in tasks] == ["Rà soát văn bản."]


def test_goals_inside_a_section_of_tasks_are_no_tasks() -> None:
    tasks = read_tasks(
        paragraphs(
            "III. NHIỆM VỤ\n1. Cải cách thể chế\na) Mục tiêu\n- 100% đúng hạn.\nb) Nhiệm vụ\n- Rà soát văn bản.\n"
            "2. Cải cách thủ tục\n- Mục tiêu:\n+ 95% hài lòng.\n- Nhiệm vụ:\n+ Công khai thủ tục."
        )
    )
    assert [task.task for task in tasks] == ["Rà soát văn bản.", "Công khai thủ tục."]


def test_a_paragraph_cut_by_a_page_is_one_task() -> None:
    tasks = read_tasks(paragraphs("I. NHIỆM VỤ\n- Theo dõi, đôn đốc các phòng;\nđề xuất khen thưởng tập thể."))
    assert [(t.task, t.source.line_start, t.source.line_end) for t in tasks] == [
        ("Theo dõi, đôn đốc các phòng; đề xuất khen thưởng tập thể.", 2, 3)
    ]


def test_prose_that_assigns_nothing() -> None:
    assert read_tasks([]) == ()
    assert read_tasks(paragraphs("KẾ HOẠCH\nI. MỤC ĐÍCH\n- Nâng cao nhận thức.\nII. MỤC TIÊU\n- Đạt 95%.")) == ()


@pytest.mark.parametrize(
    ("text", "heading", "lead", "coordinating", "time"),
    [
        ("Văn phòng Sở chủ trì tham mưu.", "", "Văn phòng Sở", "", ""),
        ("Phòng Kế hoạch - Tài chính có trách nhiệm bố trí kinh phí.", "", "Phòng Kế hoạch - Tài chính", "", ""),
        ("Các phòng, đơn vị tập trung thực hiện nghiêm túc.", "Chỉ đạo", "Các phòng, đơn vị", "", ""),
        (
            "Trưởng các ấp phối hợp Tổ công nghệ số cộng đồng vận động người dân.",
            "",
            "Trưởng các ấp",
            "Tổ công nghệ số cộng đồng",
            "",
        ),
        ("Tổ chức thi hành các văn bản quy phạm pháp luật.", "Cải cách thể chế", "", "", ""),
        ("Thanh tra, kiểm tra việc thực hiện.", "", "", "", ""),
        ("Số hóa hồ sơ thủ tục hành chính.", "", "", "", ""),
        ("Xây dựng kế hoạch (Xong trong tháng 7/2025).", "Thanh tra Sở", "Thanh tra Sở", "", "Xong trong tháng 7/2025"),
        ("Báo cáo Chủ tịch vào sáng thứ Hai hằng tuần.", "Văn phòng", "Văn phòng", "", "sáng thứ Hai hằng tuần"),
        ("Gửi báo cáo trước ngày 20 của tháng cuối quý.", "", "", "", "trước ngày 20 của tháng cuối quý"),
    ],
)
def test_assignments(text: str, heading: str, lead: str, coordinating: str, time: str) -> None:
    found = assignment_of(text, heading)
    assert (found.lead, found.coordinating, found.time) == (lead, coordinating, time)


@pytest.mark.parametrize(
    ("heading", "body"),
    [
        ("Trách nhiệm của Văn phòng Sở", "Văn phòng Sở"),
        ("Đối với các phòng, đơn vị thuộc Sở:", "Các phòng, đơn vị thuộc Sở"),
        ("Phòng Xây dựng chính quyền và Cải cách hành chính", "Phòng Xây dựng chính quyền và Cải cách hành chính"),
        ("Cải cách thể chế", ""),
        ("Số hóa hồ sơ", ""),
    ],
)
def test_bodies_in_headings(heading: str, body: str) -> None:
    assert named_body(heading) == body


def measured(gold: list[dict[str, object]], found: tuple[RawRow, ...]) -> tuple[float, float, float]:
    """Precision, recall and share of right leads, by text at least 85 % alike."""
    left, hits, leads = list(found), 0, 0
    for task in gold:
        best = max(left, key=lambda row: fuzz.ratio(fold(row.task), fold(str(task["text"]))), default=None)
        if best is not None and fuzz.ratio(fold(best.task), fold(str(task["text"]))) >= 85:
            left.remove(best)
            hits += 1
            leads += fold(best.lead) == fold(" ".join(task["lead_units"]))  # type: ignore[arg-type]
    return hits / max(1, len(found)), hits / len(gold), leads / max(1, hits)


@pytest.mark.quality
@pytest.mark.parametrize(
    ("name", "file", "floors"),
    [
        ("001", "so-ke-hoach-dau-tu-tuyen-quang_cchc-2023.txt", (0.87, 0.83, 0.97)),
        ("003", "so-tu-phap-tuyen-quang_cchc-6-thang-cuoi-2025.txt", (0.97, 0.97, 0.97)),
        ("p2", "p2.docx", (1.0, 1.0, 1.0)),
        ("p4", "p4.docx", (1.0, 1.0, 0.75)),
    ],
)
def test_annotated_plans(name: str, file: str, floors: tuple[float, float, float]) -> None:
    gold = json.loads((GOLD / f"{name}.json").read_text(encoding="utf-8"))["prose_tasks"]
    path = SAMPLES / file if (SAMPLES / file).exists() else GOLD / "files" / file
    found = read_tasks(read(path).paragraphs)
    assert all(a >= b for a, b in zip(measured(gold, found), floors, strict=True))
