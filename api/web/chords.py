"""The picture of who depends on whom: agencies on a circle, a curve for each dependency. SVG without styles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import cos, pi, sin
from typing import Any

from markupsafe import Markup, escape

MOST = 16
LABEL = 40
WIDTH, HEIGHT, RADIUS = 960, 560, 190


def chords(agencies: Sequence[Mapping[str, Any]], edges: Sequence[Mapping[str, Any]]) -> Markup:
    """An <svg> of the most loaded agencies that depend on each other; empty when no two of them do."""
    loaded = {one["key"]: one for one in agencies}
    touched: dict[str, int] = {}
    for edge in edges:
        for end in (edge["from"], edge["to"]):
            touched[end] = touched.get(end, 0) + edge["weight"]
    keys = sorted(touched, key=lambda key: (-touched[key], key))[:MOST]
    shown = [edge for edge in edges if edge["from"] in keys and edge["to"] in keys]
    keys = sorted({end for edge in shown for end in (edge["from"], edge["to"])}, key=keys.index)
    if not shown:
        return Markup()
    at = {key: 2 * pi * place / len(keys) - pi / 2 for place, key in enumerate(keys)}
    most = max(edge["weight"] for edge in shown)
    lines = Markup().join(_curve(edge, at, most, loaded) for edge in shown)
    dots = Markup().join(_dot(loaded[key], at[key]) for key in keys)
    return Markup('<svg class="chords" viewBox="0 0 {} {}" role="img">{}{}</svg>').format(WIDTH, HEIGHT, lines, dots)


def _point(angle: float, radius: float = RADIUS) -> tuple[float, float]:
    return round(WIDTH / 2 + radius * cos(angle), 1), round(HEIGHT / 2 + radius * sin(angle), 1)


def _curve(edge: Mapping[str, Any], at: Mapping[str, float], most: int, known: Mapping[str, Any]) -> Markup:
    (x1, y1), (x2, y2) = _point(at[edge["from"]]), _point(at[edge["to"]])
    (mx, my) = _point((at[edge["from"]] + at[edge["to"]]) / 2, 40)
    words = f"{known[edge['from']]['name']} → {known[edge['to']]['name']}: {edge['weight']}"
    width = round(1 + 5 * edge["weight"] / most, 1)
    return Markup('<path class="chord" d="M{} {} Q{} {} {} {}" stroke-width="{}"><title>{}</title></path>').format(
        x1, y1, mx, my, x2, y2, width, words
    )


def _dot(agency: Mapping[str, Any], angle: float) -> Markup:
    x, y = _point(angle)
    lx, ly = _point(angle, RADIUS + 16)
    side = "middle" if abs(cos(angle)) < 0.15 else ("start" if cos(angle) > 0 else "end")
    name = str(agency["name"])
    shown = name if len(name) <= LABEL else name[: LABEL - 1].rstrip() + "…"
    from urllib.parse import quote

    return Markup(
        '<a href="/agency/{}"><circle class="dot" cx="{}" cy="{}" r="{}"/>'
        '<text class="label" x="{}" y="{}" text-anchor="{}" dominant-baseline="middle">{}<title>{}</title></text></a>'
    ).format(quote(agency["key"], safe=""), x, y, 7, lx, ly, side, shown, escape(name))
