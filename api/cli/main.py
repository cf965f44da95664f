"""The group of commands. Each command module is imported only when its command runs, so `--help` stays quick."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = {
    "extract": ("api.cli.reading", "Đọc một tệp, in ra những gì hiểu được (read one file, print what was understood)."),
    "build": ("api.cli.building", "Đọc tệp hoặc thư mục vào đồ thị và chỉ mục (read files or folders into the graph)."),
    "status": ("api.cli.building", "Các kế hoạch đang có (the plans that are held)."),
    "remove": ("api.cli.building", "Bỏ một văn bản (remove one document)."),
    "trace": ("api.cli.answers", "Ai thực hiện chỉ tiêu của cấp trên (who implements a higher plan's targets)."),
    "law": (
        "api.cli.answers",
        "Văn bản pháp lý: hiệu lực, kế hoạch, nhiệm vụ (a legal document and what rests on it).",
    ),
    "gaps": ("api.cli.answers", "Khoảng trống cần xử lý (what is missing or contradictory)."),
    "search": ("api.cli.searching", "Tìm theo nghĩa (search by meaning)."),
    "similar": (
        "api.cli.searching",
        "Nội dung tương tự một hàng, hay từng hàng của một tệp (what is like a row, or like each row of a file).",
    ),
    "matrix": ("api.cli.answers", "Ma trận chỉ tiêu × kế hoạch (targets × plans)."),
    "diff": ("api.cli.answers", "So hai kế hoạch của một cơ quan (compare two plans of one body)."),
    "calendar": ("api.cli.answers", "Lịch thời hạn của một cơ quan (an agency's deadlines as iCalendar)."),
    "decide": ("api.cli.deciding", "Xác nhận, bác bỏ, thêm liên kết (confirm, reject or add a link)."),
    "export": ("api.cli.data", "Xuất dữ liệu (export: ttl, jsonld, nq, graphml, csv, xlsx)."),
    "sparql": ("api.cli.data", "Chạy một câu SPARQL chỉ đọc (run a read-only SPARQL query)."),
    "validate": ("api.cli.data", "Kiểm tra đồ thị theo SHACL (check the graph against its shapes)."),
    "serve": ("api.cli.serving", "Mở trang web (serve the web page)."),
}


class Lazy(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[cmd_name][0]), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Lệnh (commands)"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="cchc-trace", prog_name="cchc")
def main() -> None:
    """CCHC Trace: đồ thị tri thức và tìm kiếm trên các kế hoạch cải cách hành chính.

    A knowledge graph and semantic search over Vietnamese administrative-reform plans.
    """
