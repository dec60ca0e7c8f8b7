"""An agency at work, for whatever authorities type."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from nats.aio.client import Client

from shared.contracts import HeadApproved, ReportSigned, ReportSubmitted, TransferSent, digest_of
from shared.evidence import EvidenceFolder
from shared.settings import Settings
from tests.county import say
from tests.examples import failed_sample
from tests.listening import is_idle
from tests.partners.authority.agency import Agency
from tests.running import in_own_task, running_services
from tests.servers.nats import NatsServer
from tests.services.enforcement.desk import dossier_in
from tests.shian import Shell
from tests.speaking import until


@pytest.fixture
async def agency(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    settings: Settings,
    server: NatsServer,
    operator: Client,
    tmp_path: Path,
) -> AsyncIterator[Agency]:
    """An agency whose case of one failed sample is transferred."""
    settings = settings.model_copy(update={"evidence_folder": tmp_path / "evidence"})
    async with in_own_task(running_services(settings, "enforcement")):
        agency = Agency(server, operator, Shell(monkeypatch, capsys, settings))
        await say(server, "sampling", failed_sample("1"))
        await until(lambda: is_idle(operator, "enforcement"))
        await agency.find_case()
        items = dossier_in(EvidenceFolder(settings.evidence_folder))
        await agency.takes("officer.O001", ReportSubmitted, offence="144", items=items)
        await agency.takes("officer.O003", ReportSigned, dossier=digest_of(items))
        await agency.takes("head.H001", HeadApproved, dossier=digest_of(items))
        await agency.takes("officer.O001", TransferSent, dossier=digest_of(items))
        yield agency
