"""`make quality`: how well plans are read, linked and found, as tables."""

from __future__ import annotations

from tests.quality.extraction import figures, measure_all

COLUMNS = ("rows", "complete", "objective", "task", "product", "lead", "coord", "time", "citations", "targets")


def main() -> None:
    """Prints the tables."""
    print("Reading (row F1, complete rows, fields over matched rows, citations F1, targets F1)")
    print(f"{'':18}" + "".join(f"{name:>11}" for name in COLUMNS))
    for case, found in measure_all():
        values = figures(found)
        print(
            f"{case.name:18}" + "".join(f"{values[name]:11.3f}" if name in values else f"{'–':>11}" for name in COLUMNS)
        )


if __name__ == "__main__":
    main()
