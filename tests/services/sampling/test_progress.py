"""How far a plan is: the targets that follow from the sum of what its samples add."""

from decimal import Decimal

from services.sampling.progress import progressed, reached_lines
from services.sampling.scheme import Scheme
from services.sampling.targets import population_of
from shared.contracts import PlanLine
from tests.services.sampling.planned import Sample, plan, reached, told


def test_population_is_told() -> None:
    """Whom the targets count is told with how many they are."""
    progress = told(plan())
    assert (742_496, "resident") == (progress.population, progress.population_base)


def test_county_without_people_is_not_measured_by_them() -> None:
    """Where the population is not known, the targets that need it are left out rather than reached by nobody."""
    progress = told(plan(), Sample(), region="11.01.05")
    assert (0, {"line:1": (1, 100)}) == (progress.population, reached(progress))


def test_shares_are_decimals() -> None:
    """How far a target is reached is told in decimals, and so is its share."""
    target = told(plan(PlanLine(samples=4)), Sample()).targets[-1]
    assert ("line:1", Decimal("0.25")) == (target.target, target.share)


def test_some_lines_are_told_in_order() -> None:
    """Where lines are named only these are told, after every target that is none, and in their order."""
    scheme = Scheme(plan(*(PlanLine(samples=number) for number in range(1, 5))))
    progress = progressed(scheme, {"line:3": 2, "line:2": 1}, population_of("21.02.83", "resident"), lines=[3, 1])
    assert [
        ("samples_per_1000", (0, 2970)), ("residue_samples_per_1000", (0, 1485)), ("line:1", (0, 1)), ("line:3", (2, 3))
    ] == list(reached(progress).items())  # fmt: skip


def test_line_is_reached_when_it_has_what_it_wants() -> None:
    """A line with as many samples as it wants, or more, is reached; one with fewer is not."""
    adopted = plan(*(PlanLine(samples=2) for _ in range(4)))
    assert 2 == reached_lines(adopted, {"line:1": 1, "line:2": 2, "line:3": 3})
