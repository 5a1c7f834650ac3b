"""The files of docs/inputs.md but for images (`bad_images`), one function a row, each returning the bytes of a file.

They hold nothing but what is made here. Suites of several rooms use them: what `pipeline.intake` and `pipeline.pages` say of each,
and what the command makes of it.
"""

from __future__ import annotations

import io
import zipfile
from functools import cache

import numpy as np
import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from tests.file_parts import (
    A4_POINTS,
    bytes_of,
    jpeg,
    names_of_glyphs,
    pdf_of,
    saved_encrypted,
    scan_part,
    strip_parts,
    text_part,
    with_annotation,
    with_box,
)
from tests.printed_page import GARBAGE, OLD_ENCODING, TEXT, font_path, page_picture

# files that are no scans


def empty_file() -> bytes:
    return b""


def random_bytes() -> bytes:
    return np.random.default_rng(7).bytes(4096)


def html_named_pdf() -> bytes:
    return b"<!DOCTYPE html>\n<html><body>%PDF-1.4 was asked for, an error page came</body></html>\n"


def zip_named_pdf() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("scan.pdf", one_page_pdf())
    return file.getvalue()


def exe_named_pdf() -> bytes:
    return b"MZ\x90\x00" + bytes(60) + b"This program cannot be run in DOS mode.\r\n$%PDF-1.4" + bytes(900)


# PDF files


@cache
def one_page_pdf() -> bytes:
    """A sound scan: one JPEG that fills its page."""
    return pdf_of([scan_part(jpeg(page_picture()))])


@cache
def scanned_pdf(pages: int, turn: int = 0) -> bytes:
    """Pages of one JPEG each; the last object of each page is its image."""
    return pdf_of([scan_part(jpeg(page_picture((f"Trang {number}", *TEXT)))) for number in range(1, pages + 1)], turn=turn)


def truncated_pdf(tenths: int) -> bytes:
    """A scan of three pages of which only the first `tenths` tenths arrived. Its list of pages stands first, so that much of it
    can still be opened."""
    whole = scanned_pdf(3)
    return whole[: len(whole) * tenths // 10]


def truncated_pdf_saved_by_qpdf(tenths: int) -> bytes:
    """The same for a file that ends with its list of objects, compressed."""
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(scanned_pdf(3))) as pdf:
        pdf.save(file, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return file.getvalue()[: len(file.getvalue()) * tenths // 10]


def pdf_with_password() -> bytes:
    return saved_encrypted(one_page_pdf(), encryption=pikepdf.Encryption(user="mật khẩu", owner="chủ"))


def pdf_with_owner_password() -> bytes:
    """Opens without a password, forbids changes."""
    return saved_encrypted(one_page_pdf(), encryption=pikepdf.Encryption(user="", owner="chủ"))


def pdf_without_pages() -> bytes:
    return pdf_of([])


def pdf_of_3000_pages() -> bytes:
    file = io.BytesIO()
    pdf = pikepdf.new()
    for _ in range(3000):
        pdf.add_blank_page(page_size=A4_POINTS)
    pdf.save(file)
    return file.getvalue()


def pdf_with_huge_media_box() -> bytes:
    return with_box(one_page_pdf(), [0, 0, 200_000, 200_000])


def pdf_with_zero_media_box() -> bytes:
    return with_box(one_page_pdf(), [0, 0, 0, 0])


def pdf_with_negative_media_box() -> bytes:
    """The corners in the unusual order: the same page to every viewer."""
    return with_box(one_page_pdf(), [A4_POINTS[0], A4_POINTS[1], 0, 0])


def scan_with_garbage_text_layer() -> bytes:
    """A scan with the invisible text of an OCR that knew no Vietnamese."""
    return pdf_of([scan_part(jpeg(page_picture())) + text_part(GARBAGE, mode=3)])


@cache
def born_digital_pdf(lines: tuple[str, ...] = TEXT) -> bytes:
    """Print and text layer agree, as an office program writes them."""
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(*A4_POINTS)
    data = font_path().read_bytes()
    buffer = (pdfium.c_uint8 * len(data)).from_buffer_copy(data)
    font = pdfium.FPDFText_LoadFont(document, buffer, len(data), pdfium.FPDF_FONT_TRUETYPE, True)
    for row, line in enumerate(lines):
        text = pdfium.FPDFPageObj_CreateTextObj(document, font, 14.0)
        words = (line + "\0").encode("utf-16-le")
        pdfium.FPDFText_SetText(text, pdfium.cast(words, pdfium.POINTER(pdfium.c_ushort)))
        pdfium.FPDFPageObj_Transform(text, 1, 0, 0, 1, 60, 770 - 30 * row)
        pdfium.FPDFPage_InsertObject(page, text)
    page.gen_content()
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def born_digital_pdf_with_garbage_text() -> bytes:
    """What is printed is what the layer says, and both are useless: a scanner's OCR that threw the picture away."""
    return pdf_of([text_part(GARBAGE, mode=0)])


def born_digital_pdf_in_old_encoding() -> bytes:
    """What a page typed in a TCVN3 font says to a program that does not know the font."""
    return pdf_of([text_part(OLD_ENCODING, mode=0)])


def born_digital_pdf_with_unnamed_letters() -> bytes:
    """A page whose font names some of its letters only: print says "Độc lập", the text layer "ộc lập"."""
    with pikepdf.open(io.BytesIO(born_digital_pdf())) as pdf:
        fonts = pdf.pages[0].Resources.Font
        font = fonts[next(iter(fonts.keys()))]
        names = {code: letter for code, letter in names_of_glyphs(font.ToUnicode.read_bytes()) if letter not in "ĐHC"}
        rows = "\n".join(f"<{code:04X}> <{ord(letter):04X}>" for code, letter in names.items())
        head = "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        font.ToUnicode = pdf.make_stream(f"{head}{len(names)} beginbfchar\n{rows}\nendbfchar endcmap end".encode())
        return bytes_of(pdf)


def born_digital_pdf_with_unnamed_font() -> bytes:
    """The first line is set in a font that does not say which letters its glyphs are."""
    with pikepdf.open(io.BytesIO(born_digital_pdf())) as pdf:
        page = pdf.pages[0]
        fonts = page.Resources.Font
        fonts["/Unnamed"] = pdf.make_indirect(pikepdf.Dictionary(dict(fonts[next(iter(fonts.keys()))].items())))
        del fonts["/Unnamed"]["/ToUnicode"]
        first, _, rest = page.Contents.read_bytes().partition(b"Tf")
        name = first.rsplit(b"/", 1)[1].split()[0]
        page.Contents = pdf.make_stream(first.replace(name, b"Unnamed") + b"Tf" + rest)
        return bytes_of(pdf)


def pdf_with_javascript() -> bytes:
    with pikepdf.open(io.BytesIO(one_page_pdf())) as pdf:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('x'); this.submitForm('example.invalid');")
        launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")
        pdf.Root.OpenAction = script
        pdf.Root.AA = pikepdf.Dictionary(WC=script)
        pdf.pages[0].obj.AA = pikepdf.Dictionary(O=launch)
        return bytes_of(pdf)


def pdf_with_attachment() -> bytes:
    with pikepdf.open(io.BytesIO(one_page_pdf())) as pdf:
        pdf.attachments["so-lieu.xlsx"] = b"PK\x03\x04 not really a workbook"
        return bytes_of(pdf)


def pdf_with_signature_box() -> bytes:
    """A scan over which an office program drew the box of a digital signature."""
    return with_signature_box(one_page_pdf())


def pdf_with_stamped_number() -> bytes:
    """A scan whose number was filled in as a signature widget of its own."""
    return with_stamped_number(one_page_pdf())


def with_signature_box(data: bytes) -> bytes:
    return with_annotation(data, "/Sig", (360, 790, 580, 835), ("Ky boi: UBND xa Mau", "Thoi gian ky: 04/03/2021"))


def with_stamped_number(data: bytes) -> bytes:
    return with_annotation(data, "/Sig", (400, 660, 470, 685), ("128",))


def pdf_with_typed_note() -> bytes:
    """A scan with a note typed over it, which belongs to the page."""
    return with_annotation(one_page_pdf(), "/FreeText", (300, 300, 500, 330), ("Da doi chieu",))


def pdf_with_watermark() -> bytes:
    """A scan with a slanting mark and a certification box drawn into its content."""
    mark = b"q /GS gs BT /F 30 Tf 0.7 0.7 -0.7 0.7 120 150 Tm (tai ve ngay 05/03/2021) Tj ET Q"
    box = b"BT /F 8 Tf 420 810 Td (SAO Y) Tj 0 -10 Td (UBND xa Mau) Tj ET"
    return pdf_of([(*scan_part(jpeg(page_picture())), (mark, {}), (box, {}))])


def pdf_in_strips() -> bytes:
    """One page cut into ten images, as some scanners do to save memory."""
    return pdf_of([strip_parts(page_picture(), 10)])


def blank_page_pdf() -> bytes:
    """A sheet without print, as a scanner sees it: not quite white."""
    noise = np.random.default_rng(5).integers(244, 254, (877, 620), np.uint8)
    return pdf_of([scan_part(jpeg(Image.fromarray(noise)))])


def upside_down_pdf() -> bytes:
    return pdf_of([scan_part(jpeg(page_picture().rotate(180)))])


def sideways_pdf() -> bytes:
    """Print that runs from top to bottom; the file does not say so."""
    lying = jpeg(page_picture().transpose(Image.Transpose.ROTATE_270))
    return pdf_of([((b"q %f 0 0 %f 0 0 cm /Scan Do Q" % A4_POINTS[::-1], {"Scan": lying}),)], size=A4_POINTS[::-1])
