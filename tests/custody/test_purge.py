"""Two named persons have a record destroyed: nothing of it is left but who, when, why, and the digest of its bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest

from pipeline.adapters.directory_store import DirectoryStore
from pipeline.custody import records
from pipeline.custody.backup import backup
from pipeline.custody.batches import open_handover
from pipeline.custody.fixity import check_fixity
from pipeline.custody.lookup import tombstone_of
from pipeline.custody.purge import Decision, purge
from pipeline.custody.receive import Placing, Receiving, receive
from pipeline.custody.reconcile import reconcile
from pipeline.custody.restore import restore
from pipeline.custody.status import status
from pipeline.errors import DigestMismatch, HomeLocked, Purged, UnknownRecord, UsageError
from pipeline.ports import Kept, Store
from tests.custody.doubles import Killed, Office, WrappedStore
from tests.custody.kept import contents
from tests.custody.reading import begun, committed, done
from tests.custody.test_commit import damage

DECISION = Decision("Nguyễn Văn An", "Trần Thị Bình", "tài liệu mật nộp nhầm", "an")


class DyingEraser(WrappedStore):
    """Its process ends before the how-manieth erasure."""

    def __init__(self, store: Store, turn: int) -> None:
        super().__init__(store)
        self._left = turn

    def erase(self, prefix: str) -> list[Kept]:
        self._left -= 1
        if self._left == 0:
            raise Killed
        return self.inner.erase(prefix)


class DestroyedMeanwhile(WrappedStore):
    """Two persons have the record destroyed just before the first object of a kind is put."""

    def __init__(self, office: Office, record_id: str, kind: str) -> None:
        super().__init__(office.store)
        self._office = office
        self._record_id = record_id
        self._kind = kind

    def put_new(self, key: str, content: bytes | Path) -> None:
        if key.startswith(self._kind) and tombstone_of(self.inner, self._record_id) is None:
            destroyed(self._office, self._record_id)
        self.inner.put_new(key, content)


def destroyed(office: Office, *record_ids: str, store: Store | None = None) -> None:
    purge(office.custody_over(store or office.store), office.index, record_ids, DECISION)


def traces(store: DirectoryStore, record_id: str) -> list[str]:
    """Whatever still names it, or its bytes."""
    return [key for key in store.list_after("") if record_id in key or key.startswith((records.ORIGINALS, records.CONTENT))]


def test_all_that_is_left_is_the_arrival_and_who_and_why_and_when(office: Office) -> None:
    record_id = office.received("a.pdf")
    done(office, record_id, review=True)
    office.receive(office.scan("a.pdf"), "dot-2")
    destroyed(office, record_id)
    left = traces(office.store, record_id)
    assert {key.split("/")[0] for key in left} == {"arrivals", "purged"}
    stone = tombstone_of(office.store, record_id)
    assert stone is not None
    assert (stone.by, stone.and_by, stone.why, stone.account) == (DECISION.by, DECISION.and_by, DECISION.why, "an")
    assert len(stone.sha256) == 64
    assert office.index.entries == {}
    assert [key for key in office.store.list_after(records.PENDING) if record_id in key] == []


def test_the_equation_counts_it_as_purged_and_nothing_is_missed(office: Office) -> None:
    record_id = office.received("a.pdf")
    done(office, record_id)
    done(office, office.received("b.pdf"))
    destroyed(office, record_id)
    counts = status(office.store).total
    assert (counts.received, counts.done, counts.purged, counts.adds_up) == (2, 1, 1, True)
    assert check_fixity(office.custody).problems == ()


@pytest.mark.parametrize(
    "decision",
    [
        replace(DECISION, and_by=" nguyễn văn  AN "),
        replace(DECISION, and_by=""),
        replace(DECISION, by="??"),
        replace(DECISION, why=" "),
    ],
)
def test_it_takes_two_persons_and_a_reason(office: Office, decision: Decision) -> None:
    record_id = office.received("a.pdf")
    before = contents(office.store)
    with pytest.raises(UsageError):
        purge(office.custody, office.index, [record_id], decision)
    assert contents(office.store) == before


def test_an_unknown_record_among_others_stops_it_before_anything_is_destroyed(office: Office) -> None:
    record_id = office.received("a.pdf")
    before = contents(office.store)
    with pytest.raises(UnknownRecord):
        destroyed(office, record_id, "00000000-0000-4000-8000-000000000000")
    assert contents(office.store) == before


def test_the_same_bytes_are_refused_from_whoever_brings_them_and_counted(office: Office) -> None:
    record_id = office.received("a.pdf")
    destroyed(office, record_id)
    again = office.receive(office.scan("a.pdf"), "dot-9")
    other = open_handover(office.custody, "don-vi-khac", "dot-1")
    elsewhere = receive(office.custody, office.scan("a.pdf"), other, Placing("phong-2", "tu-phap"))
    for receipt in (again, elsewhere):
        assert receipt.outcome is Receiving.REJECTED
        assert isinstance(receipt.error, Purged)
        assert record_id in receipt.error.detail
    counts = status(office.store).total
    assert (counts.received, counts.rejected, counts.purged, counts.adds_up) == (3, 2, 1, True)
    assert list(office.store.list_after(records.ORIGINALS)) == []


def test_records_of_several_units_with_the_same_bytes_are_destroyed_together_or_not_at_all(office: Office) -> None:
    first = office.received("a.pdf")
    other = open_handover(office.custody, "don-vi-khac", "dot-1")
    second = receive(office.custody, office.scan("a.pdf"), other, Placing("phong-2", "tu-phap")).record_id or ""
    with pytest.raises(UsageError, match=second):
        destroyed(office, first)
    assert tombstone_of(office.store, first) is None
    destroyed(office, first, second)
    assert list(office.store.list_after(records.ORIGINALS)) == []
    assert status(office.store).total.purged == 2


def go_on_with_the_command(office: Office, record_id: str) -> None:
    destroyed(office, record_id)


def look_through_the_house(office: Office, _record_id: str) -> None:
    reconcile(office.custody, office.indexing)


@pytest.mark.parametrize("turn", range(1, 13))
@pytest.mark.parametrize("go_on", [go_on_with_the_command, look_through_the_house])
def test_killed_anywhere_it_is_finished_by_the_next_who_looks(
    office: Office, turn: int, go_on: Callable[[Office, str], None]
) -> None:
    record_id = office.received("a.pdf")
    done(office, record_id, review=True)
    try:
        destroyed(office, record_id, store=DyingEraser(office.store, turn))
    except Killed:
        counts = status(office.store).total
        assert (counts.purged, counts.adds_up) == (1, True)
        go_on(office, record_id)
    assert {key.split("/")[0] for key in traces(office.store, record_id)} == {"arrivals", "purged"}
    assert office.index.entries == {}
    assert check_fixity(office.custody).problems == ()


def test_a_reading_that_was_under_way_leaves_nothing(office: Office) -> None:
    record_id = office.received("a.pdf")
    attempt = begun(office, record_id)
    destroyed(office, record_id)
    with pytest.raises(Purged):
        committed(office, attempt)
    assert list(office.store.list_after(records.FILES)) == []
    assert list(office.store.list_after(records.RESULTS)) == []


@pytest.mark.parametrize("kind", [records.FILES, records.REVIEW, records.RESULTS])
def test_a_result_that_was_just_being_written_is_gone_too(office: Office, kind: str) -> None:
    record_id = office.received("a.pdf")
    attempt = begun(office, record_id)
    with pytest.raises(Purged):
        committed(office, attempt, review=True, store=DestroyedMeanwhile(office, record_id, kind))
    assert {key.split("/")[0] for key in traces(office.store, record_id)} == {"arrivals", "purged"}


def test_who_is_just_receiving_is_waited_for(office: Office) -> None:
    record_id = office.received("a.pdf")
    office.gate_wait_seconds = 0
    before = contents(office.store)
    with office.custody.gate.shared(), pytest.raises(HomeLocked):
        destroyed(office, record_id)
    assert contents(office.store) == before


def test_a_record_named_twice_is_destroyed_once(office: Office) -> None:
    record_id = office.received("a.pdf")
    assert len(purge(office.custody, office.index, [record_id, record_id], DECISION)) == 1


def test_where_it_cannot_be_read_whose_the_same_bytes_are_nothing_is_destroyed(office: Office) -> None:
    first = office.received("a.pdf")
    own = next(office.store.list_after(records.CONTENT))
    other = open_handover(office.custody, "don-vi-khac", "dot-1")
    receive(office.custody, office.scan("a.pdf"), other, Placing("phong-2", "tu-phap"))
    (others,) = set(office.store.list_after(records.CONTENT)) - {own}
    damage(office, others)
    with pytest.raises(DigestMismatch, match="phong-2"):
        destroyed(office, first)
    assert tombstone_of(office.store, first) is None


def test_its_own_pointer_may_have_rotted(office: Office) -> None:
    record_id = office.received("a.pdf")
    damage(office, next(office.store.list_after(records.CONTENT)))
    destroyed(office, record_id)
    assert {key.split("/")[0] for key in traces(office.store, record_id)} == {"arrivals", "purged"}


def test_destroying_twice_is_destroying_once_and_the_first_decision_stands(office: Office) -> None:
    record_id = office.received("a.pdf")
    destroyed(office, record_id)
    before = contents(office.store)
    purge(office.custody, office.index, [record_id], replace(DECISION, why="lý do khác hẳn"))
    assert contents(office.store) == before


def test_a_backup_made_before_does_not_bring_it_back(office: Office, copy: DirectoryStore) -> None:
    record_id = office.received("a.pdf")
    done(office, record_id)
    done(office, office.received("b.pdf"))
    backup(office.store, copy, copy.temp)
    destroyed(office, record_id)
    before = contents(office.store)
    restored = restore(copy, office.store, office.store.temp)
    assert (restored.returned, restored.replaced, restored.lost) == ((), (), ())
    assert contents(office.store) == before


class DestroyedWhileCopied(WrappedStore):
    """Two persons have the record destroyed when the first object of a kind is read."""

    def __init__(self, office: Office, record_id: str, kind: str) -> None:
        super().__init__(office.store)
        self._office = office
        self._record_id = record_id
        self._kind = kind

    def open(self, key: str) -> BinaryIO:
        if key.startswith(self._kind):
            destroyed(self._office, self._record_id)
        return self.inner.open(key)


@pytest.mark.parametrize("kind", [records.ORIGINALS, records.MANIFESTS, records.RESULTS, records.ARRIVALS])
def test_destroyed_while_a_backup_is_made_it_is_so_in_a_home_from_that_backup(
    office: Office, copy: DirectoryStore, new_home: Office, kind: str
) -> None:
    record_id = office.received("a.pdf")
    done(office, record_id, review=True)
    done(office, office.received("b.pdf"))
    backup(DestroyedWhileCopied(office, record_id, kind), copy, copy.temp)
    restore(copy, new_home.store, new_home.store.temp)
    assert contents(new_home.store) == contents(office.store)
    counts = status(new_home.store).total
    assert (counts.purged, counts.done, counts.adds_up) == (1, 1, True)


def test_the_next_backup_misses_nothing_of_it_and_a_new_home_from_it_has_the_tombstone(
    office: Office, copy: DirectoryStore, new_home: Office
) -> None:
    record_id = office.received("a.pdf")
    done(office, record_id)
    done(office, office.received("b.pdf"))
    backup(office.store, copy, copy.temp)
    destroyed(office, record_id)
    assert backup(office.store, copy, copy.temp).missing == ()
    restore(copy, new_home.store, new_home.store.temp)
    assert contents(new_home.store) == contents(office.store)
    assert status(new_home.store).total.purged == 1
