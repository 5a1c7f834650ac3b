"""Words with their boxes as ALTO 4.4, the Library of Congress's format for the layout of a page: one file a page."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from pipeline.archive.metadata import NOT_XML
from pipeline.disk import disk_errors
from pipeline.model import BoundingBox, Line, MadeBy, Original, Page, Region, RegionKind, Result, bounds

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMA_LOCATION = f"{NAMESPACE} http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"
LANGUAGE = "vi"

READING, TEXT_LAYER = "reading", "text-layer"


def write_alto(result: Result, folder: Path) -> None:
    """`folder/0001.xml` and so on; the folder is made. Raises DiskFull, HomeReadOnly, StoreUnavailable."""
    with disk_errors():
        folder.mkdir(parents=True, exist_ok=True)
        for page in result.pages:
            document = alto_document(page, result.source, result.made_by)
            (folder / f"{page.page_no:04d}.xml").write_bytes(document)


def alto_document(page: Page, source: Original, made_by: MadeBy) -> bytes:
    """One page as an ALTO file. Coordinates are pixels of the page as seen, upright."""
    root = ElementTree.Element("alto", {"xmlns": NAMESPACE, "xmlns:xsi": XSI, "xsi:schemaLocation": SCHEMA_LOCATION})
    root.set("SCHEMAVERSION", "4.4")
    _describe(ElementTree.SubElement(root, "Description"), page, source, made_by)
    _list_tags(ElementTree.SubElement(root, "Tags"), page)
    _lay_out(ElementTree.SubElement(root, "Layout"), page)
    ElementTree.indent(root, " ")
    written: bytes = ElementTree.tostring(root, "UTF-8", xml_declaration=True)
    return written + b"\n"


def _describe(description: ElementTree.Element, page: Page, source: Original, made_by: MadeBy) -> None:
    _text(description, "MeasurementUnit", "pixel")
    image = ElementTree.SubElement(description, "sourceImageInformation")
    _text(image, "fileName", source.name)
    _text(image, "fileIdentifier", f"urn:sha256:{source.sha256}")
    if page.from_text_layer:
        _step(description, TEXT_LAYER, "The page's own text", "sohoa", made_by.sohoa)
    for at, reader in enumerate(made_by.readers if not page.from_text_layer else ()):
        _step(description, f"{READING}{at}", "Text recognition", reader.name, f"{reader.version} {reader.model_digest}".strip())
    _step(description, "layout", "Orientation, deskewing, reading order", "sohoa", made_by.sohoa)


def _step(description: ElementTree.Element, step_id: str, what: str, software: str, version: str) -> None:
    step = ElementTree.SubElement(description, "Processing", {"ID": step_id})
    _text(step, "processingCategory", "contentGeneration")
    _text(step, "processingStepDescription", what)
    made_with = ElementTree.SubElement(step, "processingSoftware")
    _text(made_with, "softwareName", software)
    _text(made_with, "softwareVersion", version)


def _list_tags(tags: ElementTree.Element, page: Page) -> None:
    """The zones that occur on the page: each block names its own."""
    for zone in sorted({line.zone for line in page.lines}):
        ElementTree.SubElement(tags, "LayoutTag", {"ID": f"zone_{zone}", "LABEL": zone, "TYPE": "zone"})
    for kind in sorted({region.kind for region in page.regions}):
        ElementTree.SubElement(tags, "LayoutTag", {"ID": f"region_{kind}", "LABEL": kind, "TYPE": "region"})


def _lay_out(layout: ElementTree.Element, page: Page) -> None:
    size = {"WIDTH": str(page.width), "HEIGHT": str(page.height)}
    attributes = {"ID": f"page{page.page_no}", "PHYSICAL_IMG_NR": str(page.page_no), **size}
    if page.confidence is not None:
        attributes["PC"] = f"{page.confidence:.3f}"
    sheet = ElementTree.SubElement(layout, "Page", attributes)
    space = ElementTree.SubElement(sheet, "PrintSpace", {"HPOS": "0", "VPOS": "0", **size})
    printed = (line for line in page.lines if line.words)
    for block_no, (zone, lines) in enumerate(groupby(printed, key=lambda line: line.zone), 1):
        block = {"ID": f"block{block_no}", "TAGREFS": f"zone_{zone}", "LANG": LANGUAGE}
        _add_block(space, block | ({"ROTATION": f"{page.skew:.2f}"} if page.skew else {}), list(lines))
    for region_no, region in enumerate(page.regions, 1):
        _add_region(space, f"region{region_no}", region)


def _add_block(space: ElementTree.Element, attributes: dict[str, str], lines: list[Line]) -> None:
    place = _place(bounds([line.box for line in lines]))
    block = ElementTree.SubElement(space, "TextBlock", attributes | place)
    for line_no, line in enumerate(lines, 1):
        element = ElementTree.SubElement(block, "TextLine", {"ID": f"{attributes['ID']}_line{line_no}", **_place(line.box)})
        element.extend(_parts(line))


def _parts(line: Line) -> Iterator[ElementTree.Element]:
    """Strings, with the white space between them."""
    for at, word in enumerate(line.words):
        if at:
            yield _space(line.words[at - 1].box, word.box)
        attributes = {"CONTENT": NOT_XML.sub("", word.text), **_place(word.box)}
        if word.confidence is not None:
            attributes["WC"] = f"{word.confidence:.3f}"
        yield ElementTree.Element("String", attributes)


def _space(before: BoundingBox, after: BoundingBox) -> ElementTree.Element:
    width = max(0, after.left - before.right)
    return ElementTree.Element("SP", {"HPOS": str(before.right), "VPOS": str(before.top), "WIDTH": str(width)})


def _add_region(space: ElementTree.Element, region_id: str, region: Region) -> None:
    kind = "ComposedBlock" if region.kind is RegionKind.TABLE else "Illustration"
    attributes = {"ID": region_id, "TYPE": region.kind, "TAGREFS": f"region_{region.kind}", **_place(region.box)}
    ElementTree.SubElement(space, kind, attributes)


def _place(box: BoundingBox) -> dict[str, str]:
    return {"HPOS": str(box.left), "VPOS": str(box.top), "WIDTH": str(box.width), "HEIGHT": str(box.height)}


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = NOT_XML.sub("", text)
