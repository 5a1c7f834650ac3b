"""Of many who could act for all one does, and another one when that is gone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from pipeline.custody.lease import CLOCKS_DIFFER, LASTS, Lease
from pipeline.custody.records import LEASE
from tests.custody.doubles import Office
from tests.custody.kept import damage_in


def lease(office: Office, owner: str) -> Lease:
    return Lease(office.store, office.clock, "keeper", owner)


def test_the_first_who_asks_has_the_post_and_keeps_it(office: Office) -> None:
    first, second = lease(office, "a"), lease(office, "b")
    for _ in range(30):
        assert first.hold() is not None
        assert second.hold() is None
        office.clock.skip(timedelta(seconds=5))


def test_who_does_not_renew_it_loses_it(office: Office) -> None:
    first, second = lease(office, "a"), lease(office, "b")
    assert first.hold() is not None
    office.clock.skip(LASTS + CLOCKS_DIFFER)
    assert second.hold() is not None
    assert first.hold() is None


def test_who_gives_it_up_leaves_it_to_the_next_at_once_with_a_note(office: Office) -> None:
    first, second = lease(office, "a"), lease(office, "b")
    first.hold()
    first.give_up("3f")
    held = second.hold("00")
    assert held is not None
    assert held.note == "3f"
    office.clock.skip(LASTS)
    held = second.hold("40")
    assert held is not None
    assert held.note == "40"


def test_the_note_of_one_who_died_is_found_by_the_next(office: Office) -> None:
    first, second = lease(office, "a"), lease(office, "b")
    first.hold("11")
    office.clock.skip(LASTS)
    first.hold("22")
    office.clock.skip(LASTS + CLOCKS_DIFFER)
    held = second.hold()
    assert held is not None
    assert held.note == "22"


def test_who_never_had_it_gives_nothing_up(office: Office) -> None:
    first, second = lease(office, "a"), lease(office, "b")
    first.hold()
    second.give_up()
    assert second.hold() is None


def test_of_many_who_ask_at_once_one_gets_it(office: Office) -> None:
    for _ in range(20):
        office.clock.skip(LASTS + CLOCKS_DIFFER)
        leases = [lease(office, f"owner-{number}") for number in range(8)]
        with ThreadPoolExecutor(8) as threads:
            assert sum(held is not None for held in threads.map(Lease.hold, leases)) == 1


def test_only_the_last_document_is_kept(office: Office) -> None:
    first = lease(office, "a")
    for _ in range(5):
        assert first.hold() is not None
        office.clock.skip(LASTS)
    assert len(list(office.store.list_after(LEASE))) == 1


def test_a_document_that_rotted_is_nobodys(office: Office) -> None:
    first, second = lease(office, "a"), lease(office, "b")
    first.hold()
    (key,) = office.store.list_after(LEASE)
    damage_in(office.store, key)
    assert second.hold() is not None


def test_a_number_that_was_used_and_removed_meanwhile_gives_nobody_the_post(office: Office) -> None:
    """Who looked long ago and writes only now has looked at what is no longer so."""
    slow, quick = lease(office, "slow"), lease(office, "quick")
    number, _ = slow._last()
    for _ in range(3):
        assert quick.hold() is not None
        office.clock.skip(LASTS)
    held = quick.hold()
    assert held is not None
    assert not slow._write(number + 1, held)
    assert quick.hold() is not None
