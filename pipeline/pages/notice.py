"""The white page that stands in the rendition for one that cannot be shown."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.pages.scan import PageScan

A4_AT_100_DPI = (1169, 827)
INK = 64


def notice_scan(page_no: int, code: str) -> PageScan:
    """A white A4 page that says which page is missing and why: English codes, since it is drawn with ASCII letters alone."""
    paper = np.full(A4_AT_100_DPI, 255, np.uint8)
    for row, text in enumerate((f"PAGE {page_no}", code, "This page could not be shown.", "See the original file.")):
        cv2.putText(paper, text, (90, 160 + 55 * row), cv2.FONT_HERSHEY_SIMPLEX, 1.0, INK, 2, cv2.LINE_8)
    return PageScan(page_no, np.where(paper < 128, 0, 255).astype(np.uint8), 100.0, None, (), (), None)
