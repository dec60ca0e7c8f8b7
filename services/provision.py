"""Provisioning the bus: keys and the server's configuration, then streams and consumers.

``python -m services.provision keys`` writes ``server.conf`` and a seed for each user that has none; ``… streams`` makes
the streams and consumers on the running server, or says how they differ. Both may be run again.
"""

import asyncio
import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from shared.connection import connect
from shared.contracts.catalogue import SERVICES
from shared.failure import CannotStartError
from shared.keys import public_key_of, seed_in
from shared.partners import Partner, read_partners
from shared.permissions import INSIDERS, STEWARD, grants, server_config
from shared.settings import Settings, from_environment
from shared.streams import consumer_config, consumers_of, only_lacks, provision

commands = typer.Typer(add_completion=False, help=__doc__)


def write_server_config(
    folder: Path, partners: Sequence[Partner], *, listen: str, store: Path, make_partner_keys: bool = False
) -> Path:
    """Write ``server.conf`` into the folder of keys, making what keys are missing; returns its path.

    A partner makes its own key and hands in the public half; ``make_partner_keys`` makes one here for each that has
    none, for a demonstration.
    """
    insiders = {user: public_key_of(seed_in(folder, user)) for user in INSIDERS}
    if make_partner_keys:
        partners = [partner if partner.public_key else _with_key(partner, folder) for partner in partners]
    path = folder / "server.conf"
    path.write_text(server_config(grants(partners, insiders), listen=listen, store=store), "utf-8")
    return path


def _with_key(partner: Partner, folder: Path) -> Partner:
    return partner.model_copy(update={"public_key": public_key_of(seed_in(folder, partner.user))})


async def make_streams(settings: Settings, partners: Sequence[Partner], *, force: bool = False) -> None:
    """Make what streams and consumers are missing; raises CannotStartError where one exists and differs.

    A durable that a running service reads is widened only with ``force``: a service of the earlier version would make
    dead letters of the events that it does not know.
    """
    client = await connect(settings, STEWARD)
    try:
        jetstream = client.jetstream()
        if not force and (running := await _running_and_narrow(jetstream, settings)):
            message = (
                f"A running service reads what would be widened: {', '.join(running)}. An earlier version buries the "
                "events that it does not know, so stop all services first; `--force` widens nevertheless."
            )
            raise CannotStartError(message)
        await provision(jetstream, partners, settings)
    finally:
        await client.close()


async def _running_and_narrow(jetstream: JetStreamContext, settings: Settings) -> list[str]:
    """The services' durables that lack subjects and have somebody waiting for messages."""
    found = []
    for consumer in (consumer for service in SERVICES for consumer in consumers_of(service)):
        with contextlib.suppress(NotFoundError):
            info = await jetstream.consumer_info(consumer.stream, consumer.name)
            narrow = only_lacks("filter_subjects", consumer_config(consumer, settings), info.config)
            if narrow and info.num_waiting:
                found.append(f"{consumer.name} of {consumer.stream}")
    return found


@commands.command("keys")
def keys_command(
    folder: Annotated[Path, typer.Option(help="Where seeds and server.conf are kept.")] = Path("var/keys"),
    partners: Annotated[Path | None, typer.Option(help="The partners file.")] = None,
    listen: Annotated[str, typer.Option(help="Address of the server.")] = "127.0.0.1:4222",
    store: Annotated[Path, typer.Option(help="Where the server keeps its streams.")] = Path("var/jetstream"),
) -> None:
    """Write server.conf and the seeds that are missing."""
    known = read_partners(partners) if partners else ()
    typer.echo(f"wrote {write_server_config(folder, known, listen=listen, store=store)}")


@commands.command("streams")
def streams_command(
    partners: Annotated[Path | None, typer.Option(help="The partners file.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Widen also what a running service reads.")] = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """Make the streams and consumers that are missing, and widen those of an earlier version, services stopped."""
    known = read_partners(partners) if partners else ()
    asyncio.run(make_streams(from_environment(), known, force=force))
    typer.echo("streams and consumers are as this version needs them")


if __name__ == "__main__":
    try:
        commands()
    except CannotStartError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
