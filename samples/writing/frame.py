"""The frame around every document: header, title, recipients, signature, appendix; and the truth about its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from samples.document import Block, Document, Ending, Entries, Face, FieldValue, Kind, Masthead, PageBreak, Run, Signature, Title
from samples.writing.desk import Desk, Draft, usual_signature
from samples.writing.parts import date_runs, italic, number_runs
from samples.writing.voice import capital

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập {0} Tự do {0} Hạnh phúc"


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of document. `symbol` as in its notation, empty for a công văn, which has no title. `about`: does the title say
    "Về việc" before the subject."""

    kind: str
    symbol: str
    about: bool = True


def frame(desk: Desk, form: Form, draft: Draft) -> Document:
    """Put header, title and ending around a draft. Title and fields come from the same strings, so they cannot disagree."""
    symbol = desk.agency.symbol
    notation = f"{form.symbol}-{symbol}" if form.symbol else f"{symbol}-{desk.rng.choice(desk.topic['symbols'])}"
    signatures = draft.signatures or (usual_signature(desk),)
    recipients = _recipients(desk, draft)
    blocks: list[Block] = [_masthead(desk, form, draft, notation)]
    if form.symbol:
        about = form.about and draft.subject
        blocks.append(Title(form.kind.upper(), f"Về việc {draft.subject}" if about else capital(draft.subject)))
    blocks += [*draft.opening, *draft.body, Ending(recipients, signatures), *_appendix(desk, form, draft, notation)]
    return Document(
        kind=form.kind,
        issued=desk.issued,
        blocks=tuple(blocks),
        fields=_fields(desk, form, draft, notation, signatures, recipients),
        handwritten=("codeNumber", "issuedDate") if desk.entries is Entries.PENNED else (),
        left_blank=("codeNumber", "issuedDate") if desk.entries is Entries.LEFT_BLANK else (),
    )


def _masthead(desk: Desk, form: Form, draft: Draft, notation: str) -> Masthead:
    place = Run(f"{desk.agency.place},", Face.ITALIC)
    return Masthead(
        above=desk.agency.above,
        organ=desk.agency.lines,
        number=number_runs(desk, notation),
        about=None if form.symbol else f"V/v {draft.subject}",
        nation=NATION,
        motto=MOTTO.format(desk.rng.choice("---–")),
        dateline=(place, *date_runs(desk, Face.ITALIC)),
    )


def _recipients(desk: Desk, draft: Draft) -> tuple[str, ...]:
    """Entries of "Nơi nhận" as printed, without dash and final sign; the last says where the file copy lies."""
    rng, agency = desk.rng, desk.agency
    if not draft.answers:
        return ()
    others = [
        f"{agency.superior} (để b/c)" if draft.answers != agency.superior else "Mặt trận Tổ quốc",
        f"Lãnh đạo {agency.name}",
        desk.facts["partner"],
        capital(agency.units),
        capital(desk.facts["office"]),
        f"Trang thông tin điện tử {agency.place}",
        "Các Phó " + agency.head,
        f"Đài Truyền thanh {agency.place}",
    ]
    drafted_by = f", {rng.choice(desk.topic['symbols'])}"
    copies = f".{rng.choice('ABHLMNT')}.({rng.randint(8, 60):02d})"
    filed = "Lưu: VT" + rng.choice(("", drafted_by, drafted_by, drafted_by + copies))
    return (*dict.fromkeys((draft.answers, *rng.sample(others, rng.randint(1, 6)))), filed)


def _appendix(desk: Desk, form: Form, draft: Draft, notation: str) -> tuple[Block, ...]:
    if not draft.appendix:
        return ()
    basis = (
        italic(f"(Kèm theo {form.kind.capitalize()}"),
        *number_runs(desk, notation, "số"),
        *date_runs(desk, Face.ITALIC),
        italic(f"của {desk.agency.name})"),
    )
    slanted = tuple(replace(run, face=Face.ITALIC) if run.kind is Kind.PRINT else run for run in basis)
    return (PageBreak(), Title("PHỤ LỤC", draft.appendix_subject, slanted), *draft.appendix)


def _fields(
    desk: Desk, form: Form, draft: Draft, notation: str, signatures: tuple[Signature, ...], recipients: tuple[str, ...]
) -> Mapping[str, FieldValue]:
    """Keys and conventions of the archive's fields: parts joined by " - ", no "Về việc", no final sign, null = not there."""
    blank = desk.entries is Entries.LEFT_BLANK
    signers = [{"signerName": one.name, "signerPosition": " - ".join(one.position)} for one in signatures]
    return {
        "organName": desk.agency.printed,
        "codeNumber": None if blank else desk.number,
        "codeNotation": notation,
        "place": desk.agency.place,
        "issuedDate": None if blank else desk.issued.isoformat(),
        "typeName": form.kind.upper() if form.symbol else None,
        "subject": (draft.subject if form.about or not form.symbol else capital(draft.subject)) or None,
        **signers[0],
        "signers": signers,
        "recipients": list(recipients),
        "addressees": list(draft.addressees),
        "legalBases": [basis.rstrip(";") for basis in draft.bases if basis.startswith("Căn cứ")],
        "urgency": None,
        "secrecy": None,
    }
