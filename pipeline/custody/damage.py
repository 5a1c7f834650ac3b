"""What the last fixity check found wrong, record by record: for everybody who shows a record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from pipeline.custody import records
from pipeline.custody.documents import Fault, FixityProblem, FixityReport, decode
from pipeline.custody.shapes import is_object, record_in
from pipeline.errors import DigestMismatch, KeyMissing
from pipeline.ports import Store

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Damage:
    """`at`: when the check was made, None: never. `problems`: record id -> what of it has changed or is missing."""

    at: datetime | None = None
    problems: Mapping[str, tuple[FixityProblem, ...]] = field(default_factory=dict)


def last_damage(store: Store) -> Damage:
    """By the newest report that is sound itself. What was mended since is told until the next check."""
    for key in reversed(list(filter(is_object, store.list_after(records.FIXITY)))):
        try:
            report = decode(FixityReport, store.get(key), key)
        except (DigestMismatch, KeyMissing):
            log.error("document_damaged", key=key)
            continue
        return Damage(report.at, _by_record(report))
    return Damage()


def _by_record(report: FixityReport) -> dict[str, tuple[FixityProblem, ...]]:
    found: dict[str, list[FixityProblem]] = defaultdict(list)
    for problem in report.problems:
        record_id = problem.record_id or record_in(problem.key)
        if record_id is not None and problem.fault is not Fault.ORPHANED:
            found[record_id].append(problem)
    return {record_id: tuple(problems) for record_id, problems in found.items()}
