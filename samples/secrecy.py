"""Pages for the test of secrecy: made-up documents with a mark of secrecy on them, and others that merely use the words."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from samples.document import Align, Block, Column, Document, Face, Paragraph, Run, Table, Title
from samples.draw import write_sheets
from samples.levels import choose_recipe, in_turn
from samples.picture import Colour
from samples.recipe import Mode, Place, Recipe, SecrecyMark
from samples.spoil.page import ScannedPage, scanned
from samples.spoil.seal import RED
from samples.typeset.pages import fit_pages
from samples.typeset.style import choose_style
from samples.writing import KINDS, write_document
from samples.writing.parts import centred, dashed, heading, texts

WORDS = ("MẬT", "TỐI MẬT", "TUYỆT MẬT")
INKS: tuple[Colour, ...] = (RED, (214, 60, 70), (150, 30, 60), (25, 25, 30), (60, 60, 62))
DARK_INKS = ((150, 20, 40), *INKS[3:4])
"""Of which a scan in black and white leaves as much as of the print; what is lighter is gone, and no person sees it."""
LOOKS = ("plain", "turned", "faint", "bilevel", "small", "unframed", "black", "bare_and_small")

SENTENCES = (
    "Cán bộ, công chức có trách nhiệm bảo vệ bí mật nhà nước theo quy định của pháp luật",
    "Việc bảo mật thông tin cá nhân của người dân được thực hiện nghiêm túc, đúng quy định",
    "Không soạn thảo, lưu giữ tài liệu mật trên máy tính có kết nối mạng Internet",
    "Độ mật của văn bản gồm Tuyệt mật, Tối mật và Mật; người soạn thảo đề xuất, người ký quyết định",
    "Mật khẩu của tài khoản được thay đổi ít nhất sáu tháng một lần và không được giao cho người khác",
    "Mật độ xây dựng của khu đất không vượt quá sáu mươi phần trăm diện tích",
    "Tài liệu đóng dấu MẬT được lưu trong tủ riêng, có khóa; không giao người không có trách nhiệm",
    "Nuôi ong lấy mật là hướng đi mới của các hộ gia đình trong xã",
    "Văn bản mang độ TUYỆT MẬT, TỐI MẬT chỉ được sao chụp khi người có thẩm quyền cho phép",
)
HEADINGS = (
    "DANH MỤC BÍ MẬT NHÀ NƯỚC",
    "BẢO VỆ BÍ MẬT NHÀ NƯỚC",
    "III. CÔNG TÁC BẢO MẬT, AN TOÀN THÔNG TIN",
    "QUY ĐỊNH VỀ TÀI LIỆU MẬT",
    "XÁC ĐỊNH ĐỘ MẬT CỦA VĂN BẢN",
    "SỔ ĐĂNG KÝ VĂN BẢN MẬT ĐẾN",
)
SUBJECTS = (
    "ban hành Quy chế bảo vệ bí mật nhà nước",
    "tăng cường công tác bảo mật thông tin",
    "ban hành Danh mục bí mật nhà nước của cơ quan",
    "quản lý văn bản mật đi, văn bản mật đến",
)
LEVELS = (("Mật", "Tối mật", "Tuyệt mật"), ("MẬT", "TỐI MẬT", "TUYỆT MẬT"))


@dataclass(frozen=True, slots=True)
class StampedPage:
    """`look` of LOOKS; `page_no` from 1, of the page that carries the mark; `pages`: the whole document."""

    mark: SecrecyMark
    look: str
    page_no: int
    pages: tuple[ScannedPage, ...]

    @property
    def page(self) -> ScannedPage:
        return self.pages[self.page_no - 1]


def draw_stamped(seed: int, index: int, level: str = "mixed") -> StampedPage:
    """Document `index` (from 1) of a seed with a mark of secrecy on one of its pages; every look in turn."""
    key = f"{seed}:secrecy:{index}"
    rng = random.Random(key)
    look = LOOKS[index % len(LOOKS)]
    recipe = _recipe(look, choose_recipe(level, seed, index, random.Random(f"{key}:{level}")))
    document, sheets = write_sheets(key, in_turn(KINDS, f"{seed}:kinds", index), recipe.entries)
    page_no = 1 if rng.random() < 0.75 else rng.randint(1, len(sheets))
    mark = _mark(look, page_no, rng, seen=recipe.mode is not Mode.BILEVEL)
    pages = tuple(
        scanned(sheet, None, replace(recipe, secrecy=mark if number == page_no else None), document.issued, f"{key}:{number}")
        for number, sheet in enumerate(sheets, 1)
    )
    return StampedPage(mark, look, page_no, pages)


def draw_mentioning(seed: int, index: int, level: str = "mixed") -> tuple[ScannedPage, ...]:
    """All pages of document `index` of a seed, which speaks of secrecy in sentences, headings and tables and carries no mark."""
    key = f"{seed}:mentions:{index}"
    rng = random.Random(key)
    recipe = replace(choose_recipe(level, seed, index, random.Random(f"{key}:{level}")), show_through=0.0)
    document = _mentioning(write_document(rng, in_turn(KINDS, f"{seed}:kinds", index), recipe.entries), rng)
    sheets = fit_pages(document, choose_style(rng, document.issued))
    return tuple(scanned(sheet, None, recipe, document.issued, f"{key}:{number}") for number, sheet in enumerate(sheets))


def _recipe(look: str, recipe: Recipe) -> Recipe:
    recipe = replace(recipe, show_through=0.0)
    return replace(recipe, mode=Mode.BILEVEL, blur=max(recipe.blur, 0.6), photo=False) if look == "bilevel" else recipe


def _mark(look: str, page_no: int, rng: random.Random, *, seen: bool) -> SecrecyMark:
    """`seen`: in grey or colour, where a faint mark is still to be seen; in black and white it is gone, or is dark."""
    small = look in ("small", "bare_and_small")
    place = rng.choice((Place.UNDER_NUMBER, Place.UNDER_NUMBER, Place.TOP_LEFT, Place.TOP_MIDDLE, Place.TOP_RIGHT))
    return SecrecyMark(
        word=rng.choice(WORDS),
        place=place if page_no == 1 or place is not Place.UNDER_NUMBER else Place.TOP_RIGHT,
        degrees=rng.choice((-1, 1)) * rng.uniform(4, 9) if look == "turned" else rng.uniform(-3, 3),
        height_mm=rng.uniform(4.5, 6.0) if small else rng.uniform(7.0, 10.0),
        wide=rng.uniform(0.9, 1.2),
        framed=look not in ("unframed", "bare_and_small"),
        ink=rng.choice(INKS[3:] if look == "black" else INKS if seen else DARK_INKS),
        pressure=rng.uniform(0.45, 0.65) if look == "faint" and seen else rng.uniform(0.8 if seen else 0.95, 1.0),
    )


def _mentioning(document: Document, rng: random.Random) -> Document:
    """Sentences, a heading and now and then a table of levels put between the paragraphs; the subject often speaks of it too."""
    blocks: list[Block] = []
    about = rng.choice(SUBJECTS)
    for block in document.blocks:
        if isinstance(block, Title) and rng.random() < 0.6:
            block = replace(block, subject=f"Về việc {about}" if block.subject.startswith("Về việc") else about.capitalize())
        blocks.append(block)
        if isinstance(block, Paragraph) and block.align is Align.JUSTIFY and not block.keep and rng.random() < 0.35:
            blocks += _mention(rng)
    return replace(document, blocks=tuple(blocks))


def _mention(rng: random.Random) -> tuple[Block, ...]:
    sentence = rng.choice(SENTENCES)
    match rng.randrange(8):
        case 0:
            return (centred(rng.choice(HEADINGS)), *texts((f"{sentence}.",)))
        case 1:
            return (heading(rng.choice(HEADINGS)),)
        case 2:
            return (levels_table(rng),)
        case 3:
            return (Paragraph((Run(f"{sentence.upper()}.", Face.BOLD),)),)
        case 4:
            return dashed(f"{level};" for level in rng.choice(LEVELS))
        case _:
            return texts((f"{sentence}.",))


def levels_table(rng: random.Random) -> Table:
    """Levels of secrecy in cells."""
    levels = rng.choice(LEVELS)
    rows = tuple((f"{place}", rng.choice(("Báo cáo", "Kế hoạch", "Hồ sơ")), levels[place % 3]) for place in range(1, 5))
    columns = (Column("TT", 0.1, Align.CENTRE), Column("Tên tài liệu", 0.6), Column("ĐỘ MẬT", 0.3, Align.CENTRE))
    return Table(columns, rows, ruled=rng.random() < 0.8)
