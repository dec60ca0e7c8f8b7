"""What the comparison of one result with one limit came out as."""

from dataclasses import dataclass
from decimal import Context, Decimal

from services.sampling.judging.units import factor, is_count
from shared.contracts.sample import JudgementReason, Verdict

_FOUR_DIGITS = Context(prec=4)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict with its reason; ``explanation`` is a clause without a full stop."""

    verdict: Verdict
    reason: JudgementReason
    explanation: str
    ratio: Decimal | None = None


def passes(reason: JudgementReason, explanation: str, ratio: Decimal | None = None) -> Outcome:
    """The result keeps its limit."""
    return Outcome(Verdict.PASS, reason, explanation, ratio)


def fails(reason: JudgementReason, explanation: str, ratio: Decimal | None = None) -> Outcome:
    """The result breaks its limit."""
    return Outcome(Verdict.FAIL, reason, explanation, ratio)


def unclear(reason: JudgementReason, explanation: str) -> Outcome:
    """A person must decide."""
    return Outcome(Verdict.UNCLEAR, reason, explanation)


def ratio_of(value: Decimal, bound: Decimal) -> Decimal | None:
    """How many times the bound a value is, to four digits; none for a bound of zero."""
    if bound == 0:
        return None
    return Decimal(format(_FOUR_DIGITS.divide(value, bound), "f"))


def scale(printed: str, wanted: str, *, dimensionless: bool) -> tuple[Decimal, str] | Outcome:
    """What brings a result printed in one unit to the limit's, with a note where a unit is taken for granted.

    A limit without a unit is in the result's. A result without one is in the limit's only where both count germs;
    where neither states one, ``dimensionless`` says whether the analyte can do without.
    """
    times = Decimal(1) if printed == wanted or not (printed and wanted) else factor(printed, wanted)
    if times is None:
        return unclear(JudgementReason.UNIT_MISMATCH, f"{printed} and {wanted} measure different things")
    if printed and not wanted:
        return times, f"; the limit states no unit, the result's {printed} is taken"
    if wanted and not printed and is_count(wanted):
        return times, f"; the result states no unit, the limit's {wanted} is taken"
    if not printed and (wanted or not dimensionless):
        limit = f"is in {wanted}" if wanted else "states none either"
        return unclear(JudgementReason.UNIT_MISSING, f"the result states no unit and the limit {limit}")
    return times, ""
