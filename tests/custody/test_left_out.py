"""What the index refuses holds nobody up, is found by its fields at least, and is offered again in a day and not in a minute."""

from __future__ import annotations

from dataclasses import replace

from pipeline.custody.indexing import Indexing, index_missing, note_refresh, oldest_refresh, rebuild_index, refresh_entries
from pipeline.custody.left_out import ALL, OFFERED_AGAIN, PAGES, left_out
from pipeline.custody.renew import reread
from pipeline.custody.status import status
from pipeline.index import IndexEntry, Placement
from pipeline.ports import Putting, RecordTask
from tests.custody.doubles import MemoryIndex, Office, entry_from
from tests.custody.reading import begun, committed
from tests.index.entries import page
from workers.index_bench import IndexBench
from workers.publishing import IndexAtOnce


class ShortIndex(MemoryIndex):
    """Takes no record that has pages."""

    def _put(self, entry: IndexEntry) -> Putting:
        return Putting.REFUSED if entry.pages else super()._put(entry)


def with_a_page(record: bytes, placement: Placement) -> IndexEntry:
    return replace(entry_from(record, placement), pages=(page(1, "trang"),))


def read(office: Office, *names: str) -> list[str]:
    """Ids of records that are done and marked for the index."""
    ids = [office.received(name) for name in names]
    for record_id in ids:
        note_refresh(office.store, record_id, 1, office.clock.now())
        committed(office, begun(office, record_id))
    return ids


def refreshed(office: Office, indexing: Indexing | None = None) -> int:
    return refresh_entries(office.store, indexing or office.indexing, office.clock.now())


def noted(office: Office) -> dict[str, str]:
    return {note.record_id: note.what for note in left_out(office.store)}


def test_a_refused_record_is_noted_and_its_neighbours_are_written(office: Office) -> None:
    bad, *good = read(office, "a.pdf", "b.pdf", "c.pdf")
    office.index.answers[bad] = Putting.REFUSED
    refreshed(office)
    assert set(office.index.entries) == set(good)
    assert noted(office) == {bad: ALL}
    assert oldest_refresh(office.store) is None
    assert status(office.store).total.done == 3


def test_a_refused_record_is_not_offered_at_every_turn_but_a_day_later(office: Office) -> None:
    (bad,) = read(office, "a.pdf")
    office.index.answers[bad] = Putting.REFUSED
    refreshed(office)
    tried = len(office.index.puts)
    assert [index_missing(office.custody, office.indexing) for _ in range(3)] == [0, 0, 0]
    assert len(office.index.puts) == tried
    office.clock.skip(OFFERED_AGAIN)
    index_missing(office.custody, office.indexing)
    assert len(office.index.puts) > tried
    assert len(left_out(office.store)) == 1
    again = len(office.index.puts)
    index_missing(office.custody, office.indexing)
    assert len(office.index.puts) == again


def test_a_record_that_is_taken_a_day_later_is_noted_no_more(office: Office) -> None:
    (bad,) = read(office, "a.pdf")
    office.index.answers[bad] = Putting.REFUSED
    refreshed(office)
    office.index.answers.clear()
    office.clock.skip(OFFERED_AGAIN)
    assert index_missing(office.custody, office.indexing) == 1
    assert set(office.index.entries) == {bad}
    assert noted(office) == {}


def test_a_new_index_is_offered_everything(office: Office) -> None:
    (bad,) = read(office, "a.pdf")
    office.index.answers[bad] = Putting.REFUSED
    refreshed(office)
    office.index.answers.clear()
    assert rebuild_index(office.custody, office.indexing) == 1
    assert noted(office) == {}


def test_a_newer_result_of_a_refused_record_is_offered_at_once(office: Office) -> None:
    (bad,) = read(office, "a.pdf")
    office.index.answers[bad] = Putting.REFUSED
    refreshed(office)
    office.index.answers.clear()
    reread(office.custody, bad, {})
    committed(office, begun(office, bad))
    assert index_missing(office.custody, office.indexing) == 1
    assert noted(office) == {}


def test_a_record_whose_pages_are_refused_is_found_by_its_fields_until_they_are_taken(office: Office) -> None:
    (long,) = read(office, "a.pdf")
    short = ShortIndex()
    refreshed(office, Indexing(short, with_a_page))
    assert short.entries[long].pages == ()
    assert noted(office) == {long: PAGES}
    short.puts.clear()
    assert index_missing(office.custody, Indexing(short, with_a_page)) == 0
    assert short.puts == []
    office.clock.skip(OFFERED_AGAIN)
    assert index_missing(office.custody, Indexing(office.index, with_a_page)) == 1
    assert len(office.index.entries[long].pages) == 1
    assert noted(office) == {}


def test_what_the_index_puts_off_keeps_its_mark_and_holds_nobody_up(office: Office) -> None:
    tasks = read(office, "a.pdf", "b.pdf", "c.pdf")
    office.index.answers[tasks[0]] = Putting.PUT_OFF
    assert refreshed(office) == 2
    assert refreshed(office) == 0
    assert oldest_refresh(office.store) is not None
    office.index.answers.clear()
    assert refreshed(office) == 1
    assert oldest_refresh(office.store) is None
    assert noted(office) == {}


def test_a_bench_does_not_go_round_and_round_about_what_is_put_off(office: Office) -> None:
    (busy,) = read(office, "a.pdf")
    office.index.answers[busy] = Putting.PUT_OFF
    IndexBench(office.custody, office.indexing).take(RecordTask(busy, 1))
    assert office.index.puts == [busy]


def test_on_one_machine_a_refused_record_is_done_and_noted_all_the_same(office: Office) -> None:
    record_id = office.received("a.pdf")
    committed(office, begun(office, record_id))
    office.index.answers[record_id] = Putting.REFUSED
    IndexAtOnce(office.indexing).publish(office.custody, RecordTask(record_id, 1))
    assert status(office.store).total.done == 1
    assert noted(office) == {record_id: ALL}


def test_somebody_elses_file_among_the_notes_is_left_alone(office: Office) -> None:
    office.store.put_new("left_out/x", b"")
    assert left_out(office.store) == []
