"""The sampling service's wiring."""

from faststream.asgi import AsgiFastStream

from services.sampling import limits, on_clock_due, on_result_reported, receipts, store
from shared.contracts import ClockDue, ResultReported
from shared.metrics import Metrics
from shared.service import Service, make_app
from shared.settings import Settings


def build(settings: Settings) -> AsgiFastStream:
    """Wire the service; nothing connects before it is started."""
    service = Service(
        name="sampling",
        description="Judges what laboratories report.",
        tables=store.tables,
        handlers={
            ResultReported: on_result_reported.handler(limits.load()),
            ClockDue: on_clock_due.answer,
        },
        refuse=receipts.refuse,
        has_clocks=True,
    )
    return make_app(service, settings, Metrics("sampling"))
