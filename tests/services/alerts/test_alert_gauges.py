"""The gauge of the alerts that stand."""

from datetime import datetime

import pytest
from nats.aio.client import Client

from services.alerts.alert_gauges import measure
from services.alerts.app import build
from services.alerts.metrics import AlertsMetrics
from shared.contracts import Level
from shared.database import Database
from shared.settings import Settings
from shared.workdays import CHINA
from tests.county import say
from tests.examples import failed_sample
from tests.listening import is_idle
from tests.servers.nats import NatsServer
from tests.speaking import until
from tests.undoing import overturned


@pytest.fixture
def settings(settings: Settings, database_url: str) -> Settings:
    """The same system, on SQLite and on PostgreSQL."""
    return settings.model_copy(update={"database_url": database_url})


async def test_gauge_shows_the_alerts_that_stand(server: NatsServer, settings: Settings, operator: Client) -> None:
    """One that was cancelled no longer counts; levels without an alert are zero."""
    first, second = failed_sample("1", producer="甲"), failed_sample("2", producer="乙")
    await say(server, "sampling", first, second, overturned(first))
    async with build(settings).start_lifespan_context():
        await until(lambda: is_idle(operator, "alerts"))
    metrics, database = AlertsMetrics(), Database(settings.database_of("alerts"))
    async with database.read() as connection:
        await measure(metrics)(connection, datetime.now(CHINA))
    await database.close()
    shown = [metrics.registry.get_sample_value("shian_alerts", {"level": level.value}) for level in Level]
    assert [0, 0, 0, 1] == sorted(number or 0 for number in shown)
