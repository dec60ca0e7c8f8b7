"""Asking a running service for its pages, as Prometheus and an operator do."""

from typing import Any

from faststream.asgi import AsgiFastStream
from prometheus_client.parser import text_string_to_metric_families

from shared.health import Report


async def page(app: AsgiFastStream, path: str) -> tuple[int, str]:
    """The status and the text of a page."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [],
    }
    said: list[Any] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        said.append(message)

    await app(scope, receive, send)
    return said[0]["status"], b"".join(message.get("body", b"") for message in said).decode()


async def health(app: AsgiFastStream) -> tuple[int, Report]:
    """The status of ``/health`` and what it says."""
    status, text = await page(app, "/health")
    return status, Report.model_validate_json(text)


async def counted(app: AsgiFastStream, name: str, **labels: str) -> float:
    """The sum of a metric over every sample that has these labels."""
    _, text = await page(app, "/metrics")
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )
