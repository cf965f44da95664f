"""Time and memory of the build, of commands and of pages, on an invented province or country.

    python -m benchmarks.build [--provinces N] [--hashed] [--keep DIR]

One province is 121 plans and about 7,000 rows; 34 are a country. The files are read, indexed, linked and mapped as a
user's would be. With --hashed a cheap encoder (hashed letter groups) stands in for the model, so that everything else
can be measured at sizes where encoding alone takes an hour; the encoder's own speed is in `benchmarks.search`.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from api import pipeline
from api.library import Library, open_library
from api.settings import Settings
from benchmarks.country import write_country

TODAY = date(2026, 6, 1)


class HashedEncoder:
    """Letter groups hashed into 384 numbers: alike for texts alike, and quick."""

    name = "hashed-letter-groups"
    dimension = 384

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of the texts."""
        made = np.zeros((len(texts), self.dimension), np.float32)
        for vector, text in zip(made, texts, strict=True):
            codes = np.frombuffer(f"  {text.lower()}  ".encode("utf-32-le"), np.uint32).astype(np.uint64)
            grams = (codes[:-2] * 31 + codes[1:-1]) * 31 + codes[2:]
            np.add.at(vector, (grams * 2654435761 % 4294967291 % self.dimension).astype(np.int64), 1)
        made /= np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-9)
        return made

    queries = passages


class Stages:
    """Takes the place of the progress bar and keeps the time of each stage."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self._last = time.perf_counter()

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Called by the build at each step."""
        now = time.perf_counter()
        self.spent[stage] = self.spent.get(stage, 0.0) + now - self._last
        self._last = now

    def close(self) -> None:
        """The time after the last step."""
        now = time.perf_counter()
        self.spent["ghi"] = self.spent.get("ghi", 0.0) + now - self._last


def memory() -> float:
    """Peak of this process so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed_build(what: str, run: Callable[[Stages], pipeline.BuildReport]) -> pipeline.BuildReport:
    """Runs a build and prints its line."""
    stages = Stages()
    start, cpu = time.perf_counter(), time.process_time()
    report = run(stages)
    whole, spent = time.perf_counter() - start, time.process_time() - cpu
    stages.close()
    parts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in stages.spent.items())
    print(f"{what:34s} {whole:7.1f} s (CPU of this process {spent:.1f} s; {parts}); peak {memory():.0f} MB", flush=True)
    return report


def size_of(folder: Path) -> float:
    """MB of all files below."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def change(path: Path) -> None:
    """Another value in one plan, as when an office sends a corrected file."""
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Ngân sách\n", "Ngân sách nhà nước\n", 3), encoding="utf-8")


def builds(files: Path, settings: Settings) -> None:
    """First build, nothing changed, one plan changed, one plan removed."""
    report = timed_build("first build", lambda stages: pipeline.build([files], settings, today=TODAY, progress=stages))
    print("   ", ", ".join(f"{count} {name}" for name, count in report.counts.items()))
    folder = report.version.folder
    sizes = {part.name: size_of(part) if part.is_dir() else part.stat().st_size / 1e6 for part in folder.iterdir()}
    print("    on disk: " + ", ".join(f"{name} {size:.1f} MB" for name, size in sorted(sizes.items())))
    timed_build("nothing changed", lambda stages: pipeline.build([files], settings, today=TODAY, progress=stages))
    changed = sorted(files.rglob("*.txt"))[50]
    change(changed)
    timed_build("one plan changed", lambda stages: pipeline.build([files], settings, today=TODAY, progress=stages))
    document = open_library(settings).documents[60]
    timed_build("one plan removed", lambda stages: pipeline.remove(document, settings, today=TODAY, progress=stages))


def commands(settings: Settings, target: str, agency: str, plan: str) -> None:
    """Each command in a process of its own: wall time and CPU time."""
    cchc = Path(sys.executable).parent / "cchc"
    for words in (
        ["--help"],
        ["status"],
        ["search", "số hóa hồ sơ thủ tục hành chính"],
        ["law", "76/NQ-CP"],
        ["trace", target],
        ["trace", "--plan", plan],
        ["gaps", "--plan", plan],
        ["calendar", agency],
        ["matrix", "--plan", plan],
    ):
        place = [] if words == ["--help"] else ["--data", str(settings.data)]
        start = time.perf_counter()
        with subprocess.Popen([str(cchc), *words, *place], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - start
        name = " ".join(["cchc", *words[:2]])[:44]
        failed = f"  EXIT {child.returncode}" if child.returncode else ""
        cpu = used.ru_utime + used.ru_stime
        print(f"  {name:46s} {wall:6.2f} s  CPU {cpu:6.2f} s{failed}", flush=True)


def pages(settings: Settings, addresses: Sequence[str], rounds: int = 20) -> None:
    """Latency of routes in one process, without the network."""
    from fastapi.testclient import TestClient

    from api.app import create_app

    with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as client:
        for address in addresses:
            spent = []
            for number in range(rounds + 1):
                start = time.perf_counter()
                answer = client.get(address)
                spent.append((time.perf_counter() - start) * 1000)
                answer.raise_for_status()
                if number == 0 and spent[0] > 3000:
                    break
            rest = spent[1:] or spent
            print(
                f"  {address[:58]:60s} first {spent[0]:8.1f} ms  p50 {np.percentile(rest, 50):8.1f}"
                f"  p99 {np.percentile(rest, 99):8.1f} ms  {len(answer.content) / 1000:8.0f} kB",
                flush=True,
            )


def chosen(library: Library) -> dict[str, Any]:
    """Things to ask for: the provincial plan with the most links, its most linked target, the busiest agency."""
    rows = library.query("agencies")
    plan = next(name for name in library.documents if name.endswith("ubnd-tinh-txt"))
    target = library.plan(plan).targets[0].id
    row = library.plan(plan).rows[3].id
    return {"plan": plan, "target": target, "row": row, "agency": rows[0]["id"]}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--provinces", type=int, default=1, help="121 plans and about 7,000 rows each")
    parser.add_argument("--hashed", action="store_true", help="a cheap encoder in place of the model")
    parser.add_argument("--keep", type=Path, help="folder to work in and to keep (default: a temporary one)")
    parser.add_argument("--no-builds", action="store_true", help="commands and pages only, on what --keep holds")
    options = parser.parse_args()
    if options.hashed:
        pipeline.encoder_of = lambda settings, workspace: HashedEncoder()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        settings = Settings(data=folder / "data")
        if not options.no_builds:
            files = write_country(folder / "files", options.provinces)
            print(f"{len(files)} plans in {options.provinces} province(s)", flush=True)
            builds(folder / "files", settings)
        some = chosen(open_library(settings))
        print("commands, each in a new process:")
        if not options.hashed:
            commands(settings, some["target"], some["agency"], some["plan"])
        print("pages and routes, 20 calls each:")
        addresses = [
            "/", "/plans", "/api/v1/status", f"/plan/{some['plan']}", f"/target/{some['target']}",
            f"/row/{some['row']}", f"/api/v1/trace/{some['target']}", f"/api/v1/trace?plan={some['plan']}",
            f"/agency/{quote(some['agency'])}", "/agencies", "/laws", "/law/76/NQ-CP", "/gaps",
            f"/gaps?plan={some['plan']}", f"/matrix?plan={some['plan']}",
        ]  # fmt: skip
        if not options.hashed:
            addresses.insert(2, f"/search?q={quote('số hóa hồ sơ thủ tục hành chính')}")
        pages(settings, addresses)


if __name__ == "__main__":
    main()
