"""What is written for people is true, and says nothing that does not belong to the product."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.exits import exit_code_of
from pipeline.errors import PermanentError, SohoaError, TransientError
from tests.house.source import ROOT, tracked_files
from tools.write_docs import PAGES, coded_errors

PLACES = re.compile(
    r"(?:index-url|find-links)\s*[=\"' ]\s*\S|\"resolved\":|registry\s*="
    r"|(?:pypi|pythonhosted|npmjs|maven|debian)\.(?:org|com)|/w[o]rk/|\.\./shared"
)
"""Registry hosts and paths of one machine: where packages come from is the business of the machine's own settings."""

MAY_NAME_PLACES = {".ci/run", "tests/house/test_documents.py"}


@pytest.mark.parametrize(("name", "page"), PAGES.items(), ids=PAGES)
def test_a_page_made_from_the_code_is_up_to_date(name: str, page: Callable[[], str]) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == page(), "run `make docs`"


def test_no_file_names_a_registry_or_a_place_on_one_machine() -> None:
    named = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in tracked_files()
        if str(file.relative_to(ROOT)) not in MAY_NAME_PLACES
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if PLACES.search(line)
    ]
    assert named == []


def test_every_error_has_a_code_of_its_own_and_whole_sentences() -> None:
    errors = coded_errors()
    assert len({error.code for error in errors}) == len(errors)
    for error in errors:
        assert re.fullmatch(r"[A-Z][A-Z_]*[A-Z]", error.code)
        assert error.summary[-1] not in ".!?"
        assert error.next_step.endswith(".")


def test_the_retry_policy_can_read_every_error() -> None:
    assert all(issubclass(error, TransientError) != issubclass(error, PermanentError) for error in coded_errors())


@pytest.mark.parametrize("error", coded_errors(), ids=lambda error: error.code)
def test_every_error_ends_a_command_with_a_documented_exit_code(error: type[SohoaError]) -> None:
    assert exit_code_of(error("x")) in {2, 3, 4, 130}


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for file in (file for file in tracked_files() if file.suffix == ".md"):
        for target in re.findall(r"\]\(([^)#\s]+)", file.read_text(encoding="utf-8")):
            if "://" not in target and not (file.parent / Path(target)).exists():
                broken.append(f"{file.relative_to(ROOT)} -> {target}")
    assert broken == []
