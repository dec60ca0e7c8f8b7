"""An officer finished the verification and disposal (核查处置) of a failed sample: its period ends."""

from collections.abc import Sequence

from services.sampling import duties
from services.sampling.failed import failures_of
from services.sampling.form_check import CLOCKS_APART
from services.sampling.store import acts, tables
from shared import receipts
from shared.clocks import Stop, find_clock, stop_clocks
from shared.contracts import DisposalClosed, RefusalReason
from shared.heard import Heard, Work
from shared.workdays import china_time


async def answer(disposals: Sequence[Heard[DisposalClosed]], work: Work) -> None:
    """Keep each, or say why it cannot be."""
    for heard in disposals:
        await _close(heard, work)


async def _close(heard: Heard[DisposalClosed], work: Work) -> None:
    disposal = heard.event
    failures = await failures_of(heard, work)
    if not failures:
        return
    if not failures[0].reported_at <= disposal.closed_at <= heard.origin.received + CLOCKS_APART:
        text = f"{china_time(disposal.closed_at)} is not between the report's arrival and now; correct the time."
        receipts.decline(heard, work, RefusalReason.WRONG_DATES, "data.closed_at", text)
        return
    names = [duties.name_of(duties.DISPOSAL, one.laboratory, one.report_no) for one in failures]
    clocks = [await find_clock(work, tables, name) for name in names]
    if all(clock is not None and clock.stopped is not None for clock in clocks):
        text = f"The disposal of sample {disposal.sample_no} was closed before; nothing needs to be done."
        receipts.decline(heard, work, RefusalReason.ALREADY_DONE, "data.sample_no", text)
        return
    await stop_clocks(work, tables, [Stop(name, disposal.closed_at) for name in names])
    await acts.keep(heard, work, disposal.sample_no)
    receipts.accept(heard, work, f"The disposal of the failed sample {disposal.sample_no} is closed.")
