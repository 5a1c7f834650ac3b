"""A bad line to a real S3 server: a proxy on this machine that does one wrong thing, a named number of times."""

from __future__ import annotations

import hashlib
import http.client
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread

from pipeline.adapters.minio_connection import READ_SECONDS

HOP = {"connection", "transfer-encoding", "keep-alive"}
FOR_EVER = 1_000_000

LIES: dict[str, Callable[[bytes], tuple[int, bytes, dict[str, str]]]] = {
    "swallowed": lambda body: (200, b"", {"ETag": f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'}),
    "swallowed-untold": lambda _: (200, b"", {}),
    "full": lambda _: (507, b"<Error><Code>XMinioStorageFull</Code></Error>", {}),
    "quota": lambda _: (400, b"<Error><Code>XMinioAdminBucketQuotaExceeded</Code></Error>", {}),
    "no-room": lambda _: (507, b"", {}),
}
"""What is answered to a PUT that never reaches the server."""

METHODS = {
    "cut-get": "GET",
    "flip-get": "GET",
    "lost-answer": "PUT",
    "late-answer": "PUT",
    "lost-deletion": "DELETE",
    **dict.fromkeys(LIES, "PUT"),
}


@dataclass
class BadLine:
    """`fault`: cut-get, flip-get, lost-answer, late-answer, lost-deletion, busy, denied, silent, ignores-conditions, own-tags (as of an
    encrypted bucket), or one of LIES; `times`: how often it shows. `under`: only requests whose address has this in it are met;
    `spares`: those with this in it go through; `spared`: how many go through before. `afterwards`: what happens before the answer
    is lost."""

    endpoint: str
    fault: str
    times: int
    methods: list[str] = field(default_factory=list)
    under: str = ""
    spared: int = 0
    spares: str | None = None
    afterwards: Callable[[], None] = lambda: None
    over: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    def strikes(self, method: str, address: str) -> bool:
        """Whether this request meets the fault."""
        if self.spares is not None and self.spares in address:
            return False
        with self.lock:
            if method != METHODS.get(self.fault, method) or self.under not in address or self.times == 0:
                return False
            if self.spared:
                self.spared -= 1
                return False
            self.times -= 1
            return True


class _Proxy(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    line: BadLine

    def _pass_on(self) -> None:
        line = self.line
        line.methods.append(self.command)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        struck = line.strikes(self.command, self.path)
        if struck and line.fault == "busy":
            self._answer(503, b"<Error><Code>SlowDown</Code></Error>", {})
            return
        if struck and line.fault == "denied":
            self._answer(403, b"<Error><Code>AccessDenied</Code></Error>", {"Content-Type": "application/xml"})
            return
        if struck and line.fault == "silent":
            line.over.wait(60)
            self.close_connection = True
            return
        if struck and line.fault in LIES:
            self._answer(*LIES[line.fault](body))
            return
        status, data, headers = self._asked(body, struck=struck)
        if struck and line.fault in ("lost-answer", "late-answer", "lost-deletion"):
            time.sleep(READ_SECONDS + 1 if line.fault == "late-answer" else 0)
            line.afterwards()
            self.close_connection = True
            self.connection.close()
        elif struck and line.fault == "cut-get":
            self._answer(status, data[: len(data) // 2], headers, promised=len(data))
            self.close_connection = True
        elif struck and line.fault == "own-tags":
            self._answer(status, data, headers | {"x-amz-server-side-encryption": "aws:kms"})
        elif struck and line.fault == "flip-get":
            at = len(data) // 2
            self._answer(status, data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], headers)
        else:
            self._answer(status, data, headers)

    do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = _pass_on

    def _asked(self, body: bytes, *, struck: bool) -> tuple[int, bytes, dict[str, str]]:
        headers = dict(self.headers.items())
        if struck and self.line.fault == "ignores-conditions":
            headers.pop("If-None-Match", None)
        server = http.client.HTTPConnection(self.line.endpoint, timeout=30)
        server.request(self.command, self.path, body, headers)
        answer = server.getresponse()
        data = answer.read()
        kept = {name: value for name, value in answer.getheaders() if name.lower() not in HOP}
        server.close()
        return answer.status, data, kept

    def _answer(self, status: int, data: bytes, headers: dict[str, str], promised: int | None = None) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() != "content-length":
                self.send_header(name, value)
        length = headers.get("Content-Length", "0") if self.command == "HEAD" else str(promised or len(data))
        self.send_header("Content-Length", length)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


@contextmanager
def bad_line(endpoint: str, fault: str, times: int = 0, *, under: str = "", spared: int = 0) -> Iterator[tuple[str, BadLine]]:
    """An endpoint that reaches the real one with the fault in between. Signatures hold: the Host header is passed on."""
    line = BadLine(endpoint, fault, times, under=under, spared=spared)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Proxy", (_Proxy,), {"line": line}))
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}", line
    finally:
        line.over.set()
        server.shutdown()
        server.server_close()
