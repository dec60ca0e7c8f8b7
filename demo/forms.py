"""The sampling forms of the demonstration, made for its reports, with a plan and the accreditation of its laboratories.

Places, seals, quantities, prices and the day of sampling are made; product, category, production date and references
are the report's. The samples are said to be taken on the day before the first run, so that the periods of the law run
as they would; a later run in the same folder says the same.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from demo.reports import LABORATORIES, Sending, sending
from shared.contracts import (
    LaboratoryAccredited,
    PlaceKind,
    PlanAdopted,
    PlanLine,
    ResultReported,
    SampleCollected,
    ScopeItem,
)

SAMPLERS = ("S01", "S02")
OFFICER = "O001"
TOWNSHIPS = ("210283001", "210283101", "210283104")
_PLACES = (PlaceKind.SUPERMARKET, PlaceKind.WET_MARKET, PlaceKind.RURAL_MARKET, PlaceKind.WHOLESALE_MARKET)
_MADE = datetime(2026, 1, 1, tzinfo=UTC)


def made_accreditations() -> list[Sending]:
    """An accreditation for everything, for each laboratory of the demonstration."""
    return [
        sending(
            f"officer.{OFFICER}",
            LaboratoryAccredited(
                laboratory=laboratory,
                certificate_no=f"CMA-{laboratory}-MADE",
                valid_from=date(2015, 1, 1),
                valid_to=date(2099, 12, 31),
                scope=(ScopeItem(),),
            ),
            laboratory,
            _MADE,
        )
        for laboratory in (*LABORATORIES, "L0300")
    ]


def made_plan(first_run: datetime) -> Sending:
    """The annual plan that the samples count for; its key categories and its line for wet markets are made."""
    year = first_run.year
    plan = PlanAdopted(
        plan_no=f"PLAN-{year}",
        title=f"Sampling plan of Zhuanghe for {year} (made)",
        kind="annual",
        starts=date(year - 1, 12, 1),  # what is taken on the day before a first run on New Year's Day counts too
        ends=date(year, 12, 31),
        lines=(PlanLine(samples=400, place_kind=PlaceKind.WET_MARKET),),
        key_categories=("食用农产品", "粮食加工品", "保健食品", "餐饮食品"),
    )
    return sending(f"officer.{OFFICER}", plan, plan.plan_no, first_run)


def began(folder: Path, *, fresh: bool = False) -> datetime:
    """When the demonstration was first run on the data in a folder; now, where it was not or starts anew."""
    kept = folder / "demo-began"
    if kept.exists() and not fresh:
        return datetime.fromisoformat(kept.read_text("ascii"))
    now = datetime.now(UTC)
    folder.mkdir(parents=True, exist_ok=True)
    kept.write_text(now.isoformat(), "ascii")
    return now


def made_forms(reports: Iterable[Sending], first_run: datetime) -> list[Sending]:
    """The form of each report's sample, taken on the day before the first run."""
    return [
        sending(
            f"sampler.{SAMPLERS[0]}", _form(one.event, number, first_run - timedelta(days=1)), one.sample_no, first_run
        )
        for number, one in enumerate(reports)
        if isinstance(one.event, ResultReported)
    ]


def _form(report: ResultReported, number: int, sampled_at: datetime) -> SampleCollected:
    return SampleCollected(
        sample_no=report.sample_no,
        samplers=SAMPLERS,
        sampled_at=sampled_at,
        township=TOWNSHIPS[number % len(TOWNSHIPS)],
        chain_stage="circulation",
        place_kind=_PLACES[number % len(_PLACES)],
        sampled_unit=report.seller or f"MADE-{report.sample_no}",
        product=report.product,
        category=report.category,
        subcategory=report.subcategory,
        production_date=report.production_date,
        quantity=Decimal(2),
        test_quantity=Decimal(1),
        reserve_quantity=Decimal(1),
        quantity_unit="kg",
        unit_price=Decimal(20),
        seal_no=f"F-{report.sample_no}",
        producer=report.producer,
        producer_region=report.producer_region,
    )
