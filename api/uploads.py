"""A plan that somebody sends to the server: read in a process of its own, within time and memory, never kept.

A file from outside may be anything. The reader is bounded by itself; here it is also apart from the server, so that a
file that takes too long is stopped with its process, and the server goes on.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from typing import Any

from graph.errors import InputEmpty, InputTooLarge, StoreBusy, UnreadableInput

LONGEST = 20_000_000
"""Longest file that the server takes, in bytes."""
SECONDS = 90.0
AT_ONCE = 2
_WORK = "from api.cli import main; main()"
_ENDING = re.compile(r"\.[a-z]{2,4}")
_SENTENCE = re.compile(r"(?P<vi>.+?) \((?P<en>.+)\)", re.DOTALL)
_free = BoundedSemaphore(AT_ONCE)


def read_upload(content: bytes, name: str, seconds: float = SECONDS) -> dict[str, Any]:
    """What a sent file says, as the JSON of `cchc extract --json`; the file is deleted again.

    Raises UnreadableInput (the reader's own sentence), InputEmpty, InputTooLarge (size or time) and StoreBusy when
    `AT_ONCE` files are being read already.
    """
    if not content:
        raise InputEmpty("Chưa chọn tệp, hoặc tệp không có gì", "no file was chosen, or it is empty")
    if len(content) > LONGEST:
        raise _too_large()
    if not _free.acquire(blocking=False):
        raise StoreBusy("Máy chủ đang đọc tệp khác, hãy thử lại sau ít phút", "other files are being read; try again")
    try:
        ending = Path(name.lower()).suffix
        with TemporaryDirectory(prefix="cchc-") as folder:
            file = Path(folder) / f"tep-gui-len{ending if _ENDING.fullmatch(ending) else ''}"
            file.write_bytes(content)
            return _read_apart(file, seconds)
    finally:
        _free.release()


def _read_apart(file: Path, seconds: float) -> dict[str, Any]:
    command = [sys.executable, "-c", _WORK, "extract", "--json", str(file)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)  # noqa: S603  # our own code
    except subprocess.TimeoutExpired:
        raise InputTooLarge(
            f"Đọc tệp quá {seconds:.0f} giây nên dừng lại; hãy đọc bằng lệnh cchc extract",
            f"reading took over {seconds:.0f} seconds and was stopped; use cchc extract",
        ) from None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise _refusal(lines[-1].replace(str(file), file.name) if lines else "")
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def _refusal(said: str) -> UnreadableInput:
    """The reader's sentence, which stands in both languages on the last line of its errors."""
    match = _SENTENCE.fullmatch(said.partition(": ")[2] or said)
    if match is None:
        return UnreadableInput("Không đọc được tệp này", "this file could not be read")
    return UnreadableInput(match["vi"], match["en"])


def _too_large() -> InputTooLarge:
    size = LONGEST // 1_000_000
    return InputTooLarge(f"Tệp lớn quá {size} MB", f"the file is over {size} MB")
