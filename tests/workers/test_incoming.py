"""Taking what others drop, all day: round by round, and as it is told of."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest

from pipeline.adapters.directory_incoming import DirectoryIncoming, create_directory_incoming
from pipeline.custody import Rules
from pipeline.custody.incoming.batches import Desk
from pipeline.custody.incoming.collecting import Taken
from pipeline.custody.status import status
from pipeline.errors import BadNotification, DiskFull, SohoaError, StoreUnavailable
from pipeline.ports import Lying
from tests.contracts.dropped import BATCH, contents, is_closed, received
from tests.contracts.incoming_contract import DropSite
from tests.custody.doubles import PDF, Office
from tests.custody.incoming_doubles import UnreadableIncoming, WrappedIncoming, desk_of
from tests.custody.test_directory_incoming import FolderDropper
from tests.custody.test_notifications import body, record
from tests.programs import wait_until
from workers.incoming import Collector, Rounds
from workers.taker import Taker


@pytest.fixture
def drop_site(tmp_path: Path) -> DropSite:
    create_directory_incoming(tmp_path / "shared")
    return DropSite(DirectoryIncoming(tmp_path / "shared"), FolderDropper(tmp_path / "shared"))


def drop(drop_site: DropSite, *numbers: int) -> list[str]:
    keys = [f"{BATCH}/{number:02}.pdf" for number in numbers]
    for key in keys:
        drop_site.dropper.drop(key, PDF + key.encode())
    return keys


# --- round by round -----------------------------------------------------------------------------------------------------------


def test_a_round_without_time_takes_one_file_and_the_next_goes_on(office: Office, drop_site: DropSite) -> None:
    drop(drop_site, *range(4))
    collector = Collector(desk_of(office.custody, drop_site.incoming))
    afters = [collector.collect_some(seconds=0).after for _ in range(4)]
    assert received(office) == 4
    assert afters == [f"{BATCH}/{number:02}.pdf" for number in range(4)]
    assert collector.collect_some(seconds=0).after == ""


def test_a_round_tells_what_came_of_it(office: Office, drop_site: DropSite) -> None:
    drop(drop_site, 1, 2)
    drop_site.dropper.drop(f"{BATCH}/same.pdf", PDF + f"{BATCH}/01.pdf".encode())
    drop_site.dropper.drop(f"{BATCH}/bad.pdf", b"<html>")
    drop_site.dropper.drop(f"{BATCH}/empty.pdf", b"")
    drop_site.dropper.drop("incoming/lost.pdf", PDF)
    incoming = UnreadableIncoming(drop_site.incoming, lambda key: key.endswith("02.pdf"))
    told = Collector(desk_of(office.custody, incoming)).collect_some()
    assert (told.received, told.already, told.rejected, told.waiting, told.left, told.failed) == (1, 1, 1, 1, 1, 1)
    assert told.after == ""


def test_what_is_left_lying_is_complained_of_once(office: Office, drop_site: DropSite) -> None:
    drop_site.dropper.drop("incoming/lost.pdf", PDF)
    drop_site.dropper.drop(f"{BATCH}/batch.json", b"{")
    told: list[Taken] = []
    collector = Collector(desk_of(office.custody, drop_site.incoming), told.append)
    for _ in range(3):
        assert collector.collect_some().left == 2
    assert [one.error.code for one in told if one.error] == ["WRONG_PLACE", "SIDECAR_BROKEN"]


def test_after_a_failure_the_next_round_goes_on_behind_it(office: Office, drop_site: DropSite) -> None:
    drop(drop_site, *range(8))
    incoming = UnreadableIncoming(drop_site.incoming, lambda key: not key.endswith("07.pdf"))
    collector = Collector(desk_of(office.custody, incoming))
    with pytest.raises(StoreUnavailable):
        collector.collect_some()
    collector.collect_some()
    assert received(office) == 1


def test_while_the_disk_is_low_every_round_says_so(office: Office, drop_site: DropSite) -> None:
    drop(drop_site, 1)
    office.rules = Rules(max_file_bytes=10_000_000, min_free_bytes=1_000)
    office.free_bytes = lambda: 0
    collector = Collector(desk_of(office.custody, drop_site.incoming))
    for _ in range(2):
        with pytest.raises(DiskFull):
            collector.collect_some()
    office.free_bytes = lambda: 1_000_000
    assert collector.collect_some().received == 1


def test_rounds_are_made_in_the_background_until_they_are_left(office: Office, drop_site: DropSite) -> None:
    collector = Collector(desk_of(office.custody, drop_site.incoming))
    with Rounds(collector, 0.05, no_error):
        for number in range(2):
            drop(drop_site, number)
            wait_until(lambda: drop_site.dropper.seen() == [])
    drop(drop_site, 9)
    assert received(office) == 2
    assert len(drop_site.dropper.seen()) == 1


def test_a_round_that_fails_is_told_and_the_next_is_made(office: Office, drop_site: DropSite) -> None:
    drop(drop_site, 1)
    office.rules = Rules(max_file_bytes=10_000_000, min_free_bytes=1_000)
    office.free_bytes = lambda: 0
    told: list[str] = []
    with Rounds(Collector(desk_of(office.custody, drop_site.incoming)), 0.05, lambda error: told.append(error.code)):
        wait_until(lambda: told)
        office.free_bytes = lambda: 1_000_000
        wait_until(lambda: drop_site.dropper.seen() == [])
    assert set(told) == {"DISK_FULL"}
    assert received(office) == 1


def test_who_has_not_the_turn_looks_at_nothing(office: Office, drop_site: DropSite) -> None:
    drop(drop_site, 1)
    turns: list[bool] = []

    def is_my_turn() -> bool:
        turns.append(len(turns) > 2)
        return turns[-1]

    with Rounds(Collector(desk_of(office.custody, drop_site.incoming)), 0.05, no_error, is_my_turn):
        wait_until(lambda: len(turns) == 2)
        assert received(office) == 0
        wait_until(lambda: received(office) == 1)
    assert received(office) == 1


def no_error(error: SohoaError) -> None:
    raise error


# --- as it is told of ---------------------------------------------------------------------------------------------------------


@contextmanager
def taking(desk: Desk, room: int = 100) -> Iterator[Taker]:
    with Taker(desk, "scans", room=room, rest_seconds=0.05, settle_seconds=0.05) as taker:
        yield taker


class HeldIncoming(WrappedIncoming):
    """Nothing is given before it is let go."""

    def __init__(self, drop_site: DropSite) -> None:
        super().__init__(drop_site.incoming)
        self.let_go = threading.Event()

    def open(self, lying: Lying) -> BinaryIO:
        self.let_go.wait(20)
        return self.inner.open(lying)


class AilingIncoming(WrappedIncoming):
    """Fails so many times, in whatever way; then it is well."""

    def __init__(self, drop_site: DropSite, times: int, error: Exception) -> None:
        super().__init__(drop_site.incoming)
        self._times = times
        self._error = error

    def look(self, key: str) -> Lying | None:
        if self._times:
            self._times -= 1
            raise self._error
        return self.inner.look(key)


def test_what_is_told_of_is_taken_in_the_background(office: Office, drop_site: DropSite) -> None:
    keys = drop(drop_site, 1, 2, 3)
    with taking(desk_of(office.custody, drop_site.incoming)) as taker:
        assert taker.notified(body(*map(record, keys)))
        wait_until(lambda: drop_site.dropper.seen() == [])
    assert received(office) == 3
    assert contents(office) == {PDF + key.encode() for key in keys}


def test_what_is_told_twice_or_is_not_there_does_no_harm(office: Office, drop_site: DropSite) -> None:
    keys = drop(drop_site, 1)
    with taking(desk_of(office.custody, drop_site.incoming)) as taker:
        for _ in range(3):
            taker.offer([*keys, f"{BATCH}/never.pdf", "incoming/../x", "incoming/x"])
            wait_until(lambda: taker.waiting() == 0 and drop_site.dropper.seen() == [])
    assert received(office) == 1


def test_when_there_is_no_room_all_of_an_offer_is_declined(office: Office, drop_site: DropSite) -> None:
    keys = drop(drop_site, *range(6))
    incoming = HeldIncoming(drop_site)
    with taking(desk_of(office.custody, incoming), room=3) as taker:
        taker.offer(keys[:1])
        wait_until(lambda: taker.waiting() == 0)
        assert taker.offer(keys[1:4])
        assert taker.offer(keys[1:4]), "they wait already"
        assert not taker.offer(keys[3:5])
        assert not taker.notified(body(record(keys[5])))
        assert taker.waiting() == 3
        incoming.let_go.set()
        wait_until(lambda: taker.offer(keys[4:]))
        wait_until(lambda: drop_site.dropper.seen() == [])
    assert received(office) == 6


def test_what_no_server_sends_is_refused(office: Office, drop_site: DropSite) -> None:
    with taking(desk_of(office.custody, drop_site.incoming)) as taker, pytest.raises(BadNotification):
        taker.notified(b"{")


@pytest.mark.parametrize("error", [StoreUnavailable("SlowDown"), DiskFull(), RuntimeError("a fault of ours")], ids=repr)
def test_a_failure_that_passes_costs_nothing(office: Office, drop_site: DropSite, error: Exception) -> None:
    keys = drop(drop_site, 1, 2)
    with taking(desk_of(office.custody, AilingIncoming(drop_site, 1, error))) as taker:
        taker.offer(keys)
        wait_until(lambda: f"{BATCH}/02.pdf" not in drop_site.dropper.seen())
        if not isinstance(error, RuntimeError):
            wait_until(lambda: drop_site.dropper.seen() == [])
            assert received(office) == 2
    assert Collector(desk_of(office.custody, drop_site.incoming)).collect_some().failed == 0
    assert received(office) == 2


def test_a_failure_that_stays_keeps_nobody_else_out_and_is_given_up(office: Office, drop_site: DropSite) -> None:
    keys = drop(drop_site, 1, 2, 3)
    incoming = UnreadableIncoming(drop_site.incoming, lambda key: key == keys[0])
    with taking(desk_of(office.custody, incoming)) as taker:
        taker.offer(keys)
        wait_until(lambda: taker.waiting() == 0 and drop_site.dropper.seen() == keys[:1])
    assert received(office) == 2
    assert Collector(desk_of(office.custody, drop_site.incoming)).collect_some().received == 1


def test_a_batch_that_is_told_of_is_closed_when_it_is_complete(office: Office, drop_site: DropSite) -> None:
    keys = drop(drop_site, 1, 2)
    with taking(desk_of(office.custody, drop_site.incoming)) as taker:
        taker.offer(keys)
        wait_until(lambda: received(office) == 2)
        drop_site.dropper.drop(f"{BATCH}/batch.json", b'{"declared": 2}')
        taker.offer([f"{BATCH}/batch.json"])
        wait_until(lambda: is_closed(office))
    assert is_closed(office)
    assert drop_site.dropper.seen() == []


def test_a_sidecar_brings_in_what_waited_for_it_and_what_was_not_heard_of(office: Office, drop_site: DropSite) -> None:
    keys = drop(drop_site, 1, 2)
    with taking(desk_of(office.custody, drop_site.incoming, wait_for_sidecar=True)) as taker:
        taker.offer(keys[:1])
        wait_until(lambda: taker.waiting() == 0)
        assert received(office) == 0
        drop_site.dropper.drop(f"{BATCH}/batch.json", b'{"declared": 2, "fonds": "phong-9"}')
        taker.offer([f"{BATCH}/batch.json"])
        wait_until(lambda: is_closed(office) and drop_site.dropper.seen() == [])
    assert received(office) == 2
    assert [line.declared for line in status(office.store).batches] == [2]


def test_a_taker_that_is_stopped_finishes_what_it_has_and_leaves_the_rest(office: Office, drop_site: DropSite) -> None:
    keys = drop(drop_site, 1, 2, 3)
    incoming = HeldIncoming(drop_site)
    with Taker(desk_of(office.custody, incoming), "scans") as taker:
        taker.offer(keys)
        wait_until(lambda: taker.waiting() == 2)
        threading.Timer(0.2, incoming.let_go.set).start()
    assert received(office) == 1
    assert drop_site.dropper.seen() == keys[1:]
