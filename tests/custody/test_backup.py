"""A second copy, and the way back."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest

from pipeline.adapters.directory_store import DirectoryStore, create_directory_store
from pipeline.custody import records
from pipeline.custody.attempts import give_up
from pipeline.custody.backup import Copied, backup, restore
from pipeline.custody.fixity import check_fixity
from pipeline.custody.lookup import manifest_of
from pipeline.custody.receive import Receiving
from pipeline.custody.status import read_ledger, status
from pipeline.errors import BackupMissing, Damaged, DiskFull, HomeNotEmpty
from tests.custody.doubles import FailingStore, Killed, KillingStore, Office, die
from tests.custody.reading import begun, committed, done
from tests.custody.test_commit import damage


@pytest.fixture
def copy(tmp_path: Path) -> DirectoryStore:
    create_directory_store(tmp_path / "other-disk")
    return DirectoryStore(tmp_path / "other-disk")


@pytest.fixture
def new_home(tmp_path: Path) -> Office:
    (tmp_path / "new").mkdir()
    return Office(tmp_path / "new")


@pytest.fixture
def full_office(office: Office) -> Office:
    """Records in every state."""
    for number in range(3):
        done(office, office.received(f"{number}.pdf"))
    committed(office, begun(office, office.received("review.pdf")), review=True)
    give_up(office.custody, begun(office, office.received("bad.pdf")), Damaged())
    office.received("pending.pdf")
    office.receive(office.scan("empty.pdf", b""))
    return office


def contents(store: DirectoryStore) -> dict[str, bytes]:
    return {key: store.get(key).data for key in store.list_after("") if not key.startswith("ledgers/")}


def test_an_empty_home_restored_from_a_backup_is_the_same_home(
    full_office: Office, copy: DirectoryStore, new_home: Office
) -> None:
    made = backup(full_office.store, copy, copy.temp)
    assert made == Copied(len(contents(full_office.store)), 0, ())
    assert restore(copy, new_home.store, new_home.store.temp).damaged == ()
    assert contents(new_home.store) == contents(full_office.store)
    assert status(new_home.store) == status(full_office.store)
    assert check_fixity(new_home.custody).problems == ()
    done(new_home, next(read_ledger(new_home.store).pending()).record_id, owner="new-worker")
    again = new_home.receive(new_home.scan("0.pdf", (full_office.folder / "scans" / "0.pdf").read_bytes()))
    assert again.outcome is Receiving.ALREADY


def test_the_next_backup_copies_only_what_is_new(full_office: Office, copy: DirectoryStore) -> None:
    first = backup(full_office.store, copy, copy.temp)
    assert backup(full_office.store, copy, copy.temp) == Copied(0, first.copied, ())
    full_office.received("new.pdf")
    assert 0 < backup(full_office.store, copy, copy.temp).copied < 6
    assert contents(copy) == contents(full_office.store)


def test_the_ledger_of_a_backup_is_checked_by_an_ordinary_tool(full_office: Office, copy: DirectoryStore) -> None:
    backup(full_office.store, copy, copy.temp)
    (ledger,) = copy.list_after("ledgers/")
    check: list[str | Path] = ["sha256sum", "--check", "--strict", "--quiet", copy.path_of(ledger)]
    folder = copy.path_of("ledgers").parent
    assert subprocess.run(check, cwd=folder, capture_output=True, check=False).returncode == 0
    damage_in(copy, next(copy.list_after(records.ORIGINALS)))
    assert subprocess.run(check, cwd=folder, capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize("turn", [1, 4, 9])
def test_an_interrupted_backup_is_gone_on_with(full_office: Office, copy: DirectoryStore, new_home: Office, turn: int) -> None:
    with pytest.raises(Killed):
        backup(full_office.store, KillingStore(copy, records.FILES, "after", turn, kill=die), copy.temp)
    with pytest.raises(BackupMissing):
        restore(copy, new_home.store, new_home.store.temp)
    done_before = len(contents(copy))
    assert backup(full_office.store, copy, copy.temp).kept == done_before
    assert contents(copy) == contents(full_office.store)


def test_an_interrupted_restore_is_gone_on_with(full_office: Office, copy: DirectoryStore, new_home: Office) -> None:
    backup(full_office.store, copy, copy.temp)
    with pytest.raises(Killed):
        restore(copy, KillingStore(new_home.store, records.RESULTS, "after", kill=die), new_home.store.temp)
    assert status(new_home.store).total.adds_up
    restore(copy, new_home.store, new_home.store.temp)
    assert contents(new_home.store) == contents(full_office.store)


def test_a_home_with_anything_else_in_it_is_never_restored_into(
    full_office: Office, copy: DirectoryStore, new_home: Office
) -> None:
    backup(full_office.store, copy, copy.temp)
    new_home.received("mine.pdf")
    with pytest.raises(HomeNotEmpty):
        restore(copy, new_home.store, new_home.store.temp)
    assert status(new_home.store).total.received == 1


def test_a_folder_without_a_complete_backup_is_said_to_have_none(copy: DirectoryStore, new_home: Office) -> None:
    with pytest.raises(BackupMissing):
        restore(copy, new_home.store, new_home.store.temp)


def test_what_is_damaged_at_home_is_named_and_never_replaces_a_good_copy(
    full_office: Office, copy: DirectoryStore, new_home: Office
) -> None:
    old = next(full_office.store.list_after(records.ORIGINALS))
    backup(full_office.store, copy, copy.temp)
    damage(full_office, old)
    new = records.original_key(manifest_of(full_office.store, full_office.received("new.pdf")).original.sha256)
    damage(full_office, new)
    done(full_office, full_office.received("newer.pdf"))
    file = next(key for key in full_office.store.list_after(records.FILES) if key not in contents(copy))
    damage(full_office, file)
    assert set(backup(full_office.store, copy, copy.temp).damaged) == {new, file}
    restore(copy, new_home.store, new_home.store.temp)
    assert hashlib.sha256(new_home.store.get(old).data).hexdigest() == records.digest_in(old)
    assert new not in contents(new_home.store)


def test_what_is_damaged_in_the_backup_is_named_and_left_out(full_office: Office, copy: DirectoryStore, new_home: Office) -> None:
    backup(full_office.store, copy, copy.temp)
    key = next(copy.list_after(records.FILES))
    damage_in(copy, key)
    restored = restore(copy, new_home.store, new_home.store.temp)
    assert restored.damaged == (key,)
    assert contents(new_home.store).keys() == contents(full_office.store).keys() - {key}


def test_a_damaged_ledger_gives_way_to_the_one_before(full_office: Office, copy: DirectoryStore, new_home: Office) -> None:
    backup(full_office.store, copy, copy.temp)
    before = contents(full_office.store)
    full_office.received("new.pdf")
    backup(full_office.store, copy, copy.temp)
    damage_in(copy, list(copy.list_after("ledgers/"))[-1])
    restore(copy, new_home.store, new_home.store.temp)
    assert contents(new_home.store) == before


def test_a_full_backup_disk_stops_it_and_leaves_what_is_there(full_office: Office, copy: DirectoryStore) -> None:
    store = FailingStore(copy, records.RESULTS, DiskFull())
    with pytest.raises(DiskFull):
        backup(full_office.store, store, copy.temp)
    assert list(copy.temp.iterdir()) == []
    store.failing = False
    backup(full_office.store, store, copy.temp)
    assert contents(copy) == contents(full_office.store)


def damage_in(store: DirectoryStore, key: str) -> None:
    path = store.path_of(key)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
