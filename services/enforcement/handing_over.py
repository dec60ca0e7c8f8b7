"""What is told with a transfer: what the case is about, on which grounds, and the dossier item by item."""

import functools
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row

from services.enforcement.store import evidence, samples, steps
from services.enforcement.taking import Telling
from shared.contracts import CaseTransferred, Reason
from shared.heard import Work

_REASONS = TypeAdapter(tuple[Reason, ...])


async def telling(case: Row[Any], to: str, work: Work) -> Telling:
    """Makes the event of a transfer to the police of this region."""
    standing = await samples.standing_of(work.connection, case.case_no)
    report = await steps.latest(work.connection, case.case_no, ("report",))
    signed_in = report.version if report else case.version
    items = evidence.as_of(await evidence.of_case(work.connection, case.case_no), signed_in)
    return functools.partial(
        CaseTransferred,
        to=to,
        product=case.product,
        producer=case.producer,
        samples=tuple(row.sample_no for row in standing),
        offence=case.offence,
        reasons=tuple(reason for row in standing if row.referred for reason in reasons_in(row.reasons)),
        items=items,
        dossier=case.dossier,
        reported_by=(case.reported_by, case.signed_by),
        approved_by=case.approved_by,
        approved_at=case.approved_at,
    )


def reasons_in(text: str) -> tuple[Reason, ...]:
    """The reasons that are kept with a sample."""
    return _REASONS.validate_json(text)


def kept_reasons(reasons: tuple[Reason, ...]) -> str:
    """Reasons as they are kept with a sample."""
    return _REASONS.dump_json(reasons).decode()
