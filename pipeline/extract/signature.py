"""Who signed: positions (TM. KT. TL. TUQ. Q. ...) above the signature, the name below; one block or several.

The block of a document stands beside "Nơi nhận" (decree 30/2020, appendix I); what follows that page is enclosed with it and may
have blocks of its own: forms to fill in, other documents.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.extract.authority import position_field, says_position
from pipeline.extract.spans import PlacedLine, Span, not_read, present
from pipeline.family_names import FAMILY_NAMES, family_name_like
from pipeline.layout.anchors import RANKS, is_name
from pipeline.model import ABSENT, Field, FieldState, Page, RegionKind, Signer, Zone
from pipeline.syllables import is_syllable

MENDED = 0.6
"""Highest confidence of a name whose family name got back the marks that reading lost: a person should look."""
WELL_READ = 0.95
"""Confidence from which a family name is what was read, known or not."""
BROKEN = re.compile(r"^\W*\S{1,5}\s+(?P<rest>\S.*)$")


def signers_of(pages: Sequence[Page]) -> tuple[Signer, ...]:
    """Signers in reading order."""
    closing = closing_page(pages)
    if closing is not None:
        return _signers(closing) or _unread(closing)
    found = [signers for page in reversed(pages) if (signers := _signers(page))]
    named = (signers for signers in found if any(signer.name.value for signer in signers))
    return next(named, found[0] if found else ())


def closing_page(pages: Sequence[Page]) -> Page | None:
    """The first page that has recipients, and a signature or a seal besides."""
    for page in pages:
        if any(line.zone is Zone.RECIPIENTS for line in page.lines) and (_signers(page) or _is_sealed(page)):
            return page
    return None


def _is_sealed(page: Page) -> bool:
    return any(region.kind is RegionKind.SEAL and region.box.middle[1] > page.height / 3 for region in page.regions)


def _unread(page: Page) -> tuple[Signer, ...]:
    """A seal beside recipients: somebody signed, and nothing of it could be read."""
    hidden = Field(None, None, FieldState.UNREADABLE, None, page.page_no, None)
    return (Signer(hidden, hidden),)


def _signers(page: Page) -> tuple[Signer, ...]:
    lines = [PlacedLine(page.page_no, line) for line in page.lines if line.zone is Zone.SIGNATURE]
    return tuple(signer for block in blocks(lines) if (signer := _signer(block, page)))


def blocks(lines: Sequence[PlacedLine]) -> list[list[PlacedLine]]:
    """Lines of signature zones cut after each name and where the next column begins."""
    found: list[list[PlacedLine]] = [[]]
    for placed in lines:
        if found[-1] and placed.box.bottom < found[-1][-1].box.top - placed.box.height:
            found.append([])
        found[-1].append(placed)
        if is_name(placed.text) and any(says_position(before) for before in found[-1][:-1]):
            found.append([])
    return [block for block in found if block]


def _signer(block: Sequence[PlacedLine], page: Page) -> Signer | None:
    """None for a block with neither a name nor a position: a scribble."""
    names = [placed for placed in block if is_name(placed.text)] or [placed for placed in block if _is_broken_name(placed.text)]
    name = names[-1] if names else None
    above = [placed for placed in block if name is None or placed.box.top < name.box.top]
    position = position_field(above, [region.box for region in page.regions if region.kind is RegionKind.HANDWRITING])
    if position is None:
        return _without_position(name, page)
    return Signer(_name_field(name) if name else _name_not_found(page), position)


def _without_position(name: PlacedLine | None, page: Page) -> Signer | None:
    """A name beside recipients has a position above it, which was not read."""
    beside = any(line.zone is Zone.RECIPIENTS for line in page.lines)
    if name is None or not beside or _name_field(name).value is None:
        return None
    return Signer(_name_field(name), Field(None, None, FieldState.UNREADABLE, None, page.page_no, None))


def _name_not_found(page: Page) -> Field:
    """Under a seal there is a name; a form without one has none."""
    return Field(None, None, FieldState.UNREADABLE, None, page.page_no, None) if _is_sealed(page) else ABSENT


def _name_field(placed: PlacedLine) -> Field:
    text = placed.text
    rank = RANKS.match(text)
    start = rank.end() if rank else 0
    span = Span(placed, start, len(text))
    name = span.text.strip(" .,;:'\"*_-|")
    if not is_name(text) or _lacks_family_name(name):
        return not_read(FieldState.UNREADABLE, [span])
    return _with_marks(name, span)


def _lacks_family_name(name: str) -> bool:
    """ "Văn Phúc": a seal or a pen has taken the first syllable; a person should look."""
    syllables = name.split()
    return len(syllables) == 2 and syllables[0] not in FAMILY_NAMES


def _is_broken_name(text: str) -> bool:
    """ "ê Hoàng Mai", "2 Hoàng Mai": all of a name but its first letters."""
    found = BROKEN.match(RANKS.sub("", text.strip()))
    rest = found["rest"].strip(" .,;:'\"*_-|").split() if found else []
    return 2 <= len(rest) <= 4 and all(part.istitle() and part.isalpha() and is_syllable(part) for part in rest)


def _with_marks(name: str, span: Span) -> Field:
    """ "Trân Văn Bình" -> "Trần Văn Bình", where the first word is hard to read and no family is called so."""
    family, _, rest = name.partition(" ")
    sure = min((word.confidence for word in span.words[:1] if word.confidence is not None), default=1.0)
    known = family_name_like(family) if family not in FAMILY_NAMES and sure < WELL_READ else None
    field = present(f"{known or family} {rest}", [span])
    return replace(field, confidence=min(field.confidence or MENDED, MENDED)) if known else field
