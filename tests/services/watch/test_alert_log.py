"""What Alertmanager tells the watch is in its log, and what is no notification is refused in a sentence."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from structlog.testing import capture_logs

from services.watch.alert_log import LARGEST, take

NOTIFICATION = {
    "version": "4",
    "receiver": "operator-on-call",
    "status": "firing",
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "ServiceDown", "job": "sampling"},
            "annotations": {"summary": "No replica of sampling answers."},
            "startsAt": "2026-03-02T02:00:00Z",
        },
        {"status": "resolved", "labels": {"alertname": "ServiceDown", "job": "alerts"}, "annotations": {}},
    ],
}


@pytest.fixture
async def watch() -> AsyncIterator[httpx.AsyncClient]:
    """A client of the page alone; it needs no bus."""
    app = Starlette(routes=[Route("/alerts", take, methods=["POST"])])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://w") as client:
        yield client


async def test_each_alert_is_one_line(watch: httpx.AsyncClient) -> None:
    """Its state, name, labels and sentence are said, and who was told."""
    with capture_logs() as lines:
        answer = await watch.post("/alerts", json=NOTIFICATION)
    assert 204 == answer.status_code
    line = {"event": "alert told", "log_level": "warning", "alert": "ServiceDown", "to": "operator-on-call"}
    summary = "No replica of sampling answers."
    assert [
        line | {"state": "firing", "summary": summary, "labels": {"job": "sampling"}},
        line | {"state": "resolved", "summary": "", "labels": {"job": "alerts"}},
    ] == lines


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        (b"{", 400, "This is no notification of Alertmanager: body: Invalid JSON"),
        (b'{"receiver": "r", "alerts": [{}]}', 400, "This is no notification of Alertmanager: alerts.0.status: Field"),
        (b" " * (LARGEST + 1), 413, "A notification has at most"),
    ],
    ids=["no JSON", "no alert", "too large"],
)
async def test_anything_else_is_refused(watch: httpx.AsyncClient, body: bytes, status: int, sentence: str) -> None:
    """It says what is wrong, and writes nothing to the log."""
    with capture_logs() as lines:
        answer = await watch.post("/alerts", content=body)
    assert (status, True, []) == (answer.status_code, answer.text.startswith(sentence), lines)
