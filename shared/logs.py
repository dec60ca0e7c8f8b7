"""What a program says of itself on standard error: one line for each entry, as JSON for machines or as text for people.

Libraries and warnings say it in the same form. What cannot be written, to a pipe that nobody reads any more or a disk
that is full, is lost and stops nobody.
"""

import io
import json
import logging
import sys
from contextlib import suppress
from typing import Any, BinaryIO, Literal

import structlog
from structlog.typing import EventDict, Processor

Form = Literal["json", "text"]
Level = Literal["debug", "info", "warning", "error"]

as_json = json.JSONEncoder(ensure_ascii=False, default=repr).encode
_STANDARD_ERROR = 2
_QUIET = ("uvicorn.error", "nats.aio.client")
"""Libraries whose errors the services meet, and speak of, themselves."""


class _Unfailing(io.FileIO):
    """A file that takes everything; what the system refuses is lost."""

    def write(self, data: Any) -> int:
        rest = memoryview(data)
        with suppress(OSError):
            while rest:
                rest = rest[super().write(rest) or 0 :]
        return len(data)


class _Libraries(logging.Handler):
    """Hands on what libraries log."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say it as one of our own entries."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError):  # a library's own fault, no reason to lose its words
            message = str(record.msg)
        structlog.get_logger().log(record.levelno, message, library=record.name, exc_info=record.exc_info)


def standard_error() -> BinaryIO:
    """Standard error without a buffer, which never fails; nowhere, if the program was started without one."""
    # else the number may belong by now to another file, such as a database
    return io.BytesIO() if sys.stderr is None else _Unfailing(_STANDARD_ERROR, "wb", closefd=False)


def form_of(wanted: Form | None) -> Form:
    """The form that was asked for; else text for a person at a terminal, and JSON for whatever else reads it."""
    return wanted or ("text" if sys.stderr is not None and sys.stderr.isatty() else "json")


def prepare(service: str, form: Form, level: Level) -> None:
    """Say from now on what is of this level or above, in this form; libraries speak from warnings upward."""

    def named(_: Any, __: str, entry: EventDict) -> EventDict:
        entry.setdefault("service", service)
        return entry

    own: list[Processor] = [named, structlog.processors.format_exc_info, _render_json]
    least = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        logger_factory=structlog.BytesLoggerFactory(standard_error()),
        wrapper_class=structlog.make_filtering_bound_logger(least),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", key="time" if form == "json" else "timestamp"),
            *(own if form == "json" else [_text(), _encode]),
        ],
    )
    root = logging.getLogger()
    root.handlers = [handler for handler in root.handlers if not isinstance(handler, _Libraries)] + [_Libraries()]
    root.setLevel(max(least, logging.WARNING))
    for library in _QUIET:
        logging.getLogger(library).setLevel(logging.CRITICAL)


def _text() -> Processor:
    return structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)


def _render_json(_: Any, __: str, entry: EventDict) -> bytes:
    first = {name: entry.pop(name) for name in ("time", "level", "service")}
    return encoded(as_json({**first, "message": str(entry.pop("event")), **entry}))


def _encode(_: Any, __: str, line: Any) -> bytes:
    return encoded(line)


def encoded(text: str) -> bytes:
    """The text as UTF-8; half a character becomes an escape, which JSON knows too."""
    return text.encode("utf-8", "backslashreplace")
