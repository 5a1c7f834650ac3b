"""Documents that decide or command: quyết định, nghị quyết, chỉ thị, công điện."""

from __future__ import annotations

from samples.document import DECREE_2020, Block, Paragraph, Signature
from samples.writing.desk import Desk, Draft, authority, distinct
from samples.writing.parts import (
    addressed,
    articles,
    centred,
    dashed,
    italic,
    lettered,
    measures_table,
    numbered,
    people_table,
    plain,
    roles_in,
    schedule_table,
    text,
    texts,
)
from samples.writing.voice import capital
from samples.writing.wordlists import invented_person, load


def legal_bases(desk: Desk) -> tuple[str, ...]:
    laws = distinct(desk, "basis_law", desk.rng.randint(1, 3))
    return (*laws, *distinct(desk, "basis_reference", desk.rng.randint(1, 3)), desk.voice.say("basis_proposal"))


def bases_set(desk: Desk, bases: tuple[str, ...]) -> tuple[Block, ...]:
    """The decree of 2020 sets legal bases in italics; before it they stood upright."""
    run = italic if desk.issued >= DECREE_2020 else plain
    return tuple(Paragraph((run(basis),)) for basis in bases)


def decision(desk: Desk) -> Draft:
    """Sets up a body, or approves a paper; often with the paper or the list behind it."""
    return _set_up(desk) if desk.rng.random() < 0.45 else _approve(desk)


def _set_up(desk: Desk) -> Draft:
    voice, rng = desk.voice, desk.rng
    council, bases = voice.settle("council"), legal_bases(desk)
    count = rng.randint(4, 9)
    if rng.random() < 0.7:
        members: tuple[Block, ...] = (people_table(desk, council, count, ruled=rng.random() < 0.4),)
    else:
        members = texts(_member(desk, place, role) for place, role in enumerate(roles_in(council, count), 1))
    first, *rest = articles([voice.say("set_up"), voice.say("duty"), f"{voice.say('effect')} {voice.say('carry_out_named')}"])
    body = (*_ordered(desk, bases), first, *members, *rest)
    return Draft(f"thành lập {council} năm {desk.issued.year}", body, "Như Điều 3", bases=bases)


def _member(desk: Desk, place: int, role: str) -> str:
    who, post = invented_person(desk.rng), desk.rng.choice(load("agencies")["bodies"]["posts"])
    return f"{place}. {capital(who.courtesy)} {who.name}, {post} - {role};"


def _approve(desk: Desk) -> Draft:
    voice, rng = desk.voice, desk.rng
    paper, bases = voice.settle("paper"), legal_bases(desk)
    said = [voice.say("approve"), *voice.several("approve_more", 1, 3), voice.say("effect"), voice.say("carry_out")]
    subject = f"{rng.choice(('phê duyệt', 'ban hành'))} {paper} năm {desk.issued.year}"
    appendix: tuple[Block, ...] = ()
    if rng.random() < 0.5:
        table = measures_table(desk) if rng.random() < 0.5 else schedule_table(desk, rng.randint(5, 9))
        appendix = (text(desk.voice.say("report_direct")), table, *dashed(voice.several("demand", 1, 2)))
    return Draft(
        subject,
        (*_ordered(desk, bases), *articles(said)),
        f"Như Điều {len(said)}",
        bases=bases,
        appendix_subject=paper,
        appendix=appendix,
    )


def _ordered(desk: Desk, bases: tuple[str, ...]) -> tuple[Block, ...]:
    return (centred(authority(desk)), *bases_set(desk, bases), centred("QUYẾT ĐỊNH:"))


def resolution(desk: Desk) -> Draft:
    """What a people's council has voted."""
    voice = desk.voice
    bases = (*distinct(desk, "basis_law", 3), *distinct(desk, "basis_reference", 2))
    paper = voice.settle("paper")
    said = [*voice.several("resolve", 2, 4), *voice.several("resolve_duty", 1, 2), voice.say("resolve_close")]
    session = centred(f"KHÓA {desk.facts['term']}, KỲ HỌP THỨ {desk.facts['session']}")
    body = (centred(desk.agency.name.upper()), session, *bases_set(desk, bases), centred("QUYẾT NGHỊ:"), *articles(said))
    signature = Signature(("CHỦ TỊCH",), invented_person(desk.rng).name)
    return Draft(f"thông qua {paper} năm {desk.issued.year}", body, "Như Điều 1", bases=bases, signatures=(signature,))


def directive(desk: Desk) -> Draft:
    """Chỉ thị: what went wrong, and numbered orders, some with points a), b), c)."""
    voice = desk.voice
    orders: list[Block] = []
    for place, sentence in enumerate(voice.several("order", 4, 7), 1):
        orders.append(text(f"{place}. {sentence}"))
        if desk.rng.random() < 0.3:
            orders += lettered(voice.several("work", 2, 3))
    body = (text(voice.say("directive_opening")), text(voice.say("directive_order")), *orders, text(voice.say("directive_close")))
    subject = f"{desk.rng.choice(('tăng cường', 'chấn chỉnh'))} {desk.facts['theme']} {desk.agency.area}"
    return Draft(subject, body, capital(desk.agency.units))


def telegram(desk: Desk) -> Draft:
    """An urgent order; only topics with `alarms` have something to say in one."""
    voice = desk.voice
    alarm = voice.settle("alarm")
    names = tuple(capital(name) for name in (desk.agency.unit_heads, desk.agency.units, desk.facts["office"]))
    body = (
        text(voice.say("telegram_opening")),
        text(voice.say("telegram_order")),
        *numbered(voice.several("order", 4, 6)),
        text(voice.say("telegram_close")),
    )
    return Draft(alarm, body, "Như trên", opening=addressed(names, f"{authority(desk)} điện:"), addressees=names)


def guidance(desk: Desk) -> Draft:
    """Hướng dẫn: steps, and the forms that go with them."""
    voice, rng = desk.voice, desk.rng
    steps = [f"Bước {place}: {voice.say('guide_step')}" for place in range(1, rng.randint(4, 6))]
    body = (
        text(voice.say("guide_opening")),
        *texts(steps),
        text("Một số chỉ tiêu để các đơn vị tham khảo:"),
        measures_table(desk),
        text(voice.say("letter_close")),
    )
    return Draft(f"thực hiện {desk.facts['theme']} năm {desk.issued.year}", body, "Như trên")
