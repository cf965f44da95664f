"""Damaged files of every type: a Reading or a refusal, never another exception, never a hang."""

from __future__ import annotations

import random
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.errors import UnreadableInput
from graph.ingest import read
from graph.ingest.base import Limits

GOLD = Path(__file__).parents[2] / "gold/files"
LIMITS = Limits(seconds=5, seconds_per_page=1)
SEEDS = st.integers(min_value=0, max_value=2**32)
FAST = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def survives(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    try:
        reading = read(path, LIMITS)
    except UnreadableInput as error:
        assert error.vi and error.en
    else:
        assert reading.paragraphs or reading.rows or reading.lines


def damaged(data: bytes, seed: int) -> bytes:
    """Bytes cut off, flipped, shuffled in blocks, doubled or blanked out."""
    chance = random.Random(seed)  # noqa: S311
    made = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        kind = chance.randrange(6)
        start = chance.randrange(len(made))
        size = chance.choice([1, 4, 40, 400, 4000])
        if kind == 0:
            del made[start:]
        elif kind == 1:
            for _ in range(chance.randint(1, 50)):
                made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
        elif kind == 2:
            block = made[start : start + size]
            del made[start : start + size]
            made[start // 2 : start // 2] = block
        elif kind == 3:
            made[start:start] = made[start : start + size]
        elif kind == 4:
            made[start : start + size] = bytes(size)
        else:
            del made[start : start + size]
        if not made:
            return b"x"
    return bytes(made)


def damaged_parts(data: bytes, seed: int) -> bytes:
    """An office file whose archive is sound and whose parts are damaged."""
    chance = random.Random(seed)  # noqa: S311
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if part and name.endswith((".xml", ".rels")) and chance.random() < 0.4:
                part = damaged_xml(part, chance) if chance.random() < 0.7 else damaged(part, chance.randrange(2**32))
            if chance.random() > 0.03:
                target.writestr(name, part)
    return out.getvalue()


def damaged_xml(part: bytes, chance: random.Random) -> bytes:
    """XML that stays well-formed: elements renamed, dropped or moved, attribute values changed."""
    from lxml import etree

    root = etree.fromstring(part)
    elements = list(root.iter())
    for _ in range(chance.randint(1, 12)):
        element = chance.choice(elements)
        kind = chance.randrange(4)
        parent = element.getparent()
        if kind == 0 and element.attrib:
            key = chance.choice(list(element.attrib))
            element.set(key, chance.choice(["", "-1", "0", "999999999", "x", "A1:ZZ99", "\u1ebf"]))
        elif kind == 1 and parent is not None:
            parent.remove(element)
        elif kind == 2 and isinstance(element.tag, str):
            element.tag = chance.choice([e.tag for e in elements if isinstance(e.tag, str)])
        elif kind == 3 and parent is not None and element is not root:
            target = chance.choice(elements)
            if target is not element and element not in target.iterancestors():
                target.append(element)
    return etree.tostring(root)


@pytest.mark.parametrize("name", ["p4.docx", "p4.xlsx"])
@FAST
@given(seed=SEEDS)
def test_damaged_bytes(tmp_path_factory, name, seed):
    path = tmp_path_factory.getbasetemp() / f"damaged-{name}"
    survives(path, damaged((GOLD / name).read_bytes(), seed))


@settings(FAST, max_examples=6)
@given(seed=SEEDS)
def test_damaged_pdf(tmp_path_factory, seed):
    survives(tmp_path_factory.getbasetemp() / "damaged.pdf", damaged((GOLD / "p4.pdf").read_bytes(), seed))


@pytest.mark.parametrize("name", ["p4.docx", "p4.xlsx"])
@FAST
@given(seed=SEEDS)
def test_damaged_parts(tmp_path_factory, name, seed):
    path = tmp_path_factory.getbasetemp() / f"parts-{name}"
    survives(path, damaged_parts((GOLD / name).read_bytes(), seed))


@FAST
@given(seed=SEEDS)
def test_damaged_html(tmp_path_factory, seed):
    page = "<html><body><p>Kế hoạch cải cách hành chính, nhiệm vụ, chủ trì</p>"
    page += "<table><tr><td rowspan=2>TT<td>Nhiệm vụ<td>Chủ trì</tr>"
    page += "<tr><td colspan=2>1<table><tr><td>a<td>b</table></tr></table><ol><li>x</ol></body></html>"
    path = tmp_path_factory.getbasetemp() / "damaged.html"
    survives(path, damaged(page.encode() * 3, seed))


@FAST
@given(data=st.binary(min_size=1, max_size=3000))
def test_any_bytes(tmp_path_factory, data):
    survives(tmp_path_factory.getbasetemp() / "any", data)


@FAST
@given(
    head=st.sampled_from([b"%PDF-1.4\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html>", b"\xff\xfe"]),
    data=st.binary(max_size=2000),
)
def test_any_bytes_behind_a_known_head(tmp_path_factory, head, data):
    survives(tmp_path_factory.getbasetemp() / "head", head + data)
