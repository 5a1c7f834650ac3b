"""Workers that share a store know of each other through it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.custody.attempts import begin_attempt, read_history
from pipeline.custody.documents import Outcome
from pipeline.custody.fixity import check_fixity
from pipeline.custody.lookup import manifest_of
from pipeline.custody.presence import GONE_AFTER_SECONDS, is_present, show_presence, signs_of_the_living, withdraw
from pipeline.custody.records import PRESENT, WRITE_ORDER
from tests.custody.doubles import Office


def later(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def test_who_shows_signs_of_life_is_present_until_they_are_too_old(office: Office) -> None:
    now = office.clock.now()
    assert not is_present(office.store, now, "a")
    show_presence(office.store, now, "a")
    assert is_present(office.store, now + later(GONE_AFTER_SECONDS), "a")
    assert not is_present(office.store, now + later(GONE_AFTER_SECONDS + 1), "a")
    assert not is_present(office.store, now, "b")


def test_only_the_newest_sign_is_kept_and_none_after_a_good_bye(office: Office) -> None:
    now = office.clock.now()
    for seconds in (0, 20, 40):
        show_presence(office.store, now + later(seconds), "a")
    assert len(list(office.store.list_after(PRESENT))) == 1
    withdraw(office.store, "a")
    assert not is_present(office.store, now + later(40), "a")
    assert list(office.store.list_after(PRESENT)) == []


def test_a_worker_tells_of_itself_as_long_as_it_lives(office: Office) -> None:
    now = office.clock.now()
    for seconds, owner in ((-GONE_AFTER_SECONDS - 1, "dead"), (0, "a"), (1, "b")):
        show_presence(office.store, now + later(seconds), owner, owner.encode())
    assert [office.store.get(key) for key in signs_of_the_living(office.store, now)] == [b"a", b"b"]


@pytest.mark.parametrize("alive", [True, False])
def test_a_try_of_a_living_worker_is_left_to_it_and_one_of_a_dead_worker_is_taken_over(office: Office, alive: bool) -> None:
    manifest = manifest_of(office.store, office.received("a.pdf"))
    custody = office.custody_among(lambda owner: alive and owner == "first")
    assert begin_attempt(custody, manifest, "first") is not None
    second = begin_attempt(custody, manifest, "second")
    assert (second is None) == alive
    ended = read_history(office.store, manifest).ended
    assert [end.outcome for end in ended.values()] == ([] if alive else [Outcome.INTERRUPTED])


def test_signs_of_life_are_no_part_of_what_is_kept(office: Office) -> None:
    office.received("a.pdf")
    before = check_fixity(office.custody).checked
    show_presence(office.store, office.clock.now(), "a")
    report = check_fixity(office.custody)
    assert report.problems == ()
    assert report.checked <= before + 1  # the first check's own note
    assert not any(key.startswith(PRESENT) for key in WRITE_ORDER)
