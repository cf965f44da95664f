"""A plan sent to the server: compared row by row, read apart, never kept; refusals are sentences."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from fastapi.testclient import TestClient

from api import uploads
from graph.errors import InputEmpty, InputTooLarge, StoreBusy, UnreadableInput

HTML = {"accept": "text/html"}


def send(client: TestClient, content: bytes, name: str = "ke-hoach.txt", **headers: str) -> tuple[int, str]:
    """The status and page of a file sent by the form of the search page."""
    shown = client.get("/search", headers=HTML).text
    token = re.search(r'name="token" value="([0-9a-f]{64})"', shown)
    assert token
    answer = client.post(
        "/search/file", data={"token": token[1]}, files={"file": (name, content)}, headers={**HTML, **headers}
    )
    return answer.status_code, answer.text


def test_each_row_is_compared_with_other_plans(
    client: TestClient, office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    status, page = send(client, (office / "xa-long-ho.txt").read_bytes(), "kế hoạch <b>.txt")
    assert status == 200
    assert "Bố trí công chức hướng dẫn người dân nộp hồ sơ trực tuyến" in page
    assert "Hướng dẫn người dân, doanh nghiệp nộp hồ sơ trực tuyến" in page
    assert "Cải cách hành chính năm 2026 trên địa bàn xã Long Hồ" in page
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "Chưa chọn tệp"),
        ("Thực đơn: phở bò, bún chả và bánh cuốn cho bữa trưa nay.".encode(), "không phải kế hoạch"),
        (b"PK\x03\x04" + b"\x00" * 400, "Tệp"),
    ],
)
def test_refusals(client: TestClient, content: bytes, says: str) -> None:
    status, page = send(client, content)
    assert status == 422
    assert says in page
    assert "Traceback" not in page
    assert tempfile.gettempdir() not in page


def test_only_our_own_form_may_send(client: TestClient) -> None:
    files = {"file": ("a.txt", b"x")}
    assert client.post("/search/file", data={"token": "0" * 64}, files=files).status_code == 403
    status, _ = send(client, b"x", origin="https://evil.example")
    assert status == 403


def test_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputEmpty):
        uploads.read_upload(b"", "a.txt")
    with pytest.raises(InputTooLarge):
        uploads.read_upload(b"x" * (uploads.LONGEST + 1), "a.txt")
    monkeypatch.setattr(uploads, "_WORK", "import time; time.sleep(60)")
    with pytest.raises(InputTooLarge, match="giây"):
        uploads.read_upload(b"x", "a.txt", seconds=0.2)
    monkeypatch.setattr(uploads, "_WORK", "raise SystemExit(3)")
    with pytest.raises(UnreadableInput, match="Không đọc được"):
        uploads.read_upload(b"x", "../../etc/passwd")


def test_no_more_than_a_few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    inner: list[type[Exception]] = []

    def meanwhile(*_: object, **__: object) -> subprocess.CompletedProcess[bytes]:
        try:
            uploads.read_upload(b"x", "a.txt")
        except StoreBusy as busy:
            inner.append(type(busy))
        return subprocess.CompletedProcess([], 0, b"{}", b"")

    monkeypatch.setattr(subprocess, "run", meanwhile)
    assert uploads.read_upload(b"x", "a.txt") == {}
    assert inner == [StoreBusy]


def test_similar_at_the_command_line(cchc: Callable[..., Result], built: Path, office: Path) -> None:
    of_file = cchc("similar", str(office / "xa-long-ho.txt"), "--data", str(built))
    assert of_file.exit_code == 0, of_file.output
    assert "Hướng dẫn người dân, doanh nghiệp nộp hồ sơ trực tuyến" in of_file.output
    of_row = cchc("similar", "so-tu-phap-txt-r001", "--data", str(built), "--json")
    assert of_row.exit_code == 0, of_row.output
    assert "so-tu-phap-txt" not in of_row.output.replace('"place": "so-tu-phap-txt-r001"', "")
    assert cchc("similar", "khong-co-r001", "--data", str(built)).exit_code == 2
