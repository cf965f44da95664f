"""The bundled model in ONNX Runtime with 8-bit weights and activations: bulk encoding without torch.

One text a run, several runs at a time: nothing is padded, and a text's vector never depends on what else is encoded
with it (activations are quantised per run), so that the same text has the same vector in every build. The word
embeddings stay in the 4-bit file; only the rows of a text's tokens are unpacked. Loading takes 0.05 s where graph and
tables are kept in a folder: the package tokenizers, which takes 0.7 s more, is loaded for many texts only.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder.base import Vectors
from embeddings.encoder.unigram import Unigram
from embeddings.encoder.weights import GRAPH_FILE, E5File, make_tokenizer, unpack
from embeddings.errors import EncoderMissing

TOKENIZER_FILE = "multilingual-e5-small-tokenizer-v1.json"
PASSAGE, QUERY = "passage: ", "query: "
_CONTRIB = "com.microsoft"
_CHUNK = 512
_FEW = 16
"""Up to this many texts are not worth loading the package tokenizers for."""


class OnnxEncoder:
    """Encodes passages and queries; made once a process. What is made from the bundled file (graph, tokenizer, table of
    pieces) is kept in `cache_dir` when one is given."""

    def __init__(self, cache_dir: Path | None = None, workers: int | None = None) -> None:
        """Raises EncoderMissing when onnxruntime is not installed, or onnx where the graph has to be made."""
        try:
            import onnxruntime
        except ImportError as error:
            raise _missing("onnxruntime", error) from error
        self._file = file = E5File()
        self._cache_dir = cache_dir
        self._shape = file.shape
        self._words = file.blocks("emb.word", file.shape.vocabulary, file.shape.hidden)
        self._places = (
            file.dense("emb.pos").reshape(-1, file.shape.hidden) + file.dense("emb.type")[: file.shape.hidden]
        )
        self._norm = (file.dense("emb.ln.w"), file.dense("emb.ln.b"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        graph = _graph(file, cache_dir)
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self._workers = workers or _cores()
        self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="encoder")

    @cached_property
    def _tokenizer(self) -> Any:
        return _tokenizer(self._file, self._cache_dir)

    @cached_property
    def _unigram(self) -> Unigram:
        return Unigram.open(self._file, self._cache_dir)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of the texts in order; a text longer than the model's positions is cut at the end."""
        made = np.zeros((len(texts), self._shape.hidden), np.float32)
        for start in range(0, len(texts), _CHUNK):
            prefixed = [PASSAGE + text for text in texts[start : start + _CHUNK]]
            made[start : start + _CHUNK] = list(self._vectors(self._tokens(prefixed)))
        return made

    def _tokens(self, texts: Sequence[str]) -> list[list[int]]:
        if len(texts) <= _FEW:
            return [self._unigram.ids(text) for text in texts]
        return [encoding.ids for encoding in self._tokenizer.encode_batch(texts)]

    def queries(self, texts: Sequence[str]) -> Vectors:
        """The same for a few short texts that ask for something."""
        made = np.zeros((len(texts), self._shape.hidden), np.float32)
        for row, vector in enumerate(self._vectors(self._unigram.ids(QUERY + text) for text in texts)):
            made[row] = vector
        return made

    def _vectors(self, tokens: Iterable[Sequence[int]]) -> Iterable[NDArray[np.float32]]:
        """A vector for each text's tokens, in order; several at a time."""
        cut = [ids[: self._shape.positions] for ids in tokens]
        return self._pool.map(self._one, cut) if len(cut) > 1 else map(self._one, cut)

    def _one(self, ids: Sequence[int]) -> NDArray[np.float32]:
        feed = {"embedded": self._embed(np.array(ids))[None], "mask": np.ones((1, len(ids)), np.int32)}
        vector: NDArray[np.float32] = self._session.run(None, feed)[0][0].mean(axis=0)
        return np.asarray(vector / np.linalg.norm(vector), np.float32)

    def _embed(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Word, place and type embeddings of one text, normalised: (tokens, hidden)."""
        summed = unpack(self._words[ids]) + self._places[: len(ids)]
        centred = summed - summed.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + self._shape.epsilon)
        return np.asarray(centred / spread * self._norm[0] + self._norm[1], np.float32)


def _cores() -> int:
    """Cores that this process may use, at most 8: more only fight over memory."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, 8))


def _missing(package: str, error: ImportError) -> EncoderMissing:
    return EncoderMissing(
        f"Thiếu gói {package} để tạo véc-tơ hàng loạt: chạy pip install {package}",
        f"the package {package} is not installed: pip install {package} ({error})",
    )


def _tokenizer(file: E5File, cache_dir: Path | None) -> Any:
    try:
        from tokenizers import Tokenizer
    except ImportError as error:
        raise _missing("tokenizers", error) from error
    if cache_dir is None:
        return make_tokenizer(file)
    kept = cache_dir / TOKENIZER_FILE
    if not kept.exists():
        _keep(kept, make_tokenizer(file).to_str().encode())
    return Tokenizer.from_file(str(kept))


def _graph(file: E5File, cache_dir: Path | None) -> bytes:
    """The serialised graph, built once a cache folder."""
    if cache_dir is None:
        return build_graph(file)
    kept = cache_dir / GRAPH_FILE
    if not kept.exists():
        _keep(kept, build_graph(file))
    return kept.read_bytes()


def _keep(path: Path, content: bytes) -> None:
    """Writes a file at once, so that another process never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.write_bytes(content)
    temporary.replace(path)


def build_graph(file: E5File) -> bytes:
    """The encoder layers as an ONNX graph: embedded (1, tokens, hidden) and mask (1, tokens) → hidden states.

    Weights are int8 with one scale a column; activations are quantised as they come. Raises EncoderMissing without the
    package onnx.
    """
    try:
        import onnx
    except ImportError as error:
        raise _missing("onnx", error) from error
    shape = file.shape
    graph = _Builder(onnx)
    last = "embedded"
    for layer in range(shape.layers):
        last = _layer(graph, file, f"l{layer}.", last)
    helper, kinds = onnx.helper, onnx.TensorProto
    sizes: list[int | str | None] = [1, "tokens", shape.hidden]
    made = helper.make_graph(
        graph.nodes,
        "multilingual-e5-small",
        [
            helper.make_tensor_value_info("embedded", kinds.FLOAT, sizes),
            helper.make_tensor_value_info("mask", kinds.INT32, [1, "tokens"]),
        ],
        [helper.make_tensor_value_info(last, kinds.FLOAT, sizes)],
        graph.constants,
    )
    imports = [helper.make_opsetid("", 17), helper.make_opsetid(_CONTRIB, 1)]
    return bytes(helper.make_model(made, opset_imports=imports, ir_version=9).SerializeToString())


class _Builder:
    """Collects nodes and constants."""

    def __init__(self, onnx: Any) -> None:
        self._onnx = onnx
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self._quantised: set[str] = set()

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.append(self._onnx.numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], outputs: list[str], domain: str = _CONTRIB, **more: Any) -> None:
        self.nodes.append(self._onnx.helper.make_node(kind, inputs, outputs, domain=domain, **more))

    def linear(self, source: str, target: str, weights: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
        """target = source · weightsᵀ + bias in 8 bits; the source is quantised once however often it is used."""
        scale = np.maximum(np.abs(weights).max(axis=1), 1e-12) / 127
        levels = np.rint(weights / scale[:, None]).clip(-127, 127).astype(np.int8)
        if source not in self._quantised:
            outputs = [f"{source}.levels", f"{source}.scale", f"{source}.zero"]
            self.node("DynamicQuantizeLinear", [source], outputs, "")
            self._quantised.add(source)
        inputs = [
            f"{source}.levels",
            self.constant(f"{target}.weights", levels.T),
            f"{source}.scale",
            self.constant(f"{target}.scales", scale.astype(np.float32)),
            f"{source}.zero",
            self.constant(f"{target}.zeros", np.zeros(len(scale), np.int8)),
            self.constant(f"{target}.bias", bias),
        ]
        self.node("MatMulIntegerToFloat", inputs, [target])
        return target


def _layer(graph: _Builder, file: E5File, layer: str, source: str) -> str:
    """One transformer layer; gives the name of its output."""
    hidden, inner = file.shape.hidden, file.shape.inner

    def linear(name: str, start: str, rows: int, columns: int) -> str:
        weights, bias = file.matrix(f"{layer}{name}.w", rows, columns), file.dense(f"{layer}{name}.b")
        return graph.linear(start, layer + name, weights, bias)

    def norm(name: str, first: str, second: str) -> str:
        weights = [graph.constant(f"{layer}{name}.{part}", file.dense(f"{layer}{name}.{part}")) for part in "wb"]
        graph.node("SkipLayerNormalization", [first, second, *weights], [layer + name], epsilon=file.shape.epsilon)
        return layer + name

    parts = [linear(name, source, hidden, hidden) for name in "qkv"]
    attended = f"{layer}attended"
    graph.node("MultiHeadAttention", [*parts, "", "mask"], [attended], num_heads=file.shape.heads)
    middle = norm("aln", linear("ao", attended, hidden, hidden), source)
    widened = linear("fi", middle, inner, hidden)
    graph.node("Gelu", [widened], [f"{layer}gelu"])
    return norm("oln", linear("fo", f"{layer}gelu", hidden, inner), middle)
