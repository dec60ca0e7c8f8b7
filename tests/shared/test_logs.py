"""What a program says on standard error, and that saying it stops nobody."""

import json
import subprocess
import sys
from typing import Any

import pytest

from shared.logs import one_line, printable

HOSTILE = "\x1b[2J\x07\u2028\u2029\x85\x9b\r\n2026 [info] forged=1\u202e"
SPEAK = """
import logging, warnings, structlog
from shared import logs
logs.prepare("alerts", logs.form_of({form!r}), {level!r})
logging.captureWarnings(True)
log = structlog.get_logger()
log.info("bus is back", service="sampling")
log.debug("seen by nobody")
logging.getLogger("sqlalchemy.pool").warning("connection %s lost", 3)
logging.getLogger("sqlalchemy.pool").info("a library's small talk")
logging.getLogger("asyncio").error("%d", "no number")
logging.getLogger("nats.aio.client").error("what the service says itself")
log.info("bus is back", empty="", none=None, hostile={hostile!r}, labels={{"a": {hostile!r}}})
warnings.warn("old")
try:
    raise ValueError("first\\nsecond \\udc80 \\x1b")
except ValueError:
    log.exception("handler failed", consumer="alerts")
print("done")
"""


def spoken(form: str | None, level: str = "info", **where: Any) -> subprocess.CompletedProcess[str]:
    """A program of its own that speaks of several things, and then says that it is done."""
    program = [sys.executable, "-c", SPEAK.format(form=form, level=level, hostile=HOSTILE)]
    return subprocess.run(program, check=True, text=True, stdout=subprocess.PIPE, **where)


def test_every_entry_is_one_line_of_json() -> None:
    """Our own words, a library's, a warning, an exception: a document and a line each, with the same first fields."""
    entries = [json.loads(line) for line in spoken("json", stderr=subprocess.PIPE).stderr.splitlines()]
    assert {("time", "level", "service", "message")} == {tuple(entry)[:4] for entry in entries}
    assert [(entry["level"], entry["service"], entry["message"]) for entry in entries if "library" not in entry] == [
        ("info", "sampling", "bus is back"),
        ("info", "alerts", "bus is back"),
        ("error", "alerts", "handler failed"),
    ]
    assert [(entry["level"], entry["library"], entry["message"]) for entry in entries if "library" in entry] == [
        ("warning", "sqlalchemy.pool", "connection 3 lost"),
        ("error", "asyncio", "%d"),
        ("warning", "py.warnings", entries[4]["message"]),
    ]
    assert "UserWarning: old" in entries[4]["message"]
    assert entries[-1]["exception"].endswith("ValueError: first\nsecond \udc80 \x1b")
    assert {entry["time"][-1] for entry in entries} == {"Z"}
    assert [HOSTILE, {"a": HOSTILE}] == [entries[3]["hostile"], entries[3]["labels"]]


def test_text_is_for_people() -> None:
    """As text the same entries and fields can be read, but for empty ones; a traceback is indented below its entry."""
    said = spoken("text", stderr=subprocess.PIPE).stderr
    assert "[info    ] sampling: bus is back\n" in said
    assert "alerts: connection 3 lost library=sqlalchemy.pool\n" in said
    assert "\n    Traceback (most recent call last):\n" in said
    assert said.endswith("\n    ValueError: first\n    second \\udc80 \\x1b\n")
    written = json.dumps(HOSTILE)  # which is ASCII
    (line,) = [line for line in said.splitlines() if "hostile" in line]
    assert line.endswith(f'alerts: bus is back hostile={written} labels={{"a": {written}}}')
    assert "" == "".join(one for one in said if not one.isprintable() and one != "\n")


def test_only_what_is_not_printable_is_escaped() -> None:
    """Letters of any script stay, as does the wide space; line ends, escapes and the separators of lines do not."""
    assert "孔雀石绿\u30004.1 µg/kg" == one_line("孔雀石绿\u30004.1 µg/kg")
    assert r"a\nb\x1b\x85\u2028" == one_line("a\nb\x1b\x85\u2028")
    assert "a\n" + r"b\x1b\r" == printable("a\nb\x1b\r")


def test_form_without_a_setting_is_json_where_no_terminal_is() -> None:
    """A container's log is no terminal: without a setting it is JSON."""
    assert "bus is back" == json.loads(spoken(None, stderr=subprocess.PIPE).stderr.splitlines()[0])["message"]


def test_level_holds_back_what_is_below() -> None:
    """At level error neither a warning of a library nor an entry of our own below it is said."""
    said = [json.loads(line)["message"] for line in spoken("json", "error", stderr=subprocess.PIPE).stderr.splitlines()]
    assert said == ["%d", "handler failed"]


@pytest.mark.parametrize("form", ["json", "text"])
def test_full_disk_stops_nobody(form: str) -> None:
    """Where every write fails for want of space, the program goes on and ends well."""
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        assert "done\n" == spoken(form, stderr=full).stdout


@pytest.mark.parametrize("form", ["json", "text"])
def test_reader_who_left_stops_nobody(form: str) -> None:
    """Where nobody reads the pipe any more, the program goes on and ends well."""
    reader = subprocess.Popen(["true"], stdin=subprocess.PIPE)  # noqa: S607
    reader.wait()
    assert reader.stdin is not None
    assert "done\n" == spoken(form, stderr=reader.stdin).stdout
    reader.stdin.close()


def test_without_standard_error_no_other_file_is_written_to() -> None:
    """A program started without standard error may have another file under its number, which the log leaves alone."""
    open_a_file = "import tempfile\nother = tempfile.TemporaryFile(buffering=0)\nassert other.fileno() == 2\n"
    look = "\nother.seek(0)\nprint(other.read())"
    program = open_a_file + SPEAK.format(form="json", level="info", hostile=HOSTILE) + look
    said = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" 2>&-', "sh", sys.executable, "-c", program],
        check=True, text=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert said.stdout == "done\nb''\n"
