"""What is promised of the files that say how many there are to be. A part of TakingContract."""

import pytest

from pipeline.custody import records
from pipeline.custody.batches import declarations
from pipeline.custody.lookup import manifest_of
from pipeline.custody.status import status
from pipeline.ports import Incoming
from tests.contracts.dropped import BATCH, GARBAGE, is_closed, received
from tests.contracts.incoming_contract import DropSite
from tests.custody.doubles import PDF, PLACING, Killed, KillingStore, Office, die
from tests.custody.incoming_doubles import (
    LaterIncoming,
    Pass,
    desk_of,
    one_pass,
)


class SidecarContract:
    def _drop(self, drop_site: DropSite, *numbers: int) -> None:
        for number in numbers:
            drop_site.dropper.drop(f"{BATCH}/{number}.pdf", PDF + b"%d" % number)

    def _pass(self, office: Office, incoming: Incoming, *, wait_for_sidecar: bool = False) -> Pass:
        return one_pass(desk_of(office.custody, incoming, wait_for_sidecar=wait_for_sidecar))

    def test_a_batch_is_closed_when_as_many_have_come_as_were_declared(self, office: Office, drop_site: DropSite) -> None:
        sidecar = f"{BATCH}/batch.json"
        drop_site.dropper.drop(sidecar, b'{"declared": 3}')
        self._drop(drop_site, 1, 2)
        assert self._pass(office, drop_site.incoming).fates()[sidecar] == "noted"
        (line,) = status(office.store).batches
        assert (line.declared, line.counts.received) == (3, 2)
        assert not is_closed(office)
        assert drop_site.dropper.seen() == [sidecar], "it stays as long as something is missing"
        self._drop(drop_site, 3)
        assert self._pass(office, drop_site.incoming).fates() == {f"{BATCH}/3.pdf": "received", f"{BATCH}/": "closed"}
        assert is_closed(office)
        assert drop_site.dropper.seen() == []

    def test_it_is_the_same_when_the_sidecar_comes_last(self, office: Office, drop_site: DropSite) -> None:
        self._drop(drop_site, 1, 2, 3)
        self._pass(office, drop_site.incoming)
        assert not is_closed(office)
        drop_site.dropper.drop(f"{BATCH}/batch.json", b'{"declared": 3}')
        assert self._pass(office, drop_site.incoming).fates()[f"{BATCH}/"] == "closed"
        (line,) = status(office.store).batches
        assert (line.declared, line.counts.received) == (3, 3)
        assert is_closed(office)
        assert drop_site.dropper.seen() == []

    def test_what_is_refused_counts_among_those_that_have_come(self, office: Office, drop_site: DropSite) -> None:
        self._drop(drop_site, 1)
        drop_site.dropper.drop(f"{BATCH}/bad.pdf", GARBAGE)
        drop_site.dropper.drop(f"{BATCH}/batch.json", b'{"declared": 2}')
        self._pass(office, drop_site.incoming)
        assert is_closed(office)

    def test_a_sidecar_says_where_the_records_of_its_batch_belong(self, office: Office, drop_site: DropSite) -> None:
        self._drop(drop_site, 1)  # its key sorts before the sidecar's
        drop_site.dropper.drop(f"{BATCH}/batch.json", '{"declared": 1, "fonds": "phông-9", "sector": "dat-dai"}'.encode())
        self._pass(office, drop_site.incoming)
        self._drop(drop_site, 2)
        self._pass(office, drop_site.incoming)
        drop_site.dropper.drop("incoming/xa-a/Đợt 2/3.pdf", PDF + b"3")
        self._pass(office, drop_site.incoming)
        found = {
            (one.batch, one.original.size_bytes and one.fonds, one.sector)
            for key in office.store.list_after(records.MANIFESTS)
            for one in [manifest_of(office.store, records.parse_generation_key(key).record_id)]
        }
        assert found == {("Đợt 1", "phông-9", "dat-dai"), ("Đợt 2", PLACING.fonds, PLACING.sector)}, "a late file too"

    def test_what_a_sidecar_calls_urgent_is_read_before_all_batches(self, office: Office, drop_site: DropSite) -> None:
        drop_site.dropper.drop(f"{BATCH}/batch.json", b'{"declared": 2, "urgent": true}')
        self._drop(drop_site, 1)
        self._pass(office, drop_site.incoming)
        drop_site.dropper.drop("incoming/xa-b/b/2.pdf", PDF + b"2")
        self._pass(office, drop_site.incoming)
        found = [
            manifest_of(office.store, records.parse_generation_key(key).record_id)
            for key in office.store.list_after(records.MANIFESTS)
        ]
        assert {(one.unit, one.urgent) for one in found} == {("xa-a", True), ("xa-b", False)}

    def test_a_fonds_that_is_told_after_files_were_taken_is_complained_of_once(self, office: Office, drop_site: DropSite) -> None:
        self._drop(drop_site, 1)
        self._pass(office, drop_site.incoming)
        drop_site.dropper.drop(f"{BATCH}/batch.json", b'{"declared": 3, "fonds": "phong-9"}')
        assert self._pass(office, drop_site.incoming).complaints() == {f"{BATCH}/batch.json": "SIDECAR_LATE"}
        assert self._pass(office, drop_site.incoming).complaints() == {}

    def test_where_sidecars_are_waited_for_nothing_is_taken_before(self, office: Office, drop_site: DropSite) -> None:
        self._drop(drop_site, 1, 2)
        assert set(self._pass(office, drop_site.incoming, wait_for_sidecar=True).fates().values()) == {"waiting"}
        assert received(office) == 0
        drop_site.dropper.drop(f"{BATCH}/batch.json", b'{"declared": 2, "fonds": "phong-9"}')
        assert self._pass(office, drop_site.incoming, wait_for_sidecar=True).complaints() == {}
        assert is_closed(office)
        assert {
            manifest_of(office.store, records.parse_generation_key(key).record_id).fonds
            for key in office.store.list_after(records.MANIFESTS)
        } == {"phong-9"}
        self._drop(drop_site, 3)
        self._pass(office, drop_site.incoming, wait_for_sidecar=True)
        assert received(office) == 3, "what it said holds for a late file too"

    @pytest.mark.parametrize(
        "body",
        [
            b"{",
            b"[]",
            b"null",
            b'{"fonds": "a"}',
            b'{"declared": -1}',
            b'{"declared": "12"}',
            b'{"declared": true}',
            b'{"declared": 1e99}',
            b'{"declared": 1, "fonds": "../x"}',
            b'{"declared": 1, "sector": ""}',
            b'{"declared": 1, "urgent": "yes"}',
            b"[" * 60_000,
            b'{"declared": 1, "x": "' + b"x" * 64_000 + b'"}',
            b"\xff\xfe{\x00",
            PDF,
        ],
        ids=range(15),
    )
    def test_a_broken_sidecar_is_told_keeps_the_batch_open_and_no_file_out(
        self, office: Office, drop_site: DropSite, body: bytes
    ) -> None:
        drop_site.dropper.drop(f"{BATCH}/batch.json", body)
        self._drop(drop_site, 1)
        assert self._pass(office, drop_site.incoming).complaints() == {f"{BATCH}/batch.json": "SIDECAR_BROKEN"}
        assert received(office) == 1
        assert not is_closed(office)
        assert drop_site.dropper.seen() == [f"{BATCH}/batch.json"]
        drop_site.dropper.drop(f"{BATCH}/batch.json", b'\xef\xbb\xbf{"declared": 1, "more": {"x": []}}')
        self._pass(office, drop_site.incoming)
        assert is_closed(office)
        assert drop_site.dropper.seen() == [], "the broken one before it does not come back"

    def test_an_empty_marker_closes_the_batch_when_nothing_is_left(self, office: Office, drop_site: DropSite) -> None:
        drop_site.dropper.drop(f"{BATCH}/_DONE", b"")
        self._drop(drop_site, 1)
        drop_site.dropper.drop(f"{BATCH}/empty.pdf", b"")
        self._pass(office, drop_site.incoming)
        assert not is_closed(office), "one still waits"
        assert drop_site.dropper.seen() == [f"{BATCH}/_DONE", f"{BATCH}/empty.pdf"]
        self._pass(office, LaterIncoming(drop_site.incoming))
        assert is_closed(office)
        assert [line.declared for line in status(office.store).batches] == [None]
        assert [key for key in drop_site.dropper.seen() if key.startswith("incoming/")] == []

    def test_a_marker_with_a_number_declares_it(self, office: Office, drop_site: DropSite) -> None:
        drop_site.dropper.drop(f"{BATCH}/_DONE", b"2\r\n")
        self._drop(drop_site, 1)
        self._pass(office, drop_site.incoming)
        (line,) = status(office.store).batches
        assert (line.declared, line.counts.received) == (2, 1)
        assert not is_closed(office)
        self._drop(drop_site, 2)
        self._pass(office, drop_site.incoming)
        assert is_closed(office)
        assert drop_site.dropper.seen() == []

    def test_a_marker_that_says_neither_is_told(self, office: Office, drop_site: DropSite) -> None:
        drop_site.dropper.drop(f"{BATCH}/_DONE", b"all of them")
        self._drop(drop_site, 1)
        assert self._pass(office, drop_site.incoming).complaints() == {f"{BATCH}/_DONE": "SIDECAR_BROKEN"}
        assert (received(office), is_closed(office)) == (1, False)

    def test_a_batch_that_is_said_to_be_whole_and_is_not_shows_what_is_missing(self, office: Office, drop_site: DropSite) -> None:
        drop_site.dropper.drop(f"{BATCH}/batch.json", b'{"declared": 3}')
        drop_site.dropper.drop(f"{BATCH}/_DONE", b"")
        self._drop(drop_site, 1, 2)
        self._pass(office, drop_site.incoming)
        assert is_closed(office)
        (line,) = status(office.store).batches
        assert (line.declared, line.counts.received) == (3, 2)

    def test_what_two_sidecars_say_is_noted_once_and_the_larger_number_counts(self, office: Office, drop_site: DropSite) -> None:
        drop_site.dropper.drop(f"{BATCH}/batch.json", b'{"declared": 4}')
        drop_site.dropper.drop(f"{BATCH}/_DONE", b"5")
        for _ in range(3):
            self._pass(office, drop_site.incoming)
        assert [one.count for one in declarations(office.store, "xa-a", "Đợt 1")] == [5]

    def test_what_a_clerk_says_after_a_sidecar_stands(self, office: Office, drop_site: DropSite) -> None:
        drop_site.dropper.drop(f"{BATCH}/batch.json", b'{"declared": 4}')
        self._pass(office, drop_site.incoming)
        office.declare("xa-a", "Đợt 1", 1)
        self._drop(drop_site, 1)
        self._pass(office, drop_site.incoming)
        assert [line.declared for line in status(office.store).batches] == [1]
        assert is_closed(office)

    def test_a_sidecar_in_a_folder_below_is_a_file_like_any_other(self, office: Office, drop_site: DropSite) -> None:
        drop_site.dropper.drop(f"{BATCH}/sub/batch.json", b'{"declared": 4}')
        assert self._pass(office, drop_site.incoming).complaints() == {f"{BATCH}/sub/batch.json": "UNKNOWN_TYPE"}

    @pytest.mark.parametrize("moment", ["before", "after"])
    @pytest.mark.parametrize("kind", [records.DECLARED, records.BATCHES])
    def test_a_taker_killed_at_a_sidecar_leaves_it_to_the_next(
        self, office: Office, drop_site: DropSite, kind: str, moment: str
    ) -> None:
        drop_site.dropper.drop(f"{BATCH}/batch.json", b'{"declared": 1}')
        self._drop(drop_site, 1)
        turn = 1 if kind == records.DECLARED else 2  # the second of a batch's is its closing
        custody = office.custody_over(KillingStore(office.store, kind, moment, turn=turn, kill=die))
        with pytest.raises(Killed):
            one_pass(desk_of(custody, drop_site.incoming))
        assert f"{BATCH}/batch.json" in drop_site.dropper.seen()
        self._pass(office, drop_site.incoming)
        assert (received(office), is_closed(office)) == (1, True)
        assert drop_site.dropper.seen() == []
