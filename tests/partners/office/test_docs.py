"""What docs/offices.md shows is what the commands take."""

import re
import shlex
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from nats.aio.client import Client
from typer.main import get_command

from partners.notify.recipients import read_recipients
from partners.office.documents import event_of
from partners.office.entries import event_with
from partners.office.plan import LINES
from services.command import commands
from shared.contracts import Determination, LaboratoryAccredited, PlanAdopted, ReinspectionReported
from shared.settings import Settings
from shared.workdays import CHINA
from tests.county import say
from tests.examples import report
from tests.listening import is_idle
from tests.partners.laboratory.files import workbook
from tests.partners.office.test_at_work import CONCLUSION, HEADS, accredited
from tests.running import running_services
from tests.servers.nats import NatsServer
from tests.shian import Shell
from tests.speaking import until

PAGE = (Path(__file__).parents[3] / "docs" / "offices.md").read_text("utf-8")
PAGE_DAY = date(2026, 11, 24)
"""The day on which the page's examples are typed."""
BLANKS = re.compile(r"\b(FILE|NUMBER)\b")
"""What a person fills in."""


def examples() -> list[str]:
    """Every command that the page shows with all that it takes, in the order of the page."""
    text = PAGE.replace("\\\n", " ")
    shown = re.findall(r"^shian ([^#\n]+)|`shian ([^`]+)`", text, re.MULTILINE)
    typed = [" ".join((of_block or inline).split()) for of_block, inline in shown]
    return [line for line in typed if len(line.split()) > 1 and not line.startswith(("notify", "judge"))]


def written(folder: Path, number: int) -> Path:
    """One of the page's TOML blocks as a file."""
    block = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[number]
    path = folder / "example.toml"
    path.write_text(block, "utf-8")
    return path


def test_plan_of_the_page_can_be_adopted(tmp_path: Path) -> None:
    """The example of a plan is one."""
    plan = event_with(PlanAdopted, LINES, written(tmp_path, 0), None)
    assert ("PLAN-2026", [40, 12]) == (plan.plan_no, [line.samples for line in plan.lines])


def test_recipients_of_the_page_can_be_told(tmp_path: Path) -> None:
    """The example of a recipients file is one, and its filter tells the officer of failures and clocks only."""
    officer, head = read_recipients(written(tmp_path, 1)).to
    types = ("food.sample.failed.v1", "food.clock.missed.v1", "food.alert.raised.v1")
    assert [(True, True, False), (False, True, True)] == [
        tuple(one.wants(type_) for type_ in types) for one in (officer, head)
    ]


def test_files_of_the_page_are_read(tmp_path: Path) -> None:
    """The example of an accreditation, and that of a re-inspection's conclusion, are such events."""
    accredited = event_of(LaboratoryAccredited, written(tmp_path, 2))
    concluded = event_of(ReinspectionReported, written(tmp_path, 3))
    assert ("L0142", "S-0001") == (accredited.laboratory, concluded.sample_no)


def test_every_command_of_the_page_exists_with_its_options() -> None:
    """Each line that the page tells people to type names a command that there is, and options that it has."""
    typed = re.findall(r"shian ([a-z-]+ [a-z-]+)((?:[^`#\n]|\\\n)*)", re.sub(r"`shian (notify|judge)[^`]*`", "", PAGE))
    groups = get_command(commands).commands  # type: ignore[attr-defined]
    assert len(typed) > 15
    for path, rest in typed:
        group, name = path.split()
        options = {name for option in groups[group].commands[name].params for name in option.opts}
        assert set() == set(re.findall(r"--[a-z-]+", rest)) - options, path


class Typist:
    """Somebody who types the page's examples as they stand, on the day on which the test runs."""

    def __init__(self, shian: Shell) -> None:
        self._shian = shian
        self._left = examples()
        self._moved = datetime.now(CHINA).date() - PAGE_DAY

    async def types(self, start: str, user: str = "officer-O001", **blanks: str) -> str:
        """Type the first example that begins so; what the command says."""
        line = next(line for line in self._left if line.startswith(start))
        self._left.remove(line)
        line = re.sub(r"2026-1\d-\d\d", lambda day: str(date.fromisoformat(day[0]) + self._moved), line)
        line = BLANKS.sub(lambda blank: blanks[blank[0]], line)
        code, said = await self._shian(line, user)
        assert 0 == code, f"{shlex.split(line)}: {said}"
        return said

    def left(self) -> list[str]:
        """What was not typed."""
        return self._left


def forms(folder: Path) -> Path:
    """The samples that the page speaks of, as the national form in a workbook."""
    heads = [*HEADS.split(","), "任务来源", "生产企业社会信用代码"]
    day = datetime.now(CHINA) - timedelta(days=1)
    taken = ["S01、S02", f"{day:%Y-%m-%d} 09:30", "210283104", "流通", "农贸市场", "V0001"]
    lines = [
        [number, *taken, product, category, 2, 1, "kg", 18.5, seal, "2026年省级食品安全监督抽检", "P0001"]
        for number, product, category, seal in (
            ("S-0001", "草鱼", "食用农产品", "F-000871"),
            ("S-0002", "草鱼", "食用农产品", "F-000872"),
            ("S-0007", "大米", "粮食加工品", "F-000877"),
        )
    ]
    return workbook(folder / "forms.xlsx", lines, heads)


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which a person works."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


async def test_examples_of_the_page_are_accepted_as_they_stand(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    settings: Settings,
    server: NatsServer,
    operator: Client,
    in_folder: Path,
) -> None:
    """Each command of the page, typed in turn over a real exchange, is accepted."""
    shian = Shell(monkeypatch, capsys, settings)
    typist = Typist(shian)
    types, sampler = typist.types, "sampler-S01"
    forms(in_folder)
    (in_folder / "plan.toml").write_text(re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[0], "utf-8")
    await types("person keygen")
    async with running_services(settings, "sampling", "enforcement"):
        await accredited(shian, in_folder)
        await types("laboratory accredit", FILE="accreditation.toml")
        said = await types("sample collect", sampler)
        assert "Left out: 任务来源 where it is no plan's number" in said
        await types("sample hand-over", sampler)
        await types("rapid-test record", sampler)
        await types("plan adopt")
        await types("plan list")
        await types("plan show")
        await types("sample receive", "lab-L0142")
        await types("clock correct")
        await types("sample refuse", "lab-L0142")
        found = (Determination(analyte="孔雀石绿", result="4.10μg/kg", limit="不得检出", kind="confirmatory"),)
        facts = {"seller": None, "producer": None}
        fish = {"product": "草鱼", "category": "食用农产品", "sample_no": "S-0001", "report_no": "R-0001"}
        await say(server, "lab.L0142", report("1", determinations=found, **facts, **fish))
        unclear = (Determination(analyte="结构", result="", limit=""),)
        rice = {"sample_no": "S-0007", "report_no": "R-0007"}
        await say(server, "lab.L0142", report("7", determinations=unclear, **facts, **rice))
        await until(lambda: is_idle(operator, "sampling"))
        for seen in ("sample waiting", "unclear list", "clock list", "sample show"):
            await types(seen)
        await types("unclear settle")
        await types("notice print")
        await types("notice serve")
        said = await types("reinspect request")
        said = await types("reinspect call-off", NUMBER=said.split()[2])
        number, drawn = said.split()[2], said.partition(": ")[2].partition(": ")[2].split()[0]
        assert number in await types("reinspect list")
        conclusion = CONCLUSION.replace("S-1", "S-0001").replace("未检出", "")
        today = datetime.now(CHINA).date()
        (in_folder / "conclusion.toml").write_text(conclusion.format(number=number, today=today), "utf-8")
        await shian("sample receive S-0001 --portion reserve --seal F-000871", f"lab-{drawn}")
        await types("reinspect conclude", f"lab-{drawn}", FILE="conclusion.toml")
        await types("reinspect settle")
        said = await types("objection file")
        assert "objection" in await types("objection list")
        await types("objection decide", NUMBER=said.split()[2])
        await types("disposal close")
    assert [] == typist.left()
