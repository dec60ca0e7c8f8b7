"""One log line for each decision: every event that a service told, once it is committed, and every dead letter.

An event says itself in one sentence, which is the line's message; the fields beside it are those of its envelope. The
lines of a batch are written at once. They are worked out here and not by the logging library, whose way costs several
times as much: a service decides thousands of times a second.
"""

import logging
from datetime import UTC, datetime

from shared.heard import Buried, Decision, Heard, Work
from shared.logs import RENDERERS, encoded, form_of, standard_error
from shared.settings import Settings


class DecisionLog:
    """The lines of one service."""

    def __init__(self, service: str, settings: Settings) -> None:
        self._service = service
        self._out = standard_error()
        self._line = RENDERERS[form_of(settings.logs)]
        least = logging.getLevelNamesMapping()[settings.log_level.upper()]
        self._says = {level: logging.getLevelNamesMapping()[level.upper()] >= least for level in ("info", "error")}

    def write(self, work: Work) -> None:
        """Write what was decided in a transaction; call when it is committed."""
        now = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        first = {"time": now, "level": "info", "service": self._service}
        lines: list[str] = []
        if self._says["info"]:
            lines += (self._line(first | _decided(decision)) for decision in work.decisions)
        if self._says["error"]:
            lines += (self._line(first | {"level": "error"} | _dead(buried)) for buried in work.buried)
        if lines:
            self._out.write(encoded("\n".join(lines) + "\n"))


def _decided(decision: Decision) -> dict[str, str]:
    event = decision.event
    fields = {
        "message": event.sentence(),
        "event": event.TYPE,
        "trace": event.trace,
        "about": event.about,
        "region": decision.region,
        "id": decision.event_id,
        "cause": decision.cause,
    }
    if decision.traceparent:
        fields["trace_id"] = decision.traceparent.split("-")[1]
    return fields


def _dead(buried: Buried) -> dict[str, str]:
    dead = buried.message
    numbers = {} if isinstance(dead, Heard) else dead.fault.about
    return {
        "message": f"A message cannot be answered and is kept as a dead letter ({buried.reason}): {buried.explanation}",
        "event": "dead",
        "trace": dead.event.trace if isinstance(dead, Heard) else numbers.get("sample_no", ""),
        "about": dead.event.about if isinstance(dead, Heard) else "",
        "region": dead.region if isinstance(dead, Heard) else "",
        "id": buried.event_id,
        "cause": dead.key,
        "subject": dead.origin.subject,
    }
