"""Which objective does each row stand under? A search over the ways to divide the rows of a page among the merged
objectives printed behind them: in the order of their numbers, by shared words, each used once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.ingest.scattered.cells import Cell
from graph.ingest.scattered.drafts import Draft, Page, pair_numbers
from graph.ingest.scattered.likeness import likeness, rarity
from graph.ingest.scattered.signature import ACTIVITY, NUMBER, OBJECTIVE, PRODUCT, TASK
from graph.text import fold

MOST = 40
"""More merged cells of a kind than this on one page are not weighed."""
BEAM = 150
"""So many states are kept from row to row; the search would be exponential without."""


@dataclass(frozen=True, slots=True)
class Objective:
    """A merged objective of a page: its index among the merged cells, its number (0 unknown), all its printings."""

    cell: Cell
    index: int
    number: int


def objective_choices(
    page: Page, objectives: Sequence[Objective], carried: Draft | None
) -> list[tuple[float, tuple[int, ...]]]:
    """The best ways to give each row the objective it stands under, best first: score and, per row, the position in
    `objectives`, -1 for none of them, -2 for the one carried over from the page before."""
    rows = page.rows
    own = [OBJECTIVE in row.cells or NUMBER in row.cells for row in rows]
    if all(own):
        return [(0.0, tuple(_NONE for _ in rows))]
    weights = rarity([row.fine + " " + row.text(TASK) for row in rows] + [o.cell.text for o in objectives])
    texts = [f"{row.text(TASK)} {row.text(ACTIVITY)} {row.text(PRODUCT)}" for row in rows]
    alike = [[likeness(o.cell.text, text, weights) for text in texts] for o in objectives]
    before = carried.text(OBJECTIVE) if carried is not None else ""
    alike_before = [likeness(before, text, weights) if before else -9.0 for text in texts]
    return _search(rows, _Weighed(own, objectives, alike, alike_before), carried)


def give_objectives(
    rows: Sequence[Draft], objectives: Sequence[Objective], choices: Sequence[int], carried: Draft | None
) -> dict[int, tuple[int, ...]]:
    """Gives rows the objectives chosen for them; index of the merged cell → rows."""
    placed: dict[int, list[int]] = {}
    for row_index, choice in enumerate(choices):
        if choice >= 0:
            objective = objectives[choice]
            rows[row_index].merged[OBJECTIVE] = objective.cell
            rows[row_index].sure[OBJECTIVE] = 0.8
            if objective.number:
                rows[row_index].sure[NUMBER] = float(objective.number)
            placed.setdefault(objective.index, []).append(row_index)
        elif choice == _CARRIED and carried is not None:
            cell = carried.cells.get(OBJECTIVE) or carried.merged.get(OBJECTIVE)
            if cell is not None:
                rows[row_index].merged[OBJECTIVE] = cell
                rows[row_index].sure[OBJECTIVE] = 0.7
    return {index: tuple(covered) for index, covered in placed.items()}


def merged_objectives(page: Page) -> list[Objective]:
    """The merged objectives of a page, each once, with the numbers printed beside them."""
    pairs = pair_numbers(page.loose)
    free = [
        _digits(cell)
        for index, cell in enumerate(page.loose)
        if cell.column == NUMBER and index not in set(pairs.values())
    ]
    made: dict[str, Objective] = {}
    for index, cell in enumerate(page.loose):
        if cell.column != OBJECTIVE:
            continue
        number = _digits(page.loose[pairs[index]]) if index in pairs else 0
        key = fold(cell.text)
        known = made.get(key)
        if known is not None and known.number and number and known.number != number:
            key += f" {number}"  # the same words under two numbers are two objectives
            known = made.get(key)
        if known is None:
            made[key] = Objective(cell, index, number)
        elif not known.number and number:
            made[key] = Objective(known.cell, known.index, number)
    # numbers left over belong to the objectives left over, in order
    objectives = list(made.values())
    for position, objective in enumerate(objectives):
        if not objective.number and free:
            objectives[position] = Objective(objective.cell, objective.index, free.pop(0))
    return objectives


def _digits(cell: Cell) -> int:
    digits = "".join(char for char in cell.text if char.isdigit())
    return int(digits) if digits else 0


_NONE, _CARRIED = -1, -2


_Key = tuple[int, int, int, int]
_Paths = list[tuple[float, tuple[int, ...]]]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What the search weighs: which rows have an objective of their own, the merged ones, and how alike they are to
    each row (`before`: how alike the objective carried over from the page before is)."""

    own: Sequence[bool]
    objectives: Sequence[Objective]
    alike: Sequence[Sequence[float]]
    before: Sequence[float]


def _search(rows: Sequence[Draft], weighed: _Weighed, carried: Draft | None) -> _Paths:
    """Dynamic programming over (row, current objective, set of objectives used); the few best paths of each state are
    kept, so that what merged cells of other columns say can still choose among them."""
    own, objectives, alike, alike_before = weighed.own, weighed.objectives, weighed.alike, weighed.before
    limited = list(range(len(objectives)))[:MOST]
    twins = _twins(rows)
    start_number = _number_of(carried) if carried is not None else 0
    start_section = carried.section if carried is not None else None
    states: dict[_Key, _Paths] = {(_CARRIED, 0, start_number, id(start_section)): [(0.0, ())]}
    for index, row in enumerate(rows):
        fresh: dict[_Key, _Paths] = {}
        for (current, used, number, section), paths in states.items():
            changed = id(row.section) != section
            last = 0 if changed else number
            here = id(row.section)
            if own[index]:
                mine = _number_of(row) or last + 1
                _keep(fresh, (_NONE, used, mine, here), paths, -_order(last, mine), _NONE)
                continue
            # nothing: an objective cell that is empty or lost
            stays = current == _NONE and not changed
            _keep(fresh, (_NONE, used, last, here), paths, -0.6 if stays else -1.2, _NONE)
            if current == _CARRIED and not changed:
                _keep(fresh, (_CARRIED, used, last, here), paths, alike_before[index] - 0.15, _CARRIED)
            for choice in limited:
                begun = used >> choice & 1
                if begun and (choice != current or changed):
                    continue
                if begun and twins[index] is not None:
                    # the same activity twice under one objective is unlikely
                    again = twins[index] or 0
                    parted = [(score - 0.8 * (path[again] == choice), path) for score, path in paths]
                    value = 1.5 * alike[choice][index] + 0.2
                    _keep(fresh, (choice, used, last, here), parted, value, choice)
                    continue
                value = 1.5 * alike[choice][index] + 0.2
                mine = last
                if not begun:
                    mine = objectives[choice].number or last + 1
                    again = current == _CARRIED and not changed and last and objectives[choice].number == last
                    # printed again behind the page break, or the next in order
                    value += 1.0 + (0.8 if again else -_order(last, objectives[choice].number))
                _keep(fresh, (choice, used | 1 << choice, mine, here), paths, value, choice)
        states = dict(sorted(fresh.items(), key=lambda item: -item[1][0][0])[:BEAM])
    everything = sorted((path for paths in states.values() for path in paths), key=lambda path: -path[0])
    return [(score - _uneven(path), path) for score, path in everything[:_CHOICES]]


def _twins(rows: Sequence[Draft]) -> list[int | None]:
    """For each row the nearest row above with the same activity."""
    seen: dict[str, int] = {}
    found: list[int | None] = []
    for index, row in enumerate(rows):
        key = fold(row.text(ACTIVITY))
        found.append(seen.get(key) if key else None)
        seen[key] = index
    return found


_CHOICES = 10
_KEPT = 3


def _uneven(path: Sequence[int]) -> float:
    """A small price for runs of very different lengths: with no other evidence rows divide evenly."""
    lengths: dict[int, int] = {}
    for choice in path:
        if choice >= 0:
            lengths[choice] = lengths.get(choice, 0) + 1
    return 0.02 * sum(length * length for length in lengths.values())


def _keep(states: dict[_Key, _Paths], key: _Key, paths: _Paths, value: float, choice: int) -> None:
    kept = states.setdefault(key, [])
    kept.extend((score + value, (*path, choice)) for score, path in paths)
    kept.sort(key=lambda path: -path[0])
    del kept[_KEPT:]


def _order(last: int, here: int) -> float:
    """What it costs when the objective numbered `here` comes after the one numbered `last` in the same section."""
    if not here:
        return 0.3
    if here == last + 1:
        return 0.0
    return 1.2 if here > last else (0.4 if here == last else 3.0)


def _number_of(row: Draft) -> int:
    cell = row.cells.get(NUMBER) or row.merged.get(NUMBER)
    return _digits(cell) if cell is not None else int(row.sure.get(NUMBER, 0.0))
