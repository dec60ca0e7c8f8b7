"""The alerts service's wiring."""

from faststream.asgi import AsgiFastStream

from services.alerts import alert_gauges, on_sample_failed, on_sample_overturned, store
from services.alerts.metrics import AlertsMetrics
from shared.contracts import SampleFailed, SampleOverturned
from shared.service import Service, make_app
from shared.settings import Settings


def build(settings: Settings) -> AsgiFastStream:
    """Wire the service; nothing connects before it is started."""
    metrics = AlertsMetrics()
    service = Service(
        name="alerts",
        description="Raises an alert for each failed sample, or joins it to the standing one, until it is overturned.",
        tables=store.tables,
        handlers={SampleFailed: on_sample_failed.answer, SampleOverturned: on_sample_overturned.answer},
        measures=[alert_gauges.measure(metrics)],
    )
    return make_app(service, settings, metrics)
