"""Tags of objects, as they are computed while the bytes pass by."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from pipeline.adapters.s3_tags import TagDigest


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=6), st.integers(1, 17))
def test_a_tag_is_the_same_however_the_bytes_are_cut_up(parts: list[bytes], step: int) -> None:
    whole = b"".join(parts)
    digest = TagDigest([len(part) for part in parts])
    for start in range(0, len(whole), step):
        digest.update(whole[start : start + step])
    md5s = b"".join(hashlib.md5(part).digest() for part in parts)
    expected = f"{hashlib.md5(md5s).hexdigest()}-{len(parts)}" if parts else hashlib.md5(b"").hexdigest()
    assert digest.hexdigest() == expected


@given(st.lists(st.integers(1, 9), min_size=1, max_size=4), st.binary(max_size=60))
def test_bytes_that_do_not_fill_the_parts_exactly_have_no_tag(sizes: list[int], data: bytes) -> None:
    digest = TagDigest(sizes)
    digest.update(data)
    assert (digest.hexdigest() == "") == (len(data) != sum(sizes))
