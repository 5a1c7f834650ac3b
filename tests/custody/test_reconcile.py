"""What a process that died left undone is made up."""

from __future__ import annotations

import threading

import pytest

from pipeline.custody import records
from pipeline.custody.receive import receive
from pipeline.custody.reconcile import Reconciled, reconcile, sweep_orphans
from pipeline.custody.status import status
from pipeline.custody.survey import acknowledge_waiting
from pipeline.errors import DigestMismatch, HomeLocked
from tests.custody.doubles import PLACING, Killed, KillingStore, Office, die
from tests.custody.reading import begun, committed
from tests.custody.test_commit import damage


def killed_receiving(office: Office, kind: str, moment: str) -> None:
    custody = office.custody_over(KillingStore(office.store, kind, moment, kill=die))
    with pytest.raises(Killed):
        receive(custody, office.scan("a.pdf"), office.handover(), PLACING)


def test_a_file_stored_and_never_acknowledged_is_swept_and_may_come_again(office: Office) -> None:
    killed_receiving(office, records.ORIGINALS, "after")
    assert reconcile(office.custody, office.indexing) == Reconciled(0, 0, swept=1, pending=0)
    assert list(office.store.list_after(records.ORIGINALS)) == []
    assert office.received("a.pdf")
    assert reconcile(office.custody, office.indexing) == Reconciled(0, 0, swept=0, pending=1)


def test_a_pointer_to_a_record_that_never_was_goes_with_its_original(office: Office) -> None:
    killed_receiving(office, records.CONTENT, "after")
    assert sweep_orphans(office.custody) == 1
    assert list(office.store.list_after(records.CONTENT)) == []
    assert office.received("a.pdf")


def test_a_record_whose_manifest_is_safe_is_acknowledged_after_the_fact(office: Office) -> None:
    killed_receiving(office, records.MANIFESTS, "after")
    assert reconcile(office.custody, office.indexing) == Reconciled(arrivals=1, indexed=0, swept=0, pending=1)
    counts = status(office.store).total
    assert (counts.received, counts.pending, counts.adds_up) == (1, 1, True)
    receive(office.custody, office.folder / "scans" / "a.pdf", office.handover(), PLACING)
    assert status(office.store).total.received == 1


def test_a_result_that_nobody_indexed_is_indexed(office: Office) -> None:
    committed(office, begun(office, office.received("a.pdf")))
    assert reconcile(office.custody, office.indexing) == Reconciled(arrivals=0, indexed=1, swept=0, pending=0)


def test_reconciling_twice_changes_nothing_more(office: Office) -> None:
    killed_receiving(office, records.MANIFESTS, "after")
    office.receive(office.scan("empty.pdf", b""))
    committed(office, begun(office, office.received("b.pdf")))
    reconcile(office.custody, office.indexing)
    before = list(office.store.list_after(""))
    assert reconcile(office.custody, office.indexing) == Reconciled(0, 0, 0, pending=1)
    assert list(office.store.list_after("")) == before


def test_the_original_of_a_record_whose_manifest_was_lost_is_never_swept(office: Office) -> None:
    record_id = office.received("a.pdf")
    office.store.remove(records.manifest_key(record_id, 1))
    assert sweep_orphans(office.custody) == 0
    assert len(list(office.store.list_after(records.ORIGINALS))) == 1


def test_the_original_of_a_record_whose_pointer_was_lost_is_never_swept(office: Office) -> None:
    office.received("a.pdf")
    (key,) = office.store.list_after(records.CONTENT)
    office.store.remove(key)
    assert sweep_orphans(office.custody) == 0


def test_a_damaged_pointer_or_manifest_sweeps_nothing(office: Office) -> None:
    record_id = office.received("a.pdf")
    (pointer,) = office.store.list_after(records.CONTENT)
    damage(office, pointer)
    assert sweep_orphans(office.custody) == 0
    office.store.remove(pointer)
    damage(office, records.manifest_key(record_id, 1))
    with pytest.raises(DigestMismatch):
        sweep_orphans(office.custody)
    assert len(list(office.store.list_after(records.ORIGINALS))) == 1
    assert acknowledge_waiting(office.custody) == 0


def test_nothing_is_swept_while_a_file_is_received(office: Office) -> None:
    office.gate_wait_seconds = 0
    custody = office.custody
    with custody.gate.shared(), pytest.raises(HomeLocked):
        sweep_orphans(custody)


def test_a_file_that_comes_while_orphans_are_swept_waits_and_is_kept(office: Office) -> None:
    killed_receiving(office, records.CONTENT, "after")
    received: list[str] = []
    with office.custody.gate.exclusive():
        receiver = threading.Thread(target=lambda: received.append(office.received("a.pdf")), daemon=True)
        receiver.start()
        receiver.join(0.3)
        assert received == []
    receiver.join()
    assert sweep_orphans(office.custody) == 0
    assert len(list(office.store.list_after(records.ORIGINALS))) == 1
