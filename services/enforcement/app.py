"""The enforcement service's wiring."""

from faststream.asgi import AsgiFastStream

from services.enforcement import (
    case_gauges,
    on_bulletin_issued,
    on_case_flagged,
    on_case_redirected,
    on_case_step,
    on_clock_corrected,
    on_clock_due,
    on_evidence_added,
    on_facts_stated,
    on_filing_ordered,
    on_head_decided,
    on_listing_decided,
    on_penalty_decided,
    on_penalty_published,
    on_repair_granted,
    on_report_signed,
    on_report_submitted,
    on_sample_failed,
    on_sample_overturned,
    on_transfer_sent,
    store,
)
from services.enforcement.deadlines import deadlines
from services.enforcement.grounds import referral
from services.enforcement.metrics import EnforcementMetrics
from services.enforcement.steps import steps
from shared import receipts
from shared.contracts import (
    BulletinIssued,
    CaseClockCorrected,
    CaseFacts,
    ClockDue,
    Event,
    EvidenceAdded,
    FilingOrdered,
    HeadApproved,
    HeadRefused,
    JointSupervision,
    ListingDecided,
    MajorCaseFlagged,
    PenaltyDecided,
    PenaltyPublished,
    PoliceRedirected,
    RepairGranted,
    ReportSigned,
    ReportSubmitted,
    SampleFailed,
    SampleOverturned,
    TransferSent,
)
from shared.contracts.catalogue import BY_TYPE
from shared.evidence import EvidenceFolder
from shared.heard import Handler
from shared.service import Service, make_app
from shared.settings import Settings


def build(settings: Settings) -> AsgiFastStream:
    """Wire the service; nothing connects before it is started."""
    metrics = EnforcementMetrics()
    service = Service(
        name="enforcement",
        description="Carries a case from the failed sample to its end, with police and procuratorate.",
        tables=store.tables,
        handlers=handlers(settings),
        refuse=receipts.refuse,
        has_clocks=True,
        measures=[case_gauges.measure(metrics)],
        actors={kind: deadline.actor for kind, deadline in deadlines().items()},
    )
    return make_app(service, settings, metrics)


def handlers(settings: Settings) -> dict[type[Event], Handler]:
    """Every event that wakes the service; a step that needs nothing of its own has the same answer as others."""
    folder = EvidenceFolder(settings.evidence_folder)
    plain: dict[type[Event], Handler] = {BY_TYPE[type_].event: on_case_step.answer for type_ in steps()}
    decide = on_head_decided.handler(folder)
    rules = referral.load(settings.severe_exceedance_file)
    return plain | {
        SampleFailed: on_sample_failed.handler(rules),
        SampleOverturned: on_sample_overturned.handler(rules),
        CaseFacts: on_facts_stated.handler(rules),
        EvidenceAdded: on_evidence_added.handler(folder),
        ReportSubmitted: on_report_submitted.handler(folder),
        ReportSigned: on_report_signed.answer,
        HeadApproved: decide,
        HeadRefused: decide,
        TransferSent: on_transfer_sent.handler(folder),
        PoliceRedirected: on_case_redirected.answer,
        FilingOrdered: on_filing_ordered.answer,
        MajorCaseFlagged: on_case_flagged.answer,
        JointSupervision: on_case_flagged.answer,
        PenaltyDecided: on_penalty_decided.answer,
        PenaltyPublished: on_penalty_published.answer,
        ListingDecided: on_listing_decided.answer,
        RepairGranted: on_repair_granted.answer,
        BulletinIssued: on_bulletin_issued.answer,
        CaseClockCorrected: on_clock_corrected.answer,
        ClockDue: on_clock_due.answer,
    }
