"""The worker of one machine: finds what is to be done in the store, has several records read at once, parks when told to.

The marks of what is pending are looked at when the bell has rung (another process has received something), when the list in
memory is used up, and every now and then in case a bell was missed. The whole store is looked through at the start, then seldom.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from types import FrameType
from typing import Protocol

import structlog

from pipeline.custody import Custody
from pipeline.custody.attempts import tries_of
from pipeline.custody.indexing import Indexing, refresh_all
from pipeline.custody.pending import Waiting, in_turn, is_settled
from pipeline.custody.presence import SIGN_EVERY_SECONDS, show_presence, withdraw
from pipeline.custody.reports import Diary, report_bytes
from pipeline.custody.survey import survey
from pipeline.errors import IndexUnavailable, Interrupted, TransientError
from pipeline.ports import BULK, READING, RecordTask
from workers.handlers import Handled, digitize_record
from workers.keeping import SURVEY_SHARE
from workers.pool import ChildPool, no_progress
from workers.publishing import IndexAtOnce

log = structlog.get_logger()

LOOK_SECONDS = 0.2
"""How soon a wish to stop is seen."""

LOOK_ANYWAY_SECONDS = 60.0
"""A bell may be missed when its ringer died; nothing waits longer than this."""

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class TaskList(Protocol):
    """The queue as its taker sees it; see `pipeline.adapters.local_queue`."""

    def remember(self, task: RecordTask, lane: str = BULK) -> bool: ...
    def take(self) -> RecordTask | None: ...
    def waiting(self, lane: str = BULK) -> int: ...
    def last_rung(self) -> int: ...


class WorkLock(Protocol):
    def exclusive(self) -> AbstractContextManager[None]:
        """Raises HomeLocked."""


class Progress(Protocol):
    """Told how the work goes, from several threads."""

    def page_started(self, record_id: str, page_no: int, page_count: int) -> None: ...
    def record_ended(self, record_id: str, handled: Handled) -> None: ...


@dataclass(frozen=True, slots=True)
class Workshop:
    """All that the worker of one machine works with. `poll_seconds`: how often it listens for the bell."""

    custody: Custody
    pool: ChildPool
    indexing: Indexing
    tasks: TaskList
    lock: WorkLock
    poll_seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class Worked:
    """`failed`: attempts that were charged or gave a record up; `status` tells what they came to."""

    done: int
    failed: int


class Stop:
    """The wish to stop. A plain flag: a signal handler may not wait for a lock that its own thread holds."""

    def __init__(self) -> None:
        self.requested = False

    def request(self) -> None:
        self.requested = True


@contextmanager
def stop_on_signals() -> Iterator[Stop]:
    """Ctrl-C, SIGTERM and a terminal that is closed become a wish to stop, inside the `with`. Main thread only."""
    stop = Stop()

    def wish(_signal: int, _frame: FrameType | None) -> None:
        stop.request()

    before = {number: signal.signal(number, wish) for number in STOPPING}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def work(shop: Workshop, stop: Stop, *, once: bool, progress: Progress | None = None) -> Worked:
    """Read what is pending, as long as there is any (`once`) or until stopped. The pool is used up afterwards.

    Raises HomeLocked when another worker has the home, Interrupted when `stop` was wished (what was under way is given back
    uncharged), and what keeps all records from being read: DiskFull, StoreUnavailable, HomeError.
    """
    with shop.lock.exclusive():
        shop.pool.sweep_scratch()
        with ThreadPoolExecutor(shop.pool.jobs, "record") as threads:
            shift = _Shift(shop, threads, progress)
            try:
                while not stop.requested:
                    shift.show_signs_if_due()
                    shift.look_if_due()
                    shift.start()
                    if once and shift.nothing_left():
                        break
                    shift.settle()
            finally:
                shop.pool.stop()
                shift.sign_off()
        if stop.requested:
            raise Interrupted
        return Worked(shift.done, shift.failed)


class _Shift:
    """One worker's time at the bench: which tasks are under way, and when the store was last looked into."""

    def __init__(self, shop: Workshop, threads: ThreadPoolExecutor, progress: Progress | None) -> None:
        self._shop = shop
        self._threads = threads
        self._progress = progress
        self._publishing = IndexAtOnce(shop.indexing)
        self._diary = Diary(shop.custody.clock.now())
        self._show_next_at = 0.0
        self._running: dict[Future[Handled], RecordTask] = {}
        self._marks: dict[RecordTask, Waiting] = {}
        self._idle: set[RecordTask] = set()
        self._heard = -1
        self._store_has_more = True
        self._look_next_at = 0.0
        self._look_anyway_at = 0.0
        self._survey_at = 0.0
        self.done = 0
        self.failed = 0

    def show_signs_if_due(self) -> None:
        """For those who watch (`sohoa serve`); the lock is what tells workers of each other here."""
        if time.monotonic() < self._show_next_at:
            return
        self._show_next_at = time.monotonic() + SIGN_EVERY_SECONDS
        now = self._shop.custody.clock.now()
        show_presence(self._shop.custody.store, now, self._shop.pool.owner, report_bytes(self._diary.report(now)))

    def sign_off(self) -> None:
        try:
            withdraw(self._shop.custody.store, self._shop.pool.owner)
        except TransientError as error:
            log.warning("worker_not_signed_off", code=error.code)

    def look_if_due(self) -> None:
        """Look into the store when there may be something new, but not more often than it is listened."""
        now = time.monotonic()
        hungry = self._shop.tasks.waiting() < self._shop.pool.jobs
        rung = self._shop.tasks.last_rung() != self._heard
        if now >= self._look_anyway_at or ((rung or (hungry and self._store_has_more)) and now >= self._look_next_at):
            self._look()

    def start(self) -> None:
        """Put a thread to each task that there is a child for."""
        while len(self._running) < self._shop.pool.jobs and (task := self._shop.tasks.take()):
            self._running[self._threads.submit(self._digitize, task)] = task

    def nothing_left(self) -> bool:
        """Whether nothing is under way, in memory or in the store; the index is brought up to the store then."""
        if self._running or self._any_waits():
            return False
        self._look()
        return not self._any_waits()

    def _any_waits(self) -> bool:
        return any(self._shop.tasks.waiting(lane) for lane in READING)

    def settle(self) -> None:
        """Wait a little for tasks to end, and count them. Raises what is no record's fault."""
        if not self._running:
            time.sleep(LOOK_SECONDS)
            return
        ended, _ = wait(self._running, LOOK_SECONDS, FIRST_COMPLETED)
        for future in ended:
            self._count(self._running.pop(future), future.result())

    def _look(self) -> None:
        """The bell is read before the marks: what comes between the two is seen twice rather than never."""
        self._heard = self._shop.tasks.last_rung()
        self._look_next_at = time.monotonic() + self._shop.poll_seconds
        self._make_up()
        passed_over = {*self._running.values(), *self._idle}
        self._store_has_more = False
        for lane in READING:
            waiting = (one for one in in_turn(self._shop.custody.store, lane) if one.task not in passed_over)
            self._store_has_more |= not all(self._remember(one, lane) for one in self._least_tried_first(waiting))

    def _remember(self, one: Waiting, lane: str) -> bool:
        if not self._shop.tasks.remember(one.task, lane):
            return False
        self._marks[one.task] = one
        return True

    def _least_tried_first(self, waiting: Iterable[Waiting]) -> Iterator[Waiting]:
        """What was never tried comes first: a record that kills its reader, or one that was under way whenever the machine
        was switched off, holds nobody up, and no record is interrupted again and again while others are not begun."""
        tried: list[tuple[int, Waiting]] = []
        for one in waiting:
            if tries := tries_of(self._shop.custody.store, one.task):
                tried.append((tries, one))
            else:
                yield one
        yield from (one for _, one in sorted(tried, key=itemgetter(0)))

    def _make_up(self) -> None:
        """What others left undone, now and then; in between only entries that are out of date."""
        now = time.monotonic()
        if now >= self._look_anyway_at:
            self._look_anyway_at = now + LOOK_ANYWAY_SECONDS
            self._idle.clear()
        if now >= self._survey_at:
            for part in survey(self._shop.custody, self._shop.indexing):
                log.info("house_looked_through", part=part.part, marked=part.marked, indexed=part.indexed)
            self._survey_at = time.monotonic() + max(LOOK_ANYWAY_SECONDS, SURVEY_SHARE * (time.monotonic() - now))
        try:
            refresh_all(self._shop.custody, self._shop.indexing)
        except IndexUnavailable as error:
            log.warning("index_not_mended", code=error.code)

    def _digitize(self, task: RecordTask) -> Handled:
        shop, progress = self._shop, self._progress
        on_page = no_progress if progress is None else partial(progress.page_started, task.record_id)
        return digitize_record(task, shop.custody, shop.pool, self._publishing, on_page, self._diary.note)

    def _count(self, task: RecordTask, handled: Handled) -> None:
        self.done += handled is Handled.DONE
        self.failed += handled is Handled.FAILED
        self._store_has_more |= handled is Handled.FAILED  # it may be tried again
        mark = self._marks.pop(task, None)
        if handled is Handled.DROPPED and mark is not None:
            self._set_aside(mark)
        if self._progress is not None:
            self._progress.record_ended(task.record_id, handled)

    def _set_aside(self, mark: Waiting) -> None:
        """There was nothing to do for it: its mark goes, or is not looked at again for a while."""
        custody = self._shop.custody
        if is_settled(custody.store, mark, custody.clock.now()):
            custody.store.remove(mark.key)
        else:
            self._idle.add(mark.task)
