"""Who issues a document: an organ of the state with its header lines, its symbol, its place and how its heads sign."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from samples.writing.wordlists import invented_place, load

TWO_TIERS = date(2025, 7, 1)
"""From this day there are no districts, and provinces are merged."""
COMMITTEE, COUNCIL = "Ủy ban nhân dân", "Hội đồng nhân dân"


@dataclass(frozen=True, slots=True)
class Agency:
    """`above`, `lines`: the header as printed. `name`: in a running sentence. `sectors`: topics it writes about, empty = all.
    `collective`: on whose behalf the head signs ("TM. ..."), if anybody's. `units`: who takes its orders."""

    above: tuple[str, ...]
    lines: tuple[str, ...]
    name: str
    symbol: str
    place: str
    head: str
    collective: str | None
    superior: str
    superior_symbol: str
    units: str
    unit_heads: str
    area: str
    sectors: tuple[str, ...]

    @property
    def printed(self) -> str:
        """Parent and issuing organ in one line, as the archive's field has it."""
        return " - ".join(" ".join(lines) for lines in (self.above, self.lines) if lines)


Maker = Callable[[random.Random, date], Agency]


def agency_on(rng: random.Random, today: date) -> Agency:
    """Any agency that can issue most kinds of document on that day; a people's council only issues resolutions."""
    makers: list[Maker] = [_committee_of_province, _department, _department, _commune, _commune, _school, _centre]
    if today < TWO_TIERS:
        makers += [_district, _room]
    return rng.choice(makers)(rng, today)


def committee_on(rng: random.Random, today: date) -> Agency:
    """A people's committee: it has others to command."""
    makers: list[Maker] = [_committee_of_province, _commune]
    if today < TWO_TIERS:
        makers.append(_district)
    return rng.choice(makers)(rng, today)


def council_on(rng: random.Random, today: date) -> Agency:
    """A people's council of a province or a commune."""
    below = rng.random() < 0.4
    where = f"xã {invented_place(rng)}" if below else f"tỉnh {province(rng, today)}"
    level = where.partition(" ")[0]
    return Agency(
        above=(),
        lines=(COUNCIL.upper(), where.upper()),
        name=f"{COUNCIL} {where}",
        symbol="HĐND",
        place=where.partition(" ")[2],
        head="Chủ tịch",
        collective=None,
        superior=f"{COMMITTEE} {where}",
        superior_symbol="UBND",
        units=f"các cơ quan của {level}",
        unit_heads="Thủ trưởng các cơ quan có liên quan",
        area=f"trên địa bàn {level}",
        sectors=(),
    )


def province(rng: random.Random, today: date) -> str:
    places: Mapping[str, list[str]] = load("agencies")["places"]
    return rng.choice(places["provinces" if today < TWO_TIERS else "provinces_two_tier"])


def _committee_of_province(rng: random.Random, today: date) -> Agency:
    where = province(rng, today)
    return _committee(f"tỉnh {where}", where, (), "Thủ tướng Chính phủ", "TTg", "các sở, ban, ngành, đoàn thể cấp tỉnh")


def _district(rng: random.Random, today: date) -> Agency:
    where, district = province(rng, today), invented_place(rng)
    above = (f"UBND TỈNH {where.upper()}",) if rng.random() < 0.3 else ()
    units = "các phòng chuyên môn, Ủy ban nhân dân các xã, thị trấn"
    return _committee(f"huyện {district}", district, above, f"{COMMITTEE} tỉnh {where}", "UBND", units)


def _commune(rng: random.Random, today: date) -> Agency:
    where, commune, level = province(rng, today), invented_place(rng), rng.choice(("xã", "xã", "phường"))
    if today >= TWO_TIERS:
        above, superior = f"TỈNH {where.upper()}", f"{COMMITTEE} tỉnh {where}"
    else:
        district = invented_place(rng)
        above, superior = f"UBND HUYỆN {district.upper()}", f"{COMMITTEE} huyện {district}"
    units = "các ban, ngành, đoàn thể và các thôn" if level == "xã" else "các ban, ngành, đoàn thể và các tổ dân phố"
    return _committee(f"{level} {commune}", commune, (above,) if rng.random() < 0.6 else (), superior, "UBND", units)


def _committee(where: str, place: str, above: tuple[str, ...], superior: str, superior_symbol: str, units: str) -> Agency:
    level = where.partition(" ")[0]
    return Agency(
        above=above,
        lines=(COMMITTEE.upper(), where.upper()),
        name=f"{COMMITTEE} {where}",
        symbol="UBND",
        place=place,
        head="Chủ tịch",
        collective=f"TM. {COMMITTEE.upper()}",
        superior=superior,
        superior_symbol=superior_symbol,
        units=units,
        unit_heads="Thủ trưởng các cơ quan, đơn vị có liên quan",
        area=f"trên địa bàn {level}",
        sectors=(),
    )


def _department(rng: random.Random, today: date) -> Agency:
    where, key = province(rng, today), rng.choice([sector["key"] for sector in load("agencies")["sector"]])
    name, symbol = _department_name(key, today)
    above = f"UBND TỈNH {where.upper()}" if rng.random() < 0.7 else f"ỦY BAN NHÂN DÂN TỈNH {where.upper()}"
    return Agency(
        above=(above,),
        lines=(name.upper(),),
        name=name,
        symbol=symbol,
        place=where,
        head="Giám đốc",
        collective=None,
        superior=f"{COMMITTEE} tỉnh {where}",
        superior_symbol="UBND",
        units="các phòng, đơn vị trực thuộc",
        unit_heads="Trưởng các phòng, Thủ trưởng các đơn vị trực thuộc",
        area="trong toàn ngành",
        sectors=(key,),
    )


def _department_name(key: str, today: date) -> tuple[str, str]:
    """Name and symbol of the department for a sector on that day."""
    sector = next(sector for sector in load("agencies")["sector"] if sector["key"] == key)
    return (sector["name"], sector["symbol"]) if today < TWO_TIERS else (sector["later"], sector["later_symbol"])


def _room(rng: random.Random, _today: date) -> Agency:
    district, sector = invented_place(rng), rng.choice(load("agencies")["sector"])
    return Agency(
        above=(f"UBND HUYỆN {district.upper()}",),
        lines=(sector["room"].upper(),),
        name=sector["room"],
        symbol=sector["room_symbol"],
        place=district,
        head="Trưởng phòng",
        collective=None,
        superior=f"{COMMITTEE} huyện {district}",
        superior_symbol="UBND",
        units="Ủy ban nhân dân các xã, thị trấn và các đơn vị có liên quan",
        unit_heads="Thủ trưởng các đơn vị có liên quan",
        area="trên địa bàn huyện",
        sectors=(sector["key"],),
    )


def _school(rng: random.Random, today: date) -> Agency:
    where, name = province(rng, today), invented_place(rng)
    level, mark = rng.choice((("THPT", "THPT"), ("THCS", "THCS"), ("Tiểu học", "TH")))
    initials = "".join(word[0] for word in name.split())
    above = "SỞ GIÁO DỤC VÀ ĐÀO TẠO" if level == "THPT" else f"UBND {'XÃ' if today >= TWO_TIERS else 'HUYỆN'} {name.upper()}"
    return Agency(
        above=(above,),
        lines=(f"TRƯỜNG {level.upper()} {name.upper()}",),
        name=f"Trường {level} {name}",
        symbol=f"{mark}{initials}",
        place=where if level == "THPT" else name,
        head="Hiệu trưởng",
        collective=None,
        superior="Sở Giáo dục và Đào tạo",
        superior_symbol="SGDĐT",
        units="các tổ chuyên môn, tổ văn phòng và các lớp",
        unit_heads="Các tổ trưởng chuyên môn, giáo viên chủ nhiệm",
        area="trong toàn trường",
        sectors=("truong-hoc",),
    )


def _centre(rng: random.Random, today: date) -> Agency:
    where = province(rng, today)
    name, symbol, sector = rng.choice(
        (
            ("Trung tâm Kiểm soát bệnh tật", "KSBT", "y-te"),
            (f"Bệnh viện Đa khoa {invented_place(rng)}", "BVĐK", "y-te"),
            ("Chi cục Thủy lợi", "CCTL", "nong-nghiep"),
            ("Văn phòng Đăng ký đất đai", "VPĐKĐĐ", "tai-nguyen"),
            ("Trung tâm Lưu trữ lịch sử", "TTLTLS", "noi-vu"),
            ("Bảo tàng tỉnh", "BT", "van-hoa"),
        )
    )
    superior, superior_symbol = _department_name(sector, today)
    return Agency(
        above=(superior.upper(),),
        lines=(name.upper(),),
        name=name,
        symbol=symbol,
        place=where,
        head="Chi cục trưởng" if name.startswith("Chi cục") else "Giám đốc",
        collective=None,
        superior=superior,
        superior_symbol=superior_symbol,
        units="các khoa, phòng, bộ phận",
        unit_heads="Trưởng các khoa, phòng",
        area="tại đơn vị",
        sectors=(sector,),
    )
