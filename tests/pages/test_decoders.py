"""Whatever a library says about a file, it says it in our words; a mistake in our code is never called a damaged file."""

from __future__ import annotations

import errno
import inspect
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pikepdf.exceptions
import PIL
import pytest
from PIL import Image

from pipeline.errors import Damaged, DiskFull, InputError, PageTooLarge
from pipeline.pages import Limits
from pipeline.pages.decoding import decoding, inside_library
from tests import bad_images, bad_inputs
from tests.pages.opening import opened

LIBRARIES = (pikepdf, pikepdf.exceptions, PIL, Image, struct, zlib)
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


MISTAKES = [TypeError, AttributeError, NameError, ImportError, AssertionError, NotImplementedError]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_our_code_is_no_damaged_file(mistake: type[Exception]) -> None:
    with pytest.raises(mistake), decoding():
        raise mistake


@pytest.mark.parametrize("error", [*MISTAKES, RuntimeError, KeyError])
def test_around_a_library_alone_every_exception_is_about_the_file(error: type[Exception]) -> None:
    with pytest.raises(Damaged), inside_library():
        raise error


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_not_the_files_fault(number: int) -> None:
    with pytest.raises(DiskFull), decoding():
        raise OSError(number, "")


class LimitsWithAMistake(Limits):
    """What a slip in our own code does in the middle of decoding."""

    @property
    def max_page_pixels(self) -> int:
        raise AttributeError("max_page_pixel")


@pytest.mark.parametrize("make", [bad_inputs.one_page_pdf, bad_inputs.born_digital_pdf, bad_images.png_of_one_bit])
def test_a_slip_while_a_page_is_decoded_shows_itself(make: Callable[[], bytes], tmp_path: Path) -> None:
    with pytest.raises(AttributeError), opened(make(), tmp_path, LimitsWithAMistake(10, 50)):
        pass


def test_a_page_that_fell_to_a_slip_still_has_a_place_in_the_rendition(tmp_path: Path) -> None:
    with opened(bad_inputs.scanned_pdf(2), tmp_path, LimitsWithAMistake(10, 50)) as source:
        with pytest.raises(AttributeError):
            source.load(2)
        assert source.notice(2, "PAGE_FAILED").picture is None
