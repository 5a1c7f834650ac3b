"""`/healthz`: this process runs. `/readyz`: what it works with answers; without the store it can do nothing, and says 503."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from pipeline.custody import Custody, records
from pipeline.custody.indexing import Indexing
from pipeline.errors import SohoaError

GOOD = "good"
NO_RECORD = "zz"
"""No id begins so: the index is asked a question that costs it nothing."""


def health_routes(custody: Custody, indexing: Indexing) -> APIRouter:
    """Probes for whoever starts this process again when it fails."""
    routes = APIRouter()

    @routes.get("/healthz")
    def healthz() -> JSONResponse:
        return JSONResponse({"status": GOOD})

    @routes.get("/readyz")
    def readyz() -> JSONResponse:
        parts = {
            "store": _answer(lambda: next(custody.store.list_after(records.PRESENT), None)),
            "queue": _answer(custody.queue.waiting),
            "index": _answer(lambda: indexing.index.generations(NO_RECORD)),
        }
        return JSONResponse({"status": _worst(parts), **parts}, 200 if parts["store"] == GOOD else 503)

    return routes


def _answer(ask: Callable[[], object]) -> str:
    """The code of what is wrong, or that nothing is."""
    try:
        ask()
    except SohoaError as error:
        return error.code
    return GOOD


def _worst(parts: dict[str, str]) -> str:
    """With the queue or the index away files are still taken and kept: that is degraded, not down."""
    if parts["store"] != GOOD:
        return "down"
    return GOOD if all(part == GOOD for part in parts.values()) else "degraded"
