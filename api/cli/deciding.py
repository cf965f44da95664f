"""`cchc decide`: what people say of links and agencies. It takes effect at once and outlives every build."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from api.cli.building import chosen_settings
from api.cli.output import print_json, refusing, with_data


@click.group()
def decide() -> None:
    """Xác nhận, bác bỏ, thêm, thu hồi; xuất và nhập TSV để duyệt trong bảng tính.

    Confirm, reject, add or undo; export and import TSV to review in a spreadsheet.
    """


@decide.command()
@click.argument("action", type=click.Choice(["confirm", "reject", "add", "undo"]))
@click.argument("from_id")
@click.argument("to_id")
@click.option(
    "--relation", type=click.Choice(["implements", "implements-lower", "contradicts", "related"]), default=None
)
@click.option("--reason", default="", help="Lý do (reason).")
@click.option("--author", default=None, help="Người quyết định (author); mặc định tên đăng nhập.")
@with_data
@refusing
def link(  # noqa: PLR0917  # one parameter an option
    action: str, from_id: str, to_id: str, relation: str | None, reason: str, author: str | None, data: Path | None
) -> None:
    """Quyết định về một liên kết: FROM_ID (cấp dưới) thực hiện TO_ID (cấp trên)."""
    from api.answers.decisions import decide_link

    made = decide_link(
        chosen_settings(data), action, from_id, to_id, relation=relation or "", reason=reason,
        author=author or getpass.getuser(),
    )  # fmt: skip
    print_json(made)


@decide.command()
@click.argument("action", type=click.Choice(["confirm", "reject", "undo"]))
@click.argument("from_key")
@click.argument("to_key")
@click.option("--reason", default="", help="Lý do (reason).")
@click.option("--author", default=None, help="Người quyết định (author); mặc định tên đăng nhập.")
@with_data
@refusing
def agency(  # noqa: PLR0917  # one parameter an option
    action: str, from_key: str, to_key: str, reason: str, author: str | None, data: Path | None
) -> None:
    """Quyết định FROM_KEY và TO_KEY có là một cơ quan (whether two agencies are one)."""
    from api.answers.decisions import decide_other

    settings = chosen_settings(data)
    who = author or getpass.getuser()
    print_json(decide_other(settings, "agency", action, from_key, to_key, reason=reason, author=who))


@decide.command()
@click.argument("action", type=click.Choice(["accept", "fix", "undo"]))
@click.argument("gap_id")
@click.argument("document")
@click.option("--reason", default="", help="Lý do (reason); bắt buộc khi chấp nhận.")
@click.option("--author", default=None, help="Người quyết định (author); mặc định tên đăng nhập.")
@with_data
@refusing
def gap(  # noqa: PLR0917  # one parameter an option
    action: str, gap_id: str, document: str, reason: str, author: str | None, data: Path | None
) -> None:
    """Chấp nhận một khoảng trống của DOCUMENT, hoặc ghi là đã xử lý (accepts or closes a gap)."""
    from api.answers.decisions import decide_other

    settings = chosen_settings(data)
    who = author or getpass.getuser()
    print_json(decide_other(settings, "gap", action, gap_id, document, reason=reason, author=who))


@decide.command("export")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path))
@with_data
@refusing
def export_(out: Path | None, data: Path | None) -> None:
    """Mọi liên kết và quyết định ra TSV (all links and decisions as TSV)."""
    from api.answers.decisions import review_sheet
    from api.library import open_library

    text = review_sheet(open_library(chosen_settings(data)))
    if out is not None:
        out.write_text(text, encoding="utf-8")
        click.echo(f"Đã ghi {out} (written)", err=True)
    else:
        click.echo(text, nl=False)


@decide.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--author", default=None, help="Người duyệt (reviewer); mặc định tên đăng nhập.")
@with_data
@refusing
def import_(file: Path, author: str | None, data: Path | None) -> None:
    """Nhập TSV đã duyệt (takes in a reviewed TSV)."""
    from api.answers.decisions import take_in

    count = take_in(chosen_settings(data), file.read_text(encoding="utf-8-sig"), file.name, author or getpass.getuser())
    click.echo(f"Đã nhận {count} quyết định mới ({count} new decisions)")
