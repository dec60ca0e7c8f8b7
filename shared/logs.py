"""What a program says of itself on standard error: one line for each entry, as JSON for machines or as text for people.

Both forms hold the same fields, and what a partner wrote into them is neither a line of its own nor a command to a
terminal. Libraries and warnings say it in the same form. What cannot be written, to a pipe that nobody reads any more
or a disk that is full, is lost and stops nobody.
"""

import io
import json
import logging
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, BinaryIO, Literal

import structlog
from structlog.typing import EventDict

Form = Literal["json", "text"]
Level = Literal["debug", "info", "warning", "error"]

_encode = json.JSONEncoder(ensure_ascii=False, default=repr).encode
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Controls, ends of lines, what turns the direction of writing, and halves of characters."""
_NEEDS_QUOTES = re.compile(r"[\s\"'=\\]")
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

    def rendered(_: Any, __: str, entry: EventDict) -> bytes:
        first = {name: entry.pop(name) for name in ("time", "level", "service")}
        message = str(entry.pop("event"))
        return encoded(form_entry({**first, "message": message, **entry}))

    form_entry = RENDERERS[form]
    least = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        logger_factory=structlog.BytesLoggerFactory(standard_error()),
        wrapper_class=structlog.make_filtering_bound_logger(least),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", key="time"),
            named,
            structlog.processors.format_exc_info,
            rendered,
        ],
    )
    root = logging.getLogger()
    root.handlers = [handler for handler in root.handlers if not isinstance(handler, _Libraries)] + [_Libraries()]
    root.setLevel(max(least, logging.WARNING))
    for library in _QUIET:
        logging.getLogger(library).setLevel(logging.CRITICAL)


def as_json(entry: Any) -> str:
    """An entry or a value of one as a line of JSON, also for who ends a line at every separator that Unicode has."""
    line = _encode(entry)
    return line if line.isprintable() else _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def as_text(entry: Mapping[str, Any]) -> str:
    """An entry as one line for people, and below it, indented, the traceback where there is one."""
    beside = dict(entry)
    time, level, service, message = (beside.pop(name) for name in ("time", "level", "service", "message"))
    exception = str(beside.pop("exception", ""))
    said = "".join(f" {name}={_value(value)}" for name, value in beside.items() if value is not None and value != "")
    line = one_line(f"{time} [{level:<8}] {service}: {message}{said}")
    return "\n    ".join([line, *map(one_line, exception.split("\n"))]) if exception else line


RENDERERS: Mapping[Form, Callable[[Mapping[str, Any]], str]] = {"json": as_json, "text": as_text}


def _value(value: Any) -> str:
    return value if isinstance(value, str) and not _NEEDS_QUOTES.search(value) else as_json(value)


def one_line(text: str) -> str:
    """The text with what is no printable character as an escape, so that nobody's words can pass for another line."""
    if text.isprintable():
        return text
    return _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def printable(text: str) -> str:
    """The text of one or more lines as a terminal may show it."""
    return "\n".join(map(one_line, text.split("\n")))


def encoded(text: str) -> bytes:
    """The text as UTF-8; half a character becomes an escape, which JSON knows too."""
    return text.encode("utf-8", "backslashreplace")
