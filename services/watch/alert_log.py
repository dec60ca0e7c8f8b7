"""The log of alerts: what Alertmanager tells the watch becomes one line each.

Alertmanager keeps no history; the log says afterwards what was told, when, and to whom, without any account outside. It
is taken from nobody else: who posts shows a token, and what is written of one notification has a limit.
"""

import hmac
from collections.abc import Awaitable, Callable
from itertools import islice
from typing import Literal

import structlog
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

log = structlog.get_logger()
LARGEST = 1024 * 1024
"""Bytes of one notification."""
MOST_ALERTS = 100
"""Lines for one notification."""
MOST_LABELS = 30
LONGEST = 500
"""Characters of a text in a line."""


class Alert(BaseModel):
    """One alert of a notification; what else Alertmanager says of it is left out."""

    status: Literal["firing", "resolved"]
    labels: dict[str, str]
    annotations: dict[str, str]


class Notification(BaseModel):
    """What Alertmanager posts to a webhook."""

    receiver: str
    alerts: list[Alert]


def taking(token: str) -> Callable[[Request], Awaitable[Response]]:
    """The page that takes notifications from who shows this token; from nobody where it is empty."""

    async def take(request: Request) -> Response:
        if not token:
            return PlainTextResponse("This watch takes no alerts: SHIAN_ALERTS_TOKEN_FILE is not set.", 404)
        scheme, _, shown = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(shown.strip().encode(), token.encode()):
            sentence = "Alerts are taken from who shows the token in SHIAN_ALERTS_TOKEN_FILE (Authorization: Bearer …)."
            return PlainTextResponse(sentence, 401, {"WWW-Authenticate": "Bearer"})
        return await _take(request)

    return take


async def _take(request: Request) -> Response:
    """Write a notification to the log; one that cannot be read is refused with what is wrong."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            return PlainTextResponse(f"A notification has at most {LARGEST} bytes.", 413)
    try:
        notification = Notification.model_validate_json(body)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"])) or "body"
        return PlainTextResponse(f"This is no notification of Alertmanager: {where}: {fault['msg']}.", 400)
    for alert in notification.alerts[:MOST_ALERTS]:
        labels = ((_short(name), _short(value)) for name, value in alert.labels.items() if name != "alertname")
        log.warning(
            "alert told",
            alert=_short(alert.labels.get("alertname", "")),
            state=alert.status,
            to=_short(notification.receiver),
            summary=_short(alert.annotations.get("summary", "")),
            labels=dict(islice(labels, MOST_LABELS)),
        )
    if more := len(notification.alerts[MOST_ALERTS:]):
        log.warning("more alerts told", number=more, to=_short(notification.receiver))
    return Response(status_code=204)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
