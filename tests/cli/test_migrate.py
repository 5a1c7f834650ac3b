"""`sohoa migrate` between two folders: what a clerk is told, and what the two homes can be used for afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.adapters.directory_store import DirectoryStore
from pipeline.adapters.file_lock import FileLock
from pipeline.custody import records
from pipeline.custody.shapes import is_object
from samples import draw_sample
from tests.bad_inputs import pdf_with_password
from tests.cli.command import Answer, blank_scan, sohoa

At = Callable[[str], None]


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> At:
    """Go to work at the old home, or at the new one."""
    for place in ("old", "new"):
        settings = f"# {place}\nSOHOA_HOME={tmp_path / place}\nSOHOA_MIN_FREE_DISK_MB=1\n"
        (tmp_path / f"{place}.env").write_text(settings, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def go(place: str) -> None:
        monkeypatch.setenv("SOHOA_HOME", str(tmp_path / place))

    go("old")
    return go


@pytest.fixture(scope="module")
def read_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three files are read, one cannot be, one waits, one was refused. Made once, since reading takes its time."""
    base = tmp_path_factory.mktemp("office")
    scans = base / "scans"
    scans.mkdir()
    for number in (1, 6):
        sample = draw_sample(30, number, "none")
        (scans / f"{number}{sample.suffix}").write_bytes(sample.content)
    blank_scan(scans / "blank.png")
    (scans / "locked.pdf").write_bytes(pdf_with_password())
    (scans / "empty.pdf").write_bytes(b"")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SOHOA_HOME", str(base / "home"))
        environment.setenv("SOHOA_MIN_FREE_DISK_MB", "1")
        sohoa("init")
        sohoa("ingest", scans, "--batch", "Đợt 1")
        sohoa("work", "--once")
        sohoa("ingest", blank_scan(base / "late.png", 250))
    return base / "home"


@pytest.fixture
def scans(read_home: Path, at: At, tmp_path: Path) -> Path:
    """A home of one's own, and a folder with one more scan."""
    shutil.copytree(read_home, tmp_path / "old")
    return blank_scan(tmp_path / "scans" / "more.png", 230).parent


def objects_in(home: Path) -> dict[str, bytes]:
    store = DirectoryStore(home / "store")
    return {key: store.get(key) for key in store.list_after("") if is_object(key)}


def everything() -> tuple[str, list[str]]:
    """What the home in use says of itself: its counts, and what is found for some questions."""
    questions = ("", "quyet dinh", "Quyết định", "uy ban nhan dan", "2024")
    return sohoa("status", "--json").out, [sohoa("search", question, "--json").out for question in questions]


def _checked(answer: Answer, code: int, complaints: dict[str, str]) -> None:
    assert (answer.code, answer.complaints) == (code, complaints), answer.err


def test_the_new_home_is_the_old_one_and_nothing_was_read_again(scans: Path, at: At, tmp_path: Path) -> None:
    before, objects = everything(), objects_in(tmp_path / "old")
    answer = sohoa("migrate", "--to", "new.env", "--verify")
    _checked(answer, 0, {})
    assert f"Đã chép {len(objects)} đối tượng, 0 đã có từ trước." in answer.out
    assert "mọi mã băm đều khớp" in answer.out
    assert "Đang chờ đọc ở nơi mới: 1 hồ sơ." in answer.out
    at("new")
    assert everything() == before
    assert objects_in(tmp_path / "new") == objects
    assert sohoa("fixity").code == 0
    assert sohoa("work", "--once").out.startswith("Đã đọc xong 1 hồ sơ, 0 hồ sơ bị cách ly.")


def test_the_old_home_can_be_read_and_takes_nothing_in(scans: Path, at: At, tmp_path: Path) -> None:
    sohoa("migrate", "--to", "new.env")
    record_id = sohoa("search", "", "--json").json["hits"][0]["record_id"]
    before = objects_in(tmp_path / "old")
    for command in (
        ("ingest", scans),
        ("watch", scans),
        ("work", "--once"),
        ("reread", record_id),
        ("retry", "--all"),
        ("reconcile",),
    ):
        _checked(sohoa(*command), 4, {"sohoa": "HOME_MOVED"})
    assert str(tmp_path / "new") in sohoa("work").err
    assert objects_in(tmp_path / "old") == before
    for command in (("status",), ("search", "quyet dinh"), ("show", record_id), ("backup", tmp_path / "copy"), ("fixity",)):
        assert sohoa(*command).code == 0


def test_there_and_back_again(scans: Path, at: At, tmp_path: Path) -> None:
    sohoa("migrate", "--to", "new.env")
    at("new")
    sohoa("work", "--once")
    sohoa("ingest", blank_scan(tmp_path / "later.png", 240))
    before, objects = everything(), objects_in(tmp_path / "new")
    _checked(sohoa("migrate", "--to", "old.env"), 0, {})
    _checked(sohoa("work", "--once"), 4, {"sohoa": "HOME_MOVED"})
    at("old")
    assert everything() == before
    assert objects_in(tmp_path / "old") == objects
    assert sohoa("work", "--once").code == 0


def test_a_dry_look_tells_how_much_there_is_and_makes_nothing(scans: Path, tmp_path: Path) -> None:
    objects = objects_in(tmp_path / "old")
    answer = sohoa("migrate", "--to", "new.env", "--dry-run")
    assert f"Có {len(objects)} đối tượng" in answer.out
    found = sohoa("migrate", "--to", "new.env", "--dry-run", "--json").json
    assert found["lacking"] == found["objects"] == len(objects)
    assert found["size_bytes"] >= sum(map(len, objects.values()))
    assert found["free_bytes"] > 0
    assert not (tmp_path / "new").exists()
    assert sohoa("work", "--once").code == 0
    sohoa("migrate", "--to", "new.env")
    assert sohoa("migrate", "--to", "new.env", "--dry-run").out.startswith("Kho này đã được chuyển xong")


def test_told_for_programs_it_is_one_document(scans: Path, tmp_path: Path) -> None:
    told = sohoa("migrate", "--to", "new.env", "--json").json
    assert (told["copied"], told["kept"], told["faults"]) == (len(objects_in(tmp_path / "old")), 0, [])
    assert (told["complete"], told["records"], told["pending"]) == (True, 3, 1)
    assert told["to"] == str(tmp_path / "new")
    again = sohoa("migrate", "--to", "new.env", "--json", "--verify").json
    assert (again["copied"], again["faults"], again["complete"]) == (0, [], True)


def test_a_damaged_original_keeps_the_move_from_being_complete(scans: Path, at: At, tmp_path: Path) -> None:
    rotten = min((tmp_path / "old" / "store" / "objects" / "originals").glob("*/*"))
    rotten.chmod(0o644)
    rotten.write_bytes(rotten.read_bytes()[:-1] + b"?")
    key = f"{records.ORIGINALS}{rotten.parent.name}/{rotten.name}"
    answer = sohoa("migrate", "--to", "new.env")
    _checked(answer, 3, {key: "CHANGED"})
    assert "Chưa chuyển xong: 1 đối tượng có vấn đề." in answer.out
    _checked(sohoa("work", "--once"), 4, {"sohoa": "HOME_MOVING"})
    at("new")
    _checked(sohoa("work", "--once"), 4, {"sohoa": "HOME_INCOMPLETE"})
    at("old")
    again = sohoa("migrate", "--to", "new.env", "--leave-damaged")
    _checked(again, 3, {key: "CHANGED"})
    assert "Đã chép 0 đối tượng" in again.out
    at("new")
    assert set(sohoa("fixity").complaints.values()) == {"MISSING"}
    assert sohoa("status").code == sohoa("work", "--once").code == 0


def test_a_move_that_is_given_up_leaves_the_old_home_as_it_was(scans: Path, at: At, tmp_path: Path) -> None:
    before = objects_in(tmp_path / "old")
    rotten = min((tmp_path / "old" / "store" / "objects" / "originals").glob("*/*"))
    content = rotten.read_bytes()
    rotten.chmod(0o644)
    rotten.write_bytes(b"?")
    sohoa("migrate", "--to", "new.env")
    answer = sohoa("migrate", "--reopen")
    assert (answer.code, str(tmp_path / "new") in answer.out) == (0, True)
    rotten.write_bytes(content)
    assert objects_in(tmp_path / "old") == before
    assert sohoa("work", "--once").code == 0
    assert "không có gì để mở lại" in sohoa("migrate", "--reopen").out


@pytest.mark.parametrize("place", ["old", "new"])
def test_nothing_moves_while_a_worker_is_at_it(scans: Path, at: At, tmp_path: Path, place: str) -> None:
    at(place)
    sohoa("init")
    at("old")
    with FileLock(tmp_path / place / "work.lock").exclusive():
        _checked(sohoa("migrate", "--to", "new.env"), 4, {"sohoa": "HOME_LOCKED"})
    assert sohoa("work", "--once").code == 0


def test_a_disk_that_is_too_small_is_told_before_anything_is_written(scans: Path, tmp_path: Path) -> None:
    (tmp_path / "new.env").write_text(f"SOHOA_HOME={tmp_path / 'new'}\nSOHOA_MIN_FREE_DISK_MB=1000000\n")
    _checked(sohoa("migrate", "--to", "new.env"), 4, {"sohoa": "DISK_FULL"})
    assert not (tmp_path / "new").exists()
    assert sohoa("work", "--once").code == 0


def test_another_home_is_not_moved_into(scans: Path, at: At, tmp_path: Path) -> None:
    at("new")
    sohoa("init")
    sohoa("ingest", blank_scan(tmp_path / "mine.png", 244))
    at("old")
    _checked(sohoa("migrate", "--to", "new.env"), 2, {"sohoa": "OTHER_HOME"})
    for place in ("old", "new"):
        at(place)
        assert sohoa("work", "--once").code == 0


@pytest.mark.parametrize("place", ["old", "old/store", "old/deeper", "."])
def test_a_home_does_not_move_into_itself(scans: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / "new.env").write_text(f"SOHOA_HOME={tmp_path / place}\n")
    _checked(sohoa("migrate", "--to", "new.env"), 2, {"sohoa": "USAGE"})
    assert sohoa("work", "--once").code == 0


def test_a_wish_that_is_none_is_refused(at: At, tmp_path: Path) -> None:
    sohoa("init")
    _checked(sohoa("migrate"), 2, {"sohoa": "USAGE"})
    _checked(sohoa("migrate", "--to", "new.env", "--reopen"), 2, {"sohoa": "USAGE"})
    _checked(sohoa("migrate", "--to", "nowhere.env"), 2, {"sohoa": "BAD_SETTING"})
