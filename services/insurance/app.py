"""The insurance service's wiring."""

from faststream.asgi import AsgiFastStream

from services.insurance import on_policy_bound, on_sample_failed, on_sample_overturned, receipts, store
from services.insurance.metrics import InsuranceMetrics
from shared.contracts import PolicyBound, SampleFailed, SampleOverturned
from shared.service import Service, make_app
from shared.settings import Settings


def build(settings: Settings) -> AsgiFastStream:
    """Wire the service; nothing connects before it is started."""
    service = Service(
        name="insurance",
        description="Notifies the insurer of a failed sample's producer or seller.",
        tables=store.tables,
        handlers={
            PolicyBound: on_policy_bound.answer,
            SampleFailed: on_sample_failed.answer,
            SampleOverturned: on_sample_overturned.answer,
        },
        refuse=receipts.refuse,
    )
    return make_app(service, settings, InsuranceMetrics())
