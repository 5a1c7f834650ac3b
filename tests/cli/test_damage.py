"""An original deleted or overwritten behind our back: fixity raises the alarm, and whoever sees the record is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.command import blank_scan, sohoa


@pytest.fixture
def record_id(home: Path, tmp_path: Path) -> str:
    """One of two records that were read; a backup has both."""
    sohoa("init")
    found = sohoa("ingest", blank_scan(tmp_path / "a.png"), blank_scan(tmp_path / "b.png", 250), "--json").json["files"]
    sohoa("work", "--once")
    sohoa("backup", tmp_path / "copy")
    return str(found[0]["record_id"])


def _overwrite(file: Path) -> None:
    file.chmod(0o644)
    file.write_bytes(b"something else")


@pytest.mark.parametrize(("harm", "code"), [(Path.unlink, "MISSING"), (_overwrite, "CHANGED")])
def test_the_record_is_marked_wherever_it_is_shown_until_it_is_mended(
    record_id: str, tmp_path: Path, harm: Callable[[Path], None], code: str
) -> None:
    original = Path(sohoa("open", record_id, "--json").json["original"])
    key = f"originals/{original.parent.name}/{original.name}"
    harm(original)
    assert "hỏng trong kho" not in sohoa("search").out, "nobody knows yet"
    alarm = sohoa("fixity")
    assert (alarm.code, alarm.complaints) == (3, {f"{record_id} {key}": code})

    assert sohoa("search").out.count("[hỏng trong kho]") == 2, "at the hit, and below with what it means"
    damaged = {hit["record_id"]: hit["damaged"] for hit in sohoa("search", "--json").json["hits"]}
    assert [one for one, is_damaged in damaged.items() if is_damaged] == [record_id]
    assert key in sohoa("show", record_id).out
    assert "sohoa restore" in sohoa("show", record_id).out
    assert sohoa("show", record_id, "--json").json["damaged"] == [{"key": key, "code": code}]

    assert sohoa("restore", tmp_path / "copy").code == 0
    assert sohoa("fixity").code == 0
    for answer in (sohoa("search"), sohoa("show", record_id), sohoa("open", record_id)):
        assert "hỏng" not in answer.out.lower()
    assert sohoa("show", record_id, "--json").json["damaged"] == []


def test_a_result_that_has_changed_is_not_shown_as_if_it_had_been_read_so(record_id: str, home: Path) -> None:
    [file] = (home / "store" / "objects" / "files" / record_id[:2] / record_id).glob("*/record.json")
    content = file.read_bytes()
    file.chmod(0o644)
    for harm in (content.replace(b"1", b"2"), b"{"):
        file.write_bytes(harm)
        for command in (("show", record_id), ("show", record_id, "--json")):
            assert sohoa(*command).complaints == {"sohoa": "DIGEST_MISMATCH"}
