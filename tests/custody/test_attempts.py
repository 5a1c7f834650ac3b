"""Tries are counted before they are made."""

from __future__ import annotations

import pytest

from pipeline.custody import records
from pipeline.custody.attempts import begin_attempt, charge_crash, give_back, give_up, read_history
from pipeline.custody.documents import Outcome
from pipeline.custody.lookup import manifest_of, quarantine_of
from pipeline.custody.renew import reread, retry
from pipeline.custody.status import State, read_ledger, status
from pipeline.errors import (
    ChildCrashed,
    ChildOutOfMemory,
    ChildTimeout,
    DiskFull,
    Interrupted,
    NeedsPassword,
    UnknownRecord,
    error_from,
)
from tests.custody.doubles import Killed, KillingStore, Office, die
from tests.custody.kept import damage_in
from tests.custody.reading import begun, committed, done


def state(office: Office, record_id: str) -> State:
    return read_ledger(office.store).state_of(record_id)


def test_a_try_is_in_the_store_before_the_work_begins(office: Office) -> None:
    record_id = office.received("a.pdf")
    attempt = begun(office, record_id)
    assert list(read_history(office.store, attempt.manifest).started) == [1]
    assert state(office, record_id) is State.PENDING


def test_three_faults_of_the_child_whatever_their_kind_and_the_record_is_quarantined(office: Office) -> None:
    record_id = office.received("a.pdf")
    for fault in (ChildCrashed("SIGSEGV", 5), ChildTimeout("> 180 s", 5)):
        charge_crash(office.custody, begun(office, record_id), fault)
        assert state(office, record_id) is State.PENDING
    charge_crash(office.custody, begun(office, record_id), ChildOutOfMemory("> 2500 MB", 5))
    assert state(office, record_id) is State.QUARANTINED
    manifest = manifest_of(office.store, record_id)
    reason = quarantine_of(office.store, manifest)
    assert reason is not None
    assert (reason.code, reason.detail) == ("OUT_OF_MEMORY", "> 2500 MB")
    assert isinstance(error_from(reason.code, reason.detail), ChildOutOfMemory)
    assert begin_attempt(office.custody, manifest, "worker-1") is None


def test_on_the_last_try_the_pages_on_which_the_others_died_are_left_out(office: Office) -> None:
    record_id = office.received("a.pdf")
    first = begun(office, record_id)
    charge_crash(office.custody, first, ChildCrashed("SIGSEGV", 7))
    second = begun(office, record_id)
    charge_crash(office.custody, second, ChildCrashed("SIGSEGV", 3))
    third = begun(office, record_id)
    assert [first.skip_pages, second.skip_pages, third.skip_pages] == [frozenset(), frozenset(), frozenset({3, 7})]


def test_a_try_whose_worker_died_is_found_by_the_next_worker_and_costs_a_tenth(office: Office) -> None:
    record_id = office.received("a.pdf")
    for number in range(10):
        assert begun(office, record_id, f"worker-{number}").number == number + 1
        assert state(office, record_id) is State.PENDING
    manifest = manifest_of(office.store, record_id)
    assert begin_attempt(office.custody, manifest, "worker-10") is None
    assert read_history(office.store, manifest).count(Outcome.INTERRUPTED) == 10
    reason = quarantine_of(office.store, manifest)
    assert reason is not None
    assert reason.code == "INTERRUPTED_TOO_OFTEN"


def test_a_try_whose_end_the_store_did_not_take_costs_nothing_when_its_own_worker_comes_back(office: Office) -> None:
    record_id = office.received("a.pdf")
    for number in range(1, 13):
        assert begun(office, record_id, "worker-1").number == number
    history = read_history(office.store, manifest_of(office.store, record_id))
    assert [end.outcome for end in history.ended.values()] == [Outcome.GIVEN_BACK] * 11


def test_of_what_was_read_no_further_try_is_begun(office: Office) -> None:
    record_id = office.received("a.pdf")
    done(office, record_id)
    manifest = manifest_of(office.store, record_id)
    assert begin_attempt(office.custody, manifest, "worker-2") is None
    assert [*read_history(office.store, manifest).started] == [1]


def test_what_is_given_back_costs_nothing(office: Office) -> None:
    record_id = office.received("a.pdf")
    for _ in range(20):
        give_back(office.custody, begun(office, record_id), Interrupted())
        give_back(office.custody, begun(office, record_id), DiskFull())
    assert state(office, record_id) is State.PENDING


def test_a_file_that_nobody_can_read_is_quarantined_at_once_with_the_reason(office: Office) -> None:
    record_id = office.received("a.pdf")
    give_up(office.custody, begun(office, record_id), NeedsPassword())
    assert state(office, record_id) is State.QUARANTINED
    reason = quarantine_of(office.store, manifest_of(office.store, record_id))
    assert reason is not None
    assert "mật khẩu" in str(error_from(reason.code, reason.detail))


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_killed_while_it_quarantines_leaves_that_to_the_next(office: Office, moment: str) -> None:
    record_id = office.received("a.pdf")
    for _ in range(2):
        charge_crash(office.custody, begun(office, record_id), ChildCrashed("SIGSEGV", 1))
    custody = office.custody_over(KillingStore(office.store, records.QUARANTINE, moment, kill=die))
    with pytest.raises(Killed):
        charge_crash(custody, begun(office, record_id), ChildCrashed("SIGSEGV", 1))
    assert status(office.store).total.adds_up
    assert begin_attempt(office.custody, manifest_of(office.store, record_id), "worker-2") is None
    assert state(office, record_id) is State.QUARANTINED


def test_retry_brings_a_record_back_with_all_its_tries(office: Office) -> None:
    record_id = office.received("a.pdf")
    give_up(office.custody, begun(office, record_id), NeedsPassword())
    assert retry(office.custody, record_id) == 2
    assert state(office, record_id) is State.PENDING
    assert office.queue.waiting() == 2
    assert retry(office.custody, record_id) is None
    charge_crash(office.custody, begun(office, record_id), ChildCrashed())
    done(office, record_id)
    assert state(office, record_id) is State.DONE
    assert retry(office.custody, record_id) is None
    counts = status(office.store).total
    assert (counts.received, counts.done, counts.quarantined) == (1, 1, 0)


def test_reread_reads_by_the_new_recipe_and_keeps_the_old_result_until_then(office: Office) -> None:
    record_id = office.received("a.pdf")
    assert reread(office.custody, record_id, {"reader": "new"}) is None
    done(office, record_id)
    assert reread(office.custody, record_id, {"reader": "new"}) == 2
    assert manifest_of(office.store, record_id).recipe == {"reader": "new"}
    assert state(office, record_id) is State.PENDING
    assert office.index.entries[record_id].placement.generation == 1
    done(office, record_id)
    assert office.index.entries[record_id].placement.generation == 2


@pytest.mark.parametrize("kind", [records.RESULTS, records.FILES])
def test_a_record_whose_result_has_rotted_is_read_again(office: Office, kind: str) -> None:
    record_id = office.received("a.pdf")
    done(office, record_id)
    damage_in(office.store, next(office.store.list_after(kind)))
    assert reread(office.custody, record_id, {}) == 2
    done(office, record_id)
    assert state(office, record_id) is State.DONE


def test_an_unknown_record_is_neither_retried_nor_reread(office: Office) -> None:
    for record_id in ("nonsense", "00000000-0000-4000-8000-000000000000"):
        with pytest.raises(UnknownRecord):
            retry(office.custody, record_id)
        with pytest.raises(UnknownRecord):
            reread(office.custody, record_id, {})


def test_a_result_that_came_after_the_quarantine_wins(office: Office) -> None:
    record_id = office.received("a.pdf")
    attempt = begun(office, record_id)
    give_up(office.custody, attempt, NeedsPassword())
    assert committed(office, attempt)
    assert state(office, record_id) is State.DONE
