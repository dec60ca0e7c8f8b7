"""The sampling service's wiring."""

from faststream.asgi import AsgiFastStream

from services.sampling import (
    on_clock_corrected,
    on_clock_due,
    on_disposal_closed,
    on_laboratory_accredited,
    on_notice_served,
    on_objection_decided,
    on_objection_filed,
    on_plan_adopted,
    on_proficiency_round_closed,
    on_rapid_test_recorded,
    on_reinspection_called_off,
    on_reinspection_reported,
    on_reinspection_requested,
    on_reinspection_settled,
    on_result_corrected,
    on_result_reported,
    on_result_settled,
    on_result_withdrawn,
    on_sample_collected,
    on_sample_handed_over,
    on_sample_received,
    on_sample_refused,
    plan_gauges,
    report_receipts,
    result_gauges,
    store,
)
from services.sampling.deadlines import deadlines
from services.sampling.judging import limits
from services.sampling.metrics import SamplingMetrics
from services.sampling.reporting import Desk
from shared.contracts import (
    ClockCorrected,
    ClockDue,
    DisposalClosed,
    LaboratoryAccredited,
    NoticeServed,
    ObjectionDecided,
    ObjectionFiled,
    PlanAdopted,
    ProficiencyRoundClosed,
    RapidTestRecorded,
    ReinspectionCalledOff,
    ReinspectionReported,
    ReinspectionRequested,
    ReinspectionSettled,
    ResultCorrected,
    ResultReported,
    ResultSettled,
    ResultWithdrawn,
    SampleCollected,
    SampleHandedOver,
    SampleReceived,
    SampleRefused,
)
from shared.service import Service, make_app
from shared.settings import Settings


def build(settings: Settings) -> AsgiFastStream:
    """Wire the service; nothing connects before it is started."""
    desk = Desk(limits.load(settings.catalogue_folder), settings.population_base)
    metrics = SamplingMetrics()
    service = Service(
        name="sampling",
        description="Plans, registers and judges samples, and keeps what the law makes of a failed one.",
        tables=store.tables,
        handlers={
            PlanAdopted: on_plan_adopted.handler(settings.population_base),
            LaboratoryAccredited: on_laboratory_accredited.answer,
            ProficiencyRoundClosed: on_proficiency_round_closed.answer,
            RapidTestRecorded: on_rapid_test_recorded.answer,
            SampleCollected: on_sample_collected.handler(desk),
            SampleHandedOver: on_sample_handed_over.answer,
            SampleReceived: on_sample_received.answer,
            SampleRefused: on_sample_refused.answer,
            ResultReported: on_result_reported.handler(desk),
            ResultCorrected: on_result_corrected.handler(desk),
            ResultWithdrawn: on_result_withdrawn.handler(desk),
            ResultSettled: on_result_settled.handler(desk),
            NoticeServed: on_notice_served.answer,
            ReinspectionRequested: on_reinspection_requested.answer,
            ReinspectionCalledOff: on_reinspection_called_off.answer,
            ReinspectionReported: on_reinspection_reported.handler(desk),
            ReinspectionSettled: on_reinspection_settled.handler(desk),
            ObjectionFiled: on_objection_filed.answer,
            ObjectionDecided: on_objection_decided.handler(desk),
            DisposalClosed: on_disposal_closed.answer,
            ClockCorrected: on_clock_corrected.answer,
            ClockDue: on_clock_due.answer,
        },
        refuse=report_receipts.refuse,
        has_clocks=True,
        actors={kind: deadline.actor for kind, deadline in deadlines().items()},
        measures=[result_gauges.measure(metrics), plan_gauges.measure(metrics, settings.population_base)],
    )
    return make_app(service, settings, metrics)
