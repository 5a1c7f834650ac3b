"""What every Index promises. An adapter's test class inherits IndexContract and gives the fixtures `index`, a new, empty one, and
`bounded`, another that keeps to FEW.

The records are of our own making. A search is judged by the records it shows first, never by scores.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pipeline.errors import BadQuery
from pipeline.index import FACETS, IndexEntry
from pipeline.ports import Index, Putting
from pipeline.query import Hits, Query, Scope
from pipeline.ranking import Bounds
from tests.index.entries import RECEIVED, entry, page

OFFICE = (
    entry(
        "qd-15", "Số: 15/QĐ-UBND\nLương Tài, ngày 15 tháng 3 năm 2024\nQUYẾT ĐỊNH\nVề việc thu hồi thửa ruộng bỏ hoang",
        "Nơi nhận: lưu", type_code="QD", type_name="Quyết định", code_number="15", code_notation="QĐ-UBND",
        issued_date="2024-03-15", issuer="ỦY BAN NHÂN DÂN - HUYỆN LƯƠNG TÀI", subject="Thu hồi thửa ruộng bỏ hoang",
        signer="Trịnh Thị Hòa", place="Lương Tài",
    ),
    entry(
        "qd-51", "Số: 51/QĐ-UBND\nQuyết định ngày 2 tháng 4 năm 2023 về giao rừng cho hợp tác xã",
        type_code="QD", type_name="Quyết định", code_number="51", code_notation="QĐ-UBND", issued_date="2023-04-02",
        issuer="ỦY BAN NHÂN DÂN - HUYỆN LƯƠNG TÀI", subject="Giao rừng cho hợp tác xã", batches=("2026-01-16-001",),
    ),
    entry(
        "cv-7", "Số: 07/UBND-VP\nCăn cứ Quyết định số 15/QĐ-UBND, đề nghị các xã báo cáo.\nĐường Điện Biên đang sửa chữa",
        type_code="CV", type_name="Công văn", code_number="07", code_notation="UBND-VP", issued_date="2024-05-20",
        issuer="Ủy ban nhân dân huyện Gia Bình", subject="Báo cáo sửa chữa đường sá", sector="giao-thong",
    ),
    entry(
        "tb-misread", "THÔNG BÁO\nlịch tiếp dân tháng chín", type_code="TB", type_name="Thông báo",
        code_number="28", code_notation="TB-UBNO", issued_date="2022-09-01", issuer="Sở Nội vụ", unit="so-noi-vu",
    ),
    entry(
        "bb-slips", "BIÊN BẢN\nNghị lịnh 30 về công tác văn thư; cuộc hop bàn giai quyet đơn thư của ông Đỗ Văn Khảm",
        type_code="BB", type_name="Biên bản", sector="tu-phap", needs_review=True,
    ),
)  # fmt: skip
"""A small office: a decision, another, a letter that cites the first, a notice whose number was misread, minutes with slips."""


FEW = Bounds(counted=5, sampled=4, placed=2)


def found(index: Index, text: str = "", **rest: Any) -> list[str]:
    return [hit.record_id for hit in index.search(Query(text, **rest)).hits]


def every_page(index: Index, query: Query) -> list[str]:
    shown: list[str] = []
    while True:
        hits = index.search(query)
        shown += [hit.record_id for hit in hits.hits]
        if hits.next_cursor is None:
            return shown
        query = replace(query, cursor=hits.next_cursor)


def untakable(one: IndexEntry) -> IndexEntry:
    """The same record with a page whose number no index can hold."""
    return replace(one, pages=(*one.pages, page(2**40, "trang")))


def _beginning(text: str) -> str:
    return ascii(text[:20])


class IndexContract:
    @pytest.fixture
    def office(self, index: Index) -> Index:
        index.put(OFFICE)
        return index

    # --- finding --------------------------------------------------------------------------------------------------------------

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

    # --- order ----------------------------------------------------------------------------------------------------------------

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

    # --- filters, scope, facets -------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            ({"type_code": "QD"}, ["qd-15", "qd-51"]),
            ({"type_code": "qđ"}, ["qd-15", "qd-51"]),
            ({"issuer": "huyen luong tai"}, ["qd-15", "qd-51"]),
            ({"issuer": "Ủy ban nhân dân huyện"}, ["cv-7", "qd-15", "qd-51"]),
            ({"issuer": "uơng tài"}, []),
            ({"date_from": "2024-03-15"}, ["cv-7", "qd-15"]),
            ({"date_to": "2023-04-02"}, ["qd-51", "tb-misread"]),
            ({"date_from": "2024-03-15", "date_to": "2024-03-15"}, ["qd-15"]),
            ({"unit": "so-noi-vu"}, ["tb-misread"]),
            ({"sector": "giao-thong"}, ["cv-7"]),
            ({"batch": "2026-01-16-001"}, ["qd-51"]),
            ({"batch": "2026-01-16"}, []),
            ({"needs_review": True}, ["bb-slips"]),
            ({"date_from": "15/3/2024", "date_to": "31.3.2024"}, ["qd-15"]),
            ({"type_code": "QD", "batch": "2026-01-15-001", "sector": "dat-dai"}, ["qd-15"]),
            ({"type_code": "' OR 1=1 --"}, []),
        ],
    )
    def test_filters_narrow_what_is_found(self, office: Index, filters: dict[str, Any], expected: list[str]) -> None:
        assert sorted(found(office, **filters)) == expected

    def test_a_filter_holds_for_words_too(self, office: Index) -> None:
        assert found(office, "quyết định", type_code="CV") == ["cv-7"]

    @pytest.mark.parametrize(
        ("scope", "expected"),
        [
            (Scope(), 5),
            (Scope(units=frozenset({"ubnd"})), 4),
            (Scope(sectors=frozenset({"dat-dai", "tu-phap"})), 4),
            (Scope(units=frozenset({"ubnd"}), sectors=frozenset({"giao-thong"})), 1),
            (Scope(units=frozenset()), 0),
            (Scope(sectors=frozenset()), 0),
        ],
    )
    def test_nobody_sees_beyond_his_scope(self, office: Index, scope: Scope, expected: int) -> None:
        hits = office.search(Query("", scope=scope))
        assert hits.total == len(hits.hits) == sum(hits.facets["sector"].values()) == expected

    def test_a_filter_does_not_widen_the_scope(self, office: Index) -> None:
        assert found(office, unit="so-noi-vu", scope=Scope(units=frozenset({"ubnd"}))) == []

    def test_words_beyond_the_scope_change_nothing(self, index: Index) -> None:
        ours = [entry("ours", "họp trưng bày sản phẩm", unit="a")]
        theirs = [entry(f"theirs-{number}", "trurng bày", unit="b") for number in range(5)]
        index.put(ours)
        asked = [
            Query(text, scope=Scope(units=frozenset({"a"}))) for text in ("trurng bày", "trưng bầy", "họp trung bay zzzz", "họp")
        ]
        alone = [index.search(query) for query in asked]
        index.put(theirs)
        assert [index.search(query) for query in asked] == alone

    def test_facets_count_all_matches_whatever_is_shown(self, office: Index) -> None:
        hits = office.search(Query("", limit=1))
        assert len(hits.hits) == 1
        assert hits.total == 5
        assert hits.facets == {
            "type": {"QD": 2, "BB": 1, "CV": 1, "TB": 1},
            "issuer": {"ỦY BAN NHÂN DÂN - HUYỆN LƯƠNG TÀI": 2, "Sở Nội vụ": 1, "Ủy ban nhân dân huyện Gia Bình": 1},
            "unit": {"ubnd": 4, "so-noi-vu": 1},
            "sector": {"dat-dai": 3, "giao-thong": 1, "tu-phap": 1},
            "year": {"2024": 2, "2022": 1, "2023": 1},
            "batch": {"2026-01-15-001": 4, "2026-01-16-001": 1},
            "review": {"no": 4, "yes": 1},
        }

    def test_facets_of_nothing_are_empty(self, index: Index) -> None:
        assert index.search(Query("gi do")) == Hits(0, (), {facet: {} for facet in FACETS})

    # --- more matches than are counted --------------------------------------------------------------------------------------------

    def test_beyond_a_bound_the_newest_matches_alone_are_counted_and_the_answer_says_so(self, bounded: Index) -> None:
        bounded.put(
            entry(f"{number:02d}", "đê điều" if number % 2 else "đề điêu", issued_date=f"20{number:02d}-01-01", unit=f"u{number}")
            for number in range(12)
        )
        hits = bounded.search(Query("đê điều", limit=3))
        assert (hits.total, hits.at_least, hits.with_marks) == (5, True, 3)
        assert hits.facets["year"] == {"2011": 1, "2010": 1, "2009": 1, "2008": 1, "2007": 1}
        assert sum(hits.facets["unit"].values()) == 5

    @pytest.mark.parametrize("text", ["", "đê", "đê điều", "đê điều zzzz"])
    def test_every_match_is_shown_however_many_are_counted(self, bounded: Index, text: str) -> None:
        texts = ("đê điều", "đê và điều", "đề điêu")
        bounded.put([entry(f"{number:02d}", texts[number % 3], issued_date=f"20{number % 7:02d}-01-01") for number in range(12)])
        whole = found(bounded, text, limit=200)
        assert len(whole) == 12
        for limit in (1, 3, 5):
            assert every_page(bounded, Query(text, limit=limit)) == whole

    def test_up_to_the_bound_every_count_is_exact(self, bounded: Index) -> None:
        bounded.put([entry(f"{number}", "đê điều") for number in range(5)])
        hits = bounded.search(Query("đê điều"))
        assert (hits.total, hits.at_least, hits.with_marks, hits.facets["unit"]) == (5, False, 5, {"ubnd": 5})

    def test_of_matches_that_are_equally_new_none_is_left_out_of_the_facets(self, bounded: Index) -> None:
        bounded.put([entry(f"{number}", "đê điều", issued_date="2024-01-01") for number in range(9)])
        hits = bounded.search(Query("đê điều"))
        assert (hits.total, hits.at_least, hits.facets["year"]) == (5, True, {"2024": 9})

    # --- marks as typed ---------------------------------------------------------------------------------------------------------

    def test_the_answer_says_how_many_hits_have_the_marks_as_typed(self, index: Index) -> None:
        index.put([entry("as-typed", "hội thi nấu ăn"), entry("other", "hơi nóng thị xã"), entry("half", "hội chợ thị xã")])
        assert sorted(found(index, "hội thi")) == ["as-typed", "half", "other"]
        assert index.search(Query("hội thi")).with_marks == 1
        assert index.search(Query("hoi thi")).with_marks is None

    def test_only_what_has_the_marks_as_typed_is_found_when_that_is_asked(self, index: Index) -> None:
        index.put([entry("as-typed", "hội thi nấu ăn"), entry("other", "hơi nóng thị xã"), entry("bare", "hoi thi ki")])
        assert found(index, "hội thi", exact=True) == ["as-typed"]
        assert found(index, "hoi thi", exact=True) == ["bare"]
        assert found(index, "hoi ky", exact=True) == ["bare"]  # "ki" and "ky" are two ways to write one syllable
        assert found(index, "hội thii", exact=True) == []

    def test_a_number_is_found_whatever_its_marks_when_marks_are_to_be_as_typed(self, index: Index) -> None:
        index.put([entry("a", "hội thi", code_number="15", code_notation="QĐ-UBND")])
        assert found(index, "15/QD-UBND hội", exact=True) == ["a"]

    def test_pages_of_an_exact_answer_follow_each_other(self, index: Index) -> None:
        index.put([entry(f"r{number}", "hội thi") for number in range(3)] + [entry("other", "hơi thị")])
        first = index.search(Query("hội thi", exact=True, limit=2))
        second = index.search(Query("hội thi", exact=True, limit=2, cursor=first.next_cursor))
        assert [hit.record_id for hit in (*first.hits, *second.hits)] == ["r0", "r1", "r2"]
        assert second.next_cursor is None

    def test_one_issuer_written_in_two_ways_is_one(self, index: Index) -> None:
        index.put([entry("a", issuer="SỞ NỘI VỤ"), entry("b", issuer="Sở Nội vụ"), entry("c", issuer="SỞ NỘI VỤ")])
        assert index.search(Query("")).facets["issuer"] == {"SỞ NỘI VỤ": 3}

    def test_a_record_of_two_batches_is_in_both(self, index: Index) -> None:
        index.put([entry("a", batches=("sáng", "chiều")), entry("b", batches=("sáng",))])
        assert index.search(Query("")).facets["batch"] == {"sáng": 2, "chiều": 1}
        assert found(index, batch="chiều") == ["a"]

    # --- what is shown ----------------------------------------------------------------------------------------------------------

    def test_a_hit_gives_back_the_record_as_printed(self, office: Index) -> None:
        (hit,) = office.search(Query("thu hồi thửa ruộng")).hits
        assert (hit.file_name, hit.type_code, hit.type_name, hit.code) == ("scan.pdf", "QD", "Quyết định", "15/QĐ-UBND")
        assert (hit.issuer, hit.issued_date) == ("ỦY BAN NHÂN DÂN - HUYỆN LƯƠNG TÀI", "2024-03-15")
        assert (hit.subject, hit.needs_review) == ("Thu hồi thửa ruộng bỏ hoang", False)
        assert 0.0 < hit.score <= 1.0

    def test_a_snippet_shows_the_page_the_words_and_where_they_stand(self, index: Index) -> None:
        index.put([entry("a", "trang đầu", "dòng một\nxây cầu qua sông\nxây bến")])
        (hit,) = index.search(Query("xây cầu")).hits
        snippet = hit.snippet
        assert snippet is not None
        assert (snippet.page_no, snippet.text) == (2, "dòng một xây cầu qua sông xây bến")
        assert [snippet.text[start:end] for start, end in snippet.marks] == ["xây cầu", "xây"]
        assert [(box.left, box.top, box.right, box.bottom) for box in snippet.boxes] == [(0, 40, 70, 70), (0, 80, 30, 110)]

    def test_a_snippet_comes_from_the_page_with_the_phrase(self, index: Index) -> None:
        index.put([entry("a", "cầu và xây", "xây đập", "xây cầu", "cầu")])
        (hit,) = index.search(Query("xây cầu")).hits
        assert hit.snippet is not None
        assert hit.snippet.page_no == 3

    def test_a_snippet_marks_the_typed_tones_alone_where_they_stand(self, index: Index) -> None:
        index.put([entry("a", "xã Hà và đường hạ tầng")])
        marks = {}
        for typed in ("hà", "ha", "hã"):
            (hit,) = index.search(Query(typed)).hits
            assert hit.snippet is not None
            marks[typed] = [hit.snippet.text[start:end] for start, end in hit.snippet.marks]
        assert marks == {"hà": ["Hà"], "ha": ["Hà", "hạ"], "hã": ["Hà", "hạ"]}

    def test_filters_alone_show_no_snippet(self, office: Index) -> None:
        assert [hit.snippet for hit in office.search(Query("", type_code="QD")).hits] == [None, None]

    # --- pages of an answer -----------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("text", ["", "đê", "đê điều", "đê điều zzzz"])
    @pytest.mark.parametrize("limit", [1, 2, 3, 7, 200])
    def test_pages_of_an_answer_show_every_hit_once_in_one_order(self, index: Index, text: str, limit: int) -> None:
        far = " ".join(["chữ"] * 30)
        texts = ("đê điều", "đê và điều", f"đê {far} điều", "đề điêu", "đê điều")
        index.put([entry(f"{number:02d}", texts[number % 5], issued_date=f"20{number % 7:02d}-01-01") for number in range(20)])
        whole = found(index, text, limit=200)
        assert len(whole) == 20
        assert every_page(index, Query(text, limit=limit)) == whole

    def test_records_that_come_in_meanwhile_neither_double_nor_hide_a_hit(self, index: Index) -> None:
        index.put(
            [entry(f"{number:02d}", "đê điều" if number % 2 else "đê và điều", issued_date="2020-01-01") for number in range(9)]
        )
        shown, query = [], Query("đê điều", limit=2)
        for number in range(9):
            hits = index.search(query)
            shown += [hit.record_id for hit in hits.hits if len(hit.record_id) == 2]
            if hits.next_cursor is None:
                break
            index.put([entry(f"new-{number}", "đê điều", issued_date=f"{2018 + number % 4}-01-01")])
            query = Query("đê điều", limit=4, cursor=hits.next_cursor)
        assert sorted(shown) == [f"{number:02d}" for number in range(9)]

    def test_an_answer_stays_of_one_kind_when_more_is_found_meanwhile(self, index: Index) -> None:
        index.put([entry(name, f"kê khai tài snar lần {name}") for name in "abcd"])
        first = index.search(Query("kê khai tài snare", limit=2))
        index.put([entry(f"exact-{number}", "kê khai tài snare") for number in range(9)])
        rest = every_page(index, Query("kê khai tài snare", limit=2, cursor=first.next_cursor))
        shown = [hit.record_id for hit in first.hits] + rest
        assert {"a", "b", "c", "d"} <= set(shown)
        assert len(shown) == len(set(shown))

    def test_a_new_index_under_the_pages_of_an_answer_changes_nothing(self, index: Index) -> None:
        entries = [entry(f"{number:02d}", "đê điều", received_at=RECEIVED + timedelta(days=number % 3)) for number in range(12)]
        index.put(entries)
        first = index.search(Query("đê điều", limit=5))
        index.rebuild(reversed(entries))
        rest = every_page(index, Query("đê điều", limit=5, cursor=first.next_cursor))
        assert [hit.record_id for hit in first.hits] + rest == found(index, "đê điều", limit=200)

    @pytest.mark.parametrize("harm", ["", "x", "đ", "=" * 30, "A" * 5000, "A" * 100_000], ids=_beginning)
    def test_a_made_up_cursor_is_refused(self, office: Index, harm: str) -> None:
        with pytest.raises(BadQuery):
            office.search(Query("quyết định", cursor=harm))

    def test_an_edited_cursor_or_one_of_another_question_is_refused(self, office: Index) -> None:
        cursor = office.search(Query("", limit=1)).next_cursor
        assert cursor
        edited = [cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :] for at in range(len(cursor) - 1)]
        for query in [
            *(Query("", cursor=one) for one in edited),
            Query("x", cursor=cursor),
            Query("", type_code="QD", cursor=cursor),
        ]:
            with pytest.raises(BadQuery):
                office.search(query)
        with pytest.raises(BadQuery):
            office.search(Query("", cursor=cursor, scope=Scope(units=frozenset({"ubnd"}))))

    # --- hostile questions ------------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        "text",
        [
            "a" * 100_000, "a " * 50_000, " OR ".join(["a"] * 5000), "đất " * 65, "***", '"""', "?!./-", "/.*/", "(((((((",
            "\x00", "\ud800", "¶",
        ],
        ids=_beginning,
    )  # fmt: skip
    def test_a_question_too_long_or_without_words_is_refused(self, office: Index, text: str) -> None:
        with pytest.raises(BadQuery) as refused:
            office.search(Query(text))
        assert "SQL" not in str(refused.value)

    @pytest.mark.parametrize(
        "text",
        [
            "*a*", "a*", "^a", "-a", "a AND", "NOT a", "AND OR NOT NEAR", "NEAR(a b, 5)", "exact : a", "{exact folded} : a",
            "a:b", 'a"b', "a' OR '1'='1", "'; DROP TABLE record; --", '{"match_all": {}}', "a\x00b", "a\u202eb", "𝕬 ½ ² ٣", "a" * 999,
            "đất " * 64,
        ],
        ids=_beginning,
    )  # fmt: skip
    def test_what_looks_like_an_operator_is_only_text(self, office: Index, text: str) -> None:
        assert office.search(Query(text)).total <= len(OFFICE)

    @pytest.mark.parametrize(
        "rest",
        [
            {"limit": 0}, {"limit": -1}, {"limit": 201}, {"limit": 10**9}, {"date_from": "2024"}, {"date_to": "hôm qua"},
            {"date_from": "2024-02-30"}, {"date_from": "20240101"}, {"date_from": "２０２４-01-01"}, {"issuer": "a" * 201},
            {"date_from": "2024-01-02", "date_to": "2024-01-01"},
        ],
    )  # fmt: skip
    def test_limits_and_dates_out_of_range_are_refused(self, office: Index, rest: dict[str, Any]) -> None:
        with pytest.raises(BadQuery):
            office.search(Query("quyết định", **rest))

    # --- generations ------------------------------------------------------------------------------------------------------------

    def test_a_newer_generation_replaces_an_older_one_whole(self, index: Index) -> None:
        index.put([entry("a", "bản cũ", "trang hai cũ", subject="Đề mục cũ", code_number="1", generation=1)])
        assert index.put([entry("a", "bản mới", generation=2)]) == {"a": Putting.WRITTEN}
        assert found(index, "mới") == ["a"]
        assert found(index, "cũ") == found(index, "số 1") == []
        assert index.search(Query("")).total == 1

    def test_an_older_generation_never_overwrites_a_newer_one(self, index: Index) -> None:
        index.put([entry("a", "bản mới", generation=3)])
        assert index.put([entry("a", "bản cũ", generation=2)]) == {"a": Putting.NEWER_STANDS}
        assert found(index, "mới") == ["a"]
        assert index.generations() == {"a": 3}

    def test_generations_are_told_of_the_ids_that_begin_alike(self, index: Index) -> None:
        index.put([entry(record_id, "trang", generation=3) for record_id in ("aa1", "ab0", "ab1", "ac0", "b", "ab9")])
        index.remove("ab9", 3)
        assert index.generations("ab") == {"ab0": 3, "ab1": 3}
        assert index.generations("ab1") == {"ab1": 3}
        assert set(index.generations("a")) == {"aa1", "ab0", "ab1", "ac0"}
        assert set(index.generations()) == {"aa1", "ab0", "ab1", "ac0", "b"}
        assert all(index.generations(beginning) == {} for beginning in ("a*", "%", "_", "ab_", "z", "AB", "ab11", "\U0010ffff"))

    def test_the_same_generation_may_be_put_again(self, index: Index) -> None:
        for _ in range(3):
            assert index.put([entry("a", "bản một", batches=("x",), generation=2)]) == {"a": Putting.WRITTEN}
        index.put([entry("a", "bản một", batches=("x", "y"), generation=2)])
        assert index.search(Query("bản một")).facets["batch"] == {"x": 1, "y": 1}

    def test_a_removed_record_stays_away_until_a_newer_generation(self, index: Index) -> None:
        index.put([entry("a", "bản hai", generation=2)])
        index.remove("a", 2)
        assert found(index, "bản") == found(index) == []
        assert index.generations() == {}
        assert index.put([entry("a", "bản một", generation=1)]) == {"a": Putting.NEWER_STANDS}
        assert index.put([entry("a", "bản hai", generation=2)]) == {"a": Putting.NEWER_STANDS}
        assert index.put([entry("a", "bản ba", generation=3)]) == {"a": Putting.WRITTEN}
        assert found(index, "bản") == ["a"]

    def test_a_record_may_be_removed_before_it_comes(self, index: Index) -> None:
        index.remove("a", 5)
        assert index.put([entry("a", "trang", generation=5)]) == {"a": Putting.NEWER_STANDS}

    def test_removing_an_older_generation_leaves_a_newer_one(self, index: Index) -> None:
        index.put([entry("a", "trang", generation=2)])
        index.remove("a", 1)
        assert index.generations() == {"a": 2}

    def test_of_five_hundred_three_old_ones_are_told_and_the_rest_written(self, index: Index) -> None:
        old = {"7", "77", "377"}
        index.put([entry(record_id, "mới", generation=9) for record_id in sorted(old)])
        outcome = index.put(entry(f"{number}", "loạt", generation=1) for number in range(500))
        assert {record_id for record_id, putting in outcome.items() if putting is not Putting.WRITTEN} == old
        assert index.search(Query("loạt")).total == 497

    def test_of_five_hundred_three_that_cannot_be_taken_are_told_and_the_rest_written(self, index: Index) -> None:
        bad = {"7", "77", "377"}
        index.put([entry("77", "đời trước", generation=1)])
        batch = [entry(f"{number}", "loạt", generation=2) for number in range(500)]
        outcome = index.put(untakable(one) if one.placement.record_id in bad else one for one in batch)
        assert {record_id for record_id, putting in outcome.items() if putting is Putting.REFUSED} == bad
        assert {record_id for record_id, putting in outcome.items() if putting is Putting.WRITTEN} == outcome.keys() - bad
        assert index.search(Query("loạt")).total == 497
        assert found(index, "đời trước") == ["77"]

    def test_what_cannot_be_taken_is_left_out_of_a_new_index(self, office: Index) -> None:
        assert office.rebuild([*OFFICE[:2], untakable(OFFICE[2])]) == 2
        assert set(office.generations()) == {"qd-15", "qd-51"}

    def test_many_may_write_and_ask_at_once(self, index: Index) -> None:
        def write(number: int) -> None:
            index.put([entry(f"{number}-{part}", "nhiều người cùng ghi", generation=1) for part in range(5)])
            index.search(Query("nhiều người"))

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(write, range(12)))
        assert index.search(Query("nhiều người")).total == 60

    # --- rebuilding -------------------------------------------------------------------------------------------------------------

    def test_a_rebuilt_index_answers_as_before(self, office: Index) -> None:
        texts = ("quyet dinh 15", "15/qd-ubnd", "duong dien bien", "hoà", "ruộng", "nghị định 30 văn thư", "")
        before = [office.search(Query(text)) for text in texts]
        assert office.rebuild(reversed(OFFICE)) == len(OFFICE)
        assert [office.search(Query(text)) for text in texts] == before

    def test_what_the_store_no_longer_has_is_gone_after_a_rebuild(self, office: Index) -> None:
        office.rebuild(OFFICE[:2])
        assert set(office.generations()) == {"qd-15", "qd-51"}

    def test_the_old_index_answers_while_a_new_one_is_filled(self, office: Index) -> None:
        asked = []

        def entries() -> Any:
            for one in OFFICE[:3]:
                asked.append(office.search(Query("")).total)
                yield one

        office.rebuild(entries())
        assert asked == [5, 5, 5]
        assert office.search(Query("")).total == 3

    def test_what_is_written_and_removed_during_a_rebuild_is_in_the_new_index(self, office: Index) -> None:
        def entries() -> Any:
            yield OFFICE[0]
            office.put([entry("late", "đến muộn"), entry("qd-15", "đọc lại", generation=2)])
            office.remove("qd-51", 1)
            yield from OFFICE[1:]

        office.rebuild(entries())
        assert found(office, "đến muộn") == ["late"]
        assert found(office, "đọc lại") == ["qd-15"]
        assert office.generations() == {"qd-15": 2, "cv-7": 1, "tb-misread": 1, "bb-slips": 1, "late": 1}
        assert office.put([OFFICE[1]]) == {"qd-51": Putting.NEWER_STANDS}

    def test_a_removed_record_stays_away_after_a_rebuild(self, office: Index) -> None:
        office.remove("qd-15", 1)
        office.rebuild(OFFICE)
        assert found(office, "15/QĐ-UBND") == ["cv-7"]

    def test_a_rebuild_that_breaks_off_leaves_the_old_index(self, office: Index) -> None:
        def entries() -> Any:
            yield entry("new", "trang")
            raise RuntimeError("the store broke down")

        with pytest.raises(RuntimeError):
            office.rebuild(entries())
        assert len(office.generations()) == 5
        assert office.rebuild(OFFICE[:1]) == 1

    # --- size -------------------------------------------------------------------------------------------------------------------

    def test_a_long_record_and_a_long_word_are_taken(self, index: Index) -> None:
        pages = [f"trang {number} {'x' * 5000} nội dung" for number in range(1, 301)]
        index.put([entry("long", *pages)])
        (hit,) = index.search(Query('"trang 250"')).hits
        assert hit.snippet is not None
        assert hit.snippet.page_no == 250
        assert len(hit.snippet.text) < 1000
