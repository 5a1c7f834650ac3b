"""Whatever a library says about a file, it says it in our words."""

from __future__ import annotations

import inspect
import struct
import zlib

import pdf2image.exceptions
import pikepdf
import pikepdf.exceptions
import PIL
import pytest
from PIL import Image

from pipeline.errors import Damaged, InputError, PageTooLarge
from pipeline.pages.pixels import decoding

LIBRARIES = (pikepdf, pikepdf.exceptions, PIL, Image, pdf2image.exceptions, struct, zlib)
CLASSES: set[type[Exception]] = {
    thing
    for library in LIBRARIES
    for _, thing in inspect.getmembers(library, inspect.isclass)
    if issubclass(thing, Exception) and not issubclass(thing, Warning | MemoryError)
}


def raised(error: type[Exception]) -> Exception:
    """An instance, whatever its constructor wants."""
    return error.__new__(error)


@pytest.mark.parametrize("error", sorted(CLASSES, key=repr))
def test_every_error_of_the_decoders_becomes_one_of_ours(error: type[Exception]) -> None:
    with pytest.raises(InputError), decoding():
        raise raised(error)


def test_a_decompression_bomb_is_a_page_too_large() -> None:
    with pytest.raises(PageTooLarge), decoding():
        raise Image.DecompressionBombError


def test_our_own_errors_pass_unchanged() -> None:
    with pytest.raises(Damaged, match="half a page"), decoding():
        raise Damaged("half a page")


def test_a_want_of_memory_is_not_the_files_fault() -> None:
    with pytest.raises(MemoryError), decoding():
        raise MemoryError
