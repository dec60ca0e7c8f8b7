"""Provisioning the bus: keys and the server's configuration, then streams and consumers.

``python -m services.provision keys`` writes ``server.conf`` and a seed for each user that has none; ``… streams`` makes
the streams and consumers on the running server, or says how they differ. Both may be run again.
"""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from shared.connection import connect
from shared.failure import CannotStartError
from shared.keys import public_key_of, seed_in
from shared.partners import Partner, read_partners
from shared.permissions import INSIDERS, STEWARD, grants, server_config
from shared.settings import Settings, from_environment
from shared.streams import provision

commands = typer.Typer(add_completion=False, help=__doc__)


def write_server_config(
    folder: Path, partners: Sequence[Partner], *, listen: str, store: Path, make_partner_keys: bool = False
) -> Path:
    """Write ``server.conf`` into the folder of keys, making what keys are missing; returns its path.

    A partner makes its own key and hands in the public half; ``make_partner_keys`` makes them here instead, for a
    demonstration.
    """
    insiders = {user: public_key_of(seed_in(folder, user)) for user in INSIDERS}
    if make_partner_keys:
        partners = [
            partner.model_copy(update={"public_key": public_key_of(seed_in(folder, partner.user))})
            for partner in partners
        ]
    path = folder / "server.conf"
    path.write_text(server_config(grants(partners, insiders), listen=listen, store=store), "utf-8")
    return path


async def make_streams(settings: Settings, partners: Sequence[Partner]) -> None:
    """Make what streams and consumers are missing; raises CannotStartError where one exists and differs."""
    client = await connect(settings, STEWARD)
    try:
        await provision(client.jetstream(), partners, settings)
    finally:
        await client.close()


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
) -> None:
    """Make the streams and consumers that are missing."""
    known = read_partners(partners) if partners else ()
    asyncio.run(make_streams(from_environment(), known))
    typer.echo("streams and consumers are as this version needs them")


if __name__ == "__main__":
    try:
        commands()
    except CannotStartError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
