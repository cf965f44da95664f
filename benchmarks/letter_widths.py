"""Makes `graph/ingest/faces.json`, the widths of letters in the faces of official documents.

    python -m benchmarks.letter_widths

Needs fontTools and the metric-compatible fonts that Debian ships (fonts-liberation2, fonts-crosextra-carlito,
fonts-dejavu). Widths are in thousandths of an em; letters with tone marks have the width of their base.
"""

from __future__ import annotations

import json
from pathlib import Path

FOLDER = Path("/usr/share/fonts/truetype")
FACES = {
    "times": "liberation2/LiberationSerif-Regular.ttf",
    "calibri": "crosextra/Carlito-Regular.ttf",
    "arial": "liberation2/LiberationSans-Regular.ttf",
    "dejavu": "dejavu/DejaVuSerif.ttf",
}
_LETTERS = "".join(map(chr, range(32, 127))) + "ĐđƠơƯư–—“”‘’…•·≥≤²°§«»→"


def main() -> None:
    """Writes the table beside the reader that uses it."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    made: dict[str, dict[str, int]] = {}
    for name, file in FACES.items():
        font = TTFont(FOLDER / file)
        glyphs, widths, unit = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
        made[name] = {
            letter: round(1000 * widths[glyphs[ord(letter)]][0] / unit) for letter in _LETTERS if ord(letter) in glyphs
        }
    text = json.dumps(made, ensure_ascii=False, sort_keys=True, indent=0, separators=(",", ":"))
    target = Path(__file__).parent.parent / "graph" / "ingest" / "faces.json"
    target.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
