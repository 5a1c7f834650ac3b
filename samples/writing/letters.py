"""Documents that ask, tell and invite: công văn, thông báo, tờ trình, giấy mời, giấy giới thiệu."""

from __future__ import annotations

from samples.document import Block
from samples.writing.desk import Desk, Draft
from samples.writing.parts import (
    addressed,
    dashed,
    heading,
    measures_table,
    numbered,
    schedule_table,
    text,
    texts,
)
from samples.writing.voice import capital


def _recipients_of_letter(desk: Desk) -> tuple[str, ...]:
    """The units below, alone or with others: it is they who are asked to act."""
    if desk.rng.random() < 0.45:
        return (capital(desk.agency.units),)
    names = [
        capital(desk.agency.units),
        capital(desk.facts["office"]),
        desk.facts["partner"],
        f"Đài Truyền thanh {desk.agency.place}",
        "Bưu điện trung tâm",
    ]
    return tuple(capital(name) for name in names[: desk.rng.randint(2, 5)])


def letter(desk: Desk) -> Draft:
    """Công văn: no title, its summary stands under the number."""
    voice, names = desk.voice, _recipients_of_letter(desk)
    orders = voice.several("order", 3, 6)
    body = [text(voice.say("opening")), *(numbered(orders) if desk.rng.random() < 0.6 else dashed(orders))]
    if desk.rng.random() < 0.25:
        body += [text("Số liệu tổng hợp đến thời điểm báo cáo:"), measures_table(desk)]
    body.append(text(f"{voice.say('letter_close').rstrip('.')}./."))
    return Draft(desk.facts["matter"], tuple(body), "Như trên", opening=addressed(names), addressees=names)


def notice(desk: Desk) -> Draft:
    """Thông báo: numbered points, at times with a schedule."""
    voice, rng = desk.voice, desk.rng
    points = list(numbered(voice.several("notice_point", 3, 6)))
    if rng.random() < 0.4:
        points += [text("Lịch thực hiện cụ thể như sau:"), schedule_table(desk, rng.randint(3, 6))]
    body = (text(voice.say("notice_opening")), *points, text(voice.say("notice_close")))
    return Draft(f"{desk.facts['matter']} năm {desk.issued.year}", body, capital(desk.agency.units))


def proposal(desk: Desk) -> Draft:
    """Tờ trình: asks the superior to approve a paper."""
    voice, rng = desk.voice, desk.rng
    paper = voice.settle("paper")
    names = (desk.agency.superior,)
    body: tuple[Block, ...] = (
        text(voice.say("proposal_opening")),
        heading("I. SỰ CẦN THIẾT"),
        *texts(voice.several("proposal_need", 1, 2)),
        heading("II. NỘI DUNG TRÌNH"),
        *numbered(voice.several("proposal_content", 3, 5)),
    )
    if rng.random() < 0.4:
        body += (text("Các chỉ tiêu chính như sau:"), measures_table(desk))
    body += (text(voice.say("proposal_ask")), text(voice.say("proposal_close")))
    return Draft(f"phê duyệt {paper} năm {desk.issued.year}", body, "Như trên", opening=addressed(names), addressees=names)


def invitation(desk: Desk) -> Draft:
    """Giấy mời: what about, who, when and where."""
    voice = desk.voice
    meeting = voice.settle("meeting")
    invited = (capital(desk.facts["partner"]), capital(desk.agency.units), f"Đài Truyền thanh {desk.agency.place}")
    names = invited[: desk.rng.randint(1, 3)]
    said = [voice.say(rule) for rule in ("invite_content", "invite_people", "invite_time", "invite_place")]
    body = (
        text(voice.say("invite_opening")),
        *texts(said),
        *texts(voice.several("invite_more", 0, 2)),
        text(voice.say("invite_close")),
    )
    return Draft(f"dự {meeting} năm {desk.issued.year}", body, "Như trên", opening=addressed(names), addressees=names)


def introduction(desk: Desk) -> Draft:
    """Giấy giới thiệu: the shortest of them, half a page, and without a summary."""
    voice = desk.voice
    said = [
        voice.say("introduce"),
        f"Chức vụ: {desk.rng.choice(('Chuyên viên', 'Kế toán', 'Văn thư', 'Cán bộ'))} {desk.facts['office']}.",
    ]
    said += [voice.say(rule) for rule in ("introduce_about", "introduce_why")]
    said.append(f"Giấy này có giá trị đến hết ngày 28 tháng {desk.rng.randint(1, 12)} năm {desk.issued.year + 1}.")
    body = (*texts(said), text(voice.say("introduce_close")))
    return Draft("", body, "Như trên")
