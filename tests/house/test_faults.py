"""docs/faults.md names tests that exist, one at least for each fault."""

from __future__ import annotations

import re

from tests.house.source import ROOT, functions_of

PAGE = ROOT / "docs" / "faults.md"
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE.read_text(encoding="utf-8"))


def names_in(name: str) -> set[str]:
    return {node.name for node in functions_of(ROOT / name) if node.name.startswith("test_")}


def test_every_test_that_the_page_of_faults_names_exists() -> None:
    assert [f"{name}::{test}" for name, test in NAMED if not (ROOT / name).exists() or test not in names_in(name)] == []


def test_the_faults_are_numbered_from_one_on_and_each_is_shown_by_a_test() -> None:
    rows = re.findall(r"^\| (\d+) \|.*\| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, len(rows) + 1))
    assert len(rows) >= 33
    assert all("::test_" in shown_by for _, shown_by in rows)
