"""A second copy: what it takes, and what it does not forget."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest

from pipeline.adapters.directory_store import DirectoryStore
from pipeline.custody import records
from pipeline.custody.backup import Copied, backup
from pipeline.custody.documents import Mark, encode
from pipeline.custody.lookup import manifest_of
from pipeline.custody.receive import receive
from pipeline.custody.reconcile import reconcile
from pipeline.custody.restore import restore
from pipeline.errors import BackupMissing, DiskFull, OtherHome
from tests.custody.doubles import PLACING, FailingStore, Killed, KillingStore, Office, die
from tests.custody.kept import RARE, contents, damage_in
from tests.custody.reading import begun, committed, done


def test_the_next_backup_copies_only_what_is_new(full_office: Office, copy: DirectoryStore) -> None:
    first = backup(full_office.store, copy, copy.temp)
    assert backup(full_office.store, copy, copy.temp) == Copied(0, first.copied, (), ())
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


def test_what_is_damaged_at_home_is_named_and_never_replaces_a_good_copy(
    full_office: Office, copy: DirectoryStore, new_home: Office
) -> None:
    old = next(full_office.store.list_after(records.ORIGINALS))
    backup(full_office.store, copy, copy.temp)
    damage_in(full_office.store, old)
    new = records.original_key(manifest_of(full_office.store, full_office.received("new.pdf")).original.sha256)
    damage_in(full_office.store, new)
    done(full_office, full_office.received("newer.pdf"))
    file = next(key for key in full_office.store.list_after(records.FILES) if key not in contents(copy))
    damage_in(full_office.store, file)
    assert set(backup(full_office.store, copy, copy.temp).damaged) == {new, file}
    restore(copy, new_home.store, new_home.store.temp)
    assert hashlib.sha256(new_home.store.get(old)).hexdigest() == records.digest_in(old)
    assert new not in contents(new_home.store)


def test_a_full_backup_disk_stops_it_and_leaves_what_is_there(full_office: Office, copy: DirectoryStore) -> None:
    store = FailingStore(copy, records.RESULTS, DiskFull())
    with pytest.raises(DiskFull):
        backup(full_office.store, store, copy.temp)
    assert list(copy.temp.iterdir()) == []
    store.failing = False
    backup(full_office.store, store, copy.temp)
    assert contents(copy) == contents(full_office.store)


@pytest.mark.parametrize(
    "kind",
    [kind for kind in records.WRITE_ORDER if kind not in (records.MEMBERS, records.FIXITY, records.DECLARED, *RARE)],
)
def test_what_the_home_has_lost_is_named_and_stays_in_the_backup(
    full_office: Office, copy: DirectoryStore, new_home: Office, kind: str
) -> None:
    backup(full_office.store, copy, copy.temp)
    before = contents(full_office.store)
    lost = next(full_office.store.list_after(kind))
    full_office.store.remove(lost)
    for _ in range(2):
        assert backup(full_office.store, copy, copy.temp).missing == (lost,)
    restore(copy, new_home.store, new_home.store.temp)
    assert contents(new_home.store) == before


def test_what_was_removed_on_purpose_is_not_missed(office: Office, copy: DirectoryStore, new_home: Office) -> None:
    """Files of a try that was given up, its mark for review, an original that was never acknowledged."""
    record_id = office.received("a.pdf")
    first = begun(office, record_id)
    office.store.put_new(records.file_key(record_id, 1, first.number, "text.txt"), b"half")
    office.store.put_new(records.review_key(record_id, 1), encode(Mark(office.clock.now())))
    office.receive(office.folder / "scans" / "a.pdf", "dot-2")
    never_acknowledged = KillingStore(office.store, records.MANIFESTS, "before", kill=die)
    with pytest.raises(Killed):
        receive(office.custody_over(never_acknowledged), office.scan("b.pdf"), office.handover(), PLACING)
    backup(office.store, copy, copy.temp)

    committed(office, begun(office, record_id, "worker-2"))
    reconcile(office.custody, office.indexing)
    assert len(contents(copy).keys() - contents(office.store).keys()) == 4
    assert backup(office.store, copy, copy.temp).missing == ()
    restore(copy, new_home.store, new_home.store.temp)
    assert contents(new_home.store) == contents(office.store)


def test_a_copy_that_rotted_before_the_backup_was_complete_is_made_again(full_office: Office, copy: DirectoryStore) -> None:
    with pytest.raises(Killed):
        backup(full_office.store, KillingStore(copy, records.RESULTS, "after", kill=die), copy.temp)
    damage_in(copy, next(copy.list_after(records.ORIGINALS)))
    assert backup(full_office.store, copy, copy.temp).damaged == ()
    assert contents(copy) == contents(full_office.store)


def test_a_folder_with_the_backup_of_another_home_is_refused(full_office: Office, copy: DirectoryStore, new_home: Office) -> None:
    backup(full_office.store, copy, copy.temp)
    new_home.received("mine.pdf")
    with pytest.raises(OtherHome):
        backup(new_home.store, copy, copy.temp)


def test_a_file_that_is_no_object_of_a_home_is_not_copied(full_office: Office, copy: DirectoryStore) -> None:
    full_office.store.put_new("stray", b"?")
    backup(full_office.store, copy, copy.temp)
    assert "stray" not in contents(copy)
