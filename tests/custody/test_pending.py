"""The list of what is to be read: as long as the work, served by turns, and made anew where it got lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.custody import records
from pipeline.custody.attempts import give_up
from pipeline.custody.batches import open_handover
from pipeline.custody.pending import AT_ONCE, UNFINISHED, everything, in_turn, is_settled, mark_pending, oldest
from pipeline.custody.receive import receive
from pipeline.custody.renew import reread, retry
from pipeline.errors import Damaged
from pipeline.ports import BULK, INTERACTIVE, RecordTask
from tests.custody.doubles import PLACING, Killed, KillingStore, Office, WrappedStore, die
from tests.custody.reading import begun, committed


def bring(office: Office, unit: str, count: int, *, urgent: bool = False) -> list[str]:
    placing = type(PLACING)(PLACING.fonds, PLACING.sector, PLACING.recipe, urgent)
    handover = open_handover(office.custody, unit, "dot-1")
    files = [office.scan(f"{unit}/{number}{'-urgent' if urgent else ''}.pdf") for number in range(count)]
    return [receive(office.custody, file, handover, placing).record_id or "" for file in files]


def marked(office: Office) -> list[RecordTask]:
    return [one.task for one in everything(office.store)]


def test_what_was_received_is_listed_until_it_is_done(office: Office) -> None:
    ids = [office.received(f"{number}.pdf") for number in range(3)]
    assert marked(office) == [RecordTask(record_id, 1) for record_id in ids]
    committed(office, begun(office, ids[1]))
    assert marked(office) == [RecordTask(ids[0], 1), RecordTask(ids[2], 1)]


def test_what_is_given_up_is_listed_again_when_it_is_brought_back(office: Office) -> None:
    record_id = office.received("a.pdf")
    give_up(office.custody, begun(office, record_id), Damaged())
    assert marked(office) == []
    retry(office.custody, record_id)
    assert marked(office) == [RecordTask(record_id, 2)]


def test_a_record_that_is_to_be_read_again_at_once_comes_before_all_batches(office: Office) -> None:
    done = office.received("a.pdf")
    committed(office, begun(office, done))
    waiting = bring(office, "don-vi", 2)
    reread(office.custody, done, {}, urgent=True)
    assert marked(office) == [RecordTask(done, 2), *(RecordTask(record_id, 1) for record_id in waiting)]


def test_each_unit_has_its_turn_whatever_the_others_have_brought(office: Office) -> None:
    many, few, others = bring(office, "b-nhieu", 9), bring(office, "a", 2), bring(office, "Cần-Thơ", 3)
    order = [one.task.record_id for one in in_turn(office.store, BULK)]
    assert sorted(order) == sorted([*many, *few, *others])
    assert {*order[:3]} == {many[0], few[0], others[0]}
    assert {*order[3:6]} == {many[1], few[1], others[1]}
    assert order[8:] == many[3:]


def test_whoever_was_served_last_comes_last_the_next_time(office: Office) -> None:
    for unit in ("đông", "z", "a", "a-b", "a.b"):
        bring(office, unit, 2)
    served: list[str] = []
    for _ in range(10):
        served.append(next(in_turn(office.store, BULK, served[-1] if served else "")).unit)
    assert len({*served[:5]}) == 5
    assert served[5:] == served[:5]


@given(st.dictionaries(st.sampled_from(["a", "a-b", "a.b", "a0", "b", "huyện", "xã-1"]), st.integers(1, 5)))
def test_by_turns_nothing_is_left_out_and_nobody_gets_two_before_another_has_one(counts: dict[str, int]) -> None:
    keys = sorted(
        records.pending_key(BULK, unit, records.moment(f"20261123T0100{number:02d}000000"), str(uuid4()), 1)
        for unit, count in counts.items()
        for number in range(count)
    )
    order = [one.unit for one in in_turn(ListedStore(keys), BULK)]
    assert {unit: order.count(unit) for unit in order} == counts
    for place, unit in enumerate(order):
        before = order[:place]
        assert all(before.count(other) >= min(before.count(unit), counts[other]) for other in counts)


class ListedStore(WrappedStore):
    """Nothing but keys."""

    def __init__(self, keys: list[str]) -> None:
        self._keys = keys

    def list_after(self, prefix: str, after: str = "") -> Iterator[str]:
        return (key for key in self._keys if key.startswith(prefix) and key > after)


class CountingStore(ListedStore):
    """Counts the keys that were asked for."""

    def __init__(self, keys: list[str]) -> None:
        super().__init__(keys)
        self.given = 0

    def list_after(self, prefix: str, after: str = "") -> Iterator[str]:
        for key in super().list_after(prefix, after):
            self.given += 1
            yield key


def test_the_first_of_a_long_list_are_had_without_reading_it(office: Office) -> None:
    at = office.clock.now()
    keys = [records.pending_key(BULK, unit, at, f"{number:05d}", 1) for unit in ("a", "b") for number in range(20_000)]
    store = CountingStore(sorted(keys))
    assert len(list(islice(in_turn(store, BULK), 10))) == 10
    assert store.given < 20


def test_what_somebody_else_put_among_the_marks_is_passed_over(office: Office) -> None:
    record_id = office.received("a.pdf")
    for name in ("x", "20261123T010000000000.x", "yesterday.x.000001", "20261123T010000000000.x.one"):
        office.store.put_new(f"pending/bulk/don-vi/{name}", b"")
    assert marked(office) == [RecordTask(record_id, 1)]


def test_the_one_who_waits_longest_is_known(office: Office) -> None:
    assert oldest(office.store, BULK) is None
    began = office.clock.now()
    bring(office, "b", 2)
    bring(office, "a", 2)
    since = oldest(office.store, BULK)
    assert since is not None
    assert began < since < began + timedelta(seconds=30)
    assert oldest(office.store, INTERACTIVE) is None


def test_a_mark_stands_before_the_manifest_whenever_the_receiver_dies(office: Office) -> None:
    custody = office.custody_over(KillingStore(office.store, records.MANIFESTS, "after", kill=die))
    with pytest.raises(Killed):
        receive(custody, office.scan("a.pdf"), office.handover(), PLACING)
    assert len(marked(office)) == 1


def test_a_mark_that_was_left_behind_is_told_from_one_that_is_wanted(office: Office) -> None:
    waiting, done, renewed, given_up = (office.received(f"{number}.pdf") for number in range(4))
    before = list(everything(office.store))
    for record_id in (done, renewed):
        committed(office, begun(office, record_id))
    reread(office.custody, renewed, {})
    give_up(office.custody, begun(office, given_up), Damaged())
    now = office.clock.now()
    assert [is_settled(office.store, one, now) for one in before] == [False, True, True, True]
    assert waiting == before[0].task.record_id


def test_a_mark_without_a_manifest_may_be_one_that_is_just_being_received(office: Office) -> None:
    custody = office.custody_over(KillingStore(office.store, records.MANIFESTS, "before", kill=die))
    with pytest.raises(Killed):
        receive(custody, office.scan("a.pdf"), office.handover(), PLACING)
    (one,) = everything(office.store)
    assert not is_settled(office.store, one, one.since + UNFINISHED)
    assert is_settled(office.store, one, one.since + UNFINISHED + timedelta(seconds=1))


def test_marking_twice_is_marking_once(office: Office) -> None:
    attempt = begun(office, office.received("a.pdf"))
    assert mark_pending(office.store, attempt.manifest) is False
    assert len(marked(office)) == 1


def test_the_queue_is_told_of_the_first_ones_and_the_rest_waits_for_its_turn(office: Office) -> None:
    bring(office, "don-vi", AT_ONCE + 5)
    assert office.queue.waiting(BULK) == AT_ONCE
    bring(office, "don-vi", 3, urgent=True)
    assert office.queue.waiting(INTERACTIVE) == 3
