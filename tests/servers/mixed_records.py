"""A hundred and fifty records of a made-up office, and questions of every kind about them."""

from __future__ import annotations

import random
from datetime import date, timedelta

from pipeline.index import IndexEntry
from pipeline.query import Query, Scope
from tests.index.entries import RECEIVED, entry

TYPES = {"QD": "Quyết định", "CV": "Công văn", "TB": "Thông báo", "BB": "Biên bản", "KH": "Kế hoạch"}
ISSUERS = (
    "ỦY BAN NHÂN DÂN - HUYỆN VÂN HẠ",
    "Ủy ban nhân dân huyện Vân Hạ",
    "Sở Nông nghiệp",
    "SỞ NÔNG NGHIỆP",
    "UBND xã Hà Lộc",
    None,
)
SIGNERS = ("Trịnh Thị Hòa", "Trịnh Thị Hoà", "Đỗ Văn Khảm", "Lý Kỳ Anh", None)
PHRASES = (
    "thu hồi đất", "giao rừng", "cấp nước sạch", "tu bổ đê điều", "họp trưng bày", "hợp đồng lao động", "khai thác khoáng sản",
    "hạ tầng", "hà tầng", "kỳ họp", "kì họp", "thủy lợi", "thuỷ lợi", "đường sá", "dương xỉ", "công tác văn thư", "xây dựng cầu",
    "xay dung", "quyhoạch", "trurng bày", "lao đông", "ngày 2 tháng 9 năm 2021", "2/9/2021", "căn cứ Quyết định số 15/QĐ-UBND",
    "đơn thư của dân", "nghị định 30", "phòng cháy", "chữa cháy",
)  # fmt: skip
FILLERS = ("và", "của", "theo", "các", "về việc", "tại", "nhằm", "được", "trong", "\n")


def records() -> list[IndexEntry]:
    chance = random.Random(4)
    return [_record(chance, number) for number in range(150)]


def _record(chance: random.Random, number: int) -> IndexEntry:
    kind = chance.choice(sorted(TYPES))
    day = date(2018, 1, 1) + timedelta(days=chance.randrange(2200))
    numbered = chance.random() < 0.8
    return entry(
        f"r{number:03d}",
        *(_text(chance) for _ in range(chance.choice((0, 1, 1, 2, 3, 6)))),
        generation=chance.randrange(1, 4),
        unit=chance.choice(("ubnd", "so")),
        sector=chance.choice(("dat-dai", "giao-thong", "tu-phap")),
        batches=tuple(sorted({f"b{chance.randrange(9)}" for _ in range(chance.choice((1, 1, 2)))})),
        received_at=RECEIVED + timedelta(minutes=chance.randrange(50)),
        type_code=kind if chance.random() < 0.9 else None,
        type_name=TYPES[kind],
        issuer=chance.choice(ISSUERS),
        code_number=f"{chance.randrange(1, 40):02d}" if numbered else None,
        code_notation=chance.choice((f"{kind}-UBND", f"{kind}-UBNO", f"2021/{kind}-UBND")) if numbered else None,
        issued_date=day.isoformat() if chance.random() < 0.85 else None,
        subject=chance.choice(PHRASES) if chance.random() < 0.7 else None,
        signer=chance.choice(SIGNERS),
        needs_review=chance.random() < 0.2,
    )


def _text(chance: random.Random) -> str:
    parts = [chance.choice(PHRASES if chance.random() < 0.5 else FILLERS) for _ in range(chance.randrange(3, 40))]
    return " ".join(parts)


TYPED = (
    "", "đất", "dat", "thu hồi đất", "thu hoi dat", "đất hồi thu", '"thu hồi đất"', '"cấp nước sạch"', "hạ tầng", "ha tang",
    "hà tầng", "Hạ Tầng", "kỳ họp", "ki hop", "thủy lợi", "thuỷ lợi", "thuy loi", "trưng bày", "trung bay", "họp trưng bày",
    "hợp đồng lao động", "hop dong lao dong", "lao động hợp đồng", "lao động lao động", "xây dựng", "xây dựng cầu", "quy hoạch",
    "15/QĐ-UBND", "15/qd-ubnd", "15/CV-UBND", "l5/QĐ-UBND", "QD-UBND 15", "số 15", "15", "7", "09/2021", "15/2021/QĐ-UBND",
    "2/9/2021", "02-09-2021", "quyết định 15", "quyết định số 15 thu hồi đất", "Trịnh Thị Hòa", "trinh thi hoa", "lí kì anh",
    "Đỗ Văn Khảm biên bản", "nghị định 30 công tác văn thư", "khai thác khoáng sản", "khai thac khoang sann", "phòng cháy",
    '"phòng cháy" "chữa cháy"', "phòng cháy chữa cháy", "cấp nước sạch thủy lợi đê điều", "xi măng", "đê điều zzzz", "zzzz qqqq",
    "sở nông nghiệp", "căn cứ quyết định số 15", "đơn thư của dân về việc thu hồi đất tại xã Hà Lộc", "scan",
    "thu hồi đất và của theo các tại nhằm được trong đất thu hồi giao rừng",
)  # fmt: skip

PAGED = ("thu hồi đất", "trưng bày", "", "xây dựng cầu zzzz", "quyết định 15", "hạ tầng", "khai thac khoang sann 15")
"""Questions of which the answers are read page by page."""

QUESTIONS = (
    *(Query(text, limit=200) for text in TYPED),
    Query("thu hồi đất", limit=5),
    Query("thu hồi đất", exact=True),
    Query("kì họp", exact=True),
    Query("", type_code="qđ"),
    Query("", issuer="huyen van ha"),
    Query("", issuer="nông ng"),
    Query("", issuer="*"),
    Query("đất", batch="b3", sector="dat-dai"),
    Query("lao động", date_from="1/1/2020", date_to="2021-12-31"),
    Query("trưng bày", scope=Scope(units=frozenset({"so"}))),
    Query("", scope=Scope(sectors=frozenset({"tu-phap", "giao-thong"})), needs_review=True),
    Query("", scope=Scope(units=frozenset())),
)
