"""The settings as a table for the README: `python -m api.settings_table` prints it, `… README.md` puts it in its place.

A test holds the README to it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from api.settings import Settings

BEGIN = "<!-- settings: made by python -m api.settings_table README.md -->"
END = "<!-- /settings -->"


def settings_table() -> str:
    """A Markdown table, one line a setting in the order of `Settings`: variable, default, what it is."""
    prefix = str(Settings.model_config.get("env_prefix", ""))
    lines = ["| variable | default | what |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True)
        shown = f"`{default}`" if str(default) else "(empty)"
        what = (field.description or "").replace("|", "\\|")
        lines.append(f"| `{(prefix + name).upper()}` | {shown} | {what} |")
    return "\n".join(lines) + "\n"


def placed(text: str) -> str:
    """The text with the table between its two marks. Raises UsageError where the marks are missing."""
    if BEGIN not in text or END not in text.partition(BEGIN)[2]:
        raise click.UsageError(f"Thiếu dấu chỗ đặt bảng (the marks are missing): {BEGIN} … {END}")
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n{settings_table()}{END}{rest.partition(END)[2]}"


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(file: Path | None) -> None:
    """Bảng các thiết lập (the table of settings), in ra hoặc đặt vào FILE (printed, or put into FILE)."""
    if file is None:
        sys.stdout.write(settings_table())
    else:
        file.write_text(placed(file.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
