"""Words of all pages -> the fields of a record. Nothing is guessed: what is not on the paper is absent."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.document_types import DocumentTypes
from pipeline.extract.gazetteer import Gazetteer
from pipeline.extract.header import ABOUT, Header, header_of
from pipeline.extract.lists import addressees_of, legal_bases_of, recipients_of
from pipeline.extract.marks import URGENCY, find_mark
from pipeline.extract.number import read_number_line
from pipeline.extract.organs import spelled
from pipeline.extract.signature import signers_of
from pipeline.extract.spans import PlacedLine, Span, confidence_of, not_read, present, whole
from pipeline.extract.title import Title, title_of
from pipeline.model import ABSENT, Field, Fields, FieldState, Page
from pipeline.text import clean, fold

NOTATION = re.compile(r"^\S+-\S+$")
"""“TT-BYT”: names of organs have spaces about their dashes."""
WELL_READ = 0.95
"""Confidence of a place from which its letters are believed."""
HANDWRITTEN_BELOW = 0.8
"""Confidence of a number or date under which figures are taken for handwriting: printed ones are read with 0.9 and more."""


def extract(pages: Sequence[Page], types: DocumentTypes, gazetteer: Gazetteer) -> Fields:
    """The header from the first page that has one, signature and recipients from where they stand."""
    header = header_of(pages)
    title = title_of(pages, types)
    signers = signers_of(pages)
    scalars = {
        "organName": _organ(header, gazetteer),
        "codeNumber": _number(header),
        "codeNotation": _notation(header),
        "place": _place(header, gazetteer),
        "issuedDate": _date(header),
        "typeName": _type_name(title),
        "subject": _subject(header, title),
        "signerName": signers[0].name if signers else ABSENT,
        "signerPosition": signers[0].position if signers else ABSENT,
        "urgency": find_mark(pages, URGENCY),
        "secrecy": ABSENT,  # a record with a mark does not come here
        "pageAmount": Field(str(len(pages)), None, FieldState.PRESENT, 1.0, None, None),
        "language": _language(pages),
    }
    lists = {
        "recipients": recipients_of(pages),
        "addressees": addressees_of(pages),
        "legalBases": legal_bases_of(pages),
    }
    return Fields(scalars, lists, signers)


def _organ(header: Header | None, gazetteer: Gazetteer) -> Field:
    """Parent and issuing organ joined by " - "; lines of one organ by a space. A number or a notation among them: the
    lines were mixed up."""
    if header is None or not header.organs:
        return ABSENT
    written = [clean(" ".join(placed.text for placed in group)).strip(" .,*_-|") for group in header.organs]
    spans = [whole(placed) for group in header.organs for placed in group]
    if any("/" in name or read_number_line(name) or NOTATION.match(name) for name in written):
        return not_read(FieldState.UNREADABLE, spans)
    return present(" - ".join(spelled(name, gazetteer) for name in written), spans)


def _number(header: Header | None) -> Field:
    if header is None or header.number is None or header.number_line is None:
        return ABSENT
    start, end = header.number.number_at
    span = Span(header.number_line, start, max(end, start + 1))
    if header.number.number == "":
        return not_read(_nothing_read(header, span), [span])
    sure = confidence_of(span.words)
    doubtful = sure is not None and sure < HANDWRITTEN_BELOW
    if header.number.number is None or doubtful or header.is_by_hand(span):
        return not_read(FieldState.HANDWRITTEN, [span])
    return present(header.number.number, [span])


def _nothing_read(header: Header, span: Span) -> FieldState:
    """A reader may see nothing where a pen wrote."""
    return FieldState.HANDWRITTEN if header.is_by_hand(span) else FieldState.BLANK


def _notation(header: Header | None) -> Field:
    if header is None or header.number is None or header.number_line is None:
        return ABSENT
    span = Span(header.number_line, *header.number.notation_at)
    if header.number.notation is None:
        return not_read(FieldState.UNREADABLE, [span])
    return present(header.number.notation, [span])


def _place(header: Header | None, gazetteer: Gazetteer) -> Field:
    if header is None or header.date is None or header.date_line is None or header.date.place is None:
        return ABSENT
    span = Span(header.date_line, *header.date.place_at)
    sure = min((word.confidence for word in span.words if word.confidence is not None), default=0.0)
    return present(gazetteer.mend(header.date.place, well_read=sure >= WELL_READ), [span])


def _date(header: Header | None) -> Field:
    if header is None or header.date is None or header.date_line is None:
        return ABSENT
    span = Span(header.date_line, *header.date.date_at)
    if header.date.blank:
        return not_read(_nothing_read(header, span), [span])
    lowest = min((word.confidence for word in span.words if word.confidence is not None), default=1.0)
    if header.date.impossible:
        return not_read(FieldState.UNREADABLE, [span])
    if header.date.value is None or lowest < HANDWRITTEN_BELOW or header.is_by_hand(span):
        return not_read(FieldState.HANDWRITTEN, [span])
    return present(header.date.value, [span])


def _type_name(title: Title | None) -> Field:
    """As printed, in the type's own spelling; a letter has none."""
    if title is None or title.type_line is None or title.profile is None:
        return ABSENT
    return present(title.type_text, [whole(title.type_line)])


def _subject(header: Header | None, title: Title | None) -> Field:
    """Without "V/v", "Về việc" and the final full stop."""
    lines: tuple[PlacedLine, ...] = ()
    if title and title.subject:
        lines = title.subject
    elif header and header.about:
        lines = header.about
    if not lines:
        return ABSENT
    written = clean(" ".join(placed.text for placed in lines))
    head = ABOUT.match(fold(written))
    value = written[head.end() :] if head else written
    return present(value.strip(" .;:-_"), [whole(placed) for placed in lines], written)


def _language(pages: Sequence[Page]) -> Field:
    """ISO 639-1; the models read Vietnamese, so a page with text is Vietnamese until a reader says otherwise."""
    return Field("vi", None, FieldState.PRESENT, None, None, None) if any(page.lines for page in pages) else ABSENT
