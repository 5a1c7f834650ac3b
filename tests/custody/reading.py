"""Reading records without a child: what custody sees of it, for tests of custody alone."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from pipeline.custody.attempts import Attempt, begin_attempt
from pipeline.custody.commit import commit_result
from pipeline.custody.indexing import index_record
from pipeline.custody.lookup import manifest_of
from pipeline.jobs import Summary
from pipeline.ports import Store
from tests.custody.doubles import Office


def begun(office: Office, record_id: str, owner: str = "worker-1") -> Attempt:
    attempt = begin_attempt(office.custody, manifest_of(office.store, record_id), owner)
    if attempt is None:
        raise LookupError(record_id)
    return attempt


def committed(office: Office, attempt: Attempt, *, review: bool = False, store: Store | None = None) -> bool:
    """Commit what a reading of the record would leave: the same files for the same record."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "alto").mkdir()
        (folder / "record.json").write_text(json.dumps({"sha256": attempt.manifest.original.sha256}))
        (folder / "text.txt").write_text("text")
        (folder / "rendition.pdf").write_bytes(b"%PDF-1.7 rendition")
        (folder / "alto" / "0001.xml").write_text("<alto/>")
        custody = office.custody_over(store or office.store)
        return commit_result(custody, attempt, Summary(1, review, {"sohoa": "double"}), folder)


def done(office: Office, record_id: str, *, review: bool = False, owner: str = "worker-1") -> None:
    committed(office, begun(office, record_id, owner), review=review)
    index_record(office.custody, office.indexing, record_id)
