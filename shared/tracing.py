"""OpenTelemetry traces: one from a report to everything that is told for it, through all services.

They are on where a standard variable names a collector (``OTEL_EXPORTER_OTLP_ENDPOINT``); else nothing of the library
is loaded. FastStream's middleware gives a batch one span of its own and what is published in it that span's context,
so the traces of 500 samples would end in one; here each event is a child of its own cause. Names and attributes are
those of the conventions for messaging, which the middleware uses too.

The context travels in the header ``traceparent`` of each event and is kept with it, so that a repetition has the same.
"""

import asyncio
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from shared.failure import CannotStartError

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span

LONGEST_END = 2.0
"""Seconds in which the last spans may reach the collector when a service stops."""


def is_on() -> bool:
    """Whether the standard variables name a collector for traces and do not turn them off."""
    endpoints = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
    is_off = os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    is_none = os.environ.get("OTEL_TRACES_EXPORTER", "").strip().lower() == "none"
    return any(os.environ.get(name) for name in endpoints) and not is_off and not is_none


class Tracing:
    """The traces of one service; without a collector it does nothing."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._provider: TracerProvider | None = None

    def start(self) -> None:
        """Begin, where a collector is named; raises CannotStartError for a variable that the library refuses."""
        if not is_on():
            return
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

        resource = {"service.namespace": "shian", "service.name": self._service}
        try:
            provider = TracerProvider(resource=Resource.create(resource), shutdown_on_exit=False)
            provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        except (ValueError, TypeError, OSError) as error:
            message = f"OpenTelemetry refuses its settings ({error}): mend the variables OTEL_…, or leave them out."
            raise CannotStartError(message) from error
        self._provider = provider

    async def stop(self) -> None:
        """Send what is left, within the time that there is."""
        if self._provider:
            # the library would wait for half a minute, and so would a thread that the program joins at its end
            sending = threading.Thread(target=self._provider.shutdown, daemon=True)
            self._provider = None
            sending.start()
            await asyncio.to_thread(sending.join, LONGEST_END)

    @contextmanager
    def batch(self, consumer: str, size: int) -> Iterator["Spans | None"]:
        """One transaction that answers so many messages: its spans, which end with it; none where traces are off."""
        if self._provider is None:
            yield None
            return
        spans = Spans(self._provider, consumer, size)
        try:
            yield spans
        except BaseException as error:
            spans.fail(error)
            raise
        spans.end()


class Spans:
    """The spans of one transaction: one for the batch, and one for each event that is told in it."""

    def __init__(self, provider: "TracerProvider", consumer: str, size: int) -> None:
        from opentelemetry import trace  # noqa: PLC0415
        from opentelemetry.context import Context  # noqa: PLC0415
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

        self._trace = trace
        self._tracer = provider.get_tracer("shian")
        self._propagator = TraceContextTextMapPropagator()
        self._nothing = Context()
        self._began = time.time_ns()
        self._causes: dict[str, Context] = {}
        self._spans: list[Span] = []
        self._links: list[Any] = []
        self._batch = self._span(f"{consumer} process", "CONSUMER", self._nothing, self._began)
        self._batch.set_attributes({"messaging.batch.message_count": size, **_process(consumer)})
        if self._batch.is_recording():
            self._links.append(trace.Link(self._batch.get_span_context()))

    def tell(
        self, cause: str, subject: str, headers: Mapping[str, str] | None, stored: int, attributes: Mapping[str, str]
    ) -> dict[str, str]:
        """A span for what is told in answer to a message, as a child of that message's; the headers that carry it on.

        ``subject`` and ``stored`` are the message's: where it carries no context of its own, a trace begins with it.
        """
        parent = self._causes.get(cause)
        if parent is None:
            parent = self._causes[cause] = self._context_of(cause, subject, headers, stored)
        span = self._span(f"{attributes['shian.event']} publish", "PRODUCER", parent, self._began)
        if span.is_recording():
            span.set_attributes({"messaging.system": "nats", "messaging.operation": "publish", **attributes})
        carried: dict[str, str] = {}
        self._propagator.inject(carried, self._trace.set_span_in_context(span, self._nothing))
        return carried

    def end(self) -> None:
        """It is committed: so long did it take."""
        ended = time.time_ns()
        for span in self._spans:
            span.end(ended)

    def fail(self, error: BaseException) -> None:
        """It is rolled back: nothing was told."""
        self._batch.set_attribute("error.type", type(error).__name__)
        self._batch.set_status(self._trace.StatusCode.ERROR)
        self._batch.end()

    def _context_of(self, cause: str, subject: str, headers: Mapping[str, str] | None, stored: int) -> "Context":
        context = self._propagator.extract(headers or {}, self._nothing)
        if self._trace.get_current_span(context).get_span_context().is_valid:
            return context
        span = self._span(f"{subject} process", "CONSUMER", self._nothing, stored)
        if span.is_recording():
            span.set_attributes({"messaging.message.id": cause, "shian.event": subject, **_process(subject)})
        return self._trace.set_span_in_context(span, self._nothing)

    def _span(self, name: str, kind: str, parent: "Context", start: int) -> "Span":
        span = self._tracer.start_span(
            name, context=parent, kind=self._trace.SpanKind[kind], links=self._links, start_time=start
        )
        self._spans.append(span)
        return span


def _process(destination: str) -> dict[str, str]:
    return {
        "messaging.system": "nats",
        "messaging.operation": "process",
        "messaging.destination.name": destination,
    }
