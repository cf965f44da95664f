"""Everything that is no readable plan is refused with one sentence in Vietnamese and English."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from graph import errors
from graph.ingest import read
from graph.ingest.base import Limits

GOLD = Path(__file__).parents[2] / "gold/files"


def refused(path: Path, kind: type[errors.UnreadableInput], limits: Limits | None = None) -> str:
    with pytest.raises(errors.UnreadableInput) as caught:
        read(path, limits or Limits())
    assert type(caught.value) is kind, str(caught.value)
    assert caught.value.vi and caught.value.en and "\n" not in str(caught.value)
    return str(caught.value)


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_missing(tmp_path):
    assert "none.docx" in refused(tmp_path / "none.docx", errors.InputMissing)


def test_folder(tmp_path):
    refused(tmp_path, errors.InputUnsupported)


@pytest.mark.parametrize("name", ["a.docx", "a.pdf", "a.txt", "a.xlsx"])
def test_empty(tmp_path, name):
    refused(written(tmp_path / name, b""), errors.InputEmpty)


def test_blank_text(tmp_path):
    refused(written(tmp_path / "a.txt", b" \r\n\t\n" * 20), errors.InputEmpty)


def test_large_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "a.pdf"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    assert "100 MB" in refused(path, errors.InputTooLarge)


@pytest.mark.parametrize("name", ["a.docx", "a.pdf", "a.bin", "a.txt"])
def test_binary_garbage(tmp_path, name):
    data = bytes((i * 7919 + i * i * 31) % 256 for i in range(5000))
    refused(written(tmp_path / name, data), errors.InputUnsupported)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"{\\rtf1\\ansi ke hoach}", errors.InputUnsupported),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le"),
            errors.InputUnsupported,
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            errors.InputEncrypted,
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook".encode("utf-16-le"), errors.InputBroken),
        (b"%PDF-1.7\nnothing more", errors.InputBroken),
        (b"PK\x03\x04 no archive", errors.InputBroken),
        (b"\x89PNG\r\n\x1a\n no image", errors.InputBroken),
    ],
    ids=["rtf", "doc", "encrypted-office", "xls-damaged", "pdf-head-only", "zip-head-only", "png-head-only"],
)
def test_types(tmp_path, data, kind):
    if data.startswith(b"\x89PNG"):
        pytest.importorskip("PIL")
        import shutil

        if shutil.which("tesseract") is None:
            kind = errors.ToolMissing
    refused(written(tmp_path / "a.docx", data), kind)


@pytest.mark.parametrize("name", ["p4.docx", "p4.xlsx", "p4.pdf"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_truncated(tmp_path, name, share):
    data = (GOLD / name).read_bytes()
    path = written(tmp_path / name, data[: int(len(data) * share)])
    try:
        reading = read(path)
    except (errors.InputBroken, errors.InputEmpty, errors.InputNotAPlan):
        return
    assert name.endswith(".pdf") and reading.paragraphs  # a PDF may be readable up to the cut


def test_wrong_extension_does_not_matter(tmp_path):
    for name in ("p4.docx", "p4.xlsx", "p4.pdf"):
        path = written(tmp_path / "plan.txt", (GOLD / name).read_bytes())
        assert len(read(path).rows) == 25


def test_zip_of_other_things(tmp_path):
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")
    refused(path, errors.InputUnsupported)


def bomb(path: Path, part: str, data: bytes, count: int = 1) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, data)
        for number in range(count):
            archive.writestr(f"word/media/{number}", b"")
    return path


def test_zip_bomb_by_ratio(tmp_path):
    refused(bomb(tmp_path / "a.docx", "word/document.xml", b"<a>" + b" " * 60_000_000), errors.InputTooLarge)


def test_zip_bomb_by_size(tmp_path):
    path = bomb(tmp_path / "a.docx", "word/document.xml", bytes(range(256)) * 4000)
    assert "1 MB" in refused(path, errors.InputTooLarge, Limits(unpacked_bytes=1_000_000))


def test_zip_bomb_by_entries(tmp_path):
    refused(bomb(tmp_path / "a.docx", "word/document.xml", b"<a/>", 6000), errors.InputTooLarge)


def test_zip_with_password(tmp_path):
    path = bomb(tmp_path / "a.docx", "word/document.xml", b"<a/>")
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := data.find(mark, start + 1)) >= 0:
            data[start + place] |= 1
    refused(written(path, bytes(data)), errors.InputEncrypted)


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]>',
        '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ],
    ids=["entity", "laughs", "file"],
)
def test_entities_in_docx(tmp_path, declaration):
    body = "<w:body><w:p><w:r><w:t>&x;&b;</w:t></w:r></w:p></w:body>"
    part = f'<?xml version="1.0"?>{declaration}<w:document xmlns:w="x">{body}</w:document>'
    refused(bomb(tmp_path / "a.docx", "word/document.xml", part.encode()), errors.InputBroken)


@pytest.mark.parametrize("part", [b"", b"not xml", b"<a/>", b"<w:document xmlns:w='x'/>", b"<a>" * 100_000])
def test_damaged_document_part(tmp_path, part):
    refused(bomb(tmp_path / "a.docx", "word/document.xml", part), errors.InputBroken)


def test_merged_range_over_the_whole_sheet(files, plan):
    def edit(book, sheet):
        sheet["J1"] = "x"

    path = files.xlsx(plan, edit=edit)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"</mergeCells>", b'<mergeCell ref="J1:XFD1048576"/></mergeCells>')
    with zipfile.ZipFile(path, "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    refused(path, errors.InputTooLarge)


def test_pdf_with_password(files, plan, tmp_path):
    import pypdf

    writer = pypdf.PdfWriter(clone_from=str(files.pdf(plan)))
    writer.encrypt("mật khẩu", algorithm="RC4-128")
    path = tmp_path / "locked.pdf"
    writer.write(str(path))
    refused(path, errors.InputEncrypted)


def test_too_many_pages(files, plan):
    assert "2" in refused(files.pdf(plan, bottom=150), errors.InputTooLarge, Limits(pages=2))


def test_time_bound(files, plan):
    refused(files.pdf(plan, bottom=150), errors.InputTooLarge, Limits(seconds=0.0, seconds_per_page=0.0))


NO_PLANS = {
    "novel": "Ngày xưa có một ông lão đánh cá nghèo sống cùng vợ trong túp lều rách nát bên bờ biển. " * 30,
    "invoice": "HÓA ĐƠN\nTên hàng: Gạo ST25\nSố lượng: 10\nĐơn giá: 30.000\nThành tiền: 300.000 đồng\n" * 10,
    "english": "The quick brown fox jumps over the lazy dog while the committee adjourns. " * 40,
    "code": "def main():\n    for i in range(10):\n        print(i)\n" * 40,
    "weather": "Dự báo thời tiết ngày mai: trời nắng, nhiệt độ cao nhất 35 độ, gió nhẹ cấp 2, độ ẩm 70%. " * 20,
}


@pytest.mark.parametrize("name", NO_PLANS)
def test_no_plan(files, tmp_path, name):
    text = NO_PLANS[name]
    refused(written(tmp_path / "a.html", f"<html><body><p>{text}</p></body></html>".encode()), errors.InputNotAPlan)
    refused(files.docx([["Tên", "Tuổi"], ["An", "12"]], before=text.split("\n")), errors.InputNotAPlan)


def test_workbook_without_plan(files):
    refused(files.xlsx([["Tên", "Tuổi", "Lớp"], ["An", "12", "6A"]]), errors.InputNotAPlan)


def test_samples_are_plans():
    """No shipped plan is refused, not even the one recognised without diacritics."""
    from graph.ingest.plausible import looks_like_plan

    folder = Path(__file__).parents[3] / "graph/samples"
    paths = sorted(folder.glob("*.txt"))
    assert len(paths) == 5
    for path in [*paths, GOLD / "p2.ocr-eng.txt", GOLD / "p4.ocr-eng.txt"]:
        assert looks_like_plan(path.read_text(encoding="utf-8", errors="replace").splitlines()), path.name


def test_missing_recogniser_names_its_packages(monkeypatch, tmp_path):
    from graph.ingest import ocr

    ocr.find_tesseract.cache_clear()
    monkeypatch.setenv("PATH", str(tmp_path))
    try:
        assert "tesseract-ocr-vie" in refused(GOLD / "p4.scan.pdf", errors.ToolMissing)
    finally:
        ocr.find_tesseract.cache_clear()


REPORT = """ỦY BAN NHÂN DÂN TỈNH A
SỞ NỘI VỤ
Số: 12/BC-SNV
BÁO CÁO
Kết quả công tác cải cách hành chính quý I năm 2026
Thực hiện Kế hoạch số 15/KH-UBND của Ủy ban nhân dân tỉnh, Sở Nội vụ báo cáo kết quả triển khai nhiệm vụ như sau:
Đã giải quyết 1.250 hồ sơ thủ tục hành chính, đạt 98%."""


def test_a_report_on_reform_is_no_plan(tmp_path):
    said = refused(written(tmp_path / "bao-cao.txt", REPORT.encode()), errors.InputNotAPlan)
    assert "BÁO CÁO" in said


def test_a_plan_issued_with_a_submission_is_one(tmp_path):
    text = REPORT.replace("BÁO CÁO", "TỜ TRÌNH") + "\nKẾ HOẠCH\nCải cách hành chính năm 2026\n1. Tuyên truyền CCHC."
    assert read(written(tmp_path / "ke-hoach.txt", text.encode())).paragraphs
