"""Fills a search index with made-up Vietnamese pages and measures searching it.

    python -m tools.bench_search FOLDER --pages 100000

Syllables are put together from Vietnamese onsets and rimes, frequent ones as frequent as in administrative documents (of pages
with 400 syllables nine in ten hold the most frequent folded one, half the hundredth, a fifth the four hundredth: harder for an
index than any language with longer words). Prints one JSON object: times in milliseconds, sizes in bytes.
"""

from __future__ import annotations

import argparse
import bisect
import itertools
import json
import random
import statistics
import time
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.adapters.sqlite_index import SqliteIndex
from pipeline.index import IndexedPage, IndexedWord, IndexEntry, Placement
from pipeline.model import BoundingBox
from pipeline.query import Query
from pipeline.text import fold

ONSETS = "b c ch d đ g gi h k kh l m n ng nh ph qu r s t th tr v x".split()
RIMES = (
    "a ai am an ang anh ao ap at au ay e en eo et i ia iên iêu in inh it o oa oai oan oi om on ong ô ôi ôn ông ơ ơi ơn u ua uân "
    "ui un ung uôc uôi uôn ư ưa ươi ương ươc ân âm âu âp ât ăm ăn ăng ê ên êt y yên"
).split()
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
TYPES = ("QD", "CV", "TB", "KH", "BC", "TTr", "NQ")
PAGES_OF_A_RECORD = (1, 1, 2, 2, 3, 3, 4, 8)
PAIRS_OF_A_PAGE = 200
WORDS_OF_A_LINE = 14


class Language:
    """Pairs of syllables, the smaller their number the more frequent."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        every = [self._syllable(*parts) for parts in itertools.product(ONSETS, RIMES, TONES)]
        self.random.shuffle(every)
        syllables = list(dict.fromkeys(every))[:4500]
        weights = list(itertools.accumulate(1 / (rank + 40) ** 1.15 for rank in range(len(syllables))))
        self.pairs = [f"{self._drawn(syllables, weights)} {self._drawn(syllables, weights)}" for _ in range(8000)]
        self.weights = list(itertools.accumulate(1 / (rank + 60) ** 0.9 for rank in range(len(self.pairs))))

    @staticmethod
    def _syllable(onset: str, rime: str, tone: str) -> str:
        bare = unicodedata.normalize("NFD", rime)
        vowel = max(at for at, letter in enumerate(bare) if letter in "aeiouy")
        end = next((at for at in range(vowel + 1, len(bare)) if not unicodedata.combining(bare[at])), len(bare))
        return unicodedata.normalize("NFC", onset + bare[:end] + tone + bare[end:])

    def _drawn(self, from_these: list[str], weights: list[float]) -> str:
        return from_these[bisect.bisect(weights, self.random.random() * weights[-1])]

    def page(self, subject: list[str]) -> str:
        """Three tenths of it speak of the subject; a twelfth are figures."""
        words = []
        for _ in range(PAIRS_OF_A_PAGE):
            kind = self.random.random()
            if kind < 0.08:
                words.append(str(self.random.randint(1, 2025 if kind < 0.04 else 31)))
            else:
                words.append(self.random.choice(subject) if kind < 0.35 else self._drawn(self.pairs, self.weights))
        return " ".join(words)


def entries(language: Language, page_count: int) -> Iterator[IndexEntry]:
    """Records with this many pages in all, or a few more."""
    made = 0
    for number in itertools.count(1):
        if made >= page_count:
            return
        subject = [language.random.choice(language.pairs) for _ in range(12)]
        pages = tuple(
            laid_out(page_no, language.page(subject)) for page_no in range(1, language.random.choice(PAGES_OF_A_RECORD) + 1)
        )
        made += len(pages)
        yield record(language, number, subject, pages)


def record(language: Language, number: int, subject: list[str], pages: tuple[IndexedPage, ...]) -> IndexEntry:
    """A record of one of forty agencies."""
    chance = language.random
    kind, day = chance.choice(TYPES), datetime(2010, 1, 1, tzinfo=UTC) + timedelta(days=chance.randrange(5500))
    placement = Placement(
        f"{number:08d}", 1, "u1", "f1", f"s{chance.randrange(8)}", (f"b{number // 500}",), day + timedelta(hours=number % 24)
    )
    return IndexEntry(
        placement, f"{number}.pdf", kind, language.pairs[TYPES.index(kind)], language.pairs[20 + chance.randrange(40)],
        str(chance.randint(1, 900)), f"{kind}-UBND", language.pairs[3], day.date().isoformat(),
        " ".join(subject[:8]), language.pairs[100 + chance.randrange(500)], chance.random() < 0.1, pages,
    )  # fmt: skip


def laid_out(page_no: int, text: str) -> IndexedPage:
    """Fourteen words a line, boxes as of an A4 page at 300 dpi."""
    shown = text.split(" ")
    lines = [shown[start : start + WORDS_OF_A_LINE] for start in range(0, len(shown), WORDS_OF_A_LINE)]
    words, at = [], 0
    for row, line in enumerate(lines):
        across, down = 200 + row % 3, 300 + 55 * row
        for word in line:
            box = BoundingBox(across, down + at % 7, across + 20 * len(word), down + 40 + at % 5)
            words.append(IndexedWord(at, at + len(word), box))
            at, across = at + len(word) + 1, box.right + 12
    return IndexedPage(page_no, 2480, 3508, "\n".join(map(" ".join, lines)), tuple(words))


def questions(language: Language, subjects: list[str], count: int) -> dict[str, list[Query]]:
    """What people ask, `count` of each kind; `subjects` of records that are there."""
    chance = language.random

    def pairs(how_many: int, below: int = 3000) -> str:
        return " ".join(language.pairs[chance.randrange(below)] for _ in range(how_many))

    texts: dict[str, Callable[[], str]] = {
        "one frequent pair": lambda: pairs(1, 60),
        "one pair": lambda: pairs(1),
        "two pairs": lambda: pairs(2),
        "two pairs, no marks": lambda: fold(pairs(2)),
        "three frequent syllables, no marks": lambda: " ".join(fold(pairs(1, 100)).split()[0] for _ in range(3)),
        "a subject": lambda: chance.choice(subjects),
        "phrase": lambda: f'"{pairs(1)}"',
        "number": lambda: f"{chance.randint(1, 900)}/{chance.choice(TYPES)}-UBND",
        "type and number": lambda: f"{language.pairs[0]} số {chance.randint(1, 900)}",
        "one letter wrong": lambda: slip(pairs(2), chance),
        "a word that is nowhere": lambda: f"{pairs(2)} zzzzqq",
    }
    asked = {kind: [Query(text()) for _ in range(count)] for kind, text in texts.items()}
    asked["two pairs, one type and ten years"] = [
        Query(pairs(2), type_code=chance.choice(TYPES), date_from="2012-01-01", date_to="2021-12-31") for _ in range(count)
    ]
    asked["filters alone"] = [Query("", type_code=chance.choice(TYPES), sector="s1") for _ in range(count)]
    return asked


def slip(text: str, chance: random.Random) -> str:
    """One letter of the longest word is another."""
    word = max(fold(text).split(), key=len)
    at = chance.randrange(len(word))
    return fold(text).replace(word, word[:at] + chance.choice("bcdghklmnprstx") + word[at + 1 :], 1)


def times(index: SqliteIndex, queries: list[Query]) -> list[float]:
    """Milliseconds of each, of this process: what others do on the machine does not count, waiting for the disk neither."""
    taken = []
    for query in queries:
        start = time.process_time()
        index.search(query)
        taken.append(1000 * (time.process_time() - start))
    return taken


def summary(taken: list[float]) -> dict[str, float]:
    """Of times in milliseconds."""
    middle, slow = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    return {"p50": round(middle, 1), "p95": round(slow, 1), "max": round(max(taken), 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="holds the index; one that is there is measured as it is")
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=30, help="of each kind")
    options = parser.parse_args()
    index, language = SqliteIndex(options.folder), Language(seed=7)
    figures: dict[str, object] = {}
    if not options.folder.exists():
        start = time.perf_counter()
        figures["records"] = index.rebuild(entries(language, options.pages))
        figures["fill_seconds"] = round(time.perf_counter() - start, 1)
    subjects = [" ".join((hit.subject or "").split()[:8]) for hit in index.search(Query("", limit=200)).hits]
    asked = questions(language, subjects, options.queries)
    taken = {kind: times(index, queries) for kind, queries in asked.items()}
    figures["bytes"] = sum(file.stat().st_size for file in options.folder.iterdir())
    figures["all"] = summary([one for of_kind in taken.values() for one in of_kind])
    print(json.dumps(figures | {kind: summary(of_kind) for kind, of_kind in taken.items()}, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
