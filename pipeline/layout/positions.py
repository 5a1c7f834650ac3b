"""Positions in a signature block (decree 30/2020, appendix I, 7a): "KT. CHÁNH VĂN PHÒNG", "CHỦ TỊCH QUẬN 7", "T/M BAN THƯỜNG VỤ".

A line of the block is a prefix of authority, a title of a known list and, behind it, the organ or place over which it is held;
what a pen or a seal has left before the title is told from words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from pipeline.layout.anchors import is_capitals
from pipeline.syllables import is_syllable
from pipeline.text import fold, match_key

HEADS = (
    "CHỦ TỊCH", "GIÁM ĐỐC", "TỔNG GIÁM ĐỐC", "CỤC TRƯỞNG", "TỔNG CỤC TRƯỞNG", "VỤ TRƯỞNG", "CHI CỤC TRƯỞNG", "HIỆU TRƯỞNG",
    "VIỆN TRƯỞNG", "CHÁNH VĂN PHÒNG", "CHÁNH THANH TRA", "TRƯỞNG PHÒNG", "TRƯỞNG BAN", "BÍ THƯ", "THỦ TƯỚNG", "CHÁNH ÁN",
    "TRƯỞNG KHOA", "CHỦ NHIỆM", "TRƯỞNG CÔNG AN", "TỔNG THƯ KÝ", "TRƯỞNG ĐOÀN", "ĐỘI TRƯỞNG", "TỔ TRƯỞNG", "TRƯỞNG THÔN",
    "TỔNG BIÊN TẬP", "TRƯỞNG TRẠM", "TRƯỞNG BỘ MÔN", "CHỈ HUY TRƯỞNG", "TRƯỞNG ĐÀI", "TRẠM TRƯỞNG", "TỔNG THANH TRA",
    "VIỆN TRƯỞNG VIỆN KIỂM SÁT", "THỐNG ĐỐC", "KIỂM TOÁN TRƯỞNG", "TỔNG KIỂM TOÁN", "QUẢN ĐỐC", "CHÍNH ỦY", "TRƯỞNG ĐƠN VỊ",
    "TRƯỞNG CHI NHÁNH", "TRƯỞNG TIỂU BAN", "CHÁNH VP",
)  # fmt: skip
"""Titles whose holder has a deputy: PHÓ before them."""
OTHERS = (
    "BỘ TRƯỞNG", "THỨ TRƯỞNG", "KẾ TOÁN TRƯỞNG", "THƯ KÝ", "CHỦ TỌA", "NGƯỜI GHI BIÊN BẢN", "ỦY VIÊN", "ỦY VIÊN THƯỜNG TRỰC",
    "ĐẠI DIỆN BÊN A", "ĐẠI DIỆN BÊN B", "NGƯỜI LẬP", "THẨM PHÁN", "KIỂM SÁT VIÊN TRƯỞNG", "THUYỀN TRƯỞNG", "CHUYÊN VIÊN",
    "BÍ THƯ ĐOÀN", "CHỦ TỊCH CÔNG ĐOÀN", "NGƯỜI LẬP BIỂU", "NGƯỜI BÁO CÁO", "THỦ TRƯỞNG ĐƠN VỊ", "THỦ TRƯỞNG CƠ QUAN",
    "THỦ QUỸ", "CHỦ HỘ", "CHỦ ĐẦU TƯ", "NGƯỜI LÀM ĐƠN", "NGƯỜI ĐỀ NGHỊ", "CHỦ TRÌ", "CHỦ TỌA CUỘC HỌP", "THƯ KÝ CUỘC HỌP",
    "THƯỜNG TRỰC", "TỔNG BÍ THƯ", "CHỦ TỊCH NƯỚC", "CHỦ TỊCH QUỐC HỘI",
)  # fmt: skip
ORGANS = (
    "ỦY BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN DÂN", "BAN THƯỜNG VỤ", "BAN CHẤP HÀNH", "ỦY BAN THƯỜNG VỤ QUỐC HỘI", "CHÍNH PHỦ",
    "HỘI ĐỒNG QUẢN TRỊ", "HỘI ĐỒNG TRƯỜNG", "ĐẢNG ỦY", "CHI ỦY", "ĐOÀN CHỦ TỊCH",
)  # fmt: skip
"""Bodies in whose name ("TM.") somebody signs; without the prefix they are no position."""
DEPUTY = "PHÓ "
KNOWN = {fold(title): title for title in (*HEADS, *(DEPUTY + head for head in HEADS), *OTHERS)}
WITH_PREFIX = KNOWN | {fold(organ): organ for organ in ORGANS}
PREFIXES = {"tm": "TM.", "kt": "KT.", "tl": "TL.", "tuq": "TUQ.", "q": "Q."}
PREFIX = re.compile(r"^[\W_]*(?P<sign>t ?/ ?m|k ?/ ?t|t ?/ ?l|tm|kt|tl|tuq|q)(?:\s*[.,:]\s*|\s+)(?=\w)")
"""TM. KT. TL. TUQ. Q. before a position (decree 30/2020, appendix I); T/M, K/T, T/L in documents of the Party."""
TAILS = (
    "quan", "huyen", "tinh", "thanh pho", "tp", "thi xa", "thi tran", "xa", "phuong", "dac khu", "so", "bo", "cuc", "chi cuc",
    "ban", "truong", "trung tam", "cong ty", "phong", "khoa", "vien", "hoc vien", "hoi", "ubnd", "uy ban", "hdnd", "hoi dong",
    "hdqt", "cong an", "benh vien", "dang uy", "doan", "lien doan", "to", "doi", "kho bac", "ngan hang", "van phong",
    "thanh tra", "cong doan", "chi nhanh", "tong cong ty", "tram", "dai", "bao hiem", "toa an", "thuong truc", "kiem",
    "dai hoc",
)  # fmt: skip
"""First words of the organ or place behind a title."""
FIGURES_UPON_LETTERS = re.compile(r"(?<=[^\W\d_])\d+\b")
""" "TRƯỞNG7": the beginning of a signature. "QUẬN 7" has a space."""
LETTERS_TO_A_SLIP = 5
"""One letter in so many may be another one; a title of two short words has to have all but one."""
STUCK = 2
"""Letters of a pen's sign that a reader may have joined to the title: "KGIÁM ĐỐC"."""
FEWEST_LEFT = 6
"""Letters that have to be left of a title whose first ones lie under a seal."""


@dataclass(frozen=True, slots=True)
class Position:
    """`prefix` as it is spelled ("KT."), `lead`: words before the title ("PHÊ DUYỆT"), `title` in its known spelling, `tail`: the
    organ or place behind it. `marked`: a sign that is no word stands before the title. `cut`: its first letters were missing."""

    prefix: str
    lead: str
    title: str
    tail: str
    marked: bool
    cut: bool

    @property
    def is_head(self) -> bool:
        """Somebody who has a deputy."""
        return self.title in HEADS

    @property
    def text(self) -> str:
        return " ".join(part for part in (self.prefix, self.lead, self.title, self.tail) if part)

    @property
    def is_deputy(self) -> bool:
        return self.title.startswith(DEPUTY)

    @property
    def head(self) -> str:
        """The title without "PHÓ"."""
        return self.title.removeprefix(DEPUTY)


def is_position(text: str) -> bool:
    """A line of a signature block above the name: TM. ỦY BAN NHÂN DÂN, KT. GIÁM ĐỐC, PHÓ CHỦ TỊCH, HIỆU TRƯỞNG ..."""
    return is_capitals(text) and (bool(PREFIX.match(fold(text))) or position_in(text) is not None)


def position_in(text: str) -> Position | None:
    """The position that a line names; None when no known title stands in it. Letters as read: a mark lost costs nothing."""
    prefix, rest = _after_prefix(text)
    tokens = [token.strip(".,:;'\"*_|-–()") for token in FIGURES_UPON_LETTERS.sub("", rest).split()]
    tokens = [token for token in tokens if any(char.isalnum() for char in token)]
    titles = WITH_PREFIX if prefix else KNOWN
    for start in range(len(tokens)):
        for end in range(len(tokens), start, -1):
            found = _title(tokens[start:end], titles, begins_line=start == 0)
            if found and _is_tail(tokens[end:]):
                return _position(prefix, tokens[:start], found, tokens[start:end], tokens[end:])
    return None


def _after_prefix(text: str) -> tuple[str, str]:
    found = PREFIX.match(fold(text))
    if found is None or len(fold(text)) != len(text):
        return "", text
    sign = re.sub(r"\s", "", found["sign"])
    return PREFIXES.get(sign, sign.upper()), text[found.end() :]


@dataclass(frozen=True, slots=True)
class _Found:
    title: str
    marked: bool = False
    cut: bool = False


def _title(tokens: list[str], titles: dict[str, str], *, begins_line: bool) -> _Found | None:
    """A known title. Where the line begins, its first letters may be missing or a sign may be joined to them."""
    bare = fold(" ".join(tokens))
    if bare in titles:
        return _Found(titles[bare])
    if len(tokens) < 2:
        return None
    alike = [known for known in titles if known.count(" ") == len(tokens) - 1]
    if begins_line:
        cut = [known for known in alike if _is_cut(tokens, bare, known, titles[known])]
        if cut:
            return _Found(titles[min(cut, key=len)], cut=True)
        stuck = next((known for known in alike if bare.endswith(known) and len(bare) - len(known) <= STUCK), None)
        if stuck:
            return _Found(titles[stuck], marked=True)
    near = [known for known in alike if _is_slip(bare, known)]
    return _Found(titles[near[0]]) if len(near) == 1 else None


def _is_cut(tokens: list[str], bare: str, known: str, title: str) -> bool:
    """A seal lies to the left of the signature and takes the first letters: "NH THANH TRA", "Ó GIÁM ĐỐC"."""
    if len(bare) < FEWEST_LEFT or not known.endswith(bare):
        return False
    return len(tokens[0]) > 1 or match_key(title.split()[0]).endswith(match_key(tokens[0]))


def _is_slip(bare: str, known: str) -> bool:
    """The same number of words, none of which is a lone letter, and few letters that are others."""
    if any(len(word) == 1 for word in bare.split()):
        return False
    most = max(1, len(known) // LETTERS_TO_A_SLIP - 1)
    return Levenshtein.distance(bare, known, score_cutoff=most) <= most


def _is_tail(tokens: list[str]) -> bool:
    bare = fold(" ".join(tokens))
    return not tokens or any(bare == head or bare.startswith(head + " ") for head in TAILS)


def _position(prefix: str, before: list[str], found: _Found, read: list[str], behind: list[str]) -> Position:
    lead = [token for token in before if _is_word(token)]
    title = " ".join(_like(was, now) for was, now in zip(read, found.title.split(), strict=True))
    return Position(prefix, " ".join(lead), title, " ".join(behind), found.marked or len(lead) < len(before), found.cut)


def _is_word(token: str) -> bool:
    return len(token) >= 2 and token.isupper() and is_syllable(token)


def _like(written: str, known: str) -> str:
    """Tone placement as written (UỶ, ỦY)."""
    return written if match_key(written) == match_key(known) and written.isupper() else known
