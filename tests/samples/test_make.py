"""A folder of samples: the same for everybody, whole, and beside each scan what it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.errors import DiskFull, OutputUnusable, UsageError
from samples import Sample, draw_sample, draw_samples, make_samples


def _contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_a_sample_depends_on_seed_and_index_only_not_on_count_or_jobs(tmp_path: Path) -> None:
    make_samples(tmp_path / "three", count=3, seed=5)
    make_samples(tmp_path / "five", count=5, seed=5, jobs=2)
    three, five = _contents(tmp_path / "three"), _contents(tmp_path / "five")
    assert len(three) == 12
    assert len(five) == 20
    assert three.items() <= five.items()


def test_another_seed_gives_other_documents() -> None:
    assert draw_sample(1, 1, "none").transcript != draw_sample(2, 1, "none").transcript


def test_the_same_folder_again_holds_the_same_bytes(tmp_path: Path) -> None:
    make_samples(tmp_path, count=1, seed=8, degrade="dpi-100")
    first = _contents(tmp_path)
    make_samples(tmp_path, count=1, seed=8, degrade="dpi-100")
    assert _contents(tmp_path) == first


def test_transcript_fields_and_word_boxes_lie_beside_each_scan(tmp_path: Path) -> None:
    heard: list[Sample] = []
    made = make_samples(tmp_path, count=2, seed=3, degrade="dpi-150", on_sample=heard.append)
    assert heard == made
    for sample in made:
        assert sample.scan.is_file()
        truth = json.loads((tmp_path / f"{sample.name}.json").read_text(encoding="utf-8"))
        words = json.loads((tmp_path / f"{sample.name}.words.json").read_text(encoding="utf-8"))
        transcript = (tmp_path / f"{sample.name}.txt").read_text(encoding="utf-8")
        assert truth["file"] == sample.scan.name
        assert truth["type"] == sample.kind
        assert transcript.count("\f") + 1 == sample.pages == len(words["pages"]) == truth["fields"]["pageAmount"]


def test_samples_come_one_by_one_for_those_who_need_no_folder() -> None:
    stream = draw_samples(4, "dpi-100", first=2)
    assert [next(stream).name, next(stream).name] == [draw_sample(4, index, "dpi-100").name for index in (2, 3)]


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("--count", {"count": 0}),
        ("--count", {"count": 100_000}),
        ("--seed", {"seed": -1}),
        ("--degrade", {"degrade": "worst"}),
        ("--jobs", {"jobs": 0}),
    ],
)
def test_a_wrong_argument_is_named_before_anything_is_written(tmp_path: Path, name: str, wrong: dict[str, int | str]) -> None:
    with pytest.raises(UsageError, match=name):
        make_samples(**{"out": tmp_path / "out", "count": 1, "seed": 1} | wrong)  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()


def test_a_file_where_the_folder_should_be_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(OutputUnusable):
        make_samples(tmp_path / "out", count=1, seed=1)


def test_a_full_disk_is_said_to_be_full(tmp_path: Path) -> None:
    name = draw_sample(1, 1, "dpi-100").name
    (tmp_path / f"{name}.txt.part").symlink_to("/dev/full")
    with pytest.raises(DiskFull):
        make_samples(tmp_path, count=1, seed=1, degrade="dpi-100")


def test_a_helper_process_that_fails_hands_its_error_on(tmp_path: Path) -> None:
    name = draw_sample(1, 1, "dpi-100").name
    (tmp_path / f"{name}.txt.part").symlink_to("/dev/full")
    with pytest.raises(DiskFull):
        make_samples(tmp_path, count=2, seed=1, degrade="dpi-100", jobs=2)
