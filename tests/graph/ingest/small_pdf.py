"""A small PDF writer."""

from __future__ import annotations

import importlib.util
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any


@lru_cache(maxsize=1)
def _font(path: Path) -> Any:
    from fontTools.ttLib import TTFont

    with path.open("rb") as file:
        font = TTFont(file, lazy=False)
        font.getGlyphOrder(), font.getBestCmap(), font["hmtx"].metrics, font["head"].unitsPerEm
    return font


class Pdf:
    """A small PDF writer with one embedded font, so that Vietnamese text can be drawn and read back."""

    def __init__(self, width: float = 842, height: float = 595) -> None:
        spec = importlib.util.find_spec("matplotlib")
        assert spec is not None and spec.origin is not None
        self._file = Path(spec.origin).parent / "mpl-data/fonts/ttf/DejaVuSans.ttf"
        self._font = _font(self._file)
        self._cmap = self._font.getBestCmap()
        self._metrics = self._font["hmtx"].metrics
        self._order = {name: index for index, name in enumerate(self._font.getGlyphOrder())}
        self._em = self._font["head"].unitsPerEm
        self._used: dict[int, str] = {}
        self.width, self.height = width, height
        self.pages: list[list[str]] = []

    def page(self) -> None:
        self.pages.append([])

    def measure(self, text: str, size: float) -> float:
        return sum(self._metrics[self._cmap.get(ord(c), ".notdef")][0] for c in text) * size / self._em

    def text(self, x: float, y: float, text: str, size: float = 9) -> None:
        """Text with its baseline at y from the top."""
        codes = ""
        for c in text:
            glyph = self._order[self._cmap.get(ord(c), ".notdef")]
            self._used[glyph] = c
            codes += f"{glyph:04X}"
        self.pages[-1].append(f"BT /F1 {size} Tf {x:.2f} {self.height - y:.2f} Td <{codes}> Tj ET")

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.pages[-1].append(f"0.5 w {x0:.2f} {self.height - y0:.2f} m {x1:.2f} {self.height - y1:.2f} l S")

    def save(self, path: Path, *, rotate: int = 0, sideways: bool = False) -> Path:
        """Writes the file. `rotate`: the page is stored turned and says so; `sideways`: it is stored turned and does
        not say so."""
        objects: list[bytes] = []

        def add(data: str | bytes) -> int:
            objects.append(data.encode("latin-1") if isinstance(data, str) else data)
            return len(objects)

        def stream(data: bytes, extra: str = "") -> bytes:
            packed = zlib.compress(data)
            return (
                f"<< /Length {len(packed)} /Filter /FlateDecode {extra} >>\nstream\n".encode() + packed + b"\nendstream"
            )

        data = self._file.read_bytes()
        font_file = add(stream(data, f"/Length1 {len(data)}"))
        descriptor = add(
            f"<< /Type /FontDescriptor /FontName /DejaVu /Flags 4 /FontBBox [-1000 -300 2000 1000] /ItalicAngle 0 "
            f"/Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 /FontFile2 {font_file} 0 R >>"
        )
        names = self._font.getGlyphOrder()
        widths = " ".join(f"{g} [{self._metrics[names[g]][0] * 1000 / self._em:.0f}]" for g in sorted(self._used))
        cid = add(
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /DejaVu /CIDSystemInfo << /Registry (Adobe) /Ordering "
            f"(Identity) /Supplement 0 >> /FontDescriptor {descriptor} 0 R /W [{widths}] /CIDToGIDMap /Identity >>"
        )
        chars = "\n".join(f"<{g:04X}> <{ord(c):04X}>" for g, c in sorted(self._used.items()))
        blocks = "\n".join(f"1 beginbfchar\n{line}\nendbfchar" for line in chars.splitlines())
        unicode = add(
            stream(
                (
                    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
                    f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{blocks}\nendcmap end end"
                ).encode()
            )
        )
        font = add(
            f"<< /Type /Font /Subtype /Type0 /BaseFont /DejaVu /Encoding /Identity-H /DescendantFonts [{cid} 0 R] "
            f"/ToUnicode {unicode} 0 R >>"
        )
        turned = rotate in (90, 270) or sideways
        width, height = (self.height, self.width) if turned else (self.width, self.height)
        matrix = {90: f"0 1 -1 0 {self.height} 0 cm\n", 270: f"0 -1 1 0 0 {self.width} cm\n"}.get(rotate, "")
        if sideways:
            matrix = f"0 1 -1 0 {self.height} 0 cm\n"
        parent = len(objects) + 2 * len(self.pages) + 1
        kids = []
        for operators in self.pages:
            content = add(stream((matrix + "\n".join(operators)).encode("latin-1")))
            kids.append(
                add(
                    f"<< /Type /Page /Parent {parent} 0 R /MediaBox [0 0 {width} {height}] /Rotate {rotate} /Contents "
                    f"{content} 0 R /Resources << /Font << /F1 {font} 0 R >> >> >>"
                )
            )
        assert add(f"<< /Type /Pages /Kids [{' '.join(f'{k} 0 R' for k in kids)}] /Count {len(kids)} >>") == parent
        root = add(f"<< /Type /Catalog /Pages {parent} 0 R >>")
        out = bytearray(b"%PDF-1.5\n")
        places = []
        for number, body in enumerate(objects, start=1):
            places.append(len(out))
            out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
        table = len(out)
        out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
        out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
        out += f"trailer << /Size {len(objects) + 1} /Root {root} 0 R >>\nstartxref\n{table}\n%%EOF\n".encode()
        path.write_bytes(out)
        return path
