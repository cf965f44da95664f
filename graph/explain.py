"""Source beside result: for a person who wants to see how a plan was read (`cchc extract --explain`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from graph.model import Plan, Row, Source, Target

FIELDS = (
    ("section_title", "Mục"),
    ("horizon", "Mốc"),
    ("objective", "Mục tiêu"),
    ("task", "Nhiệm vụ"),
    ("activity", "Hoạt động"),
    ("product", "Sản phẩm"),
    ("lead", "Chủ trì"),
    ("coordinating", "Phối hợp"),
    ("time", "Thời gian"),
    ("budget", "Kinh phí"),
)
SURE, LIKELY = 0.9, 0.6


def explain_text(plan: Plan) -> str:
    """Row by row: the place, the source lines where the format has lines, the cells, what was guessed."""
    return "\n".join(_text_lines(plan)) + "\n"


def _text_lines(plan: Plan) -> Iterator[str]:
    for row in plan.rows:
        yield f"── {row.id}  ({row.raw.source.label()})"
        for number, line in source_lines(plan.lines, row.raw.source):
            yield f"  {number:>5} │ {line.rstrip()}"
        for name, words in FIELDS:
            text = getattr(row.raw, name)
            if text:
                sure = row.raw.confidence.get(name, 1.0)
                yield f"        {words}: {text}" + (f"   [{sure:.2f}]" if sure < SURE else "")
                if name in row.raw.raw:
                    yield f"        {words} (nguyên văn, as printed): {row.raw.raw[name]}"
        for guess in row.raw.guesses:
            yield f"        ? {guess}"
        yield ""
    for target in plan.targets:
        yield f"◎ {target.id} ({target.source.label()}): {_quantity(target)} – {target.metric}"
    yield ""
    for problem in plan.problems:
        yield f"! {problem.place.label()}: {problem.reason}"


def source_lines(lines: Sequence[str], source: Source, limit: int = 60) -> list[tuple[int, str]]:
    """The numbered lines of a place that are not blank, at most `limit`; none where the format has no lines."""
    if not lines or source.line_start is None:
        return []
    last = min(source.line_end or source.line_start, len(lines), source.line_start + limit - 1)
    return [(n, lines[n - 1]) for n in range(source.line_start, last + 1) if lines[n - 1].strip()]


def explain_html(plan: Plan) -> str:
    """The same as one self-contained page: source lines left, cells right, coloured by confidence; all text escaped."""
    used = {n for row in plan.rows for n, _ in source_lines(plan.lines, row.raw.source)}
    parts = [
        "<!doctype html><html lang=vi><meta charset=utf-8>",
        f"<title>{escape(plan.head.title or plan.source)}</title><style>{_STYLE}</style>",
        f"<h1>{escape(plan.head.title or plan.source)}</h1>",
        f"<p>{escape(plan.head.issuer)} · {escape(plan.source)} · {len(plan.rows)} hàng (rows) · "
        f"{len(plan.targets)} chỉ tiêu (targets) · {len(plan.problems)} vấn đề (problems)</p>",
        "<p class=key><b class=sure>chắc (sure)</b> <b class=likely>có thể (likely)</b> "
        "<b class=weak>phải đoán (guessed)</b></p>",
        *(_row_html(plan, row) for row in plan.rows),
        "<h2>Chỉ tiêu (targets)</h2><ul>",
        *(
            f"<li><b>{escape(_quantity(target))}</b> {escape(target.metric)} "
            f"<i>{escape(target.source.label())}</i></li>"
            for target in plan.targets
        ),
        "</ul><h2>Vấn đề (problems)</h2><ul>",
        *(f"<li><i>{escape(problem.place.label())}</i>: {escape(problem.reason)}</li>" for problem in plan.problems),
        "</ul>",
    ]
    if plan.lines:
        parts.append(
            "<h2>Toàn văn; dòng thuộc hàng nào của bảng thì tô màu (full text, lines of rows coloured)</h2><pre>"
        )
        parts += [
            f"<span{' class=used' if number in used else ''}>{number:>5}  {escape(line.rstrip())}</span>\n"
            for number, line in enumerate(plan.lines, 1)
            if line.strip()
        ]
        parts.append("</pre>")
    return "".join(parts)


def _row_html(plan: Plan, row: Row) -> str:
    lines = "".join(
        f"<span>{n:>5}  {escape(line.rstrip())}</span>\n" for n, line in source_lines(plan.lines, row.raw.source)
    )
    cells = []
    for name, words in FIELDS:
        text = getattr(row.raw, name)
        if not text:
            continue
        sure = row.raw.confidence.get(name, 1.0)
        level = "sure" if sure >= SURE else ("likely" if sure >= LIKELY else "weak")
        raw = row.raw.raw.get(name)
        as_printed = f"<br><small>nguyên văn: {escape(raw)}</small>" if raw else ""
        cells.append(f"<dt>{words}</dt><dd class={level} title='{sure:.2f}'>{escape(text)}{as_printed}</dd>")
    guesses = "".join(f"<li>{escape(guess)}</li>" for guess in row.raw.guesses)
    return (
        f"<section id='{escape(row.id)}'><h3>{escape(row.id)} <i>{escape(row.raw.source.label())}</i></h3>"
        f"<div><pre>{lines}</pre><dl>{''.join(cells)}</dl></div>{f'<ul>{guesses}</ul>' if guesses else ''}</section>"
    )


def _quantity(target: Target) -> str:
    return f"{target.comparator} {target.value:g} {target.unit}".strip()


_STYLE = (
    ""
    "body{font:15px/1.45 'Segoe UI','Noto Sans',Arial,sans-serif;margin:1.5rem auto;max-width:78rem;padding:0 1rem}"
    "section{border-top:1px solid #ccc}section>div{display:grid;grid-template-columns:1fr 1fr;gap:1rem}"
    "h3{margin:.5rem 0}i{color:#667;font-weight:400;font-size:.85rem}"
    "pre{background:#f5f5f2;padding:.5rem;overflow-x:auto;white-space:pre-wrap;font-size:.8rem;margin:0}"
    "dl{display:grid;grid-template-columns:6.5rem 1fr;gap:.2rem .6rem;margin:0}dt{color:#667}"
    "dd{margin:0;padding:0 .3rem}.sure{background:#e7f5ea}.likely{background:#fff5d6}.weak{background:#fde3df}"
    ".used{background:#e7f5ea}.key b{padding:0 .5rem;font-weight:400}"
)
