"""Lower plans made from real ones by rule: units renamed, words exchanged, sentences shortened, values changed, rows
dropped, letters misread."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import replace

from graph.model import Level, Origin, Plan, Relation, Row, Target
from graph.text import strip_diacritics
from graph.trace.items import rows_under
from tests.quality.gold_plans import gold_plan
from tests.quality.link_case import Case

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
