"""What an index keeps: generations, tombstones, rebuilding."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pipeline.ports import Index, Putting
from pipeline.query import Query
from tests.contracts.index_office import OFFICE, InAnOffice, found, untakable
from tests.index.entries import entry


class KeepingContract(InAnOffice):
    # --- generations -----------------------------------------------------------------------------------------------------

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

    # --- rebuilding ------------------------------------------------------------------------------------------------------

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

    # --- size ------------------------------------------------------------------------------------------------------------

    def test_a_long_record_and_a_long_word_are_taken(self, index: Index) -> None:
        pages = [f"trang {number} {'x' * 5000} nội dung" for number in range(1, 301)]
        index.put([entry("long", *pages)])
        (hit,) = index.search(Query('"trang 250"')).hits
        assert hit.snippet is not None
        assert hit.snippet.page_no == 250
        assert len(hit.snippet.text) < 1000
