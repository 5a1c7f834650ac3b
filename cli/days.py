"""Days and times as people here write them: 31/12/2024. Programs are given the standard's form."""

from __future__ import annotations

from datetime import date, datetime

from pipeline.custody.batches import VIETNAM


def shown_day(iso: str) -> str:
    """ "2024-12-31" -> "31/12/2024"; what is no date stays as it is."""
    try:
        return f"{date.fromisoformat(iso):%d/%m/%Y}"
    except ValueError:
        return iso


def shown_moment(at: datetime) -> str:
    """On the office's clock: "31/12/2024 16:05"."""
    return f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
