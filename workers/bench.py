"""One worker process of many: it takes a message at a time, and shows the others that it is alive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event, Thread

import structlog

from pipeline.custody import Custody
from pipeline.custody.moving import refuse_moved
from pipeline.custody.pending import lane_of
from pipeline.custody.presence import GONE_AFTER_SECONDS, SIGN_EVERY_SECONDS, is_present, show_presence, withdraw
from pipeline.custody.reports import Diary, report_bytes
from pipeline.errors import DiskFull, HomeError, Interrupted, QueueUnavailable, StoreFull, TransientError
from pipeline.ports import RecordTask
from workers.handlers import Handled, digitize_record, wanted
from workers.lifeline import end_this_process, end_with_supervisor
from workers.pool import ChildPool
from workers.publishing import IndexByLane

log = structlog.get_logger()

GONE_AFTER = timedelta(seconds=GONE_AFTER_SECONDS)


class RecordBench:
    """Reads records one after the other with one child.

    `sign_every_seconds`: how often it shows that it is alive. `leave`: ends this process, when its machine can read nothing.
    """

    def __init__(
        self,
        custody: Custody,
        pool: ChildPool,
        *,
        sign_every_seconds: float = SIGN_EVERY_SECONDS,
        leave: Callable[[], None] = end_this_process,
    ) -> None:
        self._custody = replace(custody, is_alive=self._is_alive)
        self._pool = pool
        self._publishing = IndexByLane()
        self._diary = Diary(custody.clock.now())
        self._sign_every_seconds = sign_every_seconds
        self._leave = leave
        self._shown_at: datetime | None = None
        self._away = False
        self._back_since: datetime | None = None
        self._closing = Event()
        self._signs = Thread(target=self._show_signs, name="signs-of-life", daemon=True)

    def open(self) -> None:
        """The first sign stands before the first try begins, and nobody moves a home whose workers show signs. Raises
        StoreUnavailable, HomeMoved and its like."""
        self._show()
        refuse_moved(self._custody.store)
        self._signs.start()
        end_with_supervisor()

    def take(self, task: RecordTask) -> None:
        """See the task through. Raises TransientError and HomeError for the broker to try again later.

        A machine whose own disk is full or whose tools are broken leaves the work to others, or it would go through all messages.
        """
        try:
            if self._is_away(self._custody.clock.now()):
                refuse_moved(self._custody.store)
            handled = digitize_record(task, self._custody, self._pool, self._publishing, on_done=self._diary.note)
        except Interrupted:
            self._send_again(task)  # another worker may have it at once
            return
        except StoreFull:
            raise
        except (DiskFull, HomeError) as error:
            log.error("worker_leaves", code=error.code)
            self._leave()
            raise
        if handled is Handled.FAILED:
            self._send_again(task)

    def stop(self) -> None:
        """What is under way is given back uncharged within a second."""
        self._pool.stop()

    def close(self) -> None:
        """When nothing is under way any more: who has signed off may be taken for dead."""
        self._closing.set()
        self._signs.join()
        self._pool.close()
        try:
            withdraw(self._custody.store, self._pool.owner)
        except TransientError as error:
            log.warning("worker_not_signed_off", code=error.code)

    def _send_again(self, task: RecordTask) -> None:
        """In the lane of its record, if it is still to be read."""
        try:
            if (manifest := wanted(task, self._custody)) is not None:
                self._custody.queue.send(task, lane_of(manifest))
        except QueueUnavailable as error:  # the keeper finds it
            log.warning("task_not_sent", record_id=task.record_id, code=error.code)

    def _show_signs(self) -> None:
        while not self._closing.wait(self._sign_every_seconds):
            try:
                self._show()
            except TransientError as error:
                self._away = True
                log.warning("no_sign_of_life", code=error.code)

    def _show(self) -> None:
        now = self._custody.clock.now()
        show_presence(self._custody.store, now, self._pool.owner, report_bytes(self._diary.report(now)))
        if self._is_away(now):
            self._back_since = self._custody.clock.now()
        self._shown_at, self._away = now, False

    def _is_alive(self, owner: str) -> bool:
        """Who was cut off from the store does not call others dead: they may have been so too, and come back at this moment."""
        now = self._custody.clock.now()
        just_back = self._back_since is not None and now - self._back_since <= GONE_AFTER
        return self._is_away(now) or just_back or is_present(self._custody.store, now, owner)

    def _is_away(self, now: datetime) -> bool:
        """A sign of its own was not taken, or is as old as those of the dead."""
        return self._away or (self._shown_at is not None and now - self._shown_at > GONE_AFTER)
