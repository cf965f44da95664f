"""PDF files (pdfplumber): ruled and half-ruled tables, tables by alignment, prose; scanned pages go to `ocr`.

A page is read from its text when it has usable text, else from its image. Text that stands sideways on an upright page
is turned first. Nothing outside the file is fetched; scripts and attachments are never touched.
"""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

from graph.errors import InputTooLarge, UnreadableInput
from graph.ingest.aligned import Aligner, column_rules, row_rules, split_tall_rows
from graph.ingest.archive import broken, encrypted
from graph.ingest.base import Blocks, Deadline, Limits, Progress
from graph.ingest.flow import PageFlow
from graph.ingest.layout import Box, Word
from graph.ingest.ruled import find_tables
from graph.model import Problem
from graph.text import fold, nfc

MEDIA_TYPE = "application/pdf"
_FEW = 25  # characters below which a page counts as having no text
_GARBAGE = re.compile(r"\(cid:\d+\)|[\ufffd\ue000-\uf8ff]")
_MARKED = re.compile(r"[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE)


def read_pdf(path: Path, limits: Limits, progress: Progress | None = None) -> Blocks:
    """The blocks of a PDF; places are pages, tables (counted over the file) and grid rows of the page.

    Raises InputEncrypted, InputBroken, InputTooLarge (pages or time), and ToolMissing when a scanned page needs a
    recogniser that is not installed.
    """
    import pdfplumber

    try:
        document = pdfplumber.open(path)
    except Exception as error:  # pdfminer raises whatever a damaged object makes it stumble over
        raise _refusal(error) from error
    try:
        pages = len(document.pages)
        if pages == 0:
            raise broken("PDF")
        if pages > limits.pages:
            raise InputTooLarge(
                f"Tệp PDF có {pages} trang, quá giới hạn {limits.pages} trang.",
                f"The PDF has {pages} pages, over the bound of {limits.pages}.",
            )
        turned = _turned(document, path)
        if turned is not None:
            document.close()
            document = turned
        return _Reader(document, path, limits, progress).read()
    except UnreadableInput:
        raise
    except Exception as error:  # as above: pages are parsed only when they are asked for
        raise _refusal(error) from error
    finally:
        document.close()


def _refusal(error: Exception) -> UnreadableInput:
    """What an exception of pdfminer means."""
    seen: BaseException | None = error
    while seen is not None:
        names = f"{type(seen).__name__} {' '.join(type(a).__name__ for a in seen.args)}"
        if "Password" in names or "Encryption" in names:
            return encrypted("PDF")
        seen = seen.__cause__ or seen.__context__
    return broken("PDF")


def _turned(document: Any, path: Path) -> Any:
    """The document with pages whose text runs sideways turned upright; None when there are none."""
    turns: dict[int, int] = {}
    for number, page in enumerate(document.pages[:600]):
        if number >= 3 and not turns and number % 4:
            continue  # look at some pages only, unless one was found
        chars = page.chars
        sideways = [char for char in chars if not char["upright"]]
        if len(chars) > _FEW and len(sideways) > 0.7 * len(chars):
            up = sum(1 for char in sideways if char["matrix"][1] > 0)
            turns[number] = 90 if up > len(sideways) / 2 else 270
    if not turns:
        return None
    import pdfplumber
    import pypdfium2

    source = pypdfium2.PdfDocument(str(path))
    try:
        for number, turn in turns.items():
            page = source[number]
            page.set_rotation((page.get_rotation() + turn) % 360)
        buffer = BytesIO()
        source.save(buffer)
    finally:
        source.close()
    buffer.seek(0)
    return pdfplumber.open(buffer)


class _Reader:
    def __init__(self, document: Any, path: Path, limits: Limits, progress: Progress | None) -> None:
        self._document = document
        self._path = path
        self._limits = limits
        self._progress = progress
        self._problems: list[Problem] = []

    def read(self) -> Blocks:
        limits = self._limits
        pages = self._document.pages
        flow = PageFlow()
        aligner = Aligner()
        scans = [number for number, page in enumerate(pages) if self._is_scan(page)]
        recognised = {}
        if scans:
            from graph.ingest.ocr import recognise_pdf

            recognised = recognise_pdf(self._path, scans, limits, self._progress)
        deadline = Deadline(limits.seconds + limits.seconds_per_page * len(pages))
        for number, page in enumerate(pages):
            deadline.check()
            if number in recognised:
                found = recognised[number]
                words, tables, height = list(found.words), [list(table) for table in found.tables], found.height
                self._problems.extend(found.problems)
            else:
                words, height = _words(page), float(page.height)
                tables = _tables(page, words, aligner)
            flow.page(number + 1, words, tables, height)
            page.close()
        blocks = flow.finish()
        if recognised:
            from graph.ingest.accents import mend_blocks
            from graph.ingest.repair import repair_blocks

            read = {number + 1 for number in recognised}
            blocks = mend_blocks(repair_blocks(blocks, read), read)
        return Blocks(blocks=tuple(blocks), media_type=MEDIA_TYPE, problems=tuple(self._problems))

    def _is_scan(self, page: Any) -> bool:
        """Whether a page must be read from its image: no text, unreadable glyphs, or a scan whose hidden text was
        recognised without Vietnamese letters."""
        text = "".join(char["text"] for char in page.chars)
        letters = sum(1 for char in text if char.isalpha())
        images = sum(
            max(0.0, min(i["x1"], page.width) - max(i["x0"], 0))
            * max(0.0, min(i["bottom"], page.height) - max(i["top"], 0))
            for i in page.images
        )
        covered = images > 0.6 * float(page.width) * float(page.height)
        if letters < _FEW:
            return covered or (letters == 0 and bool(page.images))
        if len(_GARBAGE.findall(text)) * 6 > 0.1 * len(text):
            return True
        return covered and len(_MARKED.findall(text)) < 0.06 * letters


def _tables(page: Any, words: list[Word], aligner: Aligner) -> list[list[Box]]:
    """The tables of a digital page by its rules, else by how its words are aligned."""
    rows = row_rules(page.edges, words)
    columns, extent = column_rules(page.edges)
    if len(rows) <= 2 and len(columns) >= 4:
        found = aligner.find(words, rows, columns, extent)
        if found and len({box[1] for box in found[0]}) >= 2:
            return found
    tables = [split_tall_rows(boxes, words) for boxes in find_tables(page)]
    return tables or aligner.find(words, rows)


def _words(page: Any) -> list[Word]:
    """The words of a page. A word may change its font in the middle: letters that a font lacks come from another."""
    made = []
    for word in page.extract_words(
        x_tolerance=2, y_tolerance=3, keep_blank_chars=False, use_text_flow=False, return_chars=True
    ):
        text = nfc(word["text"])
        if not fold(text) and not text.strip():
            continue
        bold = sum(1 for char in word["chars"] if "bold" in char["fontname"].lower())
        made.append(
            Word(
                text=text,
                x0=float(word["x0"]),
                x1=float(word["x1"]),
                top=float(word["top"]),
                bottom=float(word["bottom"]),
                bold=2 * bold > len(word["chars"]),
            )
        )
    return made
