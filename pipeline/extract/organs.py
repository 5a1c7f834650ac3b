"""The words that nearly all names of organs are made of, spelled as they are known; the rest of a name stays as it was read."""

from __future__ import annotations

import re

from pipeline.extract.gazetteer import Gazetteer
from pipeline.text import fold, match_key, words

PHRASES = (
    "ỦY BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN DÂN", "ỦY BAN MẶT TRẬN TỔ QUỐC", "BAN CHẤP HÀNH", "SỞ Y TẾ", "SỞ TƯ PHÁP",
    "SỞ NỘI VỤ", "SỞ TÀI CHÍNH", "SỞ XÂY DỰNG", "SỞ CÔNG THƯƠNG", "SỞ GIÁO DỤC VÀ ĐÀO TẠO", "SỞ GIAO THÔNG VẬN TẢI",
    "SỞ KẾ HOẠCH VÀ ĐẦU TƯ", "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI",
    "SỞ NÔNG NGHIỆP VÀ PHÁT TRIỂN NÔNG THÔN", "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG", "SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG",
    "SỞ THÔNG TIN VÀ TRUYỀN THÔNG", "SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH", "VĂN PHÒNG", "THANH TRA", "TRUNG TÂM",
    "TRƯỜNG ĐẠI HỌC", "TRƯỜNG CAO ĐẲNG", "TRƯỜNG TIỂU HỌC", "TRƯỜNG MẦM NON", "TRƯỜNG TRUNG HỌC CƠ SỞ",
    "TRƯỜNG TRUNG HỌC PHỔ THÔNG", "HỌC VIỆN", "VIỆN KIỂM SÁT NHÂN DÂN", "TÒA ÁN NHÂN DÂN", "BỆNH VIỆN", "CÔNG AN",
    "KHO BẠC NHÀ NƯỚC", "BẢO HIỂM XÃ HỘI", "CHI CỤC THUẾ",
    "CỤC THUẾ", "LIÊN ĐOÀN LAO ĐỘNG", "HỘI NÔNG DÂN", "HỘI LIÊN HIỆP PHỤ NỮ", "UBND TỈNH", "UBND THÀNH PHỐ",
    "UBND HUYỆN", "UBND QUẬN", "UBND THỊ XÃ", "UBND PHƯỜNG", "UBND XÃ", "UBND THỊ TRẤN", "UBND ĐẶC KHU", "HĐND TỈNH",
    "HĐND HUYỆN", "HĐND XÃ", "NHÂN DÂN TỈNH", "NHÂN DÂN HUYỆN", "NHÂN DÂN XÃ", "NHÂN DÂN PHƯỜNG", "NHÂN DÂN THÀNH PHỐ",
)  # fmt: skip
CONTINUES = (
    "xa", "thi tran", "dac khu", "tinh", "thanh pho", "tp", "huyen", "quan", "thi xa", "phuong", "tai", "va", "nuoc", "cap",
    "khu", "mien", "lam thoi",
)  # fmt: skip
"""First words of a line with which the name of an organ goes on."""
KNOWN = {tuple(fold(phrase).split()): phrase.split() for phrase in PHRASES}
LONGEST = max(len(key) for key in KNOWN)
MOST_SURE = 2
"""Words that have to follow a cut one for the phrase to be beyond doubt."""
PLACE = re.compile(r"\b(TỈNH|THÀNH PHỐ|TP\.?) (.+)$")


def goes_on(text: str) -> bool:
    """The line is the rest of the organ named in the line above: "TỈNH BẮC NINH"."""
    bare = " ".join(words(fold(text)))
    return any(bare == start or bare.startswith(f"{start} ") for start in CONTINUES)


def spelled(name: str, gazetteer: Gazetteer) -> str:
    """ "UBND TÌNH PHÚ THỌ" -> "UBND TỈNH PHÚ THỌ": marks that reading lost or changed, first letters that a hole or a stamp took.

    Tone placement stays as written.
    """
    tokens = name.split()
    begins = _cut_head(tokens)
    done, at = list(begins), len(begins)
    while at < len(tokens):
        known = _known_at(tokens, at)
        done += [_like(was, now) for was, now in zip(tokens[at:], known, strict=False)] if known else tokens[at : at + 1]
        at += len(known) or 1
    return PLACE.sub(lambda found: f"{found[1]} {gazetteer.mend(found[2])}", " ".join(done))


def _cut_head(tokens: list[str]) -> list[str]:
    """The phrase with which a name begins whose first letters are missing: "RƯỜNG ĐẠI HỌC", "Y BAN NHÂN DÂN"."""
    if not tokens or _known_at(tokens, 0):
        return []
    for key, phrase in KNOWN.items():
        head, rest = key[0], key[1:]
        as_read = tuple(fold(token) for token in tokens[: len(key)])
        if len(rest) >= MOST_SURE and as_read[1:] == rest and as_read[0] != head and head.endswith(as_read[0]):
            return phrase
    return []


def _known_at(tokens: list[str], at: int) -> list[str]:
    """The longest known phrase that begins there, marks aside."""
    for size in range(min(LONGEST, len(tokens) - at), 1, -1):
        known = KNOWN.get(tuple(fold(" ".join(tokens[at : at + size])).split()))
        if known:
            return known
    return []


def _like(written: str, known: str) -> str:
    if match_key(written) == match_key(known):
        return written
    return known if written.isupper() else known.capitalize()
