"""Tasks stated in the prose part of a plan, as rows (`origin: prose`).

A plan's prose is sections by Roman numbers: purpose and demands, objectives, tasks and solutions, organisation of the
work. Tasks are the paragraphs and bullets of the last two; a paragraph under a heading that names a body ("3. Trách
nhiệm của Văn phòng Sở") or that opens with one ("Văn phòng Sở chủ trì …") is that body's. Statements of purpose and
objectives are none, nor are the closing formula, recipients and signature.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from graph.ingest.assignments import assignment_of
from graph.model import Origin, Paragraph, RawRow
from graph.text import fold, squeeze

_ROMAN = re.compile(r"^(?:PHẦN |Phần |MỤC |Mục )?(?P<number>[IVX]{1,5}|[HI]{1,3})[.)/:]?$")
_NUMBER = re.compile(r"^(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})[.)]?$")
_LETTER = re.compile(r"^(?P<letter>[a-zđA-ZĐ])[.)]$")
_BULLET = re.compile(r"^[-–+•*●▪]$")

_TASKS = re.compile(
    r"\bnhiem vu\b|\bto chuc thuc hien\b|\bgiai phap\b|\bphan cong\b|\btrach nhiem\b|"
    r"\bnoi dung (?:thuc hien|trong tam|cai cach|cong viec|ke hoach|chu yeu|cu the)\b|^noi dung$|^cac noi dung\b"
)
_NOT_TASKS = re.compile(
    r"\bmuc dich\b|\byeu cau\b|\bmuc tieu\b|\bchi tieu\b|\bquan diem\b|\bkinh phi\b|\bcan cu\b|\bthuc trang\b|"
    r"\bket qua\b|\bdanh gia\b|\bnguon luc\b|\bpham vi\b|\bdoi tuong\b"
)
_ORGANISATION = re.compile(r"\bto chuc thuc hien\b|\bphan cong\b|\btrach nhiem\b")
_HEADINGS = (
    "to chuc thuc hien",
    "nhiem vu va giai phap",
    "nhiem vu",
    "muc dich yeu cau",
    "muc tieu",
    "kinh phi thuc hien",
)
"""Headings of sections in full, against which a misread one is held."""
_END = re.compile(
    r"^(?:no[il] nh\w? ?n|nol nhan|nat nlign|kt giam doc|tm uy ban|giam doc|chu tich|phu luc|"
    r"bieu (?:ke hoach|phan cong|nhiem vu|chi tiet)|phy lyc|luu vt)\b"
)
_CLOSING = re.compile(
    r"^(?:tren day la|trong qua trinh (?:trien khai|to chuc|thuc hien)|qua trinh (?:trien khai|to chuc|"
    r"thuc hien)|yeu cau cac (?:phong|don vi|co quan)[^.]{0,80}nghiem tuc|"
    r"\(?co (?:bieu|phu luc)|tai ph\w{1,3} \w{2,4} k|nhiem vu (?:chi tiet|cu the) (?:theo|tai)|"
    r"chi tiet (?:theo|tai)|\(?co phu luc|\(?chi tiet)"
)
_GOALS_LINE = re.compile(
    r"^(?:muc tieu|chi tieu|ket qua can dat|muc tieu chi tieu)(?: cu the| chung| phan dau| chu yeu)?$"
)
_WORK_LINE = re.compile(
    r"^(?:cac )?(?:nhiem vu|giai phap|nhiem vu(?: va)? giai phap)(?: cu the| trong tam| chu yeu| thuc hien)?$"
)
_HORIZON = re.compile(r"^(?:\w{2,4} )?(?:giai \w{2,5} |n\w{1,2}m )?20\d\d(?: 20\d\d)?$")
_ADDRESS = re.compile(r"^\S*(?:https?://|www\.)\S*$")


@dataclass(slots=True)
class _Outline:
    """Where in the prose a paragraph stands."""

    roman: str = ""
    roman_title: str = ""
    number: str = ""
    number_title: str = ""
    letter_title: str = ""
    reading: bool = False
    organisation: bool = False
    mixed: bool = False
    paused: bool = False


def read_tasks(paragraphs: Sequence[Paragraph]) -> tuple[RawRow, ...]:
    """The tasks of the prose, one row for each paragraph or bullet, in order, with lead, coordinating units and time
    where the words give them (else ""). An empty tuple means that the prose assigns nothing."""
    outline = _Outline()
    made: list[RawRow] = []
    paragraphs = _whole(paragraphs)
    for index, paragraph in enumerate(paragraphs):
        text = squeeze(paragraph.text)
        key = fold(text)
        if not key:
            continue
        if outline.roman and (_END.match(key) or fold(paragraph.label).startswith("noi nhan")):
            if outline.organisation or not _more_sections(paragraphs[index + 1 :]):
                break
            continue
        if _GOALS_LINE.match(key) or _WORK_LINE.match(key):
            outline.paused = (
                bool(_GOALS_LINE.match(key)) and outline.reading and not _ROMAN.match(paragraph.label.strip())
            )
            if outline.paused or not _is_heading(paragraph, text, key, paragraphs[index + 1 : index + 2]):
                continue
        if _is_heading(paragraph, text, key, paragraphs[index + 1 : index + 2]):
            _enter(outline, paragraph.label.strip(), text, key)
            continue
        if not outline.reading or outline.paused or _CLOSING.match(key) or _ADDRESS.match(text) or _HORIZON.match(key):
            continue
        made.append(_row(outline, paragraph, text))
        if text.endswith("./."):
            break
    return tuple(made)


def _whole(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """The paragraphs with those joined that a page or line break cut: the first does not end a sentence or heading,
    the next has no label and goes on in small letters."""
    made: list[Paragraph] = []
    for paragraph in map(_with_roman, paragraphs):
        text = paragraph.text
        if made and not paragraph.label and text[:1].islower() and not made[-1].text.endswith((".", ":")):
            last = made[-1]
            source = replace(last.source, line_end=paragraph.source.line_end or last.source.line_end)
            made[-1] = replace(last, text=f"{last.text} {text}", source=source)
        else:
            made.append(paragraph)
    return made


_MISREAD_ROMAN = re.compile(r"^(?P<label>[IVXHLil1!|]{1,4})[.,]?\s+(?=[A-ZĐ])")


def _with_roman(paragraph: Paragraph) -> Paragraph:
    """A heading in capitals whose Roman number was misread ("Il. TO CHUC THUC HIEN") gets it as label."""
    match = None if paragraph.label else _MISREAD_ROMAN.match(paragraph.text)
    if match is None or not paragraph.text[match.end() :].isupper():
        return paragraph
    label = re.sub(r"[il1!|L]", "I", match["label"]).replace("H", "II")
    return replace(paragraph, label=f"{label}.", text=paragraph.text[match.end() :])


def _more_sections(rest: Sequence[Paragraph]) -> bool:
    return any(_ROMAN.match(p.label.strip()) and _TASKS.search(fold(p.text)) for p in rest)


def _is_heading(paragraph: Paragraph, text: str, key: str, following: Sequence[Paragraph]) -> bool:
    label = paragraph.label.strip()
    if not label or _BULLET.match(label):
        return False
    if _ROMAN.match(label) and (text == text.upper() or len(key.split()) <= 25):
        return True
    if len(text) > 220 or text.endswith((".", ";", ",")):
        return False
    if text.endswith(":"):
        return len(key.split()) <= 22
    if not following:
        return False
    if _NUMBER.match(label) or _LETTER.match(label):
        return len(key.split()) <= 34 and not re.search(r"[;]$", text)
    return False


def _mended(text: str, key: str) -> str:
    """A heading that a recogniser without Vietnamese misread ("MIX TIEU CHUNG") with its usual words beside it."""
    if not text.isascii() or _TASKS.search(key) or _NOT_TASKS.search(key):
        return key
    from rapidfuzz import fuzz

    score, heading = max((fuzz.partial_ratio(words, key) - (len(words) < 9), words) for words in _HEADINGS)
    return f"{key} {heading}" if score >= 70 else key


def _enter(outline: _Outline, label: str, text: str, key: str) -> None:
    """Moves the outline to a heading and decides whether tasks follow."""
    title = text.rstrip(" :.")
    outline.paused = False
    roman = _ROMAN.match(label)
    if roman:
        key = _mended(text, key)
        outline.roman, outline.roman_title = label.rstrip(".)/:").replace("H", "II"), title
        outline.number = outline.number_title = outline.letter_title = ""
        outline.reading = bool(_TASKS.search(key))
        outline.mixed = outline.reading and bool(_NOT_TASKS.search(key))
        outline.organisation = bool(_ORGANISATION.search(key))
        return
    number = _NUMBER.match(label)
    if number:
        outline.number, outline.number_title = number["number"], title
        outline.letter_title = ""
        if outline.mixed:
            # "II. MỤC TIÊU, NHIỆM VỤ": its numbered parts say which they are
            outline.reading = not re.match(r"(?:muc tieu|muc dich|chi tieu|yeu cau|quan diem)\b", key)
        return
    outline.letter_title = title


def _row(outline: _Outline, paragraph: Paragraph, text: str) -> RawRow:
    number, body_text = outline.number, text
    label = paragraph.label.strip()
    own = _NUMBER.match(label)
    number_title = outline.number_title
    if own:
        number, number_title = own["number"], ""
    heading = outline.letter_title or number_title
    assignment = assignment_of(body_text, heading, trusted=outline.organisation)
    return RawRow(
        source=paragraph.source,
        origin=Origin.PROSE,
        section=outline.roman,
        section_title=outline.roman_title,
        subsection=number,
        subsection_title=number_title,
        number=label if own else "",
        task=body_text,
        lead=assignment.lead,
        coordinating=assignment.coordinating,
        time=assignment.time,
        product=assignment.product,
        raw={"task": paragraph.raw} if paragraph.raw else {},
    )
