"""A plan that joins or changes is compared in its own pairs only; the links of all other pairs stay what they were."""

from __future__ import annotations

from pathlib import Path

import pytest

import graph.trace
from api.pipeline import build
from api.settings import Settings
from graph.model import Link, Plan
from graph.similarity import Similarity


def test_one_plan_more_touches_only_its_own_links(own: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    data, files = own
    compared: list[tuple[str, str]] = []
    made = graph.trace.link_pair

    def counted(higher: Plan, lower: Plan, similarity: Similarity | None) -> tuple[Link, ...]:
        compared.append((higher.id, lower.id))
        return made(higher, lower, similarity)

    monkeypatch.setattr(graph.trace, "link_pair", counted)
    commune = files / "xa-long-ho.txt"
    (files / "xa-binh-hoa.txt").write_text(
        commune.read_text(encoding="utf-8").replace("Long Hồ", "Bình Hòa"), encoding="utf-8"
    )
    build([files], Settings(data=data, workers=1))
    assert compared
    assert {lower for _, lower in compared} == {"xa-binh-hoa-txt"}
    compared.clear()
    commune.write_text(commune.read_text(encoding="utf-8").replace("Hàng quý", ""), encoding="utf-8")
    build([files], Settings(data=data, workers=1))
    assert {lower for _, lower in compared} == {"xa-long-ho-txt"}
