"""A sample failed: open a case or join an open one, and refer it where a rule is met."""

from collections.abc import Sequence
from typing import Any

from services.enforcement.case import case_key, case_no
from services.enforcement.case_book import CaseBook
from services.enforcement.handing_over import kept_reasons
from services.enforcement.referral import Decline, Referral, Rules, decide
from services.enforcement.store import samples
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
        for heard, number in zip(failed, numbers, strict=True):
            sample = heard.event
            decision = decide(sample, rules, heard.region)
            if (row := known.get(sample.identity)) and row.overturned:
                late.append(_row(sample, number, decision, overturned=True))
                book.know(heard, number)
                continue
            is_new = book.come(heard, number)
            told = _identity(sample, number) | {"version": book.version(number)}
            _tell(heard, told, decision, work, is_new=is_new)
            kept.append(_row(sample, number, decision, overturned=False))
        await book.close()
        await samples.keep(work.connection, kept)
        await samples.complete(work.connection, late)

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
        "assessments": "[]",
        "overturned": overturned,
    }


def _tell(
    heard: Heard[SampleFailed], told: dict[str, Any], decision: Referral | Decline, work: Work, *, is_new: bool
) -> None:
    sample = heard.event
    producer, product, reasons = sample.producer, sample.product, decision.reasons
    if is_new:
        work.tell(heard, CaseOpened(**told, producer=producer, product=product, substances=sample.substances))
    else:
        work.tell(heard, CaseJoined(**told))
    if isinstance(decision, Referral):
        referred = CaseReferred(**told, product=product, producer=producer, seller=sample.seller, reasons=reasons)
        work.tell(heard, referred)
    else:
        work.tell(heard, ReferralDeclined(**told, reason=decision.reason, reasons=reasons))
