"""An officer submitted the report that proposes a transfer: its files are intact, and the dossier is complete."""

from services.enforcement.dossier import incomplete
from services.enforcement.intact import fault_in
from services.enforcement.store import evidence
from services.enforcement.taking import Outcome, Taking, answering
from shared.contracts import EvidenceItem, ReportSubmitted, digest_of
from shared.evidence import EvidenceFolder
from shared.heard import Handler, Work
from shared.refusal import Refusal


def handler(folder: EvidenceFolder) -> Handler:
    """The answer to reports, whose files are in this folder."""

    async def decide(taking: Taking, work: Work) -> Refusal | Outcome:
        report = taking.said_as(ReportSubmitted)
        items = await _with(report, work)
        fault = incomplete(items, opinion_pending=bool(report.opinion_pending)) or await fault_in(items, folder)
        if fault:
            return fault
        await evidence.add(work.connection, taking.addition(report.items))
        return Outcome(
            {
                "reported_by": taking.by,
                "signed_by": "",
                "approved_by": "",
                "approved_at": None,
                "offence": report.offence,
                "dossier": digest_of(items),
                "opinion_pending": report.opinion_pending or "",
            },
            told={"items": report.items},
        )

    return answering(decide)


async def _with(report: ReportSubmitted, work: Work) -> tuple[EvidenceItem, ...]:
    """The dossier with what the report brings, which takes the place of what has the same kind and number."""
    brought = {(item.kind, item.reference) for item in report.items}
    standing = evidence.current(await evidence.of_case(work.connection, report.case_no))
    return (*(item for item in standing if (item.kind, item.reference) not in brought), *report.items)
