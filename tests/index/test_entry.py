"""A result becomes what the index holds of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pipeline.index import (
    BREAK,
    Placement,
    entry_of,
    field_words,
    folded_words,
    newness,
    own_keys,
    pairs_of,
    record_values,
    searched_words,
)
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
    Result,
    Word,
    Zone,
)
from pipeline.text import fold, match_key, words
from tests.index.entries import RECEIVED, entry

PLACEMENT = Placement("r1", 4, "ubnd", "f1", "dat-dai", ("b1", "b2"), datetime(2026, 1, 2, tzinfo=UTC))


def present(value: str) -> Field:
    return Field(value, value, FieldState.PRESENT, 0.9, 1, BoundingBox(0, 0, 1, 1))


def line(*texts: str, top: int = 0) -> Line:
    words = tuple(Word(text, BoundingBox(100 * at, top, 100 * at + 90, top + 20), 0.9) for at, text in enumerate(texts))
    return Line(words, BoundingBox(0, top, 900, top + 20), Zone.BODY)


def result(*pages: tuple[Line, ...], findings: tuple[Finding, ...] = (), **values: str) -> Result:
    scalars = dict.fromkeys(SCALAR_FIELDS, ABSENT) | {name: present(value) for name, value in values.items()}
    fields = Fields(scalars, dict.fromkeys(LIST_FIELDS, ()), ())
    seen = tuple(Page(number, 2480, 3508, 300.0, 0, 0.0, False, False, (), lines) for number, lines in enumerate(pages, 1))
    original = Original("Hồ sơ 15.pdf", "00", 1, "application/pdf")
    return Result(original, DocumentType("QD", "Quyết định", 0.9, "quyết định"), fields, seen, findings, MadeBy("1", ()))


def test_an_entry_has_the_fields_of_the_result() -> None:
    made = entry_of(
        result(organName="UBND", codeNumber="15", codeNotation="QĐ-UBND", issuedDate="2024-03-15", subject="Giao đất"), PLACEMENT
    )
    assert (made.file_name, made.type_code, made.type_name, made.issuer) == ("Hồ sơ 15.pdf", "QD", "Quyết định", "UBND")
    assert (made.code, made.issued_date, made.subject, made.signer) == ("15/QĐ-UBND", "2024-03-15", "Giao đất", None)
    assert made.placement == PLACEMENT
    assert not made.needs_review


def test_a_record_with_findings_needs_a_look() -> None:
    assert entry_of(result(findings=(Finding("PAGE_FAILED", 1),)), PLACEMENT).needs_review


def test_a_page_is_its_lines_and_every_word_has_its_place() -> None:
    made = entry_of(result((line("Số:", "15/QĐ-UBND"), line("Về", "việc", top=50)), ()), PLACEMENT)
    first, second = made.pages
    assert first.text == "Số: 15/QĐ-UBND\nVề việc"
    assert [first.text[word.start : word.end] for word in first.words] == ["Số:", "15/QĐ-UBND", "Về", "việc"]
    assert [word.box.left for word in first.words] == [0, 100, 0, 100]
    assert (second.page_no, second.text, second.words) == (2, "", ())


def test_what_nobody_sees_takes_no_place() -> None:
    (made,) = entry_of(result((line("a\u200b", "\u00ad", "e\u0301", "b c"), line("\x00"), line("d"))), PLACEMENT).pages
    assert made.text == "a é b c\n\nd"
    assert [made.text[word.start : word.end] for word in made.words] == ["a", "é", "b c", "d"]


def test_words_of_the_fields_are_kept_apart() -> None:
    made = entry("a", subject="Giao đất", issuer="Sở Nội vụ", code_number="15", code_notation="QĐ-UBND", file_name="a.b.pdf")
    assert " ".join(field_words(made)) == f"giao đất {BREAK} 15 qđ ubnd {BREAK} sở nội vụ {BREAK} a b {BREAK}"


def test_a_record_is_asked_for_by_its_number_and_its_date() -> None:
    made = entry("a", code_number="15", code_notation="QĐ-UBND", issued_date="2024-03-15")
    assert {"15", "15/2024", "15/qd-ubnd", "=2024-03-15"} <= set(own_keys(made))
    assert own_keys(entry("a", code_notation="QĐ-UBND")) == ()


def test_values_are_tidy_and_order_by_date_then_arrival() -> None:
    dated, undated = entry("a", issued_date="2024-03-15", issuer="Sở  Nội\nvụ"), entry("b")
    assert record_values(dated)["issuer"] == "Sở Nội vụ"
    assert record_values(dated)["issuer_key"] == "so noi vu"
    assert set(record_values(dated)) == set(record_values(undated))


def test_the_newest_by_its_date_then_by_its_arrival_comes_first() -> None:
    by_newness = [
        entry("a", issued_date="9999-12-31"),
        entry("b", issued_date="2024-03-15", received_at=RECEIVED + timedelta(milliseconds=10)),
        entry("c", issued_date="2024-03-15"),
        entry("d", issued_date="1802-06-01", received_at=RECEIVED + timedelta(days=9999)),
        entry("e", received_at=RECEIVED + timedelta(days=99)),
        entry("f", received_at=datetime(1960, 1, 1, tzinfo=UTC)),
    ]
    numbers = [newness(one) for one in by_newness]
    assert numbers == sorted(set(numbers), reverse=True)
    assert numbers[0] < 2**63
    assert numbers[-1] == 0


def test_words_are_known_by_themselves_as_they_are_in_their_text() -> None:
    text = "Ủy ban ỦY BAN – “thủy lợi” QUYẾT ĐỊNH Ðà Nẵng l5/QĐ… hoà/hòa ǅ ß ﬁ"
    assert searched_words(text) == words(match_key(text))
    assert folded_words(searched_words(text)) == fold(" ".join(words(match_key(text)))).split()


def test_no_pair_reaches_across_two_fields() -> None:
    assert pairs_of(["giao", "dat", BREAK, "so", "noi", "vu"], "_") == ["giao_dat", "so_noi", "noi_vu"]


def test_endless_words_are_cut() -> None:
    assert [len(word) for word in searched_words("x" * 500 + " đất")] == [64, 3]
    assert folded_words(["đất", BREAK, "hà"]) == ["dat", BREAK, "ha"]
