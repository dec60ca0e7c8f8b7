"""The enforcement service's wiring."""

from faststream.asgi import AsgiFastStream

from services.enforcement import on_sample_failed, on_sample_overturned, referral, store
from shared.contracts import SampleFailed, SampleOverturned
from shared.metrics import Metrics
from shared.service import Service, make_app
from shared.settings import Settings


def build(settings: Settings) -> AsgiFastStream:
    """Wire the service; nothing connects before it is started."""
    service = Service(
        name="enforcement",
        description="Opens a case for each failed sample and refers it to police and procuratorate by rule.",
        tables=store.tables,
        handlers={
            SampleFailed: on_sample_failed.handler(referral.load(settings.severe_exceedance_file)),
            SampleOverturned: on_sample_overturned.answer,
        },
    )
    return make_app(service, settings, Metrics("enforcement"))
