"""An insurer bound a policy: keep it; the same number with other content is refused."""

from collections.abc import Sequence
from dataclasses import asdict

from services.insurance import store
from services.insurance.cover import Policy
from shared.contracts import PolicyBound, PolicyRejected, RejectionReason
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
