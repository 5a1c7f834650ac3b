"""How a page's picture is kept for the rendition: the file's own image bytes where that is possible, and where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.model import BoundingBox
from pipeline.pixels import Pixels


@dataclass(frozen=True, slots=True)
class Matrix:
    """Affine map x' = a x + c y + e, y' = b x + d y + f (the order in which PDF writes its six numbers)."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def then(self, other: Matrix) -> Matrix:
        """First this map, then `other`."""
        return Matrix(
            self.a * other.a + self.b * other.c,
            self.a * other.b + self.b * other.d,
            self.c * other.a + self.d * other.c,
            self.c * other.b + self.d * other.d,
            self.e * other.a + self.f * other.c + other.e,
            self.e * other.b + self.f * other.d + other.f,
        )

    def apply(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def box(self, left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        """The upright rectangle (left, low, right, high) around the image of a rectangle."""
        corners = [self.apply(x, y) for x in (left, right) for y in (top, bottom)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return min(xs), min(ys), max(xs), max(ys)


@dataclass(frozen=True, slots=True)
class EncodedImage:
    """An image as a PDF/A-2 file can hold it, still coded. Everything is in the words of ISO 32000-1, 8.9.5.

    `components`: 1 grey, 3 RGB. `palette`: RGB triples when the samples are indices. `icc`: a profile of as many components.
    `codec`: DCTDecode, CCITTFaxDecode, JBIG2Decode, JPXDecode or FlateDecode; `parameters`: its DecodeParms.
    `decode`: empty for the default. `jbig2_globals`: the segments that JBIG2 pages share.
    """

    data: bytes
    width: int
    height: int
    bits: int
    components: int
    codec: str
    parameters: Mapping[str, int | bool] = field(default_factory=dict)
    palette: bytes | None = None
    icc: bytes | None = None
    decode: tuple[float, ...] = ()
    jbig2_globals: bytes | None = None


@dataclass(frozen=True, slots=True)
class PlacedImage:
    """`matrix` takes PDF's unit square (origin bottom left) to pixels of the page (origin top left)."""

    image: EncodedImage | Pixels
    matrix: Matrix


@dataclass(frozen=True, slots=True)
class Overlay:
    """What the file draws over the page's image: RGBA, H x W x 4, to be laid over `box` of the page."""

    pixels: Pixels
    box: BoundingBox


@dataclass(frozen=True, slots=True)
class Picture:
    """What the rendition shows of a page; the images are drawn in order, the overlays above them."""

    images: tuple[PlacedImage, ...]
    overlays: tuple[Overlay, ...] = ()


def whole_page(width: int, height: int) -> Matrix:
    """Where an image stands that fills a page of `width` x `height` pixels, upright."""
    return Matrix(width, 0, 0, -height, 0, height)
