"""The API key for Elasticsearch: made once, for our own indexes alone, and kept as long as it is accepted."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.make_keys import main
from tests.deploy.elastic_double import GuardedElastic, guarded_elastic


@pytest.fixture
def elastic(monkeypatch: pytest.MonkeyPatch) -> Iterator[GuardedElastic]:
    with guarded_elastic("hush") as double:
        monkeypatch.setenv("SOHOA_ELASTIC_URL", double.url)
        monkeypatch.setenv("SOHOA_ELASTIC_NAME", "kho")
        yield double


def make_key(folder: Path, password: str = "hush") -> str:
    (folder / "admin").write_text(f"{password}\n")
    main(["--elastic-admin", str(folder / "admin"), "--elastic-key", str(folder / "key"), "--wait-seconds", "0.2"])
    return (folder / "key").read_text().strip()


def test_a_key_is_made_and_can_be_read_by_its_owner_alone(elastic: GuardedElastic, tmp_path: Path) -> None:
    assert make_key(tmp_path) in elastic.valid
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o400


def test_the_key_is_for_our_own_indexes_alone(elastic: GuardedElastic, tmp_path: Path) -> None:
    make_key(tmp_path)
    [wanted] = elastic.asked
    [role] = wanted["role_descriptors"].values()
    assert role == {"cluster": ["monitor"], "indices": [{"names": ["kho", "kho-*"], "privileges": ["all"]}]}


def test_a_key_that_is_accepted_is_kept(elastic: GuardedElastic, tmp_path: Path) -> None:
    assert make_key(tmp_path) == make_key(tmp_path)
    assert len(elastic.asked) == 1


def test_a_key_that_is_refused_is_made_anew(elastic: GuardedElastic, tmp_path: Path) -> None:
    first = make_key(tmp_path)
    elastic.valid.clear()
    assert make_key(tmp_path) != first


def test_a_wrong_password_is_told_at_once_and_no_key_is_left(elastic: GuardedElastic, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"elastic: .*401"):
        make_key(tmp_path, "wrong")
    assert not (tmp_path / "key").exists()


def test_a_server_that_does_not_come_up_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("SOHOA_ELASTIC_URL", f"http://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(SystemExit, match="not reached"):
            make_key(tmp_path)
