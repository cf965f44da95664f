"""`cchc extract`: one file in, what was understood out; no store is touched."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.output import print_json, print_table, refusing, with_json
from api.settings import settings


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_json
@click.option("--explain", is_flag=True, help="Dòng nguồn bên cạnh từng hàng (source lines beside the rows).")
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Ghi báo cáo HTML, nguồn bên cạnh hàng (write an HTML report, source beside rows).",
)
@refusing
def extract(file: Path, as_json: bool, explain: bool, html: Path | None) -> None:
    """Đọc một tệp và in ra những gì hiểu được; không ghi gì vào kho.

    Reads one file and prints what was understood; no store is touched.
    """
    from graph.entities.registers import Registers
    from graph.extract import extract as read_plan
    from graph.ingest.base import Limits
    from graph.serialize import plan_to_json

    chosen = settings()
    plan = read_plan(
        file,
        registers=Registers.load(extra=chosen.registers),
        limits=Limits(file_bytes=chosen.max_file_mb * 1_000_000),
    )
    if html is not None:
        from graph.explain import explain_html

        html.write_text(explain_html(plan), encoding="utf-8")
        click.echo(f"Đã ghi {html} (written)", err=True)
        return
    if as_json:
        print_json(plan_to_json(plan))
        return
    if explain:
        from graph.explain import explain_text

        click.echo(explain_text(plan))
        return
    made = plan_to_json(plan)
    head = made["document"]
    for label, value in (
        ("Tên (title)", head["title"]),
        ("Cơ quan (issuer)", f"{head['issuer']} [{head['issuer_level']}] {head['province']}"),
        ("Số, ngày (number, date)", f"{head['number'] or '–'}, {head['issued_on'] or '–'}"),
        ("Kỳ (period)", f"{head['period']['start'] or '?'} – {head['period']['end'] or '?'}"),
        ("Thực hiện (implements)", ", ".join(head["implements"]) or "–"),
    ):
        click.echo(f"{label}: {value}")
    click.echo()
    print_table(
        ("id", "nội dung (text)", "chủ trì (lead)", "thời gian (time)"),
        [
            (
                row["id"].rpartition("-")[2],
                row["activity"] or row["task"] or row["objective"],
                "; ".join(row["lead"]),
                row["timeframe"]["text"],
            )
            for row in made["rows"]
        ],
        wide=1,
    )
    click.echo()
    click.echo(
        f"{len(made['rows'])} hàng (rows), {len(made['targets'])} chỉ tiêu (targets), "
        f"{len(made['citations'])} văn bản (citations), {len(made['problems'])} vấn đề (problems)"
    )
    for problem in made["problems"]:
        click.echo(f"  ! {problem['place']}: {problem['reason']}")
