"""Result <-> record.json, text.txt. The shape is `record.schema.json` beside this module; SCHEMA names its version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.disk import disk_errors
from pipeline.model import (
    LIST_FIELDS,
    SCALAR_FIELDS,
    BoundingBox,
    DocumentType,
    Field,
    Fields,
    FieldState,
    Finding,
    Line,
    MadeBy,
    Original,
    Page,
    ReaderInfo,
    Region,
    RegionKind,
    Result,
    Signer,
    Word,
    Zone,
)

SCHEMA = "sohoa-record/1"

Json = dict[str, Any]


def write_record(result: Result, folder: Path, *, text: bool = True) -> None:
    """`record.json` and `text.txt` (UTF-8, NFC, pages separated by a form feed; not without `text`) into an existing folder.

    Raises DiskFull, HomeReadOnly, StoreUnavailable.
    """
    record = json.dumps(record_of(result), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    with disk_errors():
        if text:
            (folder / "text.txt").write_text(result.text + "\n", encoding="utf-8", newline="\n")
        (folder / "record.json").write_text(record + "\n", encoding="utf-8", newline="\n")


def record_of(result: Result) -> Json:
    """Plain data for JSON; confidences have three decimals."""
    return {
        "schema": SCHEMA,
        "source": {
            "name": result.source.name,
            "sha256": result.source.sha256,
            "size_bytes": result.source.size_bytes,
            "media_type": result.source.media_type,
        },
        "document_type": _document_type(result.document_type),
        "fields": fields_of(result.fields),
        "pages": [_page(page) for page in result.pages],
        "findings": [{"code": f.code, "page_no": f.page_no, "detail": f.detail} for f in result.findings],
        "made_by": made_by_of(result.made_by),
    }


def made_by_of(made_by: MadeBy) -> Json:
    """What made a result, as plain data."""
    readers = [{"name": r.name, "version": r.version, "model_digest": r.model_digest} for r in made_by.readers]
    return {"sohoa": made_by.sohoa, "readers": readers, "parameters": dict(made_by.parameters)}


def fields_of(fields: Fields) -> Json:
    """Every key, always."""
    scalars = {name: _field(fields.scalars[name]) for name in SCALAR_FIELDS}
    lists = {name: [_field(item) for item in fields.lists[name]] for name in LIST_FIELDS}
    signers = [{"signerName": _field(s.name), "signerPosition": _field(s.position)} for s in fields.signers]
    return {**scalars, "signers": signers, **lists}


def _document_type(kind: DocumentType | None) -> Json | None:
    if kind is None:
        return None
    return {"code": kind.code, "name": kind.name, "confidence": _rounded(kind.confidence), "evidence": kind.evidence}


def _field(field: Field) -> Json:
    return {
        "value": field.value,
        "value_as_written": field.value_as_written,
        "state": field.state.value,
        "confidence": _rounded(field.confidence),
        "page_no": field.page_no,
        "box": _box(field.box),
    }


def _page(page: Page) -> Json:
    return {
        "page_no": page.page_no,
        "width": page.width,
        "height": page.height,
        "dpi": None if page.dpi is None else round(page.dpi, 2),
        "orientation": page.orientation,
        "skew": round(page.skew, 2),
        "blank": page.blank,
        "from_text_layer": page.from_text_layer,
        "confidence": _rounded(page.confidence),
        "regions": [{"kind": r.kind.value, "box": _box(r.box), "confidence": _rounded(r.confidence)} for r in page.regions],
        "lines": [_line(line) for line in page.lines],
    }


def _line(line: Line) -> Json:
    words = [{"text": w.text, "box": _box(w.box), "confidence": _rounded(w.confidence)} for w in line.words]
    return {
        "box": _box(line.box),
        "text": line.text,
        "confidence": _rounded(line.confidence),
        "zone": line.zone.value,
        "same_row": line.same_row,
        "words": words,
    }


def _box(box: BoundingBox | None) -> list[int] | None:
    return None if box is None else [box.left, box.top, box.right, box.bottom]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def read_record(data: bytes) -> Result:
    """What `write_record` wrote. Raises ValueError when it is not that: a damaged or foreign file."""
    try:
        record = json.loads(data)
    except RecursionError as error:  # brackets without end
        raise ValueError(f"not a {SCHEMA}") from error
    if not isinstance(record, dict) or record.get("schema") != SCHEMA:
        raise ValueError(f"not a {SCHEMA}")
    try:
        return _result(record)
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a {SCHEMA}: {error}") from error


def _result(record: Json) -> Result:
    kind = record["document_type"]
    made_by = record["made_by"]
    return Result(
        source=Original(**record["source"]),
        document_type=None if kind is None else DocumentType(**kind),
        fields=_read_fields(record["fields"]),
        pages=tuple(_read_page(page) for page in record["pages"]),
        findings=tuple(Finding(f["code"], f["page_no"], f["detail"]) for f in record["findings"]),
        made_by=MadeBy(made_by["sohoa"], tuple(ReaderInfo(**r) for r in made_by["readers"]), made_by["parameters"]),
    )


def _read_fields(fields: Mapping[str, Any]) -> Fields:
    return Fields(
        scalars={name: _read_field(fields[name]) for name in SCALAR_FIELDS},
        lists={name: tuple(_read_field(item) for item in fields[name]) for name in LIST_FIELDS},
        signers=tuple(Signer(_read_field(s["signerName"]), _read_field(s["signerPosition"])) for s in fields["signers"]),
    )


def _read_field(field: Mapping[str, Any]) -> Field:
    return Field(
        field["value"], field["value_as_written"], FieldState(field["state"]), field["confidence"], field["page_no"],
        _read_box(field["box"]),
    )  # fmt: skip


def _read_page(page: Mapping[str, Any]) -> Page:
    return Page(
        page_no=page["page_no"],
        width=page["width"],
        height=page["height"],
        dpi=page["dpi"],
        orientation=page["orientation"],
        skew=page["skew"],
        blank=page["blank"],
        from_text_layer=page["from_text_layer"],
        regions=tuple(Region(RegionKind(r["kind"]), BoundingBox(*r["box"]), r["confidence"]) for r in page["regions"]),
        lines=tuple(_read_line(line) for line in page["lines"]),
    )


def _read_line(line: Mapping[str, Any]) -> Line:
    words = tuple(Word(w["text"], BoundingBox(*w["box"]), w["confidence"]) for w in line["words"])
    return Line(words, BoundingBox(*line["box"]), Zone(line["zone"]), line["same_row"])


def _read_box(box: list[int] | None) -> BoundingBox | None:
    return None if box is None else BoundingBox(*box)
