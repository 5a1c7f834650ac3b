"""The child processes that read, as the settings want them."""

from __future__ import annotations

from pathlib import Path

from config.settings import Settings, recipe_of
from config.wiring.home import MEGABYTE
from workers.child import ChildEntry, ChildLimits
from workers.pool import ChildPool


def make_pool(settings: Settings, scratch: Path, *, keep_work: bool = False, jobs: int | None = None) -> ChildPool:
    """As many children as `jobs`, none started yet. Raises BadSetting for a reader that there is not."""
    entry = ChildEntry(
        "workers.journey_work:load_journey",
        {
            **recipe_of(settings),
            "max_pages": settings.max_pages,
            "max_page_megapixels": settings.max_page_megapixels,
            "draw_dpi": settings.draw_dpi,
            "keep_work": keep_work,
            "log_level": settings.log_level,
            "log_format": settings.log_format,
        },
    )
    limits = ChildLimits(
        page_seconds=settings.page_timeout_seconds,
        record_seconds=settings.record_timeout_seconds,
        memory_bytes=settings.child_memory_mb * MEGABYTE,
        scratch_bytes=settings.child_scratch_mb * MEGABYTE,
        records=settings.records_per_child,
    )
    return ChildPool(jobs or settings.jobs, entry, limits, scratch, settings.crash_attempts)
