"""`cchc decide`: what people say of links and agencies. It takes effect at once and outlives every build."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from pathlib import Path

import click

from api.cli.building import chosen_settings
from api.cli.output import Command, print_json, refusing, with_data


def _said_by(who: str) -> Callable[[Command], Command]:
    """The option that names who decides, the one logged in where it is not given."""
    return click.option(
        "--author",
        callback=lambda _context, _option, given: given or getpass.getuser(),
        help=f"{who}; mặc định tên đăng nhập.",
    )


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
@_said_by("Người quyết định (author)")
@with_data
@refusing
def link(  # noqa: PLR0917  # one parameter an option
    action: str, from_id: str, to_id: str, relation: str | None, reason: str, author: str, data: Path | None
) -> None:
    """Quyết định về một liên kết: FROM_ID (cấp dưới) thực hiện TO_ID (cấp trên)."""
    from api.answers.decisions import decide_link

    made = decide_link(
        chosen_settings(data), action, from_id, to_id, relation=relation or "", reason=reason, author=author
    )
    print_json(made)


@decide.command()
@click.argument("action", type=click.Choice(["confirm", "reject", "undo"]))
@click.argument("from_key")
@click.argument("to_key")
@click.option("--reason", default="", help="Lý do (reason).")
@_said_by("Người quyết định (author)")
@with_data
@refusing
def agency(  # noqa: PLR0917  # one parameter an option
    action: str, from_key: str, to_key: str, reason: str, author: str, data: Path | None
) -> None:
    """Quyết định FROM_KEY và TO_KEY có là một cơ quan (whether two agencies are one)."""
    from api.answers.decisions import decide_other

    made = decide_other(chosen_settings(data), "agency", action, from_key, to_key, reason=reason, author=author)
    print_json(made)


@decide.command()
@click.argument("action", type=click.Choice(["accept", "fix", "undo"]))
@click.argument("gap_id")
@click.argument("document")
@click.option("--reason", default="", help="Lý do (reason); bắt buộc khi chấp nhận.")
@_said_by("Người quyết định (author)")
@with_data
@refusing
def gap(  # noqa: PLR0917  # one parameter an option
    action: str, gap_id: str, document: str, reason: str, author: str, data: Path | None
) -> None:
    """Chấp nhận một khoảng trống của DOCUMENT, hoặc ghi là đã xử lý (accepts or closes a gap)."""
    from api.answers.decisions import decide_other

    made = decide_other(chosen_settings(data), "gap", action, gap_id, document, reason=reason, author=author)
    print_json(made)


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
@_said_by("Người duyệt (reviewer)")
@with_data
@refusing
def import_(file: Path, author: str, data: Path | None) -> None:
    """Nhập TSV đã duyệt (takes in a reviewed TSV)."""
    from api.answers.decisions import take_in

    count = take_in(chosen_settings(data), file.read_text(encoding="utf-8-sig"), file.name, author)
    click.echo(f"Đã nhận {count} quyết định mới ({count} new decisions)")
