"""A store that is too busy, or full, in the middle of the work: it waits, charges nobody, and goes on by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pipeline.adapters.elastic_index import ElasticPlace
from pipeline.adapters.minio_connection import S3Place
from pipeline.adapters.minio_store import MinioStore, create_minio_store
from pipeline.custody import records
from pipeline.custody.documents import Outcome
from pipeline.custody.status import status
from tests.cli.command import blank_scan, sohoa
from tests.custody.small_disk import small_disk
from tests.programs import wait_until
from tests.servers.buckets import emptied_bucket
from tests.servers.conftest import own_database
from tests.servers.province import Province, new_province
from tests.servers.s3_doubles import FOR_EVER, BadLine, bad_line
from tests.servers.test_faults_crash import check_all_done_once, settled
from tools.servers import catalogue
from tools.servers.running import stop

LONG = [pytest.mark.slow_servers, pytest.mark.timeout(600)]


@pytest.fixture
def line(bucket: S3Place) -> Iterator[tuple[S3Place, BadLine]]:
    """The bucket as it is seen through a line that is good at first."""
    with bad_line(bucket.endpoint, "busy") as (endpoint, found):
        yield replace(bucket, endpoint=endpoint), found


@pytest.fixture
def far(
    tmp_path: Path, redis_url: str, line: tuple[S3Place, BadLine], search_place: ElasticPlace, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Province]:
    """A province whose workers, and all else, reach the store through the line."""
    database = f"{redis_url.rsplit('/', 1)[0]}/{own_database()}"
    with new_province(tmp_path, database, line[0], search_place, monkeypatch.setenv) as province:
        yield province
        line[1].times = 0


def ends(province: Province, ids: list[str]) -> set[Outcome]:
    return {end.outcome for record_id in ids for end in province.history(record_id).ended.values()}


def done_through(line: BadLine, province: Province, count: int, seconds: float) -> None:
    """The work, with the fault of the line in the middle of it for so long, until all is done."""
    with province.crew(processes=2, keep=province.keeper().keep):
        wait_until(lambda: province.done() >= 2, seconds=60)
        line.times = FOR_EVER
        time.sleep(seconds)
        line.times = 0
        wait_until(lambda: settled(province, count), seconds=120)


@pytest.mark.parametrize("seconds", [8, pytest.param(20, marks=LONG), pytest.param(120, marks=LONG)])
def test_a_store_that_says_slow_down_for_a_while_is_waited_for_and_charges_no_try(
    far: Province, line: tuple[S3Place, BadLine], seconds: float
) -> None:
    """For the workers, whose minutes are seconds, two hours at the most: long enough to be taken for dead by each other."""
    ids = [far.bring("ok", "ok", name=f"{number}") for number in range(12)]
    done_through(line[1], far, 12, seconds)
    check_all_done_once(far, ids)
    assert ends(far, ids) <= {Outcome.GIVEN_BACK}


@pytest.mark.parametrize("fault", ["full", pytest.param("quota", marks=LONG), pytest.param("no-room", marks=LONG)])
def test_work_that_finds_the_bucket_full_is_parked_uncharged_and_goes_on_when_there_is_room(
    far: Province, line: tuple[S3Place, BadLine], fault: str
) -> None:
    ids = [far.bring("ok", "ok", name=f"{number}") for number in range(8)]
    line[1].fault = fault
    done_through(line[1], far, 8, 6)
    check_all_done_once(far, ids)
    assert ends(far, ids) <= {Outcome.GIVEN_BACK}


# --- handing over to a bucket that is full ------------------------------------------------------------------------------------


def settle_in(place: S3Place, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine's settings for a home in the bucket."""
    settings = {
        "HOME": str(folder),
        "S3_ENDPOINT": place.endpoint,
        "S3_BUCKET": place.bucket,
        "S3_ACCESS_KEY": place.access_key,
        "S3_SECRET_KEY": place.secret_key,
        "S3_SECURE": "false",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"SOHOA_{name}", value)
    assert sohoa("init").code == 0


@pytest.mark.parametrize("kind", ["originals", "content", "manifests", "arrivals"])
@pytest.mark.parametrize("fault", ["full", "quota"])
def test_a_full_bucket_is_told_with_what_to_do_and_the_same_command_goes_on_when_there_is_room(
    bucket: S3Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, kind: str
) -> None:
    """Two of five files are taken, the third finds no room for one of its objects."""
    for number in range(5):
        blank_scan(tmp_path / "scans" / f"{number}.png", 200 + number)
    hand_over = ("ingest", tmp_path / "scans", "--batch", "b", "--declared", "5")
    with bad_line(bucket.endpoint, fault, under=f"{bucket.bucket}/{kind}", spared=2) as (endpoint, line):
        settle_in(replace(bucket, endpoint=endpoint), tmp_path / "home", monkeypatch)
        line.times = FOR_EVER
        refused = sohoa(*hand_over)
        assert (refused.code, refused.complaints) == (4, {"sohoa": "DISK_FULL"})
        assert (
            "Kho lưu trữ (bucket S3) đã đầy hoặc hết hạn mức. Tăng dung lượng hoặc hạn mức của bucket rồi chạy lại" in refused.err
        )
        assert refused.out.count("đã nhận") == 2
        counts = status(MinioStore(bucket)).total
        assert (counts.received, counts.pending) == (2, 2)
        line.times = 0
        assert sohoa(*hand_over).code == 0
    counts = status(MinioStore(bucket)).total
    assert (counts.received, counts.pending) == (5, 5)
    assert len(list(MinioStore(bucket).list_after(records.ORIGINALS))) == 5
    emptied_bucket(bucket)


@dataclass
class SmallServer:
    """A MinIO of its own on a disk of its own, which a test may fill."""

    place: S3Place
    disk: Path

    def fill(self) -> None:
        with suppress(OSError), (self.disk / "ballast").open("wb", buffering=0) as ballast:
            while ballast.write(bytes(100_000)):
                pass

    def make_room(self) -> None:
        (self.disk / "ballast").unlink()


@pytest.fixture
def small(bucket: S3Place) -> Iterator[SmallServer]:
    """Where a MinIO runs there is a program to start another with."""
    with small_disk(60) as disk:
        folder = disk / "minio"
        folder.mkdir()
        try:
            told = catalogue.minio(folder)
            yield SmallServer(S3Place(told["endpoint"], bucket.bucket, told["access_key"], told["secret_key"]), disk)
        finally:
            stop(folder, at_once=True)


def test_a_server_whose_disk_is_really_full_takes_nothing_half_and_all_when_there_is_room(
    small: SmallServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle_in(small.place, tmp_path / "home", monkeypatch)
    first = blank_scan(tmp_path / "scans" / "1.png", 201)
    assert sohoa("ingest", first, "--batch", "b").code == 0
    small.fill()
    second = blank_scan(tmp_path / "scans" / "2.png", 202)
    wait_until(lambda: sohoa("ingest", second, "--batch", "b").code == 4)  # MinIO looks at its disk now and then
    refused = sohoa("ingest", second, "--batch", "b")
    assert (refused.code, refused.complaints) == (4, {"sohoa": "DISK_FULL"})
    small.make_room()
    wait_until(lambda: sohoa("ingest", second, "--batch", "b").code == 0)
    store = MinioStore(small.place)
    assert len(list(store.list_after(records.ORIGINALS))) == len(list(store.list_after(records.MANIFESTS))) == 2
    assert status(store).total.adds_up


def test_work_on_a_server_whose_disk_is_really_full_waits_uncharged_and_goes_on_when_there_is_room(
    small: SmallServer, tmp_path: Path, redis_url: str, search_place: ElasticPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_minio_store(small.place)
    database = f"{redis_url.rsplit('/', 1)[0]}/{own_database()}"
    with new_province(tmp_path, database, small.place, search_place, monkeypatch.setenv) as province:
        ids = [province.bring("ok", "ok", name=f"{number}") for number in range(8)]
        with province.crew(processes=2, keep=province.keeper().keep):
            wait_until(lambda: province.done() >= 2, seconds=60)
            small.fill()
            time.sleep(6)
            small.make_room()
            wait_until(lambda: settled(province, 8), seconds=120)
        check_all_done_once(province, ids)
        assert ends(province, ids) <= {Outcome.GIVEN_BACK}
