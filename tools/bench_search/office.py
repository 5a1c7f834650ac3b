"""The records of a made-up province: 99 communes, their agencies, numbers, dates and subjects, and pages of about 300 words.

The same seed makes the same records, in blocks, so that a fill that was broken off can go on.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np

from pipeline.index import IndexedPage, IndexedWord, IndexEntry, Placement
from pipeline.model import BoundingBox
from tools.bench_search.language import Ints, Language

TYPES = {
    "QD": ("Quyết định", 30), "CV": ("Công văn", 34), "TB": ("Thông báo", 9), "KH": ("Kế hoạch", 7), "BC": ("Báo cáo", 9),
    "TTr": ("Tờ trình", 6), "NQ": ("Nghị quyết", 3), "HD": ("Hợp đồng", 2),
}  # fmt: skip
"""Code -> name, and how many of a hundred records."""

OFFICES = ("Ủy ban nhân dân xã", "Hội đồng nhân dân xã", "Đảng ủy xã", "Phòng Kinh tế xã", "Phòng Văn hóa - Xã hội xã")
SIGNS = ("UBND", "HĐND", "ĐU", "KT", "VHXH")
SECTORS = ("dat-dai", "ho-tich", "xay-dung", "tai-chinh", "noi-vu", "van-hoa", "giao-duc", "tu-phap")
COMMUNES = 99

PAGES_OF_A_RECORD = (1, 1, 2, 2, 3, 3, 4, 8)
"""Three on average."""

BLOCK = 400
"""Records that are made together, about 1,200 pages."""

TOKENS_OF_A_PAGE = (210, 430)
"""As they are drawn, signs among them: with the subject's about 300 words."""

WORDS_OF_A_LINE = 14
SUBJECT_WORDS = (5, 14)
MENTIONS = 4
"""Times that a page speaks of its record's subject: with two to five words of it."""

BATCH_RECORDS = 500
FIRST_DAY, DAYS = datetime(2008, 1, 1, tzinfo=UTC), 365 * 18
UNDATED, UNNUMBERED, REVIEWED = 0.04, 0.03, 0.1
"""Shares of the records."""


class Office:
    """Makes records, ever the same for one seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.language = Language()
        names = self.language.names(np.random.default_rng(seed), 2 * COMMUNES)
        self._communes = [f"{first} {second}" for first, second in zip(names[::2], names[1::2], strict=True)]

    def entries(self, page_count: int, first_block: int = 0) -> Iterator[IndexEntry]:
        """Records with this many pages in all, or a few more."""
        made, block = 0, first_block
        while made < page_count:
            for entry in self.block(block):
                yield entry
                made += len(entry.pages)
                if made >= page_count:
                    return
            block += 1

    def block(self, number: int) -> list[IndexEntry]:
        """BLOCK records, the same ones for the same number."""
        numbers, chance = np.random.default_rng((self._seed, number)), random.Random(f"{self._seed} {number}")
        counts = [chance.choice(PAGES_OF_A_RECORD) for _ in range(BLOCK)]
        subjects = [self._subject(tokens, chance) for tokens in self.language.draw(numbers, BLOCK, SUBJECT_WORDS[1] + 4)]
        signers = self.language.names(numbers, 2 * BLOCK)
        drawn = iter(self.language.draw(numbers, sum(counts), TOKENS_OF_A_PAGE[1]))
        made = []
        for at, (count, subject) in enumerate(zip(counts, subjects, strict=True)):
            pages = tuple(self._page(page_no, next(drawn), subject, chance) for page_no in range(1, count + 1))
            made.append(
                self._record(number * BLOCK + at, subject, f"Trần {signers[2 * at]} {signers[2 * at + 1]}", pages, chance)
            )
        return made

    def _subject(self, tokens: Ints, chance: random.Random) -> list[str]:
        """The first words of a sentence, without signs."""
        printed = self.language.printed(tokens.tolist(), chance)
        return [word.strip('.,;:!?()[]“”"%') or "về" for word in printed][: chance.randint(*SUBJECT_WORDS)]

    def _page(self, page_no: int, tokens: Ints, subject: list[str], chance: random.Random) -> IndexedPage:
        """The first page begins with the subject; each comes back to it."""
        words = self.language.printed(tokens[: chance.randint(*TOKENS_OF_A_PAGE)].tolist(), chance)
        if page_no == 1:
            words[:0] = subject
        for _ in range(MENTIONS):
            start, at = chance.randrange(max(1, len(subject) - 1)), chance.randrange(len(words))
            words[at:at] = subject[start : start + chance.randint(2, 5)]
        return laid_out(page_no, words, chance.randbytes(4 * len(words)))

    def _record(
        self, number: int, subject: list[str], signer: str, pages: tuple[IndexedPage, ...], chance: random.Random
    ) -> IndexEntry:
        kind = chance.choices(list(TYPES), [share for _, share in TYPES.values()])[0]
        commune = min(int(chance.expovariate(1 / 25)), COMMUNES - 1)
        office = min(int(chance.expovariate(1.2)), len(OFFICES) - 1)
        issued = None if chance.random() < UNDATED else (FIRST_DAY + timedelta(days=chance.randrange(DAYS))).date().isoformat()
        numbered = chance.random() > UNNUMBERED
        placement = Placement(
            str(UUID(int=chance.getrandbits(128), version=4)), 1, f"xa-{commune:02d}", "f1", chance.choice(SECTORS),
            (f"2026-{1 + number // BATCH_RECORDS:06d}",), datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=2 * number),
        )  # fmt: skip
        return IndexEntry(
            placement, f"scan-{number:08d}.pdf", kind, TYPES[kind][0], f"{OFFICES[office]} {self._communes[commune]}",
            str(chance.randint(1, 1200)) if numbered else None,
            f"{kind.replace('QD', 'QĐ')}-{SIGNS[office]}" if numbered else None,
            self._communes[commune], issued, " ".join(subject), signer, chance.random() < REVIEWED, pages,
        )  # fmt: skip


def laid_out(page_no: int, words: list[str], shaking: bytes) -> IndexedPage:
    """Fourteen words a line, boxes as readers find them on an A4 page at 300 dpi; `shaking`: four random bytes a word."""
    lines = [words[start : start + WORDS_OF_A_LINE] for start in range(0, len(words), WORDS_OF_A_LINE)]
    placed, at = [], 0
    off = iter(shaking)
    for row, line in enumerate(lines):
        across, down = 200, 300 + 100 * row
        for word in line:
            left, top = across + next(off) % 6, down + next(off) % 10
            right, bottom = across + 24 * len(word) + next(off) % 8, down + 50 + next(off) % 10
            placed.append(IndexedWord(at, at + len(word), BoundingBox(left, top, right, bottom)))
            at, across = at + len(word) + 1, right + 14
    return IndexedPage(page_no, 2480, 3508, "\n".join(map(" ".join, lines)), tuple(placed))
