"""Which case (案件) a failed sample belongs to: one per producer, lot and matter.

The key says what the case is about, and the number follows from the key alone. So a replay, another order of arrival
or two replicas at once open the same case under the same number. Where the producer or the lot is unknown nothing
proves that two samples concern the same goods, and each stands alone.
"""

from datetime import date
from decimal import Decimal

from shared.contracts import Finding, Hazard, JudgementReason, SampleFailed
from shared.identifiers import number_of

_SEPARATOR = "\x1f"
_GRAVITY = {
    JudgementReason.DETECTED: 0,
    JudgementReason.NOT_PERMITTED: 2,
    JudgementReason.ABOVE_MAXIMUM: 3,
    JudgementReason.UNIT_ABOVE_M: 3,
    JudgementReason.TOO_MANY_ABOVE_M: 4,
}
_PATHOGEN_GRAVITY = 1
_LEAST = 5


def leading(sample: SampleFailed) -> Finding:
    """The gravest failing finding, whatever the order of the findings.

    What must not be there goes before pathogens, these before what is not permitted, then exceedances by their ratio,
    then names. The order is the house's own; it names a case, it decides nothing.
    """
    return min(sample.decisive, key=_rank)


def case_key(sample: SampleFailed) -> str:
    """Producer, product, production date and leading substance; the sample alone where one of them is unknown."""
    if sample.producer is None or sample.production_date is None:
        return _SEPARATOR.join(("sample", sample.laboratory, sample.sample_no))
    return _lot(sample.producer, sample.product, sample.production_date, leading(sample).substance)


def case_no(key: str) -> str:
    """The number of the case with this key, such as ``C-7Q2M4ZK3XAWB``."""
    return number_of("C", key)


def _lot(producer: str, product: str, production_date: date, substance: str) -> str:
    return _SEPARATOR.join(("lot", producer, product, production_date.isoformat(), substance))


def _rank(finding: Finding) -> tuple[int, Decimal, str, str, str]:
    gravity = _GRAVITY.get(finding.reason, _LEAST)
    if finding.hazard is Hazard.PATHOGEN:
        gravity = min(gravity, _PATHOGEN_GRAVITY)
    return gravity, -(finding.ratio or Decimal(0)), finding.substance, finding.analyte, finding.result
