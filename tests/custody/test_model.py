"""Custody against a model that fits on a page: whatever happens in whatever order, both count alike."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule

from pipeline.custody import records
from pipeline.custody.attempts import begin_attempt, charge_crash, give_back, give_up
from pipeline.custody.batches import close_handover
from pipeline.custody.lookup import manifest_of
from pipeline.custody.receive import receive
from pipeline.custody.reconcile import reconcile
from pipeline.custody.renew import reread, retry
from pipeline.custody.status import Counts, read_ledger, status
from pipeline.errors import ChildCrashed, Damaged, Interrupted
from tests.custody.doubles import PDF, PLACING, Killed, KillingStore, Office, die
from tests.custody.reading import committed

CONTENTS = st.integers(0, 3)
BATCHES = st.sampled_from(["dot-1", "dot-2"])
INTAKE_KINDS = st.sampled_from([records.ORIGINALS, records.CONTENT, records.MANIFESTS, records.ARRIVALS])
COMMIT_KINDS = st.sampled_from([records.FILES, records.REVIEW, records.RESULTS])
MOMENTS = st.sampled_from(["before", "after"])


@dataclass
class ModelRecord:
    """What the office remembers of one file's content."""

    arrivals: set[tuple[str, int, int]] = field(default_factory=set)
    state: str = "pending"
    review: bool = False
    crashes: int = 0
    interruptions: int = 0

    def renew(self) -> None:
        self.state, self.review, self.crashes, self.interruptions = "pending", False, 0, 0

    def crash(self) -> None:
        self.crashes += 1
        if self.crashes >= 3:
            self.state = "quarantined"


class CustodyMachine(RuleBasedStateMachine):
    """One office, one worker at a time; a worker that dies is followed by another."""

    record_ids = Bundle("record_ids")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.office = Office(self.folder)
        self.model: dict[int, ModelRecord] = {}
        self.ids: dict[int, str] = {}
        self.rejected: set[tuple[str, int]] = set()
        self.handovers = Counter[str]()
        self.workers = 1

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def scan(self, content: int) -> Path:
        return self.office.scan(f"{content}.pdf", PDF + b"%d" % content)

    @property
    def owner(self) -> str:
        return f"worker-{self.workers}"

    @rule(content=CONTENTS, batch=BATCHES)
    def a_file_arrives(self, content: int, batch: str) -> None:
        receipt = self.office.receive(self.scan(content), batch)
        known = content in self.model
        assert (receipt.outcome == "received") == (not known)
        assert self.ids.setdefault(content, receipt.record_id or "") == receipt.record_id
        self.model.setdefault(content, ModelRecord()).arrivals.add((batch, self.handovers[batch], content))

    @rule(batch=BATCHES)
    def a_file_is_rejected(self, batch: str) -> None:
        self.office.receive(self.office.scan("empty.pdf", b""), batch)
        self.rejected.add((batch, self.handovers[batch]))

    @rule(batch=BATCHES)
    def a_hand_over_is_closed(self, batch: str) -> None:
        close_handover(self.office.custody, self.office.handover(batch))
        self.handovers[batch] += 1

    @rule(content=CONTENTS, batch=BATCHES, kind=INTAKE_KINDS, moment=MOMENTS)
    def a_receiver_is_killed_and_the_file_brought_again(self, content: int, batch: str, kind: str, moment: str) -> None:
        custody = self.office.custody_over(KillingStore(self.office.store, kind, moment, kill=die))
        handover = self.office.handover(batch)
        try:
            receive(custody, self.scan(content), handover, PLACING)
        except Killed:
            assert status(self.office.store).total.adds_up
        receipt = receive(self.office.custody, self.scan(content), handover, PLACING)
        assert self.ids.setdefault(content, receipt.record_id or "") == receipt.record_id
        self.model.setdefault(content, ModelRecord()).arrivals.add((batch, self.handovers[batch], content))

    @precondition(lambda self: self.ids)
    @rule(content=CONTENTS, ending=st.sampled_from(["done", "review", "crashed", "failed", "given back", "killed"]))
    def a_record_is_tried(self, content: int, ending: str) -> None:
        if content not in self.ids:
            return
        custody, record = self.office.custody, self.model[content]
        manifest = manifest_of(self.office.store, self.ids[content])
        if record.state != "pending":
            return
        if record.interruptions >= 10:
            assert begin_attempt(custody, manifest, self.owner) is None
            record.state = "quarantined"
            return
        attempt = begin_attempt(custody, manifest, self.owner)
        assert attempt is not None
        if ending in ("done", "review"):
            assert committed(self.office, attempt, review=ending == "review")
            record.state, record.review = "done", ending == "review"
        elif ending == "crashed":
            charge_crash(custody, attempt, ChildCrashed("SIGSEGV", 1))
            record.crash()
        elif ending == "failed":
            give_up(custody, attempt, Damaged())
            record.state = "quarantined"
        elif ending == "given back":
            give_back(custody, attempt, Interrupted())
        else:
            self.workers += 1
            record.interruptions += 1

    @precondition(lambda self: self.ids)
    @rule(content=CONTENTS, kind=COMMIT_KINDS, moment=MOMENTS)
    def a_worker_is_killed_while_it_commits(self, content: int, kind: str, moment: str) -> None:
        record = self.model.get(content)
        if record is None or record.state != "pending" or record.interruptions >= 10:
            return
        attempt = begin_attempt(self.office.custody, manifest_of(self.office.store, self.ids[content]), self.owner)
        assert attempt is not None
        try:
            committed(self.office, attempt, review=True, store=KillingStore(self.office.store, kind, moment, kill=die))
        except Killed:
            self.workers += 1
        if kind == records.RESULTS and moment == "after":
            record.state, record.review = "done", True
        else:
            record.interruptions += 1

    @precondition(lambda self: self.ids)
    @rule(content=CONTENTS)
    def a_record_is_retried(self, content: int) -> None:
        record = self.model.get(content)
        if record is None:
            return
        renewed = retry(self.office.custody, self.ids[content])
        assert (renewed is not None) == (record.state == "quarantined")
        if renewed is not None:
            record.renew()

    @precondition(lambda self: self.ids)
    @rule(content=CONTENTS)
    def a_record_is_reread(self, content: int) -> None:
        record = self.model.get(content)
        if record is None:
            return
        renewed = reread(self.office.custody, self.ids[content], {"reader": "other"})
        assert (renewed is not None) == (record.state != "pending")
        if renewed is not None:
            record.renew()

    @rule()
    def what_was_left_undone_is_made_up(self) -> None:
        made = reconcile(self.office.custody, self.office.indexing)
        assert (made.arrivals, made.swept) == (0, 0)
        assert set(self.office.index.entries) >= {self.ids[c] for c, record in self.model.items() if record.state == "done"}

    @invariant()
    def both_count_alike(self) -> None:
        states = Counter[str]()
        review = 0
        for record in self.model.values():
            states[record.state] += len(record.arrivals)
            review += len(record.arrivals) if record.state == "done" and record.review else 0
        received = states.total() + len(self.rejected)
        counts = status(self.office.store).total
        assert counts == Counts(received, states["done"], states["pending"], states["quarantined"], len(self.rejected), review)
        assert counts.adds_up

    @invariant()
    def work_to_do_is_what_is_pending(self) -> None:
        pending = {task.record_id for task in read_ledger(self.office.store).pending()}
        assert pending == {self.ids[content] for content, record in self.model.items() if record.state == "pending"}

    @invariant()
    def bytes_are_kept_once(self) -> None:
        kept = [records.digest_in(key) for key in self.office.store.list_after(records.ORIGINALS)]
        named = {manifest_of(self.office.store, record_id).original.sha256 for record_id in self.ids.values()}
        assert sorted(kept) == sorted(named)


TestCustodyAgainstItsModel = CustodyMachine.TestCase
TestCustodyAgainstItsModel.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # an example writes some hundred files: to shrink one takes minutes
)
