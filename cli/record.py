"""One record as custody knows it, for people and for programs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from cli.output import say, show, visible
from config.wiring.home import Home
from pipeline.custody.documents import Committed, Manifest, Quarantined
from pipeline.custody.lookup import file_of, manifest_of, placement_of, quarantine_of, result_of
from pipeline.custody.status import State
from pipeline.errors import error_from
from pipeline.findings import sentence

STATES = {State.DONE: "đã đọc xong", State.PENDING: "đang chờ đọc", State.QUARANTINED: "bị cách ly"}

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


@dataclass(frozen=True, slots=True)
class Found:
    """A record; `result`: the newest there is, of an older generation while a newer one is pending."""

    home: Home
    manifest: Manifest
    result: Committed | None
    quarantined: Quarantined | None

    @property
    def state(self) -> State:
        if self.result is not None and self.result.generation == self.manifest.generation:
            return State.DONE
        return State.PENDING if self.quarantined is None else State.QUARANTINED

    def path(self, name: str) -> Path | None:
        """Where a file of the result lies; None without a result."""
        if self.result is None:
            return None
        return self.home.store.path_of(file_of(self.result, name)).absolute()

    def text(self) -> str:
        path = self.path("text.txt")
        return "" if path is None else path.read_text(encoding="utf-8").rstrip("\n")

    def record(self) -> dict[str, Any] | None:
        """record.json of the result."""
        if self.result is None:
            return None
        content: dict[str, Any] = json.loads(self.home.store.get(file_of(self.result, "record.json")).data)
        return content


def found_record(home: Home, record_id: str) -> Found:
    """Raises UnknownRecord."""
    manifest = manifest_of(home.store, record_id)
    return Found(home, manifest, result_of(home.store, manifest.record_id), quarantine_of(home.store, manifest))


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
        "record": found.record(),
    }


def show_record(found: Found) -> None:
    """The fields that are there, what a person should look at, and where the record stands."""
    say(f"Hồ sơ {found.manifest.record_id}: {STATES[found.state]}")
    say(f"Tệp gốc: {visible(found.manifest.original.name)}")
    if found.state is State.QUARANTINED and found.quarantined is not None:
        say(f"{found.quarantined.code}: {error_from(found.quarantined.code, found.quarantined.detail)}")
    record = found.record()
    if record is None:
        return
    kind = record["document_type"]
    say(f"Loại văn bản: {kind['name']} ({kind['code']})" if kind else "Loại văn bản: (không xác định)")
    show(field_table(record["fields"]))
    for finding in record["findings"]:
        page = "" if finding["page_no"] is None else f"trang {finding['page_no']}: "
        detail = "" if finding["detail"] is None else f" ({visible(finding['detail'])})"
        say(f"Xem lại: {page}{finding['code']}: {sentence(finding['code'])}{detail}")


def field_table(fields: dict[str, Any]) -> Table:
    """Name and value; a field that is on the paper without a value says why."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for name, label in LABELS.items():
        for field in fields[name] if isinstance(fields[name], list) else [fields[name]]:
            if field["state"] != "absent":
                table.add_row(label, visible(field_text(field)))
                label = ""
    return table


def field_text(field: dict[str, Any]) -> str:
    """The value, else its state in brackets."""
    return str(field["value"]) if field["value"] is not None else FIELD_STATES.get(field["state"], "")
