"""A mark of secrecy stops a record, takes an older result out of sight, and only a named person's word brings it back."""

from __future__ import annotations

import pytest

from pipeline.custody import records
from pipeline.custody.documents import Cleared, decode
from pipeline.custody.indexing import index_record, rebuild_index, refresh_all
from pipeline.custody.lookup import manifest_of, quarantine_of, result_of
from pipeline.custody.reconcile import reconcile
from pipeline.custody.renew import reread, retry
from pipeline.custody.secrecy import clear, cleared_pages, stop
from pipeline.custody.status import status
from pipeline.custody.stopped import stop_of
from pipeline.errors import SecretMark, UsageError
from pipeline.jobs import EVERY_PAGE
from tests.custody.doubles import Office
from tests.custody.reading import begun, committed, done

BY, WHY = "Nguyễn Thị Lan", "dấu của hộp mật ong, đã xem bản giấy"


def stopped(office: Office, record_id: str, page_no: int = 3) -> None:
    """A mark is found in the generation that is to be read."""
    stop(office.custody, begun(office, record_id), SecretMark(page_no=page_no, level="MẬT"))


def cleared(office: Office, record_id: str, *, every_page: bool = False) -> int | None:
    return clear(office.custody, record_id, BY, WHY, "lan", every_page=every_page)


def reread_and_stopped(office: Office) -> str:
    """A record that was done and found, until a later reading saw a mark."""
    record_id = office.received("a.pdf")
    done(office, record_id)
    reread(office.custody, record_id, {})
    stopped(office, record_id)
    index_record(office.custody, office.indexing, record_id)
    return record_id


def test_it_is_in_quarantine_with_the_page_and_nothing_else_is_kept(office: Office) -> None:
    record_id = office.received("a.pdf")
    stopped(office, record_id)
    note = quarantine_of(office.store, manifest_of(office.store, record_id))
    assert note is not None
    assert (note.code, note.detail) == ("SECRET_MARK", "page 3: MẬT")
    assert "trang 3: MẬT" in str(SecretMark(note.detail))
    assert [*office.store.list_after(records.FILES), *office.store.list_after(records.RESULTS)] == []
    counts = status(office.store).total
    assert (counts.received, counts.quarantined, counts.adds_up) == (1, 1, True)


def test_neither_retry_nor_reread_brings_it_back(office: Office) -> None:
    record_id = office.received("a.pdf")
    stopped(office, record_id)
    with pytest.raises(SecretMark):
        retry(office.custody, record_id)
    with pytest.raises(SecretMark):
        reread(office.custody, record_id, {})
    assert status(office.store).total.quarantined == 1


def test_a_named_person_brings_it_back_and_the_store_keeps_who_and_why(office: Office) -> None:
    record_id = office.received("a.pdf")
    stopped(office, record_id)
    assert cleared(office, record_id) == 2
    key = records.cleared_key(record_id, 1)
    kept = decode(Cleared, office.store.get(key), key)
    assert (kept.pages, kept.by, kept.why, kept.account) == ((3,), BY, WHY, "lan")
    assert cleared_pages(office.store, manifest_of(office.store, record_id)) == {3}
    done(office, record_id)
    assert set(office.index.entries) == {record_id}


@pytest.mark.parametrize(("by", "why"), [("", WHY), (BY, "  "), ("--", WHY), (BY, "ok")])
def test_without_a_name_or_a_reason_it_stays(office: Office, by: str, why: str) -> None:
    record_id = office.received("a.pdf")
    stopped(office, record_id)
    with pytest.raises(UsageError):
        clear(office.custody, record_id, by, why, "lan", every_page=False)
    assert list(office.store.list_after(records.CLEARED)) == []


def test_the_word_holds_for_one_page_unless_it_is_said_of_all(office: Office) -> None:
    record_id = office.received("a.pdf")
    stopped(office, record_id, 3)
    cleared(office, record_id)
    stopped(office, record_id, 17)
    assert quarantine_of(office.store, manifest_of(office.store, record_id)) is not None
    assert cleared(office, record_id, every_page=True) == 3
    assert cleared_pages(office.store, manifest_of(office.store, record_id)) == {3, EVERY_PAGE}


def test_only_a_record_that_a_mark_has_stopped_can_be_cleared(office: Office) -> None:
    record_id = office.received("a.pdf")
    assert cleared(office, record_id) is None
    done(office, record_id)
    assert cleared(office, record_id) is None


def test_the_word_holds_for_later_readings_too(office: Office) -> None:
    record_id = office.received("a.pdf")
    stopped(office, record_id)
    cleared(office, record_id)
    done(office, record_id)
    reread(office.custody, record_id, {"reader": "other"})
    assert cleared_pages(office.store, manifest_of(office.store, record_id)) == {3}


def test_an_older_result_is_out_of_the_index_and_kept_in_the_store(office: Office) -> None:
    record_id = reread_and_stopped(office)
    assert office.index.entries == {}
    assert office.index.removed == {record_id: 2}
    assert result_of(office.store, record_id) is not None
    assert stop_of(office.store, record_id) is not None
    assert status(office.store).total.quarantined == 1


def test_no_look_through_the_house_and_no_new_index_brings_it_into_sight(office: Office) -> None:
    reread_and_stopped(office)
    rebuild_index(office.custody, office.indexing)
    reconcile(office.custody, office.indexing)
    assert office.index.entries == {}


def test_killed_before_the_index_was_told_it_is_told_by_the_next_who_looks(office: Office) -> None:
    record_id = office.received("a.pdf")
    done(office, record_id)
    reread(office.custody, record_id, {})
    stopped(office, record_id)
    assert set(office.index.entries) == {record_id}
    refresh_all(office.custody, office.indexing)
    assert office.index.entries == {}
    assert list(office.store.list_after(records.REFRESH)) == []


def test_an_index_that_was_away_when_the_mark_was_found_is_brought_up_by_the_survey(office: Office) -> None:
    record_id = office.received("a.pdf")
    done(office, record_id)
    reread(office.custody, record_id, {})
    stopped(office, record_id)
    for key in list(office.store.list_after(records.REFRESH)):  # lost, as marks may be
        office.store.remove(key)
    reconcile(office.custody, office.indexing)
    assert office.index.entries == {}


def test_it_stays_out_of_sight_until_the_new_reading_is_there(office: Office) -> None:
    record_id = reread_and_stopped(office)
    cleared(office, record_id)
    reconcile(office.custody, office.indexing)
    assert office.index.entries == {}
    assert stop_of(office.store, record_id) is not None
    committed(office, begun(office, record_id))
    index_record(office.custody, office.indexing, record_id)
    assert set(office.index.entries) == {record_id}
    assert stop_of(office.store, record_id) is None
