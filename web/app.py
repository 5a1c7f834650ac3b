"""The application that `sohoa serve` runs. Nothing is opened on import; all it works with is handed to it."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI

from pipeline.custody import Custody
from pipeline.custody.indexing import Indexing
from web.health import health_routes
from web.incoming import Door, incoming_routes
from web.metrics import metrics_routes


@dataclass(frozen=True, slots=True)
class Services:
    """`door`: None where nothing is taken straight from a bucket. `look_seconds`: how old the costly figures may be."""

    custody: Custody
    indexing: Indexing
    door: Door | None = None
    look_seconds: float = 60.0


def create_app(services: Services) -> FastAPI:
    """The application, ready to be served."""
    app = FastAPI(title="sohoa", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(health_routes(services.custody, services.indexing))
    app.include_router(metrics_routes(services.custody, services.look_seconds))
    if services.door is not None:
        app.include_router(incoming_routes(services.door))
    return app
