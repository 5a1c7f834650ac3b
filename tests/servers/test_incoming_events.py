"""Told by a real MinIO: what is dropped is taken at once; what was not heard is taken by the listing, and heard later does no harm.

MinIO tells one port of this machine: whatever listens there is tested in this file, one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest

from pipeline.adapters.minio_connection import S3Place
from pipeline.adapters.minio_incoming import MinioIncoming, create_minio_incoming
from pipeline.custody.incoming.notifications import keys_of_notification
from tests.cli.command import sohoa, start_sohoa
from tests.contracts.dropped import BATCH, GARBAGE, KEY, contents, counts, is_closed, received
from tests.contracts.incoming_contract import HARD_NAMES
from tests.custody.doubles import PDF, Office
from tests.custody.incoming_doubles import desk_of, one_pass
from tests.programs import wait_until
from tests.servers.conftest import Access, server
from tests.servers.test_minio_incoming import BucketDropper
from tests.servers.test_minio_store import client, emptied, new_place
from workers.taker import Taker


@dataclass
class Receiver:
    """What hears MinIO: passes bodies on to the taker of one bucket, and answers as it is told to."""

    taker: Taker
    bucket: str
    busy: bool = False
    keys: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)

    def heard(self, token: str, body: bytes) -> int:
        self.tokens.add(token)
        if self.busy:
            return 503
        self.keys += keys_of_notification(body, self.bucket)
        return 200 if self.taker.notified(body) else 503


class _Hook(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response_only(self.receiver.heard(self.headers.get("Authorization", ""), body))
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def place(minio_access: Access, events_arn: str) -> Iterator[S3Place]:
    place = new_place(minio_access)
    create_minio_incoming(place, events_arn)
    yield place
    emptied(minio_access, place.bucket)


@pytest.fixture
def dropper(minio_access: Access, place: S3Place) -> BucketDropper:
    return BucketDropper(client(minio_access), place.bucket)


@contextmanager
def listening(office: Office, place: S3Place, *, room: int = 1000) -> Iterator[Receiver]:
    """On the one port that this MinIO tells."""
    taker = Taker(desk_of(office.custody, MinioIncoming(place)), place.bucket, room=room, rest_seconds=0.1, settle_seconds=0.1)
    receiver = Receiver(taker, place.bucket)
    port = urlsplit(server("minio")["hook_url"]).port or 0
    hook = ThreadingHTTPServer(("127.0.0.1", port), type("Hook", (_Hook,), {"receiver": receiver}))
    hook.daemon_threads = True
    Thread(target=hook.serve_forever, daemon=True).start()
    try:
        with taker:
            yield receiver
    finally:
        hook.shutdown()
        hook.server_close()


def test_what_is_dropped_is_told_and_taken_without_a_listing(office: Office, place: S3Place, dropper: BucketDropper) -> None:
    keys = [f"{BATCH}/{name}" for name in HARD_NAMES]
    with listening(office, place) as receiver:
        for key in keys:
            dropper.drop(key, PDF + key.encode())
        wait_until(lambda: dropper.seen() == [])
        assert sorted(set(receiver.keys)) == sorted(keys)
        assert receiver.tokens == {f"Bearer {server('minio')['hook_token']}"}
    assert contents(office) == {PDF + key.encode() for key in keys}
    assert received(office) == len(keys)


def test_a_batch_is_taken_closed_and_its_refused_file_set_aside_as_it_is_told_of(
    office: Office, place: S3Place, dropper: BucketDropper
) -> None:
    with listening(office, place) as receiver:
        dropper.drop(KEY, PDF)
        dropper.drop(f"{BATCH}/bad.pdf", GARBAGE)
        dropper.drop(f"{BATCH}/batch.json", b'{"declared": 2}')
        wait_until(lambda: is_closed(office) and received(office) == 2)
        wait_until(lambda: dropper.seen() == ["refused/xa-a/Đợt 1/bad.pdf", "refused/xa-a/Đợt 1/bad.pdf.why.json"])
        assert all(key.startswith("incoming/") for key in receiver.keys)
    assert is_closed(office)
    assert (received(office), counts(office).rejected) == (2, 1)
    assert dropper.seen() == ["refused/xa-a/Đợt 1/bad.pdf", "refused/xa-a/Đợt 1/bad.pdf.why.json"]


def test_what_nobody_heard_is_taken_by_the_listing_and_heard_later_does_no_harm(
    office: Office, place: S3Place, dropper: BucketDropper
) -> None:
    keys = [f"{BATCH}/{number}.pdf" for number in range(5)]
    for key in keys:
        dropper.drop(key, PDF + key.encode())
    one_pass(desk_of(office.custody, MinioIncoming(place)))
    assert received(office) == 5
    with listening(office, place) as receiver:
        wait_until(lambda: set(keys) <= set(receiver.keys))
        assert set(keys) <= set(receiver.keys), "the server kept what it could not tell"
        wait_until(lambda: receiver.taker.waiting() == 0)
    assert received(office) == 5
    assert dropper.seen() == []


def test_what_finds_no_room_is_told_again(office: Office, place: S3Place, dropper: BucketDropper) -> None:
    with listening(office, place) as receiver:
        receiver.busy = True
        dropper.drop(KEY, PDF)
        wait_until(lambda: receiver.tokens)
        assert received(office) == 0
        receiver.busy = False
        wait_until(lambda: dropper.seen() == [])
    assert received(office) == 1


def test_what_is_written_over_at_once_is_taken_in_both_versions(office: Office, place: S3Place, dropper: BucketDropper) -> None:
    with listening(office, place):
        for content in (PDF + b"first", PDF + b"second"):
            dropper.drop(KEY, content)
        wait_until(lambda: dropper.versions(KEY) == [])
    assert contents(office) == {PDF + b"first", PDF + b"second"}
    assert received(office) == 2


def test_serve_hears_it_and_takes_it(
    place: S3Place, dropper: BucketDropper, minio_access: Access, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = server("minio")
    for variable, value in {
        "HOME": str(tmp_path / "home"),
        "MIN_FREE_DISK_MB": "1",
        "INCOMING_BUCKET": place.bucket,
        "INCOMING_ENDPOINT": minio_access.endpoint,
        "INCOMING_TOKEN": told["hook_token"],
        "S3_ACCESS_KEY": minio_access.access_key,
        "S3_SECRET_KEY": minio_access.secret_key,
        "S3_SECURE": "false",
    }.items():
        monkeypatch.setenv(f"SOHOA_{variable}", value)
    sohoa("init")
    aside = ["refused/xa-a/Đợt 1/bad.pdf", "refused/xa-a/Đợt 1/bad.pdf.why.json"]
    with start_sohoa("serve", "--address", urlsplit(told["hook_url"]).netloc, cwd=tmp_path) as program:
        dropper.drop(KEY, PDF)
        dropper.drop(f"{BATCH}/bad.pdf", GARBAGE)
        dropper.drop(f"{BATCH}/batch.json", b'{"declared": 2}')
        wait_until(lambda: dropper.seen() == aside or program.poll() is not None, 60)
        program.terminate()
        program.wait(30)
    assert dropper.seen() == aside
    (line,) = sohoa("status", "--json").json["by_batch"]
    assert {term: line[term] for term in ("batch", "declared", "received", "pending", "rejected")} == {
        "batch": "Đợt 1",
        "declared": 2,
        "received": 2,
        "pending": 1,
        "rejected": 1,
    }
