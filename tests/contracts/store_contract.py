"""What every Store promises. An adapter's test class inherits StoreContract and gives it the fixture `store`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline.errors import BadName, KeyExists, KeyMissing
from pipeline.ports import Store

BIG = bytes(range(256)) * 20_000
"""Five megabytes: more than any buffer on the way."""


class StoreContract:
    def test_what_was_put_is_read_back_whole(self, store: Store) -> None:
        store.put_new("a/b/c.json", b"\x00\xffbytes")
        assert store.get("a/b/c.json") == b"\x00\xffbytes"

    def test_an_object_may_be_empty(self, store: Store) -> None:
        store.put_new("empty", b"")
        assert store.get("empty") == b""

    def test_a_large_object_comes_from_a_file_and_is_read_as_a_stream(self, store: Store, tmp_path: Path) -> None:
        (tmp_path / "scan").write_bytes(BIG)
        store.put_new("originals/scan", tmp_path / "scan")
        with store.open("originals/scan") as stream:
            assert stream.read(10) == BIG[:10]
            assert stream.read() == BIG[10:]
        assert (tmp_path / "scan").read_bytes() == BIG

    def test_an_existing_key_is_refused_and_keeps_its_bytes(self, store: Store) -> None:
        store.put_new("once", b"first")
        with pytest.raises(KeyExists):
            store.put_new("once", b"second")
        assert store.get("once") == b"first"

    def test_of_many_who_put_one_key_at_once_exactly_one_wins(self, store: Store) -> None:
        def put(key: str, content: bytes) -> bool:
            try:
                store.put_new(key, content)
            except KeyExists:
                return False
            return True

        with ThreadPoolExecutor(8) as threads:
            for turn in range(20):
                offers = [b"%d" % number for number in range(8)]
                won = list(threads.map(put, [f"race/{turn}"] * 8, offers))
                assert sum(won) == 1
                assert store.get(f"race/{turn}") == offers[won.index(True)]

    def test_what_is_erased_is_neither_listed_nor_read_and_nothing_else_goes(self, store: Store) -> None:
        for key in ("files/a/1", "files/a/2/x", "files/ab", "originals/a"):
            store.put_new(key, b"bytes")
        for _ in range(2):  # twice is once
            assert all(one.key.startswith("files/a/") for one in store.erase("files/a/"))
            assert list(store.list_after("files/")) == ["files/ab"]
            with pytest.raises(KeyMissing):
                store.get("files/a/1")
        assert store.get("originals/a") == b"bytes"
        assert store.erase("nowhere/") == []

    def test_a_missing_key_is_missing_however_it_is_asked_for(self, store: Store) -> None:
        store.put_new("there/too", b"")
        for key in ("nowhere", "there", "there/too/deep"):
            with pytest.raises(KeyMissing):
                store.get(key)
            with pytest.raises(KeyMissing):
                store.open(key)

    @pytest.mark.parametrize("key", ["", "/a", "a/", "a//b", "../a", "a/../b", "a/./b", ".hidden", "-rf"])
    @pytest.mark.parametrize("rest", ["", "/b\\c", "/a b", "/đơn", "/a\nb", "/a\0b", "/" + "k" * 300])
    def test_what_is_no_key_is_refused(self, store: Store, key: str, rest: str) -> None:
        key += rest
        with pytest.raises(BadName):
            store.put_new(key, b"")
        with pytest.raises(BadName):
            store.get(key)

    def test_keys_are_listed_in_the_order_of_whole_keys(self, store: Store) -> None:
        keys = ["a-b", "a.b", "a/x", "a/x-1", "a/x.1/y", "a0", "a0/z", "b/a/a", "b/a/b", "b/b"]
        for key in reversed(keys):
            if key != "a0":  # a key is never the beginning of another one's folder
                store.put_new(key, b"")
        expected = sorted(key for key in keys if key != "a0")
        assert list(store.list_after("")) == expected
        assert list(store.list_after("a")) == [key for key in expected if key.startswith("a")]
        assert list(store.list_after("a/x")) == ["a/x", "a/x-1", "a/x.1/y"]
        assert list(store.list_after("b/a/")) == ["b/a/a", "b/a/b"]

    def test_a_listing_is_resumed_after_any_key(self, store: Store) -> None:
        keys = [*(f"n/{number % 7}/{number:03d}" for number in range(50)), "n/6-x", "n/6.x"]
        for key in keys:
            store.put_new(key, b"")
        listed = list(store.list_after("n/"))
        assert listed == sorted(keys)
        for position, key in enumerate(listed):
            assert list(store.list_after("n/", key)) == listed[position + 1 :]
        assert list(store.list_after("n/", "n/3/0")) == [key for key in listed if key > "n/3/0"]

    def test_an_empty_listing_is_no_error(self, store: Store) -> None:
        assert list(store.list_after("nothing/here/")) == []

    def test_a_put_during_a_listing_neither_breaks_nor_repeats_it(self, store: Store) -> None:
        for number in range(5):
            store.put_new(f"l/{number}/a", b"")
        seen = []
        for key in store.list_after("l/"):
            seen.append(key)
            if key == "l/2/a":
                store.put_new("l/0/late", b"")
                store.put_new("l/4/late", b"")
        assert len(seen) == len(set(seen))
        assert {f"l/{number}/a" for number in range(5)} <= set(seen)
        assert "l/0/late" in set(store.list_after("l/"))

    def test_what_was_removed_is_gone_and_may_be_removed_again(self, store: Store) -> None:
        store.put_new("scratch/x", b"1")
        store.remove("scratch/x")
        store.remove("scratch/x")
        store.remove("never/was")
        with pytest.raises(KeyMissing):
            store.get("scratch/x")
        assert list(store.list_after("scratch/")) == []
        store.put_new("scratch/x", b"2")
        assert store.get("scratch/x") == b"2"
