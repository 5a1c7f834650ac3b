"""An index of its own is filled anew from nothing while questions go on, to it and by the same machine."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Sequence
from multiprocessing.synchronize import Event
from typing import Any

from tools.bench_search.asking import Answered, asked, by_kind
from tools.bench_search.clocks import Stopwatch, load
from tools.bench_search.filling import Feed, fill, uncollected
from tools.bench_search.office import Office
from tools.bench_search.places import Place
from tools.bench_search.questions import Question

NAME = "again"
PAUSE_SECONDS = 0.5
"""Between two questions: of a large office that works with nothing else."""


def reindexed(place: Place, office: Office, pages: int, questions: Sequence[Question]) -> dict[str, Any]:
    """Records with so many pages in all. The index that is asked meanwhile was filled a moment ago: a server that has just
    started still compiles itself, and one that serves an office runs for weeks."""
    fill(place, office, pages, NAME)
    context = multiprocessing.get_context("spawn")
    ended = context.Event()
    with context.Pool(1, _take_part, (ended,)) as pool:
        asking = pool.apply_async(_keep_asking, (place, questions))
        watch = Stopwatch(place)
        feed = Feed(office, pages, watch, [])
        with uncollected():
            records = place.open(NAME).rebuild(feed.entries())
        taken = watch.taken()
        ended.set()
        answers = asking.get()
    return {
        "records": records, "pages": feed.given, "seconds": round(taken.wall, 1), "load": load(),
        "pages_per_second": round(feed.given / taken.wall), "per_page": taken.per(feed.given),
        "pause_between_questions_seconds": PAUSE_SECONDS, **by_kind(answers),
    }  # fmt: skip


_events: list[Event] = []


def _take_part(ended: Event) -> None:
    _events.append(ended)


def _keep_asking(place: Place, questions: Sequence[Question]) -> list[Answered]:
    index = place.open(NAME)
    answers: list[Answered] = []
    while not _events[0].is_set():
        question = questions[len(answers) % len(questions)]
        answers += asked(index, [(question, question.query)])
        time.sleep(PAUSE_SECONDS)
    return answers
