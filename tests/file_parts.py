"""Parts of which files are put together for tests: pages and objects of a PDF, annotations, chunks of a PNG."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Iterator, Sequence

import pikepdf
from PIL import Image

A4_POINTS = (595.28, 841.89)
DPI = 150

Content = tuple[tuple[bytes, dict[str, bytes]], ...]
"""Parts of a page: operators, and the JPEG files that they name."""


def scan_part(data: bytes) -> Content:
    return ((b"q %f 0 0 %f 0 0 cm /Scan Do Q" % A4_POINTS, {"Scan": data}),)


def text_part(lines: Sequence[str], mode: int) -> Content:
    shown = b"".join(b"(%b) Tj 0 -30 Td " % escaped(line) for line in lines)
    return ((b"BT %d Tr /F 14 Tf 60 760 Td %b ET" % (mode, shown), {}),)


def escaped(line: str) -> bytes:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("latin-1")


def pdf_of(pages: Sequence[Content], turn: int = 0, size: tuple[float, float] = A4_POINTS) -> bytes:
    """A PDF written in reading order: catalogue, list of pages, then each page with its content and images."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R>>", b"", font]
    kids = []
    for content in pages:
        images = {name: data for _, named in content for name, data in named.items()}
        kids.append(len(objects) + 1)
        first = len(objects) + 3
        names = b"".join(b"/%b %d 0 R" % (name.encode(), first + at) for at, name in enumerate(images))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/Rotate %d/MediaBox[0 0 %f %f]/Contents %d 0 R/Resources<</Font<</F 3 0 R>>"
            b"/ExtGState<</GS<</ca 0.4>>>>/XObject<<%b>>>>>>" % (turn, *size, len(objects) + 2, names)
        )
        objects.append(stream_object(b"", b"\n".join(operators for operators, _ in content)))
        objects += [jpeg_object(data) for data in images.values()]
    objects[1] = b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    return numbered(objects)


def jpeg_object(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as picture:
        space = b"/DeviceGray" if picture.mode == "L" else b"/DeviceRGB"
        size = picture.size
    entries = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace%b/Filter/DCTDecode" % (*size, space)
    return stream_object(entries, data)


def stream_object(entries: bytes, data: bytes) -> bytes:
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (entries, len(data), data)


def numbered(objects: Sequence[bytes]) -> bytes:
    written = b"%PDF-1.5\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(written))
    return written + b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table) + end


def names_of_glyphs(character_map: bytes) -> Iterator[tuple[int, str]]:
    """The pairs of a ToUnicode map whose ranges list their letters."""
    for low, letters in re.findall(rb"<(\w{4})> <\w{4}> \[([^\]]*)\]", character_map):
        for at, letter in enumerate(re.findall(rb"<(\w{4})>", letters)):
            yield int(low, 16) + at, chr(int(letter, 16))


def with_annotation(data: bytes, kind: str, box: Sequence[float], lines: Sequence[str]) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        annotations = pikepdf.Array([_annotation(pdf, kind, box, lines)])
        pdf.pages[0].obj.Annots = annotations
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=annotations)
        return bytes_of(pdf)


def _annotation(pdf: pikepdf.Pdf, kind: str, box: Sequence[float], lines: Sequence[str]) -> pikepdf.Object:
    width, height = box[2] - box[0], box[3] - box[1]
    shown = b"".join(b"(%b) Tj 0 -12 Td " % escaped(line) for line in lines)
    looks = pdf.make_stream(b"BT /F 12 Tf 2 %f Td %b ET" % (height - 13, shown))
    looks.Type, looks.Subtype, looks.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, pikepdf.Array([0, 0, width, height])
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    looks.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    entries = {"/Type": pikepdf.Name.Annot, "/Rect": pikepdf.Array(box), "/F": 4, "/AP": pikepdf.Dictionary(N=looks)}
    named = {"/Subtype": pikepdf.Name.Widget, "/FT": pikepdf.Name.Sig} if kind == "/Sig" else {"/Subtype": pikepdf.Name(kind)}
    return pdf.make_indirect(pikepdf.Dictionary({**entries, **named}))


def saved_encrypted(data: bytes, *, encryption: pikepdf.Encryption) -> bytes:
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(file, encryption=encryption)
    return file.getvalue()


def bytes_of(pdf: pikepdf.Pdf) -> bytes:
    file = io.BytesIO()
    pdf.save(file)
    return file.getvalue()


def image_file(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def jpeg(picture: Image.Image, **options: object) -> bytes:
    return image_file(picture, "JPEG", **{"quality": 75, "dpi": (DPI, DPI), **options})


def strip_parts(picture: Image.Image, count: int) -> Content:
    width, height = picture.size
    step = -(-height // count)
    parts = []
    for number, top in enumerate(range(0, height, step)):
        strip = picture.crop((0, top, width, min(height, top + step)))
        tall = A4_POINTS[1] * strip.height / height
        low = A4_POINTS[1] * (1 - (top + strip.height) / height)
        operators = b"q %f 0 0 %f 0 %f cm /Strip%d Do Q" % (A4_POINTS[0], tall, low, number)
        parts.append((operators, {f"Strip{number}": jpeg(strip)}))
    return tuple(parts)


def with_box(data: bytes, box: Sequence[float]) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.pages[0].obj.MediaBox = pikepdf.Array(box)
        return bytes_of(pdf)
