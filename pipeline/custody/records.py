"""Where everything is kept. The only code that knows keys.

    originals/<aa>/<sha256>                              the bytes as received, once
    content/<unit>/<fonds>/<aa>/<sha256>.json            -> record id: who is first here decides what is a duplicate
    manifests/<aa>/<record>.<generation>.json            what is to be read and how; retry and reread add a generation
    arrivals/<unit>/<batch>/<arrival>.<record>.json      one file handed over: the acknowledgement; record `none` = rejected
    rejected/<unit>/<batch>/<arrival>.<CODE>.json        why it was not taken
    members/<aa>/<record>/<batch>.json                   further batches (after the manifest's own) that brought the same file
    batches/<unit>/<batch>/<number>.open.json .closed    hand-overs of a batch
    declared/<unit>/<batch>/<number>.json                how many files the office says there are; the last one counts
    attempts/<aa>/<record>/<gen>.<n>.start.json .end     one try to read, counted before it begins
    files/<aa>/<record>/<gen>.<n>/<name>                 what a try produced; nothing until a result names it
    results/<aa>/<record>.<generation>.json              the commit: which try counts, its files with digests
    review/<aa>/<record>.<generation>.json               a person has to look at this result
    quarantine/<aa>/<record>.<generation>.json           given up, with the reason
    cleared/<aa>/<record>.<generation>.json              who said that the mark of secrecy found in that generation is none
    purged/<aa>/<record>.json                            a tombstone: who had the record destroyed, when, why
    destroyed/<aa>/<sha256>.json                         these bytes were, and are not taken again
    fixity/<time>.json                                   what a fixity check found

What comes and goes beside the objects says what is to be done without looking through everything. Nothing depends on it: lost, it
is made anew from the objects (survey.py).

    pending/<lane>/<unit>/<time>.<record>.<generation>   to be read; removed when there is a result or a quarantine (pending.py)
    refresh/<record>.<time>.<generation>                 the index entry is out of date; removed when it is not (indexing.py)
    left_out/<record>.<time>.<generation>.<what>         the index has refused it, or its pages (left_out.py)
    present/workers/<owner>/<time>                       a worker is alive (presence.py)
    lease/<post>/<number>                                who acts for all (lease.py)
    moving/...                                           the home is being moved to another store, or has been (moving/)

<aa> are the first two characters of what follows: no folder grows beyond what a file system lists quickly. Whatever `status`
counts can be read off the keys alone. No key is the beginning of another one's folder. Of the objects only `review`, what a
dead try or an unfinished arrival left behind, and what two persons had destroyed (purge.py) are ever removed; everything else is
written once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.custody.names import from_segment, to_segment

ORIGINALS, CONTENT, MANIFESTS, ARRIVALS = "originals/", "content/", "manifests/", "arrivals/"
REJECTED, RESULTS, REVIEW, QUARANTINE = "rejected/", "results/", "review/", "quarantine/"
BATCHES, FIXITY, FILES = "batches/", "fixity/", "files/"

MEMBERS, ATTEMPTS, DECLARED = "members/", "attempts/", "declared/"
CLEARED, PURGED, DESTROYED = "cleared/", "purged/", "destroyed/"

WRITE_ORDER = (
    ORIGINALS, CONTENT, BATCHES, DECLARED, MANIFESTS, ATTEMPTS, FILES, REVIEW, RESULTS, QUARANTINE, CLEARED, PURGED, DESTROYED,
    MEMBERS, REJECTED, ARRIVALS, FIXITY,
)  # fmt: skip
"""All kinds of objects. What an object needs comes before it: copied in this order, every part of a copy is a legal state;
listed in the opposite order, all that a listed object needs is listed too, whatever is being written meanwhile."""

PENDING, REFRESH, LEFT_OUT, PRESENT, LEASE = "pending/", "refresh/", "left_out/", "present/", "lease/"
MOVING = "moving/"
PASSING = (PENDING, REFRESH, LEFT_OUT, PRESENT, LEASE, MOVING)
"""What comes and goes beside the objects: not counted, not backed up, no stray."""

BELIEVED = (*PASSING, ATTEMPTS, FILES)
"""Of these it is not seen at once that they were written: what comes and goes is made anew where it is lost, a try that is lost
costs one more, and whether the files of a try are there is seen when they are committed."""

STAMP = "%Y%m%dT%H%M%S%f"
"""A moment in a key, UTC: in the order of time."""

NO_RECORD = "none"
OPENED, CLOSED = "open", "closed"


@dataclass(frozen=True, slots=True, order=True)
class RecordKey:
    """A record and a generation, as the keys of manifests, results, review and quarantine carry them."""

    record_id: str
    generation: int


@dataclass(frozen=True, slots=True)
class ArrivalKey:
    """`record_id` is None for a file that was rejected."""

    unit: str
    batch: str
    arrival_id: str
    record_id: str | None


@dataclass(frozen=True, slots=True)
class BatchKey:
    """A hand-over and what is told of it: OPENED or CLOSED."""

    unit: str
    batch: str
    number: int
    event: str


@dataclass(frozen=True, slots=True)
class AttemptKey:
    number: int
    ended: bool


def original_key(sha256: str) -> str:
    return f"{ORIGINALS}{sha256[:2]}/{sha256}"


def digest_in(key: str) -> str:
    """Of an original or a content pointer."""
    return key.rsplit("/", 1)[1].removesuffix(".json")


def content_key(unit: str, fonds: str, sha256: str) -> str:
    return f"{CONTENT}{to_segment(unit)}/{to_segment(fonds)}/{sha256[:2]}/{sha256}.json"


def manifest_key(record_id: str, generation: int) -> str:
    return _generation_key(MANIFESTS, record_id, generation)


def manifests_of(record_id: str) -> str:
    return f"{MANIFESTS}{record_id[:2]}/{record_id}."


def manifests_like(beginning: str) -> str:
    """Of all records whose ids begin so; `beginning` has two signs at least."""
    return f"{MANIFESTS}{beginning[:2]}/{beginning}"


def result_key(record_id: str, generation: int) -> str:
    return _generation_key(RESULTS, record_id, generation)


def results_of(record_id: str) -> str:
    return f"{RESULTS}{record_id[:2]}/{record_id}."


def review_key(record_id: str, generation: int) -> str:
    return _generation_key(REVIEW, record_id, generation)


def quarantine_key(record_id: str, generation: int) -> str:
    return _generation_key(QUARANTINE, record_id, generation)


def quarantine_of_all(record_id: str) -> str:
    """The beginning of the keys of all that was ever given up of a record."""
    return f"{QUARANTINE}{record_id[:2]}/{record_id}."


def cleared_key(record_id: str, generation: int) -> str:
    return _generation_key(CLEARED, record_id, generation)


def cleared_of(record_id: str) -> str:
    return f"{CLEARED}{record_id[:2]}/{record_id}."


def purged_key(record_id: str) -> str:
    return f"{PURGED}{record_id[:2]}/{record_id}.json"


def record_of_purged(key: str) -> str:
    return key.rsplit("/", 1)[1].removesuffix(".json")


def destroyed_key(sha256: str) -> str:
    return f"{DESTROYED}{sha256[:2]}/{sha256}.json"


def everything_of(record_id: str) -> tuple[str, ...]:
    """The beginnings of the keys of all that there is of one record alone, but its arrivals and its tombstone."""
    of_record = f"{record_id[:2]}/{record_id}"
    generations = (MANIFESTS, REVIEW, RESULTS, QUARANTINE, CLEARED)
    return (
        *(f"{kind}{of_record}/" for kind in (FILES, ATTEMPTS, MEMBERS)),
        *(f"{kind}{of_record}." for kind in generations),
        f"{REFRESH}{record_id}.",
        f"{LEFT_OUT}{record_id}.",
    )


def _generation_key(kind: str, record_id: str, generation: int) -> str:
    return f"{kind}{record_id[:2]}/{record_id}.{generation:06d}.json"


def parse_generation_key(key: str) -> RecordKey:
    record_id, generation, _ = key.rsplit("/", 1)[1].split(".")
    return RecordKey(record_id, int(generation))


def arrival_key(unit: str, batch: str, arrival_id: str, record_id: str | None) -> str:
    return f"{arrivals_of(unit, batch)}{arrival_id}.{record_id or NO_RECORD}.json"


def arrivals_of(unit: str, batch: str) -> str:
    return f"{ARRIVALS}{to_segment(unit)}/{to_segment(batch)}/"


def parse_arrival_key(key: str) -> ArrivalKey:
    _, unit, batch, name = key.split("/")
    arrival_id, record_id, _ = name.split(".")
    return ArrivalKey(from_segment(unit), from_segment(batch), arrival_id, None if record_id == NO_RECORD else record_id)


def rejected_key(unit: str, batch: str, arrival_id: str, code: str) -> str:
    return f"{REJECTED}{to_segment(unit)}/{to_segment(batch)}/{arrival_id}.{code}.json"


def rejections_of(arrival: ArrivalKey) -> str:
    """The beginning of the key of an arrival's reasons for rejection, whatever they are."""
    return f"{REJECTED}{to_segment(arrival.unit)}/{to_segment(arrival.batch)}/{arrival.arrival_id}."


def arrival_of_rejected(key: str) -> str:
    return key.rsplit("/", 1)[1].split(".")[0]


def member_key(record_id: str, batch: str) -> str:
    return f"{members_of(record_id)}{to_segment(batch)}.json"


def members_of(record_id: str) -> str:
    return f"{MEMBERS}{record_id[:2]}/{record_id}/"


def batch_of_member(key: str) -> str:
    return from_segment(key.rsplit("/", 1)[1].removesuffix(".json"))


def handovers_of(unit: str, batch: str) -> str:
    return f"{batches_of(unit)}{to_segment(batch)}/"


def batches_of(unit: str) -> str:
    return f"{BATCHES}{to_segment(unit)}/"


def batch_key(unit: str, batch: str, number: int, event: str) -> str:
    return f"{handovers_of(unit, batch)}{number:06d}.{event}.json"


def parse_batch_key(key: str) -> BatchKey:
    _, unit, batch, name = key.split("/")
    number, event, _ = name.split(".")
    return BatchKey(from_segment(unit), from_segment(batch), int(number), event)


def declared_key(unit: str, batch: str, number: int) -> str:
    return f"{declarations_of(unit, batch)}{number:06d}.json"


def declarations_of(unit: str, batch: str) -> str:
    return f"{DECLARED}{to_segment(unit)}/{to_segment(batch)}/"


def batch_of_declared(key: str) -> tuple[str, str]:
    _, unit, batch, _ = key.split("/")
    return from_segment(unit), from_segment(batch)


def started_key(record_id: str, generation: int, number: int) -> str:
    return f"{attempts_of(record_id, generation)}{number:04d}.start.json"


def ended_key(record_id: str, generation: int, number: int) -> str:
    return f"{attempts_of(record_id, generation)}{number:04d}.end.json"


def attempts_of(record_id: str, generation: int) -> str:
    return f"{ATTEMPTS}{record_id[:2]}/{record_id}/{generation:06d}."


def parse_attempt_key(key: str) -> AttemptKey:
    _, number, state, _ = key.rsplit("/", 1)[1].split(".")
    return AttemptKey(int(number), state == "end")


def file_key(record_id: str, generation: int, attempt: int, name: str) -> str:
    return f"{files_of(record_id, generation, attempt)}{name}"


def files_of(record_id: str, generation: int, attempt: int) -> str:
    return f"{files_of_generation(record_id, generation)}{attempt:04d}/"


def files_of_generation(record_id: str, generation: int) -> str:
    return f"{FILES}{record_id[:2]}/{record_id}/{generation:06d}."


def generation_of_file(key: str) -> RecordKey:
    _, _, record_id, attempt, _ = key.split("/", 4)
    return RecordKey(record_id, int(attempt.split(".")[0]))


def pending_key(lane: str, unit: str, at: datetime, record_id: str, generation: int) -> str:
    return f"{pending_in(lane, unit)}{stamp(at)}.{record_id}.{generation:06d}"


def pending_in(lane: str, unit: str) -> str:
    return f"{PENDING}{lane}/{to_segment(unit)}/"


def refresh_key(record_id: str, generation: int, at: datetime) -> str:
    return f"{REFRESH}{record_id}.{stamp(at)}.{generation:06d}"


def left_out_key(record_id: str, generation: int, what: str, at: datetime) -> str:
    return f"{LEFT_OUT}{record_id}.{stamp(at)}.{generation:06d}.{what}"


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime(STAMP)


def moment(text: str) -> datetime:
    """Of a stamp. Raises ValueError."""
    return datetime.strptime(text, STAMP).replace(tzinfo=UTC)


def fixity_key(time: str) -> str:
    return f"{FIXITY}{time}.json"
