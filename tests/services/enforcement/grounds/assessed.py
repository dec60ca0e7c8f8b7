"""Made samples and stated facts as the rules assess them, by rule."""

from collections.abc import Collection, Sequence

from services.enforcement.grounds.assessing import assess_facts
from services.enforcement.grounds.assessment import Assessment
from services.enforcement.grounds.referral import Rules, decide, load
from shared.contracts import Hazard, JudgementReason, SampleFailed
from tests.services.enforcement.failed import failed, finding, pesticide

REGION = "21.02.83"
LEEK = failed(pesticide("腐霉利"), product="韭菜")
"""Farm produce with a residue at three times its limit."""
CAKE = failed(finding("脱氢乙酸", hazard=Hazard.ADDITIVE, reason=JudgementReason.NOT_PERMITTED), category="糕点")
"""Food with an additive that is not permitted in it."""
FORMULA = failed(
    finding("蛋白质", hazard=Hazard.QUALITY, reason=JudgementReason.BELOW_MINIMUM, result="1.2g/100kJ"),
    product="婴儿配方奶粉",
    category="婴幼儿配方食品",
)
"""Food for infants with too little protein."""
CARP = failed(finding("孔雀石绿"))
"""Fish with a substance on a prohibited list."""


def kept(sample: SampleFailed, rules: Rules | None = None, region: str = REGION) -> tuple[Assessment, ...]:
    """What is kept of a sample: all ten assessments."""
    return decide(sample, rules or load(), region).assessments


def of_sample(rule: str, sample: SampleFailed, rules: Rules | None = None, region: str = REGION) -> Assessment:
    """What one rule finds in a sample."""
    return by_rule(kept(sample, rules, region))[rule]


def of_facts(
    rule: str, facts: dict[str, str], *samples: SampleFailed, proven: Collection[str] = (), rules: Rules | None = None
) -> Assessment:
    """What one rule finds in facts about a case of these samples, of a leek where none is given."""
    of_samples = [kept(sample, rules) for sample in samples or (LEEK,)]
    return by_rule(assess_facts(facts, of_samples, rules or load(), proven))[rule]


def by_rule(assessments: Sequence[Assessment]) -> dict[str, Assessment]:
    """Assessments by the name of their rule."""
    return {one.rule: one for one in assessments}
