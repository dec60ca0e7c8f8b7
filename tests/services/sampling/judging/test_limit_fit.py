"""Which rows fit a product of which only a group is known."""

from services.sampling.judging.foods import of_rows
from services.sampling.judging.limit_fit import Reach, cases

FOODS = of_rows(
    {"food": food, "group": group, "as": "kind"}
    for food, group in [
        ("shrimp", "crustaceans"),
        ("mantis", "crustaceans"),
        ("crustaceans", "aquatic"),
        ("fish", "aquatic"),
    ]
)


def reach(*terms: str, without: tuple[str, ...] = ()) -> Reach:
    """The foods that a made row is for."""
    return Reach(frozenset(terms), frozenset(without))


def test_a_food_is_one_case_with_the_narrower_row_in_front() -> None:
    """The row for the food comes before the row for its group (made words)."""
    (case,) = cases([reach("crustaceans"), reach("mantis")], FOODS, ("mantis",))
    assert case.rows == (0, 1)
    assert case.narrower[0] == {1}
    assert case.narrower[1] == frozenset()
    assert case.apart == {0: frozenset(), 1: frozenset()}


def test_a_group_has_a_case_for_each_answer() -> None:
    """Crustaceans may be mantis shrimps or others, and each of the two is asked about (made words)."""
    found = cases([reach("mantis"), reach("crustaceans", without=("mantis",))], FOODS, ("crustaceans",))
    assert [(1,), (0,)] == [case.rows for case in found]


def test_a_group_may_hold_foods_without_a_row() -> None:
    """Aquatic products without a limit are a case of their own (made words)."""
    assert {(), (0,)} == {case.rows for case in cases([reach("fish")], FOODS, ("aquatic",))}


def test_rows_that_cross_are_apart() -> None:
    """Of two groups that a food is in, neither is the narrower (made words)."""
    crossing = of_rows(
        {"food": food, "group": group, "as": "kind"} for food, group in [("noodles", "dried"), ("noodles", "starch")]
    )
    (case,) = cases([reach("dried"), reach("starch")], crossing, ("noodles",))
    assert case.apart == {0: {1}, 1: {0}}
    assert case.narrower == {0: frozenset(), 1: frozenset()}


def test_nowhere_has_no_case() -> None:
    """A product that is nowhere fits nothing."""
    assert cases([reach("fish")], FOODS, ()) == ()
