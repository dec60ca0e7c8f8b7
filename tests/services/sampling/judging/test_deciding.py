"""What a decision keeps, and what an unclear one lets go."""

from datetime import date

from services.sampling.judging.decision import Decision, noted
from services.sampling.judging.limits import Found
from services.sampling.judging.outcome import fails, unclear
from shared.contracts.sample import JudgementReason, LimitSource, Verdict
from tests.services.sampling.judging.made import finding, limit, row, two_editions

BROKEN = fails(JudgementReason.ABOVE_MAXIMUM, "it is above")
KNOWN = row("r", "≤1mg/kg", begin=date(2020, 1, 1), evidence="unverified-made")


def test_an_unclear_decision_names_no_limit() -> None:
    """A decision that turns unclear keeps the standard that informs and lets go of the limit (made)."""
    decision = Decision(BROKEN, limit("≤1mg/kg"), LimitSource.BOTH, "made standard", verified=True)
    turned = decision.turned(unclear(JudgementReason.NOT_CONFIRMED, "it was screened"))
    assert (turned.limit, turned.source, turned.standard) == (None, LimitSource.NONE, "made standard")
    assert decision.turned(noted(BROKEN, "more")).limit == limit("≤1mg/kg")
    assert noted(BROKEN, "more").explanation == "it is above; more"


def test_the_standard_is_that_of_the_row_without_doubt() -> None:
    """A row that decides, or informs alone, is named; of an ambiguous product none is (made)."""
    for found in (Found(decides=KNOWN), Found(informs=(KNOWN,))):
        named = Decision(BROKEN).with_standard(found)
        assert (named.standard, named.verified, named.verdict) == ("made standard r", False, Verdict.FAIL)
    assert Decision(BROKEN).with_standard(Found(informs=(KNOWN,), ambiguous=True)).standard == ""
    assert Decision(BROKEN).with_standard(Found()) == Decision(BROKEN)


def test_what_cannot_be_read_is_unclear_whatever_the_catalogue_says() -> None:
    """A person looks at the report before any edition is consulted (made)."""
    for result, printed, reason in (
        ("约2", "≤0.5mg/kg", JudgementReason.RESULT_UNREADABLE),
        ("1.1mg/kg", "0.5左右", JudgementReason.LIMIT_UNREADABLE),
        ("1.1mg/kg", "符合GB 2762", JudgementReason.LABEL_CASE),
        ("", "符合GB 2762", JudgementReason.NO_RESULT),
    ):
        answer = finding("镉", result, printed, made_on=date(2024, 1, 1), catalogue=two_editions())
        assert reason is answer.reason
        assert answer.standard == "made standard new"
