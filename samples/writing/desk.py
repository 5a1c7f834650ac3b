"""What lies before whoever drafts a document: the agency, the topic, the day, the number and a way of putting things."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from samples.document import Block, Entries, Signature
from samples.writing.agencies import Agency
from samples.writing.voice import Voice, long_date
from samples.writing.wordlists import invented_person, invented_place, load

ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class Desk:
    """`number` as printed, with a letter at times; `entries`: who fills number and day in."""

    rng: random.Random
    voice: Voice
    agency: Agency
    topic: Mapping[str, Any]
    facts: Mapping[str, str]
    issued: date
    number: str
    entries: Entries


@dataclass(frozen=True, slots=True)
class Draft:
    """What is particular to one kind of document; `frame.py` puts header, title, recipients and signatures around it.

    `subject` without "Về việc". `answers`: the first of the recipients, such as "Như trên"; empty = there are none. `opening`:
    blocks between title and body that name the `addressees`. `signatures`: empty = the agency's head signs in the usual way.
    """

    subject: str
    body: tuple[Block, ...]
    answers: str = ""
    opening: tuple[Block, ...] = ()
    addressees: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()
    appendix_subject: str = ""
    appendix: tuple[Block, ...] = ()


def set_desk(rng: random.Random, agency: Agency, issued: date, entries: Entries, *, urgent: bool) -> Desk:
    """Pick a topic that the agency writes about (with alarms where it is `urgent`), and gather what sentences will refer to."""
    topics = [one for one in load("topics")["topic"] if not agency.sectors or set(agency.sectors) & set(one["sectors"])]
    topic = rng.choice([one for one in topics if "alarms" in one or not urgent])
    facts = _facts(rng, agency, topic, issued)
    number = f"{_number(rng):02d}" + (rng.choice("aAbB") if rng.random() < 0.03 else "")
    return Desk(rng, Voice(rng, facts, topic, issued), agency, topic, facts, issued, number, entries)


def _number(rng: random.Random) -> int:
    """Registers start at 1 each year: small numbers are common, four digits are not rare."""
    return int(10 ** rng.uniform(0, 3.6))


def _facts(rng: random.Random, agency: Agency, topic: Mapping[str, Any], issued: date) -> Mapping[str, str]:
    office = rng.choice(topic["offices"])
    level = agency.area.removeprefix("trên địa bàn ") if agency.area.startswith("trên") else "tỉnh"
    places, bodies, year = load("agencies")["places"], load("agencies")["bodies"], issued.year
    return {
        "agency": agency.name,
        "superior": agency.superior,
        "superior_symbol": agency.superior_symbol,
        "units": agency.units,
        "unit_heads": agency.unit_heads,
        "area": agency.area,
        "theme": topic["theme"],
        "matter": rng.choice(topic["matters"]),
        "year": f"{year}",
        "today": long_date(issued),
        "later_year": f"{year + rng.randint(2, 5)}",
        "period": _period(rng, issued),
        "office": office,
        "office_head": head_of_office(office),
        "head": head_of(agency),
        "partner": f"{rng.choice(bodies['partners'])} {level}",
        "street": rng.choice(places["streets"]),
        "company": f"{rng.choice(bodies['company_forms'])} {rng.choice(bodies['trades'])} {invented_place(rng)}",
        "term": rng.choice(("XVII", "XVIII", "XIX", "XX")),
        "session": f"{rng.randint(2, 24)}",
    }


def _period(rng: random.Random, issued: date) -> str:
    """A stretch of time that was over when the document was written."""
    quarter, month = (issued.month - 1) // 3, issued.month - 1
    over = [f"năm {issued.year - 1}"]
    over.append(f"quý {ROMAN[quarter - 1]} năm {issued.year}" if quarter else f"quý IV năm {issued.year - 1}")
    over.append(f"tháng {month} năm {issued.year}" if month else f"tháng 12 năm {issued.year - 1}")
    if quarter >= 2:
        over.append(f"6 tháng đầu năm {issued.year}")
    return rng.choice(over)


def head_of(agency: Agency) -> str:
    """ "Giám đốc Sở Y tế", "Trưởng Phòng Y tế": who gives orders in a running sentence."""
    return f"Trưởng {agency.name}" if agency.head == "Trưởng phòng" else f"{agency.head} {agency.name}"


def head_of_office(office: str) -> str:
    title = load("agencies")["bodies"]["heads"].get(office.partition(" ")[0], "phụ trách")
    return f"{title} {office}"


def usual_signature(desk: Desk) -> Signature:
    """The head or a deputy (KT.), on behalf of a collective where there is one; at times whoever was told to sign (TL., TUQ.)."""
    head, rng = desk.agency.head.upper(), desk.rng
    on_behalf = (desk.agency.collective,) if desk.agency.collective else ()
    way = rng.random()
    if way < 0.4:
        position = (*on_behalf, head)
    elif way < 0.85:
        position = (*on_behalf, f"KT. {head}", f"PHÓ {head}")
    elif way < 0.95:
        position = (f"TL. {head}", rng.choice(("CHÁNH VĂN PHÒNG", "TRƯỞNG PHÒNG HÀNH CHÍNH")))
    else:
        position = (f"TUQ. {head}", "CHÁNH VĂN PHÒNG") if rng.random() < 0.5 else (*on_behalf, f"Q. {head}")
    return Signature(position, invented_person(rng).name)


def authority(desk: Desk) -> str:
    """Who decides, as the line in capitals under the title of a decision says it: a committee, or the head of any agency."""
    if desk.agency.collective and desk.rng.random() < 0.4:
        return desk.agency.name.upper()
    return head_of(desk.agency).upper()


def distinct(desk: Desk, rule: str, count: int) -> list[str]:
    """Up to `count` phrases of a rule, none twice."""
    return list(dict.fromkeys(desk.voice.say(rule) for _ in range(count)))
