"""What made-up documents say: the layout of samples with the words of a corpus in it."""

from __future__ import annotations

import lzma
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.text import clean
from samples.document import Block, Document, Ending, Face, Kind, Paragraph, Run, Signature, Table, Title

SHARE = 0.35
"""Of the corpus' lines is kept, by chance: as many as fit into memory beside everything else."""
FEWEST_WORDS = 4
REWORDED = 0.9
"""Of the paragraphs say something of the corpus, the others what the sample says."""
SLANTED, HEAVY, CAPITALS = 0.08, 0.1, 0.06
"""Shares of paragraphs that are set otherwise as a whole."""
SIGNED = 0.15
"""Of the sentences get something that a corpus of clean prose lacks."""

SIGNS: tuple[Callable[[random.Random], str], ...] = (
    lambda rng: f"“{rng.choice(('Một cửa', 'Nông thôn mới', 'Dân vận khéo', 'Xanh - Sạch - Đẹp'))}”",
    lambda rng: f'"{rng.choice(("Đền ơn đáp nghĩa", "Nếp sống văn minh", "Cờ đỏ sao vàng"))}"',
    lambda rng: f"{rng.randint(1, 999)}.{rng.randint(0, 999):03d}.{rng.randint(0, 999):03d} đồng",
    lambda rng: f"{rng.randint(1, 99)},{rng.randint(0, 99):02d}%",
    lambda rng: f"{rng.randint(2, 9999)}m²" if rng.random() < 0.6 else f"{rng.randint(2, 90)},{rng.randint(1, 9)} km²",
    lambda rng: f"{rng.randint(-5, 42)}°C",
    lambda rng: f"{rng.randint(1, 12)}/{rng.randint(1990, 2027)}",
    lambda rng: f"{rng.randint(1, 31):02d}/{rng.randint(1, 12):02d}/{rng.randint(1980, 2027)}",
    lambda rng: f"số {rng.randint(1, 4999)}/{rng.choice(('QĐ', 'KH', 'TB', 'CV', 'BC', 'TTr', 'NQ'))}-{_organ(rng)}",
    lambda rng: f"số {rng.randint(1, 199)}/{rng.randint(1998, 2027)}/{rng.choice(('NĐ-CP', 'TT-BTC', 'TT-BNV', 'QH13', 'QH15'))}",
    lambda rng: f"[{rng.randint(1, 40)}]",
    lambda rng: f"{rng.randint(7, 17)}h{rng.randint(0, 59):02d}" if rng.random() < 0.5 else f"{rng.randint(7, 17)} giờ 00",
    lambda rng: f"0{rng.randint(200, 999)}.{rng.randint(100, 999)}.{rng.randint(100, 999)}",
    lambda rng: f"{rng.choice(('§', '•', '+', '*', '-', '–'))} {rng.randint(1, 20)}",
    lambda rng: f"{rng.randint(1, 50)} x {rng.randint(1, 50)} = {rng.randint(50, 2500)}",
    lambda rng: f"{_organ(rng).lower()}@{rng.choice(('tinh', 'huyen', 'xa'))}.gov.vn",
    lambda rng: f"{rng.choice(('?', '!', '…', '...', '/.'))}",
)  # fmt: skip


def _organ(rng: random.Random) -> str:
    return rng.choice(("UBND", "HĐND", "SNV", "STC", "SYT", "SGDĐT", "VP", "BQL", "TTg", "BTC", "ĐU", "CA", "PTNMT", "TNMT"))


@dataclass(frozen=True, slots=True)
class Corpus:
    """`lines`: sentences or paragraphs. `names`: kind (family, middle, given) -> syllables and how often each stands."""

    lines: Sequence[str]
    names: dict[str, tuple[list[str], list[int]]]

    def words(self, rng: random.Random, count: int) -> str:
        """So many words that follow each other somewhere, or fewer."""
        found = rng.choice(self.lines).split()
        start = rng.randrange(max(1, len(found) - count + 1))
        return " ".join(found[start : start + count])

    def sentence(self, rng: random.Random) -> str:
        text = self.words(rng, rng.choice((12, 20, 30, 45, 60)))
        if rng.random() < SIGNED:
            some = text.split()
            some.insert(rng.randrange(len(some) + 1), rng.choice(SIGNS)(rng))
            text = " ".join(some)
        return text

    def person(self, rng: random.Random) -> str:
        parts = [rng.choices(*self.names[kind])[0] for kind in ("family", "middle", "given")]
        return " ".join(part.capitalize() for part in parts)


def open_corpus(texts: Sequence[Path], names: Path, seed: int) -> Corpus:
    """`texts`: UTF-8, one paragraph a line, plain or .xz; `names`: kind, syllable and count, tab-separated."""
    rng = random.Random(seed)
    lines = [line for file in texts for line in _lines(file) if rng.random() < SHARE and len(line.split()) >= FEWEST_WORDS]
    counted: dict[str, tuple[list[str], list[int]]] = {}
    for row in names.read_text(encoding="utf-8").splitlines():
        kind, syllable, count = row.split("\t")
        syllables, counts = counted.setdefault(kind, ([], []))
        syllables.append(syllable)
        counts.append(int(count))
    return Corpus(lines, counted)


def _lines(file: Path) -> Iterator[str]:
    with lzma.open(file, "rt", encoding="utf-8") if file.suffix == ".xz" else file.open(encoding="utf-8") as stream:
        for line in stream:
            yield re.sub(r"\s+", " ", clean(line)).strip()


def reworded(document: Document, corpus: Corpus, rng: random.Random) -> Document:
    """The same layout with other words. Header, number and date stay, and what a pen writes."""
    return replace(document, blocks=tuple(_block(block, corpus, rng) for block in document.blocks))


def _block(block: Block, corpus: Corpus, rng: random.Random) -> Block:
    match block:
        case Paragraph() if rng.random() < REWORDED:
            return _paragraph(block, corpus, rng)
        case Title():
            return replace(block, subject=corpus.words(rng, rng.randint(5, 24)))
        case Table():
            return replace(block, rows=tuple(tuple(_cell(cell, corpus, rng) for cell in row) for row in block.rows))
        case Ending():
            recipients = tuple(corpus.words(rng, rng.randint(2, 8)).rstrip(".,;:") for _ in block.recipients)
            signatures = tuple(Signature(one.position, corpus.person(rng)) for one in block.signatures)
            return replace(block, recipients=recipients, signatures=signatures)
        case _:
            return block


def _paragraph(block: Paragraph, corpus: Corpus, rng: random.Random) -> Paragraph:
    if any(run.kind is not Kind.PRINT for run in block.runs):
        return block
    turn = rng.random()
    face = Face.ITALIC if turn < SLANTED else Face.BOLD if turn < SLANTED + HEAVY else None
    capitals = rng.random() < CAPITALS
    runs = [_run(run, corpus, rng, face) for run in block.runs]
    if capitals:
        runs = [replace(run, text=run.text.upper()) for run in runs]
    if rng.random() < 0.1:
        runs.append(Run(corpus.person(rng), face or Face.REGULAR))
    return replace(block, runs=tuple(runs))


def _run(run: Run, corpus: Corpus, rng: random.Random, face: Face | None) -> Run:
    """Short ones ("Điều 1.", "Căn cứ") stay: they are what real pages have most of."""
    text = run.text if len(run.text.split()) < FEWEST_WORDS and rng.random() < 0.5 else corpus.sentence(rng)
    return replace(run, text=text, face=face or run.face)


def _cell(cell: str, corpus: Corpus, rng: random.Random) -> str:
    if not cell or rng.random() < 0.3:
        return cell
    if cell.replace(".", "").replace(",", "").isdigit():
        return f"{rng.randint(0, 99_999_999):,}".replace(",", ".") if rng.random() < 0.5 else str(rng.randint(1, 9999))
    return corpus.words(rng, rng.randint(1, 9))
