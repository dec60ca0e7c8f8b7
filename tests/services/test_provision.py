"""Provisioning as its operator runs it: keys and the configuration, and the streams of a bus that is in use."""

from pathlib import Path

import pytest
from nats.aio.client import Client

from services.provision import make_streams, write_server_config
from shared.failure import CannotStartError
from shared.keys import new_seed, public_key_of
from shared.permissions import INSIDERS, STEWARD
from shared.settings import Settings
from tests.running import running_services
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
