"""The door at which an object store announces what was dropped."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from fastapi.testclient import TestClient

from pipeline.custody.indexing import Indexing
from pipeline.errors import BadName
from tests.custody.doubles import Office
from web.app import Services, create_app
from web.incoming import MAX_BYTES, Door

TOKEN = "a-long-secret"


@dataclass
class Ear:
    """Who is told of notifications."""

    heard: list[bytes] = field(default_factory=list)
    room: bool = True

    def notified(self, body: bytes) -> bool:
        if body == b"nonsense":
            raise BadName("nonsense")
        if self.room:
            self.heard.append(body)
        return self.room


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def door(office: Office, ear: Ear) -> TestClient:
    services = Services(office.custody, Indexing(office.index, office.indexing.make_entry), Door(TOKEN, ear.notified))
    return TestClient(create_app(services), headers={"Authorization": f"Bearer {TOKEN}"})


def test_what_is_announced_is_heard(door: TestClient, ear: Ear) -> None:
    assert door.post("/hooks/incoming", content=b"{}").status_code == 204
    assert ear.heard == [b"{}"]


@pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer wrong", "wrong", "Basic YTpi", f"Bearer {TOKEN}x", "Bearer đ"])
def test_who_does_not_show_the_token_is_not_heard(door: TestClient, ear: Ear, shown: str) -> None:
    answer = door.post("/hooks/incoming", content=b"{}", headers={b"Authorization": shown.encode()})
    assert (answer.status_code, answer.json()) == (401, {"code": "NOT_ALLOWED"})
    assert ear.heard == []


def test_a_token_without_its_word_is_shown_too(door: TestClient) -> None:
    assert door.post("/hooks/incoming", content=b"{}", headers={"Authorization": TOKEN}).status_code == 204


def test_what_cannot_be_heard_now_is_to_be_sent_again(door: TestClient, ear: Ear) -> None:
    ear.room = False
    answer = door.post("/hooks/incoming", content=b"{}")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")


def test_what_is_no_notification_is_refused(door: TestClient) -> None:
    answer = door.post("/hooks/incoming", content=b"nonsense")
    assert (answer.status_code, answer.json()) == (400, {"code": "BAD_NAME"})


def test_a_body_without_end_is_not_read_to_it(door: TestClient, ear: Ear) -> None:
    assert door.post("/hooks/incoming", content=b"x" * (MAX_BYTES + 1)).status_code == 413
    assert ear.heard == []


def test_where_nothing_comes_from_a_bucket_there_is_no_door(office: Office) -> None:
    closed = TestClient(create_app(Services(office.custody, office.indexing)))
    assert closed.post("/hooks/incoming", content=b"{}").status_code == 404


def test_an_empty_token_opens_nothing(office: Office, ear: Ear) -> None:
    asked = TestClient(create_app(Services(office.custody, office.indexing, Door("", ear.notified))))
    assert asked.post("/hooks/incoming", content=b"{}", headers={"Authorization": "Bearer "}).status_code == 401
