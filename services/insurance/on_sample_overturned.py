"""A failed sample was overturned: the insurer that was notified of it is told so, and none will be."""

from collections.abc import Sequence
from typing import Any

from services.insurance import store
from services.insurance.notices import not_notified, retracted
from services.insurance.store import OVERTURNED, Identity
from shared.contracts import SampleOverturned
from shared.heard import Heard, Work
from shared.workdays import day_in_china


async def answer(overturned: Sequence[Heard[SampleOverturned]], work: Work) -> None:
    """Undo what rests on each; one that is heard of before its failure is kept, so that no insurer will be told."""
    known = await store.known_notices(work.connection, [heard.event.identity for heard in overturned])
    early: dict[Identity, dict[str, Any]] = {}
    gone: set[Identity] = set()
    for heard in overturned:
        report = heard.event.identity
        row = known.get(report)
        if row is None:
            early[report] = _row(heard)
        elif row.reason != OVERTURNED and report not in gone:
            gone.add(report)
            if row.notice_no is not None:
                work.tell(heard, retracted(row, heard.event), party=row.insurer, region=row.region)
            await store.revise_notice(work.connection, report, **not_notified(OVERTURNED))
    await store.keep_notices(work.connection, list(early.values()))


def _row(heard: Heard[SampleOverturned]) -> dict[str, Any]:
    overturned = heard.event
    return not_notified(OVERTURNED) | {
        "laboratory": overturned.laboratory,
        "report_no": overturned.report_no,
        "sample_no": overturned.sample_no,
        "producer": None,
        "seller": None,
        "region": heard.region,
        "day": day_in_china(heard.time),
        "sample": "",
    }
