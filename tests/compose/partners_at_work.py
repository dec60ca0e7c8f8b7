"""The demonstration's partners on a composition: what they publish, and whether all of it was answered once."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from nats.errors import Error as NatsError

from demo import record as records
from demo.forms import made_accreditations, made_forms, made_plan
from demo.partners_at_work import connected, publish
from demo.policies import made_policies
from demo.reports import Sending, published_reports, published_rows
from shared.permissions import OPERATOR
from shared.settings import Settings

FIRST_RUN = datetime(2026, 3, 2, tzinfo=UTC)
REPORTS = published_reports(published_rows(), FIRST_RUN)
PATIENCE = 120.0


async def say(settings: Settings, sendings: Sequence[Sending]) -> None:
    """Publish, however often the bus is away meanwhile; sent twice is taken once."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            await publish(settings, sendings, lambda *_: None)
        except (NatsError, OSError, TimeoutError):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.5)
        else:
            return


async def prepare(settings: Settings, reports: Sequence[Sending]) -> None:
    """Tell what must be known before reports: accreditations, the plan, the policies and the forms."""
    before = [*made_accreditations(), made_plan(FIRST_RUN), *made_policies(), *made_forms(list(reports), FIRST_RUN)]
    await say(settings, before)


async def whole_record(settings: Settings, reports: Sequence[Sending]) -> records.Record:
    """The record, once every report in it has all its decisions and none twice; fails with what is missing."""
    deadline = time.monotonic() + PATIENCE
    while True:
        faults = ["the bus is away"]
        try:
            async with connected(settings, OPERATOR) as operator:
                record = await records.read(operator)
        except (NatsError, OSError, TimeoutError):
            pass
        else:
            paths = record.paths
            faults = [
                f"{one.sample_no}: {fault}"
                for one in reports
                for fault in paths.get(one.sample_no, records.Path()).faults()
            ]
            if not faults:
                assert record.dead == 0
                return record
        assert time.monotonic() < deadline, faults[:10]
        await asyncio.sleep(0.5)
