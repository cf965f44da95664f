"""Which rows does a merged cell cover? An assignment of the cells printed behind a page's rows to runs of its rows.

A merged cell covers a run of neighbouring rows that have no cell of their own in its column. Objectives come in the
order of their numbers; what is inside one objective does not reach into another; a cell and its rows share words;
cells that stand side by side in print cover the same rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from graph.ingest.scattered.atoms import Gap
from graph.ingest.scattered.cells import Cell
from graph.ingest.scattered.drafts import Draft, Page, pair_numbers
from graph.ingest.scattered.likeness import likeness, rarity
from graph.ingest.scattered.objectives import BEAM, MOST, give_objectives, merged_objectives, objective_choices
from graph.ingest.scattered.signature import (
    ACTIVITY,
    COORD,
    HORIZON,
    LEAD,
    NUMBER,
    OBJECTIVE,
    PRODUCT,
    SECTION,
    TASK,
    TIME,
)
from graph.text import fold

_NONE = -1


def place_cells(page: Page, column: int, spans: dict[int, tuple[int, ...]], habits: Mapping[str, float]) -> float:
    """Gives the merged cells of a column their runs of rows; `spans` (index of a merged cell → rows) is read for
    neighbours that share a run, and extended. `habits` says how often a unit is a lead (0..1). Gives back the score."""
    cells = [(index, cell) for index, cell in enumerate(page.loose) if cell.column == column and index not in spans]
    rows = page.rows
    lacking = [column not in row.cells and column not in row.merged for row in rows]
    if not cells or not any(lacking):
        return -1.5 * len(cells)
    weights = rarity([row.fine for row in rows] + [cell.text for _, cell in cells])
    worth = _worth(page, cells, spans, weights, habits)
    best: dict[tuple[int, int], tuple[float, tuple[int, ...]]] = {(_NONE, 0): (0.0, ())}
    for index in range(len(rows)):
        fresh: dict[tuple[int, int], tuple[float, tuple[int, ...]]] = {}
        for (current, used), (score, path) in best.items():
            same = index > 0 and _same_objective(rows[index - 1], rows[index]) and lacking[index - 1]
            partly = 0.6 if same and lacking[index] else 0.0
            _better(fresh, (_NONE, used), score - (partly if current >= 0 else 0.0), (*path, _NONE))
            if not lacking[index]:
                continue
            for choice in range(min(len(cells), MOST)):
                begun = used >> choice & 1
                if begun and (choice != current or not lacking[index - 1]):
                    continue
                value = score + worth(choice, index)
                if begun:
                    value += 0.4 if same else -1.5
                else:
                    value += 1.0 - (0.35 if same and current >= 0 else partly)
                _better(fresh, (choice, used | 1 << choice), value, (*path, choice))
        best = dict(sorted(fresh.items(), key=lambda item: -item[1][0])[:BEAM])
    score, chosen = max(best.values(), key=lambda pair: pair[0])
    covered: dict[int, list[int]] = {}
    for row_index, choice in enumerate(chosen):
        if choice >= 0:
            index, cell = cells[choice]
            rows[row_index].merged[column] = cell
            rows[row_index].sure[column] = 0.75
            covered.setdefault(index, []).append(row_index)
    spans.update({index: tuple(lines) for index, lines in covered.items()})
    return score - 1.5 * (len(cells) - len(covered))


def _better(
    states: dict[tuple[int, int], tuple[float, tuple[int, ...]]],
    key: tuple[int, int],
    score: float,
    path: tuple[int, ...],
) -> None:
    if key not in states or states[key][0] < score:
        states[key] = (score, path)


def _same_objective(first: Draft, second: Draft) -> bool:
    if first.section is not second.section:
        return False
    if OBJECTIVE in second.cells or NUMBER in second.cells:
        return False
    one, two = first.merged.get(OBJECTIVE), second.merged.get(OBJECTIVE)
    return one is two if one is not None or two is not None else OBJECTIVE not in first.cells


def _worth(
    page: Page,
    cells: Sequence[tuple[int, Cell]],
    spans: Mapping[int, tuple[int, ...]],
    weights: Mapping[str, float],
    habits: Mapping[str, float],
) -> Callable[[int, int], float]:
    """How well a merged cell fits a row: coverage, shared words, neighbours in print that cover the row."""
    column = cells[0][1].column
    partners: list[list[tuple[float, frozenset[int]]]] = []
    for index, _ in cells:
        partners.append(
            [(weight, frozenset(spans[other])) for other, weight in neighbours(page.loose, index) if other in spans]
        )
    texts = [f"{row.text(TASK)} {row.text(ACTIVITY)} {row.text(PRODUCT)}" for row in page.rows]
    alike = [[likeness(cell.text, text, weights) for text in texts] for _, cell in cells]
    leads = [habits.get(fold(cell.text), 0.5) for _, cell in cells]

    def worth(choice: int, row: int) -> float:
        value = 0.2
        if column in (TASK, PRODUCT, ACTIVITY):
            value += 1.2 * alike[choice][row]
            value += 0.4 * _opens_with(page.rows[row].text(ACTIVITY), cells[choice][1].text)
        for weight, span in partners[choice]:
            # standing side by side binds both ways; a task printed behind its objective stays in it; being printed
            # one after the other says little else
            if row in span:
                value += weight if weight > 0.5 else 0.1 * (weight < 0.3)
            elif weight >= 0.4:
                value -= 1.3 * weight
        if column == TIME:
            value += _like_times(page.rows, row, cells[choice][1].text)
        if column == LEAD:
            value += 0.4 * (leads[choice] - 0.5)
        if column == COORD:
            value -= 0.4 * (leads[choice] - 0.5)
        return value

    return worth


def _opens_with(activity: str, task: str) -> bool:
    """Whether a task that lists kinds of work ("Kiểm tra, thẩm định, thẩm tra") names the kind this activity is."""
    opening = f"{fold(activity)} "
    return any(opening.startswith(f"{kind} ") for kind in (fold(item) for item in task.split(",")) if kind)


def _like_times(rows: Sequence[Draft], row: int, text: str) -> float:
    """Neighbouring rows have times of a kind: years beside years, yearly work beside yearly work."""
    value = 0.0
    for step in (-1, 1):
        at = row + step
        while 0 <= at < len(rows) and TIME not in rows[at].cells:
            at += step
        if 0 <= at < len(rows) and _has_year(rows[at].text(TIME)) == _has_year(text):
            value += 0.25 if rows[at].merged.get(OBJECTIVE) is rows[row].merged.get(OBJECTIVE) else 0.08
    return value


def _has_year(text: str) -> bool:
    return re.search(r"\b(?:19|20)\d\d\b", text) is not None


def neighbours(loose: Sequence[Cell], index: int) -> list[tuple[int, float]]:
    """The merged cells printed next to one, with the weight of the guess that they cover the same rows: high when
    they stood side by side (same line or half a line apart), low when only printed one after the other."""
    found: list[tuple[int, float]] = []
    for step in (-1, 1):
        tie = 1.0
        at = index
        while 0 <= at + step < len(loose) and abs(at + step - index) <= 4:
            gap = loose[max(at, at + step)].gap
            at += step
            if gap not in (Gap.INLINE, Gap.SINGLE):
                tie *= 0.12
            if loose[at].column in (SECTION, HORIZON):
                break
            if tie < 0.05:
                break
            found.append((at, 0.9 * tie))
            if loose[at].column == OBJECTIVE and step == -1 and at == index - 1 and loose[index].column == TASK:
                found[-1] = (at, 0.4)  # a task is printed right behind its objective
            if loose[at].column == NUMBER:
                # the number's own objective lends its rows to the number's neighbour
                found.extend(
                    (objective, 0.9 * tie)
                    for objective, number in pair_numbers(loose).items()
                    if number == at and objective != index
                )
    return found


def place_all(page: Page, carried: Draft | None, habits: Mapping[str, float]) -> tuple[float, Page, list[Cell]]:
    """Places all merged cells of a page: the score, the page with them placed, and those that no row would take. The
    page given is left as it is.

    Of the best ways to divide the rows among the objectives the one is taken under which the merged cells of the other
    columns fit best too."""
    objectives = merged_objectives(page)
    best: tuple[float, Page, dict[int, tuple[int, ...]]] | None = None
    for score, choices in objective_choices(page, objectives, carried):
        trial = Page(page.number, [row.copy() for row in page.rows], list(page.loose), page.headings)
        spans = give_objectives(trial.rows, objectives, choices, carried)
        total = score + sum(place_cells(trial, column, spans, habits) for column in (TASK, ACTIVITY, PRODUCT))
        total += _place_units(trial, spans, habits) + place_cells(trial, TIME, spans, habits)
        if best is None or total > best[0]:
            best = (total, trial, spans)
    if best is None:
        return 0.0, page, list(page.loose)
    score, trial, spans = best
    printed = {fold(trial.loose[index].text) for index in spans}
    left = [
        cell
        for index, cell in enumerate(trial.loose)
        if index not in spans and cell.column not in (SECTION, HORIZON, NUMBER) and fold(cell.text) not in printed
    ]
    return score, trial, left


def _place_units(page: Page, spans: dict[int, tuple[int, ...]], habits: Mapping[str, float]) -> float:
    """Agencies: of two side by side the first leads. A row with one unit printed and one merged has two units; which
    of them leads is told by what they are in the complete rows."""
    loose = page.loose
    for index, cell in enumerate(loose):
        if cell.column not in (LEAD, COORD):
            continue
        after = loose[index + 1] if index + 1 < len(loose) else None
        before = loose[index - 1] if index else None
        habit = habits.get(fold(cell.text))
        if after is not None and after.column in (LEAD, COORD) and after.gap in (Gap.INLINE, Gap.SINGLE):
            loose[index] = replace(cell, column=LEAD)
        elif before is not None and before.column in (LEAD, COORD) and cell.gap in (Gap.INLINE, Gap.SINGLE):
            loose[index] = replace(cell, column=COORD)
        elif habit is not None:
            loose[index] = replace(cell, column=LEAD if habit >= 0.5 else COORD)
    for row in page.rows:
        # one unit printed, the other merged: the printed one keeps the role that it has elsewhere
        units = [column for column in (LEAD, COORD) if column in row.cells]
        if len(units) == 1:
            cell = row.cells[units[0]]
            role = LEAD if habits.get(fold(cell.text), 0.5) >= 0.5 else COORD
            rivals = [other for other in loose if other.column == units[0] and fold(other.text) != fold(cell.text)]
            if role != units[0] and rivals:
                row.cells[role] = replace(row.cells.pop(units[0]), column=role)
    return _best_roles(page, spans, habits)


def _best_roles(page: Page, spans: dict[int, tuple[int, ...]], habits: Mapping[str, float]) -> float:
    """Places the agencies twice and keeps what fits better: lone printed units as leads, or as coordinating units
    under a merged lead (but for those that lead elsewhere)."""
    results: list[tuple[float, list[Draft], dict[int, tuple[int, ...]]]] = []
    for lone_leads in (True, False):
        rows = [row.copy() for row in page.rows]
        trial = Page(page.number, rows, page.loose, page.headings)
        for row in rows:
            lone = row.cells.get(LEAD) if COORD not in row.cells else None
            if not lone_leads and lone is not None and habits.get(fold(lone.text), 0.5) <= 0.7:
                row.cells[COORD] = replace(row.cells.pop(LEAD), column=COORD)
        found = dict(spans)
        score = place_cells(trial, LEAD, found, habits) + place_cells(trial, COORD, found, habits)
        without = sum(1 for row in rows if LEAD not in row.cells and LEAD not in row.merged and COORD in row.cells)
        results.append((score - 0.3 * without, rows, found))
    score, rows, found = max(results, key=lambda result: result[0])
    page.rows[:] = rows
    spans.update(found)
    for row in page.rows:
        if LEAD not in row.cells and LEAD not in row.merged and COORD in row.cells:
            row.cells[LEAD] = replace(row.cells.pop(COORD), column=LEAD)
    return score
