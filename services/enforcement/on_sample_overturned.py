"""A failed sample was overturned: who got its referral is told, and it leaves its case, which falls with the last."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from services.enforcement import listing
from services.enforcement.case_book import CaseBook
from services.enforcement.grounds.rules import Rules
from services.enforcement.handing_over import reasons_in
from services.enforcement.restating import Asking
from services.enforcement.store import listings, samples
from services.enforcement.store.samples import Identity
from shared.contracts import CaseWithdrawn, Reason, ReferralWithdrawn, SampleLeftCase, SampleOverturned
from shared.heard import Handler, Heard, Work


def handler(rules: Rules) -> Handler:
    """The answer to overturned samples; what was stated about their cases is looked at again by these rules."""

    async def answer(overturned: Sequence[Heard[SampleOverturned]], work: Work) -> None:
        """Undo what rests on each; one that is heard of before its failure is kept, so that no case rests on it."""
        known = await samples.known_samples(work.connection, [heard.event.identity for heard in overturned])
        book = await CaseBook.hold(work, {row.case_no for row in known.values()})
        early: dict[Identity, dict[str, Any]] = {}
        gone: dict[Identity, Heard[SampleOverturned]] = {}
        for heard in overturned:
            report = heard.event.identity
            row = known.get(report)
            if row is None:
                early[report] = _row(heard.event)
            elif book.stands(row.case_no, report):
                falls = await book.leave(heard, row.case_no)
                if book.rests_on_nothing(row.case_no):
                    await _annul(heard, row.case_no, work)
                _tell(heard, row, book.version(row.case_no), work, falls=falls)
                gone[report] = heard
        await book.close()
        await samples.keep(work.connection, list(early.values()))
        await samples.keep_overturned(work.connection, gone)
        for number in dict.fromkeys(known[report].case_no for report in gone):
            fallen = [report for report in gone if known[report].case_no == number]
            untold = {reason.rule for report in fallen for reason in _told_by(known[report])}
            await Asking(gone[fallen[-1]], rules, work).look_again(book.row(number), untold)

    return answer


def _row(overturned: SampleOverturned) -> dict[str, Any]:
    return {
        "laboratory": overturned.laboratory,
        "report_no": overturned.report_no,
        "case_no": "",
        "sample_no": overturned.sample_no,
        "referred": False,
        "reason": "",
        "reasons": "[]",
        "assessments": "",
        "overturned": True,
    }


def _tell(heard: Heard[SampleOverturned], row: Row[Any], version: int, work: Work, *, falls: bool) -> None:
    told: dict[str, Any] = {
        "case_no": row.case_no,
        "sample_no": row.sample_no,
        "laboratory": row.laboratory,
        "report_no": row.report_no,
        "version": version,
        "explanation": heard.event.explanation,
    }
    if row.referred:
        work.tell(heard, ReferralWithdrawn(**told))
    work.tell(heard, CaseWithdrawn(**told) if falls else SampleLeftCase(**told))


async def _annul(heard: Heard[SampleOverturned], case_no: str, work: Work) -> None:
    """No operator stays in a list because of a case that fell."""
    for entry in await listings.standing(work.connection, case_no=case_no):
        await listing.end(heard, entry, work, ("annulled", "enforcement", heard.event.explanation))


def _told_by(row: Row[Any]) -> tuple[Reason, ...]:
    """The reasons for which a sample was referred."""
    return reasons_in(row.reasons) if row.referred else ()
