"""What of a plan takes part in links: its targets, objective cells and rows, each with the words it is compared by."""

from __future__ import annotations

from dataclasses import dataclass, field

from graph.entities.metrics import metric_of
from graph.fields import field_of
from graph.model import Plan, Row, Target
from graph.objectives import Objective, objectives_of
from graph.text import squeeze
from graph.trace.quantity import year_of
from graph.trace.wording import CELLS, Wording


@dataclass(frozen=True, slots=True)
class Item:
    """A target, objective or row as links see it.

    `core` are its own words as compared (restored where they were misread), `context` adds the cells around it,
    `finest`, `objective` and `product` are cells of its row; `place` is its position in the plan, 0..1; `group` is the
    number of its objective cell, -1 where it stands under none; `rows` are the rows that stand under it; `metric_id` is
    the concept that its number measures.
    """

    id: str
    kind: str  # target, objective or row
    core: str
    context: str
    field: str
    place: float
    group: int = -1
    year: int | None = None
    rows: tuple[str, ...] = ()
    target: Target | None = None
    row: Row | None = None
    cell: Objective | None = None
    finest: str = ""
    objective: str = ""
    product: str = ""
    metric_id: str = ""

    @property
    def meant(self) -> str:
        """The text that is given to an encoder: its words with the cells around them, which short words need."""
        return self.context

    @property
    def printed(self) -> str:
        """Its own words as the file has them."""
        if self.target is not None:
            return squeeze(self.target.text)
        if self.row is not None:
            return row_core(self.row)
        return self.cell.text if self.cell is not None else self.core


@dataclass(frozen=True, slots=True)
class Outline:
    """A plan's items by kind, with the plan."""

    plan: Plan
    targets: tuple[Item, ...]
    objectives: tuple[Item, ...]
    rows: tuple[Item, ...]
    by_id: dict[str, Item] = field(default_factory=dict, compare=False)

    def texts(self) -> list[str]:
        """All words compared, for weighing their rarity."""
        items = (*self.targets, *self.objectives, *self.rows)
        return [text for item in items for text in (item.core, item.context)]


def rows_under(plan: Plan, target: Target) -> tuple[str, ...]:
    """The rows that stand under the cell which states the target: all rows of its objective, all rows of its task, or
    the one row of its activity; none for a target in prose."""
    if not target.row:
        return ()
    home = next((row for row in plan.rows if row.id == target.row), None)
    if home is None:
        return ()
    if target.cell not in {"objective", "task"}:
        return (home.id,)
    cells = ("objective",) if target.cell == "objective" else ("objective", "task")
    key = tuple(squeeze(getattr(home.raw, cell)) for cell in cells)
    if not key[-1]:
        return (home.id,)
    return tuple(
        row.id
        for row in plan.rows
        if row.raw.origin is home.raw.origin
        and row.raw.section == home.raw.section
        and tuple(squeeze(getattr(row.raw, cell)) for cell in cells) == key
    )


def row_core(row: Row) -> str:
    """The words that say what a row does, as printed: task and activity, else the objective."""
    raw = row.raw
    return _joined(squeeze(raw.task), squeeze(raw.activity), squeeze(raw.objective))


def _joined(task: str, activity: str, objective: str) -> str:
    parts = [part for part in (task, activity) if part]
    if len(parts) == 2 and parts[0] == parts[1]:
        parts.pop()
    return ". ".join(parts) or objective


def outline_of(plan: Plan) -> Outline:
    """The plan's items."""
    words = Wording(plan)
    cells = objectives_of(plan)
    group_of = {row.id: index for index, cell in enumerate(cells) for row in cell.rows}
    order = {row.id: index for index, row in enumerate(plan.rows)}
    last = max(len(plan.rows) - 1, 1)
    rows_by_id = {row.id: row for row in plan.rows}
    fields = {
        row.id: field_of(words.of(row.raw.section_title)) or field_of(words.of(row.raw.subsection_title))
        for row in plan.rows
    }
    prose_fields = _prose_fields(plan)
    rows = tuple(
        _row_item(row, words, fields[row.id], order[row.id] / last, group_of.get(row.id, -1)) for row in plan.rows
    )
    objectives = tuple(
        Item(
            id=cell.id,
            kind="objective",
            core=words.cell(cell.rows[0], "objective"),
            context=words.cell(cell.rows[0], "objective"),
            field=fields[cell.rows[0].id],
            place=order[cell.rows[0].id] / last,
            group=index,
            rows=tuple(row.id for row in cell.rows),
            cell=cell,
        )
        for index, cell in enumerate(cells)
    )
    frame = _Frame(plan, words, rows_by_id, fields, prose_fields, order, group_of)
    targets = tuple(_target_item(frame, target, index) for index, target in enumerate(plan.targets))
    by_id = {item.id: item for items in (targets, objectives, rows) for item in items}
    return Outline(plan, targets, objectives, rows, by_id)


def _row_item(row: Row, words: Wording, area: str, place: float, group: int) -> Item:
    objective, task, activity, product = (words.cell(row, name) for name in CELLS)
    core = _joined(task, activity, objective)
    wider = " ".join(part for part in (core, objective, product) if part)
    return Item(
        id=row.id,
        kind="row",
        core=core,
        context=wider,
        field=area,
        place=place,
        group=group,
        rows=(row.id,),
        row=row,
        finest=activity or task or objective,
        objective=objective,
        product=product,
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is known of a plan's rows when its targets are placed."""

    plan: Plan
    words: Wording
    rows: dict[str, Row]
    fields: dict[str, str]
    prose_fields: dict[str, str]
    order: dict[str, int]
    group_of: dict[str, int]


def _target_item(frame: _Frame, target: Target, index: int) -> Item:
    plan = frame.plan
    last = max(len(plan.rows) - 1, 1)
    home = frame.rows.get(target.row) if target.row else None
    said = frame.words.of
    words, sentence, metric = said(target.clause or target.text), said(target.text), said(target.metric)
    # The metric names what a short clause ("đạt từ 30% trở lên") leaves to the sentence before it.
    core = words if len(words) > len(metric) else f"{words} {metric}"
    context = squeeze(f"{sentence} {metric}")
    if home is not None:
        task, activity, objective = (frame.words.cell(home, name) for name in ("task", "activity", "objective"))
        context = f"{context} {_joined(task, activity, objective)}"
    return Item(
        id=target.id,
        kind="target",
        core=core,
        context=context,
        field=frame.fields[home.id] if home is not None else frame.prose_fields.get(squeeze(target.text), ""),
        place=frame.order[home.id] / last if home is not None else index / max(len(plan.targets) - 1, 1),
        group=frame.group_of.get(home.id, -1) if home is not None else -1,
        year=year_of(target, plan),
        rows=rows_under(plan, target),
        target=target,
        row=home,
        metric_id=target.metric_id or metric_of(metric, words, sentence, target.unit),
    )


def _prose_fields(plan: Plan) -> dict[str, str]:
    """The field of the heading above, for each sentence of the prose that states a target."""
    wanted = [squeeze(target.text) for target in plan.targets if not target.row]
    found: dict[str, str] = {}
    area = ""
    for paragraph in plan.paragraphs:
        text = squeeze(paragraph.text)
        if len(text) < 120 and (paragraph.bold or paragraph.label) and field_of(text):
            area = field_of(text)
        for sentence in wanted:
            if sentence in text:
                found.setdefault(sentence, area)
    return found
