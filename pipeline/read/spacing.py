"""Where a space stands between two tokens.

Measured on 44,000 gaps of 2,900 lines: the first (ONNX) reader never invents a space and overlooks 1 in 200, most of them after a
comma or a colon; Tesseract overlooks 1 in 4,000 and invents 1 in 1,000, mostly inside numbers.
"""

from __future__ import annotations

from pipeline.read.language import SyllableModel

CLOSING = ",;:)"
"""Signs with a space after them when a letter follows."""
INSIDE_NUMBERS = ".,/:-"
UNITS = 2
"""A word of so few letters right after a number may be its unit (5km, 3m)."""


def spaced(left: str, right: str, *, first: bool | None, second: bool | None) -> bool:
    """Whether to put a space, by what each reader saw; None = it saw one of the two tokens only, or there is no such reader."""
    if (left.isalpha() and right.isalpha()) or (left.isdecimal() and right.isdecimal()):
        return True  # without a space they would be one token
    if first is None or second is None or first == second:
        return bool(first or second)
    return first or not inside_number(left, right)


def inside_number(left: str, right: str) -> bool:
    """2.182, 15/8: figures and the signs between them."""
    return (left.isdigit() and (right.isdigit() or right in INSIDE_NUMBERS)) or (left in INSIDE_NUMBERS and right.isdigit())


def owed(left: str, right: str, model: SyllableModel) -> bool:
    """Whether a space belongs between two tokens where a reader that overlooks spaces saw none."""
    if right.isalpha() and left in CLOSING:
        return True
    if right.isdigit():
        return left.isalpha() and len(left) > UNITS and model.is_numbered(left)
    return left.isdigit() and right.islower() and len(right) > UNITS and model.knows(right)
