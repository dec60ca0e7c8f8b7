"""Facts that weigh in a case, each at its number: told with its article, and nothing is concluded."""

from datetime import date

import pytest

from services.enforcement.grounds.aggravation import EarlierCase, Known, SampledAgain, aggravating
from shared.contracts import SampleFailed
from tests.services.enforcement.grounds.assessed import CARP, FORMULA, kept

DAY = date(2026, 3, 2)
"""Of the carp, whose laboratory concluded on it."""


def weighing(
    stated: dict[str, str],
    sample: SampleFailed = CARP,
    earlier: tuple[EarlierCase, ...] = (),
    again: tuple[SampledAgain, ...] = (),
) -> list[str]:
    """The rows of the table that weigh."""
    return [reason.rule for reason in aggravating(stated, Known([kept(sample)], earlier, again))]


@pytest.mark.parametrize(
    ("stated", "rules"),
    [
        ({"sales_yuan": "199999.99"}, []),
        ({"sales_yuan": "200000"}, ["A01"]),
        ({"sales_yuan": "100000"}, []),
        ({"sales_yuan": "100000", "months": "6"}, ["A02", "A04"]),
        ({"sales_yuan": "99999.99", "months": "6"}, ["A04"]),
        ({"sales_yuan": "500000"}, ["A01", "A03"]),
        ({"months": "5"}, []),
        ({"place_kind": "near_school"}, ["A06"]),
        ({"place_kind": "none"}, []),
        ({"earlier_penalty": "True"}, ["A07"]),
        ({"earlier_penalty": "False"}, []),
        ({"severely_poisoned": "9"}, []),
        ({"severely_poisoned": "10"}, ["A09"]),
        ({"severely_poisoned": "30"}, ["A09", "A10"]),
        ({"deaths": "1"}, ["A11"]),
        ({"deaths": "0"}, []),
        ({"seriously_injured": "2"}, []),
        ({"seriously_injured": "3"}, ["A12"]),
        ({"lightly_injured": "10"}, ["A13"]),
        ({"sold_after_warning": "True"}, ["A14"]),
        ({"no_purchase_vouchers": "True", "price_clearly_below_market": "True"}, ["A16", "A17"]),
    ],
    ids=str,
)
def test_fact_weighs_from_its_number_on(stated: dict[str, str], rules: list[str]) -> None:
    """Just below it weighs nothing; a lesser amount weighs beside another fact alone."""
    assert rules == weighing(stated)


def test_food_for_infants_and_the_place_are_known_from_the_sample() -> None:
    """Nobody has to state what stands on the form."""
    canteen = CARP.model_copy(update={"place_kind": "school_canteen"})
    assert ["A06"] == weighing({}, canteen)
    assert ["A05"] == weighing({}, FORMULA)


def test_earlier_case_counts_for_two_years() -> None:
    """A case of the same producer weighs to the day two years before."""
    assert ["A08"] == weighing({}, earlier=(EarlierCase("C-AAAAAAAAAAAA", date(2024, 3, 2)),))
    assert [] == weighing({}, earlier=(EarlierCase("C-AAAAAAAAAAAA", date(2024, 3, 1)),))


def test_sale_goes_on_after_the_failure_was_told() -> None:
    """A further sample of the lot on a later day than the telling; on the same day it says nothing."""
    later = SampledAgain("S-2", date(2026, 3, 5), date(2026, 3, 4))
    same = SampledAgain("S-2", date(2026, 3, 4), date(2026, 3, 4))
    assert (["A15"], []) == (weighing({}, again=(later,)), weighing({}, again=(same,)))


def test_without_a_standing_sample_nothing_weighs() -> None:
    """The law of no day counts."""
    assert () == aggravating({"deaths": "1"}, Known())


def test_each_reason_names_article_and_what_was_found() -> None:
    """The sentence has the number, the facts the offence."""
    (reason,) = aggravating({"sales_yuan": "200000"}, Known([kept(CARP)]))
    assert ("法释〔2021〕24号 Art 3, 7", True) == (reason.citation, reason.verified)
    assert "200000" in reason.text
    assert "刑法 Art 143, 144" == reason.facts["offence"]
