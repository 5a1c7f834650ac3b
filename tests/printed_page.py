"""A page of print and what it says: what most files of tests show."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("/Library/Fonts"), Path.home() / ".fonts")
FONT_FILE = "Tinos-Regular.ttf"
A4_PIXELS = (1240, 1754)

TEXT = (
    "ỦY BAN NHÂN DÂN XÃ MẪU",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Số: 27/KH-UBND",
    "Xã Mẫu, ngày 04 tháng 3 năm 2021",
    "KẾ HOẠCH",
    "Vệ sinh kho lưu trữ và sắp xếp lại giá để hồ sơ",
    "Phòng Văn thư kiểm đếm từng hộp, ghi số lượng vào sổ theo dõi và báo",
    "cho người phụ trách trước khi chuyển sang kho mới ở tầng hai.",
    "Những hộp bị ẩm được phơi khô, thay bìa và dán lại nhãn theo đúng mẫu.",
    "Mọi người giữ trật tự, không tự ý mang hồ sơ ra khỏi phòng đọc.",
    "Nơi nhận:",
    "- Như trên;",
    "- Lưu: VT.",
)
"""Sentences of our own; enough words for a text layer to be judged by."""

GARBAGE = (
    "BO GIAO DlJC vA DAo T~O", "C(>NG HoA xA HQI CHiJ NGHiA VI~T NAM", "D(lc l~p - T1}' do - H~nh phuc",
    "S6: 27/KH-UBND", "Ph6ng Van thir ki~m d~m tirng h(lp, ghi s6 luqng vao s6 theo doi", "Nhfrng h(lp bi ~m duqc phoi kh6",
)  # fmt: skip
"""What an OCR without Vietnamese makes of such a page."""

OLD_ENCODING = (
    "ñy ban nh©n d©n x· mÉu", "Céng hßa x· héi chñ nghÜa ViÖt Nam", "§éc lËp - Tù do - H¹nh phóc", "KÕ ho¹ch vÖ sinh kho l­u tr÷",
    "Phßng V¨n th­ kiÓm ®Õm tõng hép, ghi sè l­îng vµo sæ theo dâi vµ b¸o", "cho ng­êi phô tr¸ch tr­íc khi chuyÓn sang kho míi",
)  # fmt: skip
"""Vietnamese in TCVN3, taken for Latin 1."""


@cache
def font_path() -> Path:
    for folder in FONT_FOLDERS:
        for found in folder.rglob(FONT_FILE):
            return found
    raise FileNotFoundError(f"{FONT_FILE}: run `make setup`")


@cache
def page_picture(lines: tuple[str, ...] = TEXT) -> Image.Image:
    """A4 at 150 dpi in grey, a line of print every 13 mm."""
    picture = Image.new("L", A4_PIXELS, 255)
    draw = ImageDraw.Draw(picture)
    letters = ImageFont.truetype(str(font_path()), 30)
    for row, line in enumerate(lines):
        draw.text((120, 120 + 76 * row), line, 0, letters)
    return picture
