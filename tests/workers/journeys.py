"""Journeys for children of tests: what a document double says is what happens to it.

A double is a text file: a line a page, whose first word says what happens. `ok` reads the page; the others are faults. What a
fault does can be kept from happening a second time by a file that it leaves: `once:segfault:/path`.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psutil

from pipeline.errors import Damaged, DiskFull, NeedsPassword, SecretMark, ToolMissing
from pipeline.jobs import Job, JobWork, PageWatch, Summary

SECRET_TEXT = "nội dung không ai được giữ"
ENTRY = "tests.workers.journeys:load_double"


def load_double(settings: Mapping[str, Any]) -> JobWork:
    """`settings`: page_seconds (how long an ok page takes), tools and results (what is wrong with them)."""
    if settings.get("tools") == "missing":
        raise ToolMissing("tesseract")
    if settings.get("tools") == "broken":
        raise ImportError("no such library")
    if settings.get("tools") == "crashing":
        os.kill(os.getpid(), signal.SIGSEGV)

    def read_double(job: Job, watch: PageWatch) -> Summary:
        pages = job.file.read_text("latin-1").splitlines()[1:]
        skipped = 0
        cleared = bool(job.cleared_pages)
        for page_no, page in enumerate(pages, 1):
            watch.page_started(page_no, len(pages))
            if page_no in job.skip_pages:
                skipped += 1
                continue
            time.sleep(float(settings.get("page_seconds", 0)))
            if page != "secret" or not cleared:
                live_through(page, job)
        if settings.get("results") == "none":
            return Summary(len(pages), False, {})
        return leave_results(job, pages, skipped)

    return read_double


def leave_results(job: Job, pages: list[str], skipped: int) -> Summary:
    """The same bytes for the same document and recipe, as the real journey promises."""
    record = {"sha256": job.original.sha256, "recipe": dict(job.recipe), "pages": len(pages), "skipped": skipped}
    (job.folder / "record.json").write_text(json.dumps(record))
    (job.folder / "text.txt").write_text("\f".join(pages))
    (job.folder / "rendition.pdf").write_bytes(b"%PDF-1.7 rendition")
    (job.folder / "alto").mkdir()
    for page_no in range(1, len(pages) + 1):
        (job.folder / "alto" / f"{page_no:04d}.xml").write_text("<alto/>")
    return Summary(len(pages), skipped > 0 or "review" in pages, {"sohoa": "double"})


def live_through(page: str, job: Job) -> None:
    """What stands on one page of a double."""
    if page.startswith("once:"):
        _, fault, mark = page.split(":", 2)
        if Path(mark).exists():
            return
        Path(mark).touch()
        page = fault
    FAULTS[page.split(" ")[0]](job)


def sleep_for_ever(_job: Job) -> None:
    time.sleep(3600)


def hang_where_no_signal_is_seen(_job: Job) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP})
    while True:
        time.sleep(3600)


def die_of_a_bad_pointer(_job: Job) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def leave_without_a_word(_job: Job) -> None:
    os._exit(3)


def kill_the_worker(_job: Job) -> None:
    """The first of the processes above that is of another session."""
    worker = next(parent.pid for parent in psutil.Process().parents() if os.getsid(parent.pid) != os.getsid(0))
    os.kill(worker, signal.SIGKILL)
    time.sleep(3600)  # whoever has lost its parent is ended


def take_three_seconds(_job: Job) -> None:
    time.sleep(3)


def take_memory_step_by_step(_job: Job) -> None:
    held = []
    while True:
        held.append(b"x" * 20_000_000)
        time.sleep(0.01)


def take_memory_at_once(_job: Job) -> None:
    bytearray(1 << 40)


def keep_memory(_job: Job) -> None:
    HOARD.append(b"x" * 200_000_000)


def let_a_tool_take_memory(_job: Job) -> None:
    subprocess.run([sys.executable, "-c", "import time; x = b'x' * 400_000_000; time.sleep(3600)"], check=False)


def leave_what_is_no_result(job: Job) -> None:
    (job.folder / "odd name.txt").write_text("?")
    (job.folder / "alto.xml").write_text("?")
    (job.folder / "0001.xml").symlink_to("/etc/passwd")


def fill_the_disk_with_files(_job: Job) -> None:
    number = 0
    while True:
        number += 1
        (Path(os.environ["TMPDIR"]) / str(number)).write_bytes(bytes(1_000_000))
        time.sleep(0.002)


def write_one_endless_file(_job: Job) -> None:
    with (Path(os.environ["TMPDIR"]) / "endless").open("wb") as file:
        while True:
            file.write(bytes(1_000_000))


def start_a_tool_and_hang(_job: Job) -> None:
    tool = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
    (Path(os.environ["TMPDIR"]) / "tool.pid").write_text(str(tool.pid))
    time.sleep(3600)


def leave_a_temporary_file(_job: Job) -> None:
    (Path(os.environ["TMPDIR"]) / "left").write_text("over")


def tell_of_the_surroundings(job: Job) -> None:
    told = {"env": dict(os.environ), "group": os.getpgrp(), "parent": os.getppid(), "cwd": str(Path.cwd())}
    (job.folder / "surroundings.json").write_text(json.dumps(told))


def raise_what_nobody_expects(_job: Job) -> None:
    raise ZeroDivisionError


def raise_damaged(_job: Job) -> None:
    raise Damaged("xref")


def raise_needs_password(_job: Job) -> None:
    raise NeedsPassword


def read_and_find_a_mark(job: Job) -> None:
    """What was read by then lies in the folder of results and among the temporary files."""
    (job.folder / "text.txt").write_text(SECRET_TEXT)
    (job.folder / "alto").mkdir()
    (job.folder / "alto" / "0001.xml").write_text(SECRET_TEXT)
    (Path(os.environ["TMPDIR"]) / "page.png").write_text(SECRET_TEXT)
    raise SecretMark(page_no=2, level="TỐI MẬT")


def raise_disk_full(_job: Job) -> None:
    raise DiskFull


HOARD: list[bytes] = []

FAULTS: dict[str, Callable[[Job], None]] = {
    "ok": lambda _job: None,
    "review": lambda _job: None,
    "sleep": sleep_for_ever,
    "deaf": hang_where_no_signal_is_seen,
    "segfault": die_of_a_bad_pointer,
    "exit": leave_without_a_word,
    "kill-worker": kill_the_worker,
    "slow": take_three_seconds,
    "hungry": take_memory_step_by_step,
    "greedy": take_memory_at_once,
    "grow": keep_memory,
    "hungry-tool": let_a_tool_take_memory,
    "odd-files": leave_what_is_no_result,
    "litter": fill_the_disk_with_files,
    "endless": write_one_endless_file,
    "tool": start_a_tool_and_hang,
    "temporary": leave_a_temporary_file,
    "surroundings": tell_of_the_surroundings,
    "bug": raise_what_nobody_expects,
    "damaged": raise_damaged,
    "password": raise_needs_password,
    "secret": read_and_find_a_mark,
    "disk-full": raise_disk_full,
}
