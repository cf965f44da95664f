"""The command line of the training: see the package."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import click
import numpy as np

from graph.ingest.flows.net import WordNet

PACKAGE = Path(__file__).parents[2] / "graph" / "ingest" / "flows"


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
@click.option("--words", type=click.Path(path_type=Path, exists=True), help="The trained network of words.")
def examples(folders: tuple[Path, ...], target: Path, words: Path | None) -> None:
    """Writes what the tables of FOLDERS teach; pieces only with the network that cuts them."""
    import torch

    from benchmarks.flows.examples import examples_in

    net = WordNet({name: value.numpy() for name, value in torch.load(words).items()}) if words else None
    made = examples_in(folders, net)
    target.write_bytes(pickle.dumps(made))
    click.echo(f"{len(made.words)} pages, {len(made.pieces)} cut into pieces, {len(made.cells)} laid out")


@main.command()
def pairs() -> None:
    """Writes into the package how words follow each other in the annotated plans."""
    from benchmarks.flows.mixing import every_text
    from graph.ingest.flows.pairs import counted

    counts = counted(every_text())
    lines = "\n".join(f"{count}\t{pair}" for pair, count in sorted(counts.items()))
    (PACKAGE / "pairs.tsv").write_text(f"{lines}\n", encoding="utf-8")
    click.echo(f"{len(counts)} pairs")


@main.command()
@click.argument("what", type=click.Choice(["words", "pieces", "cells"]))
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

    from benchmarks.flows import training

    torch.set_num_threads(threads)
    made = pickle.loads(learnt.read_bytes())  # noqa: S301 - the developer's own file
    seen = pickle.loads(held_out.read_bytes()) if held_out else type(made)()  # noqa: S301
    training.train(what, getattr(made, what), getattr(seen, what), target, minutes, start)


@main.command()
@click.argument("words", type=click.Path(path_type=Path, exists=True))
@click.argument("pieces", type=click.Path(path_type=Path, exists=True))
@click.argument("cells", type=click.Path(path_type=Path, exists=True))
def ship(words: Path, pieces: Path, cells: Path) -> None:
    """Writes the weights into the package, in half precision."""
    import torch

    from benchmarks.flows.networks import Cells, Pieces, Words

    for name, source, net in (("words", words, Words()), ("pieces", pieces, Pieces()), ("cells", cells, Cells())):
        kept = set(net.state_dict())
        weights = {key: value.numpy().astype(np.float16) for key, value in torch.load(source).items() if key in kept}
        np.savez_compressed(PACKAGE / f"{name}.npz", **weights)
        click.echo(f"{name}.npz: {sum(value.size for value in weights.values())} numbers")


if __name__ == "__main__":
    main()
