"""A sample failed: raise an alert, or join it to the standing one of the same producer and substance."""

from collections.abc import Sequence
from typing import Any

from services.alerts import store
from services.alerts.risk import Assessment, alert_key, alert_no, assess, repeated
from services.alerts.standing import Identity, StandingAlert
from shared.contracts import AlertRaised, AlertUpdated, SampleFailed
from shared.heard import Heard, Work


async def answer(failed: Sequence[Heard[SampleFailed]], work: Work) -> None:
    """Decide on each failed sample; one that was overturned before it is heard of is kept, and nothing is told."""
    known = await store.known_samples(work.connection, [heard.event.identity for heard in failed])
    numbers = [alert_no(alert_key(heard.event)) for heard in failed]
    alerts = await store.standing_alerts(work.connection, numbers)
    before = set(alerts)
    samples: list[dict[str, Any]] = []
    late: dict[Identity, dict[str, Any]] = {}
    for heard, number in zip(failed, numbers, strict=True):
        sample, report = heard.event, heard.event.identity
        assessment = assess(sample)
        if (row := known.get(report)) and row.overturned:
            late[report] = {"alert_no": number, "level": assessment.level.value}
            continue
        kind = AlertUpdated if number in alerts else AlertRaised
        alert = alerts.setdefault(number, StandingAlert(number, assessment.substance, sample.producer))
        alert.join(report, sample.sample_no, assessment.level)
        work.tell(heard, _event(kind, sample, alert, assessment))
        samples.append(_sample(sample, number, assessment))
    await store.keep_alerts(work.connection, before, alerts)
    await store.keep_samples(work.connection, samples)
    await store.change_samples(work.connection, late)


def _sample(sample: SampleFailed, number: str, assessment: Assessment) -> dict[str, Any]:
    return {
        "laboratory": sample.laboratory,
        "report_no": sample.report_no,
        "alert_no": number,
        "sample_no": sample.sample_no,
        "level": assessment.level.value,
        "overturned": False,
    }


def _event(
    kind: type[AlertRaised | AlertUpdated], sample: SampleFailed, alert: StandingAlert, assessment: Assessment
) -> AlertRaised | AlertUpdated:
    return kind(
        alert_no=alert.alert_no,
        sample_no=sample.sample_no,
        level=alert.level,
        reasons=assessment.reasons + repeated(alert.samples),
        producer=alert.producer,
        substance=alert.substance,
        product=sample.product,
        samples=alert.samples,
    )
