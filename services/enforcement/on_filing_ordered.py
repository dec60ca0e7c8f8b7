"""The procuratorate ordered a filing: after the police gave their reasons, or after the period for them is over."""

from services.enforcement.steps import State
from services.enforcement.store import tables
from services.enforcement.taking import Outcome, Taking, answering
from shared.clocks import clocks_of, kind_of
from shared.contracts import RefusalReason
from shared.heard import Work
from shared.refusal import Refusal
from shared.workdays import china_time

_REASONS_DUE = "PRO-01"


async def _decide(taking: Taking, work: Work) -> Refusal | Outcome:
    return await _too_early(taking, work) or Outcome()


async def _too_early(taking: Taking, work: Work) -> Refusal | None:
    """Whether the police may still give their reasons."""
    if taking.case.state != State.REASONS_DEMANDED:
        return None
    for row in await clocks_of(work, tables, taking.said.case_no, taking.case.region):
        if kind_of(row.clock) == _REASONS_DUE and row.stopped is None and taking.said.at < row.due:
            text = (
                f"The police may still give their reasons in case {taking.said.case_no} until {china_time(row.due)}; "
                f"order the filing when they are given, or after that ({taking.step.citation})."
            )
            return Refusal(RefusalReason.BARRED, "data.at", text)
    return None


answer = answering(_decide)
