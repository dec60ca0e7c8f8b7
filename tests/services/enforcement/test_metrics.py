"""What the enforcement service counts: whether a case was referred, or why not."""

from services.enforcement.metrics import EnforcementMetrics
from shared.contracts import CaseReferred, ReferralDeclined, ReferralWithdrawn
from shared.contracts.examples import EXAMPLES


def test_each_decision_counts_under_its_name() -> None:
    """A referral, its withdrawal and the reason of a decline count apart."""
    metrics, reason = EnforcementMetrics(), ""
    for example in EXAMPLES:
        if isinstance(example, CaseReferred | ReferralDeclined | ReferralWithdrawn):
            metrics.count_told([(example, "21.02.83")])
        if isinstance(example, ReferralDeclined):
            reason = example.reason.value
    labels = [{"region": "21.02.83", "decision": decision} for decision in ("referred", "withdrawn", reason)]
    counted = [metrics.registry.get_sample_value("shian_referral_decisions_total", one) for one in labels]
    assert [1, 1, 1] == counted
