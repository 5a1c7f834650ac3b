"""How far the work is: a bar on a terminal with pages a minute, or objects a second, and the time left; nothing elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

SECONDS_IN_A_MINUTE = 60


class PageCount:
    """Pages begun and to come. Files not yet opened are taken to have as many pages as those opened so far have on average."""

    def __init__(self, files: int, now: float) -> None:
        self._files = files
        self._started = now
        self._pages: dict[str, int] = {}
        self._begun: dict[str, int] = {}

    def page_started(self, job_id: str, page_no: int, page_count: int) -> None:
        self._pages[job_id] = page_count
        self._begun[job_id] = page_no - 1

    def finished(self, job_id: str) -> None:
        """A file that failed before its first page has none."""
        self._begun[job_id] = self._pages.setdefault(job_id, 0)

    @property
    def done(self) -> int:
        return sum(self._begun.values())

    @property
    def expected(self) -> int:
        """Pages in all files, as far as known."""
        known = sum(self._pages.values())
        unopened = self._files - len(self._pages)
        return known + round(unopened * known / len(self._pages)) if self._pages else self._files

    def pages_per_minute(self, now: float) -> float:
        return self.done * SECONDS_IN_A_MINUTE / max(now - self._started, 0.001)

    def seconds_left(self, now: float) -> float | None:
        """None until a page is done."""
        rate = self.pages_per_minute(now)
        return (self.expected - self.done) * SECONDS_IN_A_MINUTE / rate if rate else None


class Bar:
    """Drawn on stderr, so that stdout stays for results; only where stderr is a terminal."""

    def __init__(self, label: str, *, visible: bool = True) -> None:
        columns = (TextColumn(label), BarColumn(), TextColumn("{task.fields[figures]}"))
        console = Console(file=sys.stderr)
        # What goes to stdout is passed through the bar only where it is shown on the same terminal.
        both = sys.stdout.isatty()
        hidden = not (visible and console.is_terminal)
        self._bar = Progress(*columns, console=console, transient=True, redirect_stdout=both, disable=hidden)
        self._task = self._bar.add_task("", figures="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.stop()


class ObjectBar(Bar):
    """Objects of a store that are looked at one after the other."""

    def __init__(self, label: str, objects: int) -> None:
        super().__init__(label)
        self._objects, self._done, self._started = objects, 0, time.monotonic()

    def step(self) -> None:
        """One more is done."""
        self._done += 1
        figures = object_figures(self._done, self._objects, time.monotonic() - self._started)
        self._bar.update(self._task, completed=self._done, total=max(self._objects, 1), figures=figures)


class ProgressBar(Bar):
    """Pages that are being read."""

    def __init__(self, files: int, *, visible: bool = True) -> None:
        super().__init__("Đang đọc", visible=visible)
        self.count = PageCount(files, time.monotonic())

    def page_started(self, job_id: str, page_no: int, page_count: int) -> None:
        self.count.page_started(job_id, page_no, page_count)
        self._draw()

    def finished(self, job_id: str) -> None:
        self.count.finished(job_id)
        self._draw()

    def _draw(self) -> None:
        figures = figures_of(self.count, time.monotonic())
        self._bar.update(self._task, completed=self.count.done, total=max(self.count.expected, 1), figures=figures)


def figures_of(count: PageCount, now: float) -> str:
    """ "12/40 trang, 68 trang/phút, còn khoảng 0:25"."""
    left = count.seconds_left(now)
    figures = f"{count.done}/{count.expected} trang, {count.pages_per_minute(now):.0f} trang/phút"
    return figures if left is None else f"{figures}, còn khoảng {clock(left)}"


def object_figures(done: int, objects: int, seconds: float) -> str:
    """ "120/400 đối tượng, 60 đối tượng/giây, còn khoảng 0:05"."""
    rate = done / max(seconds, 0.001)
    return f"{done}/{objects} đối tượng, {rate:.0f} đối tượng/giây, còn khoảng {clock((objects - done) / max(rate, 0.001))}"


def clock(seconds: float) -> str:
    """1:05, 2:03:00: minutes and seconds, with hours before them when there are any."""
    minutes, rest = divmod(round(seconds), SECONDS_IN_A_MINUTE)
    hours, minutes = divmod(minutes, SECONDS_IN_A_MINUTE)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
