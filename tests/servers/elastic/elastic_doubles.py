"""Between the adapter and a real Elasticsearch: servers that are too busy, refuse a document, or say nothing at all."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from tests.programs import beside

BUSY = {"error": {"type": "es_rejected_execution_exception", "reason": "rejected execution"}, "status": 429}
PASSED_ON = ("content-type", "x-elastic-product")


class FaultyServer(ThreadingHTTPServer):
    """Passes everything on to the real one, but answers the next `refused` calls whose path holds `where` with 429, says of the
    first document of the next `spoilt` bulk calls that it got `status`, takes no bulk call longer than `most_bytes`, and says, when `late`,
    that no search ended in time."""

    daemon_threads = True

    def __init__(self, url: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.real = urlsplit(url).netloc
        self.where, self.refused, self.spoilt, self.status = "", 0, 0, 429
        self.late = False
        self.most_bytes = 100_000_000
        self.calls: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def refuses(self, path: str) -> bool:
        if self.refused and self.where in path:
            self.refused -= 1
            return True
        return False

    def spoils(self, path: str) -> bool:
        if self.spoilt and "_bulk" in path:
            self.spoilt -= 1
            return True
        return False


class Handler(BaseHTTPRequestHandler):
    server: FaultyServer
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.calls.append(self.path)
        if self.server.refuses(self.path):
            self.send(429, {"content-type": "application/json", "x-elastic-product": "Elasticsearch"}, json.dumps(BUSY).encode())
            return
        if "_bulk" in self.path and len(body) > self.server.most_bytes:
            self.send(413, {"content-type": "text/html"}, b"<html>413 Request Entity Too Large</html>")
            return
        with closing(http.client.HTTPConnection(self.server.real, timeout=60)) as real:
            real.request(
                self.command,
                self.path,
                body,
                {
                    "content-type": self.headers.get("content-type", "application/json"),
                    "accept": self.headers.get("accept", "*/*"),
                },
            )
            answer = real.getresponse()
            content = answer.read()
        if self.server.spoils(self.path):
            content = spoil(content, self.server.status)
        if self.server.late:
            content = content.replace(b'"timed_out":false', b'"timed_out":true')
        self.send(answer.status, {name: answer.headers.get(name, "") for name in PASSED_ON}, content)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer

    def send(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the name is the library's)
        """Say nothing."""


def spoil(content: bytes, status: int) -> bytes:
    answer = json.loads(content)
    first = answer["items"][0]["index"]
    answer["items"][0]["index"] = {"_index": first["_index"], "_id": first["_id"], "error": BUSY["error"], "status": status}
    return json.dumps(answer).encode()


@contextmanager
def faulty_server(url: str) -> Iterator[FaultyServer]:
    with FaultyServer(url) as server, beside(server.serve_forever, end=server.shutdown):
        yield server


@contextmanager
def silent_server() -> Iterator[str]:
    """The address of a server that takes calls and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
