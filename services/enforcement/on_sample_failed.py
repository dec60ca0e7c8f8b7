"""A sample failed: open a case or join an open one, and refer it where a rule is met."""

from collections.abc import Sequence
from typing import Any

from services.enforcement import store
from services.enforcement.case import case_key, case_no
from services.enforcement.referral import Decline, Referral, Rules, decide
from shared.contracts import CaseJoined, CaseOpened, CaseReferred, ReferralDeclined, SampleFailed
from shared.heard import Handler, Heard, Work


def handler(rules: Rules) -> Handler:
    """The answer to failed samples, decided by these rules."""

    async def answer(failed: Sequence[Heard[SampleFailed]], work: Work) -> None:
        """Decide on each; one that was overturned before it is heard of is kept, and nothing is told."""
        numbers = [case_no(case_key(heard.event)) for heard in failed]
        known = await store.known_samples(work.connection, [heard.event.identity for heard in failed])
        standing = await store.standing_samples(work.connection, numbers)
        cases: list[dict[str, Any]] = []
        samples: list[dict[str, Any]] = []
        late: list[dict[str, Any]] = []
        for heard, number in zip(failed, numbers, strict=True):
            sample, report = heard.event, heard.event.identity
            if number not in standing:
                standing[number] = set()
                cases.append({"case_no": number, "producer": sample.producer, "product": sample.product})
            decision = decide(sample, rules, heard.region)
            if (row := known.get(report)) and row.overturned:
                late.append(_row(sample, number, decision, overturned=True))
                continue
            _tell(heard, number, decision, work, is_open=bool(standing[number]))
            standing[number].add(report)
            samples.append(_row(sample, number, decision, overturned=False))
        await store.keep(work.connection, cases, samples)
        await store.complete(work.connection, late)

    return answer


def _identity(sample: SampleFailed, number: str) -> dict[str, Any]:
    return {
        "case_no": number,
        "sample_no": sample.sample_no,
        "laboratory": sample.laboratory,
        "report_no": sample.report_no,
    }


def _row(sample: SampleFailed, number: str, decision: Referral | Decline, *, overturned: bool) -> dict[str, Any]:
    referred = isinstance(decision, Referral)
    reason = decision.reasons[0].rule if isinstance(decision, Referral) else decision.reason.value
    return _identity(sample, number) | {"referred": referred, "reason": reason, "overturned": overturned}


def _tell(heard: Heard[SampleFailed], number: str, decision: Referral | Decline, work: Work, *, is_open: bool) -> None:
    sample, identity = heard.event, _identity(heard.event, number)
    producer, product = sample.producer, sample.product
    if is_open:
        work.tell(heard, CaseJoined(**identity))
    else:
        work.tell(heard, CaseOpened(**identity, producer=producer, product=product, substances=sample.substances))
    if isinstance(decision, Referral):
        told = identity | {"product": product, "producer": producer, "seller": sample.seller}
        work.tell(heard, CaseReferred(**told, reasons=decision.reasons, strength=decision.strength.value))
    else:
        work.tell(heard, ReferralDeclined(**identity, reason=decision.reason, reasons=decision.reasons))
