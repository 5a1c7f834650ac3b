"""What libraries say of bad bytes, in our words - and nothing else: a fault of our own code must not look like a damaged file."""

from __future__ import annotations

import struct
import subprocess
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import pikepdf
from PIL import Image

from pipeline.disk import FULL
from pipeline.errors import Damaged, DiskFull, PageTooLarge, SohoaError

FILE_FAULTS: tuple[type[Exception], ...] = (
    pikepdf.PikepdfError,
    cv2.error,
    subprocess.CalledProcessError,  # a program of poppler
    struct.error,
    zlib.error,
    OSError,  # most of what Pillow says
    EOFError,
    SyntaxError,  # Pillow: chunks and headers that make no sense
    ValueError,
    LookupError,
    ArithmeticError,
)
"""What bad bytes make libraries raise. TypeError and AttributeError are not among them: they are what mistakes in our code raise,
so that entries of a PDF are asked for their type before they are used (`entries`)."""


@contextmanager
def decoding(faults: type[Exception] | tuple[type[Exception], ...] = FILE_FAULTS) -> Iterator[None]:
    """Around the decoding of a file: `faults` become Damaged.

    Raises Damaged, PageTooLarge; DiskFull for temporary files; lets SohoaError, MemoryError and all other exceptions through.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of sizes (we have a limit of our own) and of odd metadata
            yield
    except (SohoaError, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise PageTooLarge from error
    except faults as error:
        if isinstance(error, OSError) and error.errno in FULL:
            raise DiskFull from error
        raise Damaged(type(error).__name__) from error


@contextmanager
def inside_library() -> Iterator[None]:
    """Around calls of a decoder and nothing of ours: there bad bytes raise any exception (TypeError where a TIFF lacks a tag or
    a PDF's content holds a stream). Raises as `decoding`."""
    with decoding(Exception):
        yield
