"""What a sample adds to the numbers of the plans of its county."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.sampling.scheme import Scheme, line_name, line_numbers
from shared.contracts import Hazard, PlaceKind, PlanLine
from tests.services.sampling.planned import BLACK_ISLAND, QINGDUI, Sample, counters, lines, plan, reached, told

SAMPLES = st.builds(
    Sample,
    plan_no=st.sampled_from(("", "PLAN-2026", "FISH-2026")),
    sampled_on=st.sampled_from((date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1))),
    township=st.sampled_from((BLACK_ISLAND, QINGDUI)),
    foods=st.sampled_from(("食用农产品", "糕点", "淡水鱼")),
    place_kind=st.sampled_from(("wet_market", "school_canteen")),
    hazards=st.sampled_from(("metal", "pesticide veterinary_drug", "metal pesticide")),
    tested=st.booleans(),
    failed=st.booleans(),
)


def test_samples_are_counted_by_stage() -> None:
    """Each sample is collected; one with a report is tested, and of those one that failed is failed."""
    progress = told(plan(), Sample(tested=False), Sample(), Sample(failed=True))
    assert (3, 2, 1) == (progress.collected, progress.tested, progress.failed)


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


def test_figures_of_an_annual_plan_are_the_countys() -> None:
    """Per 1000 people and in key categories a campaign's sample counts too; the plan's lines and stages are its own."""
    adopted = plan(key_categories=("食用农产品", "糕点"))
    progress = told(adopted, Sample(), Sample(plan_no="FISH-2026", foods="糕点"), Sample(plan_no="PLAN-2026"))
    assert {
        "samples_per_1000": (3, 2970),
        "residue_samples_per_1000": (3, 1485),
        "key_category_coverage": (2, 1),
        "line:1": (2, 100),
    } == reached(progress)
    assert (2, 2) == (progress.collected, progress.tested)


def test_figures_of_an_annual_plan_are_of_its_period() -> None:
    """A sample of another year that names the plan counts for its lines, and not for what the county does in a year."""
    days = date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)
    named = told(plan(), *(Sample(plan_no="PLAN-2026", sampled_on=day) for day in days))
    assert ((2, 2970), (4, 100)) == (reached(named)["samples_per_1000"], reached(named)["line:1"])
    unnamed = told(plan(), *(Sample(sampled_on=day) for day in days))
    assert ((2, 2970), (2, 100)) == (reached(unnamed)["samples_per_1000"], reached(unnamed)["line:1"])


def test_figures_of_a_campaign_are_its_own() -> None:
    """A campaign covers key categories by its own samples, on whatever day, and by no other of the county."""
    adopted = plan(plan_no="FISH-2026", kind="campaign", key_categories=("食用农产品", "糕点"))
    samples = Sample(foods="糕点"), Sample(plan_no="FISH-2026", sampled_on=date(2027, 1, 1)), Sample(plan_no="X")
    assert {"key_category_coverage": (1, 1), "line:1": (1, 100)} == reached(told(adopted, *samples))


def test_key_category_is_covered_by_one_tested_sample() -> None:
    """A key category at any level is covered by a tested sample, however many, and not by one that is collected."""
    adopted = plan(key_categories=("食用农产品", "淡水产品", "糕点", "保健食品", "茶叶"))
    samples = (Sample(foods="淡水鱼"), Sample(foods="淡水鱼"), Sample(foods="糕点", tested=False))
    assert (2, 3) == reached(told(adopted, *samples))["key_category_coverage"]


def test_line_counts_what_fits_it_whole() -> None:
    """What a line names must fit, what it leaves empty fits anything; a sample counts for every line that it fits."""
    adopted = plan(
        PlanLine(township=BLACK_ISLAND, samples=5),
        PlanLine(category="淡水产品", hazard=Hazard.VETERINARY_DRUG, samples=6),
        PlanLine(place_kind=PlaceKind.SCHOOL_CANTEEN, samples=7),
        PlanLine(township=QINGDUI, category="糕点", hazard=Hazard.METAL, place_kind=PlaceKind.SHOP, samples=8),
        PlanLine(samples=9),
        PlanLine(samples=10),
    )
    samples = (
        Sample(foods="淡水鱼", hazards="metal veterinary_drug"),
        Sample(foods="淡水鱼", hazards="metal", place_kind="school_canteen"),
        Sample(township=QINGDUI, foods="糕点", hazards="metal quality", place_kind="shop"),
        Sample(tested=False),
    )
    assert {
        "line:1": (2, 5), "line:2": (1, 6), "line:3": (1, 7), "line:4": (1, 8), "line:5": (3, 9), "line:6": (3, 10),
    } == lines(told(adopted, *samples))  # fmt: skip


def test_line_counts_what_lies_below_it_in_the_tree() -> None:
    """A line for a food counts samples of any narrower food, and none of a wider or another one."""
    named = ("粮食加工品", "小麦粉", "通用小麦粉", "专用小麦粉", "大米")
    adopted = plan(*(PlanLine(category=category, samples=9) for category in named))
    progress = told(adopted, Sample(foods="通用小麦粉"), Sample(foods="小麦粉"), Sample(foods="粮食加工品"))
    assert [3, 2, 1, 0, 0] == [counted for counted, _ in lines(progress).values()]


def test_sample_counts_once_for_a_line_that_it_fits_twice() -> None:
    """Two foods below a line's, and two hazards under a line without one, count one sample."""
    adopted = plan(PlanLine(category="小麦粉", samples=5))
    sample = Sample(foods="专用小麦粉 通用小麦粉", hazards="metal pesticide")
    assert {"line:1": (1, 5)} == lines(told(adopted, sample))


@given(st.lists(SAMPLES, max_size=8), SAMPLES, SAMPLES)
def test_difference_of_one_sample_is_the_difference_of_the_sums(
    others: list[Sample], first: Sample, changed: Sample
) -> None:
    """Taking a sample's counters away and adding what it adds now gives what counting all of them anew gives."""
    some = PlanLine(category="水产品", samples=5), PlanLine(hazard=Hazard.METAL, samples=5)
    scheme = Scheme(plan(*some, key_categories=("水产品", "糕点")))
    moved = counters(scheme, (*others, first, changed))
    moved.subtract(scheme.counters(first))
    assert +moved == +counters(scheme, (*others, changed))


@given(SAMPLES)
def test_no_counter_is_both_the_plans_and_the_countys(sample: Sample) -> None:
    """What a sample adds as the plan's and as the county's are other counters, so that each can be counted apart."""
    tested = replace(sample, tested=True)
    for kind in ("annual", "campaign"):
        scheme = Scheme(plan(kind=kind, key_categories=("食用农产品", "糕点")))
        assert not scheme.of_plan(tested).keys() & scheme.of_county(tested).keys()


@given(st.sets(st.integers(1, 2000)))
def test_lines_are_found_among_counters(numbers: set[int]) -> None:
    """The numbers of lines are read back from their counters, in order, beside others."""
    names = {line_name(number) for number in numbers} | {"collected", "category:line", "collected@210283104"}
    assert sorted(numbers) == line_numbers(names)
