"""What a file says of its resolution, and when not to believe it."""

from __future__ import annotations

LOWEST_DPI = 50.0
HIGHEST_DPI = 2400.0
"""Scanners of papers work between these; below, no text could be read anyway."""

SCREEN_DPI = frozenset({72, 96})
"""What cameras and drawing programs write into an image's header when they do not know."""

LARGEST_SHEET_INCHES = 48.0
"""A0 is 46.8 inches long. A longer "page" is a photo whose pixels were called points."""

SQUARE_ENOUGH = 1.05
"""Fax machines scan 204 x 98 dpi. Below this ratio between the axes nobody sees that pixels are not square."""


def header_dpi(given: object, long_side: int) -> tuple[float, float] | None:
    """Dots per inch (across, down) from an image's header; None when absent, absurd or a mere default."""
    try:
        across, down = (float(value) for value in given)  # type: ignore[attr-defined]
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    if round(across) in SCREEN_DPI and round(down) in SCREEN_DPI:
        return None
    if believable_dpi(max(across, down), long_side) is None or believable_dpi(min(across, down), 0) is None:
        return None
    return across, down


def believable_dpi(dpi: float, long_side: int) -> float | None:
    """`dpi` if a sheet of `long_side` pixels may have been scanned so, else None."""
    if not LOWEST_DPI <= dpi <= HIGHEST_DPI or long_side / dpi > LARGEST_SHEET_INCHES:
        return None
    return round(float(dpi), 2)
