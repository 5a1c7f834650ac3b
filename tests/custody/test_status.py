"""received = done + pending + quarantined + rejected."""

from __future__ import annotations

import threading

from pipeline.custody import records
from pipeline.custody.attempts import give_up
from pipeline.custody.lookup import quarantined
from pipeline.custody.receive import receive
from pipeline.custody.renew import retry
from pipeline.custody.status import Counts, read_ledger, status
from pipeline.errors import Damaged
from tests.custody.doubles import PDF, PLACING, Office
from tests.custody.reading import begun, committed
from tests.custody.test_commit import damage
from tests.programs import beside


def test_an_empty_home_adds_up(office: Office) -> None:
    assert status(office.store).total == Counts(0, 0, 0, 0, 0, 0)
    assert status(office.store).total.adds_up


def test_each_arrival_is_in_one_term_in_all_and_in_its_batch(office: Office) -> None:
    done_id, review_id, bad_id = office.received("a.pdf"), office.received("b.pdf"), office.received("c.pdf", "dot-2")
    office.received("d.pdf", "dot-2")
    office.receive(office.scan("empty.pdf", b""), "dot-2")
    committed(office, begun(office, done_id))
    committed(office, begun(office, review_id), review=True)
    give_up(office.custody, begun(office, bad_id), Damaged())
    told = status(office.store)
    assert told.total == Counts(received=5, done=2, pending=1, quarantined=1, rejected=1, needs_review=1)
    assert [line.counts for line in told.batches] == [Counts(2, 2, 0, 0, 0, 1), Counts(3, 0, 1, 1, 1, 0)]


def test_a_second_arrival_has_the_state_of_its_record(office: Office) -> None:
    record_id = office.receive(office.scan("a.pdf", PDF + b"same")).record_id or ""
    office.receive(office.scan("b.pdf", PDF + b"same"), "dot-2")
    assert status(office.store).total.pending == 2
    committed(office, begun(office, record_id), review=True)
    assert status(office.store).total == Counts(2, 2, 0, 0, 0, 2)


def test_a_lost_manifest_breaks_the_equation(office: Office) -> None:
    record_id = office.received("a.pdf")
    office.store.remove(records.manifest_key(record_id, 1))
    counts = status(office.store).total
    assert counts.received == 1
    assert not counts.adds_up


def test_a_lost_rejection_breaks_the_equation(office: Office) -> None:
    office.receive(office.scan("empty.pdf", b""))
    (key,) = office.store.list_after(records.REJECTED)
    office.store.remove(key)
    assert not status(office.store).total.adds_up


def test_damaged_small_print_does_not_keep_the_office_from_its_counts(office: Office) -> None:
    office.handover("dot-1", declared=3)
    give_up(office.custody, begun(office, office.received("a.pdf")), Damaged())
    for kind in (records.DECLARED, records.QUARANTINE, records.BATCHES, records.ARRIVALS, records.CONTENT):
        damage(office, next(office.store.list_after(kind)))
    (line,) = status(office.store).batches
    assert (line.declared, line.counts.quarantined, line.counts.adds_up) == (None, 1, True)
    assert list(quarantined(office.store)) == []
    assert office.received("b.pdf")


def test_pending_work_is_given_out_batch_after_batch(office: Office) -> None:
    late = [office.received(f"{number}.pdf", "dot-9") for number in range(3)]
    early = [office.received(f"early-{number}.pdf", "dot-1") for number in range(3)]
    tasks = [task.record_id for task in read_ledger(office.store).pending()]
    assert set(tasks[:3]) == set(early)
    assert set(tasks[3:]) == set(late)


def test_the_equation_is_true_whenever_it_is_looked_at_while_others_write(office: Office) -> None:
    over = threading.Event()
    wrong: list[Counts] = []
    looks = 0

    def look() -> None:
        nonlocal looks
        while not over.is_set():
            for counts in (told := status(office.store)).total, *(line.counts for line in told.batches):
                if not counts.adds_up or counts.needs_review > counts.done:
                    wrong.append(counts)
            looks += 1

    with beside(look, 2, end=over.set):
        for number in range(25):
            bring_and_read(office, number)
    assert looks > 2
    assert wrong == []
    assert status(office.store).total == Counts(received=75, done=50, pending=0, quarantined=0, rejected=25, needs_review=50)


def bring_and_read(office: Office, number: int) -> None:
    """A file, the same file in another batch, one that is rejected; given up, retried, read."""
    scan = office.scan(f"{number}.pdf")
    record_id = office.receive(scan).record_id or ""
    receive(office.custody, scan, office.handover("dot-2"), PLACING)
    office.receive(office.scan(f"{number}-empty.pdf", b""), "dot-2")
    give_up(office.custody, begun(office, record_id), Damaged())
    retry(office.custody, record_id)
    committed(office, begun(office, record_id), review=True)
