"""A laboratory withdraws a report of its own: it no longer stands, and a failure that rests on it is overturned."""

from collections.abc import Sequence
from typing import Any

from services.sampling import report_receipts
from services.sampling.overturning import overturn
from services.sampling.reporting import Desk, reject
from services.sampling.store import acts, reinspections, reports
from services.sampling.superseding import refusal
from shared.contracts import OverturnReason, Receipt, ResultWithdrawn
from shared.heard import Handler, Heard, Work


def handler(desk: Desk) -> Handler:
    """The answer to withdrawals."""

    async def answer(withdrawals: Sequence[Heard[ResultWithdrawn]], work: Work) -> None:
        for heard in withdrawals:
            await _withdraw(heard, work)
        await desk.count(withdrawals[-1], {heard.event.sample_no for heard in withdrawals}, work)

    return answer


async def _withdraw(heard: Heard[ResultWithdrawn], work: Work) -> None:
    withdrawal, laboratory = heard.event, heard.origin.party
    identity = laboratory, withdrawal.report_no
    row: Any = await reports.known_report(work.connection, identity)
    upheld = await reinspections.is_upheld(work.connection, row)
    if refused := refusal(
        row, withdrawal.report_no, withdrawal.sample_no, laboratory, field="report_no", is_upheld=upheld
    ):
        reject(heard, withdrawal, refused, work)
        return
    if failure := reports.failure_of(row):
        text = f"Laboratory {laboratory} withdrew report {withdrawal.report_no}: {withdrawal.why}"
        await overturn(heard, work, failure, OverturnReason.REPORT_WITHDRAWN, text, by=f"lab.{laboratory}")
    await reports.change(work.connection, identity, state=reports.WITHDRAWN)
    await acts.keep(heard, work, withdrawal.sample_no)
    receipt = Receipt(
        event_id=heard.id, report_no=withdrawal.report_no, sample_no=withdrawal.sample_no, verdict="withdrawn"
    )
    report_receipts.give(heard, laboratory, [receipt], work)
