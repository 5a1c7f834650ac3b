"""What an answer shows, page after page, and which questions get none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pipeline.errors import BadQuery
from pipeline.ports import Index
from pipeline.query import Query, Scope
from tests.contracts.index_office import OFFICE, InAnOffice, every_page, found
from tests.index.entries import RECEIVED, entry


def _beginning(text: str) -> str:
    return ascii(text[:20])


class ShowingContract(InAnOffice):
    # --- what is shown ---------------------------------------------------------------------------------------------------

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

    # --- pages of an answer ----------------------------------------------------------------------------------------------

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

    # --- hostile questions -----------------------------------------------------------------------------------------------

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
