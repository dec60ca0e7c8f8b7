"""Named facts for the tests: every number, producer and report here is made."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from shared.contracts import (
    AlertRaised,
    Determination,
    Finding,
    Hazard,
    JudgementReason,
    LaboratoryAccredited,
    Level,
    LimitSource,
    PlaceKind,
    ResultReported,
    SampleCollected,
    SampleFailed,
    ScopeItem,
    Verdict,
)
from shared.contracts.result import Report

REGION = "21.02.83"


def report(number: str, **changes: Any) -> ResultReported:
    """A report that passes unless changed: cadmium in rice below the maximum."""
    facts: dict[str, Any] = {
        "report_no": f"R-{number}",
        "sample_no": f"S-{number}",
        "product": "大米",
        "category": "粮食加工品",
        "producer": "P0001",
        "seller": "V0001",
        "determinations": (Determination(analyte="镉(以Cd计)", result="0.12mg/kg", limit="≤0.2mg/kg"),),
    }
    return ResultReported(**(facts | changes))


def malachite_green_in_carp(number: str, **changes: Any) -> ResultReported:
    """A detection that must be referred."""
    found = (Determination(analyte="孔雀石绿", result="4.10μg/kg", limit="不得检出"),)
    return report(number, product="草鱼", category="食用农产品", determinations=found, **changes)


def procymidone_in_leek(number: str, **changes: Any) -> ResultReported:
    """An exceedance that stays administrative."""
    found = (Determination(analyte="腐霉利", result="2.3mg/kg", limit="≤0.2mg/kg"),)
    return report(number, product="韭菜", category="食用农产品", determinations=found, **changes)


def without_values(number: str, **changes: Any) -> ResultReported:
    """A report that prints neither result nor limit: unclear."""
    return report(number, determinations=(Determination(analyte="结构", result="", limit=""),), **changes)


def hostile_report(number: str) -> ResultReported:
    """A report that names the terminal's window, ends lines in five ways, and turns the direction of writing."""
    hostile = "\x1b]0;yours\x07\u2028\u2029\x85\r\nforged\u202e"
    found = Determination(analyte="镉(以Cd计)", result=hostile, limit=hostile)
    return report(number, product="大\u2028\x85米", determinations=(found,))


def form(reported: Report, **changes: Any) -> SampleCollected:
    """The sampling form of the sample that a report is on."""
    facts: dict[str, Any] = {
        "sample_no": reported.sample_no,
        "samplers": ("S01", "S02"),
        "sampled_at": datetime(2026, 2, 24, 1, 30, tzinfo=UTC),
        "township": "210283104",
        "chain_stage": "circulation",
        "place_kind": PlaceKind.WET_MARKET,
        "sampled_unit": reported.seller or "V0009",
        "product": reported.product,
        "category": reported.category,
        "subcategory": reported.subcategory,
        "production_date": reported.production_date,
        "quantity": Decimal(2),
        "test_quantity": Decimal(1),
        "reserve_quantity": Decimal(1),
        "quantity_unit": "kg",
        "unit_price": Decimal("12.50"),
        "seal_no": f"F-{reported.sample_no}",
        "producer": reported.producer,
        "producer_region": reported.producer_region,
    }
    return SampleCollected(**(facts | changes))


def accreditation(laboratory: str = "L0142", **changes: Any) -> LaboratoryAccredited:
    """An accreditation for everything, for a long time."""
    facts: dict[str, Any] = {
        "laboratory": laboratory,
        "certificate_no": f"CMA-{laboratory}",
        "valid_from": date(2015, 1, 1),
        "valid_to": date(2099, 12, 31),
        "scope": (ScopeItem(),),
    }
    return LaboratoryAccredited(**(facts | changes))


def failed_sample(number: str, **changes: Any) -> SampleFailed:
    """A failed sample as sampling tells it."""
    finding = Finding(
        analyte="孔雀石绿",
        substance="孔雀石绿",
        hazard=Hazard.VETERINARY_DRUG,
        result="4.10μg/kg",
        limit="不得检出",
        verdict=Verdict.FAIL,
        reason=JudgementReason.DETECTED,
        explanation="4.10 µg/kg was detected; it must not be.",
        limit_used="不得检出",
        limit_source=LimitSource.LABORATORY,
        ratio=Decimal(1),
    )
    facts: dict[str, Any] = {
        "sample_no": f"S-{number}",
        "report_no": f"R-{number}",
        "laboratory": "L0142",
        "product": "草鱼",
        "category": "食用农产品",
        "concluded_on": date(2026, 3, 2),
        "producer": "P0001",
        "seller": None,
        "findings": (finding,),
    }
    return SampleFailed(**(facts | changes))


def alert_on(sample: SampleFailed) -> AlertRaised:
    """An alert on a failed sample, as a toy handler of the tests answers it."""
    return AlertRaised(
        alert_no=f"A-{sample.sample_no}",
        sample_no=sample.sample_no,
        level=Level.BLUE,
        reasons=(),
        producer=None,
        substance="孔雀石绿",
        product=sample.product,
        samples=1,
    )
