"""Which records a fixity check has found damaged: told to everybody who shows them."""

from __future__ import annotations

import pytest

from pipeline.custody import records
from pipeline.custody.batches import open_handover
from pipeline.custody.damage import Damage, last_damage
from pipeline.custody.documents import Fault
from pipeline.custody.fixity import check_fixity
from pipeline.custody.lookup import manifest_of
from pipeline.custody.receive import receive
from tests.custody.doubles import PDF, PLACING, Office
from tests.custody.kept import damage_in
from tests.custody.reading import begun, committed


@pytest.fixture
def record_ids(office: Office) -> list[str]:
    ids = [office.received(f"{number}.pdf") for number in range(3)]
    for one in ids:
        committed(office, begun(office, one), review=True)
    return ids


def test_before_the_first_check_nothing_is_known(office: Office, record_ids: list[str]) -> None:
    assert last_damage(office.store) == Damage()


@pytest.mark.parametrize(
    "kind", [records.MANIFESTS, records.ATTEMPTS, records.FILES, records.RESULTS, records.REVIEW, records.ARRIVALS]
)
def test_a_flipped_bit_in_anything_of_a_record_marks_that_record_alone(office: Office, record_ids: list[str], kind: str) -> None:
    key = next(key for key in office.store.list_after(kind) if record_ids[1] in key)
    damage_in(office.store, key)
    check_fixity(office.custody)
    found = last_damage(office.store).problems
    assert found.keys() == {record_ids[1]}
    assert key in {problem.key for problem in found[record_ids[1]]}


@pytest.mark.parametrize("fault", [Fault.CHANGED, Fault.MISSING])
def test_an_original_that_two_offices_have_handed_over_marks_the_records_of_both(office: Office, fault: Fault) -> None:
    scan = office.scan("same.pdf", PDF + b"same")
    ids = {receive(office.custody, scan, open_handover(office.custody, unit), PLACING).record_id for unit in ("xa-1", "xa-2")}
    assert len(ids) == 2
    key = next(office.store.list_after(records.ORIGINALS))
    if fault is Fault.CHANGED:
        damage_in(office.store, key)
    else:
        office.store.remove(key)
    check_fixity(office.custody)
    found = last_damage(office.store).problems
    assert found.keys() == ids
    assert {problem.fault for problems in found.values() for problem in problems} == {fault}


def test_what_was_mended_is_no_damage_after_the_next_check(office: Office, record_ids: list[str]) -> None:
    key = records.original_key(manifest_of(office.store, record_ids[0]).original.sha256)
    content = office.store.get(key)
    office.store.remove(key)
    check_fixity(office.custody)
    assert last_damage(office.store).problems.keys() == {record_ids[0]}
    office.store.put_new(key, content)
    report = check_fixity(office.custody)
    assert last_damage(office.store) == Damage(report.at)


def test_a_report_that_has_rotted_itself_gives_way_to_the_one_before(office: Office, record_ids: list[str]) -> None:
    damage_in(office.store, records.original_key(manifest_of(office.store, record_ids[0]).original.sha256))
    check_fixity(office.custody)
    check_fixity(office.custody)
    damage_in(office.store, list(office.store.list_after(records.FIXITY))[-1])
    assert last_damage(office.store).problems.keys() == {record_ids[0]}


def test_what_belongs_to_no_record_marks_none(office: Office, record_ids: list[str]) -> None:
    damage_in(office.store, next(office.store.list_after(records.BATCHES)))
    office.store.put_new("stray", b"?")
    assert len(check_fixity(office.custody).problems) == 2
    assert last_damage(office.store).problems == {}
