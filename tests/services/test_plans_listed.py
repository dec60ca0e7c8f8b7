"""The plans as the office reads them: each in a line, and one with its targets, lines and townships."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.command import commands
from services.sampling.store import plans, reports, samples
from shared.contracts import Hazard, PlaceKind, PlanLine
from shared.settings import Settings
from tests.services.sampling.counting import PLAN, campaign_row, count, database_with_plan, plan_row
from tests.services.sampling.kept import database_of_sampling
from tests.services.sampling.test_store import failing, row, taken

LINES = (
    PlanLine(township="210283104", category="粮食加工品", hazard=Hazard.METAL, samples=4),
    PlanLine(place_kind=PlaceKind.SCHOOL_CANTEEN, samples=1),
    PlanLine(samples=3),
)


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where the database of sampling is looked for."""
    address = f"sqlite+aiosqlite:///{tmp_path}/sampling.db"
    monkeypatch.setenv("SHIAN_DATABASE_URL", address)
    return address


def filled(url: str) -> None:
    """A database with an annual plan and a campaign, and three samples that were taken."""

    async def fill() -> None:
        adopted = PLAN.model_copy(update={"lines": LINES, "key_categories": ("粮食加工品",)})
        async with database_with_plan(url) as database:
            async with database.write() as connection:
                await plans.adopt(connection, plan_row(version=2, adopted=adopted.model_dump_json()))
                await plans.adopt(connection, campaign_row())
                forms = [taken("1"), taken("2", township="210283999"), taken("3", plan_no="FISH-2026")]
                await samples.keep(connection, forms)
                await reports.keep(connection, [row("L0142", "R-1"), failing("2", "S-2")])
            await count(database, "1", "2", "3")

    asyncio.run(fill())


def said(command: str) -> list[str]:
    """What the command prints."""
    result = CliRunner().invoke(commands, command.split(), catch_exceptions=False)
    assert 0 == result.exit_code
    return result.output.splitlines()


def test_plans_are_listed(url: str) -> None:
    """Each plan has a line: period and version, samples, how far its targets are, and how many lines are reached."""
    filled(url)
    targets = (
        "samples_per_1000 2/2970 (0.1%); residue_samples_per_1000 0/1485 (0.0%); key_category_coverage 1/1 (100.0%); "
        "0 of 3 lines reached"
    )
    period = "2026-01-01 to 2026-12-31"
    assert [
        f"FISH-2026  21.02.83  campaign, {period}, version 1: 1 collected, 0 tested, 0 failed; 0 of 2 lines reached",
        f"PLAN-2026  21.02.83  annual, {period}, version 2: 2 collected, 2 tested, 1 failed; {targets}",
    ] == said("plan list")


def test_one_plan_is_shown(url: str) -> None:
    """A plan has its targets with their source, its lines with what each counts, and the county's townships."""
    filled(url)
    head, samples_, *rest = said("plan show PLAN-2026")
    assert "PLAN-2026  21.02.83  annual, 2026-01-01 to 2026-12-31, version 2: Plan of 2026" == head
    assert "  2 collected, 2 tested, 1 failed; 742496 people (resident)" == samples_
    assert rest[0].startswith("  samples_per_1000          2/2970 (0.1%) samples  (food-safety plan of Zhuanghe")
    assert [
        "  line:1                    1/4 (25.0%) samples  township 210283104 黑岛镇, 粮食加工品, metal",
        "  line:2                    0/1 (0.0%) samples  school_canteen",
        "  line:3                    2/3 (66.7%) samples  any sample of the plan",
    ] == rest[3:6]
    townships = rest[6:]
    assert "  township 210283101 青堆镇  0 collected, 0 tested, 0 failed" in townships
    assert "  township 210283104 黑岛镇  1 collected, 1 tested, 0 failed, 4 wanted" in townships
    assert "  township 210283999  1 collected, 1 tested, 1 failed" == townships[-1]


def test_campaign_is_shown_without_people(url: str) -> None:
    """A campaign has no target per 1000 people."""
    filled(url)
    assert not any("per_1000" in line for line in said("plan show FISH-2026"))


def test_what_is_not_there_is_said(url: str) -> None:
    """Without plans the list says so in a sentence, and so does a number that no plan has."""

    async def make() -> None:
        async with database_of_sampling(Settings(database_url=url)):
            pass

    asyncio.run(make())
    assert ["No plan was adopted."] == said("plan list")
    assert ["Plan PLAN-2025 was not adopted; check the number."] == said("plan show PLAN-2025")
