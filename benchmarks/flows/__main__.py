"""The command line of the training: see the package."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import click
import numpy as np


@click.group(help=f"\b\n{sys.modules['benchmarks.flows'].__doc__}")
def main() -> None:
    """Groups the steps."""


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--first", default=0)
@click.option("--last", default=1000)
def draw(folder: Path, first: int, last: int) -> None:
    """Draws tables of mixed rows, prints and tears them."""
    from benchmarks.flows.mixing import draw_mixed

    click.echo(f"{draw_mixed(folder, range(first, last))} tables")


@main.command()
@click.argument("folders", type=click.Path(path_type=Path, exists=True), nargs=-1, required=True)
@click.argument("target", type=click.Path(path_type=Path))
def examples(folders: tuple[Path, ...], target: Path) -> None:
    """Writes what the tables of FOLDERS teach."""
    from benchmarks.flows.examples import examples_in

    words, cells = examples_in(folders)
    target.write_bytes(pickle.dumps((words, cells)))
    click.echo(f"{len(words)} pages, {sum(len(one.kinds) for one in cells)} cells")


@main.command()
@click.argument("what", type=click.Choice(["words", "cells"]))
@click.argument("learnt", type=click.Path(path_type=Path, exists=True))
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--held-out", type=click.Path(path_type=Path, exists=True), help="Examples to measure on.")
@click.option("--start", type=click.Path(path_type=Path, exists=True), help="Weights to go on from.")
@click.option("--minutes", default=60.0)
@click.option("--threads", default=2)
def train(  # noqa: PLR0917 - a command's options
    what: str, learnt: Path, target: Path, held_out: Path | None, start: Path | None, minutes: float, threads: int
) -> None:
    """Trains one of the networks. Reads pickles: only files that `examples` wrote."""
    import torch

    from benchmarks.flows.training import train_cells, train_words

    torch.set_num_threads(threads)
    words, cells = pickle.loads(learnt.read_bytes())  # noqa: S301 - the developer's own file
    seen, places = pickle.loads(held_out.read_bytes()) if held_out else ((), ())  # noqa: S301
    if what == "words":
        train_words(words, seen, target, minutes, start)
    else:
        train_cells(cells, places, target, minutes, start)


@main.command()
@click.argument("words", type=click.Path(path_type=Path, exists=True))
@click.argument("cells", type=click.Path(path_type=Path, exists=True))
def ship(words: Path, cells: Path) -> None:
    """Writes the weights into the package, in half precision."""
    import torch

    from benchmarks.flows.networks import Cells, Words

    package = Path(__file__).parents[2] / "graph" / "ingest" / "flows"
    for name, source, net in (("words", words, Words()), ("cells", cells, Cells())):
        kept = set(net.state_dict())
        weights = {key: value.numpy().astype(np.float16) for key, value in torch.load(source).items() if key in kept}
        np.savez_compressed(package / f"{name}.npz", **weights)
        click.echo(f"{name}.npz: {sum(value.size for value in weights.values())} numbers")


if __name__ == "__main__":
    main()
