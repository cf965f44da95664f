"""Texts of one thing that deny each other, and those that only look so."""

from __future__ import annotations

import pytest

from graph.trace.opposition import oppose


@pytest.mark.parametrize(
    ("higher", "lower"),
    [
        ("Công khai kết quả giải quyết hồ sơ trên Cổng Dịch vụ công", "Chấm dứt công khai kết quả giải quyết hồ sơ"),
        ("Không yêu cầu người dân nộp bản sao giấy tờ", "Yêu cầu người dân nộp bản sao giấy tờ có chứng thực"),
        ("Tổ chức đối thoại với doanh nghiệp hằng quý", "Năm nay không tổ chức đối thoại với doanh nghiệp"),
        ("Trả kết quả qua bưu chính công ích", "Tạm dừng trả kết quả qua bưu chính"),
        ("Gửi thư xin lỗi khi hồ sơ quá hạn", "Hồ sơ quá hạn không phải gửi thư xin lỗi"),
    ],
)
def test_what_is_denied_contradicts_both_ways(higher: str, lower: str) -> None:
    assert oppose(higher, lower)
    assert oppose(lower, higher)


@pytest.mark.parametrize(
    ("higher", "lower"),
    [
        ("Giải quyết thủ tục hành chính đúng quy định", "Giải quyết thủ tục hành chính đúng thời hạn"),
        ("Xây dựng hệ thống dùng chung", "Ứng dụng, sử dụng hệ thống dùng chung của tỉnh"),
        ("Không yêu cầu nộp giấy tờ đã có", "Khai thác dữ liệu thay cho giấy tờ người dân phải nộp"),
        ("Tạm dừng tuyển dụng công chức", "Tiếp tục tạm dừng tuyển dụng công chức tại xã"),
        ("Thanh toán không dùng tiền mặt", "Hướng dẫn người dân thanh toán trực tuyến"),
        ("", "Không tổ chức"),
    ],
)
def test_likeness_and_shared_negation_do_not_contradict(higher: str, lower: str) -> None:
    assert not oppose(higher, lower)
    assert not oppose(lower, higher)
