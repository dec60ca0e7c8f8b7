"""Proficiency rounds: z-scores and their ratings, Algorithm A, and who is flagged."""

import statistics
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sampling.proficiency import DegenerateError, algorithm_a, evaluated, flags, rating, z_score
from shared.contracts import ProficiencyResult, ProficiencyRoundClosed

VALUES = st.lists(st.decimals(-1000, 1000, places=3), min_size=3, max_size=40)


@dataclass(frozen=True)
class Scored:
    """A score in a round."""

    laboratory: str
    round_no: str
    rating: str
    z: str = "2.5"


def closed(*values: str, **changes: Any) -> ProficiencyRoundClosed:
    """A round with a result for each value, by L01, L02 and so on."""
    results = tuple(ProficiencyResult(laboratory=f"L{n:02}", value=Decimal(value)) for n, value in enumerate(values, 1))
    facts = {"round_no": "PT-1", "substance": "镉", "unit": "mg/kg", "closed_on": date(2026, 3, 1), "results": results}
    return ProficiencyRoundClosed.model_validate(facts | changes)


def test_scores_follow_from_the_stated_reference() -> None:
    """A score is the result less the assigned value over sigma, rated at 2 and 3; the reference is told as stated."""
    told = evaluated(closed("0.211", "0.240", "0.2401", "0.257", "0.258", "0.150", assigned="0.204", sigma="0.018"))
    assert [("0.389", "satisfactory"), ("2.000", "satisfactory"), ("2.006", "questionable")] == [
        (str(score.z), score.rating) for score in told.scores[:3]
    ]
    assert [("2.944", "questionable"), ("3.000", "unsatisfactory"), ("-3.000", "unsatisfactory")] == [
        (str(score.z), score.rating) for score in told.scores[3:]
    ]
    assert (Decimal("0.204"), Decimal("0.018"), False) == (told.assigned, told.sigma, told.robust)
    assert "ISO 13528:2015, 9.4" == told.citation


@given(st.decimals(-100, 100, places=4), st.decimals("0.001", 100, places=3), st.decimals(-9, 9, places=2))
def test_score_turns_back_into_the_result(assigned: Decimal, sigma: Decimal, z: Decimal) -> None:
    """A result that lies z times sigma above the assigned value has that score."""
    with localcontext(prec=50):
        assert z == z_score(assigned + z * sigma, assigned, sigma)


@given(st.decimals(-10, 10, places=3))
def test_rating_knows_no_sign(z: Decimal) -> None:
    """A result too low is rated as one too high by as much."""
    assert rating(z) == rating(-z)


def test_algorithm_a_withstands_an_outlier() -> None:
    """One wild result moves the robust mean by little and the plain mean by much."""
    values = [Decimal(value) for value in ("0.198", "0.201", "0.203", "0.204", "0.206", "0.209", "0.212", "9.9")]
    mean, deviation = algorithm_a(values)
    assert Decimal("0.20") < mean < Decimal("0.21")
    assert deviation < Decimal("0.01")
    assert statistics.mean(values) > 1


def test_algorithm_a_is_a_fixed_point() -> None:
    """Drawing the results in to the robust mean and spread gives that mean and spread again (C.3.1)."""
    values = [Decimal(value) for value in ("4.1", "4.4", "4.5", "4.6", "4.6", "4.7", "4.9", "5.0", "5.2", "7.0")]
    mean, deviation = algorithm_a(values)
    reach = Decimal("1.5") * deviation
    drawn_in = [min(max(value, mean - reach), mean + reach) for value in values]
    assert abs(statistics.mean(drawn_in) - mean) < Decimal("1e-12")
    assert abs(Decimal("1.134") * statistics.stdev(drawn_in) - deviation) < Decimal("1e-12")


@given(VALUES, st.decimals(-1000, 1000, places=3), st.decimals("0.01", 100, places=2))
def test_algorithm_a_moves_and_stretches_with_the_results(values: list[Decimal], by: Decimal, times: Decimal) -> None:
    """Results that are shifted and stretched give the mean shifted and stretched, and the spread stretched."""
    mean, deviation = algorithm_a(values)
    moved_mean, moved_deviation = algorithm_a([times * value + by for value in values])
    close = Decimal("1e-6") * times
    assert abs(moved_mean - (times * mean + by)) <= close
    assert abs(moved_deviation - times * deviation) <= close


@given(VALUES, st.randoms())
def test_algorithm_a_knows_no_order(values: list[Decimal], random: Any) -> None:
    """The order in which the results stand changes nothing."""
    shuffled = list(values)
    random.shuffle(shuffled)
    assert algorithm_a(values) == algorithm_a(shuffled)


@given(VALUES)
def test_algorithm_a_stays_among_the_results(values: list[Decimal]) -> None:
    """The robust mean lies between the least and the greatest result, and the spread is not below zero."""
    mean, deviation = algorithm_a(values)
    assert min(values) - Decimal("1e-9") <= mean <= max(values) + Decimal("1e-9")
    assert deviation >= 0


def test_reference_is_computed_where_none_is_stated() -> None:
    """Without assigned value and sigma the robust ones stand in, rounded as told, and the scores follow from those."""
    told = evaluated(closed("4.1", "4.4", "4.5", "4.6", "4.6", "4.7", "4.9", "5.0", "5.2", "7.0"))
    assert told.robust
    assert "Annex C.3" in told.citation
    assert 6 == len(told.sigma.as_tuple().digits)
    assert all(abs(score.z - (score.value - told.assigned) / told.sigma) <= Decimal("0.0005") for score in told.scores)
    assert {"L10"} == {score.laboratory for score in told.scores if score.rating == "unsatisfactory"}


def test_half_a_reference_is_completed() -> None:
    """What the round states is taken as it is, and only the other half is computed."""
    values = ("4.1", "4.4", "4.5", "4.6", "4.9")
    stated_mean = evaluated(closed(*values, assigned="4.55"))
    stated_sigma = evaluated(closed(*values, sigma="0.3"))
    assert (Decimal("4.55"), True) == (stated_mean.assigned, stated_mean.robust)
    assert (Decimal("0.3"), True) == (stated_sigma.sigma, stated_sigma.robust)
    assert Decimal("4.4") < stated_sigma.assigned < Decimal("4.6")


@pytest.mark.parametrize(
    ("values", "changes", "sentence"),
    [
        (("4.1",), {}, "one result"),
        (("4.1",), {"assigned": "4.0"}, "one result"),
        (("4.1", "4.1", "4.1", "4.9"), {}, "deviation of the results is 0"),
        (("4.1", "4.1"), {"assigned": "4.0"}, "deviation of the results is 0"),
    ],
)
def test_degenerate_round_is_refused(values: tuple[str, ...], changes: dict[str, str], sentence: str) -> None:
    """A round from which no spread can be had is refused with what to do."""
    with pytest.raises(DegenerateError, match=sentence) as refused:
        evaluated(closed(*values, **changes))
    assert "state" in str(refused.value)


def test_one_result_against_a_stated_reference_is_scored() -> None:
    """One laboratory is scored where the round states its reference, and results that are alike where it states σ."""
    (score,) = evaluated(closed("4.1", assigned="4.0", sigma="0.1")).scores
    assert Decimal(1) == score.z
    assert [0, 0] == [score.z for score in evaluated(closed("4.1", "4.1", sigma="0.1")).scores]


def test_smallest_and_largest_numbers_are_scored() -> None:
    """The largest result against the smallest sigma that the contract allows has a score."""
    (score,) = evaluated(closed("9999999999.9999999999", assigned="-9999999999", sigma="0.0000000001")).scores
    assert "unsatisfactory" == score.rating


def test_unsatisfactory_score_flags_at_once() -> None:
    """One unsatisfactory score flags its laboratory, with the score."""
    (flag,) = flags([Scored("L01", "A", "unsatisfactory", "3.72"), Scored("L02", "A", "questionable")])
    assert ("L01", "A", "unsatisfactory") == (flag.laboratory, flag.round_no, flag.reason.rule)
    assert "3.72" in flag.reason.text


@pytest.mark.parametrize(
    ("ratings", "flagged"),
    [
        ("qq", [1]),
        ("qsq", []),
        ("qqq", [1, 2]),
        ("quq", [1]),
        ("sqqs", [2]),
        ("q", []),
    ],
)
def test_two_questionable_scores_in_a_row_flag(ratings: str, flagged: list[int]) -> None:
    """The second of two questionable scores that follow on each other flags; one in between that is fine clears it."""
    names = {"q": "questionable", "s": "satisfactory", "u": "unsatisfactory"}
    history = [Scored("L01", f"A{n}", names[letter]) for n, letter in enumerate(ratings)]
    assert [f"A{n}" for n in flagged] == [flag.round_no for flag in flags(history)]


def test_round_that_was_left_out_clears_nothing() -> None:
    """The rounds that a laboratory takes part in count, whatever others do in between."""
    history = [
        Scored("L01", "A", "questionable"),
        Scored("L02", "A", "questionable"),
        Scored("L02", "B", "satisfactory"),
        Scored("L01", "C", "questionable"),
        Scored("L02", "C", "questionable"),
    ]
    assert [("L01", "C")] == [(flag.laboratory, flag.round_no) for flag in flags(history)]
