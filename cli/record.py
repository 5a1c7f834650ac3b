"""One record as custody knows it, for people and for programs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cli.days import shown_day, shown_moment
from cli.ids import whole_id
from cli.output import say, tell, tell_columns, visible
from config.wiring.home import Home
from pipeline.custody.damage import Damage, last_damage
from pipeline.custody.documents import Committed, Fault, FixityProblem, Manifest, Quarantined, Tombstone
from pipeline.custody.lookup import (
    content_of,
    digest_of_file,
    file_of,
    manifest_of,
    placement_of,
    quarantine_of,
    result_of,
    tombstone_of,
)
from pipeline.custody.status import State
from pipeline.custody.stopped import Stop, stop_of
from pipeline.details import in_vietnamese
from pipeline.errors import RESTORE, ObjectChanged, ObjectMissing, ObjectOrphaned, error_from
from pipeline.findings import sentence

FAULTS = {Fault.MISSING: ObjectMissing, Fault.CHANGED: ObjectChanged, Fault.ORPHANED: ObjectOrphaned}

STATES = {State.DONE: "đã đọc xong", State.PENDING: "đang chờ đọc", State.QUARANTINED: "bị cách ly", State.PURGED: "đã hủy"}

FIELD_STATES = {"blank": "(để trống)", "handwritten": "(viết tay)", "unreadable": "(không đọc được)", "absent": "(không có)"}

LABELS = {
    "organName": "Cơ quan ban hành",
    "codeNumber": "Số",
    "codeNotation": "Ký hiệu",
    "place": "Địa danh",
    "issuedDate": "Ngày ban hành",
    "typeName": "Tên loại",
    "subject": "Trích yếu",
    "signerName": "Người ký",
    "signerPosition": "Chức vụ",
    "addressees": "Kính gửi",
    "recipients": "Nơi nhận",
    "legalBases": "Căn cứ",
    "urgency": "Độ khẩn",
    "secrecy": "Độ mật",
    "pageAmount": "Số trang",
    "language": "Ngôn ngữ",
}
"""Fields in the order in which a clerk reads them, in the words of the archive's forms."""


DETAILS = {"LOW_CONFIDENCE": "độ tin cậy {}", "CLEARED_MARK": "đọc được: {}", "ATTACHMENTS": "{} tệp"}
"""What the detail of a finding is, where the sentence does not say it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A record; `result`: the newest there is, of an older generation while a newer one is pending. `stop`: why it has none that
    may be shown."""

    home: Home
    manifest: Manifest
    result: Committed | None
    quarantined: Quarantined | None
    stop: Stop | None = None

    @property
    def state(self) -> State:
        if self.result is not None and self.result.generation == self.manifest.generation:
            return State.DONE
        return State.PENDING if self.quarantined is None else State.QUARANTINED

    def path(self, name: str) -> Path | None:
        """Where a file of the result lies; None without a result."""
        if self.result is None:
            return None
        return self.home.path_of(file_of(self.result, name), digest_of_file(self.result, name)).absolute()

    def text(self) -> str:
        path = self.path("text.txt")
        return "" if path is None else path.read_text(encoding="utf-8").rstrip("\n")

    def record(self) -> dict[str, Any] | None:
        """record.json of the result. Raises DigestMismatch: nobody is shown what is not as it was read."""
        if self.result is None:
            return None
        content: dict[str, Any] = json.loads(content_of(self.home.store, self.result, "record.json"))
        return content

    def damage(self) -> tuple[Damage, tuple[FixityProblem, ...]]:
        """The last fixity check, and what it found of this record."""
        last = last_damage(self.home.store)
        return last, last.problems.get(self.manifest.record_id, ())


def found_record(home: Home, record_id: str) -> Found:
    """By its id, or the first signs of it. Raises UnknownRecord, AmbiguousRecord, RecordPurged.

    The result of a record that was stopped by a mark of secrecy is out of sight, as if there were none.
    """
    whole = whole_id(home, record_id)
    if (tombstone := tombstone_of(home.store, whole)) is not None:
        raise RecordPurged(tombstone)
    manifest = manifest_of(home.store, whole)
    stop = stop_of(home.store, whole)
    result = result_of(home.store, whole) if stop is None else None
    return Found(home, manifest, result, quarantine_of(home.store, manifest), stop)


class RecordPurged(Exception):
    """Two persons had it destroyed."""

    def __init__(self, tombstone: Tombstone) -> None:
        super().__init__(tombstone.record_id)
        self.tombstone = tombstone


def show_tombstone(tombstone: Tombstone) -> None:
    """All that is left of a record."""
    say(f"Hồ sơ {tombstone.record_id}: đã hủy")
    tell_columns(
        [
            ("Hủy lúc", shown_moment(tombstone.at)),
            ("Người quyết định", visible(tombstone.by)),
            ("Người thứ hai", visible(tombstone.and_by)),
            ("Lý do", visible(tombstone.why)),
            ("Mã băm bản gốc", tombstone.sha256),
            ("Đơn vị nộp", tombstone.unit),
            ("Phông", tombstone.fonds),
        ]
    )


def tombstone_json(tombstone: Tombstone) -> dict[str, Any]:
    return {**asdict(tombstone), "at": tombstone.at.isoformat(), "state": State.PURGED.value}


def record_json(found: Found) -> dict[str, Any]:
    """Where the record belongs and stands, and its record.json."""
    placement = placement_of(found.home.store, found.manifest)
    quarantine = found.quarantined
    return {
        **asdict(placement),
        "received_at": placement.received_at.isoformat(),
        "state": found.state.value,
        "needs_review": found.result.needs_review if found.result else None,
        "quarantine": {"code": quarantine.code, "detail": quarantine.detail} if quarantine else None,
        "damaged": [{"key": problem.key, "code": FAULTS[problem.fault].code} for problem in found.damage()[1]],
        "record": found.record(),
    }


def show_record(found: Found) -> None:
    """Where the record belongs and stands, the fields that are there, and what a person should look at."""
    say(f"Hồ sơ {found.manifest.record_id}: {STATES[found.state]}")
    say_damage(found)
    record = found.record()
    rows = [*_placement_rows(found), *([] if record is None else [_type_row(record), *field_rows(record["fields"])])]
    tell_columns(rows)
    if found.state is State.QUARANTINED and found.quarantined is not None:
        tell(f"{found.quarantined.code}: {error_from(found.quarantined.code, found.quarantined.detail)}", hanging="  ")
    if record is not None and record["findings"]:
        say()
        say("Cần người xem lại, so với bản gốc («sohoa open»):")
        for finding in record["findings"]:
            tell(finding_sentence(finding), "  - ")


def say_damage(found: Found) -> None:
    """What the last fixity check found wrong with it, and what to do; nothing where it found nothing."""
    last, problems = found.damage()
    if not problems or last.at is None:
        return
    say(f"Hỏng trong kho, theo «sohoa fixity» lúc {shown_moment(last.at)}:")
    for problem in problems:
        tell(f"{problem.key}: {FAULTS[problem.fault].summary}.", "  - ")
    tell(f"{RESTORE} Sửa xong thì chạy lại «sohoa fixity».", "  ", "  ")


def _placement_rows(found: Found) -> list[tuple[str, str]]:
    placement = placement_of(found.home.store, found.manifest)
    return [
        ("Tệp gốc", visible(found.manifest.original.name)),
        ("Ngày nhận", shown_moment(placement.received_at)),
        ("Đơn vị nộp", placement.unit),
        ("Lô", ", ".join(placement.batches)),
        ("Phông", placement.fonds),
        ("Lĩnh vực", placement.sector),
    ]


def _type_row(record: dict[str, Any]) -> tuple[str, str]:
    kind = record["document_type"]
    return "Loại văn bản", f"{kind['name']} ({kind['code']})" if kind else "(không xác định)"


def field_rows(fields: dict[str, Any]) -> list[tuple[str, str]]:
    """Label and value; a field that is on the paper without a value says why."""
    rows = []
    for name, label in LABELS.items():
        for field in fields[name] if isinstance(fields[name], list) else [fields[name]]:
            if field["state"] != "absent":
                rows.append((label, visible(field_text(field))))
                label = ""
    return rows


def field_text(field: dict[str, Any]) -> str:
    """The value as people write it, else its state in brackets."""
    return shown_day(str(field["value"])) if field["value"] is not None else FIELD_STATES.get(field["state"], "")


def finding_sentence(finding: dict[str, Any]) -> str:
    """ "Trang 1 · Ký hiệu: đọc được nhưng độ tin cậy thấp."; the field's name stands before what is wrong with it."""
    page = "" if finding["page_no"] is None else f"Trang {finding['page_no']} · "
    detail = finding["detail"]
    if detail in LABELS:
        return page + sentence(finding["code"], LABELS[detail])
    told = sentence(finding["code"]).removesuffix(".")
    if detail:
        told += f" ({DETAILS.get(finding['code'], '{}').format(visible(in_vietnamese(shown_day(detail))))})"
    return f"{page}{told}."
