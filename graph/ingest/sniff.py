"""Telling a file's type from its content: the name's extension is a hint for people, not for us."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from graph.errors import InputBroken, InputEmpty, InputUnsupported
from graph.ingest.archive import broken, encrypted

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"BM", b"GIF8")
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|table|meta|div)\b", re.IGNORECASE)
_HEAD = 8192


def sniff(path: Path) -> str:
    """One of "docx", "xlsx", "xls", "pdf", "image", "html", "text".

    Raises InputUnsupported for other types, InputEncrypted for an encrypted office file, InputBroken for an archive
    that cannot be opened, InputEmpty for white space only.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _office(path)
    if head.startswith(_OLE):
        return _ole(path)
    if head.startswith(_IMAGES[:4]) or head.startswith(b"GIF8") or (head.startswith(b"BM") and b"\x00" in head[:30]):
        return "image"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image"
    if head.startswith(b"{\\rtf"):
        raise unsupported("RTF", "RTF", path)
    if _binary(head):
        raise unsupported("này", "this type of file", path)
    start = (
        head.decode("utf-16", "ignore") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head.decode("utf-8", "ignore")
    )
    if not start.strip("\ufeff \t\r\n\x00") and path.stat().st_size <= _HEAD:
        raise InputEmpty(f"Tệp không có chữ nào: {path.name}.", f"There is no text in the file {path.name}.")
    if start.lstrip("\ufeff \t\r\n").startswith("<") and _HTML.search(start):
        return "html"
    return "text"


def unsupported(vi: str, en: str, path: Path) -> InputUnsupported:
    """The refusal of a type; says what to use instead."""
    kind = f"loại {vi}" if vi != "này" else "loại này"
    return InputUnsupported(
        f"Không đọc được tệp {kind} ({path.name}); hãy lưu thành DOCX, XLSX, PDF hoặc văn bản.",
        f"Cannot read {en}; save it as DOCX, XLSX, PDF or text.",
    )


def _office(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            kind = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        raise InputBroken(
            f"Tệp nén hoặc tệp Office bị hỏng hoặc không đầy đủ: {path.name}.",
            f"The archive or office file is damaged or incomplete: {path.name}.",
        ) from error
    except Exception as error:  # a damaged deflate stream raises zlib.error
        raise broken("Office") from error
    if any(name.startswith("word/") for name in names):
        return "docx"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if b"opendocument" in kind:
        raise unsupported("OpenDocument", "OpenDocument files", path)
    raise unsupported("nén ZIP", "ZIP archives", path)


def _ole(path: Path) -> str:
    """The type of a compound file (before 2007, or encrypted), by the names in its directory."""
    data = path.read_bytes()

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        raise encrypted("Office")
    if holds("WordDocument"):
        raise unsupported("DOC (Word 97-2003)", "DOC files (Word 97-2003)", path)
    if holds("Workbook") or holds("Book"):
        return "xls"
    raise unsupported("này", "this type of file", path)


def _binary(head: bytes) -> bool:
    """Whether bytes are no text in any encoding that Vietnamese has been written in."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    zeros = head.count(0)
    if zeros:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        return not (max(even, odd) > 0.3 * len(head) / 2 and min(even, odd) < 0.02 * len(head) + 1)
    control = sum(1 for byte in head if byte < 32 and byte not in (9, 10, 12, 13, 27))
    return control > max(2, len(head) // 50)
