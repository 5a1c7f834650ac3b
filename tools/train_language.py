"""Writes the syllable model of pipeline/read: `python -m tools.train_language TEXT... -o FILE [--names FILE]`.

A TEXT is UTF-8, a sentence or paragraph a line (`.xz` is unpacked on the way). Put the register that matters first: later
texts are support, and count as they are. What is kept are counts, never text: an n-gram that was not seen in at least
MIN_PLACES places is left out. The texts have no marks between documents, so PLACE lines in a row stand in for a document: what
three such places share is common property of the language and not of one author or one person.

All n-grams are smoothed together; those left out then give their share to the back-off weights.
The same texts give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import lzma
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np

from pipeline.read.language import CHANCE_STEP, MAGIC, ORDER, WEIGHT_STEP, WEIGHT_TOP
from pipeline.read.tokens import SPECIAL, TOKEN, key, letters
from pipeline.text import TONES, clean
from tools.ngrams import GAIN, MIN_PLACES, Floats, Grams, Ints, back_off_weights, choose, count_grams, count_places, smooth

PLACE = 1000
"""Lines in a row that stand in for one document: the longest laws of the training text have about 2,000."""
LONGEST_SYLLABLE = 7
NAME_WEIGHT = 20
"""One entry of the list of names counts as so many capitalised words of the text."""


@dataclass(slots=True)
class Corpus:
    """Tokens as numbers of `words` (the first ones are SPECIAL), the place of each, capitalised words."""

    words: list[str]
    tokens: Ints
    places: Ints
    capitals: Counter[str] = field(default_factory=Counter)


def read_lines(path: Path) -> Iterator[str]:
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as lines:
        yield from lines


def read_corpus(paths: Iterable[Path]) -> Corpus:
    """All lines as numbers; words seen in fewer than MIN_PLACES places become unknown."""
    numbers = {word: number for number, word in enumerate(SPECIAL)}
    tokens, places, capitals, place = array("I"), array("I"), Counter[str](), 0
    for path in paths:
        for line_no, line in enumerate(read_lines(path)):
            place += line_no % PLACE == 0
            found = TOKEN.findall(clean(line))
            capitals.update(_capitals(found))
            tokens.append(1)
            tokens.extend(numbers.setdefault(key(token), len(numbers)) for token in found)
            places.extend([place] * (len(found) + 1))
    corpus = Corpus(list(numbers), np.array(tokens, np.int64), np.array(places, np.int64), capitals)
    return _forget_rare(corpus)


def _capitals(tokens: list[str]) -> Iterator[str]:
    """Words with a capital where none is due: not first in the line, after a word, in a line that is not all capitals."""
    for before, token in pairwise(tokens):
        if token[0].isupper() and token[1:].islower() and before.isalpha() and not before.isupper():
            yield key(token)


def _forget_rare(corpus: Corpus) -> Corpus:
    """Renumbers so that spellings of the same letters stand together: the order of the vocabulary in the file."""
    seen = count_places(corpus.tokens, corpus.places, len(corpus.words))
    ordinary = list(zip(corpus.words, seen, strict=True))[len(SPECIAL) :]
    kept = sorted((letters(word), word) for word, places in ordinary if places >= MIN_PLACES and not is_joined(word))
    words = [*SPECIAL, *(word for _, word in kept)]
    numbers = {word: number for number, word in enumerate(words)}
    renumber = np.array([numbers.get(word, 0) for word in corpus.words], np.int64)
    return Corpus(words, renumber[corpus.tokens], corpus.places, corpus.capitals)


def chance_steps(chances: Floats) -> bytes:
    steps = np.rint(-np.log(np.maximum(chances, 1e-12)) / CHANCE_STEP)
    return np.clip(steps, 0, 255).astype("<u1").tobytes()


def weight_steps(weights: Floats) -> bytes:
    steps = np.rint((WEIGHT_TOP - np.log(weights)) / WEIGHT_STEP)
    return np.clip(steps, 0, 255).astype("<u1").tobytes()


def tree_sections(orders: list[Grams], chances: list[Floats]) -> dict[str, tuple[str, bytes]]:
    """The n-grams that stay, as sorted children. Rows are already in the order (prefix, word)."""
    stays = choose(orders, chances)
    sections: dict[str, tuple[str, bytes]] = {}
    for order, (grams, kept) in enumerate(zip(orders, stays, strict=True)):
        depth = order + 1
        sections[f"chances{depth}"] = "B", chance_steps(chances[order][kept])
        if order:
            sections[f"words{depth}"] = "H", grams.word[kept].astype("<u2").tobytes()
        if depth < ORDER:
            sections[f"weights{depth}"] = "B", weight_steps(back_off_weights(orders, chances, stays, order)[kept])
            children = np.bincount(orders[depth].prefix[stays[depth]], minlength=len(grams.word))[kept]
            sections[f"children{depth}"] = "I", np.concatenate(([0], np.cumsum(children))).astype("<u4").tobytes()
    return sections


def vocabulary_sections(corpus: Corpus, names: Counter[str]) -> dict[str, tuple[str, bytes]]:
    """Words, the classes of equal letters among them, and how often each is a name."""
    classes: list[str] = []
    starts: list[int] = []
    for number, word in enumerate(corpus.words):
        name = letters(word) if number >= len(SPECIAL) else word
        if not classes or classes[-1] != name:
            classes.append(name)
            starts.append(number)
    counts = np.array([corpus.capitals[word] + NAME_WEIGHT * names[word] for word in corpus.words], float)
    return {
        "vocabulary": ("text", "\n".join(corpus.words).encode()),
        "classes": ("text", "\n".join(classes).encode()),
        "class_starts": ("I", np.array([*starts, len(corpus.words)], "<u4").tobytes()),
        "names": ("B", chance_steps((counts + 0.1) / (counts + 0.1).sum())),
    }


def is_joined(word: str) -> bool:
    """Two Vietnamese syllables typed without the space ("nghịđịnh"): two tones, or marks and more letters than "nghiêng" has."""
    apart = unicodedata.normalize("NFD", word)
    return sum(char in TONES for char in apart) > 1 or (not word.isascii() and word.isalpha() and len(word) > LONGEST_SYLLABLE)


def read_names(path: Path | None) -> Counter[str]:
    """Lines `kind<TAB>syllable<TAB>count`."""
    names: Counter[str] = Counter()
    for line in read_lines(path) if path else ():
        _, syllable, count = line.rstrip("\n").split("\t")
        names[key(syllable)] += int(count)
    return names


def model_bytes(sections: dict[str, tuple[str, bytes]], recipe: dict[str, object]) -> bytes:
    """The file of pipeline/read/language.py."""
    body, table = bytearray(), {}
    for name, (form, data) in sections.items():
        body += bytes(-len(body) % 8)
        table[name] = [len(body), len(data), form]
        body += data
    header = {"sections": table, "body_sha256": hashlib.sha256(body).hexdigest(), "recipe": recipe}
    text = json.dumps(header, sort_keys=True).encode()
    text += b" " * (-(len(MAGIC) + 4 + len(text)) % 8)
    return MAGIC + len(text).to_bytes(4, "little") + text + bytes(body)


def train(texts: list[Path], names: Path | None) -> bytes:
    corpus = read_corpus(texts)
    if len(corpus.words) > 65_535:
        raise SystemExit(f"{len(corpus.words)} words do not fit two bytes: raise MIN_PLACES")
    orders = count_grams(corpus.tokens, corpus.places, len(corpus.words))
    tree = tree_sections(orders, smooth(orders))
    recipe = {
        "order": ORDER, "place_lines": PLACE, "min_places": MIN_PLACES, "gain": GAIN, "tokens": len(corpus.tokens),
        "words": len(corpus.words), "kept": [len(tree[f"chances{depth}"][1]) for depth in range(1, ORDER + 1)],
    }  # fmt: skip
    return model_bytes({**vocabulary_sections(corpus, read_names(names)), **tree}, recipe)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", metavar="TEXT", type=Path, nargs="+")
    parser.add_argument("-o", dest="out", metavar="FILE", type=Path, required=True)
    parser.add_argument("--names", metavar="FILE", type=Path, help="lines: kind, syllable, count, with tabs between")
    asked = parser.parse_args()
    data = train(asked.texts, asked.names)
    asked.out.write_bytes(data)
    print(f"{asked.out}: {len(data):,} bytes, sha256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
