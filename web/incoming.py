"""The door at which an object store announces what was dropped into its incoming bucket: `POST /hooks/incoming`.

What is announced is a hint: it is looked at soon, and what is not announced is found by the listing. So an answer promises
nothing but that the hint was heard; 503 makes the store keep it and send it again.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from pipeline.errors import PermanentError

MAX_BYTES = 1_000_000
"""One event has some 1,500; servers send one or a few at a time."""


@dataclass(frozen=True, slots=True)
class Door:
    """`token`: what the store has to show. `notified`: takes a notification's body; False: no room now. Raises PermanentError."""

    token: str
    notified: Callable[[bytes], bool]


def incoming_routes(door: Door) -> APIRouter:
    """Whoever does not show the token learns nothing."""
    routes = APIRouter()

    @routes.post("/hooks/incoming")
    async def incoming(request: Request) -> Response:
        if not _shows(request.headers.get("authorization", ""), door.token):
            return JSONResponse({"code": "NOT_ALLOWED"}, 401, {"WWW-Authenticate": "Bearer"})
        body = await _body(request)
        if body is None:
            return JSONResponse({"code": "TOO_LARGE"}, 413)
        try:
            heard = await run_in_threadpool(door.notified, body)
        except PermanentError as error:
            return JSONResponse({"code": error.code}, 400)
        return Response(status_code=204) if heard else JSONResponse({"code": "BUSY"}, 503, {"Retry-After": "10"})

    return routes


def _shows(header: str, token: str) -> bool:
    """MinIO sends a token that has no word before it with `Bearer `."""
    shown = header.removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(shown.encode(), token.encode())


async def _body(request: Request) -> bytes | None:
    """None: there is more of it than any store sends."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BYTES:
            return None
    return body
