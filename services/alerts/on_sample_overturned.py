"""A failed sample was overturned: it leaves its alert, and an alert that stands on nothing any more is cancelled."""

from collections.abc import Sequence
from typing import Any

from services.alerts import store
from services.alerts.risk import left, repeated
from services.alerts.standing import Identity, StandingAlert
from shared.contracts import AlertCancelled, AlertUpdated, SampleOverturned
from shared.heard import Heard, Work


async def answer(overturned: Sequence[Heard[SampleOverturned]], work: Work) -> None:
    """Undo what rests on each; one that is heard of before its failure is kept, so that no alert will rest on it."""
    known = await store.known_samples(work.connection, [heard.event.identity for heard in overturned])
    alerts = await store.standing_alerts(work.connection, {row.alert_no for row in known.values()})
    before = set(alerts)
    early: dict[Identity, dict[str, Any]] = {}
    gone: dict[Identity, dict[str, Any]] = {}
    for heard in overturned:
        report = heard.event.identity
        row = known.get(report)
        if row is None:
            early[report] = _sample(heard.event)
        elif (alert := alerts.get(row.alert_no)) and alert.stands_on(report):
            work.tell(heard, _without(alert, report, heard.event))
            gone[report] = {"overturned": True}
    await store.keep_alerts(work.connection, before, alerts)
    await store.keep_samples(work.connection, list(early.values()))
    await store.change_samples(work.connection, gone)


def _sample(overturned: SampleOverturned) -> dict[str, Any]:
    return {
        "laboratory": overturned.laboratory,
        "report_no": overturned.report_no,
        "alert_no": "",
        "sample_no": overturned.sample_no,
        "level": "",
        "overturned": True,
    }


def _without(alert: StandingAlert, report: Identity, overturned: SampleOverturned) -> AlertUpdated | AlertCancelled:
    level = alert.level
    alert.leave(report)
    kind = AlertUpdated if alert.samples else AlertCancelled
    return kind(
        alert_no=alert.alert_no,
        sample_no=overturned.sample_no,
        level=alert.level if alert.samples else level,
        reasons=(left(overturned), *repeated(alert.samples)),
        producer=alert.producer,
        substance=alert.substance,
        product=overturned.product,
        samples=alert.samples,
    )
