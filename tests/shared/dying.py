"""The toy alerts service in a process that kills itself around its first publish.

``python -m tests.shared.dying before`` dies between commit and publish, ``… after`` between publish and ack.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence

from services.alerts import store
from shared.bus import Bus
from shared.contracts import SampleFailed
from shared.heard import Told
from shared.metrics import Metrics
from shared.service import Service, make_app
from shared.settings import Settings
from tests.shared.test_journal import answer_all


async def main(moment: str) -> None:
    """Run until the kill."""
    publish = Bus.publish

    async def deadly(bus: Bus, told: Sequence[Told]) -> dict[str, int]:
        if moment == "after":
            await publish(bus, told)
        os.kill(os.getpid(), signal.SIGKILL)
        return {}

    Bus.publish = deadly  # type: ignore[method-assign, assignment]
    service = Service("alerts", "A toy.", store.tables, {SampleFailed: answer_all})
    async with make_app(service, Settings(), Metrics("alerts")).start_lifespan_context():
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
