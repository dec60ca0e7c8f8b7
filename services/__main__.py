"""The whole system in one command: an embedded nats-server, SQLite files, the four services, until Ctrl-C."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from services.system import PROGRAMS, System, running
from shared.failure import CannotStartError
from shared.partners import read_partners
from shared.settings import from_environment

DEMONSTRATION = Path(__file__).parent.parent / "demo" / "partners.toml"


async def serve(folder: Path, partners_file: Path, port: int | None = None) -> None:
    """Run until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with running(folder, read_partners(partners_file), from_environment(), port=port) as system:
        _say(system)
        await stop.wait()
        print("stopping", flush=True)  # noqa: T201


def _say(system: System) -> None:
    moved = f"   (was {system.moved_from}; tell the partners)" if system.moved_from else ""
    print(f"bus          {system.settings.nats_url}   keys {system.settings.keys_folder}{moved}")  # noqa: T201
    for program in PROGRAMS:
        print(f"{program:<12} {'   '.join(system.pages_of(program).values())}")  # noqa: T201
    print(f"logs in {system.folder / 'logs'}; Ctrl-C stops", flush=True)  # noqa: T201


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:  # noqa: PLR2004 - the highest port
        message = f"{text} is no port; write a number from 1 to 65535, such as 4222"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def main() -> int:
    """The program; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m services", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("var"), help="where the data is kept")
    parser.add_argument("--partners", type=Path, default=DEMONSTRATION, help="the partners file")
    parser.add_argument("--port", type=_port, help="port of the bus; else the last run's, while it is free")
    given = parser.parse_args()
    try:
        asyncio.run(serve(given.folder, given.partners, given.port))
    except CannotStartError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
