"""What ``shian explain`` prints: every rule, what it looked at, what is open, and no line wider than a terminal."""

from datetime import date

import pytest
from rich.cells import cell_len

from services.cases_explained import ExplainedCase, ExplainedSample, explained
from services.enforcement.grounds.aggravation import EarlierCase, Known, aggravating
from services.enforcement.grounds.assessing import assess_facts
from services.enforcement.grounds.referral import decide
from services.enforcement.grounds.rules import load
from shared.contracts import SampleFailed
from tests.examples import failed_sample
from tests.services.enforcement.failed import failed, pesticide

RULES = [f"R{number}" for number in range(1, 11)]
CARP, LEEK = failed_sample("1"), failed(pesticide("毒死蜱"), product="韭菜", sample_no="S-2", report_no="R-2")


def sample(event: SampleFailed, *, overturned: bool = False) -> ExplainedSample:
    """A sample as the service keeps it."""
    assessments = decide(event, load(), "21.02.83").assessments
    report = f"{event.laboratory} {event.report_no}"
    return ExplainedSample(event.sample_no, report, event.product, assessments, overturned)


def case(*samples: ExplainedSample, **stated: str) -> ExplainedCase:
    """A case of these samples, in which this was stated."""
    kept = [one.assessments for one in samples if not one.overturned]
    earlier = [EarlierCase("C-AAAAAAAAAAAA", date(2026, 1, 2))]
    return ExplainedCase(
        head="C-7Q2M4ZK3XAWB  open",
        samples=samples,
        stated=stated,
        by_facts=assess_facts(stated, kept, load()) if stated else (),
        aggravation=aggravating(stated, Known(kept, earlier)),
    )


def of_rule(lines: list[str], rule: str) -> str:
    """What is said of one rule."""
    begin = next(n for n, line in enumerate(lines) if line.startswith(f"{rule} "))
    end = next((n for n in range(begin + 1, len(lines)) if lines[n] and not lines[n].startswith(" ")), len(lines))
    return "\n".join(lines[begin:end])


def test_every_rule_is_said_in_order() -> None:
    """All ten, also those that did not apply, each with its article and whether that was checked."""
    lines = explained(case(sample(CARP)))
    assert RULES == [line.split()[0] for line in lines if line.startswith("R")]
    assert all("verified)" in of_rule(lines, rule) for rule in RULES)


def test_met_rule_says_what_was_looked_at_and_what_is_left() -> None:
    """The carp with malachite green: list, result, law, and that origin and knowledge are for a person."""
    said = of_rule(explained(case(sample(CARP))), "R1")
    assert said.startswith("R1    candidate: produce or sell toxic or harmful food")
    for part in ("孔雀石绿", "looked at: analyte", "刑法 Art 144", "A person still has to find out"):
        assert part in said


def test_disputed_pesticide_is_asked_of_a_person() -> None:
    """Whether a pesticide restricted on crops is a prohibited one is not decided."""
    assert of_rule(explained(case(sample(LEEK))), "R1").startswith("R1    a person is asked")


def test_what_would_decide_is_named_until_it_is_stated() -> None:
    """Sales are awaited by the rule on amounts; once they are stated the rule is met and awaits them no more."""
    awaited = of_rule(explained(case(sample(LEEK))), "R8")
    assert "open until an officer states: sales yuan" in awaited
    stated = of_rule(explained(case(sample(LEEK), sales_yuan="62000")), "R8")
    assert stated.startswith("R8    candidate")
    assert "open until" not in stated


def test_overturned_sample_counts_for_nothing() -> None:
    """It is named as overturned, and no rule speaks of it."""
    lines = explained(case(sample(LEEK), sample(CARP, overturned=True)))
    assert any("S-1" in line and "overturned" in line for line in lines)
    assert not any("S-1" in of_rule(lines, rule) for rule in RULES)


def test_facts_that_weigh_are_said_and_conclude_nothing() -> None:
    """A school, an earlier case: each with its article."""
    said = "\n".join(explained(case(sample(CARP), place_kind="school")))
    assert "nothing is concluded from them" in said
    assert "C-AAAAAAAAAAAA" in said


@pytest.mark.parametrize("width", [60, 100])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    """A Chinese character takes two columns."""
    lines = explained(case(sample(CARP), sample(LEEK), sales_yuan="62000"), width)
    assert max(map(cell_len, lines)) <= width
