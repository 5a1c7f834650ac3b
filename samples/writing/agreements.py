"""Documents that two people sign: biên bản, hợp đồng, chương trình phối hợp."""

from __future__ import annotations

from samples.document import Block, Paragraph, Signature
from samples.writing.desk import Desk, Draft, head_of
from samples.writing.orders import bases_set
from samples.writing.parts import articles, bold, dashed, heading, measures_table, numbered, people_table, text, texts
from samples.writing.voice import capital, long_date
from samples.writing.wordlists import invented_person


def minutes(desk: Desk) -> Draft:
    """Biên bản: who was there, who said what, what was agreed; secretary and chair sign."""
    voice, rng = desk.voice, desk.rng
    council, paper = voice.settle("council"), voice.settle("paper")
    chair, secretary = invented_person(rng), invented_person(rng)
    body: tuple[Block, ...] = (
        text(voice.say("minutes_time")),
        heading("I. THÀNH PHẦN THAM DỰ"),
        text(f"1. Chủ trì: {capital(chair.courtesy)} {chair.name}, {head_of(desk.agency)}."),
        text(f"2. Thư ký: {capital(secretary.courtesy)} {secretary.name}, {desk.facts['office']}."),
        *_attendance(desk, council),
        heading("II. NỘI DUNG"),
        text(f"{capital(secretary.courtesy)} {secretary.name} trình bày dự thảo {paper}. {capital(voice.say('report_direct'))}"),
        *dashed(voice.several("minutes_said", 3, 6)),
        heading("III. KẾT LUẬN"),
        *numbered(voice.several("minutes_agreed", 2, 4)),
        text(voice.say("minutes_close")),
    )
    signatures = (Signature(("THƯ KÝ",), secretary.name), Signature(("CHỦ TỌA",), chair.name))
    return Draft(f"họp {council} về {desk.facts['theme']}", body, "Như thành phần dự họp", signatures=signatures)


def _attendance(desk: Desk, council: str) -> tuple[Block, ...]:
    """A list of names without lines around it, or a count."""
    if desk.rng.random() < 0.5:
        return text("3. Các thành viên dự họp:"), people_table(desk, council, desk.rng.randint(4, 8), ruled=False)
    present, missing = desk.rng.randint(5, 15), desk.rng.randint(1, 4)
    return (text(f"3. Thành viên: {present} người có tên trong danh sách kèm theo, vắng mặt {missing} người."),)


def contract(desk: Desk) -> Draft:
    """Hợp đồng of an agency and a company; both sides sign."""
    voice, rng = desk.voice, desk.rng
    service = voice.settle("service")
    buyer, seller = invented_person(rng), invented_person(rng)
    bases = (voice.say("basis_law"), voice.say("basis_reference"), "Theo nhu cầu và khả năng của hai bên,")
    terms = desk.voice.several("contract_article", 4, 6)
    body = (
        *bases_set(desk, bases),
        text(f"Hôm nay, ngày {long_date(desk.issued)}, tại trụ sở {desk.agency.name}, chúng tôi gồm:"),
        *_party("BÊN A", desk.agency.name, f"{buyer.courtesy} {buyer.name}, chức vụ: {desk.agency.head}", desk),
        *_party("BÊN B", desk.facts["company"], f"{seller.courtesy} {seller.name}, chức vụ: Giám đốc", desk),
        text("Hai bên thỏa thuận ký Hợp đồng với các điều khoản sau:"),
        *articles(terms),
        *(measures_table(desk) for _ in range(rng.random() < 0.3)),
        text(voice.say("contract_close")),
    )
    signatures = (
        Signature(("ĐẠI DIỆN BÊN A", desk.agency.head.upper()), buyer.name),
        Signature(("ĐẠI DIỆN BÊN B", "GIÁM ĐỐC"), seller.name),
    )
    return Draft(f"{service} năm {desk.issued.year}", body, bases=bases, signatures=signatures)


def _party(side: str, name: str, represented: str, desk: Desk) -> tuple[Block, ...]:
    number, street = desk.rng.randint(2, 300), desk.facts["street"]
    return (
        Paragraph((bold(f"{side}:"), bold(name.upper()))),
        *dashed(
            (
                f"Địa chỉ: số {number} đường {street}, {desk.agency.place}.",
                f"Điện thoại: {desk.voice.say('phone_line')}.",
                f"Đại diện: {represented}.",
            )
        ),
    )


def joint_programme(desk: Desk) -> Draft:
    """Chương trình phối hợp of an agency and an organisation; both heads sign side by side."""
    voice, rng = desk.voice, desk.rng
    partner = desk.facts["partner"]
    body = (
        text(voice.say("joint_opening")),
        heading("I. MỤC ĐÍCH, YÊU CẦU"),
        *numbered(voice.several("purpose", 2, 3)),
        heading("II. NỘI DUNG PHỐI HỢP"),
        *numbered(voice.several("joint_work", 3, 4)),
        heading("III. TỔ CHỨC THỰC HIỆN"),
        *dashed(voice.several("assign", 2, 3)),
        *texts([voice.say("joint_close")]),
    )
    signatures = (
        Signature((desk.agency.name.upper(), desk.agency.head.upper()), invented_person(rng).name),
        Signature((partner.upper(), "CHỦ TỊCH"), invented_person(rng).name),
    )
    return Draft(
        f"phối hợp thực hiện {desk.facts['theme']} giai đoạn {desk.issued.year} - {desk.facts['later_year']}",
        body,
        capital(desk.agency.superior),
        signatures=signatures,
    )
