"""Documents with sections: kế hoạch, báo cáo."""

from __future__ import annotations

from samples.document import Block
from samples.writing.desk import Desk, Draft
from samples.writing.parts import addressed, dashed, measures_table, numbered, schedule_table, section, text, texts
from samples.writing.voice import capital


def plan(desk: Desk) -> Draft:
    """Purpose, targets, work, money, who does it: two to four pages, often with a schedule behind."""
    voice, rng = desk.voice, desk.rng
    body: list[Block] = [text(voice.say("opening"))]
    body += section(
        "I. MỤC ĐÍCH, YÊU CẦU",
        *section("1. Mục đích", *dashed(voice.several("purpose", 2, 3))),
        *section("2. Yêu cầu", *dashed(voice.several("demand", 2, 3))),
    )
    body += section("II. CHỈ TIÊU", *numbered(voice.several("target", 2, 4)))
    work: tuple[Block, ...] = ()
    for place, matter in enumerate(rng.sample(desk.topic["matters"], rng.randint(2, 4)), 1):
        work += section(f"{place}. {capital(matter)}", *dashed(voice.several("work", 2, 4)))
    body += section("III. NHIỆM VỤ TRỌNG TÂM", *work)
    body += section("IV. KINH PHÍ", text(voice.say("money_line")))
    body += section("V. TỔ CHỨC THỰC HIỆN", *numbered(voice.several("assign", 2, 4)), text(voice.say("plan_close")))
    appendix = (schedule_table(desk, rng.randint(6, 12)),) if rng.random() < 0.4 else ()
    subject = f"thực hiện {desk.facts['theme']} năm {desk.issued.year}"
    return Draft(
        subject, tuple(body), capital(desk.agency.superior), appendix_subject="Biểu phân công nhiệm vụ", appendix=appendix
    )


def report(desk: Desk) -> Draft:
    """Báo cáo: what was done, a table of figures, what was not, what comes next."""
    voice, rng = desk.voice, desk.rng
    superior = desk.agency.superior
    opening = addressed((superior,)) if rng.random() < 0.5 else ()
    results = numbered(voice.several("report_result", 3, 6))
    table: tuple[Block, ...] = (
        (text("Kết quả cụ thể một số chỉ tiêu như sau:"), measures_table(desk)) if rng.random() < 0.7 else ()
    )
    body = (
        text(voice.say("report_opening")),
        *section("I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH", *texts(voice.several("report_direct", 1, 3))),
        *section("II. KẾT QUẢ THỰC HIỆN", *results, *table),
        *section(
            "III. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN",
            *numbered(voice.several("report_problem", 2, 3)),
            text(voice.say("report_cause")),
        ),
        *section("IV. NHIỆM VỤ THỜI GIAN TỚI", *dashed(voice.several("report_next", 3, 5)), text(voice.say("report_close"))),
    )
    addressees = (superior,) if opening else ()
    return Draft(
        f"kết quả thực hiện {desk.facts['theme']} {desk.facts['period']}", body, superior, opening=opening, addressees=addressees
    )
