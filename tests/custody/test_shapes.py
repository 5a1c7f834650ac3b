"""Every key that custody makes is known as one of ours, whatever the names: what is not known is not backed up."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.custody import records
from pipeline.custody.shapes import is_object, kind_of
from pipeline.errors import InputError
from tests.custody.test_names import VIETNAMESE, accepted


@given(VIETNAMESE, VIETNAMESE, st.integers(1, 10**8))
def test_every_key_that_is_made_is_one_of_ours_and_tells_its_kind(unit: str, batch: str, number: int) -> None:
    unit, batch = accepted(unit).replace(" ", ""), accepted(batch)
    record_id, arrival_id, sha256 = str(uuid4()), uuid4().hex, uuid4().hex * 2
    keys = {
        records.ORIGINALS: records.original_key(sha256),
        records.CONTENT: records.content_key(unit, unit, sha256),
        records.MANIFESTS: records.manifest_key(record_id, number),
        records.ARRIVALS: records.arrival_key(unit, batch, arrival_id, record_id),
        records.MEMBERS: records.member_key(record_id, batch),
        records.BATCHES: records.batch_key(unit, batch, number, records.OPENED),
        records.DECLARED: records.declared_key(unit, batch, number),
        records.ATTEMPTS: records.started_key(record_id, number, number),
        records.FILES: records.file_key(record_id, number, number, "alto/0001.xml"),
        records.RESULTS: records.result_key(record_id, number),
        records.REVIEW: records.review_key(record_id, number),
        records.QUARANTINE: records.quarantine_key(record_id, number),
        records.CLEARED: records.cleared_key(record_id, number),
        records.PURGED: records.purged_key(record_id),
        records.DESTROYED: records.destroyed_key(sha256),
        records.FIXITY: records.fixity_key("20261123T010000000000Z"),
        records.REJECTED: records.rejected_key(unit, batch, arrival_id, "EMPTY_FILE"),
    }
    assert keys.keys() == set(records.WRITE_ORDER)
    assert {kind: kind_of(key) for kind, key in keys.items()} == {kind: kind for kind in keys}
    assert [key for key in keys.values() if not is_object(key)] == []
    assert is_object(records.arrival_key(unit, batch, arrival_id, None))
    assert is_object(records.ended_key(record_id, number, number))


@pytest.mark.parametrize("error", InputError.__subclasses__(), ids=lambda error: error.code)
def test_a_rejection_for_any_reason_is_one_of_ours(error: type[InputError]) -> None:
    assert is_object(records.rejected_key("don-vi", "lo", uuid4().hex, error.code))
