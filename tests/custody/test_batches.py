"""What an office hands over under one name."""

from __future__ import annotations

from datetime import timedelta

from pipeline.custody.batches import arrivals_in, close_handover, declared_in, open_handover
from pipeline.custody.status import status
from tests.custody.doubles import Office


def test_a_batch_without_a_name_is_called_by_date_and_sequence(office: Office) -> None:
    names = [open_handover(office.custody, "don-vi").batch for _ in range(3)]
    assert names == ["2026-11-23-001", "2026-11-23-002", "2026-11-23-003"]
    assert open_handover(office.custody, "don-vi-2").batch == "2026-11-23-001"


def test_the_day_of_a_batch_is_the_day_in_vietnam(office: Office) -> None:
    office.clock.skip(timedelta(hours=15, minutes=58))
    assert open_handover(office.custody, "don-vi").batch == "2026-11-23-001"
    office.clock.skip(timedelta(minutes=2))
    assert open_handover(office.custody, "don-vi").batch == "2026-11-24-001"


def test_names_of_the_same_form_that_people_chose_are_not_used_again(office: Office) -> None:
    open_handover(office.custody, "don-vi", "2026-11-23-007")
    open_handover(office.custody, "don-vi", "2026-11-23-sáng")
    assert open_handover(office.custody, "don-vi").batch == "2026-11-23-008"


def test_an_interrupted_hand_over_is_gone_on_with_by_the_same_command_alone(office: Office) -> None:
    begun = open_handover(office.custody, "don-vi", inputs=["/scans"])
    assert open_handover(office.custody, "don-vi", inputs=["/scans"]) == begun
    assert open_handover(office.custody, "don-vi", inputs=["/other"]).batch != begun.batch
    assert open_handover(office.custody, "don-vi-2", inputs=["/scans"]).unit == "don-vi-2"
    close_handover(office.custody, begun)
    assert open_handover(office.custody, "don-vi", inputs=["/scans"]).batch not in (begun.batch,)


def test_a_named_batch_goes_on_until_its_hand_over_is_closed(office: Office) -> None:
    first = office.handover("dot-1")
    assert office.handover("dot-1") == first
    close_handover(office.custody, first)
    close_handover(office.custody, first)
    second = office.handover("dot-1")
    assert (second.batch, second.number) == ("dot-1", 2)


def test_what_was_declared_last_counts(office: Office) -> None:
    office.handover("dot-1", declared=10)
    office.handover("dot-1")
    office.handover("dot-2")
    assert declared_in(office.store) == {("don-vi", "dot-1"): 10}
    office.handover("dot-1", declared=12)
    assert declared_in(office.store) == {("don-vi", "dot-1"): 12}


def test_arrivals_of_a_batch_are_counted_with_the_rejected(office: Office) -> None:
    office.received("a.pdf", "dot-1")
    office.receive(office.scan("empty.pdf", b""), "dot-1")
    office.received("b.pdf", "dot-1b")
    assert arrivals_in(office.store, "don-vi", "dot-1") == 2


def test_a_declared_batch_of_which_nothing_came_yet_is_shown(office: Office) -> None:
    office.handover("dot-1", declared=3)
    (line,) = status(office.store).batches
    assert (line.batch, line.declared, line.counts.received) == ("dot-1", 3, 0)
