"""Runs every notebook from a clean kernel, in order, on data of its own: `python -m notebooks.run [--write]`.

With --write the executed notebooks, outputs included, replace those in this folder; without it nothing is changed and
an error in any cell ends the run with its trace.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).resolve().parent


def main(write: bool) -> None:
    """Executes 01 to 04; the first builds the data that the others open."""
    with tempfile.TemporaryDirectory() as data:
        os.environ["CCHC_DATA"] = str(Path(data) / "data")
        os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        for path in sorted(HERE.glob("0*.ipynb")):
            begun = time.perf_counter()
            notebook = nbformat.read(path, as_version=4)
            NotebookClient(
                notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": HERE.parent}}
            ).execute()
            print(f"{path.name}: {time.perf_counter() - begun:.1f} s", flush=True)
            if write:
                for cell in notebook.cells:
                    cell.metadata.pop("execution", None)
                nbformat.write(notebook, path)


if __name__ == "__main__":
    main("--write" in sys.argv[1:])
