"""Small scans that are like no other: the head of a decision on a slip of paper, read in a few tenths of a second."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

from samples.document import Face
from samples.typeset.fonts import font

WIDTH, HEIGHT, DPI = 900, 420, 150


def make_small_scans(folder: Path, count: int, first: int = 1) -> list[Path]:
    """PNG files 000001.png … of one page each, numbered from `first`; those that are there are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_small_scan(folder / f"{number:06d}.png", number) for number in range(first, first + count)]


def _small_scan(path: Path, number: int) -> Path:
    if path.exists():
        return path
    picture = Image.new("L", (WIDTH, HEIGHT), 250)
    pen = ImageDraw.Draw(picture)
    lines = (
        (40, 30, f"ỦY BAN NHÂN DÂN XÃ {number % 97 + 1}", Face.BOLD),
        (40, 75, f"Số: {number}/QĐ-UBND", Face.REGULAR),
        (330, 130, f"ngày {number % 28 + 1:02d} tháng {number % 12 + 1:02d} năm {2000 + number % 25}", Face.ITALIC),
        (380, 195, "QUYẾT ĐỊNH", Face.BOLD),
        (180, 245, f"Về việc cấp giấy chứng nhận quyền sử dụng đất số {number * 7919 % 100_003}", Face.REGULAR),
        (40, 310, "Căn cứ Luật Tổ chức chính quyền địa phương;", Face.ITALIC),
    )
    for left, top, text, face in lines:
        pen.text((left, top), text, fill=20, font=font(face, 28))
    unfinished = path.with_suffix(".part")
    picture.save(unfinished, format="PNG", dpi=(DPI, DPI))
    unfinished.replace(path)
    return path
