"""The folder that `digitize` fills."""

from __future__ import annotations

import unicodedata
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import OutputExists, OutputUnusable
from workers.results import STEM_BYTES, WORK, open_results, stem_of, stems_like

SHA256 = "0" * 64


def result_in(folder: Path, sha256: str = SHA256) -> Path:
    (folder / "record.json").write_text(f'{{"source": {{"sha256": "{sha256}"}}}}')
    return folder


def test_of_a_record_with_a_mark_only_the_record_is_kept_and_an_earlier_result_goes(tmp_path: Path) -> None:
    with open_results(tmp_path / "out", resume=False, overwrite=False) as results:
        final = results.place_for(tmp_path / "a.pdf", SHA256).final
        results.commit(result_in(results.begin("1")), final)
        (final / "text.txt").write_text("đọc lần trước")
        folder = result_in(results.begin("2"))
        (folder / "text.txt").write_text("đọc dở")
        (folder / "alto").mkdir()
        (folder / "alto" / "0001.xml").write_text("đọc dở")
        results.commit_stopped(folder, final)
    assert [path.relative_to(final).as_posix() for path in final.rglob("*")] == ["record.json"]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a"]


def test_both_unicode_forms_of_a_name_give_one_stem() -> None:
    name = "Quyết định số 5.pdf"
    assert stem_of(Path(unicodedata.normalize("NFD", name))) == stem_of(Path(name)) == "Quyết định số 5"


@given(st.text(min_size=1).filter(lambda name: "/" not in name and "\0" not in name and name not in {".", ".."}))
def test_a_stem_is_always_one_usable_name_of_bounded_length(name: str) -> None:
    stem = stem_of(Path(name))
    assert 0 < len(stem.encode()) <= STEM_BYTES
    assert "/" not in stem
    assert stem not in {".", ".."}
    assert stem[-1] not in " ."


def test_further_inputs_of_a_stem_are_numbered_from_two() -> None:
    assert list(islice(stems_like("a"), 3)) == ["a", "a-2", "a-3"]


def test_a_result_is_in_its_place_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    with open_results(tmp_path / "out", resume=False, overwrite=False) as results:
        place = results.place_for(Path("a.pdf"), SHA256)
        folder = result_in(results.begin("1"))
        assert not place.final.exists()
        results.commit(folder, place.final)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a"]


def test_two_names_that_some_file_systems_take_for_one_get_two_folders(tmp_path: Path) -> None:
    with open_results(tmp_path / "out", resume=False, overwrite=False) as results:
        assert [results.place_for(Path(name), SHA256).final.name for name in ("a.pdf", "A.pdf", "a.tif")] == ["a", "A-2", "a-3"]


def test_a_second_run_into_the_same_folder_is_refused_while_the_first_one_works(tmp_path: Path) -> None:
    with open_results(tmp_path, resume=False, overwrite=False) as first:
        folder = first.begin("1")
        with pytest.raises(OutputUnusable), open_results(tmp_path, resume=True, overwrite=False):
            pass
        assert folder.exists()


def test_what_a_killed_run_left_is_swept_and_its_results_stay(tmp_path: Path) -> None:
    (tmp_path / WORK / "1").mkdir(parents=True)
    (tmp_path / "a").mkdir()
    result_in(tmp_path / "a")
    with pytest.raises(OutputExists), open_results(tmp_path, resume=False, overwrite=False):
        pass
    with open_results(tmp_path, resume=True, overwrite=False) as results:
        assert not (tmp_path / WORK / "1").exists()
        assert results.place_for(Path("a.pdf"), SHA256).done
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
