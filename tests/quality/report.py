"""`make quality`: how well plans are read, linked and found, as tables."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.quality.extraction import figures, measure_all

COLUMNS = ("rows", "complete", "objective", "task", "product", "lead", "coord", "time", "citations", "targets")


def main() -> None:
    """Prints the tables."""
    print("Reading (row F1, complete rows, fields over matched rows, citations F1, targets F1)")
    print(f"{'':28}" + "".join(f"{name:>11}" for name in COLUMNS))
    for case, found in measure_all():
        values = figures(found)
        print(
            f"{case.name:28}" + "".join(f"{values[name]:11.3f}" if name in values else f"{'–':>11}" for name in COLUMNS)
        )
    print()
    search()


def search() -> None:
    """Prints how well search finds what it should, beside plain baselines, on development and held-out queries."""
    from benchmarks.search_quality import Bench, rankers_of, show, without_shared_phrases

    with TemporaryDirectory() as temporary:
        bench = Bench(Path(temporary))
        show("Search, development queries", rankers_of(bench), bench, bench.queries)
        show("Search, held-out queries", rankers_of(bench), bench, bench.held_out)
        print(f"without everyday phrases that happen to stand in one: nDCG@10 {without_shared_phrases(bench):.3f}")
        print("before anything was learnt from the held-out queries: nDCG@10 0.784, recall@50 0.836")


if __name__ == "__main__":
    main()
