"""Lines to train the network with: made-up pages say something else, their lines are cut out with what stands in them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from pipeline.adapters.onnx_lines import COLUMN, ROWS, OnnxLines, own_line_model, stacked
from pipeline.adapters.trueocr_lines import TrueocrLines, package_line_model
from pipeline.model import BoundingBox
from samples.document import Entries, Kind, Masthead, Paragraph
from samples.typeset.fonts import find_fonts, set_in, width_em
from samples.writing import write_document
from tests.read.readings import language, network, tesseract
from tools.train_reader.drawn import drawn_lines, labelled
from tools.train_reader.echoed import agreed
from tools.train_reader.shelf import LabelledLine, put_away, taken_down
from tools.train_reader.words import Corpus, open_corpus, reworded

SENTENCES = (
    "Người dân nộp hồ sơ tại bộ phận tiếp nhận và trả kết quả của xã trong giờ làm việc",
    "Cơ quan chủ trì có trách nhiệm tổng hợp ý kiến của các đơn vị và báo cáo trước ngày cuối tháng",
    "Kinh phí thực hiện được bố trí trong dự toán chi thường xuyên hằng năm theo phân cấp ngân sách",
)  # fmt: skip


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "text.txt").write_text("\n".join(SENTENCES * 20), encoding="utf-8")
    (folder / "names.txt").write_text("family\tlê\t5\nmiddle\tthị\t3\ngiven\tnga\t2\ngiven\tsáu\t1\n", encoding="utf-8")
    return open_corpus([folder / "text.txt"], folder / "names.txt", seed=1)


def test_a_made_up_page_says_what_the_corpus_says_in_the_layout_of_the_sample(corpus: Corpus) -> None:
    rng = random.Random(3)
    before = write_document(rng, "quyết định", Entries.PENNED)
    after = reworded(before, corpus, rng)
    assert [type(block) for block in after.blocks] == [type(block) for block in before.blocks]
    assert [one for one in after.blocks if isinstance(one, Masthead)] == [
        one for one in before.blocks if isinstance(one, Masthead)
    ]
    said = " ".join(run.text for block in after.blocks if isinstance(block, Paragraph) for run in block.runs)
    assert any(" ".join(sentence.split()[:6]) in said for sentence in SENTENCES)
    penned = [
        [run for run in block.runs if run.kind is not Kind.PRINT] for block in before.blocks if isinstance(block, Paragraph)
    ]
    assert penned == [[r for r in b.runs if r.kind is not Kind.PRINT] for b in after.blocks if isinstance(b, Paragraph)]


def test_people_of_a_made_up_page_have_names_of_the_list(corpus: Corpus) -> None:
    assert {corpus.person(random.Random(seed)) for seed in range(40)} == {"Lê Thị Nga", "Lê Thị Sáu"}


def test_lines_of_a_drawn_page_show_what_they_are_said_to_show(corpus: Corpus) -> None:
    reader = OnnxLines(package_line_model())
    lines = list(drawn_lines("1:test:4", corpus, TrueocrLines(), reader))
    assert len(lines) > 15
    said = [read(reader, line.ink) for line in lines]
    off = [Levenshtein.normalized_distance(*pair) for pair in zip(said, [line.text for line in lines], strict=True)]
    assert np.median(off) < 0.1
    assert {line.ink.shape[0] for line in lines} == {ROWS}
    assert all(line.ink.shape[1] / COLUMN > len(line.text) for line in lines)


def test_the_same_key_draws_the_same_lines(corpus: Corpus) -> None:
    finder, reader = TrueocrLines(), OnnxLines(package_line_model())
    first, second = (list(drawn_lines("1:test:2", corpus, finder, reader)) for _ in range(2))
    assert [line.text for line in first] == [line.text for line in second]
    assert all(np.array_equal(one.ink, other.ink) for one, other in zip(first, second, strict=True))


def read(reader: OnnxLines, ink: np.ndarray[tuple[int, int], np.dtype[np.uint8]]) -> str:
    x, widths = stacked([(ink / 255).astype(np.float32)])
    ids, _, lengths = reader._session.run(["ids", "conf", "lengths"], {"x": x, "widths": widths})
    row = ids[0, : int(lengths[0])]
    charset = package_line_model().charset
    return "".join(charset[code - 1] for code, before in zip(row, [-1, *row[:-1]], strict=True) if code and code != before)


def test_a_line_too_narrow_for_its_text_is_left_out() -> None:
    picture = np.full((60, 120), 255, np.uint8)
    assert list(labelled(picture, BoundingBox(10, 20, 40, 40), "x" * 60)) == []
    assert len(list(labelled(picture, BoundingBox(10, 20, 110, 40), "x" * 3))) == 1


def test_a_shelf_gives_back_what_was_put_on_it(tmp_path: Path) -> None:
    chance = np.random.default_rng(5)
    lines = [LabelledLine(chance.integers(0, 256, (ROWS, width), np.uint8), text) for width, text in ((80, "Điều 1."), (9, "ỷ"))]
    assert put_away(iter(lines), tmp_path / "shelf.npz") == 2
    back = list(taken_down(tmp_path / "shelf.npz"))
    assert [one.text for one in back] == ["Điều 1.", "ỷ"]
    assert all(np.array_equal(one.ink, other.ink) for one, other in zip(lines, back, strict=True))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("Căn cứ Luật Tổ chức chính quyền", "Căn cứ Luật Tổ chức chính quyền", "Căn cứ Luật Tổ chức chính quyền"),
        ("Căn cứ Luật Tổ chức chính quyền", "~i .: Lu_t ,o chxc c-inh q", ""),
        ("Số", "Số", ""),
        ("", "Căn cứ Luật", ""),
    ],
)
def test_only_what_both_readers_nearly_agree_on_is_taken(first: str, second: str, expected: str) -> None:
    assert agreed(network(first), tesseract(second), language()) == expected


def test_other_families_have_other_widths() -> None:
    usual = width_em("Nghị quyết", next(iter(find_fonts())))
    with set_in("Arimo"):
        assert width_em("Nghị quyết", next(iter(find_fonts()))) != usual
    assert width_em("Nghị quyết", next(iter(find_fonts()))) == usual


def test_a_network_written_to_a_file_reads_like_the_one_it_came_from(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    from tools.train_reader.network import open_network, write_network

    package = package_line_model()
    opened = open_network(package.file, 1 + len(package.charset) + 5)
    write_network(opened, package.file, tmp_path / "same.onnx")
    ink = [np.random.default_rng(2).random((ROWS, width), np.float32) for width in (120, 64)]
    wide = package.file, tmp_path / "same.onnx"
    outcomes = [answers(file, ink) for file in wide]
    assert np.array_equal(outcomes[0][0], outcomes[1][0])
    assert np.allclose(outcomes[0][1], outcomes[1][1], atol=1e-4)


def answers(file: Path, ink: Sequence[np.ndarray[tuple[int, int], np.dtype[np.float32]]]) -> tuple[np.ndarray, np.ndarray]:
    model = package_line_model()
    session = OnnxLines(type(model)(file, model.charset, "x", "1"))._session
    x, widths = stacked(ink)
    ids, sure = session.run(["ids", "conf"], {"x": x, "widths": widths})
    return ids, sure


def test_the_network_that_ships_writes_all_that_vietnamese_print_needs() -> None:
    from samples.typeset.fonts import alphabet

    assert set(alphabet()) <= set(own_line_model().charset) | {" "}
