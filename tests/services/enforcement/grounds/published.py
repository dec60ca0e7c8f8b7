"""Real published failures as failed samples: the verdict of the notice, the laboratory's name for the substance."""

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from shared.contracts import Finding, Hazard, JudgementReason, SampleFailed, Verdict

_TABLE = Path(__file__).parents[4] / "demo" / "published_failures.csv"
_HAZARDS = {
    "microbio": Hazard.MICROBIOLOGY,
    "pesticide": Hazard.PESTICIDE,
    "vet_drug": Hazard.VETERINARY_DRUG,
    "banned_list": Hazard.VETERINARY_DRUG,
    "therapy_only": Hazard.VETERINARY_DRUG,
    "discontinued": Hazard.VETERINARY_DRUG,
    "metal": Hazard.METAL,
    "mycotoxin": Hazard.MYCOTOXIN,
    "additive": Hazard.ADDITIVE,
    "quality": Hazard.QUALITY,
    "other": Hazard.UNKNOWN,
}
_PATHOGENS = ("单增李斯特菌", "单核细胞增生李斯特氏菌", "铜绿假单胞菌")
_REASONS = {
    "max": JudgementReason.ABOVE_MAXIMUM,
    "min": JudgementReason.BELOW_MINIMUM,
    "not_detected": JudgementReason.DETECTED,
    "not_permitted": JudgementReason.NOT_PERMITTED,
    "ncmM": JudgementReason.UNIT_ABOVE_M,
}


@dataclass(frozen=True, slots=True)
class Published:
    """A row that the notice and its own figures call a failure."""

    row_id: str
    group: str
    """The last word of the column hazard_group, such as banned_list."""
    sample: SampleFailed


@cache
def published_failures() -> tuple[Published, ...]:
    """Every row of the table whose figures can be read and fail."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return tuple(_published(row) for row in csv.DictReader(lines) if row["reevaluated"] == "fail")


def _published(row: dict[str, str]) -> Published:
    group = row["hazard_group"].split()[-1]
    finding = Finding(
        analyte=row["analyte"],
        substance=row["analyte"],
        hazard=Hazard.PATHOGEN if row["analyte"] in _PATHOGENS else _HAZARDS[group],
        result=row["result_raw"],
        limit=row["limit_raw"],
        verdict=Verdict.FAIL,
        reason=_REASONS[row["comparator"]],
        explanation="As published.",
        ratio=Decimal(row["exceed_ratio"]) if row["exceed_ratio"] else None,
    )
    sample = SampleFailed(
        sample_no=row["row_id"],
        report_no=row["row_id"],
        laboratory="L0142",
        product=row["product"],
        category=row["category"],
        subcategory=row["subcategory"],
        production_date=_day(row["production_date"]),
        concluded_on=date.fromisoformat(row["publish_date"]),
        producer=row["producer_ref"] or None,
        seller=row["vendor_ref"] or None,
        findings=(finding,),
    )
    return Published(row["row_id"], group, sample)


def _day(printed: str) -> date | None:
    if not printed:
        return None
    year, month, day = printed.split("-")
    return date(int(year), int(month), int(day))
