"""Decisions: append-only, undone, exported and taken back in, and never lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from graph.decisions import (
    Action,
    Decision,
    Subject,
    append,
    apply_to_links,
    check,
    from_tsv,
    import_reviewed,
    load,
    merged_agencies,
    on_link,
    standing,
    to_tsv,
)
from graph.errors import DecisionError
from graph.model import LinkStatus
from tests.factories import make_link

MOMENT = "2026-01-05T08:00:00+07:00"
TEXTS = {"a-txt-r001": "Niêm yết thủ tục", "tinh-txt-t001": "Công khai thủ tục đạt 95%"}


def decision(action: Action = Action.REJECT, **fields: str) -> Decision:
    given = {"from_id": "a-txt-r001", "to_id": "tinh-txt-t001", "author": "An", "decided_at": MOMENT}
    subject = Subject(fields.pop("subject", "link"))
    return Decision(subject=subject, action=action, **{**given, **fields})


@pytest.mark.parametrize(
    "wrong",
    [
        {"author": " "},
        {"decided_at": "hôm qua"},
        {"decided_at": "2026-01-05T08:00:00"},
        {"to_id": "a-txt-r001"},
        {"to_id": ""},
        {"relation": "maybe"},
    ],
)
def test_a_decision_that_cannot_stand_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(DecisionError):
        check(decision(**wrong))


def test_accepting_is_for_gaps_and_needs_a_reason() -> None:
    with pytest.raises(DecisionError, match="not for a link"):
        check(decision(Action.ACCEPT, reason="đủ"))
    with pytest.raises(DecisionError, match="needs a reason"):
        check(decision(Action.ACCEPT, subject="gap"))
    assert check(decision(Action.ACCEPT, subject="gap", reason="đã báo cáo"))


def test_the_last_decision_counts_and_undo_takes_one_back() -> None:
    log = [decision(Action.CONFIRM), decision(Action.REJECT), decision(Action.UNDO)]
    (only,) = standing(log).values()
    assert only.action is Action.CONFIRM
    assert standing([*log, decision(Action.UNDO)]) == {}
    with pytest.raises(DecisionError, match="no decision to undo"):
        standing([decision(Action.UNDO)])


def test_links_are_left_as_people_left_them() -> None:
    link = make_link()
    kept, lost = apply_to_links([link], [decision(Action.REJECT)], TEXTS)
    assert (kept, lost) == ((), ())
    kept, _ = apply_to_links([link], [decision(Action.CONFIRM)], TEXTS)
    assert [(one.status, one.author) for one in kept] == [(LinkStatus.CONFIRMED, "An")]
    kept, _ = apply_to_links([], [decision(Action.ADD, relation="implements")], TEXTS)
    assert [(one.from_id, one.method, one.from_row) for one in kept] == [("a-txt-r001", "person", "a-txt-r001")]


def test_a_decision_finds_its_text_again_or_is_told_as_lost() -> None:
    link = make_link(evidence={"lower": {"text": TEXTS["a-txt-r001"]}, "higher": {"text": TEXTS["tinh-txt-t001"]}})
    rejected = on_link(link, Action.REJECT, author="An", decided_at=MOMENT)
    moved = {"a-txt-r001": "Nhiệm vụ khác", "a-txt-r002": "niêm yết  thủ tục", "tinh-txt-t001": TEXTS["tinh-txt-t001"]}
    other, same = link, replace(link, from_id="a-txt-r002", from_row="a-txt-r002")
    kept, lost = apply_to_links([other, same], [rejected], moved)
    assert (kept, lost) == ((other,), ())
    gone = {"a-txt-r001": "Nhiệm vụ khác", "tinh-txt-t001": TEXTS["tinh-txt-t001"]}
    kept, lost = apply_to_links([other], [rejected], gone)
    assert kept == (other,)
    assert [one.decision for one in lost] == [rejected]


def test_merges_lead_to_the_last_agency() -> None:
    merges = [
        decision(Action.CONFIRM, subject="agency", from_id="so-a", to_id="so-b"),
        decision(Action.CONFIRM, subject="agency", from_id="so-b", to_id="so-c"),
    ]
    assert merged_agencies(merges) == {"so-a": "so-c", "so-b": "so-c"}
    back = decision(Action.CONFIRM, subject="agency", from_id="so-c", to_id="so-a")
    with pytest.raises(DecisionError, match="circle"):
        merged_agencies([*merges, back])
    no = decision(Action.REJECT, subject="agency", from_id="so-a", to_id="so-b")
    assert merged_agencies([no]) == {}


def test_the_file_only_grows_and_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "quyet-dinh" / "decisions.tsv"
    assert load(path) == ()
    append(path, [decision(reason="khác\tnội dung")])
    before = path.read_text(encoding="utf-8")
    append(path, [decision(Action.UNDO)])
    assert path.read_text(encoding="utf-8").startswith(before)
    assert [one.action for one in load(path)] == [Action.REJECT, Action.UNDO]
    assert load(path)[0].reason == "khác nội dung"
    with pytest.raises(DecisionError):
        append(path, [decision(Action.UNDO)])
    assert len(load(path)) == 2


def test_a_reviewed_spreadsheet_is_taken_in_once(tmp_path: Path) -> None:
    path = tmp_path / "decisions.tsv"
    append(path, [decision()])
    sheet = "\ufeff" + to_tsv([decision(), decision(Action.CONFIRM, from_id="a-txt-r002", relation="implements")])
    assert len(import_reviewed(path, sheet)) == 1
    assert import_reviewed(path, sheet) == ()
    assert len(load(path)) == 2


def test_a_file_that_lost_its_last_line_break_still_grows(tmp_path: Path) -> None:
    path = tmp_path / "decisions.tsv"
    append(path, [decision()])
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")
    append(path, [decision(Action.UNDO)])
    assert [one.action for one in load(path)] == [Action.REJECT, Action.UNDO]


def test_a_file_with_other_columns_keeps_them_and_grows(tmp_path: Path) -> None:
    path = tmp_path / "decisions.tsv"
    path.write_text(
        "\ufeffghi chú\tdecision\tobject_id\tsubject_id\tauthor_id\tmapping_date\n"
        "xem lại\treject\ttinh-txt-t001\ta-txt-r009\tAn\t2026-01-02T08:00:00+07:00\n",
        encoding="utf-8",
    )
    added = decision(reason="không cùng việc")
    append(path, [added])
    assert [one.from_id for one in load(path)] == ["a-txt-r009", added.from_id]
    assert load(path)[1] == added
    assert "ghi chú" in path.read_text(encoding="utf-8")
    assert "xem lại" in path.read_text(encoding="utf-8")
    assert [child.name for child in tmp_path.iterdir()] == ["decisions.tsv"]


def test_a_merge_that_closes_a_circle_is_refused_when_it_is_made(tmp_path: Path) -> None:
    path = tmp_path / "decisions.tsv"
    for from_id, to_id in (("so-a", "so-b"), ("so-b", "so-c")):
        append(path, [decision(Action.CONFIRM, subject="agency", from_id=from_id, to_id=to_id)])
    with pytest.raises(DecisionError, match="circle"):
        append(path, [decision(Action.CONFIRM, subject="agency", from_id="so-c", to_id="so-a")])
    assert len(load(path)) == 2


def test_a_spreadsheet_may_change_texts_but_not_make_a_decision_twice(tmp_path: Path) -> None:
    path = tmp_path / "decisions.tsv"
    append(path, [decision()])
    again = replace(decision(), from_text="'- niêm yết", reason="")
    assert import_reviewed(path, to_tsv([again, again])) == ()
    corrected = replace(decision(Action.CONFIRM), relation="contradicts")
    assert len(import_reviewed(path, to_tsv([corrected, corrected]))) == 1


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "decisions.tsv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DecisionError, match="UTF-8"):
        load(path)
    with pytest.raises(DecisionError, match="cannot be read"):
        from_tsv(to_tsv([decision(reason="x" * 200_000)]))


def test_a_wrong_line_is_named() -> None:
    text = to_tsv([decision()]).replace("reject", "perhaps")
    with pytest.raises(DecisionError, match="line 2"):
        from_tsv(text)
    with pytest.raises(DecisionError, match="missing columns"):
        from_tsv("a\tb\n1\t2\n")
