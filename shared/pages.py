"""The pages that every service answers: how it is, its metrics, and what it tells and hears.

FastStream's own page of the AsyncAPI document loads its viewer from elsewhere, which a closed network does not let
through; so it is one of ours.
"""

import json
from collections.abc import Sequence
from typing import Any

from faststream.asgi import AsgiResponse, get
from prometheus_client import make_asgi_app

from shared import asyncapi
from shared.health import Health
from shared.metrics import Metrics

_HTML = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
}
_JSON = {"Content-Type": "application/json"}


def routes(name: str, description: str, health: Health, metrics: Metrics) -> Sequence[tuple[str, Any]]:
    """The paths of a service's pages, each with what answers it."""

    @get(description="Whether the bus, each consumer and the database work; 200 or 503.")
    async def health_page(scope: Any) -> AsgiResponse:
        del scope
        report = await health.report()
        return AsgiResponse(report.model_dump_json().encode(), 200 if report.healthy else 503, _JSON)

    @get(description="What the service tells and hears, as a page.")
    async def docs_page(scope: Any) -> AsgiResponse:
        del scope
        return AsgiResponse(asyncapi.page_of(name, description).encode(), 200, _HTML)

    @get(description="The same as an AsyncAPI document.")
    async def docs(scope: Any) -> AsgiResponse:
        del scope
        document = json.dumps(asyncapi.document_of(name, description), ensure_ascii=False)
        return AsgiResponse(document.encode(), 200, _JSON)

    return [
        ("/health", health_page),
        ("/metrics", make_asgi_app(metrics.registry)),
        ("/docs/asyncapi", docs_page),
        ("/docs/asyncapi.json", docs),
    ]
