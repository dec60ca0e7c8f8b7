"""No service starts while another one's durable would pass over what it tells."""

import pytest
from nats.js import JetStreamContext

from shared.contracts.catalogue import SERVICES
from shared.failure import CannotStartError
from shared.hearers import hearers_of, require_hearers
from shared.permissions import STEWARD
from shared.settings import Settings
from shared.streams import Consumer, consumer_config
from tests.shared.conftest import Enter

FAILED, OVERTURNED = "food.sample.failed.v1.*.*.*", "food.sample.overturned.v1.*.*.*"


@pytest.fixture
async def steward(enter: Enter) -> JetStreamContext:
    """The steward's view of the provisioned bus."""
    return (await enter(STEWARD)).client.jetstream()


async def heard(steward: JetStreamContext, settings: Settings, *subjects: str) -> None:
    """Make the alerts hear these subjects of FOOD only."""
    await steward.delete_consumer("FOOD", "alerts")
    await steward.add_consumer("FOOD", consumer_config(Consumer("FOOD", "alerts", subjects), settings))


def test_hearers_are_those_of_the_catalogue() -> None:
    """Three services hear of sampling what may fail and be overturned; nobody hears another one's clocks."""
    three = [Consumer("FOOD", other, (FAILED, OVERTURNED)) for other in ("alerts", "enforcement", "insurance")]
    assert {"sampling": three, "alerts": [], "enforcement": [], "insurance": []} == {
        service: list(hearers_of(service)) for service in SERVICES
    }


@pytest.mark.parametrize("service", SERVICES)
async def test_every_service_can_look_at_its_hearers(enter: Enter, service: str) -> None:
    """A service's own permissions are enough, and on a provisioned bus everything is heard."""
    speaker = await enter(service)
    await require_hearers(speaker.client.jetstream(), service)
    assert speaker.refusals == []


async def test_durable_that_would_pass_over_something_stops_the_start(
    enter: Enter, steward: JetStreamContext, settings: Settings
) -> None:
    """The sentence names the durable, what it does not hear, and the order in which to upgrade."""
    await heard(steward, settings, FAILED)
    with pytest.raises(CannotStartError) as stopped:
        await require_hearers((await enter("sampling")).client.jetstream(), "sampling")
    assert str(stopped.value) == (
        f"What sampling tells would be passed over: consumer alerts of FOOD does not hear {OVERTURNED}. Stop all "
        "services, run `python -m services.provision streams` of this version, then start them."
    )


@pytest.mark.parametrize("subjects", [("food.>",), (FAILED, OVERTURNED, "food.sample.unclear.v1.*.*.*")])
async def test_durable_that_hears_more_is_none_of_the_tellers_business(
    enter: Enter, steward: JetStreamContext, settings: Settings, subjects: tuple[str, ...]
) -> None:
    """A durable of a later version, which hears more, keeps no earlier teller from starting."""
    await heard(steward, settings, *subjects)
    await require_hearers((await enter("sampling")).client.jetstream(), "sampling")


async def test_durable_that_does_not_exist_passes_over_nothing(enter: Enter, steward: JetStreamContext) -> None:
    """A durable that is made later begins at the first message."""
    await steward.delete_consumer("FOOD", "alerts")
    await require_hearers((await enter("sampling")).client.jetstream(), "sampling")


async def test_bus_that_does_not_say_is_named(enter_quietly: Enter) -> None:
    """A server with the permissions of an earlier version stops the start with what to do."""
    jetstream = (await enter_quietly("insurance")).client.jetstream(timeout=0.2)
    with pytest.raises(CannotStartError, match=r"does not say what consumer alerts of FOOD hears: run .*keys"):
        await require_hearers(jetstream, "sampling")
