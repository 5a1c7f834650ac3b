"""Are all bytes still what they were? Every digest is computed again and compared with the one that was written down.

What is being received or committed meanwhile is no fault: objects are listed before the documents that name them are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import structlog

from pipeline.custody import Custody, records
from pipeline.custody.digests import digest_and_size
from pipeline.custody.documents import (
    Committed,
    Fault,
    FixityProblem,
    FixityReport,
    Manifest,
    encode,
    is_intact,
)
from pipeline.custody.lookup import file_digests, put_once, readable
from pipeline.custody.records import RecordKey
from pipeline.custody.shapes import is_object
from pipeline.custody.status import read_ledger
from pipeline.errors import KeyMissing
from pipeline.ports import Store

log = structlog.get_logger()

OnObject = Callable[[int], None]
"""Told after each object how many have been checked."""


def check_fixity(custody: Custody, on_object: OnObject | None = None) -> FixityReport:
    """Look at every object of the store; the report is kept there too. Raises StoreUnavailable."""
    check = _Check(custody.store, on_object)
    originals = {key: check.digest_of(key) for key in check.listed(records.ORIGINALS)}
    files = {key: check.digest_of(key) for key in check.listed(records.FILES)}
    _check_documents(check)
    _check_strays(check)
    _check_arrivals(check)
    _check_originals(check, originals)
    _check_files(check, files)
    report = FixityReport(check.checked, check.size_bytes, tuple(check.problems), custody.clock.now())
    put_once(custody.store, records.fixity_key(f"{report.at:%Y%m%dT%H%M%S%fZ}"), encode(report))
    log.info("fixity_checked", checked=report.checked, problems=len(report.problems))
    return report


@dataclass(slots=True)
class _Check:
    """What has been looked at so far."""

    store: Store
    on_object: OnObject | None
    checked: int = 0
    size_bytes: int = 0
    problems: list[FixityProblem] = field(default_factory=list)

    def listed(self, kind: str) -> Iterator[str]:
        return filter(is_object, self.store.list_after(kind))

    def digest_of(self, key: str) -> str | None:
        """None: it has gone since it was listed."""
        try:
            with self.store.open(key) as stream:
                digest, size = digest_and_size(stream)
        except KeyMissing:
            return None
        self.size_bytes += size
        self.count()
        return digest

    def count(self) -> None:
        self.checked += 1
        if self.on_object is not None:
            self.on_object(self.checked)

    def report(self, fault: Fault, key: str, *record_ids: str | None) -> None:
        """One problem for each record that needs the object."""
        self.problems += [FixityProblem(fault, key, record_id) for record_id in record_ids]


def _check_documents(check: _Check) -> None:
    """The seals of all small documents."""
    for kind in records.WRITE_ORDER:
        if kind in (records.ORIGINALS, records.FILES):
            continue
        for key in check.listed(kind):
            try:
                data = check.store.get(key)
            except KeyMissing:
                continue
            check.count()
            if not is_intact(data):
                check.report(Fault.CHANGED, key, None)


def _check_strays(check: _Check) -> None:
    """Files that somebody else has put there. Their names may be no text, and are no keys: they are never opened."""
    for key in check.store.list_after(""):
        if not is_object(key) and not key.startswith(records.PASSING):
            check.report(Fault.ORPHANED, key.encode("utf-8", "backslashreplace").decode(), None)


def _check_arrivals(check: _Check) -> None:
    """What an arrival needs to be counted: its record's first manifest, or the reason why it was rejected."""
    ledger = read_ledger(check.store)
    unknown = (
        {arrival.record_id for arrival in ledger.arrivals if arrival.record_id is not None}
        - ledger.manifests.keys()
        - ledger.purged
    )
    for record_id in sorted(unknown):
        check.report(Fault.MISSING, records.manifest_key(record_id, 1), record_id)
    for arrival in ledger.arrivals:
        if arrival.record_id is None and arrival.arrival_id not in ledger.rejected:
            check.report(Fault.MISSING, records.rejections_of(arrival), None)


def _check_originals(check: _Check, digests: dict[str, str | None]) -> None:
    """The bytes of one original may be those of several units' records: each of them is named."""
    owners: dict[str, dict[str, None]] = {}
    for _, manifest in readable(check.store, records.MANIFESTS, Manifest):
        owners.setdefault(manifest.original.sha256, {})[manifest.record_id] = None
    pointed = {records.digest_in(key) for key in check.listed(records.CONTENT)}
    for sha256, record_ids in owners.items():
        key = records.original_key(sha256)
        if key not in digests and not _is_there(check.store, key):
            check.report(Fault.MISSING, key, *record_ids)
    for key, digest in digests.items():
        sha256 = records.digest_in(key)
        if digest is not None and digest != sha256:
            check.report(Fault.CHANGED, key, *owners.get(sha256, (None,)))
        elif sha256 not in owners.keys() | pointed:
            check.report(Fault.ORPHANED, key, None)


def _check_files(check: _Check, digests: dict[str, str | None]) -> None:
    """A file that no result names is an orphan once its generation has a result; before, its attempt may be under way."""
    results = [result for _, result in readable(check.store, records.RESULTS, Committed)]
    named = file_digests(results)
    for key, sha256 in named.items():
        digest = digests.get(key)
        record_id = records.generation_of_file(key).record_id
        if digest is None and not _is_there(check.store, key):
            check.report(Fault.MISSING, key, record_id)
        elif digest not in (sha256, None):
            check.report(Fault.CHANGED, key, record_id)
    finished = {RecordKey(result.record_id, result.generation) for result in results}
    for key in digests.keys() - named.keys():
        if records.generation_of_file(key) in finished and _is_there(check.store, key):
            check.report(Fault.ORPHANED, key, None)


def _is_there(store: Store, key: str) -> bool:
    """Asked for what came after the listing."""
    try:
        store.open(key).close()
    except KeyMissing:
        return False
    return True
