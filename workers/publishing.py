"""What becomes of a result after it was committed: it goes into the index, at once or by takers of its own.

The record is done whatever the index says.
"""

from __future__ import annotations

from typing import Protocol

import structlog

from pipeline.custody import Custody
from pipeline.custody.indexing import Indexing, index_record, note_refresh
from pipeline.errors import DigestMismatch, KeyMissing, QueueUnavailable, TransientError
from pipeline.ports import INDEX, RecordTask

log = structlog.get_logger()

WORDS_ENOUGH = 8
"""A message for the index says only that there is something to do: who takes it finds all that is noted by then. With so many in
the lane at least one has not been taken yet, so no further one is needed."""


class Publishing(Protocol):
    def expect(self, custody: Custody, task: RecordTask) -> None:
        """The result is about to be written. Raises TransientError: then it is not."""

    def publish(self, custody: Custody, task: RecordTask) -> None:
        """The result is there. Raises nothing."""


class IndexAtOnce:
    """Where one worker has the index beside it. What a kill leaves out is found by the survey of the next start."""

    def __init__(self, indexing: Indexing) -> None:
        self._indexing = indexing

    def expect(self, custody: Custody, task: RecordTask) -> None:
        """Nothing needs to be noted."""

    def publish(self, custody: Custody, task: RecordTask) -> None:
        try:
            index_record(custody, self._indexing, task.record_id)
        except (KeyMissing, DigestMismatch) as error:
            log.warning("record_not_indexed", record_id=task.record_id, code=error.code)
        except TransientError as error:
            log.warning("record_not_indexed", record_id=task.record_id, code=error.code)
            self._note(custody, task)

    def _note(self, custody: Custody, task: RecordTask) -> None:
        try:
            note_refresh(custody.store, task.record_id, task.generation, custody.clock.now())
        except TransientError as error:  # the survey finds it
            log.warning("refresh_not_noted", record_id=task.record_id, code=error.code)


class IndexByLane:
    """Where many work: a search server that is slow or away keeps nobody from reading."""

    def expect(self, custody: Custody, task: RecordTask) -> None:
        note_refresh(custody.store, task.record_id, task.generation, custody.clock.now())

    def publish(self, custody: Custody, task: RecordTask) -> None:
        try:
            if custody.queue.waiting(INDEX) < WORDS_ENOUGH:
                custody.queue.send(task, INDEX)
        except QueueUnavailable as error:  # the keeper finds its note
            log.warning("index_task_not_sent", record_id=task.record_id, code=error.code)
