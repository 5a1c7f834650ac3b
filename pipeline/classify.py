"""Which of the decree's document types a record is, and the words that decided."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.document_types import DocumentTypes
from pipeline.extract.header import header_of
from pipeline.extract.title import title_of
from pipeline.model import DocumentType, Page


def classify(pages: Sequence[Page], types: DocumentTypes) -> DocumentType | None:
    """None when neither a printed type, nor a notation, nor "V/v" says what it is."""
    title = title_of(pages, types)
    header = header_of(pages)
    named = types.abbreviated(header.notation) if header and header.notation else None
    if title and title.profile:
        agrees = named is None or named.code == title.profile.code
        return DocumentType(title.profile.code, title.profile.name, 0.98 if agrees else 0.9, title.type_text)
    if header and header.is_letter:
        letter = types.of_code(types.letter)
        return DocumentType(letter.code, letter.name, 0.95, "V/v")
    if named and header and header.notation:
        return DocumentType(named.code, named.name, 0.8, header.notation)
    if header and header.notation:
        letter = types.of_code(types.letter)
        return DocumentType(letter.code, letter.name, 0.7, header.notation)
    return None
