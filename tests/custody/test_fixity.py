"""Every digest is computed again."""

from __future__ import annotations

import pytest

from pipeline.custody import records
from pipeline.custody.documents import Fault, FixityProblem, FixityReport, decode
from pipeline.custody.fixity import check_fixity
from pipeline.custody.lookup import file_of, manifest_of, result_of
from pipeline.custody.receive import receive
from pipeline.custody.status import status
from tests.custody.doubles import PLACING, Killed, KillingStore, Office, die
from tests.custody.kept import contents
from tests.custody.reading import begun, committed
from tests.custody.test_commit import damage


@pytest.fixture
def record_id(office: Office) -> str:
    """One of five records that are done; one more is pending, one file was rejected."""
    ids = [office.received(f"{number}.pdf") for number in range(5)]
    for one in ids:
        committed(office, begun(office, one), review=True)
    office.received("pending.pdf")
    office.receive(office.scan("empty.pdf", b""))
    return ids[2]


def test_a_whole_home_has_no_problem_and_the_check_is_noted(office: Office, record_id: str) -> None:
    seen: list[int] = []
    objects = len(contents(office.store))
    report = check_fixity(office.custody, seen.append)
    assert (report.checked, report.problems) == (objects, ())
    assert seen == list(range(1, objects + 1))
    (key,) = office.store.list_after(records.FIXITY)
    assert decode(FixityReport, office.store.get(key), key) == report


def test_one_flipped_bit_in_an_original_is_found_and_named(office: Office, record_id: str) -> None:
    key = records.original_key(manifest_of(office.store, record_id).original.sha256)
    damage(office, key)
    assert check_fixity(office.custody).problems == (FixityProblem(Fault.CHANGED, key, record_id),)


def test_one_flipped_bit_in_a_result_is_found_and_named(office: Office, record_id: str) -> None:
    result = result_of(office.store, record_id)
    assert result is not None
    key = file_of(result, "record.json")
    damage(office, key)
    assert check_fixity(office.custody).problems == (FixityProblem(Fault.CHANGED, key, record_id),)


@pytest.mark.parametrize(
    "kind",
    [records.CONTENT, records.MANIFESTS, records.ARRIVALS, records.REJECTED, records.BATCHES, records.RESULTS, records.REVIEW],
)
def test_one_flipped_bit_in_any_document_is_found_and_named(office: Office, record_id: str, kind: str) -> None:
    key = next(office.store.list_after(kind))
    damage(office, key)
    assert check_fixity(office.custody).problems == (FixityProblem(Fault.CHANGED, key, None),)


def test_what_is_missing_is_found_and_named(office: Office, record_id: str) -> None:
    result = result_of(office.store, record_id)
    assert result is not None
    original, file = records.original_key(result.original_sha256), file_of(result, "text.txt")
    office.store.remove(original)
    office.store.remove(file)
    assert set(check_fixity(office.custody).problems) == {
        FixityProblem(Fault.MISSING, original, record_id),
        FixityProblem(Fault.MISSING, file, record_id),
    }


def test_what_nobody_knows_of_is_found_and_named(office: Office, record_id: str) -> None:
    custody = office.custody_over(KillingStore(office.store, records.ORIGINALS, "after", kill=die))
    with pytest.raises(Killed):
        receive(custody, office.scan("new.pdf"), office.handover(), PLACING)
    stray = records.file_key(record_id, 1, 9, "text.txt")
    office.store.put_new(stray, b"?")
    problems = check_fixity(office.custody).problems
    assert {problem.fault for problem in problems} == {Fault.ORPHANED}
    assert stray in [problem.key for problem in problems]
    assert len(problems) == 2


def test_files_of_a_try_that_is_under_way_are_no_problem(office: Office) -> None:
    record_id = office.received("a.pdf")
    office.store.put_new(records.file_key(record_id, 1, begun(office, record_id).number, "text.txt"), b"half")
    assert check_fixity(office.custody).problems == ()


@pytest.mark.parametrize(
    "stray", ["stray", "stray/deep/file", "files/stray", "files/x/y", "manifests/stray.json", "originals/stray", "results/a.b.c"]
)
def test_what_lies_where_nothing_belongs_is_found_and_named(office: Office, record_id: str, stray: str) -> None:
    office.store.put_new(stray, b"?")
    assert check_fixity(office.custody).problems == (FixityProblem(Fault.ORPHANED, stray, None),)
    assert status(office.store).total.adds_up


@pytest.mark.parametrize(
    "name", [".DS_Store", "ghi chú.txt", "Thumbs.db:x", "manifests/.x", "arrivals/don-vi/đợt/a.txt", "a\udcff"]
)
def test_a_file_with_any_name_is_found_and_named(office: Office, record_id: str, name: str) -> None:
    path = office.folder / "home" / "store" / "objects" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"?")
    assert check_fixity(office.custody).problems == (FixityProblem(Fault.ORPHANED, name.replace("\udcff", r"\udcff"), None),)
    assert status(office.store).total.adds_up


def test_whatever_breaks_the_equation_is_found_and_named(office: Office, record_id: str) -> None:
    rejection = next(office.store.list_after(records.REJECTED))
    office.store.remove(records.manifest_key(record_id, 1))
    office.store.remove(rejection)
    assert not status(office.store).total.adds_up
    missing = {problem.key for problem in check_fixity(office.custody).problems if problem.fault is Fault.MISSING}
    assert missing == {records.manifest_key(record_id, 1), rejection.removesuffix("EMPTY_FILE.json")}
