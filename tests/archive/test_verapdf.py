"""An outside judge decides what PDF/A is: veraPDF, over renditions of everything that this suite can make, and of real scans."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pikepdf
import pytest

from tests import bad_images, bad_inputs
from tests.archive.judges import broken_rules
from tests.archive.test_rendition import FILES, GROWTH_PER_PAGE
from tests.archive.writing import line, page, rendition_of, scan, write
from tests.pages.pdf_images import codings, pdf_with

pytestmark = pytest.mark.judge

WORDS = [line(300, ["Nơi", "nhận:"]), line(400, ["25/KH-", "𠀀", "ﬁ"])]

ODD: dict[str, Callable[[], bytes]] = {
    **FILES,
    **{f"coding {name}": partial(pdf_with, coded) for name, coded in codings().items()},
    "three pages": lambda: bad_inputs.scanned_pdf(3),
    "three frames": bad_images.tiff_of_three_frames,
    "signature": bad_inputs.pdf_with_signature_box,
    "stamped number": bad_inputs.pdf_with_stamped_number,
    "note": bad_inputs.pdf_with_typed_note,
    "watermark": bad_inputs.pdf_with_watermark,
    "script": bad_inputs.pdf_with_javascript,
    "attachment": bad_inputs.pdf_with_attachment,
    "garbage layer": bad_inputs.scan_with_garbage_text_layer,
    "garbage print": bad_inputs.born_digital_pdf_with_garbage_text,
    "blank": bad_inputs.blank_page_pdf,
    "sideways": bad_inputs.sideways_pdf,
    "signed, born digital": lambda: bad_inputs.with_signature_box(bad_inputs.born_digital_pdf()),
}


def renditions(folder: Path) -> list[Path]:
    made = []
    for name, make in ODD.items():
        place = folder / name.replace(" ", "-")
        place.mkdir()
        made.append(rendition_of(make(), place, WORDS).rename(folder / f"{place.name}.pdf"))
    made.append(write(folder / "odd-metadata.pdf", [(scan(), page(WORDS))], typeName="<&>\x01", subject="dòng\x0b một ]]>"))
    made.append(write(folder / "askew.pdf", [(scan(dpi=None), page(WORDS, orientation=270, skew=1.5, size=(1754, 1240)))]))
    made.append(write(folder / "no-pages-of-text.pdf", [(scan(), page([]))], issuedDate="2021-03-04"))
    return made


def test_every_rendition_passes(tmp_path: Path) -> None:
    assert broken_rules(renditions(tmp_path)) == {}


def test_the_judge_is_awake(tmp_path: Path) -> None:
    original = tmp_path / "plain.pdf"
    original.write_bytes(bad_inputs.one_page_pdf())
    not_a_pdf = tmp_path / "garbage.pdf"
    not_a_pdf.write_bytes(bad_inputs.random_bytes())
    assert set(broken_rules([original, not_a_pdf])) == {"plain.pdf", "garbage.pdf"}


@pytest.mark.real_scans
def test_renditions_of_real_scans_pass_and_stay_small(tmp_path: Path) -> None:
    folder = os.environ.get("SOHOA_REAL_SCANS")
    if not folder:
        pytest.skip("SOHOA_REAL_SCANS names no folder")
    made, too_large = [], {}
    for file in sorted(path for path in Path(folder).iterdir() if path.suffix in {".pdf", ".jpg", ".png", ".tif"}):
        place = tmp_path / file.stem
        place.mkdir()
        data = file.read_bytes()
        made.append(rendition_of(data, place, WORDS).rename(tmp_path / f"{file.stem}.pdf"))
        with pikepdf.open(made[-1]) as pdf:
            allowed = max(1.15 * len(data), len(data) + GROWTH_PER_PAGE * len(pdf.pages))
        if made[-1].stat().st_size > allowed:
            too_large[file.name] = made[-1].stat().st_size / len(data)
    assert broken_rules(made) == {}
    assert too_large == {}
