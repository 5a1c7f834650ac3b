"""A home moves to another store: all of it, in an order that is legal at every moment, and nothing is read twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.custody import records
from pipeline.custody.documents import Mark, encode
from pipeline.custody.fixity import check_fixity
from pipeline.custody.lease import Lease
from pipeline.custody.moving import Move, refuse_moved, reopen
from pipeline.custody.moving.migrate import Migrated, compare_stores, migrate
from pipeline.custody.presence import GONE_AFTER_SECONDS, show_presence
from pipeline.custody.receive import receive
from pipeline.custody.reconcile import reconcile
from pipeline.custody.renew import reread
from pipeline.custody.status import status
from pipeline.errors import HomeError, HomeIncomplete, HomeLocked, HomeMoved, HomeMoving, OtherHome, StoreUnavailable, UsageError
from tests.custody.doubles import PLACING, FailingStore, Killed, KillingStore, Office, die
from tests.custody.kept import RARE, damage_in
from tests.custody.migrate_doubles import (
    NEW,
    OLD,
    BusyStore,
    CountingStore,
    DyingStore,
    LateStore,
    LyingStore,
    codes,
    moved,
    objects,
    settling,
)
from tests.custody.reading import begun, committed, done

# --- all of it -----------------------------------------------------------------------------------------------------------------


def test_every_object_is_in_the_new_store_and_all_stand_as_they_stood(full_office: Office, new_home: Office) -> None:
    before = objects(full_office.store)
    found = moved(full_office, new_home)
    assert (found.copied, found.kept, found.removed, found.faults) == (len(before), 0, 0, ())
    assert objects(new_home.store) == objects(full_office.store) == before
    assert status(new_home.store) == status(full_office.store)
    assert check_fixity(new_home.custody).problems == ()


def test_after_the_way_back_the_old_home_is_worked_with_again(full_office: Office, new_home: Office) -> None:
    moved(full_office, new_home)
    record_id = new_home.received("later.pdf")
    done(new_home, record_id)
    found = moved(new_home, full_office, back=True)
    assert found.faults == ()
    assert objects(full_office.store) == objects(new_home.store)
    done(full_office, full_office.received("later still.pdf"))
    with pytest.raises(HomeMoved, match=OLD):
        new_home.received("too late.pdf")


def test_an_empty_home_moves_too(office: Office, new_home: Office) -> None:
    assert moved(office, new_home) == Migrated(0, 0, 0, ())
    new_home.received("a.pdf")


def test_what_somebody_elsewhere_was_just_taking_in_comes_along(full_office: Office, new_home: Office) -> None:
    other = Office(full_office.folder / "elsewhere")
    other.received("late.pdf", "dot-2")
    found = moved(full_office, new_home, LateStore(full_office.store, objects(other.store)))
    assert found.faults == ()
    assert objects(new_home.store) == objects(full_office.store)
    assert status(new_home.store).total.received == 8


def test_a_store_that_does_not_answer_at_once_is_asked_again(full_office: Office, new_home: Office) -> None:
    assert moved(full_office, new_home, BusyStore(full_office.store)).faults == ()
    assert objects(new_home.store) == objects(full_office.store)


# --- interrupted ---------------------------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deaths=st.lists(st.tuples(st.integers(1, 25), st.sampled_from(["before", "after"])), max_size=4))
def test_killed_anywhere_and_begun_again_it_goes_on(
    deaths: list[tuple[int, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("move")
    office, new = Office(folder / "old"), Office(folder / "new")
    for number in range(3):
        committed(office, begun(office, office.received(f"{number}.pdf")), review=number == 1)
    office.received("pending.pdf")
    for turn, moment in deaths:
        try:
            moved(office, new, target=DyingStore(new.store, turn, moment))
        except Killed:
            assert status(new.store).total.adds_up, "every part of a copy is a legal state"
            with pytest.raises(HomeIncomplete):
                new.received("too early.pdf")
        else:
            break
    assert moved(office, new).faults == ()
    assert objects(new.store) == objects(office.store)


def test_what_was_proven_before_is_not_read_again(full_office: Office, new_home: Office) -> None:
    with pytest.raises(StoreUnavailable):
        moved(full_office, new_home, target=FailingStore(new_home.store, records.RESULTS, StoreUnavailable()))
    there = objects(new_home.store)
    source, target = CountingStore(full_office.store), CountingStore(new_home.store)
    found = moved(full_office, new_home, source, target)
    assert found.kept == len(there) > 20
    assert set(source.read) == set(target.read) == objects(new_home.store).keys() - there.keys()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_at_no_moment_are_both_open(full_office: Office, new_home: Office, moment: str) -> None:
    dying = KillingStore(full_office.store, "moving/done", moment, kill=die)
    with pytest.raises(Killed):
        moved(full_office, new_home, dying)
    for home in (full_office, new_home):
        with pytest.raises(HomeError):
            home.received("a.pdf")
    source = CountingStore(full_office.store)
    assert moved(full_office, new_home, source).faults == ()
    assert source.read == []
    new_home.received("a.pdf")


@pytest.mark.parametrize("kind", [records.ORIGINALS, records.MANIFESTS, records.FILES])
def test_what_has_gone_from_the_new_store_meanwhile_is_brought_again(full_office: Office, new_home: Office, kind: str) -> None:
    with pytest.raises(StoreUnavailable):
        moved(full_office, new_home, target=FailingStore(new_home.store, records.RESULTS, StoreUnavailable()))
    for key in list(new_home.store.list_after(kind)):
        new_home.store.remove(key)
    with pytest.raises(Killed):
        moved(full_office, new_home, target=DyingStore(new_home.store, 2, "after"))
    target = CountingStore(new_home.store)
    gone = set(full_office.store.list_after(kind))
    assert moved(full_office, new_home, target=target).faults == ()
    assert gone - set(target.read) == set(), "what was on its way when the process died is not taken for proven"
    assert objects(new_home.store) == objects(full_office.store)


def test_a_note_that_has_rotted_makes_it_compare_everything_again(full_office: Office, new_home: Office) -> None:
    with pytest.raises(StoreUnavailable):
        moved(full_office, new_home, target=FailingStore(new_home.store, records.RESULTS, StoreUnavailable()))
    [note] = new_home.store.list_after("moving/into/")
    damage_in(new_home.store, note)
    source = CountingStore(full_office.store)
    assert moved(full_office, new_home, source).faults == ()
    assert set(source.read) == objects(full_office.store).keys()


# --- what is wrong -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind for kind in records.WRITE_ORDER if kind not in (records.REFRESH, records.MEMBERS, *RARE)])
def test_one_flipped_bit_in_the_old_home_is_named_and_not_copied(full_office: Office, new_home: Office, kind: str) -> None:
    check_fixity(full_office.custody)
    full_office.handover(declared=7)
    key = next(full_office.store.list_after(kind))
    damage_in(full_office.store, key)
    found = moved(full_office, new_home)
    assert found.only_losses
    assert codes(found)[key] == "CHANGED"
    assert objects(new_home.store).keys() == objects(full_office.store).keys() - {key}
    with pytest.raises(HomeMoving):
        full_office.received("a.pdf")
    with pytest.raises(HomeIncomplete):
        new_home.received("a.pdf")


def test_what_was_damaged_and_is_mended_comes_along_without_reading_the_rest_again(full_office: Office, new_home: Office) -> None:
    key = next(full_office.store.list_after(records.ORIGINALS))
    sound = full_office.store.get(key)
    damage_in(full_office.store, key)
    assert codes(moved(full_office, new_home)) == {key: "CHANGED"}
    full_office.store.remove(key)
    full_office.store.put_new(key, sound)
    source = CountingStore(full_office.store)
    assert moved(full_office, new_home, source).faults == ()
    assert source.read == [key]
    assert objects(new_home.store) == objects(full_office.store)


@pytest.mark.parametrize("kind", [records.ORIGINALS, records.CONTENT, records.FILES, records.REVIEW])
def test_what_the_old_home_has_lost_is_named(full_office: Office, new_home: Office, kind: str) -> None:
    lost = next(full_office.store.list_after(kind))
    full_office.store.remove(lost)
    found = moved(full_office, new_home)
    assert codes(found) == {lost: "MISSING"}
    assert found.only_losses


@pytest.mark.parametrize("kind", [records.ORIGINALS, records.MANIFESTS, records.FILES, records.ARRIVALS])
def test_a_new_store_that_gives_back_something_else_is_found_out(full_office: Office, new_home: Office, kind: str) -> None:
    key = next(full_office.store.list_after(kind))
    found = moved(full_office, new_home, target=LyingStore(new_home.store, key))
    assert codes(found) == {key: "NOT_KEPT"}
    assert not found.only_losses
    assert moved(full_office, new_home).faults == (), "an honest store in its place takes it"
    assert objects(new_home.store) == objects(full_office.store)


def test_what_the_new_store_has_changed_after_it_was_proven_is_found_by_the_second_reading(
    full_office: Office, new_home: Office
) -> None:
    move = Move(full_office.custody, new_home.custody, OLD, NEW)
    both = settling(full_office.store, new_home.store, new_home.store.temp)
    assert migrate(both, move, lambda: None).faults == ()
    original, document = (next(new_home.store.list_after(kind)) for kind in (records.ORIGINALS, records.RESULTS))
    gone = next(new_home.store.list_after(records.FILES))
    for key in (original, document):
        damage_in(new_home.store, key)
    new_home.store.remove(gone)
    wrong = {key: error.code for key, error in compare_stores(both, lambda: None)}
    assert wrong == dict.fromkeys((original, document, gone), "NOT_KEPT")
    move.doubt(wrong)
    assert moved(full_office, new_home).faults == ()
    assert objects(new_home.store) == objects(full_office.store)


# --- two homes -----------------------------------------------------------------------------------------------------------------


def test_what_the_new_home_removed_on_purpose_is_taken_away_on_the_way_back(full_office: Office, new_home: Office) -> None:
    record_id = full_office.received("later.pdf")
    first = begun(full_office, record_id)
    half = records.file_key(record_id, 1, first.number, "text.txt")
    mark = records.review_key(record_id, 1)
    full_office.store.put_new(half, b"half")
    full_office.store.put_new(mark, encode(Mark(full_office.clock.now())))
    moved(full_office, new_home)
    committed(new_home, begun(new_home, record_id, "worker-2"))
    found = moved(new_home, full_office, back=True)
    assert (found.removed, found.faults) == (2, ())
    assert objects(full_office.store) == objects(new_home.store)


def test_a_record_that_only_the_old_home_still_has_is_named_on_the_way_back_and_kept(
    full_office: Office, new_home: Office
) -> None:
    moved(full_office, new_home)
    lost = next(new_home.store.list_after(records.MANIFESTS))
    new_home.store.remove(lost)
    assert codes(moved(new_home, full_office, back=True)) == {lost: "MISSING"}
    assert lost in objects(full_office.store)


def test_another_home_is_left_alone_and_both_stay_open(full_office: Office, new_home: Office) -> None:
    new_home.received("mine.pdf")
    with pytest.raises(OtherHome):
        moved(full_office, new_home)
    for home in (full_office, new_home):
        refuse_moved(home.store)
    assert status(new_home.store).total.received == 1


def test_a_place_that_another_home_is_half_moved_to_is_left_alone(full_office: Office, new_home: Office, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        moved(full_office, new_home, target=FailingStore(new_home.store, records.CONTENT, StoreUnavailable()))
    other = Office(tmp_path / "third")
    other.received("mine.pdf")
    with pytest.raises(OtherHome):
        Move(other.custody, new_home.custody, "third place", NEW)
    refuse_moved(other.store)
    assert moved(full_office, new_home).faults == ()


def test_a_home_does_not_move_into_itself(full_office: Office) -> None:
    again = Office(full_office.folder)
    with pytest.raises(UsageError, match="hai nơi là một"):
        moved(full_office, again)
    refuse_moved(full_office.store)


def test_two_homes_that_were_both_worked_with_are_never_mixed(full_office: Office, new_home: Office) -> None:
    moved(full_office, new_home)
    reopen(full_office.store)
    record_id = next(iter(status_ids(full_office)))
    for home in (full_office, new_home):
        reread(home.custody, record_id, {"reader": home.folder.name})
    key = records.manifest_key(record_id, 2)
    theirs = new_home.store.get(key)
    assert codes(moved(full_office, new_home)) == {key: "DIFFERS"}
    assert new_home.store.get(key) == theirs != full_office.store.get(key)


def status_ids(office: Office) -> list[str]:
    """Records that are done."""
    return [records.parse_generation_key(key).record_id for key in office.store.list_after(records.RESULTS)]


def worker_is_there(home: Office) -> None:
    show_presence(home.store, home.clock.now(), "somebody")


def house_is_kept(home: Office) -> None:
    assert Lease(home.store, home.clock, "keeper", "somebody").hold() is not None


@pytest.mark.parametrize("be_there", [worker_is_there, house_is_kept])
def test_nothing_moves_while_another_machine_shows_that_it_is_at_work(
    full_office: Office, new_home: Office, be_there: Callable[[Office], None]
) -> None:
    for home in (full_office, new_home):
        be_there(home)
        with pytest.raises(HomeLocked):
            moved(full_office, new_home)
        refuse_moved(full_office.store)
        home.clock.skip(timedelta(seconds=GONE_AFTER_SECONDS + 5))
    assert moved(full_office, new_home).faults == ()


# --- closed --------------------------------------------------------------------------------------------------------------------


def test_nothing_gets_into_a_home_that_has_moved_and_everything_can_be_read(full_office: Office, new_home: Office) -> None:
    pending = next(iter(status_ids(full_office)))
    handover = full_office.handover()
    moved(full_office, new_home)
    custody = full_office.custody
    before = objects(full_office.store)
    for attempt in (
        lambda: full_office.handover(),
        lambda: receive(custody, full_office.scan("a.pdf"), handover, PLACING),
        lambda: receive(custody, full_office.scan("empty.pdf", b""), handover, PLACING),
        lambda: reread(custody, pending, {"reader": "double"}),
        lambda: reconcile(custody, full_office.indexing),
    ):
        with pytest.raises(HomeMoved, match=NEW):
            attempt()
    assert objects(full_office.store) == before
    assert status(full_office.store).total.adds_up
    assert check_fixity(full_office.custody).problems == ()


def test_a_home_is_opened_again_only_by_a_wish(full_office: Office, new_home: Office) -> None:
    with pytest.raises(StoreUnavailable):
        moved(full_office, new_home, target=FailingStore(new_home.store, records.FILES, StoreUnavailable()))
    with pytest.raises(HomeMoving, match=NEW):
        full_office.received("a.pdf")
    assert reopen(full_office.store) == NEW
    record_id = full_office.received("a.pdf")
    assert reopen(full_office.store) is None
    with pytest.raises(HomeIncomplete, match=OLD):
        reopen(new_home.store)
    assert moved(full_office, new_home).faults == ()
    assert record_id in {records.parse_generation_key(key).record_id for key in new_home.store.list_after(records.MANIFESTS)}
