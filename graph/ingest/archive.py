"""Opening office files (ZIP archives of XML) without being blown up by them."""

from __future__ import annotations

import zipfile
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from graph.errors import InputBroken, InputEncrypted, InputTooLarge
from graph.ingest.base import Limits

if TYPE_CHECKING:
    from lxml import etree

_RATIO_FROM = 1_000_000  # bytes: small parts may pack well without being a bomb


def broken(kind: str) -> InputBroken:
    """The refusal of a damaged file of a kind ("DOCX")."""
    return InputBroken(f"Tệp {kind} bị hỏng hoặc không đầy đủ.", f"The {kind} file is damaged or incomplete.")


class Archive:
    """The parts of an office file, read within the bounds.

    Raises InputBroken for no or a damaged archive, InputEncrypted for a password, InputTooLarge for more entries,
    unpacked bytes or a higher packing ratio than the limits allow.
    """

    def __init__(self, path: Path, kind: str, limits: Limits) -> None:
        self._kind = kind
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
            raise broken(kind) from error
        infos = self._zip.infolist()
        self.names = frozenset(info.filename for info in infos)
        unpacked = sum(info.file_size for info in infos)
        bomb = any(
            info.file_size > _RATIO_FROM and info.file_size > limits.unpacked_ratio * max(1, info.compress_size)
            for info in infos
        )
        if len(infos) > limits.archive_entries or unpacked > limits.unpacked_bytes or bomb:
            self._zip.close()
            bound = limits.unpacked_bytes // 1_000_000
            raise InputTooLarge(
                f"Tệp {kind} bung ra quá lớn (giới hạn {bound} MB, tỷ lệ nén {limits.unpacked_ratio}).",
                f"The {kind} file unpacks to too much (bounds: {bound} MB, packing ratio {limits.unpacked_ratio}).",
            )
        if any(info.flag_bits & 1 for info in infos):
            self._zip.close()
            raise encrypted(kind)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def read(self, name: str) -> bytes:
        """The bytes of a part. Raises InputBroken when it is missing or damaged."""
        import zlib

        try:
            return self._zip.read(name)
        except (KeyError, zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError) as error:
            raise broken(self._kind) from error
        except RuntimeError as error:  # zipfile: a password is required
            raise encrypted(self._kind) from error

    def xml(self, name: str) -> etree._Element:
        """The root element of an XML part. Entities are refused: no office program writes them."""
        return parse_xml(self.read(name), self._kind)


def parse_xml(data: bytes, kind: str) -> etree._Element:
    """The root element. Raises InputBroken for malformed XML and for any document type or entity declaration."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise broken(kind) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise InputBroken(
            f"Tệp {kind} chứa khai báo thực thể XML nên bị từ chối.",
            f"The {kind} file declares XML entities and was refused.",
        )
    return root


def encrypted(kind: str) -> InputEncrypted:
    """The refusal of a file behind a password."""
    return InputEncrypted(
        f"Tệp {kind} có mật khẩu; hãy bỏ mật khẩu rồi thử lại.",
        f"The {kind} file is protected by a password; remove it and try again.",
    )
