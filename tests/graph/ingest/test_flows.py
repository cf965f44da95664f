"""Tables torn in the order of reading: pieces of lines, cells, rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from graph.ingest.faces import Face
from graph.ingest.flows import read_flows
from graph.ingest.flows.cells import cell_features, way_of
from graph.ingest.flows.layout import PageLayout
from graph.ingest.flows.net import CellNet, Placed, WordNet
from graph.ingest.flows.page import cut_table
from graph.ingest.flows.reading import from_boxes
from graph.ingest.flows.tokens import features, finest, kinds_of, tokens_of
from graph.ingest.torn.lines import Line, printed_lines, split_lines
from tests.graph.ingest.flow_pages import page_of, parses, told

FILES = Path(__file__).parents[2] / "gold" / "files"


def _lines(name: str) -> tuple[Line, ...]:
    return printed_lines(split_lines((FILES / name).read_text(encoding="utf-8")))


# -- pieces: from top to bottom, at one height from left to right


def test_lines_of_two_columns_that_alternate_stand_in_one_row() -> None:
    parts, said = page_of(
        [
            [(0, "Rà soát văn bản", True)],
            [(1, "Báo cáo", True)],
            [(0, "quy phạm pháp luật", False)],
            [(1, "rà soát", False)],
        ]
    )
    assert told(parses(parts, said, [7.0, 4.0])[0]) == [
        (0, 0, "Rà soát văn bản"),
        (1, 0, "Báo cáo"),
        (0, 0, "quy phạm pháp luật"),
        (1, 0, "rà soát"),
    ]


def test_a_line_that_prints_two_cells_is_divided() -> None:
    parts, said = page_of(
        [[(0, "Rà soát các văn bản", True), (1, "Báo cáo", True)], [(0, "quy phạm pháp luật", False)]]
    )
    assert told(parses(parts, said, [7.6, 4.0])[0])[:2] == [(0, 0, "Rà soát các văn bản"), (1, 0, "Báo cáo")]


def test_a_cell_below_opens_a_row() -> None:
    parts, said = page_of([[(0, "Công khai thủ tục", True)], [(0, "Số hóa hồ sơ", True)]])
    assert [row for _, row, _ in told(parses(parts, said, [7.0])[0])] == [0, 1]


def test_words_of_a_justified_line_printed_one_by_one_are_one_line() -> None:
    parts, said = page_of([[(0, "theo Luật Cán bộ,", True)], [(0, "công", False)], [(0, "chức", False)]])
    said.begins[-1] = (-0.03, -3.5)  # the network says: no new line of the cell
    bits = parses(parts, said, [7.0])[0].bits
    assert [bit.line for bit in bits] == [0, 1, 1]


def test_a_lost_hyphen_joins_two_lines_of_one_cell() -> None:
    parts, said = page_of([[(0, "Phòng Văn hóa", True), (0, "Xã hội", False)]])
    parse = parses(parts, said, [5.6])[0]
    assert told(parse) == [(0, 0, "Phòng Văn hóa"), (0, 0, "Xã hội")]
    (cell,) = way_of(parse).cells()
    assert cell.lines() == ["Phòng Văn hóa -", "Xã hội"]


# -- rows


def _layout(parts, said, widths, rows, above) -> PageLayout:  # type: ignore[no-untyped-def]
    ways = [[way_of(parse)] for parse in parses(parts, said, widths)]
    cells, _ = cell_features(
        [own[0] for own in ways], tokens_of(parts), features(tokens_of(parts), False).places, len(widths), 0, False
    )
    placed = Placed(np.array(rows, dtype=np.float32), np.array(above, dtype=np.float32))
    rates = dict.fromkeys(range(len(widths)), 0.8)
    return PageLayout(len(widths), 0, ways, {cell.at: n for n, cell in enumerate(cells)}, placed, rates)


def test_no_two_cells_of_a_column_share_a_row() -> None:
    parts, said = page_of(
        [[(0, "Một việc", True)], [(0, "Hai việc", True)]], [[(1, "Văn phòng", True)]], [[(1, "Thanh tra", True)]]
    )
    first = [5.0, 0.0, -9.0, -9.0, 0.0]
    rows = [[0.0] * 5, [0.0] * 5, first, [4.0, 3.0, -9.0, -9.0, 0.0]]
    above = [[-9.0, -9.0, -9.0, -9.0, 5.0], [5.0, -9.0, -9.0, -9.0, 0.0], [0.0] * 5, [0.0] * 5]
    laid = _layout(parts, said, [6.0, 6.0], rows, above).run()
    assert [row[1].bits[0].text for row in laid.rows] == ["Văn phòng", "Thanh tra"]
    assert not laid.left


def test_rows_stand_in_the_order_in_which_the_network_sees_them() -> None:
    parts, said = page_of([[(0, "Việc năm", True)]], [[(0, "Việc ba", True)]], [[(0, "Việc bốn", True)]])
    above = [[-9.0, -9.0, 6.0, 0.0], [-9.0, -9.0, -9.0, 6.0], [-9.0, 6.0, -9.0, 0.0]]
    laid = _layout(parts, said, [6.0], [[0.0] * 4] * 3, above).run()
    assert [row[0].bits[0].text for row in laid.rows] == ["Việc ba", "Việc bốn", "Việc năm"]


# -- the networks


def test_the_networks_tell_probabilities_and_the_same_each_time() -> None:
    table = cut_table(_lines("p4.pdftotext.txt"))
    assert table is not None
    tokens = tokens_of(table.pages[0])
    shown, kinds = features(tokens, False), kinds_of(table.fields)
    widths = np.zeros(len(kinds), dtype=np.float32)
    said = WordNet.load().judge(shown, kinds, widths)
    assert said.columns.shape == (len(tokens), len(kinds) + 1)
    for logs in (said.columns, said.opens, said.begins):
        assert np.exp(logs).sum(axis=1) == pytest.approx(np.ones(len(tokens)), abs=1e-4)
    assert (WordNet.load().judge(shown, kinds, widths).columns == said.columns).all()


def test_training_and_reading_have_the_same_networks() -> None:
    torch = pytest.importorskip("torch")
    from benchmarks.flows.networks import Cells, Words

    torch.manual_seed(3)
    table = cut_table(_lines("p4.pdftotext.txt"))
    assert table is not None
    tokens = tokens_of(table.pages[0])[:60]
    shown, kinds = features(tokens, False), kinds_of(table.fields)
    widths = np.linspace(0.0, 12.0, len(kinds), dtype=np.float32)
    words, cells = Words().eval(), Cells().eval()
    for net in (words, cells):
        for value in net.parameters():
            torch.nn.init.normal_(value, std=0.1)
    weights = {name: value.numpy() for name, value in words.state_dict().items()}
    with torch.no_grad():
        theirs, _ = words(*(torch.from_numpy(one) for one in (shown.codes, shown.sizes, shown.places, kinds, widths)))
    ours = WordNet(weights).judge(shown, kinds, widths)
    assert ours.columns == pytest.approx(theirs.log_softmax(-1).numpy(), abs=1e-3)
    parts, sure = page_of([[(0, "Một việc", True)], [(1, "Báo cáo", True)]], [[(0, "Hai việc", True)]])
    ways = [way_of(parse) for parse in parses(parts, sure, [6.0, 6.0])]
    found, places = cell_features(ways, tokens_of(parts), features(tokens_of(parts), False).places, 2, 0, False)
    kinds = np.zeros(len(found), dtype=np.int64)
    with torch.no_grad():
        rows, _ = cells(
            *(torch.from_numpy(one)[None] for one in (places.sizes, places.places, kinds)),
            torch.ones(1, len(found), dtype=torch.bool),
        )
    said = CellNet({name: value.numpy() for name, value in cells.state_dict().items()}).judge(places, kinds)
    assert said.rows == pytest.approx(rows[0].numpy(), abs=1e-3)


# -- whole texts


def test_rows_of_a_real_text_are_read() -> None:
    rows, _, taken = read_flows(_lines("p2.pdftotext.txt"))
    first = rows[0]
    assert first.activity.startswith("Bóc tách điểm số PAR INDEX theo từng tiêu chí thành phần")
    assert first.product == "Báo cáo trình UBND tỉnh"
    assert first.lead == "Phòng Xây dựng chính quyền và Cải cách hành chính"
    assert len(rows) == pytest.approx(37, abs=2)
    assert taken


def test_cells_placed_by_judgement_are_told_as_guesses() -> None:
    rows, _, _ = read_flows(_lines("p2.pdftotext.txt"))
    assert any(row.confidence.get("coordinating", 1.0) < 1.0 and row.guesses for row in rows)


def test_prose_is_no_such_table() -> None:
    prose = printed_lines(["KẾ HOẠCH", "Cải cách hành chính năm 2026", "1. Mục đích", "- Thực hiện đầy đủ."])
    assert read_flows(prose) == ((), (), frozenset())


def test_a_page_without_end_is_not_looked_at() -> None:
    body = [f"Việc thứ {n} được giao cho các phòng, đơn vị thuộc Sở trong năm" for n in range(400)]
    assert read_flows(printed_lines(["TT", "Nhiệm vụ", "Sản phẩm", "Chủ trì", "", *body])) == ((), (), frozenset())


def test_the_tools_are_told_apart_by_the_blanks_they_leave() -> None:
    assert from_boxes(_lines("p2.pdfminer.txt"))
    assert not from_boxes(_lines("p2.pdftotext.txt"))


def test_the_finest_column_divides_the_table() -> None:
    assert finest(("number", "objective", "task", "product")) == 2
    assert finest(("number", "task", "objective", "activity")) == 3


def test_a_cell_that_names_a_director_ends_no_table() -> None:
    body = [line for n in range(1, 40) for line in (str(n), f"Việc thứ {n}", "Văn phòng", "Quyết định của", "Giám đốc")]
    lines = printed_lines(["TT", "Nhiệm vụ", "Sản phẩm", "Chủ trì", "", *body])
    table = cut_table(lines)
    assert table is not None
    assert table.end > len(lines) - 15


def test_the_recipients_end_a_table_however_many_they_are() -> None:
    body = [line for n in range(1, 9) for line in (str(n), f"Việc thứ {n}", "Báo cáo", "Văn phòng")]
    recipients = [f"- Phòng số {n};" for n in range(20)]
    lines = printed_lines(["TT", "Nhiệm vụ", "Sản phẩm", "Chủ trì", "", *body, "Nơi nhận:", *recipients])
    table = cut_table(lines)
    assert table is not None
    assert lines[table.end].text == "Nơi nhận:"


def test_a_letter_is_as_wide_as_its_base_but_for_the_horn() -> None:
    face = Face("times")
    assert face.width("ế") == face.width("e")
    assert face.width("ư") > face.width("u")
    assert face.width("công") == pytest.approx(21.384 / 11, abs=0.01)  # as measured in a page set at 11 points
    assert face.width("nhất") == pytest.approx(18.931 / 11, abs=0.01)
