"""One segment of the index: a fixed set of passages with their vectors, lists and filter columns, on disk.

A segment is written once and never changed; passages that go away are marked in the manifest. Everything is mapped,
so that opening costs nothing and a hit reads its own passage only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder.base import Vectors
from embeddings.errors import IndexBroken
from embeddings.lexical import LexicalIndex, Vocabulary, Zones
from embeddings.passages import FIELDS, KINDS, Passage
from embeddings.vectors import VectorIndex, load_index, make_index
from graph.text import fold

FIRST_YEAR = 2000
_PROVINCE = re.compile(r" (?:tinh|thanh pho) .*$")
_TUPLES = {field.name for field in fields(Passage) if str(field.type).startswith("tuple")}

OWN, AROUND, WHO = 1.0, 0.5, 0.35
"""What a word counts in a passage's own words, in its objective, section and product, and in the names of its lead."""


def zones(passage: Passage, expand: Callable[[str], str]) -> Zones:
    """The texts of a passage that the lists are made of, short forms written out."""
    around = " . ".join(part for part in (passage.objective, passage.context) if part and part != passage.display)
    return (
        (expand(passage.display), OWN),
        (expand(around), AROUND),
        (expand("; ".join(passage.lead)), WHO),
        (" ; ".join((*passage.laws, passage.time)), AROUND),
    )


@dataclass(frozen=True, slots=True)
class Tags:
    """Which passages carry which value (agency, law, document, province): names and sorted row numbers."""

    names: tuple[str, ...]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]

    @classmethod
    def build(cls, values: Iterable[Iterable[str]]) -> Tags:
        owners: dict[str, list[int]] = {}
        for row, tags in enumerate(values):
            for tag in dict.fromkeys(tags):
                owners.setdefault(tag, []).append(row)
        names = tuple(sorted(owners))
        starts = np.cumsum([0, *(len(owners[name]) for name in names)], dtype=np.int64)
        rows = np.array([row for name in names for row in owners[name]], np.int32)
        return cls(names, starts, rows)

    def save(self, folder: Path, name: str) -> None:
        Vocabulary(self.names).save(folder / f"{name}.txt")
        np.save(folder / f"{name}.starts.npy", self.starts)
        np.save(folder / f"{name}.rows.npy", self.rows)

    @classmethod
    def load(cls, folder: Path, name: str) -> Tags:
        text = (folder / f"{name}.txt").read_text("utf-8")
        starts, rows = (
            np.asarray(np.load(folder / f"{name}.{part}.npy", mmap_mode="r")) for part in ("starts", "rows")
        )
        return cls(tuple(text.split("\n")) if text else (), starts, rows)

    def of(self, number: int) -> NDArray[np.int32]:
        """The rows that carry the value of that number."""
        return self.rows[self.starts[number] : self.starts[number + 1]]


TAGS = ("documents", "agencies", "leads", "issuers", "laws", "provinces", "ids")


@dataclass(frozen=True, eq=False)
class Segment:
    """An opened segment."""

    name: str
    folder: Path
    count: int
    vectors: VectorIndex
    lexical: LexicalIndex
    kinds: NDArray[np.uint8]
    fields: NDArray[np.uint8]
    years: NDArray[np.uint64]
    begins: NDArray[np.int32]
    due: NDArray[np.int32]
    offsets: NDArray[np.int64]
    expand: Callable[[str], str]
    gone: tuple[str, ...]

    def tags(self, name: str) -> Tags:
        """The tags of one of TAGS, mapped at the first use."""
        if name not in self._tags:
            self._tags[name] = Tags.load(self.folder, name)
        return self._tags[name]

    @cached_property
    def _tags(self) -> dict[str, Tags]:
        return {}

    @cached_property
    def live(self) -> NDArray[np.bool_]:
        """Which passages have not gone since the segment was written."""
        mask = np.ones(self.count, bool)
        tags = self.tags("documents")
        for number, name in enumerate(tags.names):
            if name in self.gone:
                mask[tags.of(number)] = False
        return mask

    def of_kinds(self, kinds: tuple[str, ...]) -> NDArray[np.bool_] | None:
        """Which live passages are of these kinds, None when all are; kept, and not to be changed."""
        if kinds not in self._of_kinds:
            mask = np.isin(self.kinds, [KINDS.index(kind) for kind in kinds])
            if self.gone:
                mask &= self.live
            self._of_kinds[kinds] = None if mask.all() else mask
        return self._of_kinds[kinds]

    @cached_property
    def _of_kinds(self) -> dict[tuple[str, ...], NDArray[np.bool_] | None]:
        return {}

    @cached_property
    def _bytes(self) -> NDArray[np.uint8]:
        return np.memmap(self.folder / "passages.jsonl", np.uint8, "r")

    @cached_property
    def folded_leads(self) -> tuple[str, ...]:
        """Folded forms of the lead names, short forms written out, in the order of the tags."""
        return tuple(fold(self.expand(name)) for name in self.tags("leads").names)

    @cached_property
    def leads_by_name(self) -> dict[str, list[int]]:
        """Numbers of the lead tags by folded name."""
        return _places(self.folded_leads)

    @cached_property
    def issuers_by_name(self) -> dict[str, list[int]]:
        """Numbers of the issuer tags by folded name without the province."""
        return _places(self.folded_issuers)

    @cached_property
    def laws_by_key(self) -> dict[str, list[int]]:
        """Numbers of the law tags by folded id."""
        return _places([fold(name) for name in self.tags("laws").names])

    @cached_property
    def provinces_by_name(self) -> dict[str, list[int]]:
        """Numbers of the province tags by folded name."""
        return _places([fold(name) for name in self.tags("provinces").names])

    @cached_property
    def folded_issuers(self) -> tuple[str, ...]:
        """Folded forms of the issuers' names without their province, in the order of the tags."""
        return tuple(_PROVINCE.sub("", fold(self.expand(name))) for name in self.tags("issuers").names)

    def passage(self, row: int) -> Passage:
        """The passage of a row number."""
        raw: dict[str, Any] = json.loads(self._bytes[self.offsets[row] : self.offsets[row + 1]].tobytes())
        for name in _TUPLES:
            raw[name] = tuple(raw[name])
        return Passage(**raw)


def _places(names: Sequence[str]) -> dict[str, list[int]]:
    made: dict[str, list[int]] = {}
    for number, name in enumerate(names):
        made.setdefault(name, []).append(number)
    return made


def year_bits(years: Iterable[int]) -> int:
    """Years 2000 to 2063 as bits."""
    return sum(1 << (year - FIRST_YEAR) for year in set(years) if 0 <= year - FIRST_YEAR < 64)


def day_number(day: str) -> int:
    """An ISO day as a number that sorts (20260630), 0 for none."""
    return int(day.replace("-", "")) if day else 0


class _AllZones(Sequence[Zones]):
    """The zones of many passages, made when asked for, so that a million of them need no memory."""

    def __init__(self, passages: Sequence[Passage], expand: Callable[[str], str]) -> None:
        self._passages = passages
        self._expand = expand

    def __len__(self) -> int:
        return len(self._passages)

    @overload
    def __getitem__(self, at: int) -> Zones: ...

    @overload
    def __getitem__(self, at: slice) -> _AllZones: ...

    def __getitem__(self, at: int | slice) -> Zones | _AllZones:
        if isinstance(at, slice):
            return _AllZones(self._passages[at], self._expand)
        return zones(self._passages[at], self._expand)


def write_segment(
    folder: Path, passages: Sequence[Passage], vectors: Vectors, expand: Callable[[str], str]
) -> dict[str, Any]:
    """Writes a segment into a new folder and gives its entry for the manifest."""
    expand = lru_cache(maxsize=1 << 16)(expand)  # the lists are made in several passes over the same words
    folder.mkdir(parents=True)
    kind = _write_vectors(folder, vectors)
    LexicalIndex.build(_AllZones(passages, expand)).save(folder)
    np.save(folder / "kinds.npy", np.array([KINDS.index(p.kind) for p in passages], np.uint8))
    np.save(folder / "fields.npy", np.array([FIELDS.index(p.field) + 1 if p.field else 0 for p in passages], np.uint8))
    np.save(folder / "years.npy", np.array([year_bits(p.years) for p in passages], np.uint64))
    np.save(folder / "begins.npy", np.array([day_number(p.begins) for p in passages], np.int32))
    np.save(folder / "due.npy", np.array([day_number(p.due) for p in passages], np.int32))
    columns = {
        "documents": ((p.document,) for p in passages),
        "agencies": (p.agencies for p in passages),
        "leads": (p.lead for p in passages),
        "issuers": ((p.issuer,) if p.issuer else () for p in passages),
        "laws": (p.laws for p in passages),
        "provinces": ((p.province,) if p.province else () for p in passages),
        "ids": ((p.id,) for p in passages),
    }
    for name, values in columns.items():
        Tags.build(values).save(folder, name)
    offsets = [0]
    with (folder / "passages.jsonl").open("wb") as stream:
        for passage in passages:
            stream.write(json.dumps(asdict(passage), ensure_ascii=False, sort_keys=True).encode() + b"\n")
            offsets.append(stream.tell())
    np.save(folder / "offsets.npy", np.array(offsets, np.int64))
    return {"name": folder.name, "count": len(passages), "vectors": kind}


def _write_vectors(folder: Path, vectors: Vectors) -> str:
    """Writes the vector index and gives its kind; its memory is free before the lists are made."""
    index = make_index(vectors)
    index.save(folder)
    return index.kind


def open_segment(folder: Path, entry: dict[str, Any], expand: Callable[[str], str]) -> Segment:
    """Maps a segment. Raises IndexBroken when a file is missing or cut short."""
    count = int(entry["count"])
    try:
        columns = {
            name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))
            for name in ("kinds", "fields", "years", "begins", "due", "offsets")
        }
        made = Segment(
            name=str(entry["name"]),
            folder=folder,
            count=count,
            vectors=load_index(folder, str(entry["vectors"])),
            lexical=LexicalIndex.load(folder, count),
            expand=expand,
            gone=tuple(entry.get("gone", ())),
            **columns,
        )
    except (OSError, ValueError, EOFError) as error:
        raise _broken(folder, str(error)) from error
    if len(made.vectors) != count or len(made.kinds) != count or len(made.offsets) != count + 1:
        raise _broken(folder, "counts differ")
    return made


def _broken(folder: Path, what: str) -> IndexBroken:
    return IndexBroken(
        f"Chỉ mục tìm kiếm ở {folder} bị hỏng; hãy dựng lại bằng cchc build",
        f"the search index in {folder} is damaged, build it again: {what}",
    )
