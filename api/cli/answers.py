"""`cchc trace`, `law`, `gaps`, `matrix`, `diff`, `calendar`: the questions."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.output import print_json, print_table, refusing, with_data, with_json
from api.library import open_library
from api.settings import settings
from api.web.words import GAPS, HOW, RELATIONS, SEVERITIES, STATES, STATUSES, day, quantity, worded


@click.command()
@click.argument("target", required=False)
@click.option("--plan", help="Kế hoạch cấp trên (the higher plan's id).")
@with_data
@with_json
@refusing
def trace(target: str | None, plan: str | None, data: Path | None, as_json: bool) -> None:
    """Hàng nào của kế hoạch nào thực hiện từng chỉ tiêu, mục tiêu, nhiệm vụ của kế hoạch cấp trên.

    Which rows of which plans implement each target, objective and task of a higher plan.
    """
    from api.answers.trace import trace as answer

    found = answer(open_library(settings(), data), target, plan)
    if as_json:
        print_json(found)
        return
    for entry in found:
        thing = entry["target"]
        value = quantity(thing["comparator"], thing["value"], thing["unit"])
        click.secho(f"{thing['id']}  {thing['text']}" + (f"  [{value}]" if value else ""), bold=True)
        for link in entry["links"]:
            words = worded(RELATIONS, link["relation"])
            number = f" [{quantity('=', link['value'], thing['unit'])}]" if link["value"] is not None else ""
            lead = f" – {'; '.join(link['lead'])}" if link["lead"] else ""
            click.echo(
                f"    {link['confidence']:.2f} {words}: {link['row'] or link['target']} {link['text']}{number}{lead}"
            )
        if not entry["links"]:
            click.echo("    (chưa kế hoạch nào thực hiện; nobody implements it)")


@click.command()
@click.argument("identifier", metavar="ID", required=False)
@with_data
@with_json
@refusing
def law(identifier: str | None, data: Path | None, as_json: bool) -> None:
    """Một văn bản pháp lý: hiệu lực, thay thế, sửa đổi, kế hoạch và nhiệm vụ dựa trên nó; không nêu số thì liệt kê.

    A legal document: status, what replaced or amended it, plans and tasks that rest on it; without ID all of them.
    """
    from api.answers.laws import law as one
    from api.answers.laws import laws

    library = open_library(settings(), data)
    if identifier is None:
        found = laws(library)
        if as_json:
            print_json(found)
            return
        print_table(
            ("số hiệu (number)", "tên (title)", "hiệu lực (status)", "kế hoạch (plans)", "hàng (rows)"),
            [(x["id"], x["title"], worded(STATUSES, x["status"]), x["plans"], x["rows"]) for x in found],
            wide=1,
        )
        return
    answer = one(library, identifier)
    if as_json:
        print_json(answer)
        return
    known = answer["law"]
    click.secho(f"{known['id']}  {known['title'] or ''}", bold=True)
    span = " ".join(
        part
        for part in (
            f"từ {day(known['effective_from'])}" if known["effective_from"] else "",
            f"đến trước {day(known['effective_to'])}" if known["effective_to"] else "",
        )
        if part
    )
    click.echo(f"  {worded(STATUSES, known['status'])}" + (f" (hiệu lực {span})" if span else ""))
    for key, words in (
        ("replaced_by", "được thay thế bởi (replaced by)"),
        ("replaces", "thay thế (replaces)"),
        ("amended_by", "được sửa đổi bởi (amended by)"),
        ("amends", "sửa đổi (amends)"),
    ):
        if known.get(key):
            click.echo(f"  {words}: {', '.join(known[key])}")
    click.echo(f"  Kế hoạch (plans): {len(answer['plans'])}")
    for plan in answer["plans"]:
        late = "  (viện dẫn sau khi hết hiệu lực; cited after its end)" if plan.get("after_end") else ""
        click.echo(f"    {worded(HOW, plan['how'])}: {plan['id']}{late}")
    click.echo(f"  Nhiệm vụ (tasks): {len(answer['rows'])}")
    for row in answer["rows"]:
        click.echo(f"    {row['id']}  {row['text']}" + (f" – {'; '.join(row['lead'])}" if row["lead"] else ""))


@click.command()
@click.option("--kind", help="Loại khoảng trống (gap kind), ví dụ not-implemented.")
@click.option("--plan", help="Chỉ một kế hoạch (one plan only).")
@with_data
@with_json
@refusing
def gaps(kind: str | None, plan: str | None, data: Path | None, as_json: bool) -> None:
    """Việc gì phải xử lý trước: chỉ tiêu chưa ai nhận, thiếu chủ trì, hạ chỉ tiêu, căn cứ hết hiệu lực, …

    What must be fixed first: targets nobody took up, no owner, lowered values, dead legal bases, …
    """
    from api.answers.gaps import about, by_kind
    from api.answers.gaps import gaps as answer

    found = answer(open_library(settings(), data), kind, plan)
    if as_json:
        print_json(found)
        return
    for name, levels in by_kind(found):
        parts = ", ".join(f"{worded(SEVERITIES, one).lower()} {count}" for one, count in levels.items())
        click.secho(f"{worded(GAPS, name)} ({name}): {sum(levels.values())} – {parts}", bold=True)
        for gap in found:
            if gap["kind"] == name:
                click.echo(f"    [{worded(SEVERITIES, gap['severity'])}] {about(gap)['id']}: {gap['detail']}")
    if not found:
        click.echo("Không có khoảng trống nào (no gaps)")


@click.command()
@click.option("--plan", required=True, help="Kế hoạch cấp trên (the higher plan's id).")
@click.option("--xlsx", type=click.Path(dir_okay=False, path_type=Path), help="Ghi ra tệp XLSX (write a workbook).")
@with_data
@with_json
@refusing
def matrix(plan: str, xlsx: Path | None, data: Path | None, as_json: bool) -> None:
    """Chỉ tiêu của kế hoạch cấp trên × kế hoạch cấp dưới (targets of a plan × the plans below it)."""
    from api.answers.trace import matrix as answer
    from api.answers.trace import matrix_xlsx

    library = open_library(settings(), data)
    if xlsx is not None:
        xlsx.write_bytes(matrix_xlsx(library, plan))
        click.echo(f"Đã ghi {xlsx} (written)", err=True)
        return
    found = answer(library, plan)
    if as_json:
        print_json(found)
        return
    rows = [
        (
            line["text"],
            line["value"],
            *(f"{worded(STATES, cell['state'])} {cell['value']}".strip() for cell in line["cells"]),
        )
        for line in found["lines"]
    ]
    print_table(("chỉ tiêu (target)", "mức (value)", *(one["title"] for one in found["columns"])), rows)


@click.command()
@click.argument("old")
@click.argument("new")
@with_data
@with_json
@refusing
def diff(old: str, new: str, data: Path | None, as_json: bool) -> None:
    """So kế hoạch cũ với kế hoạch mới của một cơ quan: giữ, sửa lời, nâng, hạ, bỏ, mới.

    Compares two plans of one body: kept, reworded, raised, lowered, dropped, new.
    """
    from api.answers.compare import diff as answer

    found = answer(open_library(settings(), data), old, new)
    if as_json:
        print_json(found)
        return
    print_table(
        ("thay đổi (change)", "cũ (old)", "mới (new)"),
        [(one["change"], one["old_text"] or "–", one["new_text"] or "–") for one in found["changes"]],
        wide=1,
    )


@click.command()
@click.argument("agency")
@with_data
@refusing
def calendar(agency: str, data: Path | None) -> None:
    """Thời hạn của một cơ quan dưới dạng iCalendar, in ra màn hình (an agency's deadlines as iCalendar, printed)."""
    from api.answers.agencies import calendar as answer

    click.echo(answer(open_library(settings(), data), agency), nl=False)
