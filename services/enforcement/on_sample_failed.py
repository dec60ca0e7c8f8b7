"""A sample failed: open a case or join an open one, and refer it where a rule is met."""

from collections.abc import Sequence
from typing import Any

from services.enforcement import store
from services.enforcement.case import case_key, case_no
from services.enforcement.referral import Referral, Rules, decide
from shared.contracts import CaseJoined, CaseOpened, CaseReferred, ReferralDeclined, SampleFailed
from shared.heard import Handler, Heard, Work


def handler(rules: Rules) -> Handler:
    """The answer to failed samples, decided by these rules."""

    async def answer(failed: Sequence[Heard[SampleFailed]], work: Work) -> None:
        numbers = [case_no(case_key(heard.event)) for heard in failed]
        open_ = await store.open_cases(work.connection, numbers)
        cases: list[dict[str, Any]] = []
        samples: list[dict[str, Any]] = []
        for heard, number in zip(failed, numbers, strict=True):
            sample = heard.event
            identity = _identity(sample, number)
            if number in open_:
                work.tell(heard, CaseJoined(**identity))
            else:
                open_.add(number)
                cases.append({"case_no": number, "producer": sample.producer, "product": sample.product})
                opened = CaseOpened(
                    **identity, producer=sample.producer, product=sample.product, substances=sample.substances
                )
                work.tell(heard, opened)
            samples.append(identity | _decide(heard, identity, rules, work))
        await store.keep(work.connection, cases, samples)

    return answer


def _identity(sample: SampleFailed, number: str) -> dict[str, Any]:
    return {
        "case_no": number,
        "sample_no": sample.sample_no,
        "laboratory": sample.laboratory,
        "report_no": sample.report_no,
    }


def _decide(heard: Heard[SampleFailed], identity: dict[str, Any], rules: Rules, work: Work) -> dict[str, Any]:
    sample = heard.event
    decision = decide(sample, rules, heard.region)
    if isinstance(decision, Referral):
        referred = CaseReferred(
            **identity,
            product=sample.product,
            producer=sample.producer,
            seller=sample.seller,
            reasons=decision.reasons,
        )
        work.tell(heard, referred)
        return {"referred": True, "reason": decision.reasons[0].rule}
    work.tell(heard, ReferralDeclined(**identity, reason=decision.reason, reasons=decision.reasons))
    return {"referred": False, "reason": decision.reason.value}
