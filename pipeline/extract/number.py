"""The line "Số: 15/QĐ-UBND": number and notation, also handwritten, blank, or of the Party ("Số 57-NQ/TW").

Grammar: decree 30/2020, appendix I and III; see docs/fields.md. Tolerant of what OCR does to it: "Sô", "S0", "S6", dashes as
dots, spaces anywhere, handwriting as any signs at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Line, bounds

UPPER = "A-ZĐÀ-ỸƠƯĂÂÊÔ"
HEAD = re.compile(r"^[\W_]*[S5$§](?:[ôốồổỗộoóòỏõọơớ0OÔỐỒỔỖỘáàaăâ6éêeẻ]{1,2}\s*[:;.,]*|[^\s\d/:;]{0,2}\s*[:;])\s*", re.IGNORECASE)
"""“Số:” as printed and as misread: Sô Sổ Só Sá S0 S6, or any two signs before a colon."""
NUMBER = re.compile(r"^\d{1,6}\s?[A-Za-zĐđ]?$")
SYMBOL = rf"[{UPPER}][{UPPER}a-zà-ỹđơư\d&.]*(?:-[{UPPER}a-zà-ỹđơư\d&.]+)*"
NOTATION = re.compile(rf"^(?:(?:19|20)\d{{2}}/)?{SYMBOL}$|^{SYMBOL}/{SYMBOL}$")
STATE = re.compile(rf"^(?:(?:19|20)\d{{2}}\s*/\s*)?{SYMBOL}$")
"""What follows the slash of a state document; the Party's "NQ/TW" has a slash of its own."""
PARTY = re.compile(rf"^(?P<number>.*?)\s*-\s*(?P<kind>[{UPPER}][{UPPER}a-zđ]{{0,4}})$")
NO_SLASH = re.compile(rf"[^{UPPER}a-zà-ỹđơư]\s*(?P<notation>[{UPPER}][{UPPER}a-zđ]{{0,7}}-[{UPPER}][{UPPER}&.-]+)[\W_]*$")
"""A notation at the end of a line whose slash was read as a comma, a bar, a star, or a figure one."""
BARE = re.compile(
    rf"^[^\w/]*(?:(?!(?:19|20)\d\d\s*/)\d{{0,6}}\s*/\s*)?"
    rf"(?P<notation>(?:19|20)\d\d\s*/.*|[{UPPER}][{UPPER}a-zđ]{{0,4}}\s?-\s?[{UPPER}&]{{2,}}[\W_]*)$"
)
"""What is left of a number line whose beginning was not read."""
DOTS = re.compile(r"[.…_\s·,\-]*")


@dataclass(frozen=True, slots=True)
class NumberLine:
    """`number`: digits and a letter, "" where left blank, None where something stands that is no print.

    `number_at`, `notation_at`: start and end in the text. `notation`: tidied (no spaces, one kind of dash).
    """

    number: str | None
    number_at: tuple[int, int]
    notation: str | None
    notation_at: tuple[int, int]


def read_number_line(text: str) -> NumberLine | None:
    """None when the text is no number line: it has to begin with "Số" and end in a notation."""
    head = HEAD.match(text)
    if head is None:
        return None
    slash = _slash_before_notation(text, head.end())
    if slash is None:
        return None
    taken_for_figure = text[slash].isdigit()
    left = text[head.end() : slash]
    party = PARTY.match(left.rstrip())
    if party and not NUMBER.match(left.strip()):
        start = head.end() + party.start("kind")
        number_text, number_end = party["number"], head.end() + party.end("number")
    else:
        start, number_text, number_end = slash + 1, left, head.end() + len(left.rstrip())
    notation = tidy_notation(text[start:])
    number = None if taken_for_figure else _number(number_text)
    return NumberLine(number, (head.end(), max(head.end(), number_end)), notation, (start, len(text)))


def read_bare_number_line(text: str) -> NumberLine | None:
    """ "/2017/TT-BYT", "48 /QĐ-UBND": a pen went over "Số:" and what stands behind it. None when it is nothing of the kind.

    A subject may go on in the same way ("... số / 20/2017/TT-BYT"): it is for the caller to look above the subject only.
    """
    found = BARE.match(text)
    if found is None or "/" not in text:
        return None
    start = found.start("notation")
    return NumberLine(None, (0, max(1, start)), tidy_notation(found["notation"]), (start, len(text)))


def with_whole_numbers(lines: Sequence[Line]) -> list[Line]:
    """The lines of one header column, a number line in one piece: line finders cut it at the room left for the number."""
    rows: list[list[Line]] = []
    for line in lines:
        if rows and line.same_row:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in _joined(row)]


def _joined(row: list[Line]) -> list[Line]:
    words = tuple(word for line in row for word in line.words)
    whole = Line(words, bounds([line.box for line in row]), row[0].zone)
    is_cut = len(row) > 1 and not any(read_number_line(line.text) for line in row)
    return [whole] if is_cut and read_number_line(whole.text) else row


def _slash_before_notation(text: str, after: int) -> int | None:
    """Where the number ends: at the first slash with a notation behind it, else the first slash, else what stands for it."""
    at = text.find("/", after)
    if at == -1:
        found = NO_SLASH.search(text, after)
        return found.start() if found else None
    first = at
    while at != -1:
        tidy = tidy_notation(text[at + 1 :])
        if tidy and STATE.match(tidy):
            return at
        at = text.find("/", at + 1)
    return first


def _number(text: str) -> str | None:
    tidy = text.strip()
    if DOTS.fullmatch(tidy):
        return ""
    tidy = tidy.strip(" .:,_")
    return tidy.replace(" ", "") if NUMBER.match(tidy) else None


def tidy_notation(text: str) -> str | None:
    """ "QĐ - UBND." -> "QĐ-UBND"; None when it cannot be a notation."""
    tidy = re.sub(r"\s*([-/–—])\s*", lambda found: "/" if found[1] == "/" else "-", text.strip())
    tidy = tidy.strip(" .,;:_'\"|*").replace("ĐÐ", "Đ").replace("Ð", "Đ")  # Tesseract reads Đ as one, the other or both
    tidy = tidy.split(" ")[0] if " " in tidy else tidy
    return tidy if NOTATION.match(tidy) else None
