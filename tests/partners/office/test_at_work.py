"""A county's sampler, officer and laboratories at work with the command, over the real service."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nats.aio.client import Client

from shared.contracts import Determination, FailureNotified, ResultReported, SampleOverturned
from shared.settings import Settings
from shared.workdays import day_in_china
from tests.county import say
from tests.examples import report
from tests.listening import is_idle
from tests.running import running_services
from tests.servers.nats import NatsServer
from tests.shian import Shell
from tests.speaking import record, until

NOW = datetime.now(UTC)
TODAY = day_in_china(NOW)
ACCREDITATION = """laboratory = "{laboratory}"
certificate_no = "CMA-{laboratory}"
valid_from = 2015-01-01
valid_to = 2099-12-31
[[scope]]
"""
HEADS = (
    "抽样编号,抽样人员,抽样时间,乡镇代码,抽样环节,抽样场所,社会信用代码,"
    "样品名称,食品大类,抽样数量,备样数量,单位,单价,封样编号"
)
TAKEN = f"S01、S02,{NOW - timedelta(days=1):%Y-%m-%d} 09:30,210283104,流通,农贸市场,V0001"
FORMS = f"{HEADS}\nS-1,{TAKEN},草鱼,食用农产品,2,1,kg,18.50,F-1\nS-2,{TAKEN},大米,粮食加工品,2,1,kg,6.50,F-2\n"
CONCLUSION = """reinspection_no = "{number}"
sample_no = "S-1"
report_no = "RR-1"
concluded_on = {today}
[[determinations]]
analyte = "孔雀石绿"
result = "未检出"
limit = "不得检出"
lod = "0.5μg/kg"
"""
PLAN = 'plan_no = "PLAN-1"\ntitle = "年度计划"\nkind = "annual"\nstarts = {0}-01-01\nends = {0}-12-31\n'
ROUND = """round_no = "PT-1"
substance = "镉"
unit = "mg/kg"
assigned = 0.204
sigma = 0.018
closed_on = 2026-03-01
"""


@pytest.fixture
def shian(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], settings: Settings) -> Shell:
    """The command on a machine of the agency."""
    return Shell(monkeypatch, capsys, settings)


async def accredited(shian: Shell, folder: Path) -> None:
    """An officer accredits the three laboratories."""
    for laboratory in ("L0142", "L0200", "L0300"):
        path = folder / "accreditation.toml"
        path.write_text(ACCREDITATION.format(laboratory=laboratory))
        code, said = await shian(f"laboratory accredit {path}")
        assert (0, f"Accepted: Laboratory {laboratory} is accredited 2015-01-01 to 2099-12-31.") == (code, said)


def written(folder: Path, name: str, text: str) -> str:
    """A file that a person wrote."""
    (folder / name).write_text(text, "utf-8")
    return str(folder / name)


def fish(**changes: object) -> ResultReported:
    """The report on the fish S-1: malachite green, confirmed."""
    found = (Determination(analyte="孔雀石绿", result="4.10μg/kg", limit="不得检出", kind="confirmatory"),)
    facts: dict[str, object] = {"product": "草鱼", "category": "食用农产品", "determinations": found}
    return report("1", seller=None, producer=None, **(facts | changes))


async def test_failed_fish_is_overturned_at_its_re_inspection(
    shian: Shell, settings: Settings, server: NatsServer, operator: Client, tmp_path: Path
) -> None:
    """From the form to the second laboratory, each person says their part, and the sample is overturned at the end."""
    forms, notice = written(tmp_path, "forms.csv", FORMS), tmp_path / "notice.html"
    async with running_services(settings, "sampling"):
        await accredited(shian, tmp_path)
        code, said = await shian(f"sample collect {forms}", "sampler-S01")
        assert (0, "2 requests: 2 accepted, 0 refused, 0 without an answer yet.") == (code, said.splitlines()[-1])
        code, said = await shian("sample hand-over S-1 --to lab.L0142 --seal F-1 --temperature -1", "sampler-S01")
        assert (0, "Accepted: Sample S-1 is with lab.L0142.") == (code, said)
        code, said = await shian("sample receive S-1 --seal F-9", "lab-L0142")
        assert code == 0
        assert "Warning: The seal is F-9 and the form says F-1." in said
        await say(server, "lab.L0142", fish())
        await until(lambda: is_idle(operator, "sampling"))

        code, said = await shian(f"notice print S-1 --to operator --out {notice}")
        assert code == 0
        digest = said.partition("SHA-256 ")[2][:64]
        code, said = await shian(f"notice serve S-1 --to operator --on {TODAY:%Y/%m/%d} --document {notice}")
        assert code == 0
        assert "a re-inspection may be asked for until" in said
        code, said = await shian(f"reinspect request S-1 --by operator --on {TODAY}")
        assert code == 0
        number, drawn = said.split()[2], said.partition(": ")[2].partition(": ")[2].split()[0]
        listed = f"re-inspection {number} of S-1  open, laboratory {drawn}, asked for by the operator on {TODAY}"
        assert (0, listed) == await shian("reinspect list")

        conclusion = written(tmp_path, "conclusion.toml", CONCLUSION.format(number=number, today=TODAY))
        other = {"L0200": "L0300", "L0300": "L0200"}[drawn]
        code, said = await shian(f"reinspect conclude {conclusion}", f"lab-{other}")
        assert code == 1
        assert "only it concludes. (not_yours, reinspection_no)" in said
        code, _ = await shian("sample receive S-1 --portion 备样 --seal F-1", f"lab-{drawn}")
        assert code == 0
        code, said = await shian(f"reinspect conclude {conclusion}", f"lab-{drawn}")
        assert (0, f"Accepted: Re-inspection {number} is concluded: overturned.") == (code, said)
        code, said = await shian("disposal close S-1 --why 'Nothing is left to be done.'")
        assert code == 1
        assert "Sample S-1 does not count as failed" in said
        code, said = await shian("sample show S-1")
        assert code == 0
        for words in ("S-1  received, laboratory L0142", "report L0142 R-1  fail, overturned", "SMP-02:S-1", number):
            assert words in said
    told = [envelope.data for envelope in await record(operator, "FOOD")]
    assert [digest] == [event.document for event in told if isinstance(event, FailureNotified)]
    assert 1 == sum(isinstance(event, SampleOverturned) for event in told)


async def test_unclear_result_objection_and_clocks_are_an_officers_to_decide(
    shian: Shell, settings: Settings, server: NatsServer, operator: Client, tmp_path: Path
) -> None:
    """What the exchange cannot decide is listed, and an officer settles it with a reason."""
    why, forms = "--why 'The laboratory confirms it.'", written(tmp_path, "forms.csv", FORMS)
    async with running_services(settings, "sampling"):
        await accredited(shian, tmp_path)
        assert (0, "No result is unclear.") == await shian("unclear list")
        unclear = (Determination(analyte="结构", result="", limit=""),)
        await say(server, "lab.L0142", report("2", seller=None, producer=None, determinations=unclear))
        await until(lambda: is_idle(operator, "sampling"))
        code, said = await shian("sample waiting")
        assert (0, True) == (code, said.startswith("S-2  L0142 R-2  since "))
        await shian(f"sample collect {forms}", "sampler-S01")
        assert (0, "S-2  L0142 R-2  大米  结构 (no_result): No result is printed.") == await shian("unclear list")
        settle = f"unclear settle S-2 --report R-2 --laboratory L0142 {why} --verdict"
        code, said = await shian(f"{settle} maybe")
        assert (1, "Nothing was sent.") == (code, said.splitlines()[-1])
        assert "--verdict: 'maybe' is none of the words that may stand here: pass (合格) or fail (不合格)." in said
        assert (0, "Accepted: Sample S-2 is settled: fail.") == await shian(f"{settle} 不合格")

        code, said = await shian(f"objection file S-2 --by operator --ground 样品真实性 --on {TODAY} {why}")
        assert code == 0
        number = said.split()[2]
        code, said = await shian("objection list")
        assert (0, True) == (code, said.startswith(f"objection {number} to S-2  open, authenticity"))
        until_then = f"{TODAY.year + 1}-12-31 23:59"
        code, said = await shian(f"clock correct SMP-01:S-1 --due '{until_then}' {why}")
        assert (0, True) == (code, said.startswith("Accepted: Clock SMP-01:S-1"))
        code, said = await shian("clock list")
        assert f"SMP-01:S-1  until {until_then}+08:00  runs: sampler must deliver" in said
        code, said = await shian("clock list --missed")
        assert (0, "None is missed.") == (code, said.split("\n")[0])
        code, said = await shian(f"objection decide S-2 --objection {number} --outcome 成立 {why}")
        assert (0, True) == (code, said.startswith("Accepted: "))
        assert (0, "No objection is open.") == await shian("objection list")


async def test_refused_sample_plan_round_and_rapid_test(
    shian: Shell, settings: Settings, operator: Client, tmp_path: Path
) -> None:
    """A laboratory refuses in writing, an officer adopts a plan and closes a round, a sampler tests on the spot."""
    plan = written(tmp_path, "plan.toml", PLAN.format(TODAY.year))
    lines = written(tmp_path, "lines.csv", "乡镇代码,食品大类,批次\n210283104,食用农产品,40\n")
    round_ = written(tmp_path, "round.toml", ROUND)
    results = written(tmp_path, "results.csv", "实验室,结果\nL0142,0.211\nL0200,0.271\n")
    forms = written(tmp_path, "forms.csv", FORMS)
    async with running_services(settings, "sampling"):
        await accredited(shian, tmp_path)
        taken = "Accepted: Version 1 of plan PLAN-1 is in force."
        assert (0, taken) == await shian(f"plan adopt {plan} --lines {lines}")
        taken = "Accepted: Round PT-1 is evaluated: 2 laboratories, 1 flagged."
        assert (0, taken) == await shian(f"laboratory round {round_} --results {results}")
        code, said = await shian("laboratory list")
        assert (0, True) == (code, "L0200" in said)
        await shian(f"sample collect {forms}", "sampler-S01")
        taken = "Accepted: The refusal of sample S-1 is kept; another sample has to be taken."
        assert (0, taken) == await shian("sample refuse S-1 --ground 封条破损 --why 'Torn seal.'", "lab-L0142")
        code, said = await shian(
            "rapid-test record Q-1 --result 阳性 --analyte 腐霉利 --product 韭菜 --category 食用农产品 --unit V0001 "
            "--place 农贸市场 --township 210283104",
            "sampler-S01",
        )
        assert (0, True) == (code, said.startswith("Accepted: "))
    del operator


async def test_command_of_another_role_and_an_exchange_that_is_away(
    shian: Shell, server: NatsServer, operator: Client, tmp_path: Path
) -> None:
    """A wrong role is refused before the file is read; an exchange that is away makes exit code 3."""
    await operator.close()
    server.kill()
    forms = written(tmp_path, "forms.csv", FORMS)
    code, said = await shian(f"sample collect {forms}")
    assert (1, True) == (code, said.startswith("officer-O001 is an officer, and this is for a sampler to do"))
    code, said = await shian(f"sample collect {forms}", "sampler-S01")
    assert code == 3
    assert "Nothing was sent." in said
