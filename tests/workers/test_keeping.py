"""The one who keeps the house for all: what it knows while the broker is away."""

from __future__ import annotations

import pytest

from tests.custody.doubles import AwayQueue, Office
from tests.custody.reading import begun, committed
from tests.custody.test_pending import bring
from workers.keeping import Keeper


@pytest.fixture
def keeper(office: Office) -> Keeper:
    return Keeper(office.custody_over(office.store, AwayQueue()), office.indexing, "keeper", 0.0)


def looked_through(keeper: Keeper) -> None:
    while keeper.surveys == 0:
        assert keeper.keep()


def test_without_a_broker_it_knows_that_nothing_is_left(keeper: Keeper) -> None:
    assert not keeper.nothing_left()  # before it has looked
    looked_through(keeper)
    assert keeper.nothing_left()


def test_without_a_broker_it_knows_that_something_is_left(office: Office, keeper: Keeper) -> None:
    (record_id,) = bring(office, "a", 1)
    looked_through(keeper)
    assert not keeper.nothing_left()
    committed(office, begun(office, record_id))
    assert keeper.nothing_left()
