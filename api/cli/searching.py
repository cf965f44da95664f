"""`cchc search` and `cchc similar`."""

from __future__ import annotations

from pathlib import Path

import click

from api.cli.output import print_json, refusing, with_data, with_json
from api.library import open_library
from api.settings import settings
from api.web.words import KINDS, worded


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 200))
@click.option("--plan", default="", help="Chỉ một kế hoạch (one plan only).")
@click.option("--agency", default="", help="Tên hoặc mã cơ quan chủ trì (lead agency's name or key).")
@click.option("--kind", type=click.Choice(["task", "target", "objective", "document"]))
@click.option("--year", type=int)
@click.option("--quarter", type=click.IntRange(1, 4), help="Việc của quý này (due in this quarter).")
@click.option("--field", default="", help="Lĩnh vực cải cách (field of reform), ví dụ procedures.")
@click.option("--group", is_flag=True, help="Gộp các kết quả gần như giống nhau (fold near-identical hits).")
@with_data
@with_json
@refusing
def search(  # noqa: PLR0917  # one parameter an option
    query: tuple[str, ...],
    limit: int,
    plan: str,
    agency: str,
    kind: str | None,
    year: int | None,
    quarter: int | None,
    field: str,
    group: bool,
    data: Path | None,
    as_json: bool,
) -> None:
    """Tìm nhiệm vụ, chỉ tiêu theo nghĩa; gõ có dấu, không dấu, viết tắt hay tiếng Anh đều được.

    Finds tasks and targets by meaning, with or without diacritics, abbreviations, in Vietnamese or English.
    """
    from api.answers.search import search as answer
    from embeddings.search import Filters

    filters = Filters(plan=plan, agency=agency, kind=(kind,) if kind else (), year=year, field=field, quarter=quarter)
    library = open_library(settings(), data)
    found = answer(library, " ".join(query), limit=limit, filters=filters, group=group)
    if as_json:
        print_json(found["hits"])
        return
    if found["did_you_mean"]:
        click.echo(f"Có phải ý bạn là (did you mean): {found['did_you_mean']}")
    for number, hit in enumerate(found["hits"], 1):
        click.secho(f"{number:>2}. {hit['text']}", bold=True)
        lead = f" · {'; '.join(hit['lead'])}" if hit["lead"] else ""
        also = f" · và {len(hit['also'])} nơi khác (and {len(hit['also'])} more)" if hit["also"] else ""
        click.echo(f"    {worded(KINDS, hit['kind'])} {hit['id']}{lead} · {hit['score']:.3f}{also}")
    if not found["hits"]:
        click.echo("Không tìm thấy nội dung nào (nothing found)")


@click.command()
@click.argument("thing")
@click.option("--limit", default=3, show_default=True, type=click.IntRange(1, 50))
@with_data
@with_json
@refusing
def similar(thing: str, limit: int, data: Path | None, as_json: bool) -> None:
    """Nội dung của kế hoạch khác giống THING: mã một hàng, chỉ tiêu, hoặc một tệp (so từng hàng; tệp không vào kho).

    What other plans say like THING: the id of a row or target, or a file (row by row; it does not enter the store).
    """
    from api.answers import search as answers

    chosen = settings()
    library = open_library(chosen, data)
    if Path(thing).is_file():
        from graph.entities.registers import Registers
        from graph.extract import extract
        from graph.ingest.base import Limits
        from graph.serialize import plan_to_json

        limits = Limits(file_bytes=chosen.max_file_mb * 1_000_000)
        plan = extract(Path(thing), registers=Registers.load(extra=chosen.registers), limits=limits)
        parts = answers.like_plan(library, plan_to_json(plan), limit=limit, most=10_000)["parts"]
    else:
        parts = [{"place": thing, "text": "", "hits": answers.similar(library, thing, limit)}]
    if as_json:
        print_json(parts)
        return
    for part in parts:
        click.secho(part["text"] or part["place"], bold=True)
        for hit in part["hits"]:
            click.echo(f"    {hit['score']:.3f} {hit['id']} {hit['text']}")
        if not part["hits"]:
            click.echo("    Không có gì giống (nothing like it)")
