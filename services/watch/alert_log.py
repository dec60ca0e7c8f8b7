"""The log of alerts: what Alertmanager tells the watch becomes one line each.

Alertmanager keeps no history; the log says afterwards what was told, when, and to whom, without any account outside.
"""

from typing import Literal

import structlog
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

log = structlog.get_logger()
LARGEST = 1024 * 1024
"""Bytes of one notification."""


class Alert(BaseModel):
    """One alert of a notification; what else Alertmanager says of it is left out."""

    status: Literal["firing", "resolved"]
    labels: dict[str, str]
    annotations: dict[str, str]


class Notification(BaseModel):
    """What Alertmanager posts to a webhook."""

    receiver: str
    alerts: list[Alert]


async def take(request: Request) -> Response:
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
    for alert in notification.alerts:
        labels = {label: value for label, value in alert.labels.items() if label != "alertname"}
        log.warning(
            "alert told",
            alert=alert.labels.get("alertname", ""),
            state=alert.status,
            to=notification.receiver,
            summary=alert.annotations.get("summary", ""),
            labels=labels,
        )
    return Response(status_code=204)
