"""Provisioning the bus: keys and the server's configuration, then streams and consumers.

``python -m services.provision keys`` writes ``server.conf`` and a seed for each user that has none; ``… streams`` makes
the streams and consumers on the running server, or says how they differ. Both may be run again.
"""

import asyncio
import contextlib
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from nats.js import JetStreamContext
from nats.js.errors import APIError, NotFoundError

from services.handing_out import hand_out
from shared.connection import connect
from shared.contracts.catalogue import SERVICES
from shared.failure import CannotStartError
from shared.keys import public_key_of, replace_file, secret_in, seed_in
from shared.partners import Partner, read_partners
from shared.permissions import INSIDERS, STEWARD, Cluster, grants, server_config
from shared.settings import Settings, from_environment
from shared.streams import consumer_config, consumers_of, only_lacks, provision
from shared.streams import replicate as replicate_streams

ROUTES = 6222
"""The port on which the nodes of a cluster reach each other."""
NODES_ARE_THERE = 30.0
"""Seconds after which a cluster that starts has all its nodes."""
SERVICE_UNAVAILABLE, NO_SUITABLE_PEERS = 503, 10005

commands = typer.Typer(add_completion=False, help=__doc__)


def write_server_config(  # noqa: PLR0913 - what one server is given
    folder: Path,
    partners: Sequence[Partner],
    *,
    listen: str,
    store: Path,
    make_partner_keys: bool = False,
    nodes: Sequence[str] = (),
    tls: Path | None = None,
    reshape: bool = False,
) -> Path:
    """Write ``server.conf`` into the folder of keys, making what keys are missing; returns its path.

    A partner makes its own key and hands in the public half; ``make_partner_keys`` makes one here for each that has
    none, for a demonstration. ``nodes`` are those of a cluster. Raises CannotStartError, unless ``reshape``, where a
    server that stood alone would become part of a cluster, or the other way round: its streams would be gone.
    """
    insiders = {user: public_key_of(seed_in(folder, user)) for user in INSIDERS}
    if make_partner_keys:
        partners = [partner if partner.public_key else _with_key(partner, folder) for partner in partners]
    path = folder / "server.conf"
    if not reshape:
        _keep_shape(path, nodes)
    cluster = _cluster(nodes, secret_in(folder, "cluster")) if nodes else None
    text = server_config(
        grants(partners, insiders), listen=listen, store=store, cluster=cluster, tls=_folder_of_certificate(tls)
    )
    replace_file(path, text.encode(), 0o600 if cluster else 0o644)  # with a secret in it, or without
    return path


def _cluster(nodes: Sequence[str], secret: str) -> Cluster:
    return Cluster([node if ":" in node else f"{node}:{ROUTES}" for node in nodes], secret, f"0.0.0.0:{ROUTES}")


def _keep_shape(path: Path, nodes: Sequence[str]) -> None:
    """Raise CannotStartError where the server of this configuration keeps its streams in the other way."""
    if not path.exists() or ("\ncluster {" in path.read_text("utf-8")) == bool(nodes):
        return
    was, is_to_be = ("alone", "one of a cluster") if nodes else ("one of a cluster", "alone")
    message = (
        f"The server of {path} was {was} and would be {is_to_be}, and a server that is {is_to_be} does not find the "
        f"streams that it kept when it was {was}. Name the nodes (`--cluster`) as before; `--reshape` writes the "
        "configuration nevertheless, for a bus that may begin anew."
    )
    raise CannotStartError(message)


def _folder_of_certificate(folder: Path | None) -> Path | None:
    """The folder, if it holds a certificate and its key; none if neither."""
    if folder is None:
        return None
    try:
        if not folder.is_dir():
            message = f"The folder of the certificate, {folder}, is not there; make it, or leave --tls out."
            raise CannotStartError(message)
        there = {name for name in ("cert.pem", "key.pem") if (folder / name).exists()}
    except OSError as error:
        message = f"The folder of the certificate, {folder}, cannot be looked into ({error.strerror})."
        raise CannotStartError(message) from error
    if len(there) == 1:
        message = (
            f"{folder} holds {there.pop()} alone: cert.pem and key.pem belong together; put both there, or neither."
        )
        raise CannotStartError(message)
    return folder if there else None


def _with_key(partner: Partner, folder: Path) -> Partner:
    return partner.model_copy(update={"public_key": public_key_of(seed_in(folder, partner.user))})


async def make_streams(
    settings: Settings, partners: Sequence[Partner], *, force: bool = False, is_replicating: bool = False
) -> None:
    """Make what streams and consumers are missing; raises CannotStartError where one exists and differs.

    A durable that a running service reads is widened only with ``force``: a service of the earlier version would make
    dead letters of the events that it does not know. ``is_replicating`` changes the number of copies of each stream.
    """
    client = await connect(settings, STEWARD)
    try:
        jetstream = client.jetstream()
        await _when_nodes_are_there(settings, lambda: _refuse_to_widen(jetstream, settings, force=force))
        if is_replicating:
            await replicate_streams(jetstream, settings)
        await _when_nodes_are_there(settings, lambda: provision(jetstream, partners, settings))
    finally:
        await client.close()


async def _when_nodes_are_there(settings: Settings, work: Callable[[], Awaitable[None]]) -> None:
    """Do this, on a cluster again and again for a while: nodes that start find each other one by one."""
    deadline = time.monotonic() + NODES_ARE_THERE
    while True:
        try:
            await work()
        except (APIError, TimeoutError) as error:
            if settings.replicas == 1 or not _lacks_nodes(error):
                raise
            if time.monotonic() > deadline:
                message = (
                    f"The bus has no place for {settings.replicas} copies of a stream ({error}): see that as many of "
                    "its nodes run and reach each other, or set SHIAN_REPLICAS to how many there are."
                )
                raise CannotStartError(message) from error
            await asyncio.sleep(0.5)
        else:
            return


def _lacks_nodes(error: Exception) -> bool:
    """Whether it may be otherwise in a moment: nobody leads yet, or there are too few to follow."""
    return not isinstance(error, APIError) or error.code == SERVICE_UNAVAILABLE or error.err_code == NO_SUITABLE_PEERS


async def _refuse_to_widen(jetstream: JetStreamContext, settings: Settings, *, force: bool) -> None:
    if not force and (running := await _running_and_narrow(jetstream, settings)):
        message = (
            f"A running service reads what would be widened: {', '.join(running)}. An earlier version buries the "
            "events that it does not know, so stop all services first; `--force` widens nevertheless."
        )
        raise CannotStartError(message)


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
def keys_command(  # noqa: PLR0913, PLR0917 - options of the command line
    folder: Annotated[Path, typer.Option(help="Where seeds and server.conf are kept.")] = Path("var/keys"),
    partners: Annotated[Path | None, typer.Option(help="The partners file.")] = None,
    listen: Annotated[str, typer.Option(help="Address of the server.")] = "127.0.0.1:4222",
    store: Annotated[Path, typer.Option(help="Where the server keeps its streams.")] = Path("var/jetstream"),
    cluster: Annotated[str, typer.Option(help="The nodes of a cluster, with commas, each host or host:port.")] = "",
    tls: Annotated[Path | None, typer.Option(help="Folder of cert.pem and key.pem, as the server sees it.")] = None,
    reshape: Annotated[bool, typer.Option("--reshape", help="Also where streams get lost.")] = False,  # noqa: FBT002 - an option of the command line
    into: Annotated[Path | None, typer.Option("--hand-out", help="Folder for a folder of each one's keys.")] = None,
) -> None:
    """Write server.conf and the seeds that are missing."""
    known = read_partners(partners) if partners else ()
    nodes = [node.strip() for node in cluster.split(",") if node.strip()]
    path = write_server_config(folder, known, listen=listen, store=store, nodes=nodes, tls=tls, reshape=reshape)
    if into:
        hand_out(path, into, tls)
    typer.echo(f"wrote {path}")


@commands.command("streams")
def streams_command(
    partners: Annotated[Path | None, typer.Option(help="The partners file.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Widen also what a running service reads.")] = False,  # noqa: FBT002 - an option of the command line
    replicate: Annotated[bool, typer.Option("--replicate", help="Give streams SHIAN_REPLICAS copies.")] = False,  # noqa: FBT002 - an option of the command line
) -> None:
    """Make the streams and consumers that are missing, and widen those of an earlier version, services stopped."""
    known = read_partners(partners) if partners else ()
    asyncio.run(make_streams(from_environment(), known, force=force, is_replicating=replicate))
    typer.echo("streams and consumers are as this version needs them")


if __name__ == "__main__":
    try:
        commands()
    except CannotStartError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
