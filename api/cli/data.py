"""`cchc export`, `sparql`, `validate`: the graph as open data."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from api.cli.output import print_json, refusing, with_data, with_json
from api.library import open_library
from api.settings import settings

FORMATS = ("ttl", "jsonld", "nq", "graphml", "csv", "xlsx")


@click.command()
@click.option("--format", "form", type=click.Choice(FORMATS), required=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Tệp ra (file); mặc định in ra.")
@with_data
@refusing
def export(form: str, out: Path | None, data: Path | None) -> None:
    """Xuất toàn bộ dữ liệu (exports everything that is held)."""
    from api.answers.data import export as answer

    content = answer(open_library(settings(), data), form)
    if out is not None:
        out.write_bytes(content)
        click.echo(f"Đã ghi {out} (written)", err=True)
    else:
        sys.stdout.buffer.write(content)


@click.command()
@click.argument("query")
@with_data
@with_json
@refusing
def sparql(query: str, data: Path | None, as_json: bool) -> None:
    """Chạy một câu SPARQL chỉ đọc, nêu câu lệnh hoặc tên tệp (runs a read-only query, given as text or a file)."""
    from api.answers.data import sparql as answer

    path = Path(query)
    text = path.read_text(encoding="utf-8") if len(query) < 4096 and "\n" not in query and path.is_file() else query
    wanted = "application/sparql-results+json" if as_json else "text/csv"
    content, _ = answer(open_library(settings(), data), text, wanted)
    sys.stdout.buffer.write(content)
    if not content.endswith(b"\n"):
        sys.stdout.buffer.write(b"\n")


@click.command()
@with_data
@with_json
@refusing
def validate(data: Path | None, as_json: bool) -> None:
    """Kiểm tra đồ thị theo các hình SHACL của bản thể (checks the graph against the ontology's shapes)."""
    from api.answers.data import validate as answer

    found = answer(open_library(settings(), data))
    if as_json:
        print_json(found)
    else:
        for one in found["results"]:
            click.echo(f"{one['severity']}: {one['focus']} – {one['message']}")
        click.echo("Đồ thị đúng với bản thể (conforms)" if found["conforms"] else "Đồ thị có lỗi (does not conform)")
    if not found["conforms"]:
        sys.exit(1)
