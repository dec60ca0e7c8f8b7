"""The enforcement service's handlers over a real database, without the bus: what is said is answered at once."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from nats.aio.client import Client
from nats.aio.msg import Msg
from sqlalchemy import Row

from services.enforcement.app import handlers
from services.enforcement.store import cases, samples, steps, tables
from shared.contracts import (
    Event,
    EvidenceItem,
    EvidenceKind,
    RequestAccepted,
    RequestRefused,
    SampleFailed,
    digest_of,
    entry_of,
)
from shared.contracts.case_step import CaseStep
from shared.database import Database
from shared.envelope import open_envelope, source_of
from shared.evidence import EvidenceFolder
from shared.heard import Handler, Heard, Work
from shared.migrations import make_ready
from shared.origin import Origin
from shared.settings import Settings
from tests.examples import REGION, failed_sample

E = TypeVar("E", bound=Event)
NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)
"""Wednesday noon in China."""
_IDS = count(1)
_LAST_LOOK = 3
"""What is unknown is looked for three times; here there is nothing to wait for."""


@dataclass(slots=True)
class Desk:
    """A service at work; its clock stands until a test moves it."""

    database: Database
    folder: EvidenceFolder
    answers: Mapping[type[Event], Handler]
    now: datetime = NOON
    told: list[tuple[str, Event]] = field(default_factory=list)
    """Everything that was told, with the region in whose subjects it was told."""

    async def hear(self, teller: str, event: Event, *, region: str = REGION) -> list[Event]:
        """Let a partner or a service say something now; returns what is told of it."""
        subject = entry_of(type(event)).subject(region, teller.partition(".")[2])
        nanoseconds = int(self.now.timestamp() * 1e9)
        reply = f"$JS.ACK.PARTNERS.enforcement.{_LAST_LOOK}.{next(_IDS)}.1.{nanoseconds}.0"
        message = Msg(Client(), subject, reply, event.model_dump_json().encode())
        id_ = f"event-{next(_IDS)}"
        key = f"{source_of(teller)} {id_}"
        heard = Heard(event, key, id_, self.now, region, Origin(message), message)
        async with self.database.write() as connection:
            work = Work("enforcement", self.now, connection)
            await self.answers[type(event)]([heard], work)
        said = [open_envelope(one.subject, one.payload)[1] for one in work.told]
        self.told += [(envelope.region, envelope.data) for envelope in said]
        return [envelope.data for envelope in said]

    async def take(self, teller: str, kind: type[CaseStep], **said: Any) -> RequestAccepted | RequestRefused:
        """Let somebody take a step of the one case there is, as it stands, now; returns the receipt."""
        case = await self.case()
        region = said.pop("region", REGION)
        facts = {"case_no": case.case_no, "version": case.version, "at": self.now} | said
        told = await self.hear(teller, kind(**facts), region=region)
        (receipt,) = (one for one in told if isinstance(one, RequestAccepted | RequestRefused))
        return receipt

    async def case(self) -> Row[Any]:
        """The one case there is."""
        (case,) = await self.rows(cases.Case)
        return case

    async def rows(self, table: Any) -> list[Row[Any]]:
        """The rows of one of the service's tables."""
        async with self.database.read() as connection:
            return list(await connection.execute(table.__table__.select()))

    async def everything(self) -> list[list[Row[Any]]]:
        """Every row of the service's own tables and of its clocks."""
        async with self.database.read() as connection:
            clocks = list(await connection.execute(tables.clock.select()))
        return [clocks, *[await self.rows(table) for table in (cases.Case, samples.CaseSample, steps.CaseStepTaken)]]

    async def clocks(self) -> dict[str, Row[Any]]:
        """The clocks, each by its kind; of several of one kind the last."""
        async with self.database.read() as connection:
            found = await connection.execute(tables.clock.select().order_by(tables.clock.c.started))
            return {row.clock.partition(":")[0]: row for row in found}

    def item(self, kind: EvidenceKind, reference: str, text: str = "") -> EvidenceItem:
        """An item whose file is in the folder."""
        return item_in(self.folder, kind, reference, text)

    def dossier(self) -> tuple[EvidenceItem, ...]:
        """A complete dossier."""
        return dossier_in(self.folder)

    @property
    def digest(self) -> str:
        """Over the complete dossier."""
        return digest_of(self.dossier())

    def pass_time(self, **time: float) -> None:
        """Move the clock on."""
        self.now += timedelta(**time)

    def told_of(self, kind: type[E]) -> list[E]:
        """What was told of one kind, in order."""
        return [event for _, event in self.told if isinstance(event, kind)]


def item_in(folder: EvidenceFolder, kind: EvidenceKind, reference: str, text: str = "") -> EvidenceItem:
    """An item whose file is in this folder."""
    kept = folder.keep((text or f"{kind.value} {reference}").encode())
    return EvidenceItem(
        kind=kind,
        reference=reference,
        sha256=kept.sha256,
        size=kept.size,
        media_type="application/pdf",
        made_on=date(2026, 3, 4),
    )


def dossier_in(folder: EvidenceFolder) -> tuple[EvidenceItem, ...]:
    """A complete dossier, whose files are in this folder."""
    kinds = (
        EvidenceKind.TRANSFER_LETTER,
        EvidenceKind.INVESTIGATION_REPORT,
        EvidenceKind.GOODS_LIST,
        EvidenceKind.TEST_REPORT,
    )
    return tuple(item_in(folder, kind, f"{number:02}") for number, kind in enumerate(kinds))


@asynccontextmanager
async def desk_in(folder: Path) -> AsyncIterator[Desk]:
    """A desk with empty tables."""
    settings = Settings(
        database_url=f"sqlite+aiosqlite:///{folder}/{{service}}.db", evidence_folder=folder / "evidence"
    )
    database = Database(settings.database_of("enforcement"))
    await make_ready(database, "enforcement")
    try:
        yield Desk(database, EvidenceFolder(settings.evidence_folder), handlers(settings))
    finally:
        await database.close()


def of_the_lot(number: int) -> SampleFailed:
    """A failed sample of the one lot there is."""
    return failed_sample(str(number), production_date=date(2026, 2, 1))


@asynccontextmanager
async def desk_with_a_case(folder: Path) -> AsyncIterator[Desk]:
    """A desk with the case of one failed sample, which was referred."""
    async with desk_in(folder) as desk:
        await desk.hear("sampling", of_the_lot(1))
        desk.told.clear()
        yield desk
