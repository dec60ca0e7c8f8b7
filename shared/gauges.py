"""The gauges of a service: what its database and its parts say, looked up now and then.

Nothing is counted while messages are answered; a look reads what is counted from its own index, or little. A database
that is away, or does not answer, leaves the gauges as they are: ``shian_gauges_read_timestamp_seconds`` says since
when. The parts are asked beside that, so that ``shian_part_healthy`` holds whatever the database does.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clocks import count_clocks
from shared.database import UNAVAILABLE, Database
from shared.health import Health
from shared.ledger import count_unpublished
from shared.metrics import Metrics
from shared.tables import Tables

log = structlog.get_logger()
EVERY = 5.0
"""Seconds between two looks."""

Measure = Callable[[AsyncConnection, datetime], Awaitable[None]]
"""Sets gauges of a service's own from its database, at the time given."""


@dataclass(frozen=True, slots=True)
class Gauges:
    """Looks at one service."""

    database: Database
    tables: Tables
    metrics: Metrics
    health: Health
    now: Callable[[], datetime]
    actors: Mapping[str, str]
    """Whom each kind of the service's clocks binds; empty where it has none."""
    measures: Sequence[Measure] = ()

    async def read(self) -> None:
        """Look at the database once; what is wrong with a gauge is said and counted, and stops nothing else."""
        try:
            await self.look()
        except UNAVAILABLE as error:
            log.warning("database away", gauges=self.metrics.service, error=str(error).split("\n")[0])
        except Exception:
            log.exception("gauges failed", service=self.metrics.service)
            self.metrics.gauge_failures.inc()

    async def ask_parts(self) -> None:
        """Ask each part once how it is; an answer that does not come is one."""
        self.metrics.show_parts((await self.health.report()).parts())

    async def look(self) -> None:
        """Set every gauge that the database tells; raises one of ``UNAVAILABLE`` where it is away."""
        async with self.database.read() as connection:
            self.metrics.show_unconfirmed(*await count_unpublished(connection, self.tables))
            if self.actors:
                self.metrics.count_clocks(self.actors, await count_clocks(connection, self.tables))
            for measure in self.measures:
                await measure(connection, self.now())
        self.metrics.gauges_read.set_to_current_time()
