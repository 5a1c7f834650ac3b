"""What others drop in tests, and what is seen of it after it was taken."""

from pipeline.custody import records
from pipeline.custody.lookup import manifest_of, open_original
from pipeline.custody.status import Counts, status
from tests.custody.doubles import Office

KEY = "incoming/xa-a/Đợt 1/scan.pdf"
BATCH = "incoming/xa-a/Đợt 1"
GARBAGE = b"<html>no scan</html>"


def counts(office: Office) -> Counts:
    found = status(office.store).total
    assert found.adds_up
    return found


def received(office: Office) -> int:
    return counts(office).received


def contents(office: Office) -> set[bytes]:
    """Of all records, as they would be read."""
    found = set()
    for arrival in office.store.list_after(records.MANIFESTS):
        record_id = records.parse_generation_key(arrival).record_id
        with open_original(office.store, manifest_of(office.store, record_id)) as original:
            found.add(original.read())
    return found


def is_closed(office: Office, unit: str = "xa-a", batch: str = "Đợt 1") -> bool:
    events = [records.parse_batch_key(key).event for key in office.store.list_after(records.handovers_of(unit, batch))]
    return events.count(records.OPENED) == events.count(records.CLOSED)
