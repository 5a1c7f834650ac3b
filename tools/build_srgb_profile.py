"""Builds pipeline/archive/srgb.icc: the sRGB profile that every rendition names as its output intent.

LittleCMS computes it from the primaries, white point and curve of IEC 61966-2-1 and puts no rights on it:

    python tools/build_srgb_profile.py pipeline/archive/srgb.icc
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import ImageCms

VERSION_AT = 8
VERSION_4_2 = bytes((4, 0x20))
"""The newest that PDF 1.7 names (ISO 32000-1, table 66); the profile uses nothing that came later."""


def build(path: Path) -> None:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[VERSION_AT : VERSION_AT + 2] = VERSION_4_2
    path.write_bytes(profile)


if __name__ == "__main__":
    build(Path(sys.argv[1]))
