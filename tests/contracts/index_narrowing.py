"""What narrows an answer, and what is counted of it."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.index import FACETS
from pipeline.ports import Index
from pipeline.query import Hits, Query, Scope
from tests.contracts.index_office import InAnOffice, every_page, found
from tests.index.entries import entry


class NarrowingContract(InAnOffice):
    # --- filters, scope, facets ------------------------------------------------------------------------------------------

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

    # --- more matches than are counted -----------------------------------------------------------------------------------

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

    # --- marks as typed --------------------------------------------------------------------------------------------------

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
