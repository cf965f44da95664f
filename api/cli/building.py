"""`cchc build`, `status`, `remove`: what is held."""

from __future__ import annotations

import time
from pathlib import Path

import click

from api.cli.output import print_json, print_table, refusing, with_data, with_json
from api.cli.progress import shown_progress
from api.pipeline import BuildReport
from api.settings import Settings, settings

COUNTS = (
    ("plans", "kế hoạch (plans)"),
    ("rows", "hàng nhiệm vụ (rows)"),
    ("targets", "chỉ tiêu (targets)"),
    ("agencies", "cơ quan (agencies)"),
    ("laws", "văn bản pháp lý (legal documents)"),
    ("links", "liên kết (links)"),
    ("gaps", "khoảng trống (gaps)"),
    ("problems", "chỗ chưa đọc được hoặc phải đoán (problems)"),
)


def chosen_settings(data: Path | None) -> Settings:
    """The settings with the folder that the command names."""
    known = settings()
    return known.model_copy(update={"data": data}) if data is not None else known


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@with_data
@with_json
@refusing
def build(paths: tuple[Path, ...], data: Path | None, as_json: bool) -> None:
    """Đọc tệp hoặc thư mục vào đồ thị và chỉ mục; không nêu gì thì đọc các kế hoạch mẫu kèm theo.

    Reads files or folders into the graph and the index; by default the shipped samples. Unchanged files are skipped.
    """
    from api.pipeline import build as run

    begun = time.perf_counter()
    with shown_progress() as progress:
        report = run(paths, chosen_settings(data), progress=progress)
    _say(report, time.perf_counter() - begun, as_json)


@click.command()
@click.argument("document")
@with_data
@with_json
@refusing
def remove(document: str, data: Path | None, as_json: bool) -> None:
    """Bỏ một văn bản khỏi đồ thị và chỉ mục (removes one document from graph and index)."""
    from api.pipeline import remove as run

    begun = time.perf_counter()
    with shown_progress() as progress:
        report = run(document, chosen_settings(data), progress=progress)
    _say(report, time.perf_counter() - begun, as_json)


@click.command()
@with_data
@with_json
@refusing
def status(data: Path | None, as_json: bool) -> None:
    """Các kế hoạch đang có và số liệu chung (the plans that are held, and totals)."""
    from api.answers.plans import status as answer
    from api.library import open_library

    found = answer(open_library(settings(), data))
    if as_json:
        print_json(found)
        return
    print_table(
        ("id", "kế hoạch (plan)", "cơ quan (issuer)", "hàng (rows)", "chỉ tiêu (targets)", "vấn đề (problems)"),
        [
            (
                plan["id"],
                plan["title"] or plan["source"],
                plan["issuer"],
                plan["rows"],
                plan["targets"],
                plan["problems"],
            )
            for plan in found["plans"]
        ],
        wide=1,
    )
    click.echo()
    _counts(found["counts"])


def _say(report: BuildReport, seconds: float, as_json: bool) -> None:
    for refusal in report.refused:
        click.echo(f"cchc: bỏ qua (skipped) {refusal.path}: {refusal.error}", err=True)
    if as_json:
        print_json(
            {
                "changed": report.changed,
                "read": list(report.read),
                "removed": list(report.removed),
                "refused": [{"path": str(one.path), "reason": str(one.error)} for one in report.refused],
                "counts": report.counts,
                "seconds": round(seconds, 2),
            }
        )
        return
    if report.changed:
        click.echo(
            f"Đã dựng xong sau {seconds:.1f} giây (built): đọc {len(report.read)}, bỏ {len(report.removed)} văn bản "
            f"({len(report.read)} read, {len(report.removed)} removed)"
        )
    else:
        click.echo("Không có gì thay đổi (nothing changed)")
    _counts(report.counts)


def _counts(counts: dict[str, int]) -> None:
    for key, words in COUNTS:
        click.echo(f"  {counts.get(key, 0):>8,}  {words}".replace(",", "."))
