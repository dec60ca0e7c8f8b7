"""Made failed samples: one finding in one food, changed where a test says so."""

from datetime import date
from decimal import Decimal
from typing import Any

from shared.contracts import Finding, Hazard, JudgementReason, SampleFailed, Verdict


def finding(substance: str, **changes: Any) -> Finding:
    """A veterinary drug that was detected and must not be, unless changed."""
    facts: dict[str, Any] = {
        "analyte": substance,
        "substance": substance,
        "hazard": Hazard.VETERINARY_DRUG,
        "result": "2.5μg/kg",
        "limit": "不得检出",
        "verdict": Verdict.FAIL,
        "reason": JudgementReason.DETECTED,
        "explanation": "It was detected; it must not be.",
    }
    return Finding(**(facts | changes))


def pesticide(substance: str, **changes: Any) -> Finding:
    """A pesticide at three times its limit, unless changed."""
    facts: dict[str, Any] = {
        "hazard": Hazard.PESTICIDE,
        "result": "0.06mg/kg",
        "limit": "≤0.02mg/kg",
        "reason": JudgementReason.ABOVE_MAXIMUM,
        "ratio": Decimal(3),
    }
    return finding(substance, **(facts | changes))


def failed(*findings: Finding, product: str = "草鱼", **changes: Any) -> SampleFailed:
    """A failed sample of farm produce with these findings."""
    facts: dict[str, Any] = {
        "sample_no": "S-1",
        "report_no": "R-1",
        "laboratory": "L0142",
        "product": product,
        "category": "食用农产品",
        "concluded_on": date(2026, 3, 2),
        "producer": "P0001",
        "seller": "V0001",
        "findings": findings,
    }
    return SampleFailed(**(facts | changes))
