"""An Elasticsearch that knows passwords and API keys and nothing else: the server of the tests has no security."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class GuardedElastic:
    """`asked`: the keys that were asked for, in order; `valid`: those that are accepted, encoded."""

    password: str
    url: str = ""
    asked: list[Any] = field(default_factory=list)
    valid: set[str] = field(default_factory=set)

    def admits(self, authorization: str) -> bool:
        kind, _, value = authorization.partition(" ")
        return value in self.valid if kind == "ApiKey" else base64.b64decode(value).decode() == f"elastic:{self.password}"

    def new_key(self, wanted: Any) -> dict[str, str]:
        self.asked.append(wanted)
        encoded = base64.b64encode(f"id{len(self.asked)}:secret".encode()).decode()
        self.valid.add(encoded)
        return {"id": f"id{len(self.asked)}", "name": wanted["name"], "api_key": "secret", "encoded": encoded}


class _Handler(BaseHTTPRequestHandler):
    server_: GuardedElastic

    def do_GET(self) -> None:
        self._answer(200 if self._admitted() else 401, {"username": "somebody"})

    def do_PUT(self) -> None:
        wanted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self._admitted():
            self._answer(200, self.server_.new_key(wanted))
        else:
            self._answer(401, {"error": {"type": "security_exception"}})

    do_POST = do_PUT

    def _admitted(self) -> bool:
        return self.server_.admits(self.headers.get("Authorization", ""))

    def _answer(self, status: int, content: Any) -> None:
        data = json.dumps(content).encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "X-Elastic-Product": "Elasticsearch",
            "Content-Length": len(data),
        }.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def guarded_elastic(password: str) -> Iterator[GuardedElastic]:
    """One that runs while the block does."""
    double = GuardedElastic(password)
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"server_": double})) as server:
        double.url = f"http://127.0.0.1:{server.server_address[1]}"
        Thread(target=server.serve_forever, daemon=True).start()
        yield double
        server.shutdown()
