"""A small round of the soak; `python -m tests.soak.kill_soak` makes a large one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak.kill_soak import soak_with_doubles


@pytest.mark.soak
def test_records_killed_at_random_are_all_done_once(tmp_path: Path) -> None:
    soak = soak_with_doubles(tmp_path, count=12, kills=4, seed=7)
    counts = soak.go()
    assert (counts.received, counts.done) == (12, 12)
    assert soak.looks > 10
