"""An insurer bound a policy: keep it, and notify of failed samples that it covers, that came before it and that stand.

The same number with other content is refused.
"""

from collections.abc import Sequence
from dataclasses import asdict

from services.insurance import store
from services.insurance.cover import Notice, Policy, decide
from services.insurance.notices import decided, notified
from shared.contracts import PolicyBound, PolicyRejected, RejectionReason, SampleFailed
from shared.heard import Heard, Work


async def answer(bound: Sequence[Heard[PolicyBound]], work: Work) -> None:
    """Keep policies that are new."""
    numbers = [heard.event.policy_no for heard in bound]
    known = {_identity(policy): policy for policy in await store.policies_numbered(work.connection, numbers)}
    new: list[Policy] = []
    for heard in bound:
        event = heard.event
        policy = Policy(heard.origin.party, event.policy_no, event.insured, event.valid_from, event.valid_to)
        earlier = known.get(_identity(policy))
        if earlier is None:
            known[_identity(policy)] = policy
            new.append(policy)
        elif earlier != policy:
            _reject(heard, work)
    await store.keep_policies(work.connection, [asdict(policy) for policy in new])
    if new:
        await _catch_up(bound[-1], sorted({policy.insured for policy in new}), work)


async def _catch_up(heard: Heard[PolicyBound], insured: Sequence[str], work: Work) -> None:
    """Decide anew on the failed samples of these producers and sellers of which no insurer was told."""
    rows = await store.declined_for(work.connection, insured)
    named = {name for row in rows for name in (row.producer, row.seller) if name}
    policies = await store.policies_of(work.connection, sorted(named)) if rows else []
    for row in rows:
        sample = SampleFailed.model_validate_json(row.sample)
        decision = decide(sample, policies, row.day)
        if isinstance(decision, Notice):
            work.tell(heard, notified(sample, decision), party=decision.policy.insurer, region=row.region)
            await store.revise_notice(work.connection, (row.laboratory, row.report_no), **decided(decision))


def _identity(policy: Policy) -> tuple[str, str]:
    return policy.insurer, policy.policy_no


def _reject(heard: Heard[PolicyBound], work: Work) -> None:
    number, insurer = heard.event.policy_no, heard.origin.party
    text = f"Policy {number} was told before with other content; give a further policy a number of its own."
    event = PolicyRejected(
        insurer=insurer,
        reason=RejectionReason.CHANGED,
        where="data.policy_no",
        explanation=text,
        event_id=heard.id,
        policy_no=number,
    )
    work.tell(heard, event, party=f"insurer.{insurer}")
