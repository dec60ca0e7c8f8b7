"""The alerts service's wiring."""

from faststream.asgi import AsgiFastStream

from services.alerts import on_sample_failed, on_sample_overturned, store
from shared.contracts import SampleFailed, SampleOverturned
from shared.metrics import Metrics
from shared.service import Service, make_app
from shared.settings import Settings


def build(settings: Settings) -> AsgiFastStream:
    """Wire the service; nothing connects before it is started."""
    service = Service(
        name="alerts",
        description="Raises an alert for each failed sample, or joins it to the standing one, until it is overturned.",
        tables=store.tables,
        handlers={SampleFailed: on_sample_failed.answer, SampleOverturned: on_sample_overturned.answer},
    )
    return make_app(service, settings, Metrics("alerts"))
