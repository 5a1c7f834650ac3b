"""What the stages after `pages` see of a file: a source of page scans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from pipeline.model import Finding, Line, Region
from pipeline.pages.picture import Picture
from pipeline.pixels import Pixels


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what one file may ask of us; config.settings has the defaults and their reasons."""

    max_pages: int
    max_page_megapixels: int
    draw_dpi: int = 300

    @property
    def max_page_pixels(self) -> int:
        return self.max_page_megapixels * 1_000_000


@dataclass(frozen=True, slots=True)
class PageScan:
    """One page as the file shows it (after /Rotate and EXIF; not yet turned or straightened by what stands on it).

    `pixels`: RGB or grey. `dpi`: of those pixels, None when the file does not say. `own_text`: lines of a usable text layer
    (boxes in these pixels), None = the page has to be read. `regions`: what the file itself names (signature widgets,
    certification boxes, watermarks). `picture`: what the rendition shows; None = `pixels` themselves.
    """

    page_no: int
    pixels: Pixels
    dpi: float | None
    own_text: tuple[Line, ...] | None
    regions: tuple[Region, ...]
    findings: tuple[Finding, ...]
    picture: Picture | None

    @property
    def width(self) -> int:
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        return int(self.pixels.shape[0])


class PageSource(Protocol):
    @property
    def page_count(self) -> int: ...

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be known of the file as a whole (repaired, attachments)."""

    def load(self, page_no: int) -> PageScan:
        """Raises InputError (Damaged, PageTooLarge) for this page alone."""

    def notice(self, page_no: int, code: str) -> PageScan:
        """A stand-in for a page that cannot be read: its own picture if that can still be had, else a white page that says so."""
