"""Invented provinces for timing: text files of plans, made from the annotated plans by rule, the same for each seed.

A province has one provincial plan and agencies' plans (departments, then communes) that name it. Half of an agency's
rows take up rows of the provincial plan (units renamed, words exchanged, values changed, order mixed), the others are
its own, spliced of two annotated rows. The files are tab-separated text as pasted from a word processor.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from graph.text import slug

GOLD = Path(__file__).resolve().parent.parent / "tests" / "gold"
HEADER = "TT\tMục tiêu\tNhiệm vụ\tHoạt động\tKết quả, sản phẩm\tChủ trì\tPhối hợp\tThời gian hoàn thành\tKinh phí"
PROVINCES = (
    "Vĩnh Long", "Tây Ninh", "Tuyên Quang", "Lào Cai", "Thái Nguyên", "Phú Thọ", "Hưng Yên", "Ninh Bình", "Quảng Trị",
    "Quảng Ngãi", "Gia Lai", "Khánh Hòa", "Lâm Đồng", "Đắk Lắk", "Đồng Tháp", "An Giang", "Cà Mau", "Cao Bằng",
    "Điện Biên", "Lai Châu", "Sơn La", "Lạng Sơn", "Thanh Hóa", "Nghệ An", "Hà Tĩnh", "Quảng Ninh", "Bắc Ninh",
    "Đồng Nai", "Hà Nội", "Hải Phòng", "Huế", "Đà Nẵng", "Cần Thơ", "Hồ Chí Minh",
)  # fmt: skip
DEPARTMENTS = (
    "Sở Tư pháp", "Sở Nội vụ", "Sở Tài chính", "Sở Xây dựng", "Sở Công Thương", "Sở Y tế", "Sở Giáo dục và Đào tạo",
    "Sở Khoa học và Công nghệ", "Sở Nông nghiệp và Môi trường", "Sở Văn hóa, Thể thao và Du lịch",
    "Sở Dân tộc và Tôn giáo",
    "Thanh tra tỉnh", "Ban Quản lý các khu công nghiệp", "Sở Ngoại vụ", "Văn phòng Ủy ban nhân dân tỉnh",
)  # fmt: skip
SECTIONS = (
    ("I", "CẢI CÁCH THỂ CHẾ"),
    ("II", "CẢI CÁCH THỦ TỤC HÀNH CHÍNH"),
    ("III", "CẢI CÁCH TỔ CHỨC BỘ MÁY"),
    ("IV", "CẢI CÁCH CHẾ ĐỘ CÔNG VỤ"),
    ("V", "CẢI CÁCH TÀI CHÍNH CÔNG"),
    ("VI", "XÂY DỰNG CHÍNH QUYỀN SỐ"),
)
WORDS = (
    ("Tiếp tục", "Tăng cường"), ("Tổ chức", "Triển khai"), ("rà soát", "kiểm tra, rà soát"),
    ("thực hiện", "triển khai thực hiện"),
    ("nâng cao", "cải thiện"), ("xây dựng", "soạn thảo"), ("Xây dựng", "Soạn thảo"), ("đẩy mạnh", "tăng cường"),
    ("hồ sơ", "hồ sơ TTHC"), ("người dân", "công dân"), ("kịp thời", "đúng thời hạn"), ("đơn vị", "phòng, ban"),
)  # fmt: skip
OWNERS = ("Văn phòng", "Phòng Tổ chức cán bộ", "Phòng Nghiệp vụ", "Thanh tra", "Phòng Kế hoạch - Tài chính", "")
TIMES = ("Quý I/2026", "Quý II/2026", "Quý IV/2026", "Tháng 11/2026", "Hằng năm", "Thường xuyên", "Trước 30/9/2026", "")
LAWS = ("76/NQ-CP", "107/2021/NĐ-CP", "42/2022/NĐ-CP", "61/2018/NĐ-CP", "45/2020/NĐ-CP", "30/2020/NĐ-CP")


@dataclass(frozen=True, slots=True)
class Line:
    """One table row before it is printed."""

    section: int
    objective: str
    task: str
    activity: str
    product: str
    lead: str
    coordinating: str
    time: str


@lru_cache(maxsize=1)
def pool() -> tuple[Line, ...]:
    """All annotated table rows, in true Vietnamese."""
    found: list[Line] = []
    for name in ("000_I-III", "001", "002_I-II", "003", "p2", "p4"):
        data = json.loads((GOLD / f"{name}.json").read_text("utf-8"))
        order = {section: index for index, section in enumerate(dict.fromkeys(row["section"] for row in data["rows"]))}
        for row in data["rows"]:
            cells = [_cell(row, key) for key in ("objective", "task", "activity", "product", "lead", "coord", "time")]
            if cells[1] or cells[2]:
                found.append(Line(order[row["section"]] % len(SECTIONS), *cells))
    return tuple(found)


def _cell(row: dict[str, Any], name: str) -> str:
    return re.sub(r"\s+", " ", str(row.get(f"{name}_vi") or row.get(name) or "")).strip()


def reworded(text: str, draw: random.Random, place: str) -> str:
    """The text with words exchanged, a percentage changed, and the place named now and then."""
    made = text
    for old, new in WORDS:
        if old in made and draw.random() < 0.35:
            made = made.replace(old, new, 1)
    if draw.random() < 0.25:
        made = re.sub(
            r"\b([5-9]\d)%", lambda found: f"{max(10, int(found[1]) - draw.choice((0, 5, 10)))}%", made, count=1
        )
    if made and draw.random() < 0.4:
        made = f"{made.rstrip(' .;')} tại {place}."
    return made


def spliced(draw: random.Random, place: str) -> Line:
    """A row of an agency's own: the head of one annotated row with the tail of another."""
    one, other = draw.choice(pool()), draw.choice(pool())
    head, tail = (one.activity or one.task).split(), (other.activity or other.task).split()
    words = " ".join([*head[: max(4, len(head) // 2)], *tail[len(tail) // 2 :]])
    return Line(
        one.section, reworded(one.objective, draw, place), reworded(one.task, draw, place), words, other.product,
        draw.choice(OWNERS), "Các phòng, đơn vị có liên quan", draw.choice(TIMES),
    )  # fmt: skip


def taken_up(line: Line, draw: random.Random, place: str) -> Line:
    """A row of the provincial plan as an agency writes it."""
    return Line(
        line.section, reworded(line.objective, draw, place), reworded(line.task, draw, place),
        reworded(line.activity, draw, place), line.product, draw.choice(OWNERS), "Các phòng, đơn vị có liên quan",
        draw.choice(TIMES),
    )  # fmt: skip


def table(lines: Sequence[Line]) -> str:
    """The rows by section, one line a row, cells apart by tabs; enumerators as officers write them."""
    made = [HEADER]
    number = 0
    for index, (roman, title) in enumerate(SECTIONS):
        inside = [line for line in lines if line.section == index]
        if not inside:
            continue
        made.append(f"{roman}\t{title}" + "\t" * 7)
        for line in sorted(inside, key=lambda one: (one.objective, one.task)):
            number += 1
            cells = (
                str(number), f"{number}.1. {line.objective}" if line.objective else "",
                f"{number}.2. {line.task}" if line.task else "",
                f"{number}.3. {line.activity}" if line.activity else "",
                line.product, line.lead, line.coordinating, line.time, "Ngân sách",
            )  # fmt: skip
            made.append("\t".join(cells))
    return "\n".join(made) + "\n"


def province_text(province: str, number: int, lines: Sequence[Line]) -> str:
    """The provincial plan as text."""
    return f"""ỦY BAN NHÂN DÂN
TỈNH {province.upper()}
Số: {number}/KH-UBND
{province}, ngày 24 tháng 12 năm 2025
KẾ HOẠCH
Cải cách hành chính nhà nước tỉnh {province} năm 2026

Căn cứ Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ ban hành Chương trình tổng thể cải cách hành chính nhà nước giai đoạn 2021 - 2030, Ủy ban nhân dân tỉnh {province} ban hành Kế hoạch như sau:

{table(lines)}"""  # noqa: E501  # a paragraph is one line


def agency_text(name: str, province: str, number: int, lines: Sequence[Line], *, own: int, law: str) -> str:
    """An agency's plan as text."""
    upper = name.upper()
    head = (
        f"ỦY BAN NHÂN DÂN TỈNH {province.upper()}\n{upper}"
        if not name.startswith("Xã")
        else f"ỦY BAN NHÂN DÂN\n{upper}"
    )
    sign, issuer = ("KH-UBND", f"UBND {name.lower()[:2]}{name[2:]}") if name.startswith("Xã") else ("KH-CQ", name)
    return f"""{head}
Số: {own}/{sign}
{province}, ngày 15 tháng 01 năm 2026
KẾ HOẠCH
Cải cách hành chính năm 2026 của {issuer}, tỉnh {province}

Căn cứ Nghị định số {law} của Chính phủ; thực hiện Kế hoạch số {number}/KH-UBND ngày 24/12/2025 của Ủy ban nhân dân tỉnh {province}, {issuer} ban hành Kế hoạch như sau:

{table(lines)}"""  # noqa: E501


def province_plans(seed: int, agencies: int = 120, rows: int = 7_000) -> Iterator[tuple[str, str]]:
    """File names and texts of one province: the provincial plan first. `rows` is the sum over all plans."""
    draw = random.Random(seed)  # noqa: S311  # timing data
    province = PROVINCES[seed % len(PROVINCES)]
    series = f"{slug(province)}-{seed // len(PROVINCES)}"
    number = 300 + seed
    above = draw.sample(pool(), 70)
    yield f"{series}-ubnd-tinh.txt", province_text(province, number, above)
    each = max(4, (rows - len(above)) // agencies)
    for index in range(agencies):
        name = DEPARTMENTS[index] if index < len(DEPARTMENTS) else f"Xã {_commune(index)}"
        size = max(4, round(each * draw.uniform(0.5, 1.5)))
        lines = [taken_up(line, draw, name) for line in draw.sample(above, min(size // 2, len(above)))]
        lines += [spliced(draw, name) for _ in range(size - len(lines))]
        draw.shuffle(lines)
        yield (
            f"{series}-{index:03d}-{slug(name)}.txt",
            agency_text(name, province, number, lines, own=index + 1, law=draw.choice(LAWS[1:])),
        )


def _commune(index: int) -> str:
    syllables = ("An", "Bình", "Long", "Phú", "Tân", "Thạnh", "Hòa", "Mỹ", "Lộc", "Hưng", "Thuận", "Đức", "Lâm", "Sơn")
    return f"{syllables[index // len(syllables) % len(syllables)]} {syllables[index % len(syllables)]}"


def write_country(folder: Path, provinces: int, agencies: int = 120, rows: int = 7_000) -> list[Path]:
    """Writes the plans of so many provinces into a folder each; gives the files."""
    made = []
    for seed in range(provinces):
        home = folder / f"{seed:02d}"
        home.mkdir(parents=True, exist_ok=True)
        for name, text in province_plans(seed, agencies, rows):
            path = home / name
            path.write_text(text, encoding="utf-8")
            made.append(path)
    return made
