"""The figures beside the progress bar."""

from __future__ import annotations

import pytest

from cli.progress import PageCount, clock, figures_of, object_figures


def test_nothing_is_promised_before_the_first_page_is_done() -> None:
    count = PageCount(files=4, now=0.0)
    assert count.seconds_left(10.0) is None
    assert figures_of(count, 10.0) == "0/4 trang, 0 trang/phút"


def test_files_not_yet_opened_are_expected_to_be_like_those_that_were() -> None:
    count = PageCount(files=4, now=0.0)
    count.page_started("a", 1, 10)
    count.page_started("b", 1, 2)
    assert count.expected == 24


def test_rate_and_time_left_follow_from_the_pages_done() -> None:
    count = PageCount(files=2, now=100.0)
    count.page_started("a", 11, 40)
    count.finished("b")
    assert figures_of(count, 130.0) == "10/40 trang, 20 trang/phút, còn khoảng 1:30"


def test_a_file_that_failed_does_not_hold_the_bar_back() -> None:
    count = PageCount(files=2, now=0.0)
    count.page_started("a", 1, 3)
    count.finished("a")
    count.finished("b")
    assert (count.done, count.expected) == (3, 3)


def test_objects_that_are_moved_have_a_rate_and_a_time_left() -> None:
    assert object_figures(120, 400, 2.0) == "120/400 đối tượng, 60 đối tượng/giây, còn khoảng 0:05"
    assert object_figures(0, 0, 0.0) == "0/0 đối tượng, 0 đối tượng/giây, còn khoảng 0:00"


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (65, "1:05"), (3599.6, "1:00:00"), (7380, "2:03:00")])
def test_times_are_shown_as_on_a_clock(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown
