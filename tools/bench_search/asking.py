"""Asks questions, by one client or by several at once, each a process of its own as the workers of a web server are."""

from __future__ import annotations

import multiprocessing
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from multiprocessing.synchronize import Barrier
from typing import Any

from pipeline.ports import Index
from pipeline.query import MAX_LIMIT, Query
from tools.bench_search.clocks import Stopwatch, load
from tools.bench_search.places import Place
from tools.bench_search.questions import Question


@dataclass(frozen=True, slots=True)
class Answered:
    """`wall`, `cpu`: seconds that the client waited, and that it worked itself."""

    kind: str
    wall: float
    cpu: float
    total: int
    text: str


def ready(index: Index, question: Question) -> Query:
    """The pages before the one that is asked for are turned now."""
    query = question.query
    for _ in range(question.turned):
        passed = index.search(replace(query, limit=MAX_LIMIT))
        if passed.next_cursor is None:
            break
        query = replace(query, cursor=passed.next_cursor)
    return query


def warm(index: Index, questions: Sequence[Question]) -> None:
    """Ask without measuring: connections, caches and the server's compiler are then as on any other day."""
    asked(index, ((question, question.query) for question in questions))


def asked(index: Index, queries: Iterable[tuple[Question, Query]]) -> list[Answered]:
    answers = []
    for question, query in queries:
        wall, cpu = time.perf_counter(), time.process_time()
        hits = index.search(query)
        answers.append(
            Answered(question.kind, time.perf_counter() - wall, time.process_time() - cpu, hits.total, question.query.text)
        )
    return answers


def ask_alone(place: Place, questions: Sequence[Question], warming: Sequence[Question]) -> dict[str, Any]:
    """One client, one question after the other."""
    index = place.open()
    queries = [(question, ready(index, question)) for question in questions]
    warm(index, warming)
    watch = Stopwatch(place)
    answers = asked(index, queries)
    taken = watch.taken()
    return {
        "clients": 1,
        "load": load(),
        "per_question": taken.per(len(answers)),
        **by_kind(answers),
        "slowest": slowest(answers),
    }


def ask_together(place: Place, questions: Sequence[Question], warming: Sequence[Question], clients: int) -> dict[str, Any]:
    """Several clients at once; each asks its share, one question after the other."""
    shares = [questions[number::clients] for number in range(clients)]
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(clients + 1)
    with context.Pool(clients, _take_part, (barrier,)) as pool:
        results = [pool.apply_async(_client, (place, share, warming[number::clients])) for number, share in enumerate(shares)]
        barrier.wait()
        watch = Stopwatch(place)
        parts = [result.get() for result in results]
        taken = replace(watch.taken(), own_cpu=sum(answer.cpu for part in parts for answer in part))
    answers = [answer for part in parts for answer in part]
    a_second = round(len(answers) / taken.wall, 1)
    return {
        "clients": clients, "load": load(), "questions_per_second": a_second, "per_question": taken.per(len(answers)),
        **by_kind(answers), "slowest": slowest(answers),
    }  # fmt: skip


_barriers: list[Barrier] = []


def _take_part(barrier: Barrier) -> None:
    _barriers.append(barrier)


def _client(place: Place, questions: Sequence[Question], warming: Sequence[Question]) -> list[Answered]:
    """In a process of its own; all begin at once, when they know their deep pages."""
    index = place.open()
    queries = [(question, ready(index, question)) for question in questions]
    warm(index, warming)
    _barriers[0].wait()
    return asked(index, queries)


def by_kind(answers: Sequence[Answered]) -> dict[str, Any]:
    kinds: dict[str, list[float]] = defaultdict(list)
    for answer in answers:
        kinds[answer.kind].append(answer.wall)
    return {"all": summary([answer.wall for answer in answers]), "kinds": {kind: summary(kinds[kind]) for kind in sorted(kinds)}}


def summary(seconds: Sequence[float]) -> dict[str, float]:
    """In milliseconds."""
    ordered = sorted(1000 * one for one in seconds)
    parts = {f"p{share}": ordered[min(len(ordered) - 1, round(share / 100 * len(ordered)))] for share in (50, 95, 99)}
    return {"count": len(ordered), **{name: round(value, 1) for name, value in parts.items()}, "most": round(ordered[-1], 1)}


def slowest(answers: Sequence[Answered], count: int = 8) -> list[dict[str, Any]]:
    """What to look at next."""
    worst = sorted(answers, key=lambda answer: -answer.wall)[:count]
    return [
        {
            "kind": one.kind,
            "wall_ms": round(1000 * one.wall),
            "cpu_ms": round(1000 * one.cpu),
            "total": one.total,
            "text": one.text,
        }
        for one in worst
    ]
