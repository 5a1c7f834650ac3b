"""Number lines and date lines, printed, misread, handwritten and blank."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.dates import read_date_line
from pipeline.extract.number import read_number_line


@pytest.mark.parametrize(
    ("text", "number", "notation"),
    [
        ("Số: 15/QĐ-UBND", "15", "QĐ-UBND"),
        ("Số: 230/NQ-HĐND", "230", "NQ-HĐND"),
        ("Số: 12/UBND-VX", "12", "UBND-VX"),
        ("Số: 05/2025/TT-BNV", "05", "2025/TT-BNV"),
        ("Số 351/2017/UBTVQH14", "351", "2017/UBTVQH14"),
        ("Số 57-NQ/TW", "57", "NQ/TW"),
        ("Số: 55 - TB/ĐTN", "55", "TB/ĐTN"),
        ("Số: 02a/CTr-UBND", "02a", "CTr-UBND"),
        ("Số : 164 / TTr - SKHCN.", "164", "TTr-SKHCN"),
        ("Sô: 7/QĐ-STC", "7", "QĐ-STC"),
        ("S6: 7/QÐ-STC", "7", "QĐ-STC"),
        ("Số: 31 ,CT-UBND", "31", "CT-UBND"),
        ("Số: /2025/NQ-HĐND", "", "2025/NQ-HĐND"),
        ("Số: ....../QĐ-UBND", "", "QĐ-UBND"),
        ("Số: #4 /UBND-SGDĐT", None, "UBND-SGDĐT"),
        ("Số:JÚ_ /GM-SYT", None, "GM-SYT"),
        ("Số:/O /GM-SYT", None, "GM-SYT"),
    ],
)
def test_number_and_notation_are_read(text: str, number: str | None, notation: str) -> None:
    found = read_number_line(text)
    assert found is not None
    assert (found.number, found.notation) == (number, notation)


@pytest.mark.parametrize("text", ["Số lượng: 20 bản", "SỞ NỘI VỤ", "V/v rà soát", "Bắc Ninh, ngày 05 tháng 9 năm 2024", ""])
def test_other_lines_are_no_number_line(text: str) -> None:
    assert read_number_line(text) is None


@given(st.integers(1, 99999), st.sampled_from(["QĐ-UBND", "TTr-SNV", "BC-VP", "STC-QLNS", "2024/TT-BTC"]))
def test_any_printed_number_comes_back_with_its_place_in_the_line(number: int, notation: str) -> None:
    text = f"Số: {number:02d}/{notation}"
    found = read_number_line(text)
    assert found is not None
    assert found.number == f"{number:02d}"
    assert text[slice(*found.number_at)] == f"{number:02d}"
    assert text[slice(*found.notation_at)] == notation


@pytest.mark.parametrize(
    ("text", "place", "value"),
    [
        ("Bắc Ninh, ngày 05 tháng 9 năm 2024", "Bắc Ninh", "2024-09-05"),
        ("TP.Hồ Chí Minh, ngày 25 tháng 9 năm 2014", "TP.Hồ Chí Minh", "2014-09-25"),
        ("Cần Thơ,ngày 28 tháng 10 năm 2025.", "Cần Thơ", "2025-10-28"),
        ("Hà Nội, ngày28 tháng12 năm 2017", "Hà Nội", "2017-12-28"),
        ("Ha Nội, ngay 28 thang 12 nam 2017", "Ha Nội", "2017-12-28"),
    ],
)
def test_place_and_date_are_read(text: str, place: str, value: str) -> None:
    found = read_date_line(text)
    assert found is not None
    assert (found.place, found.value, found.blank, found.impossible) == (place, value, False, False)


@pytest.mark.parametrize(
    "text", ["Hà Nội, ngày Í7 tháng 11 năm 2017", "Hà Nội, ngày 2Š tháng Ả 2.năm 2017", "Cần Thơ, ngàjŠtháng 10 năm 2025"]
)
def test_signs_of_handwriting_give_no_date(text: str) -> None:
    found = read_date_line(text)
    assert found is not None
    assert found.value is None
    assert not found.blank


@pytest.mark.parametrize(
    "text", ["Quảng Ngãi, ngày tháng năm 2025", "Bắc Ninh, ngày … tháng 5 năm 2024", "Bắc Ninh, ngày 3 tháng 5 năm 20…"]
)
def test_a_date_left_open_is_blank(text: str) -> None:
    found = read_date_line(text)
    assert found is not None
    assert found.blank
    assert found.value is None


def test_a_day_that_does_not_exist_is_impossible() -> None:
    found = read_date_line("Hà Nội, ngày 31 tháng 02 năm 2020")
    assert found is not None
    assert found.impossible


def test_a_sentence_without_a_date_is_no_date_line() -> None:
    assert read_date_line("Căn cứ Luật Lưu trữ năm 2024") is None


def test_a_slash_read_as_a_figure_leaves_the_number_open() -> None:
    found = read_number_line("Số:145TB-ĐHTĐ")
    assert found is not None
    assert (found.number, found.notation) == (None, "TB-ĐHTĐ")
