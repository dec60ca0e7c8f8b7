"""The program that a service is when it runs alone: ``python -m services.<name> [upgrade]``."""

import contextlib
import gc
import logging
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from typing import Any

import structlog
import uvicorn
import uvloop
from prometheus_client import disable_created_metrics
from sqlalchemy.engine import make_url

from shared import logs
from shared.contracts.catalogue import SERVICES
from shared.ending import ended_when_hung
from shared.failure import CannotStartError
from shared.migrations import run_upgrade
from shared.settings import Settings, from_environment

log = structlog.get_logger()


def run(name: str, build: Callable[[Settings], Any], arguments: Sequence[str]) -> int:
    """The program ``python -m services.<name> [upgrade]``; returns its exit code."""
    if arguments and list(arguments) != ["upgrade"]:
        print(f"usage: python -m services.{name} [upgrade]", file=sys.stderr)  # noqa: T201 - for the person who started it
        return 2
    failures: list[CannotStartError] = []
    disable_created_metrics()  # type: ignore[no-untyped-call]
    form = logs.form_of(None)
    logs.prepare(name, form, "info")
    logging.captureWarnings(capture=True)
    try:
        settings = from_environment()
        form = logs.form_of(settings.logs)
        logs.prepare(name, form, settings.log_level)
        if arguments:
            run_upgrade(settings.database_of(name), name)
            return 0
        started = _serve(_remembering(build(settings), failures, facts_of(name, settings)), settings)
    except CannotStartError as error:
        failures.append(error)
        started = False
    except KeyboardInterrupt:
        return 0
    except Exception:  # the last words of the program, in the form of the others
        log.critical("ended by a fault of its own", exc_info=True)
        return 1
    for failure in failures:
        if form == "json":
            log.critical(str(failure))
        else:
            print(f"{name}: {failure}", file=sys.stderr)  # noqa: T201 - the sentence is for the person who started it
    return 0 if started else 1


def settle_memory() -> None:
    """Keep the garbage collector from walking over all that start-up made, again and again under load."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _serve(app: Any, settings: Settings) -> bool:
    settle_memory()
    config = uvicorn.Config(
        app, host=settings.host, port=settings.port, log_config=None, lifespan="on", timeout_graceful_shutdown=3
    )
    server = uvicorn.Server(config)

    async def serve() -> None:
        async with ended_when_hung():
            await server.serve()

    with contextlib.suppress(SystemExit):  # how uvicorn ends a start that failed
        uvloop.run(serve())
    return server.started


def facts_of(name: str, settings: Settings) -> dict[str, str]:
    """What the first line of a program's log says of it: what it is, and whom it talks to, without secrets."""
    facts = {"version": version("shian"), "revision": settings.revision, "bus": _without_user(settings.nats_url)}
    if name in SERVICES:
        address = make_url(settings.database_url.replace("{service}", name))
        facts["database"] = address.set(query={}).render_as_string(hide_password=True)
    return facts


def _without_user(nodes: str) -> str:
    """The addresses of the bus, with commas between them, without the users and passwords that may stand in them."""
    return ",".join(re.sub(r"//.*@", "//", node) for node in nodes.split(","))


def _remembering(app: Any, failures: list[CannotStartError], facts: Mapping[str, str]) -> Any:
    """The application, saying when it started and stopped, and of a failed start a sentence instead of a traceback."""

    async def remembering(scope: Any, receive: Any, send: Any) -> None:
        async def sending(message: Any) -> None:
            if message["type"] == "lifespan.startup.complete":
                log.info("started", **facts)
            elif message["type"] == "lifespan.shutdown.complete":
                log.info("stopped")
            await send(message)

        try:
            await app(scope, receive, sending)
        except CannotStartError as error:
            failures.append(error)

    return remembering
