"""Makes `restore_bigrams.tsv`: `python -m graph.ingest.restore_train`.

Learns from the clean plans among the samples, the registers of legal documents, agencies and abbreviations, and the
phrases of administrative Vietnamese in `restore_seed.txt`. Plans without diacritics teach nothing and are left out.
"""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path

from graph.ingest.restore import Lexicon

_LEAST_MARKED = 0.2
"""The least share of letters outside ASCII in a clean Vietnamese text."""


def training_texts() -> list[str]:
    """The texts to learn from."""
    texts: list[str] = []
    samples = Path(str(files("graph"))) / "samples"
    for path in sorted(samples.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        letters = [c for c in text if c.isalpha()]
        if letters and sum(not c.isascii() for c in letters) / len(letters) >= _LEAST_MARKED:
            texts.append(" ".join(text.split()))
    register = Path(str(files("ontology"))) / "register"
    for name, fields in (
        ("legal_documents.csv", ("title", "issuer", "type")),
        ("agencies_succession.csv", ("predecessor", "successor")),
        ("abbreviations.csv", ("abbreviation", "expansion")),
        ("provinces.csv", ("name", "old", "new", "province")),
    ):
        with (register / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                texts += [row[field] for field in fields if row.get(field)]
    seed = (files("graph.ingest") / "restore_seed.txt").read_text(encoding="utf-8")
    texts += seed.splitlines() * 2
    return texts


def main() -> None:
    """Writes the table beside this module."""
    lexicon = Lexicon.learn(training_texts())
    lines = ["# acronyms, one a line; words: word, count; pairs: first, second, count"]
    lines += sorted(lexicon.acronyms)
    lines += [f"{word}\t{count}" for word, count in sorted(lexicon.words.items()) if count > 1 or len(word) > 1]
    lines += [f"{first}\t{second}\t{count}" for (first, second), count in sorted(lexicon.pairs.items())]
    Path(__file__).with_name("restore_bigrams.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
