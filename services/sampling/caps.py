"""The national caps on sampling: how often a unit or a producer may be sampled, and no batch twice.

They are the validation rules of the national sampling system, not law, and a sample that breaks one was taken all the
same: so they warn the sampler and refuse nothing.
"""

import bisect
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol

from services.sampling.reviewed import rows
from shared.contracts import Reason, SampleCollected


class Taken(Protocol):
    """A sample that was taken before."""

    @property
    def sampled_unit(self) -> str:
        """Where."""

    @property
    def producer(self) -> str | None:
        """The nominal producer."""

    @property
    def product(self) -> str:
        """What."""

    @property
    def batch_no(self) -> str:
        """The producer's batch; empty where none is printed."""

    @property
    def chain_stage(self) -> str:
        """production, circulation or catering."""

    @property
    def sampled_at(self) -> datetime:
        """When."""


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many batches of one unit or producer within a cycle of days."""

    cap: str
    at_most: int
    days: int
    counts: str
    stage: str
    citation: str
    verified: bool


_TWICE = Reason(
    rule="same_batch",
    text="This batch of the producer was sampled before; the national system takes no batch twice.",
    citation="national sampling system: the same producer, product and batch is not sampled twice",
    verified=True,
)


@cache
def caps() -> tuple[Cap, ...]:
    """The reviewed table."""
    return tuple(
        Cap(
            cap=row["cap"],
            at_most=int(row["at_most"]),
            days=int(row["days"]),
            counts=row["counts"],
            stage=row["stage"],
            citation=row["citation"],
            verified=row["verified"] == "yes",
        )
        for row in rows("caps.csv")
    )


def longest_cycle() -> timedelta:
    """How far back a sample can count for a cap."""
    return timedelta(days=max(cap.days for cap in caps()))


class History:
    """What was taken before: when, by whom it counts for, and every (producer, product, batch).

    The moments of each unit and each producer lie in order, so that a form is counted without a look at the others.
    """

    def __init__(self, taken: Iterable[Taken], batches: Iterable[tuple[str, str, str]]) -> None:
        self._moments: dict[tuple[str, str, str], list[datetime]] = {}
        self._batches = set(batches)
        for one in taken:
            self._count(one)
        for moments in self._moments.values():
            moments.sort()

    def add(self, form: SampleCollected) -> None:
        """A further sample was taken."""
        for key in _keys(form):
            bisect.insort(self._moments.setdefault(key, []), form.sampled_at)
        if batch := _batch(form):
            self._batches.add(batch)

    def warnings(self, form: SampleCollected) -> tuple[Reason, ...]:
        """Which caps a sample breaks that was not added yet."""
        found = [warning for cap in caps() if (warning := self._over(cap, form))]
        if _batch(form) in self._batches:
            found.append(_TWICE)
        return tuple(found)

    def _count(self, taken: Taken) -> None:
        for key in _keys(taken):
            self._moments.setdefault(key, []).append(taken.sampled_at)

    def _over(self, cap: Cap, form: SampleCollected) -> Reason | None:
        who = getattr(form, cap.counts)
        if who is None or form.chain_stage != cap.stage:
            return None
        moments = self._moments.get((cap.counts, cap.stage, who), [])
        since = form.sampled_at - timedelta(days=cap.days)
        count = 1 + bisect.bisect_right(moments, form.sampled_at) - bisect.bisect_right(moments, since)
        if count <= cap.at_most:
            return None
        kind = "sampled unit" if cap.counts == "sampled_unit" else "producer"
        text = (
            f"This is batch {count} of the {kind} {who} within {cap.days} days; the national system allows "
            f"{cap.at_most}."
        )
        facts = {"batches": str(count), "at_most": str(cap.at_most), "days": str(cap.days)}
        return Reason(rule=cap.cap, text=text, citation=cap.citation, verified=cap.verified, facts=facts)


def _keys(taken: Taken) -> list[tuple[str, str, str]]:
    """What a sample counts for: a unit or a producer, at a stage."""
    fields = {cap.counts for cap in caps()}
    return [(field, taken.chain_stage, who) for field in fields if (who := getattr(taken, field)) is not None]


def _batch(form: SampleCollected) -> tuple[str, str, str] | None:
    return (form.producer, form.product, form.batch_no) if form.producer and form.batch_no else None
