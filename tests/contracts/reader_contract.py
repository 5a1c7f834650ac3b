"""What every line reader and line finder promises; run over each adapter by tests/read/test_readers.py."""

from __future__ import annotations

import re

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pipeline.model import BoundingBox
from pipeline.pixels import Pixels
from pipeline.ports import LineFinder, LineReader

TEXTS = ("Căn cứ Luật Lưu trữ và các văn bản hướng dẫn", "Điều 2. Trưởng phòng chịu trách nhiệm thi hành", "Số lượng: 35 hồ sơ")
FONT = "/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf"


def typeset(texts: tuple[str, ...] = TEXTS, size: int = 46) -> tuple[Pixels, list[BoundingBox]]:
    """A white page with the lines one below the other, and their boxes."""
    face = ImageFont.truetype(FONT, size)
    image = Image.new("L", (1400, 140 + 110 * len(texts)), 255)
    draw = ImageDraw.Draw(image)
    boxes = []
    for row, text in enumerate(texts):
        draw.text((120, 70 + 110 * row), text, font=face, fill=10)
        left, top, right, bottom = draw.textbbox((120, 70 + 110 * row), text, font=face)
        boxes.append(BoundingBox(int(left), int(top), int(right), int(bottom)))
    return np.asarray(image), boxes


class LineReaderContract:
    """Subclasses give `reader`."""

    reader: LineReader

    def test_clean_print_is_read_word_by_word(self) -> None:
        picture, boxes = typeset()
        read = [" ".join(word.text for word in reading.words) for reading in self.reader.read_lines(picture, boxes)]
        right = sum(word in line.split() for text, line in zip(TEXTS, read, strict=True) for word in text.split())
        assert right >= 0.9 * sum(len(text.split()) for text in TEXTS), read

    def test_words_stand_in_their_line_from_left_to_right(self) -> None:
        picture, boxes = typeset()
        for box, reading in zip(boxes, self.reader.read_lines(picture, boxes), strict=True):
            lefts = [word.box.left for word in reading.words]
            assert lefts == sorted(lefts)
            for word in reading.words:
                assert box.left - box.height < word.box.left < word.box.right < box.right + box.height
                assert word.box.overlap(box) > 0.5 * word.box.area

    def test_confidences_are_shares(self) -> None:
        picture, boxes = typeset()
        known = [word.confidence for reading in self.reader.read_lines(picture, boxes) for word in reading.words]
        assert all(value is not None and 0.0 <= value <= 1.0 for value in known)

    def test_the_same_pixels_give_the_same_words_whatever_was_read_before(self) -> None:
        picture, boxes = typeset()
        first = self.reader.read_lines(picture, boxes)
        self.reader.read_lines(cv2.flip(picture, 1), boxes)  # type: ignore[arg-type]  # cv2 returns a vaguer array type
        assert self.reader.read_lines(picture, boxes) == first

    def test_paper_without_print_gives_an_empty_reading(self) -> None:
        blank = np.full((200, 600), 255, np.uint8)
        (reading,) = self.reader.read_lines(blank, [BoundingBox(20, 60, 500, 110)])
        assert reading.words == ()

    def test_no_boxes_no_readings(self) -> None:
        assert self.reader.read_lines(typeset()[0], []) == []

    def test_boxes_at_and_beyond_the_edge_do_no_harm(self) -> None:
        picture, _ = typeset()
        height, width = picture.shape
        edge = [BoundingBox(0, 0, 40, 30), BoundingBox(width - 30, height - 20, width, height), BoundingBox(0, 0, width, 3)]
        assert len(self.reader.read_lines(picture, edge)) == 3

    def test_the_reader_names_its_version_and_model(self) -> None:
        info = self.reader.info
        assert info.name
        assert info.version
        assert re.fullmatch("[0-9a-f]{64}", info.model_digest)


class LineFinderContract:
    """Subclasses give `finder`."""

    finder: LineFinder

    def test_each_printed_line_is_found_once(self) -> None:
        picture, boxes = typeset()
        found = self.finder.find_lines(picture)
        for box in boxes:
            assert sum(other.overlap(box) > 0.6 * box.area for other in found) == 1
        assert len(found) == len(boxes)

    def test_paper_has_no_lines(self) -> None:
        assert self.finder.find_lines(np.full((900, 700), 255, np.uint8)) == []

    def test_boxes_are_inside_the_picture(self) -> None:
        picture, _ = typeset()
        cut = np.ascontiguousarray(picture[:, 130:900])
        for box in self.finder.find_lines(cut):
            assert 0 <= box.left < box.right <= cut.shape[1]
            assert 0 <= box.top < box.bottom <= cut.shape[0]

    def test_quarter_turns_are_told_clockwise(self) -> None:
        page = typeset(TEXTS * 6, size=40)[0]
        for quarters in range(4):
            turned = np.ascontiguousarray(np.rot90(page, -quarters))
            degrees, sure = self.finder.quarter_turns(turned)
            assert (degrees, sure > 0.9) == (90 * quarters, True)
