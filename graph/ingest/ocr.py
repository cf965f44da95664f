"""Scanned PDF and images: recognised with the program Tesseract and its Vietnamese data.

Each page is straightened; each cell that the page's rules make is recognised by itself, so that neighbouring columns
cannot run into each other; the rest of the page is recognised as running text. Pages are worked on in parallel.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from graph.errors import InputTooLarge, ToolMissing, UnreadableInput
from graph.ingest.archive import broken
from graph.ingest.base import Block, Blocks, Limits, Progress
from graph.ingest.layout import Box, Word, bounds_of
from graph.model import Problem, Source
from graph.text import nfc

if TYPE_CHECKING:
    from PIL import Image

    from graph.ingest.scan import Page

_LANGUAGE = "vie"
_PACKAGES = "tesseract-ocr tesseract-ocr-vie"
_DPI = 300
_ONE_BLOCK = "6"  # page segmentation: a single block of text
_ONE_LINE = "7"
_AUTOMATIC = "3"
_STROKES = frozenset("|!")  # beside other words a piece of a rule, alone in a cell the Roman number I
_MARKS = frozenset("-+–&/%:;(),.")
_SPECKS = re.compile(r"^[.,:;|~^ˆ`*_¬°'\[\]{}\\]+(?=\w)|(?<=\w)[|~^ˆ`*_¬°\[\]{}\\']+$")
_LOW = 0.55  # mean confidence below which a page is reported


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedPage:
    """What was recognised on a page, in points: words, tables as the boxes of their cells, the page's height."""

    words: tuple[Word, ...]
    tables: tuple[tuple[Box, ...], ...]
    height: float
    problems: tuple[Problem, ...] = ()


@lru_cache(maxsize=1)
def find_tesseract() -> str:
    """The path of the program. Raises ToolMissing, which names the Debian packages, without it or its Vietnamese."""
    program = shutil.which("tesseract")
    if program is None:
        raise ToolMissing(
            f"Cần chương trình tesseract để đọc bản quét: apt-get install {_PACKAGES}.",
            f"Reading scans needs the program tesseract: apt-get install {_PACKAGES}.",
        )
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False, timeout=30)  # noqa: S603
    if _LANGUAGE not in listed.stdout.split() + listed.stderr.split():
        raise ToolMissing(
            f"Tesseract chưa có tiếng Việt: apt-get install {_PACKAGES}.",
            f"Tesseract lacks its Vietnamese data: apt-get install {_PACKAGES}.",
        )
    return program


def recognise_pdf(
    path: Path, pages: Sequence[int], limits: Limits, progress: Progress | None
) -> dict[int, RecognisedPage]:
    """The given pages (0-based) of a PDF, recognised from their images."""
    import pypdfium2

    find_tesseract()
    try:
        document = pypdfium2.PdfDocument(str(path))
    except pypdfium2.PdfiumError as error:
        raise broken("PDF") from error
    try:

        def images() -> Iterator[tuple[Image.Image, float | None]]:
            for number in pages:
                page = document[number]
                width, height = page.get_size()
                scale = min(_DPI / 72, 5000 / max(width, height, 1))
                yield page.render(scale=scale, grayscale=True).to_pil(), width
                page.close()

        return _recognise(pages, images(), limits, progress)
    finally:
        document.close()


def _recognise(
    pages: Sequence[int],
    images: Iterable[tuple[Image.Image, float | None]],
    limits: Limits,
    progress: Progress | None,
) -> dict[int, RecognisedPage]:
    """Recognises images a few at a time, so that only these are in memory."""
    made: dict[int, RecognisedPage] = {}
    workers = max(1, min(4, os.cpu_count() or 1))
    source = iter(zip(pages, images, strict=True))
    with ThreadPoolExecutor(workers) as pool:
        while chunk := list(islice(source, workers)):
            work = [pool.submit(_page, number, image, width, limits) for number, (image, width) in chunk]
            for (number, _), result in zip(chunk, work, strict=True):
                made[number] = result.result()
                if progress is not None:
                    progress(len(made), len(pages))
    return made


def _page(number: int, image: Image.Image, width: float | None, limits: Limits) -> RecognisedPage:
    """One page: its cells and the text around them."""
    page, words = _read_turned(image, width, None, limits)
    mean = _mean(words)
    for turn in (180, 90, 270, 0) if words and mean < _LOW else ():
        if turn == page.turn:
            continue
        other, found = _read_turned(image, width, turn, limits)
        if found and _mean(found) > mean + 0.1:
            page, words, mean = other, found, _mean(found)
        if mean > 0.75:
            break
    scale = page.scale
    tables = tuple(
        tuple((b[0] / scale, b[1] / scale, b[2] / scale, b[3] / scale) for b in boxes) for boxes in page.tables
    )
    problems = []
    if mean < _LOW:
        problems.append(
            Problem(
                place=Source(page=number + 1),
                code="guessed",
                reason=f"Bản quét mờ, độ tin cậy nhận dạng {mean:.0%} "
                f"(a poor scan, recognised with confidence {mean:.0%}).",
            )
        )
    return RecognisedPage(words=tuple(words), tables=tables, height=page.image.height / scale, problems=tuple(problems))


def _read_turned(image: Image.Image, width: float | None, turn: int | None, limits: Limits) -> tuple[Page, list[Word]]:
    """The page and its words when it is turned so."""
    from graph.ingest.scan import prepare

    page = prepare(image, width, turn)
    with tempfile.TemporaryDirectory(prefix="cchc-scan-") as folder:
        words = _cells(page, Path(folder), limits)
        words += _around(page, Path(folder), limits)
    return page, words


def _mean(words: Sequence[Word]) -> float:
    """The mean confidence of words."""
    return sum(word.confidence for word in words) / len(words) if words else 1.0


def _cells(page: Page, folder: Path, limits: Limits) -> list[Word]:
    """The words of all cells of a page's tables, each cell recognised by itself in one run of the program."""
    from PIL import ImageOps

    from graph.ingest.scan import has_ink, paper, stroke

    inset, border = round(0.9 * page.scale), round(3 * page.scale)
    crops: list[tuple[int, int]] = []
    names: list[str] = []
    strokes: dict[int, Box] = {}
    for boxes in page.tables:
        for box in boxes:
            left, top, right, bottom = (round(v) for v in box)
            cell = page.image.crop((left + inset, top + inset, right - inset, bottom - inset))
            if cell.width < 8 or cell.height < 8 or not has_ink(cell):
                continue
            box_of_stroke = stroke(cell, page.scale)
            if box_of_stroke is not None:
                strokes[len(names)] = tuple(v + border for v in box_of_stroke)  # type: ignore[assignment]
            name = folder / f"cell{len(names):05d}.png"
            ImageOps.expand(cell, border, fill=paper(cell)).save(name, compress_level=1)
            names.append(str(name))
            crops.append((left + inset - border, top + inset - border))
    if not names:
        return []
    listing = folder / "cells.txt"
    listing.write_text("\n".join(names) + "\n", encoding="utf-8")
    dpi = round(72 * page.scale)
    found: dict[int, list[Word]] = {}
    for index, word in _tesseract(listing, folder / "cells", _ONE_BLOCK, dpi, limits):
        found.setdefault(index, []).append(word)
    missing = [index for index in range(len(names)) if not found.get(index)]
    if missing:  # a lone letter or digit is no block of text: ask for a line
        listing.write_text("\n".join(names[index] for index in missing) + "\n", encoding="utf-8")
        for index, word in _tesseract(listing, folder / "lone", _ONE_LINE, dpi, limits):
            found.setdefault(missing[index], []).append(word)
    words = []
    for index in missing:
        lone = strokes.get(index)
        if lone is not None and not found.get(index):
            found[index] = [Word(text="I", x0=lone[0], x1=lone[2], top=lone[1], bottom=lone[3], confidence=0.5)]
    for index, inside in found.items():
        alone = len(inside) == 1
        for word in inside:
            text = "I" if alone and word.text in _STROKES else word.text
            if text not in _STROKES:
                words.append(_moved(replace(word, text=text), *crops[index], page.scale))
    return words


def _around(page: Page, folder: Path, limits: Limits) -> list[Word]:
    """The words outside the tables."""
    from PIL import ImageDraw

    from graph.ingest.scan import has_ink, paper

    rest = page.image.copy()
    draw = ImageDraw.Draw(rest)
    fill = paper(rest)
    for boxes in page.tables:
        x0, y0, x1, y1 = bounds_of(boxes)
        edge = 2 * page.scale
        draw.rectangle((x0 - edge, y0 - edge, x1 + edge, y1 + edge), fill=fill)
    if not has_ink(rest):
        return []
    name = folder / "page.png"
    rest.save(name, compress_level=1)
    found = _tesseract(name, folder / "page", _AUTOMATIC, round(72 * page.scale), limits)
    return [_moved(word, 0, 0, page.scale) for _, word in found if word.text not in _STROKES]


def _moved(word: Word, left: int, top: int, scale: float) -> Word:
    """A word of a crop at its place on the page, in points."""
    return Word(
        text=word.text,
        x0=(word.x0 + left) / scale,
        x1=(word.x1 + left) / scale,
        top=(word.top + top) / scale,
        bottom=(word.bottom + top) / scale,
        confidence=word.confidence,
    )


def _tesseract(image: Path, output: Path, layout: str, dpi: int, limits: Limits) -> Iterator[tuple[int, Word]]:
    """Runs the program on an image or a list of images; the words with the index of their image."""
    command = [find_tesseract(), str(image), str(output), "-l", _LANGUAGE, "--psm", layout, "--dpi", str(dpi), "tsv"]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}  # pages run in parallel; its own threads only slow it down
    try:
        done = subprocess.run(  # noqa: S603
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=limits.seconds_per_scanned_page,
            env=environment,
        )
    except subprocess.TimeoutExpired as error:
        raise InputTooLarge(
            f"Nhận dạng một trang quá {limits.seconds_per_scanned_page:.0f} giây nên dừng lại.",
            f"Recognising one page took more than {limits.seconds_per_scanned_page:.0f} seconds and was stopped.",
        ) from error
    table = output.with_suffix(".tsv")
    if done.returncode != 0 or not table.exists():
        raise broken("ảnh/image")
    yield from read_words(table.read_text(encoding="utf-8", errors="replace"))


def read_words(table: str) -> Iterator[tuple[int, Word]]:
    """The words of Tesseract's TSV with the index of their image. A word takes the height of its line, so that dashes
    and marks stay in it; pieces of rules and specks are left out."""
    top = bottom = 0.0
    for line in table.splitlines()[1:]:
        parts = line.split("\t")
        if len(parts) < 12:
            continue
        if parts[0] == "4":
            top = float(parts[7])
            bottom = top + float(parts[9])
        if parts[0] != "5":
            continue
        text = clean_word(nfc(parts[11].strip()))
        confidence = max(0.0, float(parts[10]) / 100)
        if not text or (
            text not in _STROKES and not any(c.isalnum() for c in text) and (confidence < 0.5 or text not in _MARKS)
        ):
            continue
        left, width = float(parts[6]), float(parts[8])
        yield (
            int(parts[1]) - 1,
            Word(text=text, x0=left, x1=left + width, top=top, bottom=bottom, confidence=round(confidence, 3)),
        )


def clean_word(text: str) -> str:
    """A recognised word without what rules and specks leave at its sides; odd slashes and dashes made plain."""
    text = text.replace("⁄", "/").replace("—", "-").replace("‘", "'").replace("’", "'")
    text = _SPECKS.sub("", text)
    if text[:1] in "“\"'«" and not any(c in text[1:] for c in "”\"'»"):
        text = text[1:]
    return text if text in _STROKES or text.strip("|_[]{}~¬=`°«»\\^*'") else ""


def read_image(path: Path, limits: Limits, progress: Progress | None) -> Blocks:
    """The blocks of an image file (PNG, JPEG, TIFF of several pages, …). Raises InputBroken, InputTooLarge or
    ToolMissing."""
    import warnings

    from PIL import Image, ImageSequence, UnidentifiedImageError

    find_tesseract()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as file:
                frames = getattr(file, "n_frames", 1)
                if frames > limits.pages:
                    raise too_many_pages(frames, limits)
                media_type = Image.MIME.get(file.format or "", "image/*")
                images = [(frame.convert("L"), None) for frame in ImageSequence.Iterator(file)]
    except UnreadableInput:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InputTooLarge("Ảnh quá lớn.", "The image is too large.") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, MemoryError) as error:
        raise broken("ảnh/image") from error
    pages = _recognise(range(len(images)), images, limits, progress)
    return blocks_of_pages([pages[number] for number in sorted(pages)], media_type)


def blocks_of_pages(pages: Sequence[RecognisedPage], media_type: str) -> Blocks:
    """The blocks of recognised pages in order."""
    from graph.ingest.accents import mend_blocks
    from graph.ingest.flow import PageFlow
    from graph.ingest.repair import repair_blocks

    flow = PageFlow()
    problems: list[Problem] = []
    for number, page in enumerate(pages, start=1):
        flow.page(number, page.words, page.tables, page.height)
        problems.extend(page.problems)
    numbers = range(1, len(pages) + 1)
    blocks: list[Block] = mend_blocks(repair_blocks(flow.finish(), numbers), numbers)
    return Blocks(blocks=tuple(blocks), media_type=media_type, problems=tuple(problems))


def too_many_pages(pages: int, limits: Limits) -> InputTooLarge:
    """The refusal of a file with too many pages."""
    return InputTooLarge(
        f"Tệp có {pages} trang, quá giới hạn {limits.pages} trang.",
        f"The file has {pages} pages, over the bound of {limits.pages}.",
    )
