"""Building blocks that several kinds of document share: runs, headings, items, tables."""

from __future__ import annotations

from collections.abc import Iterable

from samples.document import Align, Block, Column, Entries, Face, Kind, Paragraph, Run, Table
from samples.writing.desk import Desk
from samples.writing.voice import capital, grouped
from samples.writing.wordlists import invented_person, load

ROOM_FOR_NUMBER, ROOM_FOR_DAY = "00000", "000"


def plain(text: str) -> Run:
    return Run(text)


def bold(text: str) -> Run:
    return Run(text, Face.BOLD)


def italic(text: str) -> Run:
    return Run(text, Face.ITALIC)


def text(sentence: str) -> Paragraph:
    return Paragraph((plain(sentence),))


def texts(sentences: Iterable[str]) -> tuple[Block, ...]:
    return tuple(text(sentence) for sentence in sentences)


def dashed(sentences: Iterable[str]) -> tuple[Block, ...]:
    return tuple(text(f"- {capital(sentence)}") for sentence in sentences)


def numbered(sentences: Iterable[str]) -> tuple[Block, ...]:
    return tuple(text(f"{number}. {capital(sentence)}") for number, sentence in enumerate(sentences, 1))


def articles(sentences: Iterable[str]) -> tuple[Block, ...]:
    """ "Điều 1. ..." with the number in bold."""
    return tuple(Paragraph((bold(f"Điều {number}."), plain(capital(sentence)))) for number, sentence in enumerate(sentences, 1))


def lettered(sentences: Iterable[str]) -> tuple[Block, ...]:
    """ "a) ...", in the order of the Vietnamese alphabet."""
    return tuple(text(f"{letter}) {capital(sentence)}") for letter, sentence in zip("abcdđeghikl", sentences, strict=False))


def heading(title: str) -> Paragraph:
    return Paragraph((bold(title),), keep=True)


def section(title: str, *blocks: Block) -> tuple[Block, ...]:
    return (heading(title), *blocks)


def centred(title: str) -> Paragraph:
    return Paragraph((bold(title),), align=Align.CENTRE, indent=False, keep=True)


def addressed(names: tuple[str, ...], lead: str = "Kính gửi:") -> tuple[Block, ...]:
    """One addressee stands beside the words, several stand below them as a list."""
    if len(names) == 1:
        return (Paragraph((plain(lead), plain(f"{names[0]}.")), align=Align.CENTRE, indent=False),)
    entries = [f"- {name}{'.' if name == names[-1] else ';'}" for name in names]
    return (
        Paragraph((plain(lead),), align=Align.LEFT, indent=False, inset=0.2, keep=True),
        *(Paragraph((plain(entry),), align=Align.LEFT, indent=False, inset=0.32) for entry in entries),
    )


def number_runs(desk: Desk, notation: str, lead: str = "Số:") -> tuple[Run, ...]:
    """ "Số: 15/QĐ-UBND", or with the number in a pen's hand, or with room for it."""
    match desk.entries:
        case Entries.TYPED:
            return (Run(f"{lead} {desk.number}/{notation}"),)
        case Entries.PENNED:
            return (Run(lead), Run(desk.number, kind=Kind.HANDWRITING), Run(f"/{notation}"))
        case Entries.LEFT_BLANK:
            return (Run(lead), Run(ROOM_FOR_NUMBER, kind=Kind.BLANK), Run(f"/{notation}"))


def date_runs(desk: Desk, face: Face) -> tuple[Run, ...]:
    """ "ngày 05 tháng 02 năm 2024", the day by hand where the number is; the month stays typed."""
    month = f"{desk.issued.month:02d}" if desk.issued.month < 3 else f"{desk.issued.month}"
    end = Run(f"tháng {month} năm {desk.issued.year}", face)
    match desk.entries:
        case Entries.TYPED:
            return (Run(f"ngày {desk.issued.day:02d}", face), end)
        case Entries.PENNED:
            return (Run("ngày", face), Run(f"{desk.issued.day:02d}", kind=Kind.HANDWRITING), end)
        case Entries.LEFT_BLANK:
            gap = Run(ROOM_FOR_DAY, kind=Kind.BLANK)
            return (Run("ngày", face), gap, Run("tháng", face), gap, Run(f"năm {desk.issued.year}", face))


def measures_table(desk: Desk) -> Table:
    """Indicators of the topic: planned, reached, share."""
    rng, rows = desk.rng, []
    measures = rng.sample(desk.topic["measures"], rng.randint(4, len(desk.topic["measures"])))
    for place, (name, unit, low, high) in enumerate(measures, 1):
        planned = max(1, rng.randint(low, high))
        reached = round(planned * rng.uniform(0.7, 1.25))
        share = f"{reached / planned * 100:.1f}".replace(".", ",")
        rows.append((f"{place}", name, unit, grouped(planned), grouped(reached), share))
    return Table(
        (
            Column("TT", 0.07, Align.CENTRE),
            Column("Chỉ tiêu", 0.37),
            Column("Đơn vị tính", 0.14, Align.CENTRE),
            Column("Kế hoạch", 0.14, Align.CENTRE),
            Column("Thực hiện", 0.14, Align.CENTRE),
            Column("Tỷ lệ (%)", 0.14, Align.CENTRE),
        ),
        tuple(rows),
    )


def schedule_table(desk: Desk, rows: int) -> Table:
    """What, who, until when; contents run over several lines."""
    rng, lines = desk.rng, []
    offices = (capital(desk.facts["office"]), "Văn phòng", "Các đơn vị liên quan", "Bộ phận kế toán")
    for place in range(1, rows + 1):
        due = f"{rng.randint(1, 28):02d}/{rng.randint(1, 12):02d}/{desk.issued.year}"
        lines.append((f"{place}", capital(desk.voice.say("task")), rng.choice(offices), due))
    return Table(
        (
            Column("STT", 0.08, Align.CENTRE),
            Column("Nội dung công việc", 0.5),
            Column("Đơn vị thực hiện", 0.24),
            Column("Thời hạn", 0.18, Align.CENTRE),
        ),
        tuple(lines),
    )


def roles_in(council: str, count: int) -> tuple[str, ...]:
    """Who leads the body, who is second, and what all others are called."""
    first, second, others = load("agencies")["bodies"]["roles"][council.partition(" ")[0]]
    return (first, second, *[others] * (count - 2))


def people_table(desk: Desk, council: str, count: int, *, ruled: bool) -> Table:
    """Members of a body: a list with or without lines around it."""
    head, posts = desk.agency.head, load("agencies")["bodies"]["posts"]
    rows = []
    for place, role in enumerate(roles_in(council, count), 1):
        who, post = invented_person(desk.rng), capital(desk.rng.choice(posts))
        post = {1: head, 2: f"Phó {head}"}.get(place, post)
        rows.append((f"{place}.", f"{capital(who.courtesy)} {who.name}", post, role))
    return Table(
        (Column("TT", 0.07, Align.CENTRE), Column("Họ và tên", 0.33), Column("Chức vụ", 0.33), Column("Nhiệm vụ", 0.27)),
        tuple(rows),
        ruled=ruled,
    )
