"""Provisioning as its operator runs it: keys and the configuration, and the streams of a bus that is in use."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from nats.aio.client import Client
from nats.errors import Error as NatsError

from services import provision
from services.provision import make_streams, write_server_config
from shared.connection import connect
from shared.failure import CannotStartError
from shared.keys import new_seed, public_key_of
from shared.permissions import INSIDERS, OPERATOR, RECORDS, STEWARD
from shared.settings import Settings
from tests.running import running_services
from tests.servers.cluster import Cluster
from tests.servers.nats import INSURER, LABORATORY, PARTNERS, NatsServer


def test_only_partners_without_a_key_are_given_one(tmp_path: Path) -> None:
    """A registered public key stands in the configuration as it is, and no seed is written for its owner."""
    keyed = LABORATORY.model_copy(update={"public_key": public_key_of(new_seed())})
    keys = tmp_path / "keys"
    config = write_server_config(keys, (keyed, INSURER), listen="x:1", store=tmp_path, make_partner_keys=True)
    assert f"nkey: {keyed.public_key}," in config.read_text("utf-8")
    assert {path.stem for path in keys.glob("*.nk")} == {*INSIDERS, INSURER.user}


async def narrow(server: NatsServer) -> list[str]:
    """What the alerts hear of a bus of an earlier version, on which the durable is made."""
    steward = await server.connect(STEWARD)
    config = (await steward.jetstream().consumer_info("FOOD", "alerts")).config
    await steward.jetstream().delete_consumer("FOOD", "alerts")
    before = ["food.sample.failed.v1.*.*.*"]
    await steward.jetstream().add_consumer("FOOD", config.evolve(filter_subjects=before))
    await steward.close()
    return before


async def heard(operator: Client) -> list[str] | None:
    """What the alerts hear now."""
    info = await operator.jetstream().consumer_info("FOOD", "alerts")
    subjects: list[str] | None = info.config.filter_subjects
    return subjects


async def waiting(server: NatsServer) -> Client:
    """The alerts, waiting for messages as a running service does."""
    alerts = await server.connect("alerts")
    inbox = await alerts.subscribe(alerts.new_inbox())
    await alerts.publish("$JS.API.CONSUMER.MSG.NEXT.FOOD.alerts", b'{"batch": 9}', reply=inbox.subject)
    await alerts.flush()
    return alerts


async def test_what_a_running_service_reads_is_not_widened(
    settings: Settings, server: NatsServer, operator: Client
) -> None:
    """While somebody reads a durable that would be widened, provisioning names it and changes nothing."""
    wide = await heard(operator)
    before = await narrow(server)
    alerts = await waiting(server)
    with pytest.raises(CannotStartError, match=r"would be widened: alerts of FOOD\. .* stop all services first"):
        await make_streams(settings, PARTNERS)
    assert before == await heard(operator)
    await alerts.close()
    await make_streams(settings, PARTNERS)  # nobody reads it any more
    assert wide == await heard(operator)


async def test_force_widens_what_a_running_service_reads(
    settings: Settings, server: NatsServer, operator: Client
) -> None:
    """Who asks for it gets a durable widened under its reader."""
    wide = await heard(operator)
    await narrow(server)
    alerts = await waiting(server)
    await make_streams(settings, PARTNERS, force=True)
    assert wide == await heard(operator)
    await alerts.close()


async def test_running_services_do_not_keep_a_bus_from_being_provisioned_again(
    settings: Settings, operator: Client
) -> None:
    """Nothing is to be widened, so a new partner can be added while the services run."""
    async with running_services(settings, "alerts"):
        await make_streams(settings, (*PARTNERS, LABORATORY.model_copy(update={"id": "L0400"})))
    assert (await operator.jetstream().consumer_info("RECEIPTS", "lab-L0400")).name == "lab-L0400"


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Three nodes, none of them started."""
    cluster = Cluster(tmp_path, PARTNERS)
    yield cluster
    cluster.kill()


async def copies(settings: Settings) -> set[int | None]:
    """How many copies the streams have."""
    operator = await connect(settings, OPERATOR)
    infos = [await operator.jetstream(timeout=30).stream_info(stream) for stream in RECORDS]
    await operator.close()
    return {info.config.num_replicas for info in infos}


async def ignore(error: Exception) -> None:
    """A node that is dead is no matter here."""
    del error


async def say_until_it_is_taken(laboratory: Client, what: bytes) -> None:
    """Publish under one id again and again, as everybody must who gets no answer, while the others choose a leader."""
    async with asyncio.timeout(30):
        while True:
            with contextlib.suppress(NatsError):
                await laboratory.jetstream(timeout=2).publish(
                    "lab.L0142.anything", what, headers={"Nats-Msg-Id": what.decode()}
                )
                return


async def test_cluster_keeps_what_was_said_when_a_node_dies(cluster: Cluster) -> None:
    """Streams have three copies; with one node dead what was acknowledged is there, and more is taken."""
    cluster.start()
    settings = cluster.settings()
    await make_streams(settings, PARTNERS)
    assert await copies(settings) == {3}
    laboratory = await connect(settings, "lab-L0142", reconnect_time_wait=0.1, error_cb=ignore)
    await laboratory.jetstream(timeout=30).publish("lab.L0142.anything", b"before")
    cluster.kill(0)
    await say_until_it_is_taken(laboratory, b"after")
    await laboratory.close()
    operator = await connect(settings, OPERATOR, reconnect_time_wait=0.1, error_cb=ignore)
    assert [b"before", b"after"] == [(await operator.jetstream(timeout=30).get_msg("PARTNERS", n)).data for n in (1, 2)]
    await operator.close()


async def test_number_of_copies_is_changed_when_it_is_asked_for(cluster: Cluster) -> None:
    """Another SHIAN_REPLICAS is refused with the option that changes it, which keeps what the streams hold."""
    cluster.start()
    await make_streams(cluster.settings(3), PARTNERS)
    with pytest.raises(CannotStartError, match=r"has num_replicas 3 instead of 1.* with `--replicate`"):
        await make_streams(cluster.settings(1), PARTNERS)
    for wanted in (1, 3):
        await make_streams(cluster.settings(wanted), PARTNERS, is_replicating=True)
        assert await copies(cluster.settings()) == {wanted}


async def test_more_copies_than_nodes_are_refused(settings: Settings, operator: Client) -> None:
    """A server that stands alone keeps one copy, and says so."""
    assert operator.is_connected
    settings = settings.model_copy(update={"replicas": 3})
    with pytest.raises(CannotStartError, match=r"cannot have 3 replicas \(.*\): that needs as many nodes"):
        await make_streams(settings, PARTNERS, is_replicating=True)


async def test_missing_nodes_are_waited_for_and_then_named(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """With two nodes of three there is no place for three copies, until the third comes."""
    monkeypatch.setattr(provision, "NODES_ARE_THERE", 1)
    cluster.start(0, 1)
    with pytest.raises(CannotStartError, match=r"no place for 3 copies of a stream .* see that as many of its nodes"):
        await make_streams(cluster.settings(), PARTNERS)
    monkeypatch.setattr(provision, "NODES_ARE_THERE", 30)
    cluster.start(2)
    await make_streams(cluster.settings(), PARTNERS)
    assert await copies(cluster.settings()) == {3}


@pytest.mark.parametrize(("before", "after"), [((), ("nats",)), (("nats",), ())], ids=["into one", "out of one"])
def test_server_is_not_moved_between_alone_and_a_cluster_by_mistake(
    tmp_path: Path, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    """Its streams would be gone, so the configuration stays as it is unless that is asked for."""
    config = write_server_config(tmp_path, (), listen="x:1", store=tmp_path, nodes=before)
    kept = config.read_text("utf-8")
    with pytest.raises(CannotStartError, match=r"does not find the streams .* `--reshape` writes"):
        write_server_config(tmp_path, (), listen="x:1", store=tmp_path, nodes=after)
    assert kept == config.read_text("utf-8")
    write_server_config(tmp_path, (), listen="x:1", store=tmp_path, nodes=after, reshape=True)
    assert kept != config.read_text("utf-8")


def test_secret_of_a_cluster_is_made_once_and_is_its_owners(tmp_path: Path) -> None:
    """All nodes have the same secret, and the files that hold it are nobody else's to read."""
    config = write_server_config(tmp_path, (), listen="x:1", store=tmp_path, nodes=("one", "two:7"))
    secret = (tmp_path / "cluster.secret").read_text()
    assert f'routes: ["nats://node:{secret}@one:6222", "nats://node:{secret}@two:7"]' in config.read_text("utf-8")
    assert {path.stat().st_mode & 0o777 for path in (config, tmp_path / "cluster.secret")} == {0o600}
    first = config.read_text("utf-8")
    write_server_config(tmp_path, (), listen="x:1", store=tmp_path, nodes=("one", "two:7"))
    assert first == config.read_text("utf-8")


def test_certificate_without_its_key_is_refused(tmp_path: Path) -> None:
    """A folder with both encrypts, one with neither does not, one with half of it stops."""
    keys, tls = tmp_path / "keys", tmp_path / "tls"
    tls.mkdir()
    config = write_server_config(keys, (), listen="x:1", store=tmp_path, tls=tls)
    assert "tls {" not in config.read_text("utf-8")
    (tls / "cert.pem").touch()
    with pytest.raises(CannotStartError, match=r"holds cert\.pem alone: cert\.pem and key\.pem belong together"):
        write_server_config(keys, (), listen="x:1", store=tmp_path, tls=tls)
    (tls / "key.pem").touch()
    with pytest.raises(CannotStartError, match="elsewhere, is not there"):
        write_server_config(keys, (), listen="x:1", store=tmp_path, tls=tmp_path / "elsewhere")
    write_server_config(keys, (), listen="x:1", store=tmp_path, tls=tls)
    assert f'cert_file: "{tls}/cert.pem", key_file: "{tls}/key.pem"' in config.read_text("utf-8")
