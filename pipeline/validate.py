"""Fields -> findings: what a person has to look at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipeline.document_types import DocumentTypes
from pipeline.model import DocumentType, Fields, FieldState, Finding, Page

CHECKED = (
    "organName",
    "codeNumber",
    "codeNotation",
    "place",
    "issuedDate",
    "typeName",
    "subject",
    "signerName",
    "signerPosition",
)
STATE_CODES = {
    FieldState.HANDWRITTEN: "FIELD_HANDWRITTEN",
    FieldState.UNREADABLE: "FIELD_UNREADABLE",
    FieldState.BLANK: "FIELD_BLANK",
}
DOUBTFUL_FIELD = 0.8
"""Confidence of a field under which a person should look."""


def validate(
    fields: Fields, document_type: DocumentType | None, pages: Sequence[Page], types: DocumentTypes, today: date
) -> list[Finding]:
    """`today`: the day of the scan; a document cannot be younger."""
    findings = [*_field_findings(fields), *_date_findings(fields, today), *_type_findings(fields, document_type, types)]
    if fields["issuedDate"].state is not FieldState.ABSENT and fields["codeNotation"].state is FieldState.ABSENT:
        findings.append(Finding("NUMBER_NOT_FOUND"))
    if document_type is None and any(page.lines for page in pages):
        findings.append(Finding("UNKNOWN_TYPE_OF_DOCUMENT"))
    return findings


def _field_findings(fields: Fields) -> list[Finding]:
    found = []
    for name in CHECKED:
        field = fields[name]
        if field.state in STATE_CODES:
            found.append(Finding(STATE_CODES[field.state], field.page_no, name))
        elif field.confidence is not None and field.confidence < DOUBTFUL_FIELD:
            found.append(Finding("FIELD_DOUBTFUL", field.page_no, name))
    return found


def _date_findings(fields: Fields, today: date) -> list[Finding]:
    issued = fields["issuedDate"]
    if issued.value and date.fromisoformat(issued.value) > today:
        return [Finding("DATE_IN_FUTURE", issued.page_no, issued.value)]
    return []


def _type_findings(fields: Fields, document_type: DocumentType | None, types: DocumentTypes) -> list[Finding]:
    """QĐ in the notation under the title THÔNG BÁO."""
    notation = fields["codeNotation"].value
    named = types.abbreviated(notation) if notation else None
    if named and document_type and fields["typeName"].value and named.code != document_type.code:
        return [Finding("TYPE_MISMATCH", fields["codeNotation"].page_no, f"{named.code} / {document_type.code}")]
    return []
