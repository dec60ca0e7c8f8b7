"""What docs/cases.md shows is what the commands take: a case is led to its end by typing the page."""

import re
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest
from nats.aio.client import Client
from pypdf import PdfReader
from typer.main import get_command

from services.command import commands
from shared.contracts import (
    CaseJudged,
    CaseProsecuted,
    CaseTransferred,
    JointSupervision,
    PoliceDeclined,
    PoliceFiled,
    PoliceReceived,
    PoliceUpheld,
)
from shared.contracts.case_step import CaseStep
from shared.permissions import OPERATOR, RECORDS
from shared.record import read_record
from shared.settings import Settings
from shared.workdays import CHINA
from tests.county import say
from tests.examples import failed_sample
from tests.listening import is_idle
from tests.running import in_own_task, running_services
from tests.servers.nats import NatsServer
from tests.shian import Shell
from tests.speaking import record, until

PAGE = (Path(__file__).parents[3] / "docs" / "cases.md").read_text("utf-8")
SECOND, HEAD = "officer-O003", "head-H001"
POLICE, PROCURATORATE = "police.210283", "procuratorate.210283"


def examples() -> list[str]:
    """Every command that the page shows."""
    shown: Sequence[str] = re.findall(r"`shian ((?:case|credit|person) [^`]+)`", PAGE)
    return [line for line in shown if line != "case show"]


def block(number: int) -> str:
    """One of the page's TOML blocks."""
    found: Sequence[str] = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    return found[number]


def test_every_command_of_the_page_exists_with_its_options() -> None:
    """Each names a command that there is, options that it has, and no command of cases is left out."""
    groups = get_command(commands).commands  # type: ignore[attr-defined]
    named = set()
    for line in examples():
        group, name, *rest = line.split(" ", 2)
        options = {name for option in groups[group].commands[name].params for name in option.opts}
        assert set() == set(re.findall(r"--[a-z-]+", " ".join(rest))) - options, line
        named.add((group, name))
    there_are = {(group, name) for group in ("case", "credit") for name in groups[group].commands}
    assert there_are == {one for one in named if one[0] != "person"}


class Office:
    """The people of one agency, who type the page's examples about one case."""

    def __init__(self, shian: Shell, server: NatsServer, operator: Client, folder: Path) -> None:
        self.shian = shian
        self._server = server
        self._operator = operator
        self._left = examples()
        self.folder = folder
        self.case_no = ""

    async def show(self) -> str:
        """The case as the page's command shows it."""
        code, said = await self.shian(f"case show {self.case_no}")
        assert code == 0
        return said

    async def version(self) -> str:
        """The version in which the case stands."""
        (version,) = re.findall(r"version (\d+),", (await self.show()).split("\n")[0])
        return str(version)

    async def digest(self) -> str:
        """The digest of the dossier."""
        (digest,) = re.findall(r"^dossier ([0-9a-f]{64})", await self.show(), re.MULTILINE)
        return str(digest)

    async def types(self, start: str, user: str = "officer-O001", exit_code: int = 0, **blanks: str) -> str:
        """Type the first example that begins so, filled in; what the command says."""
        line = next(line for line in self._left if line.startswith(start))
        if not exit_code:
            self._left.remove(line)
        line = line.replace("CASE:N", "CASE:VERSION").replace("--version N", f"--version {await self.version()}")
        if "DIGEST" in line:
            line = line.replace("DIGEST", await self.digest())
        for blank, value in {"CASE": self.case_no, **blanks}.items():
            line = line.replace(blank, value)
        code, said = await self.shian(line, user)
        assert exit_code == code, f"{line}: {said}"
        return said

    async def answers(self, teller: str, kind: type[CaseStep], **said: object) -> None:
        """Police or procuratorate answer, and the exchange has heard it."""
        version = int(await self.version())
        event = kind.model_validate({"case_no": self.case_no, "version": version, "at": _now(), **said})
        await say(self._server, teller, event)
        await until(lambda: is_idle(self._operator, "enforcement"))

    def left(self) -> list[str]:
        """What was not typed."""
        return self._left


def _now() -> str:
    return datetime.now(CHINA).isoformat()


@pytest.fixture
async def office(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    settings: Settings,
    server: NatsServer,
    operator: Client,
    tmp_path: Path,
) -> AsyncIterator[Office]:
    """An agency at work in a folder, with one case."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    settings = settings.model_copy(update={"evidence_folder": tmp_path / "evidence"})
    office = Office(Shell(monkeypatch, capsys, settings), server, operator, folder)
    for name in ("test.pdf", "seizure.pdf", "list.pdf"):
        (folder / name).write_bytes(f"%PDF {name}".encode())
    async with in_own_task(running_services(settings, "sampling", "enforcement")):
        await say(server, "sampling", failed_sample("1"))
        await until(lambda: is_idle(operator, "enforcement"))
        _, said = await Shell(monkeypatch, capsys, settings)("case list")
        office.case_no = said.split()[0]
        yield office


async def test_page_leads_a_case_to_its_judgment(office: Office, operator: Client) -> None:
    """Each command of the page, typed in turn by whoever it is for, is accepted."""
    types, folder = office.types, office.folder
    await _to_the_transfer(office)
    (transferred,) = [e.data for e in await record(operator, "CASES") if isinstance(e.data, CaseTransferred)]
    assert await office.digest() == transferred.dossier
    await types("case export")
    assert "unchanged" in await types("case check")
    await office.answers(POLICE, PoliceReceived)
    await office.answers(POLICE, PoliceDeclined, why="The facts show no crime.")
    await types("case reconsider")
    await office.answers(POLICE, PoliceUpheld, why="Nothing new was shown.")
    await types("case suggest")
    await office.answers(POLICE, PoliceFiled)
    await office.answers(PROCURATORATE, JointSupervision, why="It is a major case.")
    (clock,) = re.findall(r"REF-11:\S+", await office.show())
    await types("case clock", **{f"REF-11:{office.case_no}:VERSION": clock, "2026-12-01": "2099-12-01"})
    await types("case hand-over")
    await office.answers(PROCURATORATE, CaseProsecuted)
    await office.answers(PROCURATORATE, CaseJudged, outcome="convicted")
    penalty = block(1).replace("CASE", office.case_no).replace("99", await office.version())
    (folder / "penalty.toml").write_text(penalty.replace("2026-11-25T09:00:00+08:00", _now()), "utf-8")
    await types("case penalise")
    await types("case publish")
    await types("credit enter")
    (entry,) = re.findall(r"L-[A-Z2-7]{12}", await types("credit list"))
    assert "barred" in await types("credit repair", exit_code=1, ENTRY=entry, **{"2028-01-10": _now()[:10]})
    await types("case bulletin", HEAD)
    await types("case close")
    assert [] == await _where_names_stand(office, operator)
    assert ['credit repair ENTRY --on 2028-01-10 --why "已全面整改"'] == office.left()


async def _to_the_transfer(office: Office) -> None:
    """Evidence, report, two signatures that come to nothing, two that do, approval and transfer."""
    types, folder = office.types, office.folder
    await types("person keygen")
    assert "possible now" in await types("case show")
    assert office.case_no in await types("case list")
    await types("case flag")
    await types("case add")
    await types("case facts")
    (folder / "report.toml").write_text(block(0).replace("CASE", office.case_no), "utf-8")
    await types("case draft")
    letter = "".join(page.extract_text() for page in PdfReader(folder / "drafts" / "LETTER-01.pdf").pages)
    assert "庄河市公安局" in letter
    await types("case seize")
    await types("case release")
    await types("case report")
    assert "same_person" in await types("case sign", exit_code=1)
    await types("case withdraw")
    await _report_again(office)
    await types("case sign", SECOND)
    await types("case refuse", HEAD)
    await _report_again(office)
    await _sign_again(office)
    await types("case approve", HEAD)
    await types("case transfer")


async def _report_again(office: Office) -> None:
    code, said = await office.shian(f"case report report.toml --version {await office.version()}")
    assert code == 0, said


async def _sign_again(office: Office) -> None:
    line = f"case sign {office.case_no} --version {await office.version()} --dossier {await office.digest()}"
    code, said = await office.shian(line, SECOND)
    assert code == 0, said


async def _where_names_stand(office: Office, operator: Client) -> list[str]:
    """Every stream and database in which a name or a personal number of the report stands."""
    personal = re.findall(r'^(?:name|identity_no) = "(.+)"$', block(0), re.MULTILINE)
    personal.remove("草鱼")  # of the goods
    kept = {str(path): path.read_bytes() for path in office.folder.parent.glob("*.db*")}
    for stream in RECORDS:
        messages = [message.data async for message in read_record(operator, stream, name=OPERATOR)]
        kept[stream] = b"".join(messages)
    assert len(personal) == 5
    assert all(kept[place] for place in ("PARTNERS", "CASES", "RECEIPTS"))
    return [place for place, data in kept.items() if any(name.encode() in data for name in personal)]
