"""The receipts that laboratories get for their reports, and what is told of a message that cannot be read."""

from collections.abc import Iterable
from typing import Any

from shared import receipts
from shared.contracts import Receipt, ResultRejected, ResultsAccepted
from shared.contracts.catalogue import address_of
from shared.heard import Heard, Refused, Work

_REPORTS = "lab.result."


def give(heard: Heard[Any], laboratory: str, given: Iterable[Receipt], work: Work) -> None:
    """Tell a laboratory what became of its reports."""
    work.tell(heard, ResultsAccepted(laboratory=laboratory, receipts=tuple(given)), party=f"lab.{laboratory}")


def refuse(refused: Refused, work: Work) -> None:
    """Tell a partner what is wrong with its message: a laboratory's report is rejected, anything else is refused."""
    fault, party = refused.fault, receipts.party_of(refused.origin.subject)
    about, entry = fault.about, address_of(refused.origin.subject).entry
    if not party.startswith("lab.") or (entry is not None and not entry.type.startswith(_REPORTS)):
        receipts.refuse(refused, work)
        return
    rejected = ResultRejected(
        laboratory=refused.origin.party,
        reason=fault.reason,
        where=fault.where,
        explanation=fault.explanation,
        event_id=fault.event_id,
        report_no=about.get("report_no", ""),
        sample_no=about.get("sample_no", ""),
    )
    work.tell(refused, rejected, party=party)
