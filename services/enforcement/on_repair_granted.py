"""An officer granted the repair of an entry (信用修复): it ends, though not before the law allows it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from services.enforcement import listing
from services.enforcement.deadlines import deadlines
from services.enforcement.store import listings
from shared import receipts
from shared.contracts import RefusalReason, RepairGranted
from shared.heard import Heard, Work
from shared.refusal import Refusal
from shared.workdays import day_in_china


async def answer(repairs: Sequence[Heard[RepairGranted]], work: Work) -> None:
    """Grant each, or say why it cannot be granted."""
    for heard in repairs:
        row = await listings.one(work.connection, heard.event.entry_no)
        fault = _fault(heard, row)
        if fault or row is None:
            receipts.turn_down(heard, work, fault or _unknown(heard.event))
            continue
        by = receipts.party_of(heard.origin.subject)
        event = await listing.end(heard, row, work, ("repaired", by, heard.event.why))
        receipts.accept(heard, work, event.sentence())


def _fault(heard: Heard[RepairGranted], row: Row[Any] | None) -> Refusal | None:
    repair = heard.event
    if row is None:
        return _unknown(repair)
    if row.region != heard.region:
        text = f"Entry {repair.entry_no} belongs to region {row.region}; its own officers repair it."
        return Refusal(RefusalReason.NOT_YOURS, "data.entry_no", text)
    if row.standing:
        text = f"Entry {repair.entry_no} no longer stands since {row.ended_on} ({row.standing})."
        return Refusal(RefusalReason.ALREADY_DONE, "data.entry_no", text)
    if repair.granted_on > day_in_china(heard.origin.received):
        text = f"{repair.granted_on} is yet to come; correct the day."
        return Refusal(RefusalReason.WRONG_DATES, "data.granted_on", text)
    if repair.granted_on < row.repair_from:
        law = deadlines()[listing.REPAIR]
        text = f"Entry {repair.entry_no} can be repaired from {row.repair_from} on ({law.citation}, unverified)."
        return Refusal(RefusalReason.BARRED, "data.granted_on", text)
    return None


def _unknown(repair: RepairGranted) -> Refusal:
    text = f"There is no entry {repair.entry_no}; check the number."
    return Refusal(RefusalReason.UNKNOWN_CASE, "data.entry_no", text)
