"""Whose insurer is told of a failed sample, and why none is."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.insurance.cover import NotDue, Notice, Policy, decide
from shared.contracts import NotDueReason, SampleFailed
from tests.examples import failed_sample

DAY = date(2026, 3, 2)


def sample(**changes: Any) -> SampleFailed:
    """A failed sample of an insured producer and an insured seller."""
    return failed_sample("1", **({"producer": "P0001", "seller": "V0001"} | changes))


def policy(insured: str = "P0001", **changes: Any) -> Policy:
    """A policy of the year 2026."""
    facts: dict[str, Any] = {
        "insurer": "I007",
        "policy_no": "POL-1",
        "insured": insured,
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 12, 31),
    }
    return Policy(**(facts | changes))


def due(*policies: Policy, failed: SampleFailed | None = None, on: date = DAY) -> Notice:
    """The notice that must be due."""
    decision = decide(failed or sample(), policies, on)
    assert isinstance(decision, Notice)
    return decision


def not_due(*policies: Policy, failed: SampleFailed | None = None, on: date = DAY) -> NotDue:
    """The answer where no notice may be due."""
    decision = decide(failed or sample(), policies, on)
    assert isinstance(decision, NotDue)
    return decision


def test_the_producers_policy_goes_before_the_sellers() -> None:
    """Both are insured: the producer's insurer is told."""
    notice = due(policy("V0001", policy_no="POL-0"), policy())
    assert (notice.policy, notice.role) == (policy(), "producer")


@pytest.mark.parametrize("producer", ["P0001", None])
def test_the_seller_stands_in(producer: str | None) -> None:
    """Without a policy of the producer in force, the seller's counts."""
    lapsed = policy(valid_to=date(2026, 3, 1))
    notice = due(lapsed, policy("V0001"), failed=sample(producer=producer))
    assert (notice.policy.insured, notice.role) == ("V0001", "seller")


def test_both_days_of_the_period_are_covered() -> None:
    """Cover begins on the first day and ends with the last."""
    assert due(policy(), on=date(2026, 1, 1)).policy == due(policy(), on=date(2026, 12, 31)).policy
    for day in (date(2025, 12, 31), date(2027, 1, 1)):
        assert not_due(policy(), on=day).reason is NotDueReason.NOT_IN_FORCE


def test_why_no_notice_is_due() -> None:
    """Nobody named, nobody insured, nobody insured on that day."""
    nobody = not_due(policy(), failed=sample(producer=None, seller=None))
    assert nobody.reason is NotDueReason.NOBODY_NAMED
    assert not_due(policy("P0002")).reason is NotDueReason.NO_POLICY
    assert not_due().reason is NotDueReason.NO_POLICY
    assert not_due(policy(), on=DAY + timedelta(days=400)).reason is NotDueReason.NOT_IN_FORCE


def test_the_latest_policy_is_chosen() -> None:
    """Of two in force, the one that began last counts; then the lower number, then the insurer."""
    older, newer = policy(policy_no="POL-1"), policy(policy_no="POL-9", valid_from=date(2026, 2, 1))
    assert due(older, newer).policy == newer
    assert due(policy(policy_no="POL-2"), older).policy == older
    assert due(older, policy(insurer="I001")).policy == policy(insurer="I001")


POLICIES = [
    policy(policy_no=number, insurer=insurer, valid_from=begin)
    for number in ("POL-1", "POL-2")
    for insurer in ("I001", "I007")
    for begin in (date(2026, 1, 1), date(2026, 2, 1), date(2027, 1, 1))
]


@given(st.permutations(POLICIES))
def test_the_order_of_policies_changes_nothing(policies: list[Policy]) -> None:
    """The choice is the same whatever the order in which insurers told of their policies."""
    assert decide(sample(), policies, DAY) == decide(sample(), POLICIES, DAY)


def test_a_number_follows_from_sample_and_policy() -> None:
    """A replay makes the same number; another sample, report, policy or insurer another one."""
    assert re.fullmatch(r"N-[A-Z2-7]{12}", due(policy()).notice_no)
    others = (
        due(policy()),
        due(policy(policy_no="POL-2")),
        due(policy(insurer="I001")),
        due(policy(), failed=sample(sample_no="S-2")),
        due(policy(), failed=sample(report_no="R-2")),
    )
    assert len({notice.notice_no for notice in others}) == 5
    assert due(policy(), on=DAY).notice_no == due(policy(), on=DAY + timedelta(days=1)).notice_no


def test_every_answer_cites_that_insurance_is_encouraged() -> None:
    """The source is article 43 of the Food Safety Law, which was checked."""
    for decision in (due(policy()), not_due()):
        assert [(reason.citation, reason.verified) for reason in decision.reasons] == [("食品安全法 Art 43", True)]
