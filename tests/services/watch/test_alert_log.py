"""What Alertmanager tells the watch is in its log, and what is no notification is refused in a sentence."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from structlog.testing import capture_logs

from services.watch.alert_log import LARGEST, LONGEST, MOST_ALERTS, MOST_LABELS, taking
from shared import logs
from shared.logs import Form

TOKEN = "f" * 48

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
    async with page(TOKEN, {"Authorization": f"Bearer {TOKEN}"}) as client:
        yield client


def page(token: str, headers: dict[str, Any]) -> httpx.AsyncClient:
    """A client, with these headers, of a page that knows this token."""
    app = Starlette(routes=[Route("/alerts", taking(token), methods=["POST"])])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://w", headers=headers)


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


@pytest.mark.parametrize(
    ("token", "headers", "status", "word"),
    [
        (TOKEN, {}, 401, "Authorization: Bearer"),
        (TOKEN, {"Authorization": f"Bearer {TOKEN[:-1]}e"}, 401, "Authorization: Bearer"),
        (TOKEN, {"Authorization": f"Bearer {TOKEN}f"}, 401, "Authorization: Bearer"),
        (TOKEN, {"Authorization": "Bearer "}, 401, "Authorization: Bearer"),
        (TOKEN, {"Authorization": f"Basic {TOKEN}"}, 401, "Authorization: Bearer"),
        (TOKEN, {"Authorization": b"Bearer \xe9"}, 401, "Authorization: Bearer"),
        ("", {"Authorization": "Bearer "}, 404, "SHIAN_ALERTS_TOKEN_FILE is not set."),
        ("", {}, 404, "SHIAN_ALERTS_TOKEN_FILE is not set."),
    ],
)
async def test_only_who_shows_the_token_is_heard(token: str, headers: dict[str, Any], status: int, word: str) -> None:
    """Without the token, with another, or where none is set, nothing is written, and a sentence says why."""
    async with page(token, headers) as stranger:
        with capture_logs() as lines:
            answer = await stranger.post("/alerts", json=NOTIFICATION)
    assert (status, True, []) == (answer.status_code, word in answer.text, lines)


async def test_token_may_be_announced_in_small_letters(watch: httpx.AsyncClient) -> None:
    """The name of the scheme is not case-sensitive (RFC 9110, 11.1)."""
    watch.headers["Authorization"] = f"bearer {TOKEN}"
    assert 204 == (await watch.post("/alerts", json=NOTIFICATION)).status_code


async def test_what_is_written_of_a_notification_has_a_limit(watch: httpx.AsyncClient) -> None:
    """Of many alerts with long texts and many labels some are written, shortened, and how many more there are."""
    labels = {"alertname": "A" * 1000} | {f"{number}" + "l" * 1000: "v" * 1000 for number in range(MOST_LABELS + 5)}
    one = {"status": "firing", "labels": labels, "annotations": {"summary": "s" * 1000}}
    many = [{"status": "firing", "labels": {}, "annotations": {}}] * MOST_ALERTS
    with capture_logs() as lines:
        answer = await watch.post("/alerts", json={"receiver": "r" * 1000, "alerts": [one, *many]})
    assert 204 == answer.status_code
    told = lines[0]
    assert MOST_LABELS == len(told["labels"])
    texts = [told["alert"], told["to"], told["summary"], *told["labels"], *told["labels"].values()]
    assert {(LONGEST, "…")} == {(len(text), text[-1]) for text in texts}
    assert [("alert told", MOST_ALERTS), ("more alerts told", 1)] == [
        (line["event"], sum(other["event"] == line["event"] for other in lines)) for line in lines[-2:]
    ]
    assert 1 == lines[-1]["number"]


@pytest.mark.parametrize("form", ["json", "text"])
async def test_hostile_alert_is_one_printable_line(
    watch: httpx.AsyncClient, capfd: pytest.CaptureFixture[str], form: Form
) -> None:
    """Escapes, ends of lines and what looks like an entry of its own, in any text of an alert, stay in its line."""
    hostile = "\x1b]0;yours\x07\u2028\u2029\x85\r\n2026-03-02T02:00:00Z [info    ] sampling: forged\u202e"
    one = {"status": "firing", "labels": {"alertname": hostile, hostile: hostile}, "annotations": {"summary": hostile}}
    logs.prepare("tests", form, "info")
    answer = await watch.post("/alerts", json={"receiver": hostile, "alerts": [one]})
    said = capfd.readouterr().err
    assert (204, 1, 1, "\n") == (answer.status_code, len(said.splitlines()), said.count("\n"), said[-1])
    assert said[:-1].isprintable()
    if form == "json":
        entry = json.loads(said)
        assert [hostile] * 3 + [{hostile: hostile}] == [entry[name] for name in ("alert", "to", "summary", "labels")]
