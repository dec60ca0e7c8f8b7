"""A laboratory's files reach the exchange whole and once, whatever happens on the way, and each answer is seen."""

import asyncio
import csv
import signal
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from nats.aio.client import Client

from partners.asking.delivery import remembering
from partners.person import Person
from services.sampling.app import build
from shared.contracts import (
    Event,
    Receipt,
    ReinspectionAssigned,
    RequestAccepted,
    ResultCorrected,
    ResultsAccepted,
    ResultWithdrawn,
    entry_of,
)
from shared.envelope import seal, source_of
from shared.failure import CannotStartError
from shared.keys import is_seed
from shared.partners import Partner
from shared.settings import Settings
from tests.county import prepared
from tests.examples import REGION, report
from tests.partners.laboratory.files import CADMIUM, continuation, row, rows, table, workbook
from tests.partners.laboratory.running import AS_LABORATORY, THERE, lab, publish, published, start_watch
from tests.running import is_quiet
from tests.servers.nats import NatsServer
from tests.shian import Shell
from tests.speaking import record, until

TOO_MUCH = ("镉(以Cd计)", "0.45mg/kg", "≤0.2mg/kg", "0.002mg/kg", "GB 5009.15-2023")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The same system, in which no clock falls due by itself."""
    return settings.model_copy(update={"clock_poll": timedelta(hours=1)})


@pytest.fixture
def shian(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], settings: Settings) -> Shell:
    """The whole command on the laboratory's machine."""
    return Shell(monkeypatch, capsys, settings)


async def test_file_is_published_and_answered(
    server: NatsServer, settings: Settings, operator: Client, tmp_path: Path
) -> None:
    """Each report of a workbook goes out with all its items and is answered: passes, fails, or waits for its form."""
    await prepared(server, report("1", seller=None, producer=None), report("2", seller=None, producer=None))
    lines = [row(1, made=None), continuation(), row(2, item=TOO_MUCH, made=None), row(3)]
    file = workbook(tmp_path / "results.xlsx", lines)
    async with build(settings).start_lifespan_context():
        ended = await publish(settings, file, "--receipts", tmp_path / "receipts.csv")
    assert 0 == ended.code
    assert [
        "rows 2-3, report R-1 on sample S-1: accepted: passes",
        "row 4, report R-2 on sample S-2: accepted: fails",
        "row 5, report R-3 on sample S-3: accepted: waits for its sampling form",
    ] == ended.out.splitlines()[:3]
    first, *_ = await published(operator)
    assert ["镉(以Cd计)", "铅(以Pb计)"] == [one.analyte for one in first.determinations]
    with (tmp_path / "receipts.csv").open(encoding="utf-8-sig") as receipts:
        assert [("2", "3", "pass"), ("4", "4", "fail"), ("5", "5", "waiting")] == [
            (one["first_row"], one["last_row"], one["state"]) for one in csv.DictReader(receipts)
        ]


async def test_running_twice_sends_once(
    server: NatsServer, settings: Settings, operator: Client, tmp_path: Path
) -> None:
    """The same file again sends nothing and shows the same answers; with the memory lost, the exchange knows it."""
    await prepared(server)
    file = table(tmp_path / "results.csv", rows(6))
    async with build(settings).start_lifespan_context():
        first = await publish(settings, file)
        second = await publish(settings, file)
        for left in (settings.keys_folder.parent / "asked").iterdir():
            left.unlink()
        third = await publish(settings, file, "--wait", 0)
    assert (0, 0, 3) == (first.code, second.code, third.code)
    assert first.out == second.out
    assert "3 of 3 were sent before; they are not sent again.\n" in second.err
    assert "The exchange had 3 of them already.\n" in third.err
    assert 3 == len(await published(operator))


async def test_nothing_is_sent_from_a_faulty_file(settings: Settings, operator: Client, tmp_path: Path) -> None:
    """Every fault is named with its row and column, and not even the rows without one are sent."""
    lines = [row(1), row(2, made="2026-13-01"), row("3 号"), row(4, item=("", *CADMIUM[1:]))]
    ended = await publish(settings, table(tmp_path / "results.csv", lines, encoding="gb18030"))
    assert 1 == ended.code
    assert [
        "row 3, column 生产日期 (production_date): '2026-13-01' is no day; write it as 2026-11-24.",
        "row 4, column 报告编号 (report_no)",
        "row 4, column 抽样编号 (sample_no)",
        "row 5, column 检验项目 (analyte): is empty and has to be filled in.",
        "4 fault(s); nothing was sent. Mend the file, run the same command again.",
    ] == [line if "does not fit" not in line else line.partition(":")[0] for line in ended.err.splitlines()]
    assert [] == await published(operator)


@pytest.mark.usefixtures("operator")
async def test_refusal_names_row_and_column(server: NatsServer, settings: Settings, tmp_path: Path) -> None:
    """What the exchange refuses is shown where it stands in the file, and stays to be seen until it is mended."""
    await prepared(server, report("1", seller=None, producer=None, product="草鱼"))
    negative = ("铅(以Pb计)", "-0.05mg/kg", "≤0.2mg/kg", "", "")
    lines = [row(1, made=None), row(2, made=None), continuation(item=negative)]
    file = table(tmp_path / "results.csv", lines)
    async with build(settings).start_lifespan_context():
        ended = await publish(settings, file)
        mended = table(tmp_path / "mended.csv", [row(2, made=None), continuation()])
        assert 0 == (await publish(settings, mended)).code
        status = await lab(settings, "status", *AS_LABORATORY)
        of_file = await lab(settings, "status", file, *AS_LABORATORY, *THERE)
    assert (1, 1) == (ended.code, of_file.code)
    one, two, *_ = ended.out.splitlines()
    assert one.startswith(
        "row 2, report R-1 on sample S-1: refused (differs_from_form), row 2, column 样品名称 (product): The report"
    )
    assert two.startswith(
        "rows 3-4, report R-2 on sample S-2: refused (negative_result), row 4, column 检验结果 (result): -0.05"
    )
    assert of_file.out == ended.out
    assert ["report R-1 on sample S-1: refused (differs_from_form), data.product"] == [
        line.partition(":")[0] + ":" + line.split(":")[1] for line in status.out.splitlines()[:-1]
    ]


async def test_correction_and_withdrawal(
    server: NatsServer, settings: Settings, operator: Client, tmp_path: Path
) -> None:
    """A corrected report takes the place of the first, and a withdrawn one is withdrawn; both are receipted."""
    await prepared(server, report("1", seller=None, producer=None))
    first = table(tmp_path / "first.csv", [row(1, item=TOO_MUCH, made=None)])
    second = table(tmp_path / "second.csv", [["R-1A", *row(1, made=None)[1:]]])
    why = ("--why", "a slip of the pen")
    async with build(settings).start_lifespan_context():
        assert 0 == (await publish(settings, first)).code
        corrected = await lab(settings, "correct", second, "--corrects", "R-1", *why, *AS_LABORATORY, *THERE)
        withdrawn = await lab(settings, "withdraw", "R-1A", "S-1", *why, *AS_LABORATORY, *THERE)
        unknown = await lab(settings, "withdraw", "R-9", "S-9", *why, *AS_LABORATORY, *THERE)
    assert (0, 0, 1) == (corrected.code, withdrawn.code, unknown.code)
    assert "row 2, report R-1A on sample S-1: accepted: passes" in corrected.out
    assert "report R-1A on sample S-1: withdrawn" in withdrawn.out
    assert "report R-9 on sample S-9: refused (not_reported)" in unknown.out
    told = {type(one.data) for one in await record(operator, "PARTNERS")}
    assert {ResultCorrected, ResultWithdrawn} <= told


@pytest.mark.usefixtures("operator")
async def test_correction_of_many_is_refused(settings: Settings, tmp_path: Path) -> None:
    """A file with two reports is no correction; nothing is sent."""
    file = table(tmp_path / "two.csv", [row(1), row(2)])
    with pytest.raises(CannotStartError, match="holds 2 reports; a correction is one report"):
        await lab(settings, "correct", file, "--corrects", "R-0", "--why", "a slip", *AS_LABORATORY, *THERE)


@pytest.mark.usefixtures("operator")
async def test_stranger_is_not_let_in(settings: Settings, tmp_path: Path) -> None:
    """A laboratory whose key the exchange does not know is told so at once, and need not wait."""
    ended = await lab(settings, "keygen", "L0999", "--folder", settings.keys_folder)
    assert 'id = "L0999"' in ended.out
    file = table(tmp_path / "results.csv", rows(2))
    with pytest.raises(CannotStartError, match=r"does not let lab-L0999 in.+keygen L0999"):
        await lab(settings, "publish", file, "--as", "lab-L0999", *THERE)


async def test_key_is_made_once(settings: Settings, tmp_path: Path) -> None:
    """The lines are an entry of the partners file; a second time prints the same key."""
    first = await lab(settings, "keygen", "L0777", "--folder", tmp_path / "keys")
    second = await lab(settings, "keygen", "L0777", "--folder", tmp_path / "keys")
    (entry,) = tomllib.loads(first.out)["partner"]
    assert "lab-L0777" == Partner.model_validate(entry).user
    assert first.out == second.out
    assert is_seed((tmp_path / "keys" / "lab-L0777.nk").read_text())
    with pytest.raises(CannotStartError, match="x is no id on the exchange"):
        await lab(settings, "keygen", "x")


async def test_what_was_refused_is_sent_again_when_asked(
    server: NatsServer, settings: Settings, operator: Client, tmp_path: Path
) -> None:
    """A refusal stands until --again says the same once more, after what was in its way is mended."""
    file = table(tmp_path / "results.csv", [row(1, made=None)])
    async with build(settings).start_lifespan_context():
        refused = await publish(settings, file)
        await prepared(server, report("1", seller=None, producer=None))
        still = await publish(settings, file)
        taken = await publish(settings, file, "--again")
        known = await publish(settings, file)
    assert (1, 1, 0, 0) == (refused.code, still.code, taken.code, known.code)
    assert "refused (not_accredited)" in refused.out
    assert taken.out == known.out
    assert 2 == len(await published(operator))


async def tell_laboratory(server: NatsServer, event: Event) -> None:
    """Give a receipt to laboratory L0142."""
    sampling = await server.connect("sampling")
    payload = seal(event, source=source_of("sampling"), event_id=uuid4().hex, time=datetime.now(UTC), region=REGION)
    subject = entry_of(type(event)).subject(REGION, "lab.L0142")
    await sampling.jetstream().publish(subject, payload)
    await sampling.close()


@pytest.mark.usefixtures("operator")
async def test_drawn_laboratory_is_told(server: NatsServer, settings: Settings) -> None:
    """A re-inspection that the laboratory was drawn for stands in its status, also the second time."""
    assigned = ReinspectionAssigned(
        reinspection_no="RI-1",
        sample_no="S-1",
        laboratory="L0142",
        first_laboratory="L0200",
        analytes=("铅(以Pb计)",),
        product="大米",
        category="粮食加工品",
    )
    await tell_laboratory(server, assigned)
    first = await lab(settings, "status", *AS_LABORATORY)
    second = await lab(settings, "status", *AS_LABORATORY)
    assert first.out.startswith("Re-inspection: Laboratory L0142 is to re-inspect sample S-1")
    assert first.out == second.out


@pytest.mark.usefixtures("operator")
async def test_answers_of_other_commands_reach_them(server: NatsServer, settings: Settings) -> None:
    """An answer to what was asked with another command is kept for it, and is no report in the status."""
    answer = RequestAccepted(party="lab.L0142", event_id="e1", request="lab.sample.received.v1", text="Received.")
    await tell_laboratory(server, answer)
    ended = await lab(settings, "status", *AS_LABORATORY)
    with remembering(Person("lab", "L0142", settings)) as memory:
        assert "done" == memory.state_of("e1")
    assert "0 report(s): nothing.\n" == ended.out


async def test_report_is_answered_though_another_command_reads_the_answer(
    server: NatsServer, settings: Settings, operator: Client, tmp_path: Path, shian: Shell
) -> None:
    """The command that takes a sample also keeps the answer to a report that went out before."""
    await prepared(server, report("1", seller=None, producer=None), report("2", seller=None, producer=None))
    file = table(tmp_path / "results.csv", [row(1, made=None)])
    assert 3 == (await publish(settings, file, "--wait", 0)).code
    asked, _ = await shian("sample receive S-2 --seal F-S-2 --wait 0", "lab-L0142")
    assert 3 == asked
    async with build(settings).start_lifespan_context():
        await until(lambda: is_quiet(operator))
        code, said = await shian("sample receive S-1 --seal F-S-1", "lab-L0142")
        assert (0, True) == (code, said.startswith("Accepted"))
    with remembering(Person("lab", "L0142", settings)) as memory:
        assert {"pass": 1} == memory.counts()
        states = {state for (state,) in memory.connection.execute("SELECT state FROM asked")}
    assert {"pass", "done"} == states


@pytest.mark.usefixtures("operator")
async def test_watch_tells_as_it_comes(server: NatsServer, settings: Settings) -> None:
    """Each verdict and each assignment is a line, as soon as the exchange says it."""
    process = await start_watch(settings)
    receipt = Receipt(event_id="e1", report_no="R-1", sample_no="S-1", verdict="fail")
    await tell_laboratory(server, ResultsAccepted(laboratory="L0142", receipts=(receipt,)))
    assert process.stdout
    line = await asyncio.wait_for(process.stdout.readline(), 15)
    process.send_signal(signal.SIGINT)
    await process.communicate()
    assert "report R-1 on sample S-1: accepted: fails\n" == line.decode()
    assert 0 == process.returncode
