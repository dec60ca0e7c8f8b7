"""A sample failed: raise an alert, or join it to the standing one of the same producer and substance."""

from collections.abc import Sequence
from typing import Any

from services.alerts import store
from services.alerts.risk import Assessment, alert_key, alert_no, assess, combine, repeated
from shared.contracts import AlertRaised, AlertUpdated, Level, SampleFailed
from shared.heard import Heard, Work


async def answer(failed: Sequence[Heard[SampleFailed]], work: Work) -> None:
    """Decide on each failed sample."""
    numbers = [alert_no(alert_key(heard.event)) for heard in failed]
    standing = await store.standing_levels(work.connection, numbers)
    raised: dict[str, dict[str, Any]] = {}
    updated: dict[str, dict[str, Any]] = {}
    samples: list[dict[str, Any]] = []
    for heard, number in zip(failed, numbers, strict=True):
        assessment = assess(heard.event)
        is_new = number not in standing
        known = standing.setdefault(number, [])
        known.append((f"{heard.event.laboratory} {heard.event.sample_no}", assessment.level))
        levels = _by_sample(known)
        alert = _alert(heard.event, number, combine(levels), len(levels), assessment)
        (raised if is_new or number in raised else updated)[number] = alert
        samples.append(_sample(heard.event, number, assessment))
        kind = AlertRaised if is_new else AlertUpdated
        work.tell(heard, _event(kind, heard.event, alert, assessment))
    await store.keep(work.connection, list(raised.values()), list(updated.values()), samples)


def _by_sample(known: Sequence[tuple[str, Level]]) -> list[Level]:
    """One level per sample, the gravest of its reports."""
    gravest: dict[str, Level] = {}
    for sample_no, level in known:
        gravest[sample_no] = min(gravest.get(sample_no, level), level, key=list(Level).index)
    return list(gravest.values())


def _alert(sample: SampleFailed, number: str, level: Level, samples: int, assessment: Assessment) -> dict[str, Any]:
    return {
        "alert_no": number,
        "level": level.value,
        "substance": assessment.substance,
        "producer": sample.producer,
        "samples": samples,
    }


def _sample(sample: SampleFailed, number: str, assessment: Assessment) -> dict[str, Any]:
    return {
        "laboratory": sample.laboratory,
        "report_no": sample.report_no,
        "alert_no": number,
        "sample_no": sample.sample_no,
        "level": assessment.level.value,
    }


def _event(
    kind: type[AlertRaised | AlertUpdated], sample: SampleFailed, alert: dict[str, Any], assessment: Assessment
) -> AlertRaised | AlertUpdated:
    reasons = assessment.reasons + repeated(alert["samples"])
    return kind(**alert, sample_no=sample.sample_no, reasons=reasons, product=sample.product)
