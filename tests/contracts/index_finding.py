"""What an index finds, and what it shows first. A search is judged by the records it shows first, never by scores."""

from __future__ import annotations

import pytest

from pipeline.ports import Index
from pipeline.query import Query
from tests.contracts.index_office import InAnOffice, found
from tests.index.entries import entry


class FindingContract(InAnOffice):
    # --- finding ---------------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        ("typed", "record_id"),
        [
            ("quyet dinh 15", "qd-15"),
            ("QUYẾT ĐỊNH 15", "qd-15"),
            ("Quye\u0302\u0301t đi\u0323nh 15", "qd-15"),
            ("quyết định số 15", "qd-15"),
            ("15/QĐ-UBND", "qd-15"),
            ("15/qd-ubnd", "qd-15"),
            ("15/QD-UBND", "qd-15"),
            ("Số: 15 / QĐ - UBND", "qd-15"),
            ("l5/QĐ-UBND", "qd-15"),
            ("15/QĐ–UBNO", "qd-15"),
            ("15/OĐ-UBND", "qd-15"),
            ("QD-UBND 15", "qd-15"),
            ("15/2024", "qd-15"),
            ("15/2024/QĐ-UBND", "qd-15"),
            ("số 15", "qd-15"),
            ("15/3/2024", "qd-15"),
            ("15-03-2024", "qd-15"),
            ("28/TB-UBND", "tb-misread"),
            ("7/UBND-VP", "cv-7"),
            ("duong dien bien", "cv-7"),
            ("điện biên đường", "cv-7"),
            ("ĐIỆN BIÊN", "cv-7"),
            ("trinh thi hoa", "qd-15"),
            ("Trịnh Thị Hoà", "qd-15"),
            ("thua ruong luong tai", "qd-15"),
            ('"bỏ hoang"', "qd-15"),
            ("nghị định 30 văn thư", "bb-slips"),
            ("giải quyết đơn thư", "bb-slips"),
            ("cuộc họp", "bb-slips"),
            ("do van kham", "bb-slips"),
            ("giao rừg hợp tác xã", "qd-51"),
            ("thu hồi nơi nhận", "qd-15"),
        ],
    )
    def test_what_a_clerk_types_finds_the_record_first(self, office: Index, typed: str, record_id: str) -> None:
        assert found(office, typed)[:1] == [record_id]

    @pytest.mark.parametrize("typed", ["thủy lợi", "thuỷ lợi", "THỦY LỢI", "thu\u0309y lợi", "thuy loi"])
    def test_both_ways_to_place_a_tone_are_one_word(self, index: Index, typed: str) -> None:
        index.put([entry("old", "công trình thủy lợi"), entry("new", "công trình thuỷ lợi"), entry("none", "công trình khác")])
        assert sorted(found(index, typed)) == ["new", "old"]

    def test_i_and_y_of_an_open_syllable_are_one_word(self, index: Index) -> None:
        index.put([entry("y", "kỳ họp thứ nhất"), entry("i", "kì họp thứ nhất")])
        assert sorted(found(index, "kì họp")) == ["i", "y"]

    def test_words_on_different_pages_and_in_the_fields_find_a_record_together(self, index: Index) -> None:
        index.put(
            [entry("a", "trang đầu nói về mương", "trang sau nói về cống", subject="Tu bổ đê điều"), entry("b", "mương", "đê")]
        )
        assert found(index, "cống đê điều") == ["a"]
        assert found(index, "mương cống") == ["a"]

    def test_a_phrase_in_quotes_is_found_only_as_it_is(self, index: Index) -> None:
        index.put([entry("apart", "đất của xã, đai của huyện"), entry("together", "quản lý đất đai của xã")])
        assert found(index, '"đất đai"') == ["together"]
        assert sorted(found(index, "đất đai")) == ["apart", "together"]

    def test_no_phrase_is_found_across_two_fields(self, index: Index) -> None:
        index.put([entry("a", "trang", subject="Cấp giấy phép", type_name="Xây dựng")])
        assert found(index, '"giấy phép xây dựng"') == []

    def test_a_word_with_a_slip_is_found_when_nothing_else_is(self, index: Index) -> None:
        index.put([entry("slip", "quyhoạch và xây dưng khu trưnng bày"), entry("other", "xây dựng nhà máy")])
        assert found(index, "trưng bày") == ["slip"]

    def test_another_word_is_no_slip_but_what_only_a_reader_can_make_is(self, index: Index) -> None:
        index.put([entry("word", "khu trưng dụng"), entry("other", "nơi trang bày"), entry("reader", "nơi trurng bày")])
        assert found(index, "trưng bày") == ["reader"]

    def test_of_many_words_one_may_be_missing(self, index: Index) -> None:
        index.put([entry("most", "cấp phép khai thác nước ngầm"), entry("little", "cấp nước sạch nông thôn")])
        assert found(index, "cấp phép khai thác khoáng nước ngầm") == ["most"]

    def test_frequent_words_may_be_missing_beside_a_rare_one_but_never_the_rare_one(self, index: Index) -> None:
        index.put([entry(f"{number}", "ông Vũ Văn làm chứng") for number in range(30)] + [entry("rare", "bà Xoan")])
        assert found(index, "Vũ Văn Xoan") == ["rare"]

    def test_nothing_is_found_for_what_is_not_there(self, office: Index) -> None:
        assert office.search(Query("zzzz qqqq")).total == 0

    def test_a_record_without_pages_is_found_by_its_fields(self, index: Index) -> None:
        index.put([entry("empty", subject="Phục hồi di tích")])
        hits = index.search(Query("di tích")).hits
        assert [(hit.record_id, hit.snippet) for hit in hits] == [("empty", None)]

    def test_a_file_is_found_by_its_name(self, index: Index) -> None:
        index.put([entry("a", "trang", file_name="Hồ sơ ông Khảm_2019.pdf")])
        assert found(index, "ho so ong kham 2019") == ["a"]

    # --- order -----------------------------------------------------------------------------------------------------------

    def test_the_typed_tones_go_before_others(self, index: Index) -> None:
        index.put([entry("other", "Hạ"), entry("typed", "Hà"), entry("none", "Ha")])
        assert found(index, "hà")[0] == "typed"
        assert found(index, "hạ")[0] == "other"
        assert sorted(found(index, "ha")) == ["none", "other", "typed"]

    def test_the_typed_tones_go_before_the_fields(self, index: Index) -> None:
        index.put([entry("field", "trang", subject="Hạ tầng"), entry("typed", "xã Hà Tầng")])
        assert found(index, "hà tầng") == ["typed", "field"]

    def test_a_phrase_goes_before_scattered_words(self, index: Index) -> None:
        far = " ".join(["chữ"] * 30)
        index.put(
            [
                entry("far", f"đất {far} đai"),
                entry("near", "đất của xã và đai của huyện"),
                entry("phrase", f"{far} đất đai {far}"),
            ]
        )
        assert found(index, "đất đai") == ["phrase", "near", "far"]

    def test_whole_compounds_go_before_scattered_syllables(self, index: Index) -> None:
        far = " ".join(["chữ"] * 30)
        index.put(
            [
                entry("scattered", f"hợp {far} đồng {far} lao {far} động", issued_date="2024-01-01"),
                entry("compounds", f"lao động {far} hợp đồng", issued_date="2020-01-01"),
            ]
        )
        assert found(index, "hợp đồng lao động") == found(index, "hop dong lao dong") == ["compounds", "scattered"]

    def test_the_subject_goes_before_the_text(self, index: Index) -> None:
        index.put([entry("text", "cấp nước sạch"), entry("subject", "trang", subject="Cấp nước sạch cho xã")])
        assert found(index, "cấp nước sạch") == ["subject", "text"]
        assert found(index, "cap nuoc sach") == ["subject", "text"]

    def test_a_records_own_number_goes_before_a_misread_one_and_that_before_a_mention(self, index: Index) -> None:
        index.put(
            [
                entry("mention", "Căn cứ Quyết định số 9/QĐ-UBND"),
                entry("misread", "trang", code_number="9", code_notation="QD-UBNO"),
                entry("own", "trang", code_number="09", code_notation="QĐ-UBND"),
                entry("another", "trang", code_number="90", code_notation="QĐ-UBND"),
            ]
        )
        assert found(index, "9/QĐ-UBND") == ["own", "misread", "mention"]

    def test_the_year_of_a_number_is_the_year_of_its_date(self, index: Index) -> None:
        index.put(
            [
                entry("23", "trang", code_number="9", code_notation="QĐ-UBND", issued_date="2023-02-01"),
                entry("24", "trang", code_number="9", code_notation="QĐ-UBND", issued_date="2024-02-01"),
                entry("unknown", "trang", code_number="9", code_notation="QĐ-UBND"),
                entry("printed", "trang", code_number="9", code_notation="2024/QĐ-UBND"),
            ]
        )
        assert sorted(found(index, "9/2024/QĐ-UBND")) == ["24", "printed", "unknown"]
        assert len(found(index, "9/QĐ-UBND")) == 4

    def test_of_equal_hits_the_newest_comes_first_and_the_undated_last(self, index: Index) -> None:
        days = {"old": "1999-12-31", "new": "2024-01-01", "middle": "2010-06-15", "unknown": None}
        index.put([entry(name, "đê điều", issued_date=day) for name, day in days.items()])
        assert found(index, "đê điều") == ["new", "middle", "old", "unknown"]
        assert found(index) == ["new", "middle", "old", "unknown"]
