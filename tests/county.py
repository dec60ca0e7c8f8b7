"""A county at work around its laboratories: an officer has accredited them, and samplers have sent their forms.

The bus keeps what partners say in one order, so what is said here stands before any report that is published later.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from uuid import uuid4

from shared.contracts import Event, ResultReported, SampleCollected
from shared.workdays import day_in_china
from tests.examples import REGION, accreditation, form
from tests.servers.nats import NatsServer
from tests.speaking import publish

LABORATORIES = ("L0142", "L0200", "L0300")


def today() -> date:
    """The day in China, asked when it is needed: a run may go on beyond a midnight there."""
    return day_in_china(datetime.now(UTC))


async def prepared(server: NatsServer, *reports: ResultReported, laboratories: Iterable[str] = LABORATORIES) -> None:
    """Accredit the laboratories for everything, and send the forms of the samples that these reports are on."""
    await say(server, "officer.O001", *(accreditation(laboratory) for laboratory in laboratories))
    forms = {reported.sample_no: form(reported) for reported in reports}
    await collected(server, *forms.values())


async def collected(server: NatsServer, *forms: SampleCollected) -> None:
    """Sampler S01 sends forms."""
    await say(server, "sampler.S01", *forms)


async def say(server: NatsServer, teller: str, *events: Event, region: str = REGION) -> None:
    """Publish events as one partner, each under an id of its own."""
    client = await server.connect(teller.replace(".", "-"))
    for event in events:
        await publish(client, teller, event, event_id=uuid4().hex, region=region)
    await client.close()
