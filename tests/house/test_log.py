"""Events on stderr: ids and codes, never what stands in a document."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
import structlog

from config.log import start_logging

SECRET = "Nguyễn Văn A, sinh ngày 1/1/1990"


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def _events(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_carries_the_context_that_was_bound() -> None:
    stream = io.StringIO()
    start_logging("info", "auto", stream)
    with structlog.contextvars.bound_contextvars(record_id="r1", attempt=2):
        structlog.get_logger().info("page_read", page_no=3)
    [event] = _events(stream)
    assert (event["event"], event["record_id"], event["attempt"], event["page_no"]) == ("page_read", "r1", 2, 3)
    assert str(event["timestamp"]).endswith("Z")


def test_an_exception_is_one_line_that_does_not_quote_the_document() -> None:
    stream = io.StringIO()
    start_logging("warning", "json", stream)
    try:
        int(SECRET)
    except ValueError:
        structlog.get_logger().exception("page_failed", page_no=1)
    [event] = _events(stream)
    assert event["error"] == "ValueError"
    assert str(event["where"]).startswith("test_log.py:")
    assert "Nguyễn" not in stream.getvalue()


def test_a_developer_sees_the_whole_exception_at_level_debug() -> None:
    stream = io.StringIO()
    start_logging("debug", "json", stream)
    try:
        int(SECRET)
    except ValueError:
        structlog.get_logger().exception("page_failed")
    assert "Traceback" in str(_events(stream)[0]["exception"])


def test_events_below_the_level_are_not_written() -> None:
    stream = io.StringIO()
    start_logging("warning", "json", stream)
    structlog.get_logger().info("page_read")
    assert stream.getvalue() == ""


def test_the_console_form_is_for_eyes() -> None:
    stream = io.StringIO()
    start_logging("info", "console", stream)
    structlog.get_logger().info("page_read", page_no=3)
    assert "page_read" in stream.getvalue()
    assert not stream.getvalue().startswith("{")
