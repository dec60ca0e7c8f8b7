"""Proficiency rounds: z-scores, their ratings, and which laboratory someone has to look at (ISO 13528:2015).

z = (x - x_pt) / σ_pt. Where the round states no assigned value or no σ_pt, the robust mean or standard deviation of
the results by Algorithm A (Annex C.3) stands in. Both are rounded as they are told before any score is computed, so
that everybody can compute the scores again. Numbers are decimals throughout.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import pairwise
from typing import Literal, Protocol

from shared.contracts import ProficiencyEvaluated, ProficiencyRoundClosed, Reason, Score

Rating = Literal["satisfactory", "questionable", "unsatisfactory"]
CITATION = "ISO 13528:2015, 9.4"
ROBUST_CITATION = "ISO 13528:2015, 9.4 and Annex C.3 (Algorithm A)"
FEW = 12
"""Below so many results a robust standard deviation is rough; the house's own figure."""

_QUESTIONABLE = Decimal(2)
_UNSATISFACTORY = Decimal(3)
_WINSOR = Decimal("1.5")
_OF_MEDIAN = Decimal("1.483")
_OF_WINSORISED = Decimal("1.134")
_CLOSE_ENOUGH = Decimal("1e-15")
"""The standard stops when the third figure no longer changes; further turns cost nothing here."""
_MOST_TURNS = 1000
_FIGURES = 6


class DegenerateError(Exception):
    """A round from which no score can be computed; its text says why and what to do."""


class Scored(Protocol):
    """One laboratory's score in one round."""

    @property
    def laboratory(self) -> str:
        """Whose."""

    @property
    def round_no(self) -> str:
        """In which round."""

    @property
    def rating(self) -> str:
        """satisfactory, questionable or unsatisfactory."""

    @property
    def z(self) -> Decimal | str:
        """The score."""


@dataclass(frozen=True, slots=True)
class Flag:
    """Why someone has to look at a laboratory after a round."""

    laboratory: str
    round_no: str
    reason: Reason


def evaluated(closed: ProficiencyRoundClosed) -> ProficiencyEvaluated:
    """The evaluation of a round; raises DegenerateError where no score can be computed."""
    values = [result.value for result in closed.results]
    assigned, sigma = _reference(closed, values)
    scores = tuple(
        Score(laboratory=result.laboratory, value=result.value, z=_shown(z), rating=rating(z))
        for result in closed.results
        for z in (z_score(result.value, assigned, sigma),)
    )
    robust = closed.assigned is None or closed.sigma is None
    return ProficiencyEvaluated(
        round_no=closed.round_no,
        substance=closed.substance,
        unit=closed.unit,
        assigned=assigned,
        sigma=sigma,
        robust=robust,
        closed_on=closed.closed_on,
        scores=scores,
        citation=ROBUST_CITATION if robust else CITATION,
    )


def z_score(value: Decimal, assigned: Decimal, sigma: Decimal) -> Decimal:
    """How many σ_pt a result lies above the assigned value."""
    with localcontext(prec=50):
        return (value - assigned) / sigma


def rating(z: Decimal) -> Rating:
    """What a score says: up to 2 satisfactory, from 3 on unsatisfactory, questionable between them (9.4.2)."""
    if abs(z) <= _QUESTIONABLE:
        return "satisfactory"
    return "questionable" if abs(z) < _UNSATISFACTORY else "unsatisfactory"


def algorithm_a(values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """The robust mean and standard deviation of results (ISO 13528:2015 C.3); the latter is 0 where most are alike."""
    values = sorted(values)  # so that their order does not even touch the last digit
    with localcontext(prec=50):
        mean = _median(values)
        deviation = _OF_MEDIAN * _median([abs(value - mean) for value in values])
        for _ in range(_MOST_TURNS):
            if deviation == 0:
                break
            reach = _WINSOR * deviation
            drawn_in = [min(max(value, mean - reach), mean + reach) for value in values]
            next_mean = sum(drawn_in, Decimal(0)) / len(values)
            squares = sum(((value - next_mean) ** 2 for value in drawn_in), Decimal(0))
            next_deviation = _OF_WINSORISED * (squares / (len(values) - 1)).sqrt()
            moved = max(abs(next_mean - mean), abs(next_deviation - deviation))
            mean, deviation = next_mean, next_deviation
            if moved <= _CLOSE_ENOUGH * deviation:
                break
        return mean, deviation


def flags(history: Iterable[Scored]) -> list[Flag]:
    """Every flag that a history of rounds on one substance, in their order, earns.

    One unsatisfactory score flags, and so does the second of two questionable scores in rounds that follow on each
    other for the laboratory, so that leaving a round out clears nothing.
    """
    by_laboratory: dict[str, list[Scored]] = {}
    for score in history:
        by_laboratory.setdefault(score.laboratory, []).append(score)
    found = []
    for scores in by_laboratory.values():
        found += [_flag(score, None) for score in scores if score.rating == "unsatisfactory"]
        found += [
            _flag(later, earlier)
            for earlier, later in pairwise(scores)
            if earlier.rating == later.rating == "questionable"
        ]
    return found


def _flag(score: Scored, before: Scored | None) -> Flag:
    if before is None:
        rule, text = "unsatisfactory", f"Its z-score of {score.z} in round {score.round_no} is unsatisfactory."
    else:
        rule = "twice_questionable"
        text = (
            f"Its z-scores of {before.z} in round {before.round_no} and {score.z} in round {score.round_no} are "
            "questionable, one after the other."
        )
    facts = {"z": str(score.z), "round": score.round_no}
    reason = Reason(rule=rule, text=text, citation=CITATION, verified=False, facts=facts)
    return Flag(score.laboratory, score.round_no, reason)


def _reference(closed: ProficiencyRoundClosed, values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    if closed.assigned is not None and closed.sigma is not None:
        return closed.assigned, closed.sigma
    if len(values) == 1:
        message = (
            "The round has one result, from which neither an assigned value nor a standard deviation can be computed; "
            "state both, or wait for further results."
        )
        raise DegenerateError(message)
    mean, deviation = algorithm_a(values)
    sigma = deviation if closed.sigma is None else closed.sigma
    if sigma == 0:
        message = (
            "The robust standard deviation of the results is 0, since more than half of them are alike; "
            "state sigma, the standard deviation for proficiency assessment."
        )
        raise DegenerateError(message)
    with localcontext(prec=50):
        unit = Decimal(1).scaleb(sigma.adjusted() - _FIGURES + 1)
        assigned = mean.quantize(unit) if closed.assigned is None else closed.assigned
        return assigned, sigma.quantize(unit) if closed.sigma is None else closed.sigma


def _median(values: Sequence[Decimal]) -> Decimal:
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(values) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _shown(z: Decimal) -> Decimal:
    with localcontext(prec=50):
        return z.quantize(Decimal("0.001"))
