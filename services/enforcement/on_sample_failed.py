"""A sample failed: open a case or join an open one, and refer it where a rule is met."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.enforcement.case import case_key, case_no
from services.enforcement.case_book import CaseBook
from services.enforcement.grounds.aggravation import Known, aggravating
from services.enforcement.grounds.assessment import dump
from services.enforcement.grounds.referral import Decline, Referral, Rules, decide
from services.enforcement.handing_over import kept_reasons
from services.enforcement.restating import Asking, earlier_than
from services.enforcement.store import cases, samples
from services.enforcement.store.cases import Earlier
from shared.contracts import CaseJoined, CaseOpened, CaseReferred, ReferralDeclined, SampleFailed
from shared.heard import Handler, Heard, Work


def handler(rules: Rules) -> Handler:
    """The answer to failed samples, decided by these rules."""

    async def answer(failed: Sequence[Heard[SampleFailed]], work: Work) -> None:
        """Decide on each; one that was overturned before it is heard of is kept, and nothing is told."""
        numbers = [case_no(case_key(heard.event)) for heard in failed]
        known = await samples.known_samples(work.connection, [heard.event.identity for heard in failed])
        book = await CaseBook.hold(work, numbers)
        kept: list[dict[str, Any]] = []
        late: list[dict[str, Any]] = []
        decisions = [decide(heard.event, rules, heard.region) for heard in failed]
        earlier = await _earlier(failed, decisions, work)
        for heard, number, decision in zip(failed, numbers, decisions, strict=True):
            sample = heard.event
            if (row := known.get(sample.identity)) and row.overturned:
                late.append(_row(sample, number, decision, overturned=True))
                book.know(heard, number)
                continue
            opens = book.come(heard, number)
            told = _identity(sample, number) | {"version": book.version(number)}
            if opens:
                facts = {"producer": sample.producer, "product": sample.product, "substances": sample.substances}
                work.tell(heard, CaseOpened(**told, **facts))
            else:
                work.tell(heard, CaseJoined(**told))
            work.tell(heard, _decided(sample, told, decision, earlier, book.row(number)["opened_at"]))
            kept.append(_row(sample, number, decision, overturned=False))
        await book.close()
        await samples.keep(work.connection, kept)
        await samples.complete(work.connection, late)
        for number, heard in dict(zip(numbers, failed, strict=True)).items():
            await Asking(heard, rules, work).look_again(book.row(number))

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
    return _identity(sample, number) | {
        "referred": referred,
        "reason": decision.reasons[0].rule if isinstance(decision, Referral) else decision.reason.value,
        "reasons": kept_reasons(decision.reasons),
        "assessments": dump(decision.assessments),
        "overturned": overturned,
    }


async def _earlier(
    failed: Sequence[Heard[SampleFailed]], decisions: Sequence[Referral | Decline], work: Work
) -> Earlier:
    """Earlier cases of the producers whose samples are referred."""
    referred = zip(failed, decisions, strict=True)
    return await cases.earlier(
        work.connection,
        {
            heard.event.producer
            for heard, decision in referred
            if isinstance(decision, Referral) and heard.event.producer
        },
    )


def _decided(
    sample: SampleFailed, told: dict[str, Any], decision: Referral | Decline, earlier: Earlier, opened_at: datetime
) -> CaseReferred | ReferralDeclined:
    if isinstance(decision, Decline):
        return ReferralDeclined(**told, reason=decision.reason, reasons=decision.reasons)
    others = earlier_than(opened_at, earlier.get(sample.producer or "", ()))
    return CaseReferred(
        **told,
        product=sample.product,
        producer=sample.producer,
        seller=sample.seller,
        reasons=decision.reasons,
        strength=decision.strength.value,
        aggravation=aggravating({}, Known([decision.assessments], others)),
    )
