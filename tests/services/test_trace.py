"""Where the path of a sample is read from, and what is said where it cannot be."""

from datetime import date

import pytest
from nats.aio.client import Client

from services.trace import trace
from shared.contracts import PolicyBound
from shared.failure import CannotStartError
from shared.settings import Settings
from tests.county import prepared, say
from tests.examples import malachite_green_in_carp
from tests.running import is_quiet, running_services
from tests.servers.nats import NatsServer
from tests.speaking import until

POLICY = PolicyBound(policy_no="POL-1", insured="P0001", valid_from=date(2026, 1, 1), valid_to=date(2099, 12, 31))


async def test_one_database_for_all_services_is_refused() -> None:
    """An address without the service's name would show each step four times; it is refused with an example."""
    with pytest.raises(CannotStartError, match=r"write \{service\} where .* such as sqlite.*/\{service\}\.db\.$"):
        await trace(Settings(database_url="sqlite+aiosqlite:////srv/shian/sampling.db"), "S-1")


async def test_notice_on_a_policy_that_came_late_is_on_the_path(
    server: NatsServer, settings: Settings, operator: Client, database_url: str
) -> None:
    """What is told of a sample in answer to something else, here an insurer's policy, is shown too, and once."""
    settings = settings.model_copy(update={"database_url": database_url})
    failing = malachite_green_in_carp("1", producer=POLICY.insured)
    async with running_services(settings):
        await prepared(server, failing)
        await say(server, "lab.L0142", failing)
        await until(lambda: is_quiet(operator))
        await say(server, "insurer.I007", POLICY)
        await until(lambda: is_quiet(operator))
    steps = await trace(settings, failing.sample_no)
    assert 1 == sum("Insurer I007 notified" in step.sentence for step in steps)
    assert len(steps) == len({step.sentence for step in steps})
