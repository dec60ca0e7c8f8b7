"""Whether an insurer is to be told of a failed sample: the producer's, else the seller's, with cover on that day.

Food liability insurance (食品安全责任保险) is encouraged, not compulsory (食品安全法 Art 43), so that many have none. A
notice tells circumstances and decides no claim. Insurance only consumes facts: nobody, the government included, may
interfere unlawfully with the payment of a claim (保险法 Art 23), and nothing that an insurer says may change a verdict
or a referral; no event of this service is heard by sampling, alerts or enforcement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from shared.contracts import NotDueReason, Reason, SampleFailed
from shared.identifiers import number_of

Role = Literal["producer", "seller"]
_RULE = "I1"
_CITATION = "食品安全法 Art 43"
_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy that an insurer told of."""

    insurer: str
    policy_no: str
    insured: str
    valid_from: date
    valid_to: date
    """Last day of cover, included."""

    def in_force(self, on: date) -> bool:
        """Whether the policy covers this day."""
        return self.valid_from <= on <= self.valid_to


@dataclass(frozen=True, slots=True)
class Notice:
    """The insurer of this policy is told."""

    notice_no: str
    policy: Policy
    role: Role
    """What the insured is to the sample."""
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class NotDue:
    """No insurer is told."""

    reason: NotDueReason
    reasons: tuple[Reason, ...]


def decide(sample: SampleFailed, policies: Sequence[Policy], on: date) -> Notice | NotDue:
    """Choose the policy whose insurer is told of a failed sample on this day.

    The producer's goes before the seller's. Of several in force the one that began last is chosen, then the lowest
    policy number, then the insurer: whatever the order of the policies, the choice is the same.
    """
    named: list[tuple[Role, str]] = []
    if sample.producer is not None:
        named.append(("producer", sample.producer))
    if sample.seller is not None:
        named.append(("seller", sample.seller))
    for role, name in named:
        policy = _in_force(policies, name, on)
        if policy is not None:
            return _notice(sample, policy, role, on)
    return _not_due(sample, policies, on)


def _in_force(policies: Sequence[Policy], insured: str, on: date) -> Policy | None:
    covering = [policy for policy in policies if policy.insured == insured and policy.in_force(on)]
    return min(covering, key=_preference, default=None)


def _preference(policy: Policy) -> tuple[int, str, str]:
    return -policy.valid_from.toordinal(), policy.policy_no, policy.insurer


def _notice(sample: SampleFailed, policy: Policy, role: Role, on: date) -> Notice:
    # with the report: a notice of a report that is corrected is retracted while that of the correction stands
    key = sample.laboratory, sample.sample_no, sample.report_no, policy.insurer, policy.policy_no
    number = number_of("N", _SEPARATOR.join(key))
    text = f"Policy {policy.policy_no} of the {role} {policy.insured} is in force on {on}."
    period = f"{policy.valid_from} to {policy.valid_to}"
    facts = {"insurer": policy.insurer, "policy": policy.policy_no, "insured": policy.insured, "period": period}
    return Notice(number, policy, role, (_reason(text, sample, on, facts),))


def _not_due(sample: SampleFailed, policies: Sequence[Policy], on: date) -> NotDue:
    named = [name for name in (sample.producer, sample.seller) if name is not None]
    known = sorted(policy.policy_no for policy in policies if policy.insured in named)
    if not named:
        why, text = NotDueReason.NOBODY_NAMED, "The report names neither a producer nor a seller."
    elif not known:
        why, text = NotDueReason.NO_POLICY, f"No insurer told of a policy of {' or '.join(named)}."
    else:
        why, text = NotDueReason.NOT_IN_FORCE, f"No policy of {' or '.join(named)} is in force on {on}."
    return NotDue(why, (_reason(text, sample, on, {"policies": ", ".join(known)}),))


def _reason(text: str, sample: SampleFailed, on: date, facts: dict[str, str]) -> Reason:
    named = {"producer": sample.producer or "", "seller": sample.seller or "", "day": on.isoformat()}
    return Reason(rule=_RULE, text=text, citation=_CITATION, verified=True, facts=named | facts)
