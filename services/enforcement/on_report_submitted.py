"""An officer submitted the report that proposes a transfer: its files are intact, and the dossier is complete."""

from collections.abc import Sequence

from services.enforcement.dossier import incomplete
from services.enforcement.intact import fault_in
from services.enforcement.store import evidence
from services.enforcement.store.evidence import Addition
from services.enforcement.taking import Outcome, Taking, admit, take
from shared import receipts
from shared.contracts import EvidenceItem, ReportSubmitted, digest_of
from shared.evidence import EvidenceFolder
from shared.heard import Handler, Heard, Work
from shared.refusal import Refusal


def handler(folder: EvidenceFolder) -> Handler:
    """The answer to reports, whose files are in this folder."""

    async def answer(reports: Sequence[Heard[ReportSubmitted]], work: Work) -> None:
        """Take each, or say why it cannot be taken."""
        for heard in reports:
            taking = await admit(heard, work)
            if taking is None:
                continue
            items = await _with(heard.event, work)
            if fault := await _fault(heard.event, items, folder):
                receipts.turn_down(heard, work, fault)
                continue
            await _keep(taking, heard.event, items, work)

    return answer


async def _with(report: ReportSubmitted, work: Work) -> tuple[EvidenceItem, ...]:
    """The dossier with what the report brings, which takes the place of what has the same kind and number."""
    brought = {(item.kind, item.reference) for item in report.items}
    standing = evidence.current(await evidence.of_case(work.connection, report.case_no))
    return (*(item for item in standing if (item.kind, item.reference) not in brought), *report.items)


async def _fault(report: ReportSubmitted, items: tuple[EvidenceItem, ...], folder: EvidenceFolder) -> Refusal | None:
    return incomplete(items, opinion_pending=bool(report.opinion_pending)) or await fault_in(items, folder)


async def _keep(taking: Taking, report: ReportSubmitted, items: tuple[EvidenceItem, ...], work: Work) -> None:
    addition = Addition(report.case_no, taking.version, report.items, taking.by, report.at)
    await evidence.add(work.connection, addition)
    change = {
        "reported_by": taking.by,
        "signed_by": "",
        "approved_by": "",
        "approved_at": None,
        "offence": report.offence,
        "dossier": digest_of(items),
        "opinion_pending": report.opinion_pending or "",
    }
    await take(taking, work, Outcome(change))
