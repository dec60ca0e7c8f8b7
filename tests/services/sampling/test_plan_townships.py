"""A plan by township."""

from services.sampling.plan_townships import InTownship, by_township, wanted_in
from services.sampling.scheme import Scheme
from services.sampling.targets import townships
from shared.contracts import PlanLine
from tests.services.sampling.planned import BLACK_ISLAND, QINGDUI, Sample, counters, plan

ADOPTED = plan(
    PlanLine(township=BLACK_ISLAND, category="糕点", samples=3),
    PlanLine(township=BLACK_ISLAND, samples=4),
    PlanLine(township="210283998", samples=5),
    PlanLine(samples=6),
)


def test_lines_want_samples_of_the_townships_that_they_name() -> None:
    """What the lines of a township want is added up; a line without one wants nothing of any."""
    assert {BLACK_ISLAND: 7, "210283998": 5} == wanted_in(ADOPTED)


def test_every_township_of_the_county_is_there() -> None:
    """Known townships are there without samples too, unknown ones where a sample or a line names them."""
    samples = Sample(), Sample(failed=True), Sample(tested=False), Sample(township="210283999")
    found = by_township(ADOPTED, "21.02.83", counters(Scheme(ADOPTED), samples))
    assert [*sorted(townships()), "210283998", "210283999"] == list(found)
    assert (InTownship(3, 2, 1, 7), InTownship(0, 0, 0, 0)) == (found[BLACK_ISLAND], found[QINGDUI])
    assert (InTownship(0, 0, 0, 5), InTownship(1, 1, 0, 0)) == (found["210283998"], found["210283999"])


def test_township_that_a_corrected_form_left_is_not_there() -> None:
    """A counter that went back to nothing adds no township."""
    assert "210283999" not in by_township(ADOPTED, "21.02.83", {"collected@210283999": 0})
