"""The authority has a case for a failed sample: the clock of the failed result stops."""

from collections.abc import Sequence

from services.sampling import store
from services.sampling.deadlines import FAILED_RESULT
from shared.clocks import stop_clock
from shared.contracts import CaseJoined, CaseOpened
from shared.heard import Heard, Work


async def answer(cases: Sequence[Heard[CaseOpened | CaseJoined]], work: Work) -> None:
    """Stop one clock per case told."""
    for heard in cases:
        clock = f"{FAILED_RESULT}:{heard.event.laboratory}:{heard.event.report_no}"
        await stop_clock(work, store.tables, clock, heard.time)
