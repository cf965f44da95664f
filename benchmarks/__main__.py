"""All benchmarks: `python -m benchmarks` runs the quick ones, `--heavy` those that take many minutes too.

Each is a program of its own with options of its own; this runs them one after the other and prints what they print.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

QUICK = (
    ("Reading beside python-docx, pandas, pdfplumber", ["-m", "benchmarks.reading"]),
    ("Links beside BM25", ["-m", "benchmarks.links"]),
)
HEAVY = (
    ("Links of a province, after embedding", ["-m", "benchmarks.links", "--speed"]),
    ("Search quality beside BM25, n-grams, plain e5", ["benchmarks/search_quality.py"]),
    ("Search speed at 100,000 passages", ["benchmarks/search.py"]),
    ("Build, commands and pages of a province", ["-m", "benchmarks.build"]),
    ("Build of four provinces, without the model", ["-m", "benchmarks.build", "--provinces", "4", "--hashed"]),
)


def main() -> int:
    """Runs them; 1 when one of them failed."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--heavy", action="store_true", help="those that take many minutes too")
    chosen = (*QUICK, *HEAVY) if parser.parse_args().heavy else QUICK
    failed = 0
    for title, words in chosen:
        print(f"== {title}: python {' '.join(words)}", flush=True)
        start = time.perf_counter()
        failed += subprocess.run([sys.executable, *words], check=False).returncode != 0
        print(f"   ({time.perf_counter() - start:.0f} s)\n", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
