"""The national caps on sampling: how often a unit or a producer may be sampled, and no batch twice.

They are the validation rules of the national sampling system, not law, and a sample that breaks one was taken all the
same: so they warn the sampler and refuse nothing.
"""

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


def warnings(form: SampleCollected, taken: Iterable[Taken], batches: set[tuple[str, str, str]]) -> tuple[Reason, ...]:
    """Which caps a sample breaks, given what was taken before and every sampled (producer, product, batch)."""
    known = list(taken)
    found = [warning for cap in caps() if (warning := _over(cap, form, known))]
    if form.producer and form.batch_no and (form.producer, form.product, form.batch_no) in batches:
        found.append(_TWICE)
    return tuple(found)


def _over(cap: Cap, form: SampleCollected, taken: list[Taken]) -> Reason | None:
    who = getattr(form, cap.counts)
    if who is None or form.chain_stage != cap.stage:
        return None
    since = form.sampled_at - timedelta(days=cap.days)
    count = 1 + sum(
        1
        for one in taken
        if getattr(one, cap.counts) == who
        and one.chain_stage == cap.stage
        and since < one.sampled_at <= form.sampled_at
    )
    if count <= cap.at_most:
        return None
    kind = "sampled unit" if cap.counts == "sampled_unit" else "producer"
    text = (
        f"This is batch {count} of the {kind} {who} within {cap.days} days; the national system allows {cap.at_most}."
    )
    facts = {"batches": str(count), "at_most": str(cap.at_most), "days": str(cap.days)}
    return Reason(rule=cap.cap, text=text, citation=cap.citation, verified=cap.verified, facts=facts)
