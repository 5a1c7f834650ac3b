"""The font of the text layer: every character that is used has a number, a blank glyph, and its name in Unicode."""

from __future__ import annotations

from pipeline.archive.pdf_file import PdfFile

BLOCK = 100
"""Entries in one block of a character map (ISO 32000-1, 9.7.5.4)."""


class Letters:
    """Gives each character that a file uses a number in the font, in order of first use."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def encode(self, text: str) -> bytes:
        """A string object: two bytes a character."""
        codes = [self._codes.setdefault(char, len(self._codes) + 1) for char in text]
        return b"<%b>" % b"".join(b"%04x" % code for code in codes)

    def add_font(self, pdf: PdfFile, font_file: bytes, number: int) -> None:
        """Write the font under a reserved number; call it when all pages are written."""
        program = pdf.add_deflated(b"/Length1 %d" % len(font_file), font_file)
        descriptor = pdf.add(
            b"<</Type/FontDescriptor/FontName/Glyphless/Flags 4/FontBBox[0 -200 500 800]/ItalicAngle 0"
            b"/Ascent 800/Descent -200/CapHeight 800/StemV 80/FontFile2 %d 0 R>>" % program
        )
        glyphs = pdf.add_deflated(b"", b"\x00\x00" + b"\x00\x01" * len(self._codes))
        descendant = pdf.add(
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Glyphless"
            b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            b"/FontDescriptor %d 0 R/DW 500/CIDToGIDMap %d 0 R>>" % (descriptor, glyphs)
        )
        to_unicode = pdf.add_deflated(b"", self._character_map())
        pdf.add(
            b"<</Type/Font/Subtype/Type0/BaseFont/Glyphless/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
            % (descendant, to_unicode),
            number,
        )

    def _character_map(self) -> bytes:
        pairs = [b"<%04x><%b>" % (code, char.encode("utf-16-be").hex().encode()) for char, code in self._codes.items()]
        blocks = (pairs[at : at + BLOCK] for at in range(0, len(pairs), BLOCK))
        body = b"".join(b"%d beginbfchar\n%b\nendbfchar\n" % (len(block), b"\n".join(block)) for block in blocks)
        return (
            b"/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            b"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
            b"/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n"
            b"1 begincodespacerange\n<0000><ffff>\nendcodespacerange\n%bendcmap\n"
            b"CMapName currentdict/CMap defineresource pop\nend\nend\n" % body
        )
