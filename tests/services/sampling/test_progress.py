"""How far a plan is: what a sample adds to its counters, and the targets that follow from their sum."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.sampling.progress import Scheme, progressed
from services.sampling.targets import population_of
from shared.contracts import Hazard, PlaceKind, PlanAdopted, PlanLine, PlanProgressed

BLACK_ISLAND, QINGDUI = "210283104", "210283101"


@dataclass(frozen=True)
class Sample:
    """How a sample counts."""

    township: str = BLACK_ISLAND
    category: str = "食用农产品"
    subcategory: str = ""
    place_kind: str = "wet_market"
    hazards: str = "veterinary_drug"
    tested: bool = True
    failed: bool = False


SAMPLES = st.builds(
    Sample,
    township=st.sampled_from((BLACK_ISLAND, QINGDUI)),
    category=st.sampled_from(("食用农产品", "糕点")),
    subcategory=st.sampled_from(("", "水产品")),
    place_kind=st.sampled_from(("wet_market", "school_canteen")),
    hazards=st.sampled_from(("metal", "pesticide veterinary_drug", "metal pesticide")),
    tested=st.booleans(),
    failed=st.booleans(),
)


def plan(*lines: PlanLine, **changes: Any) -> PlanAdopted:
    """An annual plan of Zhuanghe."""
    facts: dict[str, Any] = {
        "plan_no": "PLAN-2026",
        "title": "Plan of 2026",
        "kind": "annual",
        "starts": date(2026, 1, 1),
        "ends": date(2026, 12, 31),
        "lines": lines or (PlanLine(samples=100),),
    }
    return PlanAdopted(**(facts | changes))


def told(adopted: PlanAdopted, *samples: Sample, region: str = "21.02.83") -> PlanProgressed:
    """How far a plan is with these samples."""
    scheme = Scheme(adopted)
    counters: Counter[str] = Counter()
    for sample in samples:
        counters += scheme.counters(sample)
    return progressed(scheme, counters, population_of(region, "resident"))


def reached(progress: PlanProgressed) -> dict[str, tuple[int, int]]:
    """Reached and wanted of each target."""
    return {target.target: (int(target.reached), int(target.wanted)) for target in progress.targets}


def test_samples_are_counted_by_stage() -> None:
    """Each sample is collected; one with a report is tested, and of those one that failed is failed."""
    progress = told(plan(), Sample(tested=False), Sample(), Sample(failed=True))
    assert (3, 2, 1) == (progress.collected, progress.tested, progress.failed)
    assert (742_496, "resident") == (progress.population, progress.population_base)


def test_targets_count_tested_samples() -> None:
    """Per 1000 people every tested sample counts, for residues those tested for pesticides or veterinary drugs."""
    samples = (
        Sample(hazards="metal"),
        Sample(hazards="pesticide veterinary_drug"),
        Sample(hazards="metal pesticide"),
        Sample(hazards="", tested=False),
    )
    counted = reached(told(plan(), *samples))
    assert ((3, 2970), (2, 1485)) == (counted["samples_per_1000"], counted["residue_samples_per_1000"])
    assert "key_category_coverage" not in counted


def test_key_category_is_covered_by_one_tested_sample() -> None:
    """A key category at either level is covered by a tested sample, however many, and not by one that is collected."""
    adopted = plan(key_categories=("食用农产品", "水产品", "糕点", "保健食品", "茶叶"))
    samples = (Sample(subcategory="水产品"), Sample(subcategory="水产品"), Sample(category="糕点", tested=False))
    assert (2, 3) == reached(told(adopted, *samples))["key_category_coverage"]


def test_line_counts_what_fits_it_whole() -> None:
    """What a line names must fit, what it leaves empty fits anything; a sample counts for every line that it fits."""
    adopted = plan(
        PlanLine(township=BLACK_ISLAND, samples=5),
        PlanLine(category="水产品", hazard=Hazard.VETERINARY_DRUG, samples=6),
        PlanLine(place_kind=PlaceKind.SCHOOL_CANTEEN, samples=7),
        PlanLine(township=QINGDUI, category="糕点", hazard=Hazard.METAL, place_kind=PlaceKind.SHOP, samples=8),
        PlanLine(samples=9),
        PlanLine(samples=10),
    )
    samples = (
        Sample(subcategory="水产品", hazards="metal veterinary_drug"),
        Sample(subcategory="水产品", hazards="metal", place_kind="school_canteen"),
        Sample(township=QINGDUI, category="糕点", hazards="metal quality", place_kind="shop"),
        Sample(tested=False),
    )
    lines = {name: numbers for name, numbers in reached(told(adopted, *samples)).items() if name.startswith("line:")}
    assert {
        "line:1": (2, 5), "line:2": (1, 6), "line:3": (1, 7), "line:4": (1, 8), "line:5": (3, 9), "line:6": (3, 10),
    } == lines  # fmt: skip


def test_sample_counts_once_for_a_line_that_it_fits_twice() -> None:
    """A category that is named at both levels, and two hazards under a line without one, count one sample."""
    adopted = plan(PlanLine(category="糕点", samples=5))
    assert (1, 5) == reached(told(adopted, Sample(category="糕点", subcategory="糕点", hazards="metal pesticide")))[
        "line:1"
    ]


def test_campaign_has_its_lines_alone() -> None:
    """A campaign is not measured by a county's people, only by its lines and key categories."""
    adopted = plan(kind="campaign", key_categories=("食用农产品",))
    assert {"key_category_coverage": (1, 1), "line:1": (1, 100)} == reached(told(adopted, Sample()))


def test_county_without_people_is_not_measured_by_them() -> None:
    """Where the population is not known, the targets that need it are left out rather than reached by nobody."""
    progress = told(plan(), Sample(), region="11.01.05")
    assert (0, {"line:1": (1, 100)}) == (progress.population, reached(progress))


@given(st.lists(SAMPLES, max_size=8), SAMPLES)
def test_difference_of_one_sample_is_the_difference_of_the_sums(samples: list[Sample], changed: Sample) -> None:
    """Taking a sample's counters away and adding what it adds now gives what counting all of them anew gives."""
    scheme = Scheme(plan(PlanLine(category="水产品", samples=5), PlanLine(hazard=Hazard.METAL, samples=5)))
    first, others = replace(changed, tested=not changed.tested), samples
    moved = Counter[str]()
    for sample in (*others, first, changed):
        moved.update(scheme.counters(sample))
    moved.subtract(scheme.counters(first))
    anew = Counter[str]()
    for sample in (*others, changed):
        anew.update(scheme.counters(sample))
    assert anew == +moved


def test_shares_are_decimals() -> None:
    """How far a target is reached is told in decimals, and so is its share."""
    target = told(plan(PlanLine(samples=4)), Sample()).targets[-1]
    assert ("line:1", Decimal("0.25")) == (target.target, target.share)
