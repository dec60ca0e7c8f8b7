"""A failed sample was overturned: who got its referral is told, and it leaves its case, which falls with the last."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from services.enforcement import store
from services.enforcement.store import Identity
from shared.contracts import CaseWithdrawn, ReferralWithdrawn, SampleLeftCase, SampleOverturned
from shared.heard import Heard, Work


async def answer(overturned: Sequence[Heard[SampleOverturned]], work: Work) -> None:
    """Undo what rests on each; one that is heard of before its failure is kept, so that no case will rest on it."""
    known = await store.known_samples(work.connection, [heard.event.identity for heard in overturned])
    standing = await store.standing_samples(work.connection, {row.case_no for row in known.values()})
    early: dict[Identity, dict[str, Any]] = {}
    gone: list[Identity] = []
    for heard in overturned:
        report = heard.event.identity
        row = known.get(report)
        if row is None:
            early[report] = _row(heard.event)
        elif report in standing.get(row.case_no, ()):
            standing[row.case_no].remove(report)
            _tell(heard, row, work, is_open=bool(standing[row.case_no]))
            gone.append(report)
    await store.keep(work.connection, [], list(early.values()))
    await store.keep_overturned(work.connection, gone)


def _row(overturned: SampleOverturned) -> dict[str, Any]:
    return {
        "laboratory": overturned.laboratory,
        "report_no": overturned.report_no,
        "case_no": "",
        "sample_no": overturned.sample_no,
        "referred": False,
        "reason": "",
        "overturned": True,
    }


def _tell(heard: Heard[SampleOverturned], row: Row[Any], work: Work, *, is_open: bool) -> None:
    told: dict[str, Any] = {
        "case_no": row.case_no,
        "sample_no": row.sample_no,
        "laboratory": row.laboratory,
        "report_no": row.report_no,
        "explanation": heard.event.explanation,
    }
    if row.referred:
        work.tell(heard, ReferralWithdrawn(**told))
    work.tell(heard, SampleLeftCase(**told) if is_open else CaseWithdrawn(**told))
