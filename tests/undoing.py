"""What undoes a failed sample, as sampling tells it, and what a service has told and kept in the end."""

from typing import Any

from nats.aio.client import Client
from sqlalchemy import select

from shared.contracts import Event, OverturnReason, SampleFailed, SampleOverturned
from shared.contracts.catalogue import ServiceName
from shared.database import Database
from shared.settings import Settings
from tests.speaking import record


def overturned(failed: SampleFailed, **changes: Any) -> SampleOverturned:
    """The failure of this report no longer counts: it passed at re-inspection, unless changed."""
    facts: dict[str, Any] = {
        "sample_no": failed.sample_no,
        "report_no": failed.report_no,
        "laboratory": failed.laboratory,
        "product": failed.product,
        "reason": OverturnReason.REINSPECTION_PASSED,
        "explanation": f"Re-inspection of {failed.sample_no} found nothing.",
        "by": "lab.L0200",
    }
    return SampleOverturned(**(facts | changes))


async def answers(operator: Client, *streams: str) -> list[Event]:
    """Everything on these streams but what sampling said."""
    events: list[Event] = [envelope.data for envelope in await record(operator, *streams)]
    return [event for event in events if not isinstance(event, SampleFailed | SampleOverturned)]


async def rows(settings: Settings, service: ServiceName, table: Any) -> list[Any]:
    """Every row of one of a service's tables, in the order of its primary key."""
    columns = table.__table__
    database = Database(settings.database_of(service))
    async with database.read() as connection:
        found = list(await connection.execute(select(columns).order_by(*columns.primary_key)))
    await database.close()
    return found
