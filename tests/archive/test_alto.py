"""ALTO: valid by the official schema, and nothing that was read is missing in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from pipeline.archive import write_alto
from pipeline.errors import DiskFull
from pipeline.model import (
    BoundingBox,
    Line,
    MadeBy,
    Original,
    Page,
    ReaderInfo,
    Region,
    RegionKind,
    Result,
    Word,
    Zone,
    bounds,
)
from tests.archive.judges import alto_schema
from tests.archive.writing import fields

NAMESPACE = {"a": "http://www.loc.gov/standards/alto/ns-v4#"}
SOURCE = Original("Quyết định <5> & 'phụ lục'\x07.pdf", "cd" * 32, 10, "application/pdf")
MADE_BY = MadeBy("0.1.0", (ReaderInfo("tesseract", "5.5", "12" * 32), ReaderInfo("lines", "1", "")), {})


def line(top: int, zone: Zone, *texts: str, confidence: float | None = 0.875) -> Line:
    words = tuple(
        Word(text, BoundingBox(100 + 90 * at, top, 180 + 90 * at, top + 30), confidence) for at, text in enumerate(texts)
    )
    return Line(words, bounds([word.box for word in words]), zone)


PAGE = Page(
    page_no=1,
    width=1654,
    height=2339,
    dpi=200.0,
    orientation=90,
    skew=-0.75,
    blank=False,
    from_text_layer=False,
    regions=(
        Region(RegionKind.SEAL, BoundingBox(900, 1800, 1200, 2100), 0.7),
        Region(RegionKind.TABLE, BoundingBox(100, 900, 1500, 1300), None),
        Region(RegionKind.DIGITAL_SIGNATURE, BoundingBox(1000, 0, 1500, 100), 1.0),
    ),
    lines=(
        line(100, Zone.HEADER_LEFT, "ỦY", "BAN"),
        line(150, Zone.HEADER_LEFT, "Số:", "5/QĐ-UBND"),
        line(100, Zone.HEADER_RIGHT, "CỘNG", "HÒA"),
        line(300, Zone.BODY, "a<b", '"c"&d', "\x00bẩn", confidence=None),
        line(400, Zone.TABLE, "1", "2"),
        line(500, Zone.BODY, "./."),
        Line((), BoundingBox(0, 0, 10, 10), Zone.BODY),
    ),
)
EMPTY = Page(2, 100, 50, None, 0, 0.0, True, False, (), ())
FROM_LAYER = Page(3, 1654, 2339, 300.0, 0, 0.0, False, True, (), PAGE.lines)
RESULT = Result(SOURCE, None, fields(), (PAGE, EMPTY, FROM_LAYER), (), MADE_BY)


@pytest.fixture
def documents(tmp_path: Path) -> list[etree._ElementTree]:
    write_alto(RESULT, tmp_path / "alto")
    assert sorted(file.name for file in (tmp_path / "alto").iterdir()) == ["0001.xml", "0002.xml", "0003.xml"]
    return [etree.parse(tmp_path / "alto" / f"000{number}.xml") for number in (1, 2, 3)]


@pytest.mark.judge
def test_every_page_is_valid_by_the_official_schema(documents: list[etree._ElementTree]) -> None:
    schema = alto_schema()
    for document in documents:
        assert schema.validate(document), str(schema.error_log)


def test_the_words_stand_in_reading_order(documents: list[etree._ElementTree]) -> None:
    lines = documents[0].findall(".//a:TextLine", NAMESPACE)
    texts = [" ".join(string.get("CONTENT", "") for string in line.findall("a:String", NAMESPACE)) for line in lines]
    assert texts == ["ỦY BAN", "Số: 5/QĐ-UBND", "CỘNG HÒA", 'a<b "c"&d bẩn', "1 2", "./."]


def test_lines_of_one_zone_that_follow_each_other_are_a_block(documents: list[etree._ElementTree]) -> None:
    blocks = documents[0].findall(".//a:TextBlock", NAMESPACE)
    assert [block.get("TAGREFS") for block in blocks] == [
        "zone_header_left",
        "zone_header_right",
        "zone_body",
        "zone_table",
        "zone_body",
    ]
    assert (blocks[0].get("HPOS"), blocks[0].get("VPOS"), blocks[0].get("WIDTH"), blocks[0].get("HEIGHT")) == (
        "100",
        "100",
        "170",
        "80",
    )


def test_a_word_has_its_box_and_its_confidence(documents: list[etree._ElementTree]) -> None:
    first = documents[0].find(".//a:String", NAMESPACE)
    assert first is not None
    assert dict(first.items()) == {"CONTENT": "ỦY", "HPOS": "100", "VPOS": "100", "WIDTH": "80", "HEIGHT": "30", "WC": "0.875"}
    unsure = documents[0].xpath("//a:String[@CONTENT='a<b']", namespaces=NAMESPACE)
    assert isinstance(unsure, list)
    assert "WC" not in unsure[0].attrib  # type: ignore[union-attr]


def test_it_names_its_source_and_what_read_it(documents: list[etree._ElementTree]) -> None:
    assert documents[0].findtext(".//a:fileName", namespaces=NAMESPACE) == "Quyết định <5> & 'phụ lục'.pdf"
    assert documents[0].findtext(".//a:fileIdentifier", namespaces=NAMESPACE) == f"urn:sha256:{SOURCE.sha256}"
    software = [
        [element.text for element in document.findall(".//a:softwareName", NAMESPACE)]
        for document in (documents[0], documents[2])
    ]
    assert software == [["tesseract", "lines", "sohoa"], ["sohoa", "sohoa"]]


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    (tmp_path / "0001.xml").symlink_to("/dev/full")
    with pytest.raises(DiskFull):
        write_alto(RESULT, tmp_path)
