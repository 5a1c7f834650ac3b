"""What is printed in red alone: urgency marks, stamped positions and names. Seals and red doodles are left out."""

from __future__ import annotations

from collections.abc import Sequence

import cv2

from pipeline.layout.furniture import Seal
from pipeline.layout.positions import is_position
from pipeline.layout.tables import find_ruling, without_rules
from pipeline.model import Line
from pipeline.pixels import Pixels
from pipeline.ports import PageReader
from pipeline.syllables import share_of_syllables
from pipeline.text import fold, words

BELIEVED = 0.8
"""Mean confidence of a red line of at least two words; what seals leave over stays below or is no syllable."""
DARK = 150
"""Grey level of the red layer below which there is ink; ink as red as `clean.ink` asks for comes to 151."""
AROUND = 1.12
"""Radii of a seal within which red ink is the seal's."""
LEAST_REST = 0.0002
"""Share of an A4 page that red ink beside the seals has to cover: a small stamped name covers 0.0008."""
MARKS = (
    "hoa toc",
    "hoa toc hen gio",
    "thuong khan",
    "khan",
    "tuyet mat",
    "toi mat",
    "mat",
    "den",
    "cong van den",
    "ban sao",
    "sao y",
)


def red_lines(red: Pixels, reader: PageReader, seals: Sequence[Seal], black: Sequence[Line]) -> list[Line]:
    """Lines of the red layer that are text of the page and were not read in black already."""
    if not _holds_more_than(red, seals):
        return []
    ruling = find_ruling(red)
    found = reader.read_page(without_rules(red, ruling), ruling)
    return [line for line in found if _is_print(line) and not _in_seal(line, seals) and not _read_already(line, black)]


def _holds_more_than(red: Pixels, seals: Sequence[Seal]) -> bool:
    """Most red layers hold a seal and nothing else: then nobody need look for lines, which takes 100 ms."""
    rest = cv2.threshold(red, DARK, 255, cv2.THRESH_BINARY_INV)[1]
    for seal in seals:
        cv2.circle(rest, (round(seal.x), round(seal.y)), round(AROUND * seal.radius), 0, cv2.FILLED)
    return cv2.countNonZero(rest) > LEAST_REST * rest.size


def _is_print(line: Line) -> bool:
    tokens = words(line.text)
    if " ".join(fold(token) for token in tokens) in MARKS or is_position(line.text):
        return True
    confidence = line.confidence if line.confidence is not None else 1.0
    return len(tokens) >= 2 and confidence >= BELIEVED and share_of_syllables(tokens) >= 0.75


def _in_seal(line: Line, seals: Sequence[Seal]) -> bool:
    return any(seal.holds(line.box) for seal in seals) and not is_position(line.text)


def _read_already(line: Line, black: Sequence[Line]) -> bool:
    return any(line.box.overlap(other.box) > 0.5 * line.box.area for other in black)
