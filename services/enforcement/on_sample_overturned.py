"""A failed sample was overturned: who got its referral is told, and it leaves its case, which falls with the last."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from services.enforcement import listing
from services.enforcement.case_book import CaseBook
from services.enforcement.store import listings, samples
from services.enforcement.store.samples import Identity
from shared.contracts import CaseWithdrawn, ReferralWithdrawn, SampleLeftCase, SampleOverturned
from shared.heard import Heard, Work


async def answer(overturned: Sequence[Heard[SampleOverturned]], work: Work) -> None:
    """Undo what rests on each; one that is heard of before its failure is kept, so that no case will rest on it."""
    known = await samples.known_samples(work.connection, [heard.event.identity for heard in overturned])
    book = await CaseBook.hold(work, {row.case_no for row in known.values()})
    early: dict[Identity, dict[str, Any]] = {}
    gone: list[Identity] = []
    for heard in overturned:
        report = heard.event.identity
        row = known.get(report)
        if row is None:
            early[report] = _row(heard.event)
        elif book.stands(row.case_no, report):
            falls = await book.leave(heard, row.case_no)
            if falls:
                await _annul(heard, row.case_no, work)
            _tell(heard, row, book.version(row.case_no), work, falls=falls)
            gone.append(report)
    await book.close()
    await samples.keep(work.connection, list(early.values()))
    await samples.keep_overturned(work.connection, gone)


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
