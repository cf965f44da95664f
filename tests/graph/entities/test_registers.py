"""The registers: what they know as of a day, how users extend them, and that malformed files change nothing."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from graph.entities.registers import SHIPPED, LegalStatus, Registers
from graph.errors import RegisterError

HERE = Path(__file__).parent


def own(folder: Path, text: str, name: str = "own.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def malformed_cases() -> list[tuple[str, str, str, str, str]]:
    lines = (HERE / "registers_malformed.tsv").read_text(encoding="utf-8").splitlines()
    made = []
    for line in lines:
        if not line.startswith("#"):
            name, text, number, column, words = line.split("\t")
            made.append((name, text.replace("\\n", "\n"), number, column, words))
    return made


@pytest.mark.parametrize("case", malformed_cases(), ids=lambda case: case[0])
def test_malformed_file_names_line_and_column(tmp_path: Path, case: tuple[str, str, str, str, str]) -> None:
    _, text, line, column, words = case
    before = Registers.load()
    with pytest.raises(RegisterError) as raised:
        Registers.load(extra=[own(tmp_path, text)])
    message = str(raised.value)
    assert f"own.csv, dòng {line}, cột {column}:" in message, message
    assert f"own.csv, line {line}, column {column}:" in message
    assert any(word in message for word in words.split("|")), message
    assert Registers.load() is before


def test_file_that_is_not_utf8_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes("id,title\n1/NQ-CP,Nghị quyết\n".encode("utf-16-le"))
    with pytest.raises(RegisterError, match="UTF-8"):
        Registers.load(extra=[path])


def test_missing_file_and_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="no such file"):
        Registers.load(extra=[tmp_path / "none.csv"])
    with pytest.raises(RegisterError, match=r"legal_documents\.csv"):
        Registers.load(tmp_path)


def test_a_malformed_shipped_register_is_refused_too(tmp_path: Path) -> None:
    folder = tmp_path / "register"
    shutil.copytree(SHIPPED, folder)
    path = folder / "provinces.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("2025-07-01,202/2025", "soon,202/2025", 1), encoding="utf-8"
    )
    with pytest.raises(RegisterError, match=r"provinces\.csv, line 2, column operates_from"):
        Registers.load(folder)


def test_counts(registers: Registers) -> None:
    assert len(registers.laws) >= 167
    assert len(registers.provinces) == 34
    assert len({old for province in registers.provinces.provinces for old in province.formed_from}) == 63
    assert len(registers.successions) >= 137
    assert len(registers.abbreviations) >= 116


def test_keys_are_unique_and_resolve_to_themselves(registers: Registers) -> None:
    keys = [record.key for record in registers.laws.records]
    assert len(keys) == len(set(keys))
    for key in keys:
        found = registers.laws.get(key)
        assert found is not None
        assert found.key == key


@pytest.mark.parametrize(
    ("key", "day", "status"),
    [
        ("130/2005/NĐ-CP", "2026-04-30", "in_force"),
        ("130/2005/NĐ-CP", "2026-05-01", "expired"),
        ("117/2013/ND-CP", "2026-06-10", "expired"),
        ("75/2026/NĐ-CP", "2026-04-30", "not_yet"),
        ("75/2026/NĐ-CP", "2026-05-01", "in_force"),
        ("107/2021/NĐ-CP", "2021-12-05", "not_yet"),
        ("107/2021/NĐ-CP", "2025-06-30", "in_force"),
        ("107/2021/NĐ-CP", "2025-07-01", "expired"),
        ("76/NQ-CP@2021-07-15", "2026-01-01", "in_force"),
        ("76/NQ-CP@2013-06-13", "2020-12-31", "in_force"),
        ("76/NQ-CP@2013-06-13", "2021-01-01", "expired"),
        ("76/NQ-CP", "2026-01-01", "unknown"),  # two documents
        ("55/2012/NĐ-CP", "2012-06-01", "not_yet"),  # no start known: not before its issue
        ("48/2013/NĐ-CP", "2026-01-01", "unknown"),  # the register does not know
        ("63/2010/NĐ-CP", "2026-01-01", "in_force"),  # in part
        ("9999/NQ-CP", "2026-01-01", "unknown"),
    ],
)
def test_status_as_of_a_day(registers: Registers, key: str, day: str, status: str) -> None:
    assert registers.laws.status(key, date.fromisoformat(day)) is LegalStatus(status)


def test_chain_goes_both_ways(registers: Registers) -> None:
    laws = registers.laws
    assert laws.chain("61/2018/NĐ-CP").amended_by == ("107/2021/NĐ-CP",)
    assert laws.chain("107/2021/NĐ-CP").amends == ("61/2018/NĐ-CP",)
    assert set(laws.chain("118/2025/NĐ-CP").replaces) >= {"61/2018/NĐ-CP", "107/2021/NĐ-CP"}
    assert laws.chain("30c/NQ-CP").amended_by == ("76/NQ-CP@2013-06-13",)
    assert "23/CT-TTg" in laws.chain("76/NQ-CP@2021-07-15").implemented_by
    assert laws.chain("93/2007/QĐ-TTg").successors == ("09/2015/QĐ-TTg", "61/2018/NĐ-CP", "118/2025/NĐ-CP")
    assert laws.chain("9999/NQ-CP").successors == ()


def test_relations_are_symmetric(registers: Registers) -> None:
    laws = registers.laws
    for record in laws.records:
        chain = laws.chain(record.key)
        for other in chain.amends:
            if laws.get(other):
                assert record.key in laws.chain(other).amended_by
        for other in chain.replaced_by:
            if laws.get(other):
                assert record.key in laws.chain(other).replaces


def test_lookup_by_id_day_year_and_name(registers: Registers) -> None:
    laws = registers.laws
    assert len(laws.by_id("18-NQ/TW")) == 2
    assert laws.lookup("18-NQ/TW") is None
    found = laws.lookup("18-NQ/TW", date(2017, 10, 25))
    assert found is not None
    assert found.key == "18-NQ/TW@2017-10-25"
    by_year = laws.lookup("76/NQ-CP", year=2021)
    assert by_year is not None
    assert by_year.issued == date(2021, 7, 15)
    assert [record.id for record in laws.by_name("đề án 06")] == ["06/QĐ-TTg"]
    assert laws.lookup("107/2021/NĐ-CP", date(2021, 12, 5)) is None  # another day: not that document


def test_own_file_adds_changes_and_clears(tmp_path: Path) -> None:
    path = own(
        tmp_path,
        "id,issued,type,title,effective_to,status,amended_by\n"
        "999/QĐ-UBND,2024-05-01,Quyết định,Quy chế một cửa,,in_force,\n"
        "468/QĐ-TTg,,,,2027-01-01,,\n"
        "61/2018/NĐ-CP,,,,,,-\n",
    )
    laws = Registers.load(extra=[path]).laws
    added = laws.get("999/QĐ-UBND")
    assert added is not None
    assert added.title == "Quy chế một cửa"
    changed = laws.get("468/QĐ-TTg")
    assert changed is not None
    assert changed.effective_to == date(2027, 1, 1)
    assert changed.title.startswith("Phê duyệt Đề án đổi mới")  # empty cells leave the shipped ones
    cleared = laws.get("61/2018/NĐ-CP")
    assert cleared is not None
    assert cleared.amended_by == ()
    assert Registers.load().laws.get("999/QĐ-UBND") is None


def test_a_second_document_of_an_id_gets_a_key_with_its_day(tmp_path: Path) -> None:
    path = own(tmp_path, "id,issued,title\n468/QĐ-TTg,2024-03-01,Việc khác\n")
    laws = Registers.load(extra=[path]).laws
    assert sorted(record.key for record in laws.by_id("468/QĐ-TTg")) == [
        "468/QĐ-TTg@2021-03-27",
        "468/QĐ-TTg@2024-03-01",
    ]


def test_example_of_the_readme_loads(tmp_path: Path) -> None:
    readme = (SHIPPED / "README.md").read_text(encoding="utf-8")
    example = "\n".join(line[4:] for line in readme.splitlines() if line.startswith("    "))
    laws = Registers.load(extra=[own(tmp_path, example)]).laws
    assert laws.end_of("468/QĐ-TTg") == date(2027, 1, 1)
    for record in Registers.load().laws.records:
        assert record.confidence in readme


def test_readme_names_every_column() -> None:
    readme = (SHIPPED / "README.md").read_text(encoding="utf-8")
    for path in SHIPPED.glob("*.csv"):
        for column in path.read_text(encoding="utf-8").splitlines()[0].split(","):
            families = (column, column.split("_2025")[0] + "_*", column.removesuffix("_now") + "_*")
            assert any(f"`{name}`" in readme for name in families), (path.name, column)


def test_folder_of_own_files_and_tabs(tmp_path: Path) -> None:
    own(tmp_path, "abbreviation\texpansion\nKSTT\tKiểm soát thủ tục\n", "a.csv")
    own(tmp_path, "predecessor,successor,effective\nSở A,Sở B,2027-01-01\n", "b.csv")
    registers = Registers.load(extra=[tmp_path])
    assert registers.abbreviations.expand("kstt") == ("Kiểm soát thủ tục",)
    assert registers.successions.of("Sở A")[0].effective == date(2027, 1, 1)


def test_provinces_old_and_new(registers: Registers) -> None:
    provinces = registers.provinces
    assert provinces.canonical("TP. Hồ Chí Minh") == "Hồ Chí Minh"
    assert provinces.canonical("Thừa Thiên Huế") == "Huế"
    assert provinces.canonical("hoà bình") == "Hòa Bình"
    assert provinces.canonical("Atlantis") == ""
    after = provinces.successor("Long An")
    assert after is not None
    assert after.name == "Tây Ninh"
    assert provinces.get("Long An") is None
    assert provinces.is_former("Long An", date(2025, 7, 1))
    assert not provinces.is_former("Long An", date(2025, 6, 30))
    assert not provinces.is_former("Tây Ninh")
    for name in provinces.names():
        assert provinces.successor(name) is not None, name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ỦY BAN NHÂN DÂN TỈNH TÂY NINH", ("Tây Ninh",)),
        ("Sở Tư pháp tỉnh Tuyên Quang", ("Tuyên Quang",)),
        ("UBND tinh Tay Ninh", ("Tây Ninh",)),
        ("Bà Rịa - Vũng Tàu và Bình Dương", ("Bà Rịa - Vũng Tàu", "Bình Dương")),
        ("thành phố Huế", ("Huế",)),
        ("hạ năm tới", ()),
        ("có an giang sơn", ()),
        ("thái bình, hưng yên", ()),
        ("Hoà Bình", ("Hòa Bình",)),
        ("", ()),
    ],
)
def test_provinces_in_text(registers: Registers, text: str, names: tuple[str, ...]) -> None:
    assert registers.provinces.find_in(text) == names


def test_successions_by_scope_and_aspect(registers: Registers) -> None:
    successions = registers.successions
    whole = successions.of("Sở Thông tin và Truyền thông", "Tây Ninh", aspects=False)
    assert [change.successors for change in whole] == [("Sở Khoa học và Công nghệ",)]
    parts = successions.of("Sở Thông tin và Truyền thông", "Tây Ninh")
    assert {change.aspect for change in parts} == {"", "báo chí, xuất bản", "an toàn thông tin mạng"}
    assert all(change.scope != "Hồ Chí Minh" for change in successions.of("Sở Giao thông vận tải", "Tây Ninh"))
    earlier = successions.of("UBND tỉnh Tây Ninh", "Tây Ninh")
    assert [change.earlier for change in earlier] == [True]


def test_abbreviations_both_ways(registers: Registers) -> None:
    assert registers.abbreviations.expand("TTHC") == ("Thủ tục hành chính",)
    assert registers.abbreviations.expand("TT") == ("Thông tư", "Thứ tự")
    assert registers.abbreviations.shorten("thủ tục hành chính") == ("TTHC",)
    assert registers.abbreviations.expand("XYZW") == ()
