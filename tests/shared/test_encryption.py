"""An encrypted bus is reached with the right authority only, and nothing goes on in plain where that was not said."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from nats.aio.client import Client

from shared.connection import connect
from shared.failure import CannotStartError
from shared.permissions import OPERATOR
from shared.settings import Settings
from tests.running import running_services
from tests.servers.nats import PARTNERS, NatsServer


def encrypted(folder: Path, name: str = "127.0.0.1") -> NatsServer:
    """A bus with a certificate for this name, whose authority lies beside it."""
    tls = folder / "tls"
    tls.mkdir()
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tls / "ca.pem")
    certificate = authority.issue_cert(name)
    certificate.private_key_pem.write_to_path(tls / "key.pem")
    for blob in certificate.cert_chain_pems:
        blob.write_to_path(tls / "cert.pem", append=True)
    return NatsServer(folder, PARTNERS, tls=tls)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[NatsServer]:
    """An encrypted bus."""
    server = encrypted(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def safe(server: NatsServer, tmp_path: Path) -> Settings:
    """Settings of a machine that knows the authority."""
    return Settings(
        nats_url=server.url.replace("nats://", "tls://"),
        nats_ca_file=tmp_path / "tls" / "ca.pem",
        keys_folder=server.keys,
        database_url=f"sqlite+aiosqlite:///{tmp_path}/{{service}}.db",
    )


@pytest.fixture
def other_authority(tmp_path: Path) -> Path:
    """The certificate of an authority that did not sign the bus's."""
    trustme.CA().cert_pem.write_to_path(tmp_path / "other.pem")
    return tmp_path / "other.pem"


def is_encrypted(client: Client) -> bool:
    """Whether the connection is under TLS."""
    transport = client._transport  # noqa: SLF001 - the library does not say
    return transport is not None and transport._io_writer.get_extra_info("ssl_object") is not None  # type: ignore[attr-defined]  # noqa: SLF001


async def test_partners_and_services_are_let_in(server: NatsServer, safe: Settings) -> None:
    """Who knows the authority connects, and the service is healthy."""
    await server.provision(safe)
    async with running_services(safe, "alerts"):
        client = await connect(safe, "lab-L0142")
        assert is_encrypted(client)
        await client.jetstream().publish("lab.L0142.anything", b"evidence")
        await client.close()


async def test_plain_address_of_an_encrypted_bus_is_encrypted_too(
    server: NatsServer, safe: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that waits for the server's word, as those of other languages do, is let in, but never in plain."""
    monkeypatch.setenv("SSL_CERT_FILE", str(safe.nats_ca_file))
    plain = safe.model_copy(update={"nats_url": server.url, "nats_ca_file": None})
    client = await connect(plain, OPERATOR)
    assert is_encrypted(client)
    await client.close()


async def test_bus_of_another_authority_is_not_trusted(safe: Settings, other_authority: Path) -> None:
    """A certificate that the authority did not sign stops a partner with a sentence."""
    settings = safe.model_copy(update={"nats_ca_file": other_authority})
    with pytest.raises(CannotStartError, match=r"is not trusted \(.+\): set SHIAN_NATS_CA_FILE to the certificate"):
        await connect(settings, "lab-L0142")


async def test_service_does_not_start_on_a_bus_that_it_does_not_trust(
    server: NatsServer, safe: Settings, other_authority: Path
) -> None:
    """The same sentence stops a service."""
    await server.provision(safe)
    with pytest.raises(CannotStartError, match=r"is not trusted \(.+\): set SHIAN_NATS_CA_FILE to the certificate"):
        async with running_services(safe.model_copy(update={"nats_ca_file": other_authority}), "alerts"):
            pass


async def test_bus_of_another_name_is_not_trusted(tmp_path: Path) -> None:
    """A certificate for another name is another bus's."""
    server = encrypted(tmp_path, "bus.example")
    server.start()
    settings = Settings(
        nats_url=server.url.replace("nats://", "tls://"),
        nats_ca_file=tmp_path / "tls" / "ca.pem",
        keys_folder=server.keys,
    )
    try:
        with pytest.raises(CannotStartError, match=r"IP address mismatch.* to a name that stands in it"):
            await connect(settings, "lab-L0142")
    finally:
        server.kill()


async def test_nothing_is_said_to_a_bus_that_is_not_encrypted(tmp_path: Path, other_authority: Path) -> None:
    """Who asked for encryption and meets a server without it goes no further."""
    server = NatsServer(tmp_path / "plain")
    server.start()
    settings = Settings(
        nats_url=server.url.replace("nats://", "tls://"), nats_ca_file=other_authority, keys_folder=server.keys
    )
    try:
        with pytest.raises(CannotStartError, match="does not speak TLS as this program does"):
            await connect(settings, "lab-L0142")
    finally:
        server.kill()


def test_stranger_without_encryption_is_sent_away(server: NatsServer) -> None:
    """The server says that it wants encryption, and ends a connection that goes on in plain."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as plain:
        word, _, information = plain.makefile("rb").readline().partition(b" ")
        assert (word, json.loads(information)["tls_required"]) == (b"INFO", True)
        plain.sendall(b"CONNECT {}\r\nPING\r\n")
        assert b"PONG" not in plain.recv(100)


@pytest.mark.parametrize("content", [None, "no certificate"])
async def test_bad_file_of_the_authority_is_named(safe: Settings, tmp_path: Path, content: str | None) -> None:
    """A file that is missing or holds something else stops with its name."""
    path = tmp_path / "bad.pem"
    if content:
        path.write_text(content)
    with pytest.raises(CannotStartError, match=r"SHIAN_NATS_CA_FILE=\S+/bad\.pem holds no certificate"):
        await connect(safe.model_copy(update={"nats_ca_file": path}), "lab-L0142")
