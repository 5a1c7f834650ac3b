"""What is promised of taking files from where others drop them, wherever that is. A test class inherits TakingContract and gives it
the fixtures `drop_site` and `office`."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.custody import Rules, records
from pipeline.custody.documents import encode
from pipeline.custody.incoming.batches import Desk
from pipeline.custody.lookup import manifest_of
from pipeline.custody.moving import BEGUN, Leaving, reopen
from pipeline.custody.status import status
from pipeline.errors import DiskFull, HomeMoving, StoreUnavailable
from tests.contracts.dropped import BATCH, GARBAGE, KEY, contents, counts, is_closed, received
from tests.contracts.incoming_contract import HARD_NAMES, DropSite
from tests.contracts.sidecar_contract import SidecarContract
from tests.custody.doubles import PDF, FailingStore, Killed, KillingStore, Office, die
from tests.custody.incoming_doubles import (
    KINDS_ON_THE_WAY,
    InterruptedIncoming,
    KillingIncoming,
    LaterIncoming,
    LyingStore,
    UnreadableIncoming,
    WithdrawnIncoming,
    desk_of,
    one_pass,
)


class TakingContract(SidecarContract):
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
        self._killed(office, drop_site, desk_of(custody, drop_site.incoming))
        one_pass(desk_of(office.custody, drop_site.incoming))
        assert drop_site.dropper.seen() == []
        assert received(office) == 1
        assert contents(office) == {PDF + b"one"}
        assert len(list(office.store.list_after(records.MANIFESTS))) == 1

    @pytest.mark.parametrize("moment", ["before", "after"])
    @pytest.mark.parametrize("step", ["look", "open", "remove"])
    def test_a_taker_killed_while_it_asks_the_place_leaves_one_arrival_and_loses_nothing(
        self, office: Office, drop_site: DropSite, step: str, moment: str
    ) -> None:
        incoming = KillingIncoming(drop_site.incoming, step, moment)
        self._killed(office, drop_site, desk_of(office.custody, incoming))
        one_pass(desk_of(office.custody, drop_site.incoming))
        assert drop_site.dropper.seen() == []
        assert received(office) == 1
        assert contents(office) == {PDF + b"one"}
        assert len(list(office.store.list_after(records.MANIFESTS))) == 1

    def _killed(self, office: Office, drop_site: DropSite, desk: Desk) -> None:
        """While it takes one file, which then lies where it was or is counted."""
        drop_site.dropper.drop(KEY, PDF + b"one")
        with pytest.raises(Killed):
            one_pass(desk)
        assert drop_site.dropper.content(KEY) == PDF + b"one" or received(office) == 1

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


def _after_looks(count: int) -> Callable[[], bool]:
    looks = iter(range(1, 1_000_000))
    return lambda: next(looks) >= count
