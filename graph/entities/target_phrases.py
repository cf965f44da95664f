"""What a number is about: its clause, the phrase measured, the population, the base of comparison and the horizon."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph.entities.target_numbers import Quantity

_SHARE = re.compile(r"\btrong (?:so |sa |s6 )?d[o6],?")
_BREAK = re.compile(r";|\btrong (?:so |sa |s6 )?d[o6]\b,?|\bcho den khi\b|\bdong thoi\b,?")
_SOFT_BREAK = re.compile(r", | va |: ")
_BASE = re.compile(
    r"\bso voi (?:(?:cung ky|muc|thoi diem|so) )*(?:nam|giai doan|ky|dau|thoi|thuc|hien|tong|nam truoc)[^,;.()]*"
)
_TOTAL = re.compile(r"\b(?:tren|tinh tren|so voi) tong so[^,;.]*")
_EXCEPT = re.compile(r"\((?:tru|khong bao gom|khong ke|ngoai tru)[^)]*\)")
_FOR = re.compile(r"\b(?:doi voi|trong linh vuc|linh vuc|tai|thuoc|cua|giua)\b[^,;.()]*")
_VERB = re.compile(
    r"\b(?:duoc|khong phai|co (?!quan|so|cau)|hoan thanh|thuc hien|bao dam|dam bao|su dung|dap ung|tham gia|"
    r"dat|ap dung|giai quyet|"
    r"tiep nhan|tu bao dam|trien khai|phai|cong bo|xu ly|ky so|dung trinh tu|dung han|truc tuyen)\b"
)
_METRIC_NOUN = re.compile(
    r"\b(?:t[yi] [lr]e|m[iu]\w{1,3} ?\.? ?d\S{1,2} hai long|muc do(?! \d)|chi so|thoi gian|thoi han|so luong|"
    r"so|diem so|diem|"
    r"par ?index|sipas|papi|pci|dti|moi truong kinh doanh|xep hang|thu hang|giai ngan)\b"
)
_OPENING = re.compile(
    r"^(?:[\s,:;-]*(?:va|phan dau|tiep tuc|duy tri|dam bao|bao dam|dat|hang nam|moi nam|tham muu|nham|de|"
    r"trong do|trong so do|theo huong|"
    r"phoi hop thuc hien cac chi tieu|den nam \d{4}|nam \d{4}|giai doan \d{4} ?- ?\d{4}|den het nam \d{4}|"
    r"tai|thuc hien|dua|it nhat|toi thieu|cac|so luong|hoan thanh|co)\b[\s,:]*)+"
)
_CLOSING = re.compile(
    r"(?<![a-z0-9])(?:dat|tu|tren|duoi|hon|toi thieu|it nhat|toi da|khong qua|duoc|la|xuong|con|len|den|"
    r"binh quan|trung binh|ty le|tuong ung|"
    r"cho|cua|trong thoi han|trong vong|thuoc|trong|nam|nam trong|qua|voi|doi voi|tai|co|va|khoang|xep|vao|"
    r"duoc xep|phan dau)$"
)
_MOST_CLOSING = 12


@dataclass(frozen=True, slots=True)
class Clause:
    """The part of a sentence that belongs to one number; `share` when it speaks of a share of what was named before."""

    text: str
    start: int
    end: int
    share: bool


_LIMITED = re.compile(r"(?:trong (?:thoi han|vong|thoi gian)|thoi han)\b")


def clauses_of(sentence: str, key: str, quantities: Sequence[Quantity]) -> tuple[Clause, ...]:
    """One clause for each quantity, in order."""
    made = []
    for index, quantity in enumerate(quantities):
        left = quantities[index - 1].end if index else 0
        right = quantities[index + 1].start if index + 1 < len(quantities) else len(key)
        start = _last_break(sentence, key, left, quantity.start, bool(index))
        end = _first_break(key, quantity.end, right, index + 1 < len(quantities))
        if _LIMITED.match(key, quantity.start):
            start = (
                quantity.start
            )  # "100% phản ánh, kiến nghị trong thời hạn 05 ngày": the limit is a clause of its own
        if index + 1 < len(quantities) and _LIMITED.match(key, right) and not _BREAK.search(key, quantity.end, right):
            end = right
        share = bool(_SHARE.search(key, max(left - 1, 0), quantity.start)) or (index == 0 and bool(_SHARE.match(key)))
        made.append(Clause(sentence[start:end].strip(" ,;:.-+"), start, end, share))
    return tuple(made)


def _last_break(sentence: str, key: str, left: int, at: int, bounded: bool) -> int:
    breaks = [m.end() for m in _BREAK.finditer(key, left, at)]
    if breaks:
        return breaks[-1]
    if not bounded:
        return 0
    soft = [m.end() for m in _SOFT_BREAK.finditer(key, left, at)]
    if not soft:
        return left
    # the last soft break before the number; a noun phrase with commas before "đạt …" belongs to the number
    noun = _noun(sentence[left:at], key[left:at])
    if noun >= 0 and soft[0] - 1 <= left + noun < soft[-1]:
        return left + noun
    return soft[-1] if at - soft[-1] < 60 else soft[0]


def _first_break(key: str, end: int, right: int, bounded: bool) -> int:
    match = _BREAK.search(key, end, right)
    if match:
        return match.start()
    if not bounded:
        return right
    soft = [m.start() for m in _SOFT_BREAK.finditer(key, end, right)]
    return soft[-1] if soft else right


_OF_NUMBER = re.compile(r"\b(?:cua|cho|tai|doi voi|tren)(?: (?:toi thieu|it nhat|tu|tren|toi da|khong qua))? ?$")
_NO_POPULATION = re.compile(r"(?:vao nam|trong nam|den nam|den|de|doi voi|v\w{1,2}i|cho|tai|so voi|moi nam|hang nam)\b")


def metric_phrase(
    sentence: str,
    key: str,
    quantity: Quantity,
    clause: Clause,
    *,
    previous: Clause | None = None,
    previous_metric: str = "",
    rest: Sequence[str] = (),
) -> str:
    """What is measured, in the plan's words, as a noun phrase ("Tỷ lệ hồ sơ … được …").

    A number that stands bare in a list measures what the one before it did; one that names only a population shares
    the predicate of the next clause about the like ("90% hồ sơ … cấp tỉnh; 60% hồ sơ … cấp xã được xử lý …").
    """
    begin = clause.start
    for colon in re.finditer(r"(?<!\d):", sentence[clause.start : quantity.start]):  # not in "ISO 9001: 2015"
        begin = clause.start + colon.end()
    before_key, before = key[begin : quantity.start], sentence[begin : quantity.start]
    noun = _noun(before, before_key)
    if noun >= 0 and not _OF_NUMBER.search(before_key):
        phrase = _trim(before[noun:], before_key[noun:])
        if len(phrase) > 6:
            return _capital(phrase)
    after = tail_of(sentence, key, quantity, clause).strip(" -")
    if _same(after) in ("", "den") and rest and re.match(r" ?(?:-|den) ?\d", key[quantity.end :]):
        after = rest[0]  # the lower end of a range
    if quantity.kind == "percent" and after and not _VERB.search(_same(after)):
        after = _with_predicate(after, rest)
    lead = _trim(before, before_key)
    if not lead and (not after or _NO_POPULATION.match(_same(after))):
        bare = not previous_metric or _NO_POPULATION.match(_same(after)) is not None
        subject = _trim(*_first_words(sentence, key)) if bare else ""
        if subject and not any(c.isdigit() for c in subject):
            return _capital(subject)
        return previous_metric or _bare_phrase(quantity, before, after)
    if quantity.kind == "rank":
        return _capital(f"Xếp hạng {lead}") if lead else "Xếp hạng"
    if quantity.comparator == "reduce_by":
        return _capital(f"Mức giảm {after or lead}")
    if quantity.comparator == "increase_by":
        return _capital(f"Mức tăng {after or lead}")
    if quantity.kind == "percent":
        if re.match(r"(?:co|duoc|dat)\b", key[quantity.end : clause.end].strip()) and previous is not None:
            return _capital(f"Tỷ lệ {_population(previous.text)} {after}")
        if lead and after:
            return _capital(f"Tỷ lệ {after} được {_small(lead)}")
        return _capital(f"Tỷ lệ {after or lead}")
    if quantity.kind == "count":
        unit = quantity.unit.split("/")[0]
        named = after or ("" if _same(lead) in _JUST_DOING else _small(lead))
        return _capital(f"Số {unit} {named}".strip())
    if not lead and re.match(r"(?:ke tu|tinh tu|tu khi|tu ngay|sau khi|lam viec)\b", _same(after)):
        return "Thời hạn thực hiện"
    return _capital(lead or after or "Thời hạn thực hiện")


_JUST_DOING = ("to chuc", "trinh", "ban hanh", "xay dung", "thuc hien", "trien khai", "hoan thanh", "dang tai", "mo")


def _bare_phrase(quantity: Quantity, before: str, after: str) -> str:
    """The phrase of a number that stands nearly alone ("04 tin, bài/tháng", "Chờ không quá 20 phút/lượt")."""
    unit = quantity.unit.split("/")[0].strip()
    words = before.strip(" ,;:-")
    if quantity.kind == "duration":
        return f"Thời gian {_small(words)}".strip() if words else "Thời gian thực hiện"
    if quantity.kind == "count":
        return "Điểm số" if unit.lower() == "điểm" else f"Số {unit}"
    return _capital(after or words or unit)


def _noun(before: str, before_key: str) -> int:
    """Where the noun phrase that is measured begins before the number, -1 when there is none."""
    for noun in _METRIC_NOUN.finditer(before_key):
        if noun.group() != "so":
            return noun.start()
        opening = _OPENING.match(before_key)
        if before[noun.start() : noun.end()].lower() == "số" and noun.start() <= (opening.end() if opening else 1):
            return noun.start()
    return -1


def _with_predicate(after: str, rest: Sequence[str]) -> str:
    head = _same(after).split()[:1]
    for text in rest:
        verb = _VERB.search(_same(text))
        if verb and _same(text).split()[:1] == head:
            return f"{after} {text[verb.start() :]}"
    return after


def _first_words(sentence: str, key: str) -> tuple[str, str]:
    """The sentence up to its first number of another kind or comma: what it speaks of."""
    opening = re.match(r"(?:nam|den nam|giai \S+) [\d -]+,? ?", key)
    start = opening.end() if opening else 0
    match = re.search(r",|;| dat | giai \S+ \d|\d{1,3} ?%", key[start:])
    stop = start + match.start() if match else len(key)
    return sentence[start:stop], key[start:stop]


def tail_of(sentence: str, key: str, quantity: Quantity, clause: Clause) -> str:
    """What stands behind the number in its clause, without brackets, "trở lên" and the base of comparison."""
    after = sentence[quantity.end : clause.end].strip(" ,;:.")
    after = re.sub(r"\s*\([^)]*\)", "", after)
    after = re.sub(r",?\s*(?:trở lên|trở xuống|tro len)\b", "", after)
    cut = _BASE.search(_same(after))
    if cut:
        after = after[: cut.start()]
    return re.sub(r"^(?:các|số|số lượng|tổng số)\s+", "", after.strip(" ,;:."))[:160]


def _same(text: str) -> str:
    from graph.entities.timeframe_words import time_key

    made = time_key(text)
    return made if len(made) == len(text) else text.lower()


def _population(text: str) -> str:
    text = re.sub(r"^.*?\d{1,3} ?%\s*", "", text)
    verb = _VERB.search(_same(text))
    return (text[: verb.start()] if verb and verb.start() > 4 else text).strip(" ,")


def _trim(text: str, key: str) -> str:
    end = len(key.rstrip(" ,:"))
    for _ in range(_MOST_CLOSING):
        closing = _CLOSING.search(key, max(0, end - 24), end)
        if closing is None or text[closing.start() : end].lower().endswith("chờ"):  # folds to "cho", but is measured
            break
        end = len(key[: closing.start()].rstrip(" ,:"))
    text, key = text[:end], key[:end]
    opening = _OPENING.match(key)
    if opening:
        text = text[opening.end() :]
    return text.strip(" ,;:.-+")[-160:]


def _small(text: str) -> str:
    return text[:1].lower() + text[1:] if len(text) > 1 and not text[1].isupper() else text


def _capital(text: str) -> str:
    text = " ".join(text.split())
    return text[:1].upper() + text[1:]


def scope_of(sentence: str, key: str, quantity: Quantity, clause: Clause) -> str:
    """The population or the exclusion named with the number, in the plan's words; "" when none is."""
    parts = []
    if quantity.kind == "percent":
        text = tail_of(sentence, key, quantity, clause)
        verb = _VERB.search(_same(text))
        if text and verb and verb.start() > 4:
            parts.append(text[: verb.start()].strip(" ,"))
    for pattern in (_TOTAL, _EXCEPT):
        match = pattern.search(key, clause.start, clause.end)
        if match:
            parts.append(sentence[match.start() : match.end()].strip(" ()"))
    if not parts:
        match = _FOR.search(key, quantity.end, clause.end)
        if match:
            parts.append(sentence[match.start() : match.end()].strip())
    return "; ".join(dict.fromkeys(parts))


def base_of(sentence: str, key: str, clause: Clause) -> str:
    """What a change is measured against ("so với năm 2022"), or ""."""
    match = _BASE.search(key, clause.start) or None
    return sentence[match.start() : match.end()].strip() if match and match.start() < clause.end + 2 else ""


_YEAR = re.compile(
    r"\b(?:(?P<until>den|den het|truoc|den cuoi) (?:nam )?|(?P<within>trong|nam|cua nam|hang nam|vao nam|"
    r"cuoi nam) (?:nam )?|"
    r"giai \S{2,5} (?:20\d\d) ?- ?)(?P<year>20\d\d)\b"
)


_OF_LAW = re.compile(
    r"\b(?:luat|bo luat|nghi dinh|thong tu|nghi quyet|quyet dinh|phap lenh)\b[^;.%]*$|\([^)]*(?:sua doi|bo sung)[^)]*$"
)


def horizon_of(key: str, quantity: Quantity, clause: Clause) -> int | None:
    """The year by which the sentence wants the number, or None: not the year of a law or of the base."""
    best: tuple[int, int] | None = None
    for match in _YEAR.finditer(key):
        before = key[: match.start()]
        said = match["until"] or (match["within"] or "").startswith(("trong", "hang", "vao", "cuoi"))
        if not said and _OF_LAW.search(before):
            continue
        if re.search(r"\bs[o0] v\w{1,3}(?: [^;.%\d]+)? ?$", before[-40:]):
            continue
        distance = abs(match.start() - quantity.at)
        if match.start() > clause.end or distance > 200:
            continue
        if best is None or distance < best[0]:
            best = (distance, int(match["year"]))
    return best[1] if best else None
