"""Builds pipeline/archive/glyphless.ttf: a TrueType font whose one glyph is blank and half an em wide.

The text layer of a rendition is written in it: words that are searched and copied, never seen. Run it again only to change
the metrics; it needs fontTools, which sohoa itself does not:

    python tools/build_glyphless_font.py pipeline/archive/glyphless.ttf
"""

from __future__ import annotations

import sys

from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib.tables._g_l_y_f import Glyph

UNITS_PER_EM = 1000
ADVANCE = 500
ASCENT, DESCENT = 800, -200
NEEDED_BY_PDF = {"glyf", "head", "hhea", "hmtx", "loca", "maxp"}


def build(path: str) -> None:
    font = FontBuilder(UNITS_PER_EM, isTTF=True)
    font.setupGlyphOrder([".notdef", "blank"])
    font.setupGlyf({".notdef": Glyph(), "blank": Glyph()})
    font.setupHorizontalMetrics({".notdef": (ADVANCE, 0), "blank": (ADVANCE, 0)})
    font.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    font.updateHead(created=0, modified=0)
    for table in set(font.font.keys()) - NEEDED_BY_PDF - {"GlyphOrder"}:
        del font.font[table]
    font.font.recalcTimestamp = False
    font.save(path)


if __name__ == "__main__":
    build(sys.argv[1])
