"""From the files of a try to "done", and from there to the index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.custody import records
from pipeline.custody.attempts import give_back
from pipeline.custody.commit import fetch_original
from pipeline.custody.indexing import Indexing, index_missing, index_record, rebuild_index, refresh_entries
from pipeline.custody.lookup import file_of, manifest_of, result_of
from pipeline.custody.status import State, read_ledger, status
from pipeline.errors import DigestMismatch, Interrupted, KeyMissing, StoreUnavailable
from pipeline.index import IndexEntry, Placement
from pipeline.ports import Store
from tests.custody.doubles import PDF, Killed, KillingStore, Office, WrappedStore, die, entry_from
from tests.custody.reading import begun, committed, done


def files(office: Office) -> list[str]:
    return list(office.store.list_after(records.FILES))


def damage(office: Office, key: str) -> None:
    path = office.store.path_of(key)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)


def test_a_result_names_its_files_the_original_and_what_made_it(office: Office) -> None:
    record_id = office.received("a.pdf")
    manifest = manifest_of(office.store, record_id)
    committed(office, begun(office, record_id))
    result = result_of(office.store, record_id)
    assert result is not None
    assert (result.original_sha256, result.recipe) == (manifest.original.sha256, manifest.recipe)
    assert (result.made_by, result.page_count, result.attempt) == ({"sohoa": "double"}, 1, 1)
    assert [file.name for file in result.files] == ["alto/0001.xml", "record.json", "rendition.pdf", "text.txt"]
    assert office.store.get(file_of(result, "text.txt")) == b"text"
    assert read_ledger(office.store).state_of(record_id) is State.DONE


def test_of_two_tries_that_finish_the_first_counts_and_the_other_leaves_nothing(office: Office) -> None:
    record_id = office.received("a.pdf")
    slow = begun(office, record_id, "worker-1")
    quick = begun(office, record_id, "worker-2")  # worker-1 was taken for dead
    assert committed(office, quick)
    assert not committed(office, slow, review=True)
    result = result_of(office.store, record_id)
    assert result is not None
    assert result.attempt == quick.number
    assert files(office) == [file_of(result, file.name) for file in result.files]
    assert status(office.store).total.needs_review == 0


class OvertakenStore(WrappedStore):
    """`overtake` happens when the files of a try have been put and nobody has looked for them yet."""

    def __init__(self, store: Store, overtake: Callable[[], object]) -> None:
        super().__init__(store)
        self._overtake = overtake

    def list_after(self, prefix: str, after: str = "") -> Iterator[str]:
        if prefix.startswith(records.FILES):
            self._overtake()
        return super().list_after(prefix, after)


def test_who_is_overtaken_when_his_files_are_put_and_finds_them_gone_has_only_lost(office: Office) -> None:
    record_id = office.received("a.pdf")
    slow, quick = begun(office, record_id, "worker-1"), begun(office, record_id, "worker-2")
    overtaken = OvertakenStore(office.store, lambda: committed(office, quick))
    assert not committed(office, slow, review=True, store=overtaken)
    result = result_of(office.store, record_id)
    assert result is not None
    assert result.attempt == quick.number
    assert files(office) == [file_of(result, file.name) for file in result.files]
    counts = status(office.store).total
    assert (counts.done, counts.needs_review, counts.adds_up) == (1, 0, True)


def test_whose_files_have_gone_without_a_result_is_not_done(office: Office) -> None:
    record_id = office.received("a.pdf")
    attempt = begun(office, record_id)
    lost = records.file_key(record_id, 1, attempt.number, "text.txt")
    with pytest.raises(StoreUnavailable) as caught:
        committed(office, attempt, store=OvertakenStore(office.store, lambda: office.store.remove(lost)))
    assert caught.value.detail == "NOT_STORED"
    assert result_of(office.store, record_id) is None
    assert read_ledger(office.store).state_of(record_id) is State.PENDING


KINDS = [records.FILES, records.REVIEW, records.RESULTS]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("finds", [True, False])
def test_a_commit_killed_anywhere_is_made_up_by_the_next_worker(office: Office, kind: str, moment: str, finds: bool) -> None:
    record_id = office.received("a.pdf")
    with pytest.raises(Killed):
        committed(office, begun(office, record_id), review=True, store=KillingStore(office.store, kind, moment, kill=die))
    assert status(office.store).total.adds_up
    if read_ledger(office.store).state_of(record_id) is State.PENDING:
        committed(office, begun(office, record_id, "worker-2"), review=finds)
    else:
        finds = True
    counts = status(office.store).total
    assert (counts.done, counts.pending, counts.needs_review, counts.adds_up) == (1, 0, finds, True)
    result = result_of(office.store, record_id)
    assert result is not None
    assert files(office) == [file_of(result, file.name) for file in result.files]


def test_a_result_without_an_index_entry_is_indexed_later(office: Office) -> None:
    one, two = office.received("a.pdf"), office.received("b.pdf")
    for record_id in (one, two):
        committed(office, begun(office, record_id))
    assert index_missing(office.custody, office.indexing) == 2
    assert index_missing(office.custody, office.indexing) == 0
    assert set(office.index.entries) == {one, two}


def test_an_entry_of_an_older_generation_is_brought_up_to_the_store(office: Office) -> None:
    from pipeline.custody.renew import reread

    record_id = office.received("a.pdf")
    done(office, record_id)
    reread(office.custody, record_id, {})
    committed(office, begun(office, record_id))
    assert index_missing(office.custody, office.indexing) == 1
    assert office.index.entries[record_id].placement.generation == 2


def test_a_record_that_comes_in_a_further_batch_is_found_there_too(office: Office) -> None:
    scan = office.scan("a.pdf")
    record_id = office.receive(scan, "dot-1").record_id or ""
    done(office, record_id)
    assert office.index.entries[record_id].placement.batches == ("dot-1",)
    office.receive(scan, "dot-2")
    assert refresh_entries(office.store, office.indexing, office.clock.now()) == 1
    assert office.index.entries[record_id].placement.batches == ("dot-1", "dot-2")
    assert refresh_entries(office.store, office.indexing, office.clock.now()) == 0


def test_a_further_batch_of_a_record_still_to_be_read_waits_for_its_result(office: Office) -> None:
    scan = office.scan("a.pdf")
    record_id = office.receive(scan, "dot-1").record_id or ""
    office.receive(scan, "dot-2")
    assert refresh_entries(office.store, office.indexing, office.clock.now()) == 0
    done(office, record_id)
    assert office.index.entries[record_id].placement.batches == ("dot-1", "dot-2")


def test_the_index_is_rebuilt_from_the_store_alone(office: Office) -> None:
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        done(office, office.received(name))
    office.received("pending.pdf")
    before = dict(office.index.entries)
    office.index.entries.clear()
    assert rebuild_index(office.custody, office.indexing) == 3
    assert office.index.entries == before


def test_a_damaged_result_is_left_out_of_the_index_and_stops_nothing(office: Office) -> None:
    bad, good = office.received("a.pdf"), office.received("b.pdf")
    for record_id in (bad, good):
        committed(office, begun(office, record_id))
    damage(office, records.result_key(bad, 1))
    with pytest.raises(DigestMismatch):
        index_record(office.custody, office.indexing, bad)
    assert index_missing(office.custody, office.indexing) == 1
    assert rebuild_index(office.custody, office.indexing) == 1
    assert set(office.index.entries) == {good}


def test_a_result_that_cannot_be_understood_is_left_out_of_the_index_and_stops_nothing(office: Office) -> None:
    def choosy(record: bytes, placement: Placement) -> IndexEntry:
        if placement.record_id == bad:
            raise ValueError("of a newer version")
        return entry_from(record, placement)

    bad, good = office.received("a.pdf"), office.received("b.pdf")
    for record_id in (bad, good):
        committed(office, begun(office, record_id))
    assert index_missing(office.custody, Indexing(office.index, choosy)) == 1
    assert set(office.index.entries) == {good}


def test_the_original_is_compared_with_its_digest_before_it_is_read(office: Office, tmp_path: Path) -> None:
    record_id = office.receive(office.scan("a.pdf", PDF + b"whole")).record_id or ""
    manifest = manifest_of(office.store, record_id)
    fetch_original(office.store, manifest, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == PDF + b"whole"
    key = records.original_key(manifest.original.sha256)
    damage(office, key)
    with pytest.raises(DigestMismatch):
        fetch_original(office.store, manifest, tmp_path / "copy")
    office.store.remove(key)
    with pytest.raises(KeyMissing):
        fetch_original(office.store, manifest, tmp_path / "copy")


LOOKS: list[Callable[[Office, str], object]] = [
    lambda office, record_id: begun(office, record_id),
    lambda office, record_id: committed(office, begun(office, record_id)),
    lambda office, record_id: give_back(office.custody, begun(office, record_id), Interrupted()),
]


@pytest.mark.parametrize("look", LOOKS)
def test_the_equation_is_true_after_each_step(office: Office, look: Callable[[Office, str], object]) -> None:
    record_id = office.received("a.pdf")
    look(office, record_id)
    assert status(office.store).total.adds_up
