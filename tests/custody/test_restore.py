"""The way back from a backup: into an empty home, or into one where something has rotted or gone."""

from __future__ import annotations

import pytest

from pipeline.adapters.directory_store import DirectoryStore
from pipeline.custody import records
from pipeline.custody.backup import Copied, backup
from pipeline.custody.fixity import check_fixity
from pipeline.custody.receive import Receiving
from pipeline.custody.restore import restore
from pipeline.custody.status import read_ledger, status
from pipeline.errors import BackupMissing, OtherHome
from tests.custody.doubles import Killed, KillingStore, Office, die
from tests.custody.kept import RARE, contents, damage_in
from tests.custody.reading import done


def test_an_empty_home_restored_from_a_backup_is_the_same_home(
    full_office: Office, copy: DirectoryStore, new_home: Office
) -> None:
    made = backup(full_office.store, copy, copy.temp)
    assert made == Copied(len(contents(full_office.store)), 0, (), ())
    restored = restore(copy, new_home.store, new_home.store.temp)
    assert (len(restored.returned), restored.replaced, restored.kept, restored.lost) == (made.copied, (), 0, ())
    assert contents(new_home.store) == contents(full_office.store)
    assert status(new_home.store) == status(full_office.store)
    assert check_fixity(new_home.custody).problems == ()
    done(new_home, next(read_ledger(new_home.store).pending()).record_id, owner="new-worker")
    again = new_home.receive(new_home.scan("0.pdf", (full_office.folder / "scans" / "0.pdf").read_bytes()))
    assert again.outcome is Receiving.ALREADY


def test_an_interrupted_restore_is_gone_on_with(full_office: Office, copy: DirectoryStore, new_home: Office) -> None:
    backup(full_office.store, copy, copy.temp)
    with pytest.raises(Killed):
        restore(copy, KillingStore(new_home.store, records.RESULTS, "after", kill=die), new_home.store.temp)
    assert status(new_home.store).total.adds_up
    restore(copy, new_home.store, new_home.store.temp)
    assert contents(new_home.store) == contents(full_office.store)


def test_a_folder_without_a_complete_backup_is_said_to_have_none(copy: DirectoryStore, new_home: Office) -> None:
    with pytest.raises(BackupMissing):
        restore(copy, new_home.store, new_home.store.temp)


def test_what_is_damaged_in_the_backup_is_named_and_left_out(full_office: Office, copy: DirectoryStore, new_home: Office) -> None:
    backup(full_office.store, copy, copy.temp)
    key = next(copy.list_after(records.FILES))
    damage_in(copy, key)
    restored = restore(copy, new_home.store, new_home.store.temp)
    assert restored.lost == (key,)
    assert contents(new_home.store).keys() == contents(full_office.store).keys() - {key}


def test_a_damaged_ledger_gives_way_to_the_one_before(full_office: Office, copy: DirectoryStore, new_home: Office) -> None:
    backup(full_office.store, copy, copy.temp)
    before = contents(full_office.store)
    full_office.received("new.pdf")
    backup(full_office.store, copy, copy.temp)
    damage_in(copy, list(copy.list_after("ledgers/"))[-1])
    restore(copy, new_home.store, new_home.store.temp)
    assert contents(new_home.store) == before


KINDS = [kind for kind in records.WRITE_ORDER if kind not in (records.MEMBERS, records.FIXITY, records.DECLARED, *RARE)]


@pytest.mark.parametrize("kind", KINDS)
def test_what_rotted_is_replaced_and_nothing_newer_is_lost(full_office: Office, copy: DirectoryStore, kind: str) -> None:
    backup(full_office.store, copy, copy.temp)
    done(full_office, full_office.received("newer.pdf"))
    before = contents(full_office.store)
    rotten = next(key for key in full_office.store.list_after(kind) if key in contents(copy))
    damage_in(full_office.store, rotten)
    restored = restore(copy, full_office.store, full_office.store.temp)
    assert (restored.returned, restored.replaced, restored.lost) == ((), (rotten,), ())
    assert contents(full_office.store) == before
    assert check_fixity(full_office.custody).problems == ()


@pytest.mark.parametrize("kind", KINDS)
def test_what_has_gone_is_brought_back_and_nothing_newer_is_lost(full_office: Office, copy: DirectoryStore, kind: str) -> None:
    backup(full_office.store, copy, copy.temp)
    done(full_office, full_office.received("newer.pdf"))
    before = contents(full_office.store)
    gone = next(key for key in full_office.store.list_after(kind) if key in contents(copy))
    full_office.store.remove(gone)
    restored = restore(copy, full_office.store, full_office.store.temp)
    assert (restored.returned, restored.replaced, restored.lost) == ((gone,), (), ())
    assert contents(full_office.store) == before


def test_a_sound_home_is_left_as_it_is(full_office: Office, copy: DirectoryStore) -> None:
    made = backup(full_office.store, copy, copy.temp)
    restored = restore(copy, full_office.store, full_office.store.temp)
    assert (restored.returned, restored.replaced, restored.kept, restored.lost) == ((), (), made.copied, ())


def test_a_rotten_copy_never_replaces_anything(full_office: Office, copy: DirectoryStore) -> None:
    backup(full_office.store, copy, copy.temp)
    sound, rotten = list(full_office.store.list_after(records.ORIGINALS))[:2]
    damage_in(copy, sound)
    damage_in(copy, rotten)
    damage_in(full_office.store, rotten)
    before = contents(full_office.store)
    assert restore(copy, full_office.store, full_office.store.temp).lost == (rotten,)
    assert contents(full_office.store) == before


def test_what_was_removed_on_purpose_stays_away(full_office: Office, copy: DirectoryStore) -> None:
    record_id = next(read_ledger(full_office.store).pending()).record_id
    full_office.store.put_new(records.file_key(record_id, 1, 7, "text.txt"), b"half")
    backup(full_office.store, copy, copy.temp)
    done(full_office, record_id)
    before = contents(full_office.store)
    assert restore(copy, full_office.store, full_office.store.temp).returned == ()
    assert contents(full_office.store) == before


def test_another_home_is_never_restored_into(full_office: Office, copy: DirectoryStore, new_home: Office) -> None:
    backup(full_office.store, copy, copy.temp)
    new_home.received("mine.pdf")
    with pytest.raises(OtherHome):
        restore(copy, new_home.store, new_home.store.temp)
    assert status(new_home.store).total.received == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_restore_that_dies_while_it_replaces_is_gone_on_with(full_office: Office, copy: DirectoryStore, moment: str) -> None:
    backup(full_office.store, copy, copy.temp)
    before = contents(full_office.store)
    damage_in(full_office.store, next(full_office.store.list_after(records.MANIFESTS)))
    with pytest.raises(Killed):
        restore(copy, KillingStore(full_office.store, records.MANIFESTS, moment, kill=die), full_office.store.temp)
    restore(copy, full_office.store, full_office.store.temp)
    assert contents(full_office.store) == before
