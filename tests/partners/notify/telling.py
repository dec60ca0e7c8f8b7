"""People being told, for the tests: what waits for them, and the program that brings it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from partners.notify.backlog import Backlog
from partners.notify.bringing import Bringing
from partners.notify.delivery import delivering
from partners.notify.recipients import Recipient, Recipients
from shared.contracts import SampleFailed
from shared.contracts.examples import TIME
from shared.envelope import open_envelope, seal
from tests.examples import REGION, failed_sample
from tests.partners.notify.hook import Hook

SUBJECT = f"{SampleFailed.TYPE}.{REGION}"


@asynccontextmanager
async def telling(folder: Path, *recipients: Recipient) -> AsyncIterator[Bringing]:
    """The program without the exchange, on the file in this folder."""
    with closing(Backlog(folder / "notify.db")) as backlog:
        async with delivering(None) as delivery:
            bringing = Bringing(Recipients(to=recipients), delivery, backlog, longest_wait=0.01)
            running = asyncio.create_task(bringing.run())
            yield bringing
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


def fail(bringing: Bringing, *numbers: str) -> None:
    """The exchange hands out failed samples."""
    for number in numbers:
        payload = seal(failed_sample(number), source="urn:shian:sampling", event_id=number, time=TIME, region=REGION)
        bringing.take(open_envelope(SUBJECT, payload)[1], SUBJECT, payload)


def samples(hook: Hook) -> list[str]:
    """The samples that were told, in order."""
    return [str(open_envelope(SUBJECT, body)[1].subject) for _, body in hook.bodies]
