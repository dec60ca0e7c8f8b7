"""Two replicas of the service, and two people who act on one case at once: one is first, the other looks again."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from nats.aio.client import Client

from services.enforcement.store.cases import Case
from services.enforcement.store.steps import CaseStepTaken
from shared.contracts import CaseOpened, MajorCaseFlagged, ReportSubmitted, RequestAccepted, RequestRefused
from shared.evidence import EvidenceFolder
from shared.settings import Settings
from tests.county import say
from tests.examples import failed_sample
from tests.listening import is_idle
from tests.running import running_services
from tests.servers.nats import NatsServer
from tests.services.enforcement.desk import dossier_in
from tests.speaking import record, until
from tests.undoing import rows

CASES = 20


@pytest.fixture
def settings(settings: Settings, database_url: str, tmp_path: Path) -> Settings:
    """The same system, on SQLite and on PostgreSQL, one message to a batch."""
    changes = {"database_url": database_url, "evidence_folder": tmp_path / "evidence", "batch_size": 1}
    return settings.model_copy(update={**changes, "ack_wait": timedelta(seconds=30)})


async def test_of_two_who_act_at_once_one_is_first(server: NatsServer, settings: Settings, operator: Client) -> None:
    """Of two reports on the same version of each case one is taken; versions have no gap, and nothing is lost."""
    items = dossier_in(EvidenceFolder(settings.evidence_folder))
    async with running_services(settings, "enforcement"), running_services(settings, "enforcement"):
        samples = [failed_sample(str(n), producer=f"P{n}", production_date=date(2026, 2, 1)) for n in range(CASES)]
        await say(server, "sampling", *samples)
        await until(lambda: is_idle(operator, "enforcement"), seconds=60)
        opened = [e.data.case_no for e in await record(operator, "CASES") if isinstance(e.data, CaseOpened)]
        facts = [{"case_no": case_no, "version": 1, "at": datetime.now(UTC)} for case_no in opened]
        await asyncio.gather(
            say(server, "officer.O001", *(ReportSubmitted(**one, offence="144", items=items) for one in facts)),
            say(server, "officer.O003", *(MajorCaseFlagged(**one, why="It is a major case.") for one in facts)),
        )
        await until(lambda: is_idle(operator, "enforcement"), seconds=60)
    receipts = [envelope.data for envelope in await record(operator, "RECEIPTS")]
    accepted = Counter(one.number for one in receipts if isinstance(one, RequestAccepted))
    refused = Counter((one.number, one.reason) for one in receipts if isinstance(one, RequestRefused))
    assert dict.fromkeys(opened, 1) == accepted
    assert {(case_no, "stale"): 1 for case_no in opened} == refused
    assert {2} == {row.version for row in await rows(settings, "enforcement", Case)}
    steps = Counter(row.case_no for row in await rows(settings, "enforcement", CaseStepTaken))
    assert dict.fromkeys(opened, 2) == steps
    assert CASES == len(opened)
