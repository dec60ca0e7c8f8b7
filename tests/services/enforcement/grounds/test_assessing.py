"""Facts and samples in any mixture: what was met stays told once, and nothing is met without a standing sample."""

from hypothesis import given
from hypothesis import strategies as st

from services.enforcement.grounds.assessing import assess_facts, reassess
from services.enforcement.grounds.assessment import Assessment, dump, load
from services.enforcement.grounds.rules import load as rules
from services.enforcement.grounds.statement import merged
from tests.services.enforcement.grounds.assessed import CAKE, CARP, FORMULA, LEEK, kept

yes_or_no = st.sampled_from(["True", "False"])
facts = st.fixed_dictionaries(
    {},
    optional={
        "sales_yuan": st.sampled_from(["0", "49999.99", "50000", "100000", "600000"]),
        "gain_yuan": st.sampled_from(["49999.99", "50000"]),
        "meat": st.sampled_from(["sick", "not_inspected"]),
        "banned_for_disease_control": yes_or_no,
        "nutrients_seriously_off": yes_or_no,
        "can_cause_serious_harm": yes_or_no,
        "expired_or_recalled_reused": yes_or_no,
        "illegal_trade": st.sampled_from(["slaughter", "banned_drugs", "non_food_material"]),
    },
)
samples = st.lists(st.sampled_from([CAKE, CARP, FORMULA, LEEK]), max_size=3).map(
    lambda several: [kept(sample) for sample in several]
)
LAW = rules()


@given(facts, samples)
def test_the_same_facts_again_meet_nothing_new(
    stated: dict[str, str], of_samples: list[tuple[Assessment, ...]]
) -> None:
    """What was told once is not told again, and no rule that is met is no longer met."""
    first = reassess(stated, of_samples, (), LAW)
    again = reassess(stated, of_samples, load(dump(first.assessments)), LAW)
    assert ((), ()) == (again.newly_met, again.no_longer_met)
    assert first.assessments == again.assessments


@given(facts, facts, samples)
def test_newly_met_is_what_neither_samples_nor_facts_met_before(
    stated: dict[str, str], later: dict[str, str], of_samples: list[tuple[Assessment, ...]]
) -> None:
    """After a later statement exactly the rules that are met now and were not are told."""
    before = assess_facts(stated, of_samples, LAW)
    now = reassess(merged([stated, later]), of_samples, before, LAW)
    by_samples = {one.rule for sample in of_samples for one in sample if one.met}
    met_before = {one.rule for one in before if one.met} | by_samples
    met_now = {one.rule for one in now.assessments if one.met} | by_samples
    assert met_now - met_before == {one.rule for one in now.newly_met}
    assert met_before - met_now == {one.rule for one in now.no_longer_met}


@given(facts)
def test_without_a_sample_nothing_is_met(stated: dict[str, str]) -> None:
    """A case whose samples all fell rests on nothing."""
    assert () == assess_facts(stated, [], LAW)
