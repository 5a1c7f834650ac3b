"""What is promised of taking files from where others drop them, wherever that is. A test class inherits TakingContract and gives it
the fixtures `drop_site` and `office`."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.custody import Rules, records
from pipeline.custody.batches import declarations
from pipeline.custody.documents import encode
from pipeline.custody.incoming.batches import Desk
from pipeline.custody.lookup import manifest_of, open_original
from pipeline.custody.moving import BEGUN, Leaving, reopen
from pipeline.custody.status import Counts, status
from pipeline.errors import DiskFull, HomeMoving, StoreUnavailable
from pipeline.ports import Incoming
from tests.contracts.incoming_contract import HARD_NAMES, DropSite
from tests.custody.doubles import PDF, PLACING, FailingStore, Killed, KillingStore, Office, die
from tests.custody.incoming_doubles import (
    KINDS_ON_THE_WAY,
    InterruptedIncoming,
    KillingIncoming,
    LaterIncoming,
    LyingStore,
    Pass,
    UnreadableIncoming,
    WithdrawnIncoming,
    desk_of,
    one_pass,
)

KEY = "incoming/xa-a/Đợt 1/scan.pdf"
BATCH = "incoming/xa-a/Đợt 1"
GARBAGE = b"<html>no scan</html>"


def counts(office: Office) -> Counts:
    found = status(office.store).total
    assert found.adds_up
    return found


def received(office: Office) -> int:
    return counts(office).received


def contents(office: Office) -> set[bytes]:
    """Of all records, as they would be read."""
    found = set()
    for arrival in office.store.list_after(records.MANIFESTS):
        record_id = records.parse_generation_key(arrival).record_id
        with open_original(office.store, manifest_of(office.store, record_id)) as original:
            found.add(original.read())
    return found


def is_closed(office: Office, unit: str = "xa-a", batch: str = "Đợt 1") -> bool:
    events = [records.parse_batch_key(key).event for key in office.store.list_after(records.handovers_of(unit, batch))]
    return events.count(records.OPENED) == events.count(records.CLOSED)


class TakingContract:
    # --- one file -----------------------------------------------------------------------------------------------------------

    def test_a_dropped_file_is_taken_whole_counted_and_gone_from_where_it_lay(self, office: Office, drop_site: DropSite) -> None:
        drop_site.dropper.drop(KEY, PDF + b"one")
        taken = one_pass(desk_of(office.custody, drop_site.incoming))
        assert taken.fates() == {KEY: "received"}
        assert drop_site.dropper.seen() == []
        (record_id,) = [one.record_id for one in taken.taken if one.record_id]
        manifest = manifest_of(office.store, record_id)
        assert (manifest.unit, manifest.batch, manifest.fonds, manifest.sector) == ("xa-a", "Đợt 1", "phong-1", "tu-phap")
        assert manifest.original.name == "scan.pdf"
        assert manifest.source == f"{drop_site.incoming.where}{KEY}"
        assert contents(office) == {PDF + b"one"}
        assert received(office) == 1
        assert office.queue.take() is not None

    def test_folders_below_the_batch_say_nothing_and_names_may_be_anything(self, office: Office, drop_site: DropSite) -> None:
        keys = [f"{BATCH}/tập {number}/{name}" for number, name in enumerate(HARD_NAMES)]
        for key in keys:
            drop_site.dropper.drop(key, PDF + key.encode())
        assert one_pass(desk_of(office.custody, drop_site.incoming)).fates() == dict.fromkeys(keys, "received")
        manifests = [
            manifest_of(office.store, records.parse_generation_key(key).record_id)
            for key in office.store.list_after(records.MANIFESTS)
        ]
        assert {one.original.name for one in manifests} == {unicodedata.normalize("NFC", name) for name in HARD_NAMES}
        assert {(one.unit, one.batch) for one in manifests} == {("xa-a", "Đợt 1")}
        assert drop_site.dropper.seen() == []

    def test_unit_and_batch_are_the_same_in_either_form_of_unicode(self, office: Office, drop_site: DropSite) -> None:
        for form in ("NFC", "NFD"):
            drop_site.dropper.drop(unicodedata.normalize(form, f"incoming/xã-a/Đợt 1/{form}.pdf"), PDF + form.encode())
        one_pass(desk_of(office.custody, drop_site.incoming))
        (line,) = status(office.store).batches
        assert (line.unit, line.batch, line.counts.received) == ("xã-a", "Đợt 1", 2)

    def test_the_same_bytes_under_another_key_are_another_arrival_of_the_same_record(
        self, office: Office, drop_site: DropSite
    ) -> None:
        for name in ("a", "b"):
            drop_site.dropper.drop(f"{BATCH}/{name}.pdf", PDF + b"same")
        assert sorted(one_pass(desk_of(office.custody, drop_site.incoming)).fates().values()) == ["already", "received"]
        assert received(office) == 2
        assert len(contents(office)) == 1

    def test_the_same_bytes_dropped_under_the_same_key_again_are_the_same_arrival(
        self, office: Office, drop_site: DropSite
    ) -> None:
        for _ in range(2):
            drop_site.dropper.drop(KEY, PDF)
            one_pass(desk_of(office.custody, drop_site.incoming))
            assert drop_site.dropper.seen() == []
        assert received(office) == 1
        drop_site.dropper.drop(KEY, PDF + b"another")
        one_pass(desk_of(office.custody, drop_site.incoming))
        assert received(office) == 2

    # --- nothing leaves before it is safe -------------------------------------------------------------------------------------

    @pytest.mark.parametrize("keeps_nothing", [True, False])
    @pytest.mark.parametrize("kind", [records.ORIGINALS, records.MANIFESTS, records.ARRIVALS])
    def test_nothing_leaves_while_the_store_does_not_give_back_what_it_was_given(
        self, office: Office, drop_site: DropSite, kind: str, keeps_nothing: bool
    ) -> None:
        drop_site.dropper.drop(KEY, PDF + b"one")
        store = LyingStore(office.store, kind, keeps_nothing=keeps_nothing)
        desk = desk_of(office.custody_over(store), drop_site.incoming)
        for _ in range(2):
            assert one_pass(desk).complaints() == {KEY: "DIGEST_MISMATCH"}
            assert drop_site.dropper.content(KEY) == PDF + b"one"
        store.honest = True
        if keeps_nothing or kind == records.ORIGINALS:
            one_pass(desk)
            assert drop_site.dropper.seen() == []
            assert contents(office) == {PDF + b"one"}

    @pytest.mark.parametrize("moment", ["before", "after"])
    @pytest.mark.parametrize("kind", KINDS_ON_THE_WAY)
    def test_a_taker_killed_while_it_writes_leaves_one_arrival_and_loses_nothing(
        self, office: Office, drop_site: DropSite, kind: str, moment: str
    ) -> None:
        custody = office.custody_over(KillingStore(office.store, kind, moment, kill=die))
        self._killed_and_taken_up(office, drop_site, desk_of(custody, drop_site.incoming))

    @pytest.mark.parametrize("moment", ["before", "after"])
    @pytest.mark.parametrize("step", ["look", "open", "remove"])
    def test_a_taker_killed_while_it_asks_the_place_leaves_one_arrival_and_loses_nothing(
        self, office: Office, drop_site: DropSite, step: str, moment: str
    ) -> None:
        incoming = KillingIncoming(drop_site.incoming, step, moment)
        self._killed_and_taken_up(office, drop_site, desk_of(office.custody, incoming))

    def _killed_and_taken_up(self, office: Office, drop_site: DropSite, desk: Desk) -> None:
        drop_site.dropper.drop(KEY, PDF + b"one")
        with pytest.raises(Killed):
            one_pass(desk)
        assert drop_site.dropper.content(KEY) == PDF + b"one" or received(office) == 1
        one_pass(desk_of(office.custody, drop_site.incoming))
        assert drop_site.dropper.seen() == []
        assert received(office) == 1
        assert contents(office) == {PDF + b"one"}
        assert len(list(office.store.list_after(records.MANIFESTS))) == 1

    @pytest.mark.parametrize("moment", ["before", "after"])
    @pytest.mark.parametrize("kind", [records.REJECTED, records.ARRIVALS])
    def test_a_taker_killed_while_it_refuses_counts_once(
        self, office: Office, drop_site: DropSite, kind: str, moment: str
    ) -> None:
        drop_site.dropper.drop(KEY, GARBAGE)
        with pytest.raises(Killed):
            one_pass(desk_of(office.custody_over(KillingStore(office.store, kind, moment, kill=die)), drop_site.incoming))
        self._refused_once(office, drop_site)

    @pytest.mark.parametrize("moment", ["before", "after"])
    def test_a_taker_killed_while_it_sets_aside_counts_once(self, office: Office, drop_site: DropSite, moment: str) -> None:
        drop_site.dropper.drop(KEY, GARBAGE)
        with pytest.raises(Killed):
            one_pass(desk_of(office.custody, KillingIncoming(drop_site.incoming, "set_aside", moment)))
        self._refused_once(office, drop_site)

    def _refused_once(self, office: Office, drop_site: DropSite) -> None:
        one_pass(desk_of(office.custody, drop_site.incoming))
        assert (received(office), counts(office).rejected) == (1, 1)
        assert drop_site.dropper.seen() == ["refused/xa-a/Đợt 1/scan.pdf", "refused/xa-a/Đợt 1/scan.pdf.why.json"]

    def test_what_is_written_over_while_it_is_taken_is_taken_in_both_versions(self, office: Office, drop_site: DropSite) -> None:
        drop_site.dropper.drop(KEY, PDF + b"first")
        incoming = InterruptedIncoming(drop_site.incoming, lambda: drop_site.dropper.drop(KEY, PDF + b"second"))
        one_pass(desk_of(office.custody, incoming))
        one_pass(desk_of(office.custody, drop_site.incoming))
        assert contents(office) == {PDF + b"first", PDF + b"second"}
        assert received(office) == 2
        assert drop_site.dropper.seen() == []

    def test_what_its_owner_takes_back_while_it_is_taken_is_no_fault(self, office: Office, drop_site: DropSite) -> None:
        drop_site.dropper.drop(KEY, PDF)
        assert one_pass(desk_of(office.custody, WithdrawnIncoming(drop_site.incoming))).fates() == {}
        assert received(office) == 0

    def test_several_who_take_at_once_make_one_arrival_of_each(self, office: Office, drop_site: DropSite) -> None:
        keys = [f"{BATCH}/{number}.pdf" for number in range(6)]
        for key in keys:
            drop_site.dropper.drop(key, PDF + key.encode())
        drop_site.dropper.drop(f"{BATCH}/bad.pdf", GARBAGE)
        drop_site.dropper.drop(f"{BATCH}/batch.json", b'{"declared": 7}')
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda _: one_pass(desk_of(office.custody, drop_site.incoming)), range(4)))
        one_pass(desk_of(office.custody, drop_site.incoming))
        assert (received(office), counts(office).rejected) == (7, 1)
        assert contents(office) == {PDF + key.encode() for key in keys}
        assert [key for key in drop_site.dropper.seen() if key.startswith("incoming/")] == []
        assert is_closed(office)

    # --- what cannot be taken --------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        ("content", "code"),
        [(GARBAGE, "UNKNOWN_TYPE"), (b"PK\x03\x04 zip", "UNKNOWN_TYPE"), (PDF + bytes(10_000_001), "TOO_LARGE")],
    )
    def test_what_is_no_scan_is_counted_and_lies_aside_with_the_reason(
        self, office: Office, drop_site: DropSite, content: bytes, code: str
    ) -> None:
        drop_site.dropper.drop(KEY, content)
        taken = one_pass(desk_of(office.custody, drop_site.incoming))
        assert taken.fates() == {KEY: "rejected"}
        assert taken.complaints() == {KEY: code}
        assert drop_site.dropper.seen() == ["refused/xa-a/Đợt 1/scan.pdf", "refused/xa-a/Đợt 1/scan.pdf.why.json"]
        assert drop_site.dropper.content("refused/xa-a/Đợt 1/scan.pdf") == content
        why = json.loads(drop_site.dropper.content("refused/xa-a/Đợt 1/scan.pdf.why.json") or b"")
        assert why["code"] == code
        assert not why["message"].isascii()
        assert (received(office), counts(office).rejected) == (1, 1)

    def test_another_bad_file_under_the_same_key_is_counted_too(self, office: Office, drop_site: DropSite) -> None:
        for number in range(2):
            drop_site.dropper.drop(KEY, GARBAGE + b"%d" % number)
            one_pass(desk_of(office.custody, drop_site.incoming))
        assert counts(office).rejected == 2

    def test_a_file_without_a_byte_waits_and_is_then_refused(self, office: Office, drop_site: DropSite) -> None:
        drop_site.dropper.drop(KEY, b"")
        assert one_pass(desk_of(office.custody, drop_site.incoming)).fates() == {KEY: "waiting"}
        later = LaterIncoming(drop_site.incoming)
        assert one_pass(desk_of(office.custody, later)).complaints() == {KEY: "EMPTY_FILE"}
        assert counts(office).rejected == 1

    def test_what_was_just_written_waits_until_it_has_settled(self, office: Office, drop_site: DropSite) -> None:
        drop_site.dropper.drop(KEY, PDF)
        assert one_pass(desk_of(office.custody, drop_site.incoming, settle_seconds=600)).fates() == {KEY: "waiting"}
        later = LaterIncoming(drop_site.incoming)
        assert one_pass(desk_of(office.custody, later, settle_seconds=600)).fates() == {KEY: "received"}

    def test_names_that_are_not_final_and_what_file_managers_leave_are_left_alone(
        self, office: Office, drop_site: DropSite
    ) -> None:
        names = [
            ".hidden.pdf",
            "a.pdf.part",
            "a.PDF.TMP",
            "a.filepart",
            "a.crdownload",
            "a.pdf~",
            "~$a.pdf",
            "Thumbs.db",
            "desktop.ini",
        ]
        keys = sorted([f"{BATCH}/{name}" for name in names] + [f"{BATCH}/.sync/a.pdf"])
        for key in keys:
            drop_site.dropper.drop(key, PDF)
        assert one_pass(desk_of(office.custody, drop_site.incoming)).fates() == {}
        assert drop_site.dropper.seen() == keys
        assert received(office) == 0

    def test_what_lies_in_the_wrong_place_is_left_and_told(self, office: Office, drop_site: DropSite) -> None:
        keys = ["incoming/a.pdf", "incoming/xa-a/a.pdf", "incoming/_/b/a.pdf", "incoming/xa-a/---/a.pdf", f"{BATCH}/a\nb.pdf"]
        for key in keys:
            drop_site.dropper.drop(key, PDF)
        drop_site.dropper.drop(KEY, PDF)
        assert one_pass(desk_of(office.custody, drop_site.incoming)).complaints() == dict.fromkeys(keys, "WRONG_PLACE")
        assert drop_site.dropper.seen() == sorted(keys)
        assert received(office) == 1

    def test_one_that_cannot_be_read_does_not_keep_the_others_out(self, office: Office, drop_site: DropSite) -> None:
        for number in range(5):
            drop_site.dropper.drop(f"{BATCH}/{number}.pdf", PDF + b"%d" % number)
        incoming = UnreadableIncoming(drop_site.incoming, lambda key: key.endswith("1.pdf"))
        assert one_pass(desk_of(office.custody, incoming)).complaints() == {f"{BATCH}/1.pdf": "STORE_UNAVAILABLE"}
        assert received(office) == 4
        assert drop_site.dropper.seen() == [f"{BATCH}/1.pdf"]

    def test_when_nothing_can_be_read_it_stops(self, office: Office, drop_site: DropSite) -> None:
        for number in range(7):
            drop_site.dropper.drop(f"{BATCH}/{number}.pdf", PDF + b"%d" % number)
        with pytest.raises(StoreUnavailable):
            one_pass(desk_of(office.custody, UnreadableIncoming(drop_site.incoming, lambda _: True)))
        assert len(drop_site.dropper.seen()) == 7

    def test_when_the_disk_is_low_nothing_is_taken_and_nothing_lost(self, office: Office, drop_site: DropSite) -> None:
        drop_site.dropper.drop(KEY, PDF)
        office.rules = Rules(max_file_bytes=10_000_000, min_free_bytes=1_000)
        office.free_bytes = lambda: 1_000 + len(PDF) - 1
        with pytest.raises(DiskFull):
            one_pass(desk_of(office.custody, drop_site.incoming))
        assert drop_site.dropper.content(KEY) == PDF
        office.free_bytes = lambda: 1_000 + len(PDF)
        assert one_pass(desk_of(office.custody, drop_site.incoming)).fates() == {KEY: "received"}

    @pytest.mark.parametrize("kind", [records.ORIGINALS, records.MANIFESTS, records.ARRIVALS, records.REJECTED])
    def test_when_the_store_is_full_nothing_leaves(self, office: Office, drop_site: DropSite, kind: str) -> None:
        key, content = (f"{BATCH}/bad.pdf", GARBAGE) if kind == records.REJECTED else (KEY, PDF)
        drop_site.dropper.drop(key, content)
        store = FailingStore(office.store, kind, DiskFull())
        with pytest.raises(DiskFull):
            one_pass(desk_of(office.custody_over(store), drop_site.incoming))
        assert drop_site.dropper.seen() == [key]
        assert received(office) == 0
        store.failing = False
        one_pass(desk_of(office.custody_over(store), drop_site.incoming))
        assert received(office) == 1

    def test_a_home_that_moves_takes_nothing_and_nothing_leaves(self, office: Office, drop_site: DropSite) -> None:
        for key, content in ((KEY, PDF), (f"{BATCH}/bad.pdf", GARBAGE), ("incoming/xa-b/b/batch.json", b'{"declared": 0}')):
            drop_site.dropper.drop(key, content)
        before = drop_site.dropper.seen()
        office.store.put_new(BEGUN, encode(Leaving("token", "elsewhere", office.clock.now())))
        kept = list(office.store.list_after(""))
        with pytest.raises(HomeMoving):
            one_pass(desk_of(office.custody, drop_site.incoming))
        assert drop_site.dropper.seen() == before
        assert list(office.store.list_after("")) == kept
        reopen(office.store)
        one_pass(desk_of(office.custody, drop_site.incoming))
        assert received(office) == 2

    def test_a_pass_that_was_cut_short_is_gone_on_with(self, office: Office, drop_site: DropSite) -> None:
        keys = [f"incoming/xa-{number % 3}/b/{number:02}.pdf" for number in range(9)]
        for key in keys:
            drop_site.dropper.drop(key, PDF + key.encode())
        desk = desk_of(office.custody, drop_site.incoming)
        first = one_pass(desk, enough=_after_looks(4))
        assert len(first.fates()) == 4
        assert first.went_on_after == sorted(keys)[3]
        second = one_pass(desk, first.went_on_after)
        assert (len(second.fates()), second.went_on_after) == (5, "")
        assert received(office) == 9

    # --- sidecars ----------------------------------------------------------------------------------------------------------------

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


def _after_looks(count: int) -> Callable[[], bool]:
    looks = iter(range(1, 1_000_000))
    return lambda: next(looks) >= count
