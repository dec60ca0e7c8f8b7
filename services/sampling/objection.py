"""Objections (异议): by when one has to be filed, by when it has to be reviewed, and what it touches.

The sampling process may be objected to from the sampling on; everything else from the notice of the failed result on.
One that comes late is taken all the same and marked: the officer decides what follows.
"""

from dataclasses import dataclass
from datetime import date

from services.sampling.deadlines import deadlines
from shared.contracts.objection import ObjectionGround
from shared.deadlines import Deadline

SAMPLING: frozenset[ObjectionGround] = frozenset(("sampling", "authenticity"))
"""Grounds that question how, or from whom, the sample was taken."""


@dataclass(frozen=True, slots=True)
class Review:
    """The review of an objection."""

    late: bool
    law: Deadline


def filing_period(ground: ObjectionGround) -> Deadline:
    """The period for filing: from the sampling for the sampling process, from the notice for all else."""
    return deadlines()["OBJ-02" if ground == "sampling" else "OBJ-01"]


def review_period(ground: str) -> Deadline:
    """The period for the review, from the filing on."""
    return deadlines()["OBJ-04" if ground in SAMPLING else "OBJ-05"]


def review(ground: ObjectionGround, filed_on: date, starts: date | None) -> Review:
    """How an objection is reviewed.

    ``starts`` is the day on which the period for filing starts, none where no notice was served yet.
    """
    late = starts is not None and filed_on > filing_period(ground).last_day(starts)
    return Review(late, review_period(ground))
