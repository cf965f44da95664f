"""sentence-transformers: any model by name or path, and the bundled weights as one (the reference for speed)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from embeddings.encoder.base import Vectors
from embeddings.encoder.weights import LINEAR, NORMS, E5File, make_tokenizer
from embeddings.errors import EncoderMissing

_PREFIXES = {"query": "query: ", "passage": "passage: "}


class SentenceEncoder:
    """A sentence-transformers model. Its own "query" and "passage" (or "document") prompts are used where it has any;
    e5 models without prompts get e5's prefixes."""

    def __init__(self, model: str, batch_size: int = 32) -> None:
        """Loads a model by path or name; from the network only if the user's own settings allow it.

        Raises EncoderMissing when it cannot be had.
        """
        try:
            from sentence_transformers import SentenceTransformer

            self._model: Any = SentenceTransformer(model, device="cpu")
        except (ImportError, OSError, ValueError) as error:
            raise EncoderMissing(
                f"Không nạp được mô hình {model}; kiểm tra tên, đường dẫn hoặc kết nối mạng",
                f"the model {model} cannot be loaded: {error}",
            ) from error
        self._name = str(model)
        self._batch_size = batch_size
        prompts = {name: text for name, text in (self._model.prompts or {}).items() if text}
        if not prompts and "e5" in Path(model).name.lower():
            prompts = _PREFIXES
        self._query = prompts.get("query", "")
        self._passage = prompts.get("passage", prompts.get("document", ""))

    @property
    def name(self) -> str:
        return self._name

    @property
    def dimension(self) -> int:
        return int(self._model.get_embedding_dimension())

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self._query)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self._passage)

    def _encode(self, texts: Sequence[str], prefix: str) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        made = self._model.encode(
            [prefix + text for text in texts],
            batch_size=self._batch_size,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(made, np.float32)


def convert_bundled(folder: Path) -> Path:
    """Writes the bundled weights, dequantised, as a sentence-transformers model into `folder`; done once.

    Its vectors have a cosine of 0.9999 with the C engine's.
    """
    if (folder / "modules.json").exists():
        return folder
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    file = E5File()
    shape = file.shape
    config = BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.inner,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=shape.epsilon,
        pad_token_id=file.pieces().pad,
    )
    bert = BertModel(config, add_pooling_layer=False)
    bert.load_state_dict({name: torch.from_numpy(value) for name, value in _state(file).items()})
    inner = folder / "transformer"
    bert.save_pretrained(inner)
    marks = ("bos", "<s>"), ("eos", "</s>"), ("cls", "<s>"), ("sep", "</s>"), ("unk", "<unk>"), ("pad", "<pad>")
    special = {f"{name}_token": mark for name, mark in marks}
    fast: Any = PreTrainedTokenizerFast
    fast(tokenizer_object=make_tokenizer(file), model_max_length=shape.positions, **special).save_pretrained(inner)
    modules = [
        Transformer(str(inner), max_seq_length=shape.positions),
        Pooling(shape.hidden, pooling_mode="mean"),
        Normalize(),
    ]
    SentenceTransformer(modules=modules, prompts=_PREFIXES).save(str(folder))
    return folder


def _state(file: E5File) -> dict[str, Any]:
    shape = file.shape
    state: dict[str, Any] = {
        "embeddings.word_embeddings.weight": file.matrix("emb.word", shape.vocabulary, shape.hidden),
        "embeddings.position_embeddings.weight": file.dense("emb.pos").reshape(shape.positions, shape.hidden),
        "embeddings.token_type_embeddings.weight": file.dense("emb.type").reshape(shape.types, shape.hidden),
        "embeddings.LayerNorm.weight": file.dense("emb.ln.w"),
        "embeddings.LayerNorm.bias": file.dense("emb.ln.b"),
    }
    for layer in range(shape.layers):
        for full, short in LINEAR:
            rows = shape.inner if short == "fi" else shape.hidden
            columns = shape.inner if short == "fo" else shape.hidden
            state[f"encoder.layer.{layer}.{full}.weight"] = file.matrix(f"l{layer}.{short}.w", rows, columns)
            state[f"encoder.layer.{layer}.{full}.bias"] = file.dense(f"l{layer}.{short}.b")
        for full, short in NORMS:
            state[f"encoder.layer.{layer}.{full}.weight"] = file.dense(f"l{layer}.{short}.w")
            state[f"encoder.layer.{layer}.{full}.bias"] = file.dense(f"l{layer}.{short}.b")
    return state
