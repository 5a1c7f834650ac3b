"""Results of any shape, as a journey could leave them, for `test_record_json.py`."""

from __future__ import annotations

from hypothesis import strategies as st

from pipeline.model import (
    ABSENT,
    LIST_FIELDS,
    SCALAR_FIELDS,
    BoundingBox,
    DocumentType,
    Field,
    Fields,
    FieldState,
    Finding,
    Line,
    MadeBy,
    Original,
    Page,
    ReaderInfo,
    Region,
    RegionKind,
    Result,
    Signer,
    Word,
    Zone,
)

MEDIA_TYPES = ("application/pdf", "image/tiff", "image/jpeg", "image/png", "image/jp2")
PLAIN = Original("quet.pdf", "0a" * 32, 5, "application/pdf")

texts = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(["Nguyễn Văn An", "15/QĐ-UBND", '"\\\n\u2028'])
printed = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8).filter(lambda text: text.split() == [text])
shares = st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)
confidences = st.none() | shares
exact_confidences = st.none() | st.floats(0, 1)
digests = st.text("0123456789abcdef", min_size=64, max_size=64)
page_numbers = st.integers(1, 2000)
codes = st.from_regex("[A-Z][A-Z0-9_]{0,20}", fullmatch=True)


@st.composite
def boxes(draw: st.DrawFn) -> BoundingBox:
    left, top = draw(st.integers(0, 5000)), draw(st.integers(0, 5000))
    return BoundingBox(left, top, left + draw(st.integers(0, 5000)), top + draw(st.integers(0, 5000)))


def fields_by(confidence: st.SearchStrategy[float | None]) -> st.SearchStrategy[Field]:
    value = st.none() | texts
    return st.builds(Field, value, value, st.sampled_from(FieldState), confidence, st.none() | page_numbers, st.none() | boxes())


def pages_by(confidence: st.SearchStrategy[float | None]) -> st.SearchStrategy[Page]:
    words = st.builds(Word, printed, boxes(), confidence)
    lines = st.builds(Line, st.lists(words, min_size=1, max_size=3).map(tuple), boxes(), st.sampled_from(Zone), st.booleans())
    regions = st.builds(Region, st.sampled_from(RegionKind), boxes(), confidence)
    return st.builds(
        Page,
        page_no=page_numbers,
        width=st.integers(1, 20_000),
        height=st.integers(1, 20_000),
        dpi=st.none() | st.integers(100, 240_000).map(lambda hundredths: hundredths / 100),
        orientation=st.sampled_from((0, 90, 180, 270)),
        skew=st.integers(-4500, 4500).map(lambda hundredths: hundredths / 100),
        blank=st.booleans(),
        from_text_layer=st.booleans(),
        regions=st.lists(regions, max_size=2).map(tuple),
        lines=st.lists(lines, max_size=3).map(tuple),
    )


def results_by(confidence: st.SearchStrategy[float | None]) -> st.SearchStrategy[Result]:
    field = fields_by(confidence)
    items = st.lists(field, max_size=2).map(tuple)
    return st.builds(
        Result,
        source=st.builds(Original, texts, digests, st.integers(1), st.sampled_from(MEDIA_TYPES)),
        document_type=st.none() | st.builds(DocumentType, texts, texts, shares, texts),
        fields=st.builds(
            Fields,
            scalars=st.fixed_dictionaries(dict.fromkeys(SCALAR_FIELDS, field)),
            lists=st.fixed_dictionaries(dict.fromkeys(LIST_FIELDS, items)),
            signers=st.lists(st.builds(Signer, field, field), max_size=2).map(tuple),
        ),
        pages=st.lists(pages_by(confidence), min_size=1, max_size=2).map(tuple),
        findings=st.lists(st.builds(Finding, codes, st.none() | page_numbers, st.none() | texts), max_size=2).map(tuple),
        made_by=st.builds(
            MadeBy,
            texts,
            st.lists(st.builds(ReaderInfo, texts, texts, digests), max_size=2).map(tuple),
            st.dictionaries(texts, st.none() | st.booleans() | st.integers() | texts, max_size=2),
        ),
    )


results = results_by(confidences)
"""Confidences of three decimals, as a record keeps them."""
unrounded_results = results_by(exact_confidences)


def result_with(**scalars: Field) -> Result:
    """One page, nothing on it, and these fields."""
    page = Page(1, 100, 200, 300.0, 0, 0.0, False, False, (), ())
    fields = Fields({name: scalars.get(name, ABSENT) for name in SCALAR_FIELDS}, dict.fromkeys(LIST_FIELDS, ()), ())
    return Result(PLAIN, None, fields, (page,), (), MadeBy("1.0", ()))


def result_of_lines(*pages: tuple[str, ...]) -> Result:
    """Pages of these lines."""
    box = BoundingBox(1, 2, 3, 4)
    made = tuple(
        Page(number, 100, 200, None, 0, 0.0, False, False, (), tuple(Line(_words(text, box), box, Zone.BODY) for text in lines))
        for number, lines in enumerate(pages, 1)
    )
    plain = result_with()
    return Result(plain.source, None, plain.fields, made, (), plain.made_by)


def _words(text: str, box: BoundingBox) -> tuple[Word, ...]:
    return tuple(Word(part, box, 0.9) for part in text.split())
