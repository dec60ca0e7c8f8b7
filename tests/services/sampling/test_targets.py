"""The targets of a county, its people and its townships, as data."""

from decimal import Decimal

import pytest

from services.sampling.targets import population_of, rates, townships

ZHUANGHE = "21.02.83"


@pytest.mark.parametrize(
    ("base", "people", "samples", "residues"), [("resident", 742_496, 2970, 1485), ("registered", 872_000, 3488, 1744)]
)
def test_targets_of_zhuanghe(base: str, people: int, samples: int, residues: int) -> None:
    """4 and 2 samples per 1000 people, by either way to count them, come out as the county's own arithmetic says."""
    population = population_of(ZHUANGHE, base)
    wanted = {rate.target: rate.wanted(people) for rate in rates()}
    assert (people, base) == (population.people, population.base)
    assert (samples, residues) == (int(wanted["samples_per_1000"]), int(wanted["residue_samples_per_1000"]))


@pytest.mark.parametrize(("categories", "wanted"), [(0, 0), (1, 1), (2, 1), (3, 2), (33, 17)])
def test_half_of_the_key_categories_is_rounded_up(categories: int, wanted: int) -> None:
    """Half of an odd number of key categories is the greater half."""
    (coverage,) = (rate for rate in rates() if rate.counts == "key_categories")
    assert Decimal(wanted) == coverage.wanted(categories)


def test_every_target_has_its_source() -> None:
    """Each target says where it stands and is verified; only residues of two kinds count for the second."""
    assert all(rate.citation and rate.verified for rate in rates())
    assert [frozenset(), {"pesticide", "veterinary_drug"}, frozenset()] == [rate.hazards for rate in rates()]


def test_unknown_county_has_no_people() -> None:
    """A county that the table does not know has nobody, so that no target is made up."""
    assert 0 == population_of("11.01.05", "resident").people


def test_townships_are_those_of_the_county() -> None:
    """The 26 townships and streets of Zhuanghe are known by nine digits, each with its name."""
    known = townships()
    assert 26 == len(known)
    assert all(len(code) == 9 and code.startswith("210283") for code in known)
    assert "黑岛镇" == known["210283104"]
