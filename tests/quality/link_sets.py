"""Pairs of plans with the links that people (or the maker of an invented plan) know to hold between them.

Three sources: the annotated links of plan 002 to plan 000 (true Vietnamese, and the recogniser's text); an invented
provincial plan to the invented plans p2 and p4; and lower plans made from real ones by rule (`localised`): units
renamed, words exchanged, sentences shortened, values changed, rows dropped, letters misread.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rapidfuzz import fuzz
from scipy.optimize import linear_sum_assignment

from graph.entities.metrics import metric_of
from graph.entities.timeframes import parse_timeframe
from graph.model import Head, Level, Origin, Period, Plan, RawRow, Relation, Row, Source, Target
from graph.text import fold, strip_diacritics
from graph.trace.items import rows_under
from tests.quality.gold_plans import GOLD, gold_plan

SETS = Path(__file__).parent / "links"


@dataclass(frozen=True)
class Case:
    """Two plans and what is known of the links between them, as (higher id, lower id) → relation. Only pairs whose
    higher end is in `judged` are known; those in `unsure` count neither way; those in `related` share a theme and carry
    out nothing."""

    name: str
    group: str
    higher: Plan
    lower: Plan
    links: Mapping[tuple[str, str], Relation]
    judged: frozenset[str]
    unsure: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    related: frozenset[tuple[str, str]] = field(default_factory=frozenset)


def annotated(ocr: bool) -> Case:
    """Plan 002 to plan 000, as far as both are annotated."""
    higher, lower = gold_plan("002", ocr), gold_plan("000")
    data = json.loads((GOLD / "links_002_000_I-III.json").read_text(encoding="utf-8"))
    known = {thing.id for plan in (higher, lower) for thing in (*plan.targets, *plan.rows)}
    links: dict[tuple[str, str], Relation] = {}
    for entry in data["targets"]:
        for below in (*entry["rows_000"], *entry["targets_000"]):
            links[(entry["id"], below)] = Relation.IMPLEMENTS
    for entry in data["rows"]:
        for below in entry["rows_000"]:
            links[(entry["id"], below)] = Relation.IMPLEMENTS
    return Case(
        name="002-ocr" if ocr else "002",
        group="002",
        higher=higher,
        lower=lower,
        links={pair: relation for pair, relation in links.items() if known.issuperset(pair)},
        judged=frozenset({entry["id"] for entry in data["targets"]} | {row.id for row in higher.rows}) & known,
    )


@lru_cache(maxsize=2)
def as_read(lower_too: bool = False) -> Case:
    """The annotated links of plan 002 to plan 000, the plan 002 read by the system itself from its recognised text
    (with `lower_too` plan 000 from its torn text as well).

    A thing read stands for the annotated one that it is alike enough to; links of annotated things that were not read
    count as missed, links to things read that match nothing annotated are not judged.
    """
    true = annotated(ocr=True)
    higher, up = _read("ubnd-tinh-tay-ninh_cchc-2021-2030.txt", true.higher)
    lower, down = _read("so-tu-phap-tay-ninh_khung-cchc-2021-2030.txt", true.lower) if lower_too else (true.lower, {})
    links = {
        (up.get(above, f"unread {above}"), down.get(below, f"unread {below}") if lower_too else below): relation
        for (above, below), relation in true.links.items()
    }
    return Case(
        name="000-002-read" if lower_too else "002-read",
        group="002",
        higher=higher,
        lower=lower,
        links=links,
        judged=frozenset(up[thing] for thing in true.judged if thing in up),
    )


def _read(file: str, true: Plan) -> tuple[Plan, dict[str, str]]:
    """A sample as the system reads it, and the thing read for each annotated target and row that was found."""
    from graph.extract import extract

    plan = extract(Path(str(files("graph"))) / "samples" / file)
    found: dict[str, str] = {}
    for one, other in (
        (
            [(target.id, f"{target.clause or target.text}", (target.value, _end(target))) for target in true.targets],
            [(target.id, target.text, (target.value, _end(target))) for target in plan.targets],
        ),
        ([(row.id, _words(row), ()) for row in true.rows], [(row.id, _words(row), ()) for row in plan.rows]),
    ):
        alike = np.asarray(
            [
                [fuzz.token_set_ratio(fold(text), fold(words)) if key == own else 0.0 for _, words, own in other]
                for _, text, key in one
            ]
        )
        for i, j in zip(*linear_sum_assignment(-alike), strict=True):
            if alike[i, j] >= SAME_READ:
                found[one[i][0]] = other[j][0]
    return plan, found


SAME_READ = 75
"""How alike, in per cent, a thing read is to the annotated one that it stands for."""


def _words(row: Row) -> str:
    return " ".join(row.raw.best(name) for name in ("objective", "task", "activity"))


def _end(target: Target) -> int | None:
    return target.horizon_end.year if target.horizon_end is not None else None


# --- the invented province ---


def province(lower: str) -> Case:
    """The invented provincial plan to p2 or p4."""
    data = _province()
    higher = province_plan()
    below = gold_plan(lower)
    by_id = {target.id: target for target in below.targets}
    links: dict[tuple[str, str], Relation] = {}
    unsure: set[tuple[str, str]] = set()
    for thing, entry in [
        *zip(higher.targets, data["targets"], strict=True),
        *zip(higher.rows, data["rows"], strict=True),
    ]:
        for name in entry.get(lower, ()):
            relation = Relation.IMPLEMENTS_LOWER if name.startswith("-") else Relation.IMPLEMENTS
            end = f"{lower}-{name.lstrip('-')}"
            links[(thing.id, end)] = relation
            for row in rows_under(below, by_id[end]) if end in by_id else ():
                links.setdefault((thing.id, row), relation)
        unsure.update((thing.id, name) for name in entry.get("may", ()))
        for name in entry.get("may", ()):
            if name in by_id:
                unsure.update((thing.id, row) for row in rows_under(below, by_id[name]))
    judged = frozenset(thing.id for thing in (*higher.targets, *higher.rows))
    return Case(f"pv-{lower}", f"pv-{lower}", higher, below, links, judged, frozenset(unsure - set(links)))


@lru_cache(maxsize=1)
def _province() -> Any:
    return yaml.safe_load((SETS / "province.yaml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def province_plan() -> Plan:
    """The invented provincial plan: its targets in prose, its tasks in a table."""
    data = _province()
    head, year = data["head"], data["head"]["year"]
    period = Period(start=date(year, 1, 1), end=date(year, 12, 31))
    rows = tuple(
        Row(
            id=f"pv-r{index:03d}",
            raw=RawRow(
                source=Source(table=1, row=index),
                section=entry["section"],
                section_title=data["sections"][entry["section"]],
                objective=entry["objective"],
                task=entry["task"],
                product=entry["product"],
                lead=entry["lead"],
                time=entry["time"],
            ),
            lead=tuple(entry["lead"].split("; ")),
            timeframe=parse_timeframe(entry["time"], period),
        )
        for index, entry in enumerate(data["rows"], start=1)
    )
    return Plan(
        id="pv",
        source="pv.yaml",
        sha256="",
        head=Head(
            title=head["title"],
            issuer=head["issuer"],
            issuer_level=Level(head["level"]),
            province=head["province"],
            number=head["number"],
            issued_on=head["date"],
            period=period,
        ),
        rows=rows,
        targets=tuple(_target(entry, index, year) for index, entry in enumerate(data["targets"], start=1)),
        citations=(),
        problems=(),
    )


def _target(entry: Mapping[str, Any], index: int, year: int) -> Target:
    comparator, value, unit = entry["is"].split(" ", 2)
    text = entry["text"]
    return Target(
        id=f"pv-t{index:03d}",
        text=text,
        metric="",
        comparator=comparator,
        value=float(value),
        unit=unit,
        source=Source(line_start=index),
        horizon_end=date(year, 12, 31),
        metric_id=metric_of(text, text, text, unit),
        clause=text,
    )


# --- lower plans made by rule ---

_WORDS = (
    ("Rà soát", "Tiến hành rà soát"),
    ("Tham mưu ban hành", "Ban hành"),
    ("Tổ chức thực hiện", "Triển khai"),
    ("Triển khai thực hiện", "Tổ chức thực hiện"),
    ("Thực hiện", "Triển khai thực hiện"),
    ("Tiếp tục", ""),
    ("Thường xuyên", ""),
    ("thủ tục hành chính", "TTHC"),
    ("TTHC", "thủ tục hành chính"),
    ("cải cách hành chính", "CCHC"),
    ("văn bản quy phạm pháp luật", "văn bản QPPL"),
    ("QPPL", "quy phạm pháp luật"),
    ("cán bộ, công chức, viên chức", "CBCCVC"),
    ("người dân, doanh nghiệp", "tổ chức, cá nhân"),
    ("trên địa bàn tỉnh", "tại đơn vị"),
    ("của tỉnh", "của đơn vị"),
    ("đạt tối thiểu", "đạt từ"),
    ("Phấn đấu", ""),
    ("theo quy định", ""),
    ("Xây dựng", "Hoàn thiện"),
    ("đôn đốc", "nhắc nhở"),
    ("kịp thời", "đúng thời hạn"),
)
_LEADS = ("Văn phòng", "Phòng Tổng hợp", "Phòng Chuyên môn", "Bộ phận Một cửa")
_MISREAD = {"n": "ri", "u": "ii", "o": "0", "i": "l", "m": "rn", "d": "cl", "h": "li", "a": "ci", "e": "c", "t": "l"}


def localised(name: str, seed: int, misread: bool = False) -> Case:
    """A lower body's plan made of the annotated plan `name` as if that were the province's; with `misread` the higher
    plan's letters are misread as a scan's are. The same seed gives the same plan."""
    draw = random.Random(f"{name}-{seed}")  # noqa: S311 - test data
    source = gold_plan(name)
    higher = replace(
        source,
        id="hi",
        head=replace(
            source.head, issuer_level=Level.PROVINCE, issuer="Ủy ban nhân dân tỉnh", province="Thử", implements=()
        ),
    )
    rows: list[Row] = []
    links: dict[tuple[str, str], Relation] = {}
    kept: dict[str, str] = {}
    said: dict[str, str] = {}  # a merged cell is reworded once
    for row in source.rows:
        if row.raw.origin is not Origin.TABLE or draw.random() < 0.4:
            continue
        made = replace(
            row,
            id=f"lo-r{len(rows) + 1:03d}",
            raw=replace(
                row.raw,
                task=_reword(row.raw.task, draw),
                activity=_reword(row.raw.activity, draw),
                objective=said.setdefault(row.raw.objective, _reword(row.raw.objective, draw)),
                lead=(lead := draw.choice(_LEADS)),
                coordinating="",
            ),
            lead=(lead,),
        )
        rows.append(made)
        kept[row.id] = made.id
        links[(row.id, made.id)] = Relation.IMPLEMENTS
    targets = []
    for target in source.targets:
        home = _home(source, target, kept)
        if (target.row and not home) or (not target.row and draw.random() < 0.5):
            continue
        value, relation = target.value, Relation.IMPLEMENTS
        if draw.random() < 0.3 and target.unit == "%" and target.value > 20:
            value, relation = target.value - draw.choice((5, 10)), Relation.IMPLEMENTS_LOWER
        numbers = f"{target.value:g}%", f"{value:g}%"
        made_target = replace(
            target,
            id=f"lo-t{len(targets) + 1:03d}",
            row=home,
            value=value,
            text=_reword(target.text, draw).replace(*numbers),
            clause=_reword(target.clause, draw).replace(*numbers),
            metric=target.metric if draw.random() < 0.3 else "",
        )
        targets.append(made_target)
        links[(target.id, made_target.id)] = relation
    lower = replace(
        source,
        id="lo",
        head=replace(
            source.head, issuer_level=Level.DEPARTMENT, issuer="Sở Thử", province="Thử", implements=(), number=""
        ),
        rows=tuple(rows),
        targets=tuple(targets),
    )
    for (above, below), relation in list(links.items()):
        stated = next((target for target in targets if target.id == below), None)
        if stated is not None and stated.row:
            for under in rows_under(lower, stated):
                links.setdefault((above, under), relation)
    return Case(
        name=f"{name}-local-{seed}{'-misread' if misread else ''}",
        group=f"local-{name}",
        higher=_misread_plan(higher, draw) if misread else higher,
        lower=lower,
        links=links,
        judged=frozenset(thing.id for thing in (*higher.targets, *higher.rows)),
        unsure=_repeats(source, links, kept),
    )


def _home(source: Plan, target: Target, kept: Mapping[str, str]) -> str:
    """The kept row under the cell that states the target: the target lives on while one of its rows does."""
    return next((kept[row] for row in rows_under(source, target) if row in kept), "")


def _repeats(
    source: Plan, links: Mapping[tuple[str, str], Relation], kept: Mapping[str, str]
) -> frozenset[tuple[str, str]]:
    """Pairs that repetition inside the source makes doubtful: targets and rows that say the same as a kept one."""
    unsure: set[tuple[str, str]] = set()
    like: dict[str, list[str]] = {}
    for target in source.targets:
        like.setdefault(target.metric_id or target.metric, []).append(target.id)
    for members in like.values():
        answers = {below for above, below in links if above in members}
        unsure.update((above, below) for above in members for below in answers)
    words: dict[str, list[str]] = {}
    for row in source.rows:
        words.setdefault(f"{row.raw.task} {row.raw.activity}", []).append(row.id)
    for members in words.values():
        unsure.update((above, kept[other]) for above in members for other in members if other in kept)
    return frozenset(unsure - set(links))


def _reword(text: str, draw: random.Random) -> str:
    """The text with some words exchanged and, if it is long, perhaps its tail cut off."""
    made = text
    for old, new in _WORDS:
        if old in made and draw.random() < 0.5:
            made = made.replace(old, new, 1)
    parts = re.split(r"(?<=[,;]) ", made)
    if len(parts) > 3 and draw.random() < 0.4:
        made = " ".join(parts[: max(2, len(parts) * 2 // 3)]).rstrip(",;")
    return re.sub(r"\s+", " ", made).strip()


def _misread_plan(plan: Plan, draw: random.Random) -> Plan:
    def spoil(text: str) -> str:
        out = []
        for letter in strip_diacritics(text):
            if letter.isdigit() or draw.random() > 0.1:
                out.append(letter)
            elif draw.random() < 0.8:
                out.append(_MISREAD.get(letter, letter))
        return "".join(out)

    cells = ("objective", "task", "activity", "product", "section_title")
    return replace(
        plan,
        rows=tuple(
            replace(row, raw=replace(row.raw, **{cell: spoil(getattr(row.raw, cell)) for cell in cells}))
            for row in plan.rows
        ),
        targets=tuple(
            replace(target, text=spoil(target.text), clause=spoil(target.clause), metric="") for target in plan.targets
        ),
    )


def misread(case: Case) -> Case:
    """The case with the letters of its higher plan misread as a scan's are; the same letters every time."""
    draw = random.Random(f"misread-{case.name}")  # noqa: S311 - test data
    return replace(case, name=f"{case.name}-misread", higher=_misread_plan(case.higher, draw))


def all_cases() -> Sequence[Case]:
    """Every case, the measured ones first."""
    from tests.quality.province_sets import province_cases

    made = [annotated(False), annotated(True), province("p2"), province("p4"), *province_cases()]
    made.extend([misread(case) for case in made[2:]])
    for name in ("001", "003", "p2", "p4"):
        made.extend(localised(name, seed, misread=seed == 2) for seed in (1, 2))
    return made


def training_cases() -> Sequence[Case]:
    """Every case, those that are read from files too."""
    from tests.quality.read_sets import READ_SETS, read_set

    return [*all_cases(), *(case for name in READ_SETS for case in read_set(name).cases())]
