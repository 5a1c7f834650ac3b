"""What every Incoming promises. An adapter's test class inherits IncomingContract and gives it the fixture `drop_site`."""

from __future__ import annotations

import json
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import pytest

from pipeline.errors import FileChanging, KeyMissing
from pipeline.ports import Incoming, Lying

BIG = bytes(range(256)) * 50_000
"""Thirteen megabytes: several parts of an upload."""

COMPOSED, DECOMPOSED = (unicodedata.normalize(form, "Quyết định số 15.pdf") for form in ("NFC", "NFD"))
HARD_NAMES = [
    COMPOSED,
    DECOMPOSED,
    "a b.pdf",
    "a+b.pdf",
    "100%.pdf",
    "%2e%2e.pdf",
    "a&b<c>'d\".pdf",
    "#?*.pdf",
    "-rf.pdf",
    "k" * 240 + ".pdf",
    "ệ" * 80 + ".pdf",
]
WHY = {"code": "UNKNOWN_TYPE", "message": "Nội dung không phải PDF. Quét lại."}


class Dropper(Protocol):
    """Somebody who drops files: a scanner, a system of another office."""

    def drop(self, key: str, content: bytes) -> None:
        """Put a file there, over what stands there."""

    def content(self, key: str) -> bytes | None:
        """What stands there; None: nothing."""

    def seen(self) -> list[str]:
        """All that can be seen there, in order, without what is the place's own."""


@dataclass(frozen=True, slots=True)
class DropSite:
    incoming: Incoming
    dropper: Dropper

    def dropped(self, key: str, content: bytes) -> Lying:
        self.dropper.drop(key, content)
        found = self.incoming.look(key)
        assert found is not None
        return found


class IncomingContract:
    def test_what_was_dropped_is_looked_at_and_read_whole(self, drop_site: DropSite) -> None:
        lying = drop_site.dropped("incoming/a/b/c.pdf", b"\x00\xffbytes")
        assert (lying.key, lying.size_bytes) == ("incoming/a/b/c.pdf", 7)
        assert -2 <= lying.age_seconds < 60
        with drop_site.incoming.open(lying) as stream:
            assert stream.read() == b"\x00\xffbytes"

    def test_a_large_file_is_read_as_a_stream(self, drop_site: DropSite) -> None:
        lying = drop_site.dropped("incoming/a/b/c.pdf", BIG)
        with drop_site.incoming.open(lying) as stream:
            assert stream.read(10) == BIG[:10]
            assert stream.read() == BIG[10:]
            assert stream.read(1) == b""

    def test_a_file_may_be_empty(self, drop_site: DropSite) -> None:
        lying = drop_site.dropped("incoming/a/b/empty.pdf", b"")
        assert lying.size_bytes == 0
        with drop_site.incoming.open(lying) as stream:
            assert stream.read() == b""

    def test_what_is_not_there_is_not_seen(self, drop_site: DropSite) -> None:
        drop_site.dropper.drop("incoming/a/b/c.pdf", b"1")
        for key in ("incoming/a/b/d.pdf", "incoming/a/b", "incoming/a/b/c.pdf/deeper", "incoming/x/y/z"):
            assert drop_site.incoming.look(key) is None

    @pytest.mark.parametrize("name", HARD_NAMES, ids=range(len(HARD_NAMES)))
    def test_a_name_comes_back_as_its_owner_wrote_it(self, drop_site: DropSite, name: str) -> None:
        key = f"incoming/xã/Đợt 1/{name}"
        lying = drop_site.dropped(key, name.encode())
        assert list(drop_site.incoming.list_after("incoming/")) == [key]
        with drop_site.incoming.open(lying) as stream:
            assert stream.read() == name.encode()
        drop_site.incoming.set_aside(lying, WHY)
        assert list(drop_site.incoming.list_after("incoming/")) == []
        (aside,) = [key for key in drop_site.dropper.seen() if not key.endswith(".why.json")]
        assert drop_site.dropper.content(aside) == name.encode()

    def test_the_two_forms_of_a_name_are_two_files(self, drop_site: DropSite) -> None:
        keys = [f"incoming/a/b/{name}" for name in (COMPOSED, DECOMPOSED)]
        for key in keys:
            drop_site.dropper.drop(key, b"1")
        assert list(drop_site.incoming.list_after("incoming/")) == sorted(keys)

    def test_keys_are_listed_in_order_and_resumed_after_any(self, drop_site: DropSite) -> None:
        names = ["a-b/x", "a.b", "a/x", "a/x-1", "a/x.1/y", "Đ/ă b", "đ", "b", "B/c/d/e", "ệ/1"]
        keys = sorted(f"incoming/u/{name}" for name in names)
        for key in reversed(keys):
            drop_site.dropper.drop(key, b"1")
        assert list(drop_site.incoming.list_after("incoming/")) == keys
        for position, key in enumerate(keys):
            assert list(drop_site.incoming.list_after("incoming/", key)) == keys[position + 1 :]
        assert list(drop_site.incoming.list_after("incoming/u/a/")) == [key for key in keys if key.startswith("incoming/u/a/")]
        assert list(drop_site.incoming.list_after("incoming/nothing/")) == []

    def test_a_listing_longer_than_one_answer_of_a_server_is_whole_and_resumed_anywhere(self, drop_site: DropSite) -> None:
        letters = "abđộ"
        keys = sorted(f"incoming/u/b{number % 3}/{letters[number % 4]} {number:04d}.pdf" for number in range(1200))
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda key: drop_site.dropper.drop(key, b"1"), keys))
        assert list(drop_site.incoming.list_after("incoming/")) == keys
        for position in (0, 398, 999, 1000, 1198, 1199):
            assert list(drop_site.incoming.list_after("incoming/", keys[position])) == keys[position + 1 :]

    def test_what_was_removed_is_gone_and_may_be_removed_again(self, drop_site: DropSite) -> None:
        lying = drop_site.dropped("incoming/a/b/c.pdf", b"1")
        drop_site.incoming.remove(lying)
        drop_site.incoming.remove(lying)
        assert drop_site.incoming.look(lying.key) is None
        assert list(drop_site.incoming.list_after("incoming/")) == []
        with pytest.raises((KeyMissing, FileChanging)):
            drop_site.incoming.open(lying)

    def test_what_was_written_meanwhile_under_the_same_key_is_never_removed(self, drop_site: DropSite) -> None:
        lying = drop_site.dropped("incoming/a/b/c.pdf", b"first")
        newer = drop_site.dropped("incoming/a/b/c.pdf", b"second")
        assert newer != lying
        drop_site.incoming.remove(lying)
        assert drop_site.dropper.content(lying.key) == b"second"
        drop_site.incoming.set_aside(lying, WHY)
        assert drop_site.dropper.content(lying.key) == b"second"
        assert drop_site.dropper.content("refused/a/b/c.pdf") in (None, b"first")

    def test_a_version_is_read_or_it_is_said_that_it_is_not_there_any_more(self, drop_site: DropSite) -> None:
        lying = drop_site.dropped("incoming/a/b/c.pdf", b"first")
        drop_site.dropper.drop("incoming/a/b/c.pdf", b"second")
        try:
            with drop_site.incoming.open(lying) as stream:
                assert stream.read() == b"first"
        except FileChanging:
            pass

    def test_what_is_refused_lies_aside_with_the_reason(self, drop_site: DropSite) -> None:
        lying = drop_site.dropped("incoming/xa-a/Đợt 1/sâu/thư.pdf", b"<html>")
        drop_site.incoming.set_aside(lying, WHY)
        assert drop_site.dropper.seen() == ["refused/xa-a/Đợt 1/sâu/thư.pdf", "refused/xa-a/Đợt 1/sâu/thư.pdf.why.json"]
        assert drop_site.dropper.content("refused/xa-a/Đợt 1/sâu/thư.pdf") == b"<html>"
        note = json.loads(drop_site.dropper.content("refused/xa-a/Đợt 1/sâu/thư.pdf.why.json") or b"")
        assert {name: note[name] for name in WHY} == WHY
        assert (note["key"], note["size_bytes"]) == (lying.key, 6)

    def test_a_large_file_that_is_refused_is_kept_whole(self, drop_site: DropSite) -> None:
        content = b"<html>" + BIG * 6  # more than is copied at one go
        drop_site.incoming.set_aside(drop_site.dropped("incoming/a/b/c.pdf", content), WHY)
        assert drop_site.dropper.content("refused/a/b/c.pdf") == content

    def test_setting_aside_twice_is_once(self, drop_site: DropSite) -> None:
        lying = drop_site.dropped("incoming/a/b/c.pdf", b"<html>")
        drop_site.incoming.set_aside(lying, WHY)
        drop_site.incoming.set_aside(lying, WHY)
        assert drop_site.dropper.seen() == ["refused/a/b/c.pdf", "refused/a/b/c.pdf.why.json"]

    def test_what_is_refused_under_a_name_that_was_used_before_is_kept_beside_it(self, drop_site: DropSite) -> None:
        for content in (b"<html>1", b"<html>2", b"<html>3"):
            drop_site.incoming.set_aside(drop_site.dropped("incoming/a/b/c.pdf", content), WHY)
        kept = [key for key in drop_site.dropper.seen() if not key.endswith(".why.json")]
        assert kept == ["refused/a/b/c-2.pdf", "refused/a/b/c-3.pdf", "refused/a/b/c.pdf"]
        assert {drop_site.dropper.content(key) for key in kept} == {b"<html>1", b"<html>2", b"<html>3"}

    def test_a_setting_aside_that_was_cut_short_is_taken_up(self, drop_site: DropSite) -> None:
        lying = drop_site.dropped("incoming/a/b/c.pdf", b"<html>")
        drop_site.dropper.drop("refused/a/b/c.pdf", b"<html>")  # copied, and no more
        drop_site.incoming.set_aside(lying, WHY)
        assert drop_site.dropper.seen() == ["refused/a/b/c.pdf", "refused/a/b/c.pdf.why.json"]
        assert drop_site.dropper.content("refused/a/b/c.pdf") == b"<html>"

    def test_a_strangers_note_is_not_taken_for_ours(self, drop_site: DropSite) -> None:
        for note in (b"", b"no json", b"[]", b'{"key": 1}'):
            drop_site.dropper.drop("refused/a/b/c.pdf.why.json", note)
            drop_site.dropper.drop("refused/a/b/c.pdf", b"theirs")
            drop_site.incoming.set_aside(drop_site.dropped("incoming/a/b/c.pdf", b"ours" + note), WHY)
            assert drop_site.dropper.content("refused/a/b/c.pdf") == b"theirs"

    def test_a_path_never_leaves_the_place(self, drop_site: DropSite) -> None:
        for key in ("incoming/../x", "../x", "incoming/./a", "/etc/passwd", "incoming//a"):
            try:
                found = drop_site.incoming.look(key)
            except (KeyMissing, ValueError):
                continue
            assert found is None
