"""The program that a child process runs: a guard, and behind it the worker that opens untrusted files.

The guard imports nothing and does nothing but wait. When the parent dies, however it dies, the guard's end of the line hangs up,
and the guard kills the whole process group: the worker, and the tools that the worker has started. When the worker dies, the
guard tells the parent how, and kills what is left.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import socket
import sys
from typing import NoReturn

PR_SET_PDEATHSIG = 1


def main() -> NoReturn:
    """Arguments: the number of the line to the parent, the number of the stream for logs."""
    line = socket.socket(fileno=int(sys.argv[1]))
    alive, held_by_worker = os.pipe()
    guard = os.getpid()
    worker = os.fork()
    if worker:
        os.close(held_by_worker)
        watch_over(worker, line, alive)
    os.close(alive)
    die_with(guard)
    work_for(line, int(sys.argv[2]))
    os._exit(0)


def watch_over(worker: int, line: socket.socket, alive: int) -> NoReturn:
    """Wait until the parent or the worker is gone; then nothing of this group may stay."""
    waiting = select.poll()
    waiting.register(line, select.POLLRDHUP)
    waiting.register(alive, 0)  # hanging up is always reported
    try:
        gone = {number for number, _ in waiting.poll()}
        if line.fileno() not in gone:
            _, status = os.waitpid(worker, 0)
            # The worker may have died in the middle of a line.
            line.sendall(b"\n" + json.dumps({"exit": os.waitstatus_to_exitcode(status)}).encode() + b"\n")
    finally:
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def die_with(guard: int) -> None:
    """Also when the guard itself is killed."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != guard:
        os._exit(1)


def work_for(line: socket.socket, log_stream: int) -> None:
    from workers.child_work import read_records

    sys.stderr = os.fdopen(log_stream, "w", buffering=1, errors="backslashreplace")  # logs; what libraries print goes nowhere
    read_records(line)


if __name__ == "__main__":
    main()
