"""The ten grounds: their law, the days on which it counts, and how far data carry under it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.enforcement.grounds.assessment import Found, Strength
from services.enforcement.grounds.law import load
from services.enforcement.grounds.referral import Decline, Referral, decide
from services.enforcement.grounds.rules import load as load_rules
from tests.services.enforcement.grounds.assessed import CARP, LEEK, REGION, of_facts, of_sample

FIRST_DAY = date(2022, 1, 1)
"""Of 法释〔2021〕24号."""
DAY_BEFORE = FIRST_DAY - timedelta(days=1)
SHOWN = Found(Strength.STRONG, "It is shown.")


def test_there_are_ten_in_order() -> None:
    """R1 to R10, each with offence, both laws, and the sentence on what a person has to do."""
    grounds = load()
    assert [f"R{number}" for number in range(1, 11)] == list(grounds)
    for ground in grounds.values():
        assert ground.offence
        assert ground.citation.startswith("刑法 Art 1") or ground.citation.startswith("刑法 Art 225")
        assert "法释〔2021〕24号 Art " in ground.interpretation
        assert ground.needs_person.startswith("A person still has to ")
        assert ground.needs_person.count(".") == 1
        assert (ground.in_force_from, ground.in_force_to, ground.verified) == (FIRST_DAY, None, True)


def test_the_articles_are_those_of_the_offences() -> None:
    """R1 is toxic food, R2 to R7 unsafe food, R8 and R9 inferior products, R10 illegal business."""
    articles = ["144", *["143"] * 6, "140", "140", "225"]
    assert [f"刑法 Art {article}" for article in articles] == [ground.criminal_law for ground in load().values()]


def test_only_rules_with_a_source_of_their_own_stand_without_the_interpretation() -> None:
    """R1 has its lists, R2 the province's threshold, R8 the amount in the Criminal Law itself."""
    assert ["R1", "R2", "R8"] == [rule for rule, ground in load().items() if ground.stands_alone]


def test_disputed_elements_keep_a_rule_a_candidate() -> None:
    """How a substance came there, a list that is not here, and what has no number are never decided by data."""
    assert ["R1", "R4", "R5", "R6", "R7"] == [
        rule for rule, ground in load().items() if ground.strength(SHOWN, FIRST_DAY) is Strength.CANDIDATE
    ]


def test_strong_needs_checked_law_and_checked_source_in_force() -> None:
    """One of them missing leaves a candidate; what is not met stays so."""
    ground = load()["R3"]
    assert ground.strength(SHOWN, FIRST_DAY) is Strength.STRONG
    assert ground.strength(SHOWN, DAY_BEFORE) is Strength.CANDIDATE
    assert ground.strength(replace(SHOWN, verified=False), FIRST_DAY) is Strength.CANDIDATE
    assert replace(ground, verified=False).strength(SHOWN, FIRST_DAY) is Strength.CANDIDATE
    assert ground.strength(Found(Strength.NONE, "Nothing."), FIRST_DAY) is Strength.NONE


def test_both_ends_of_the_days_are_included() -> None:
    """An interpretation counts on its first and last day and not on the days around."""
    ground = replace(load()["R3"], in_force_to=date(2027, 12, 31))
    days = [DAY_BEFORE, FIRST_DAY, date(2027, 12, 31), date(2028, 1, 1)]
    assert [False, True, True, False] == [ground.in_force(day) for day in days]
    assert ground.not_in_force(days[-1]) == (
        "法释〔2021〕24号 Art 1(2) counts from 2022-01-01 to 2027-12-31 and this food is of 2028-01-01"
    )


def test_law_that_was_not_in_force_is_not_cited() -> None:
    """A detection of the day before is referred under the Criminal Law and its list, and says what is missing."""
    old = CARP.model_copy(update={"production_date": DAY_BEFORE})
    decision = decide(old, load_rules(), REGION)
    assert isinstance(decision, Referral)
    (reason,) = decision.reasons
    assert reason.citation == "刑法 Art 144; 食品中可能违法添加的非食用物质名单 (第一至五批汇总)"
    assert reason.text.endswith(
        " 法释〔2021〕24号 Art 9(2), 11 counts from 2022-01-01 and this food is of 2021-12-31: "
        "a person looks up what counted then."
    )
    assert "counts from" not in of_sample("R1", CARP).text


def test_a_decline_of_an_old_sample_cites_what_counted() -> None:
    """What is not referred cites no law of later days either, and needs no further sentence."""
    decision = decide(LEEK.model_copy(update={"production_date": DAY_BEFORE}), load_rules(), REGION)
    assert isinstance(decision, Decline)
    assert decision.reasons[0].citation == "刑法 Art 144"
    assert "counts from" not in decision.reasons[0].text


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        ("R3", {"meat": "sick"}),
        ("R4", {"banned_for_disease_control": "True"}),
        ("R9", {"expired_or_recalled_reused": "True"}),
        ("R10", {"illegal_trade": "slaughter", "sales_yuan": "100000"}),
    ],
)
def test_a_rule_of_later_law_does_not_apply_and_says_so(rule: str, facts: dict[str, str]) -> None:
    """The same facts meet a rule from the first day of its law, and before they do not."""
    sample = LEEK.model_copy(update={"production_date": FIRST_DAY})
    old = LEEK.model_copy(update={"production_date": DAY_BEFORE})
    assert of_facts(rule, facts, sample).met
    assessment = of_facts(rule, facts, old)
    assert not assessment.met
    assert assessment.text.endswith("this food is of 2021-12-31: the rule does not apply.")
