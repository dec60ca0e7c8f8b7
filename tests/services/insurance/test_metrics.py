"""What the insurance service counts: whether an insurer was notified, or why not."""

from services.insurance.metrics import InsuranceMetrics
from shared.contracts import InsurerNotified, NoticeNotDue, NoticeRetracted
from shared.contracts.examples import EXAMPLES
from shared.contracts.notice import NotDueReason


def test_each_decision_counts_under_its_name() -> None:
    """A notice, its retraction and each reason why there is none count apart."""
    metrics = InsuranceMetrics()
    for example in EXAMPLES:
        if isinstance(example, InsurerNotified | NoticeRetracted):
            metrics.count_told([(example, "21.02.83")])
        if isinstance(example, NoticeNotDue):
            for reason in NotDueReason:
                metrics.count_told([(example.model_copy(update={"reason": reason}), "21.02.83")])
    decisions = ("notified", "retracted", "nobody_named", "no_policy", "not_in_force")
    labels = [{"region": "21.02.83", "decision": decision} for decision in decisions]
    counted = [metrics.registry.get_sample_value("shian_notice_decisions_total", one) for one in labels]
    assert [1] * len(decisions) == counted
