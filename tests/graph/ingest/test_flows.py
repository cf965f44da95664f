"""Tables torn in the order of reading: pieces of lines, cells, rows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from graph.ingest.faces import Face
from graph.ingest.flows import read_flows
from graph.ingest.flows.cells import Cell, cell_features, numbered, way_of
from graph.ingest.flows.fitting import fit_widths
from graph.ingest.flows.layout import PageLayout
from graph.ingest.flows.net import CellNet, PieceNet, Placed, WordNet
from graph.ingest.flows.page import Part, cut_table
from graph.ingest.flows.pairs import Pairs, counted
from graph.ingest.flows.pieces import piece_features, pieces_of, spread
from graph.ingest.flows.raster import Bit, Item
from graph.ingest.flows.reading import from_boxes
from graph.ingest.flows.tokens import features, finest, kinds_of, tokens_of
from graph.ingest.flows.widths import Width
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


def test_a_line_that_nothing_explains_is_still_read() -> None:
    parts, said = page_of([[(1, "Báo cáo", True)], [(1, "rà soát các văn bản", False), (0, "Công khai", True)]])
    said.begins[:] = (-9.0, -9.0)  # neither do cells' lines begin here nor do they go on
    parse = parses(parts, said, [1.0, 1.0])[0]
    assert " ".join(text for _, _, text in told(parse)) == "Báo cáo rà soát các văn bản Công khai"


def test_lines_are_cut_into_pieces_wherever_one_may_begin() -> None:
    parts, said = page_of([[(0, "Rà soát các văn bản", True), (1, "Báo cáo", True)], [(0, "quy phạm", False)]])
    tokens = tokens_of(parts)
    pieces = pieces_of(tokens, said)
    assert [piece.text for piece in pieces] == ["Rà soát các văn bản", "Báo cáo", "quy phạm"]
    said.begins[2] = (-0.3, -1.4)  # perhaps a line of a cell begins at "các"
    assert [piece.text for piece in pieces_of(tokens, said)][:2] == ["Rà soát", "các văn bản"]


def test_a_piece_is_told_by_how_much_it_exceeds_each_column() -> None:
    parts, said = page_of([[(0, "Rà soát các văn bản", True)], [(0, "quy phạm", False)]], [[(1, "Báo cáo", True)]])
    tokens, face = tokens_of(parts), Face("times")
    pieces = pieces_of(tokens, said)
    wide = face.width("Rà soát các văn bản")
    widths = [Width(wide + 0.4, wide + 0.9, 5), Width(4.0, 4.5, 5)]
    shown = piece_features(
        pieces, tokens, features(tokens, False).places, said, face, widths, False, Pairs(counted(["văn bản quy phạm"]))
    )
    assert shown.pairs[0, :, 3] == pytest.approx([np.tanh(-0.8), np.tanh(2 * (wide - 4.0))], abs=1e-5)
    assert shown.pairs[0, 0, 6] > 0.8  # with the word that comes next it would not have fitted
    assert shown.pairs[1, 0, 18] > 0.1 > shown.pairs[0, 0, 18]  # "bản" + "quy" is known


def test_what_is_said_of_pieces_is_said_of_their_words() -> None:
    parts, words = page_of([[(0, "Rà soát", True), (1, "Báo cáo", True)]])
    tokens = tokens_of(parts)
    pieces = pieces_of(tokens, words)
    _, other = page_of([[(1, "Một", True), (0, "Hai", False)]])
    said = spread(pieces, words, other)
    assert said.columns.argmax(axis=1).tolist() == [1, 1, 0, 0]
    assert (said.opens[:, 1] > said.opens[:, 0]).tolist() == [True, False, False, False]


def test_pairs_can_be_forgotten() -> None:
    pairs = Pairs(counted(["lĩnh vực nội vụ", "lĩnh vực đất đai"]))
    forgotten = pairs.without(["lĩnh vực nội vụ", "lĩnh vực đất đai"])
    assert pairs.follows("lĩnh", "vực;") > 0.5 > forgotten.follows("lĩnh", "vực")
    assert pairs.follows("nội", "đất") < pairs.adapted(["nội đất"]).follows("nội", "đất")


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


def _printed(*texts: str) -> list[Cell]:
    """Cells in order of print, numbers in the first column, what opens rows in the second."""
    made = []
    for n, text in enumerate(texts):
        part = Part("number" if text.isdigit() else "text", text, Line(n + 1, text, 1))
        item = Item(part, text if text.isdigit() else "", (text,), n, False, n, n)
        column = 0 if text.isdigit() else 1
        made.append(Cell(column, [Bit(column, True, text, item, 3.0, 0, 0.0, 0, n)]))
    return made


def test_a_number_belongs_to_the_row_printed_below_it_and_what_is_left_over_belongs_together() -> None:
    cells = _printed("4", "Việc bốn", "5", "11", "Việc mười một", "12", "Việc mười hai", "Việc năm")
    assert [cell.bits[0].text for cell in numbered(cells, 0, 1)] == [
        "Việc bốn", "Việc năm", "Việc mười một", "Việc mười hai"
    ]  # fmt: skip
    assert numbered(_printed("4", "Việc bốn", "4", "Việc khác"), 0, 1) == []  # counted anew in each section
    assert numbered(_printed("4", "Việc bốn", "Việc năm", "Việc sáu"), 0, 1) == []  # most rows have no number


def test_rows_stand_in_an_order_that_is_known() -> None:
    parts, said = page_of([[(0, "Việc năm", True)]], [[(0, "Việc ba", True)]], [[(0, "Việc bốn", True)]])
    ways = [[way_of(parse)] for parse in parses(parts, said, [6.0])]
    five, three, four = (cell.at for (way,) in ways for cell in way.cells())
    placed = Placed(np.zeros((3, 4), dtype=np.float32), np.zeros((3, 4), dtype=np.float32))
    known = {five: 0, three: 1, four: 2}
    laid = PageLayout(1, 0, ways, known, placed, {0: 0.8}, False, [three, four, five]).run()
    assert [row[0].bits[0].text for row in laid.rows] == ["Việc ba", "Việc bốn", "Việc năm"]


# -- the networks


def test_the_networks_tell_probabilities_and_the_same_each_time() -> None:
    table = cut_table(_lines("p4.pdftotext.txt"))
    assert table is not None
    tokens = tokens_of(table.pages[0])
    shown, kinds = features(tokens, False), kinds_of(table.fields)
    said = WordNet.load().judge(shown, kinds)
    face, widths = fit_widths(table.fields, [(tokens, said)])
    pieces = pieces_of(tokens, said)
    described = piece_features(pieces, tokens, shown.places, said, face, widths, False, Pairs.load())
    second = PieceNet.load().judge(described, kinds)
    assert second.columns.shape == (len(pieces), len(kinds) + 1)
    assert said.columns.shape == (len(tokens), len(kinds) + 1)
    for logs in (said.columns, said.opens, said.begins, second.columns, second.opens, second.begins):
        assert np.exp(logs).sum(axis=1) == pytest.approx(np.ones(len(logs)), abs=1e-4)
    assert (WordNet.load().judge(shown, kinds).columns == said.columns).all()
    assert (PieceNet.load().judge(described, kinds).columns == second.columns).all()


def test_training_and_reading_have_the_same_networks() -> None:
    torch = pytest.importorskip("torch")
    from benchmarks.flows.networks import Cells, Pieces, Words

    torch.manual_seed(3)
    table = cut_table(_lines("p4.pdftotext.txt"))
    assert table is not None
    tokens = tokens_of(table.pages[0])[:60]
    shown, kinds = features(tokens, False), kinds_of(table.fields)
    words, pieces, cells = Words().eval(), Pieces().eval(), Cells().eval()
    for net in (words, pieces, cells):
        for value in net.parameters():
            torch.nn.init.normal_(value, std=0.1)
    weights = {name: value.numpy() for name, value in words.state_dict().items()}
    with torch.no_grad():
        theirs, _ = words(*(torch.from_numpy(one) for one in (shown.codes, shown.sizes, shown.places, kinds)))
    ours = WordNet(weights).judge(shown, kinds)
    assert ours.columns == pytest.approx(theirs.log_softmax(-1).numpy(), abs=1e-3)
    face, widths = fit_widths(table.fields, [(tokens, ours)])
    cut = pieces_of(tokens, ours)
    described = piece_features(cut, tokens, shown.places, ours, face, widths, False, Pairs.load())
    shown_pieces = (described.hidden, described.sizes, described.pairs, described.heads, described.places, kinds)
    with torch.no_grad():
        theirs, _ = pieces(
            *(torch.from_numpy(one)[None] for one in shown_pieces), torch.ones(1, len(cut), dtype=torch.bool)
        )
    ours = PieceNet({name: value.numpy() for name, value in pieces.state_dict().items()}).judge(described, kinds)
    assert ours.columns == pytest.approx(theirs[0].log_softmax(-1).numpy(), abs=1e-3)
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
