"""The gauges of the cases, read from the database: every replica says the same. Labels are regions and closed lists."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from services.enforcement.metrics import EnforcementMetrics
from services.enforcement.on_case_flagged import JOINT, MAJOR
from services.enforcement.steps import State
from services.enforcement.store import cases
from shared.gauges import Measure


def measure(metrics: EnforcementMetrics) -> Measure:
    """What sets the gauges; a region that has a case shows every state, zeros too."""

    async def set_gauges(connection: AsyncConnection, now: datetime) -> None:
        del now
        states = await cases.count_states(connection)
        supervised = await cases.count_supervised(connection)
        undecided = await cases.count_undecided(connection)
        regions = {region for region, _ in states}
        metrics.count_cases(
            {(region, state.value): states.get((region, state.value), 0) for region in regions for state in State},
            {(region, how): supervised.get((region, how), 0) for region in regions for how in (MAJOR, JOINT)},
            {region: undecided.get(region, 0) for region in regions},
        )

    return set_gauges
