"""A look through the whole store makes anew what was lost beside the objects, part after part."""

from __future__ import annotations

import pytest

from pipeline.custody import records
from pipeline.custody.lookup import manifest_of
from pipeline.custody.pending import everything
from pipeline.custody.receive import receive
from pipeline.custody.status import status
from pipeline.custody.survey import ONE_PART, SIXTEEN_PARTS, parts_of, survey
from tests.custody.doubles import PLACING, Killed, KillingStore, Office, die
from tests.custody.reading import begun, committed
from tests.custody.test_commit import damage
from tests.custody.test_pending import ListedStore


def lose(office: Office, kind: str) -> None:
    for key in list(office.store.list_after(kind)):
        office.store.remove(key)


def looked(office: Office, begin_at: str = "", parts: list[str] | None = None) -> tuple[int, int, int]:
    """Marks, arrivals and entries that were made anew."""
    healed = list(survey(office.custody, office.indexing, begin_at, parts))
    return sum(one.marked for one in healed), sum(one.arrivals for one in healed), sum(one.indexed for one in healed)


def test_lost_marks_are_made_anew_for_what_is_pending_and_for_nothing_else(office: Office) -> None:
    ids = [office.received(f"{number}.pdf") for number in range(5)]
    committed(office, begun(office, ids[0]))
    before = [one.key for one in everything(office.store)]
    lose(office, records.PENDING)
    assert looked(office)[0] == 4
    assert [one.key for one in everything(office.store)] == before
    assert looked(office)[0] == 0


def test_an_arrival_whose_receiver_died_is_made_up_with_its_lost_mark(office: Office) -> None:
    custody = office.custody_over(KillingStore(office.store, records.MANIFESTS, "after", kill=die))
    with pytest.raises(Killed):
        receive(custody, office.scan("a.pdf"), office.handover(), PLACING)
    lose(office, records.PENDING)
    assert looked(office) == (1, 1, 0)
    counts = status(office.store).total
    assert (counts.received, counts.pending) == (1, 1)


def test_an_index_that_was_lost_is_filled_again(office: Office) -> None:
    for number in range(5):
        committed(office, begun(office, office.received(f"{number}.pdf")))
    assert looked(office)[2] == 5
    office.index.entries.clear()
    assert looked(office)[2] == 5
    assert looked(office)[2] == 0


def test_an_index_that_does_not_answer_keeps_nothing_else_from_being_healed(office: Office) -> None:
    office.received("a.pdf")
    lose(office, records.PENDING)
    office.index.broken = True
    assert looked(office) == (1, 0, 0)


def test_a_pending_record_whose_manifest_rotted_and_whose_mark_was_lost_is_given_up_and_told(office: Office) -> None:
    record_id = office.received("a.pdf")
    damage(office, records.manifest_key(record_id, 1))
    lose(office, records.PENDING)
    looked(office)
    assert status(office.store).total.quarantined == 1


@pytest.mark.parametrize(
    ("in_a_256th", "parts"), [(ONE_PART, 1), (ONE_PART + 1, 16), (SIXTEEN_PARTS, 16), (SIXTEEN_PARTS + 1, 256)]
)
def test_a_larger_store_is_looked_through_in_more_parts(in_a_256th: int, parts: int) -> None:
    keys = sorted(records.manifest_key(f"00{number:06x}-0000-4000-8000-000000000000", 1) for number in range(in_a_256th))
    assert len(parts_of(ListedStore(keys))) == parts


def test_the_parts_of_a_store_are_all_of_it_and_it_is_gone_on_with_where_somebody_left_off(
    office: Office,
) -> None:
    sixteen = [f"{number:x}" for number in range(16)]
    ids = [office.received(f"{number}.pdf") for number in range(40)]
    lose(office, records.PENDING)
    assert looked(office, "8f", sixteen)[0] == sum(record_id[0] >= "8" for record_id in ids)
    assert looked(office, "", sixteen)[0] == sum(record_id[0] < "8" for record_id in ids)
    assert {one.task.record_id for one in everything(office.store)} == {*ids}
    assert all(manifest_of(office.store, one.task.record_id) for one in everything(office.store))
