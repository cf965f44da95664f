"""How commands print: readable text by default, one JSON value with --json, errors as one sentence on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from graph.errors import CchcError

Command = TypeVar("Command", bound=Callable[..., Any])

BAD_INPUT = 2
PAGE_WIDTH = 150
FAILED = 1


def with_json(command: Command) -> Command:
    """Adds --json."""
    return click.option("--json", "as_json", is_flag=True, help="In một giá trị JSON (print one JSON value).")(command)


def with_data(command: Command) -> Command:
    """Adds --data."""
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        default=None,
        help="Thư mục dữ liệu (data folder; default: CCHC_DATA or ./data).",
    )(command)


def refusing(command: Command) -> Command:
    """Turns every foreseen error, and what the file system refuses, into one sentence on stderr and exit code 2."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except CchcError as error:
            click.echo(f"cchc: {error}", err=True)
            sys.exit(BAD_INPUT)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(FAILED)
        except UnicodeDecodeError:
            click.echo("cchc: Tệp không phải văn bản UTF-8 (the file is not UTF-8 text)", err=True)
            sys.exit(BAD_INPUT)
        except OSError as error:
            where, why = error.filename or "", error.strerror or str(error)
            click.echo(f"cchc: Không đọc hoặc ghi được {where}: {why} (cannot read or write {where}: {why})", err=True)
            sys.exit(BAD_INPUT)

    return guarded  # type: ignore[return-value]


def print_json(value: object) -> None:
    """One JSON value, UTF-8, Vietnamese as written."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(headers: Sequence[str], rows: Iterable[Sequence[object]], *, wide: int = 0) -> None:
    """A plain table fitted to the terminal; column `wide` takes the room that is left."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for index, header in enumerate(headers):
        table.add_column(header, overflow="fold", ratio=1 if index == wide else None)
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    terminal = sys.stdout.isatty()
    console = Console(highlight=False, markup=False, width=None if terminal else PAGE_WIDTH)
    console.print(table)
