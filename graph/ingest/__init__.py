"""Reading files: `read` looks at a file's content, not at its name, and gives its paragraphs and table rows.

Each reader module is imported only when a file needs it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from graph.errors import InputEmpty, InputMissing, InputTooLarge, InputUnsupported
from graph.ingest.base import Blocks, Limits, Progress
from graph.model import Reading

__all__ = ["Limits", "read"]


def read(path: Path, limits: Limits = Limits(), progress: Progress | None = None) -> Reading:  # noqa: B008
    """The paragraphs and plan rows of a DOCX, XLSX, XLS, PDF (digital or scanned), image, HTML or text file.

    Refuses, with one sentence in Vietnamese and English, what is missing, empty, over a bound of `limits`, protected by
    a password, damaged, of a type that no reader takes, or no administrative-reform plan: always a subclass of
    `graph.errors.UnreadableInput`. `progress` is told the pages done and in all while a scan is recognised.
    """
    from graph.ingest.plausible import check_plan
    from graph.ingest.sniff import sniff

    size = _size(path)
    if size > limits.file_bytes:
        raise InputTooLarge(
            f"Tệp {size / 1e6:.0f} MB, quá giới hạn {limits.file_bytes / 1e6:.0f} MB.",
            f"The file has {size / 1e6:.0f} MB, over the bound of {limits.file_bytes / 1e6:.0f} MB.",
        )
    if size == 0:
        raise InputEmpty(f"Tệp rỗng: {path.name}.", f"The file is empty: {path.name}.")
    kind = sniff(path)
    if kind == "text":
        reading = _read_text(path)
    else:
        from graph.ingest.assemble import assemble
        from graph.ingest.legacy import in_unicode

        blocks = _blocks(path, kind, limits, progress)
        reading = assemble(replace(blocks, blocks=in_unicode(blocks.blocks)))
    check_plan(reading, path.name)
    return reading


def _size(path: Path) -> int:
    try:
        if path.is_dir():
            raise InputUnsupported(f"{path.name} là thư mục, không phải tệp.", f"{path.name} is a folder, not a file.")
        return path.stat().st_size
    except OSError as error:
        raise InputMissing(f"Không có tệp {path}.", f"There is no file {path}.") from error


def _blocks(path: Path, kind: str, limits: Limits, progress: Progress | None) -> Blocks:
    if kind == "docx":
        from graph.ingest.docx import read_docx

        return read_docx(path, limits)
    if kind == "xlsx":
        from graph.ingest.xlsx import read_xlsx

        return read_xlsx(path, limits)
    if kind == "xls":
        from graph.ingest.xlsx import read_xls

        return read_xls(path, limits)
    if kind == "pdf":
        from graph.ingest.pdf import read_pdf

        return read_pdf(path, limits, progress)
    if kind == "html":
        from graph.ingest.html import read_html

        return read_html(path, limits)
    from graph.ingest.ocr import read_image

    return read_image(path, limits, progress)


def _read_text(path: Path) -> Reading:
    from graph.ingest.encodings import decode
    from graph.ingest.plaintext import read_text

    return read_text(decode(path.read_bytes()))
