"""Who signed: positions (TM. KT. TL. TUQ. Q. ...) above the signature, the name below; one block or several."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.family_names import FAMILY_NAMES
from pipeline.extract.spans import PlacedLine, Span, confidence_of, not_read, present, whole
from pipeline.layout.anchors import RANKS, is_capitals, is_name, is_position
from pipeline.model import ABSENT, Field, FieldState, Page, Signer, Zone
from pipeline.syllables import is_syllable
from pipeline.text import fold, words

PREFIXES = {"tm": "TM.", "kt": "KT.", "tl": "TL.", "tuq": "TUQ.", "q": "Q."}


def signers_of(pages: Sequence[Page]) -> tuple[Signer, ...]:
    """Signers in reading order, from the last page that has a signature block."""
    for page in reversed(pages):
        lines = [PlacedLine(page.page_no, line) for line in page.lines if line.zone is Zone.SIGNATURE]
        signers = [signer for block in blocks(lines) if (signer := _signer(block))]
        if signers:
            return tuple(signers)
    return ()


def blocks(lines: Sequence[PlacedLine]) -> list[list[PlacedLine]]:
    """Lines of signature zones cut after each name."""
    found: list[list[PlacedLine]] = [[]]
    for placed in lines:
        found[-1].append(placed)
        if is_name(placed.text) and any(_position_text(before.text) for before in found[-1][:-1]):
            found.append([])
    return [block for block in found if block]


def _signer(block: Sequence[PlacedLine]) -> Signer | None:
    """None for a block with neither a name nor a position: a scribble."""
    names = [placed for placed in block if is_name(placed.text)]
    name = names[-1] if names else None
    above = [placed for placed in block if name is None or placed.box.top < name.box.top]
    positions = [placed for placed in above if _position_text(placed.text)]
    if not positions:
        return None
    return Signer(_name_field(name) if name else ABSENT, _position_field(positions))


def _name_field(placed: PlacedLine) -> Field:
    text = placed.text
    rank = RANKS.match(text)
    start = rank.end() if rank else 0
    span = Span(placed, start, len(text))
    name = span.text.strip(" .,;:'\"*_-|")
    return not_read(FieldState.UNREADABLE, [span]) if _lacks_family_name(name) else present(name, [span])


def _lacks_family_name(name: str) -> bool:
    """ "Văn Phúc": a seal or a pen has taken the first syllable; a person should look."""
    syllables = name.split()
    return len(syllables) == 2 and syllables[0] not in FAMILY_NAMES


FIGURES_UPON_LETTERS = re.compile(r"(?<=[^\W\d_])\d+\b")
""" "TRƯỞNG7": the beginning of a signature. "QUẬN 7" has a space."""


def _position_text(text: str) -> str | None:
    """The line's words if they are those of a position; signs of pen and seal around them dropped."""
    if not is_capitals(text):
        return None
    tidy = FIGURES_UPON_LETTERS.sub("", re.sub(r"[^\w.,()& /-]+", " ", text)).strip(" .,-_/")
    if is_position(text):
        return _known_spelling(tidy)
    return tidy if len(words(tidy)) >= 2 and all(is_syllable(w) or w.isupper() for w in words(tidy)) else None


def _known_spelling(text: str) -> str:
    """ "KT GIÁM ĐÓC" -> "KT. GIÁM ĐỐC": prefix with its dot, a known position with its marks; an unknown one as it is."""
    tokens = text.split()
    prefix = PREFIXES.get(fold(tokens[0]).strip(" .,:")) if tokens else None
    rest = " ".join(tokens[1:]) if prefix else text
    spelled = SPELLED.get(" ".join(words(fold(rest))), rest)
    return f"{prefix} {spelled}" if prefix else spelled


def _position_field(lines: Sequence[PlacedLine]) -> Field:
    texts = _with_lost_prefix([text for placed in lines if (text := _position_text(placed.text))])
    spans = [whole(placed) for placed in lines]
    field = present(" - ".join(texts), spans, " - ".join(placed.text for placed in lines))
    sure = confidence_of([word for span in spans for word in span.words])
    return (
        field
        if sure is None or sure > 0.3
        else Field(None, field.value_as_written, FieldState.UNREADABLE, sure, field.page_no, field.box)
    )


def _with_lost_prefix(texts: list[str]) -> list[str]:
    """ "T. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC" -> "KT. GIÁM ĐỐC", ...: a deputy signs in the chief's stead, and KT. is often added by hand.

    Only where some sign stands before the chief's position: what is not on the paper is not added.
    """
    if len(texts) < 2 or not texts[1].startswith("PHÓ "):
        return texts
    sign, _, chief = texts[0].partition(" ")
    chief = _known_spelling(chief)
    return [f"KT. {chief}", *texts[1:]] if f"PHÓ {chief}" == texts[1] and sign not in PREFIXES.values() else texts


POSITIONS_SPELLED = (
    "CHỦ TỊCH", "PHÓ CHỦ TỊCH", "GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "TỔNG GIÁM ĐỐC", "PHÓ TỔNG GIÁM ĐỐC", "BỘ TRƯỞNG",
    "THỨ TRƯỞNG", "CỤC TRƯỞNG", "PHÓ CỤC TRƯỞNG", "VỤ TRƯỞNG", "PHÓ VỤ TRƯỞNG", "CHI CỤC TRƯỞNG", "PHÓ CHI CỤC TRƯỞNG",
    "HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG", "VIỆN TRƯỞNG", "PHÓ VIỆN TRƯỞNG", "CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG",
    "CHÁNH THANH TRA", "PHÓ CHÁNH THANH TRA", "TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG", "TRƯỞNG BAN", "PHÓ TRƯỞNG BAN",
    "BÍ THƯ", "PHÓ BÍ THƯ", "THỦ TƯỚNG", "PHÓ THỦ TƯỚNG", "CHÁNH ÁN", "PHÓ CHÁNH ÁN", "THƯ KÝ", "CHỦ TỌA",
    "KẾ TOÁN TRƯỞNG", "ỦY BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN DÂN", "TỔNG CỤC TRƯỞNG", "TRƯỞNG KHOA", "PHÓ TRƯỞNG KHOA",
    "CHỦ NHIỆM", "PHÓ CHỦ NHIỆM",
)  # fmt: skip
SPELLED = {fold(spelling): spelling for spelling in POSITIONS_SPELLED}
"""Positions by their folded form: what OCR loses of their marks is put back."""
