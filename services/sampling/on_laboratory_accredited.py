"""An officer entered a laboratory's accreditation: it holds for tests from its first day on, until a later entry."""

from collections.abc import Sequence
from typing import Any

from pydantic_core import to_json

from services.sampling.judging.substances import substance
from services.sampling.store import laboratories
from services.sampling.store.base import digest_of
from shared import receipts
from shared.contracts import Hazard, LaboratoryAccredited, Reason, RefusalReason
from shared.heard import Heard, Work
from shared.workdays import day_in_china


async def answer(entered: Sequence[Heard[LaboratoryAccredited]], work: Work) -> None:
    """Keep each entry, unless the latest one of its laboratory says the same."""
    for heard in entered:
        entry = heard.event
        entries = (await laboratories.accreditations(work.connection, {entry.laboratory})).get(entry.laboratory, [])
        content = digest_of(entry)
        if entries and entries[-1].content == content:
            text = f"The accreditation of {entry.laboratory} has the same content already; nothing needs to be done."
            receipts.decline(heard, work, RefusalReason.ALREADY_DONE, "data.laboratory", text)
            continue
        if entries and entries[0].region != heard.region:
            text = f"Region {entries[0].region} keeps the entries of laboratory {entry.laboratory}; ask its officers."
            receipts.decline(heard, work, RefusalReason.NOT_YOURS, "data.laboratory", text)
            continue
        await laboratories.accredit(work.connection, _row(heard, content))
        text = f"Laboratory {entry.laboratory} is accredited {entry.valid_from} to {entry.valid_to}."
        receipts.accept(heard, work, text, warnings=_warnings(heard))


def _row(heard: Heard[LaboratoryAccredited], content: str) -> dict[str, Any]:
    entry = heard.event
    return {
        "event_key": heard.key,
        "laboratory": entry.laboratory,
        "entered_at": heard.origin.received,
        "entered_by": heard.origin.party,
        "region": heard.region,
        "content": content,
        "certificate_no": entry.certificate_no,
        "valid_from": entry.valid_from,
        "valid_to": entry.valid_to,
        "scope": to_json(entry.scope).decode(),
    }


def _warnings(heard: Heard[LaboratoryAccredited]) -> tuple[Reason, ...]:
    entry, found = heard.event, []
    if entry.valid_to < day_in_china(heard.origin.received):
        text = f"The accreditation ended on {entry.valid_to}; reports on later tests are refused."
        found.append(Reason(rule="accreditation_ended", text=text, citation="", verified=False))
    named = sorted({item.substance for item in entry.scope if item.substance.strip()})
    unknown = [name for name in named if substance(name).hazard is Hazard.UNKNOWN]
    if unknown:
        text = (
            f"No reviewed substance is called {', '.join(unknown[:20])}; such an item only fits a report that prints "
            "the same name."
        )
        found.append(Reason(rule="unknown_substance", text=text, citation="", verified=False))
    return tuple(found)
