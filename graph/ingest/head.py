"""The head of a plan: issuer, level, province, number, date, title, period, and what it says it implements.

Reads what is printed, in the order in which plans print it: letterhead, title, opening lines ("Thực hiện … như sau:"),
the caption of the annex ("Ban hành kèm theo Kế hoạch số … ngày … của …"), the signature. A number or day left blank
stays blank. What had to be inferred (an annex without a head) is said in `Head.guesses`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from graph.entities.timeframe_points import parse_span
from graph.entities.timeframe_words import time_key
from graph.ingest.head_issuer import HeadParts, find_issuer, find_province
from graph.model import Head, Paragraph, Period, RawRow
from graph.text import fold, plain_dashes, squeeze

if TYPE_CHECKING:
    from graph.entities.registers import Registers

_KINDS = (
    "ke hoach",
    "quyet dinh",
    "chuong trinh",
    "de an",
    "khung nhiem vu",
    "bieu",
    "phu luc",
    "phuong an",
    "to trinh",
)
_TITLE_WORD = re.compile(
    r"^(?P<kind>ke hoach|quyet dinh|chuong trinh|de an|khung nhiem vu|bieu ke hoach|bieu nhiem vu|danh muc nhiem vu)\b"
)
_STOP = re.compile(
    r"^(?:can cu|thuc hien|theo de nghi|xet de nghi|tren co so|trien khai|nham|de thuc hien|uy ban nhan dan|"
    r"chu tich|giam doc|"
    r"cong hoa|doc lap|so|i muc|phan|kem theo|ban hanh kem|hanh kem|noi nhan|dieu 1|tt|stt|i|1|h|ca[nm] c[a-z0-9]{0,3}|"
    r"th[a-z]{1,3} hi[a-z]{1,2} (?:ke hoach|nghi|chi thi|quy|cong van|chuong trinh))\b"
)
_STOP_RAW = re.compile(r"^[\s_*.=-]*$|^\(|^[IVX]+\.|^\d+\.|^SỞ |^UBND |^ỦY BAN |^UỶ BAN ")
_NUMBER = re.compile(
    r"(?:\bs[oố0e6]\s*[:.]?\s*|\$6\s*:\s*)?(?P<number>\d{1,5})?\s*/\s*(?P<sign>(?:K[HE]|Q[ĐDÐ]|CTr|ĐA|CT|BC|"
    r"TTr|KHLN)\s*-\s*[A-ZĐ][\wĐđ&.]*)",
)
_DATE_WORDS = re.compile(
    r"ng[àa]y\s*(?P<day>\d{1,2})?\s*[.…_]*\s*th[áa]ng\s*(?P<month>\d{1,2})?\s*[.…_]*\s*n\w{1,2}m\s*(?P<year>\d{4})",
    re.I,
)
_DATE_SLASH = re.compile(
    r"ng[àa]y\s*(?P<day>\d{1,2})?\s*[.…_]*\s*/\s*(?P<month>\d{1,2})?\s*[.…_]*\s*/\s*(?P<year>\d{4})", re.I
)
_CAPTION_NUMBER = re.compile(r"/\s*[A-ZĐ][\wĐ]{0,3}\s*-")
_END_OF_OPENING = re.compile(r"nhu sau\s*:?\s*$|nhu sau\b")
_PERIOD_IN_TITLE = re.compile(
    r"(?:6|06|sau|9|09|3|03) thang (?:dau|cuoi)(?: cua)? nam 20\d\d|quy (?:iv|i{1,3}|[1-4])(?: ?/ ?| nam )20\d\d|"
    r"(?:giai d[oa][a-z]{1,3}|thoi ky|nhiem ky|nam|trong)? ?(?:nam )?20\d\d ?(?:-|den|"
    r"den nam) ?(?:nam )?20\d\d|nam 20\d\d|20\d\d"
)


def read_head(
    paragraphs: Sequence[Paragraph], rows: Sequence[RawRow], register: Registers, file_name: str = ""
) -> Head:
    """The head of the plan; fields that the document does not tell are empty or None, never made up.

    `register` knows the provinces (and spells them when diacritics were lost); `rows` serve only where the head is
    missing, and then `guesses` says so. `file_name` is not used for facts: files are renamed.
    """
    texts = [squeeze(f"{p.label} {p.text}" if p.label else p.text) for p in paragraphs]
    parts = _split(texts)
    number, issued = _number_and_date(parts)
    guesses: list[str] = []
    province = find_province((*parts.letterhead, *parts.captions, parts.title, *parts.opening), texts, rows, register)
    issuer = find_issuer(parts, texts, rows, province, register, issued=issued)
    guesses.extend(issuer.guesses)
    period, period_guess = _period(parts, rows, issued)
    guesses.extend(period_guess)
    return Head(
        title=parts.title,
        issuer=issuer.name,
        issuer_level=issuer.level,
        province=issuer.province,
        number=number,
        issued_on=issued,
        period=period,
        implements=_implements(parts, number),
        guesses=tuple(guesses),
    )


def _split(texts: Sequence[str]) -> HeadParts:
    keys = [fold(text) for text in texts]
    begin = _title_at(texts, keys)
    title, after = _title(texts, keys, begin) if begin is not None else ("", 0)
    opening_end = after
    for index in range(after, min(len(texts), after + 25)):
        opening_end = index + 1
        if _END_OF_OPENING.search(keys[index]):
            break
        if re.match(r"(?:[ih] )?muc (?:dich|tieu)|muc rich|dieu 1\b", keys[index]) or re.match(
            r"[IH]\.\s", texts[index]
        ):
            opening_end = index
            break
    captions = tuple(filter(None, map(_caption, texts)))
    return HeadParts(
        letterhead=tuple(texts[: begin or 0]),
        title=title,
        opening=tuple(texts[after:opening_end]) if begin is not None else (),
        captions=captions,
    )


def _caption(text: str) -> str:
    """The words of a paragraph from "kèm theo (Kế hoạch) số …" on; "" when it has none with a number's sign."""
    shown = plain_dashes(text)
    match = re.search(r"(?:k[èe]m|kern)\s+the[on]", shown, re.I)
    if not match or not _CAPTION_NUMBER.search(shown, match.end()):
        return ""
    if re.match(r"\W*(?:nghi quyet|chi thi|nghi dinh|thong tu|luat)\b", fold(shown[match.end() :])):
        return ""  # another document's annex, named in a sentence
    titled = _TITLE_WORD.match(fold(text)) and shown[:4] == shown[:4].upper()  # caption glued to the title above it
    return shown[match.start() :] if match.start() < 24 or titled else ""


_SUBJECT = re.compile(r"\b(?:cai cach hanh chinh|cchc)\b")


def _title_at(texts: Sequence[str], keys: Sequence[str]) -> int | None:
    """Where the title begins: a line in capitals that names the kind of document, first among the first lines; in an
    annex without one, the line in capitals that names the subject."""
    for index, (text, key) in enumerate(zip(texts[:40], keys[:40], strict=True)):
        match = _TITLE_WORD.match(key)
        if not match:
            continue
        words = len(match["kind"].split())
        head = " ".join(text.split()[:words])
        if head == head.upper() or key == match["kind"]:
            return index
    for index, (text, key) in enumerate(zip(texts[:12], keys[:12], strict=True)):
        if _SUBJECT.search(key) and text == text.upper() and len(text) < 250:
            return index
    return None


def _title(texts: Sequence[str], keys: Sequence[str], begin: int) -> tuple[str, int]:
    """The title in full and the index behind it: kind and subject, over as many paragraphs as they take."""
    lines = [texts[begin]]
    at = begin + 1
    while at < len(texts) and len(lines) < 5:
        text, key = texts[at], keys[at]
        if re.fullmatch(r"[\s_*.=-]*", text):
            at += 1
            if len(lines) > 1:
                break
            continue
        if (
            _STOP.match(key)
            and not (len(lines) == 1 and key.startswith("thuc hien") and not text.rstrip().endswith((":", ";", ".")))
        ) or _STOP_RAW.match(text):
            break
        lines.append(text)
        at += 1
    joined = squeeze(" ".join(re.sub(r"_{3,}.*$", "", line) for line in lines))
    kind = _TITLE_WORD.match(fold(joined))
    if kind:
        words = joined.split()
        count = len(kind["kind"].split())
        head = " ".join(words[:count])
        rest = " ".join(words[count:])
        if kind["kind"] == "quyet dinh" and rest:
            return rest, at
        if head == head.upper() and rest and rest != rest.upper():
            joined = f"{head.capitalize()} {rest}"
    return joined, at


def _number_and_date(parts: HeadParts) -> tuple[str, date | None]:
    """Number and date of the document itself: in the letterhead, else in the caption of its annex."""
    number, sign, issued = "", "", None
    for text in (*parts.letterhead, *parts.captions):
        match = _NUMBER.search(plain_dashes(text))
        if match and not sign:
            sign = _sign(match["sign"])
            number = f"{match['number']}/{sign}" if match["number"] else ""
        if issued is None:
            issued = _date(text)
    return number, issued


def _sign(text: str) -> str:
    sign = re.sub(r"\s", "", text).rstrip(".")
    return re.sub(r"^Q[DÐ]", "QĐ", sign)


def _date(text: str) -> date | None:
    """A full date in words; None when day or month is left blank."""
    for pattern in (_DATE_WORDS, _DATE_SLASH):
        match = pattern.search(text)
        if match and match["day"] and match["month"]:
            try:
                return date(int(match["year"]), int(match["month"]), int(match["day"]))
            except ValueError:
                return None
    return None


def _period(parts: HeadParts, rows: Sequence[RawRow], issued: date | None) -> tuple[Period, list[str]]:
    """The plan's period: from its title, else its opening or captions, else from the rows' time cells (a guess)."""
    for text in (parts.title, *reversed(parts.opening[-2:]), *parts.captions):
        found = _period_in(text)
        if found is not None:
            return found, []
    years = [int(y) for row in rows for y in re.findall(r"(?<!\d)(20[2-4]\d)(?!\d)", row.time + " " + row.horizon)]
    if years:
        period = Period(start=date(min(years), 1, 1), end=date(max(years), 12, 31))
        note = f"Thời kỳ {min(years)}-{max(years)} được suy ra từ cột thời gian (period inferred from the time column)"
        return period, [note]
    if issued is not None:
        note = f"Năm kế hoạch {issued.year} được suy ra từ ngày ban hành (year inferred from the date of issue)"
        return Period(start=date(issued.year, 1, 1), end=date(issued.year, 12, 31)), [note]
    return Period(), []


def _period_in(text: str) -> Period | None:
    key = time_key(plain_dashes(text))
    for match in _PERIOD_IN_TITLE.finditer(key):
        if re.search(r"\b(?:so voi|den|ngay|thang|luat)[^;,]{0,12}$", key[: match.start()]):
            continue
        words = re.sub(r"^(?:giai d[a-z]+|thoi ky|nhiem ky|trong) ?", "", match.group().strip())
        span = parse_span(words, Period())
        if span is not None and span.start is not None and span.end is not None:
            return Period(start=span.start, end=span.end)
    return None


_NOT_A_PLAN = re.compile(r"^\d+/\d{4}/|^\d+/(?:NĐ|TT|TTLT|QĐ-B|L-CTN|QH)|^(?:Luật|Bộ luật|Pháp lệnh|Hiến pháp|TCVN)")


def _implements(parts: HeadParts, own: str) -> tuple[str, ...]:
    """The resolutions, directives, plans and decisions that the opening lines name as carried out or rested on.

    Laws, decrees, circulars and decisions of ministries are legal bases, not what a plan carries out.
    """
    from graph.entities.legal import find_citations

    text = " ".join(parts.opening)
    named: dict[str, None] = {}
    for mention in find_citations(text):
        # a programme named beside the resolution that issues it is that resolution
        if mention.id[:1].isdigit() and mention.id != own and not _NOT_A_PLAN.match(mention.id):
            named.setdefault(mention.id)
    return tuple(named)
