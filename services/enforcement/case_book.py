"""The cases of one batch while failed samples come to them and overturned ones leave; written once, at the end.

The exchange itself takes these steps, and no person: a case opens with its first failed sample, others join it, and it
falls with the last, unless the police have filed it; then it is theirs to say what follows.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from services.enforcement.deadlines import deadlines
from services.enforcement.steps import WITH_THE_POLICE, State
from services.enforcement.store import cases, evidence, samples, tables
from services.enforcement.store import steps as timeline
from services.enforcement.store.samples import Identity
from shared.clocks import Start, Stop, clocks_of, start_clocks, stop_clocks
from shared.contracts import SampleFailed, SampleOverturned, TransferMoved
from shared.heard import Heard, Work

_PENALTY = "ENF-02"
"""The period for the decision on a penalty, from the opening of the case."""


@dataclass(slots=True)
class _Entry:
    """One case in the batch."""

    row: dict[str, Any]
    standing: set[Identity]
    is_kept: bool
    """Whether the database has it already."""
    is_changed: bool = False
    opens_again: bool = False
    """Whether it fell before, so that its dossier counts no more."""


@dataclass(slots=True)
class CaseBook:
    """The cases that a batch touches."""

    work: Work
    entries: dict[str, _Entry] = field(default_factory=dict)
    _steps: list[dict[str, Any]] = field(default_factory=list)
    _starts: list[Start] = field(default_factory=list)
    _stops: list[Stop] = field(default_factory=list)

    @classmethod
    async def hold(cls, work: Work, numbers: Collection[str]) -> Self:
        """Read these cases and hold them until the transaction ends."""
        # held first and in one order, then read: another replica's sample is seen, and no two wait for each other
        rows = await cases.hold(work.connection, set(numbers))
        standing = await samples.standing_samples(work.connection, rows)
        book = cls(work)
        book.entries = {
            number: _Entry(dict(row._mapping), standing[number], is_kept=True)  # noqa: SLF001 - SQLAlchemy's name for a row as a mapping
            for number, row in rows.items()
        }
        return book

    def version(self, number: str) -> int:
        """How many steps the case has taken."""
        return int(self.entries[number].row["version"])

    def row(self, number: str) -> Mapping[str, Any]:
        """The case as it stands in this batch."""
        return self.entries[number].row

    def rests_on_nothing(self, number: str) -> bool:
        """Whether no sample of the case stands."""
        return not self.entries[number].standing

    def stands(self, number: str, report: Identity) -> bool:
        """Whether a sample stands in a case by this report."""
        return number in self.entries and report in self.entries[number].standing

    def know(self, failed: Heard[SampleFailed], number: str) -> None:
        """A sample came that was overturned before: its case is known, and stands on nothing."""
        if number not in self.entries:
            entry = self._new(failed, number)
            entry.row["state"] = State.WITHDRAWN.value

    def come(self, failed: Heard[SampleFailed], number: str) -> bool:
        """A failed sample comes to its case; whether the case opens with it."""
        entry = self.entries.get(number) or self._new(failed, number)
        opens = not entry.standing and entry.row["state"] in (State.WITHDRAWN, State.OPEN)
        sample_no = failed.event.sample_no
        entry.standing.add(failed.event.identity)
        if opens:
            self._step(entry, failed, ("open", f"The case opened with sample {sample_no}."), State.OPEN)
            entry.row |= cases.NOBODY_ACTED
            entry.opens_again = entry.is_kept
            self._start_clock(entry, failed)
        else:
            self._step(entry, failed, ("sample_joined", f"Sample {sample_no} joined the case."))
        return opens

    async def leave(self, overturned: Heard[SampleOverturned], number: str) -> bool:
        """An overturned sample leaves its case; whether the case falls with it."""
        entry = self.entries[number]
        entry.standing.remove(overturned.event.identity)
        falls = not entry.standing and State(entry.row["state"]) not in WITH_THE_POLICE
        text = f"Sample {overturned.event.sample_no} was overturned: {overturned.event.explanation}"
        self._step(entry, overturned, ("overturned", text), State.WITHDRAWN if falls else None)
        if falls:
            await self._stop_clocks(entry, overturned)
        return falls

    async def close(self) -> None:
        """Write what changed."""
        connection = self.work.connection
        await cases.keep(connection, [one.row for one in self.entries.values() if not one.is_kept])
        changed = {number: one for number, one in self.entries.items() if one.is_kept and one.is_changed}
        columns = ("state", "version", "since", *cases.NOBODY_ACTED)
        await cases.change(
            connection, {number: {name: one.row[name] for name in columns} for number, one in changed.items()}
        )
        for number, one in changed.items():
            if one.opens_again:
                await evidence.retire(connection, number, one.row["version"])
        await timeline.keep(connection, self._steps)
        await stop_clocks(self.work, tables, self._stops)
        await start_clocks(self.work, tables, self._starts)

    def _new(self, failed: Heard[SampleFailed], number: str) -> _Entry:
        sample = failed.event
        row = cases.new(
            number,
            producer=sample.producer,
            product=sample.product,
            region=failed.region,
            at=failed.origin.received,
        )
        self.entries[number] = _Entry(row, set(), is_kept=False)
        return self.entries[number]

    def _step(self, entry: _Entry, heard: Heard[Any], said: tuple[str, str], state: State | None = None) -> None:
        """Keep a step of the exchange's own, its name and text, and tell it where the case was transferred."""
        row, at, (name, text) = entry.row, heard.origin.received, said
        before = row["state"]
        row["version"] += 1
        if state is not None:
            row |= {"state": state.value, "since": at}
        entry.is_changed = True
        step = {"case_no": row["case_no"], "version": row["version"], "step": name, "by": "enforcement", "at": at}
        step |= {"state": row["state"], "text": text}
        self._steps.append(step | {"heard_at": at, "event_key": heard.key})
        for region in dict.fromkeys((row["region"], row["police"])) if row["police"] else ():
            event = TransferMoved(**step, before=before, citation="", verified=False)
            self.work.tell(heard, event, region=region)

    def _start_clock(self, entry: _Entry, failed: Heard[SampleFailed]) -> None:
        at, row = failed.origin.received, entry.row
        clock = f"{_PENALTY}:{row['case_no']}:{row['version']}"
        due = deadlines()[_PENALTY].end(at)
        self._starts.append(Start(clock, trace=row["case_no"], region=row["region"], started=at, due=due))

    async def _stop_clocks(self, entry: _Entry, overturned: Heard[SampleOverturned]) -> None:
        at, row = overturned.origin.received, entry.row
        running = await clocks_of(self.work, tables, row["case_no"], row["region"])
        self._stops += [Stop(one.clock, at) for one in running if one.stopped is None]
