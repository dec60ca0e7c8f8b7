"""Following one sample: its path so far, then what is told of it, through outages, until Ctrl-C."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nats.aio.client import Client

from services import follow as following
from services.follow import follow
from services.trace import Step
from shared.contracts import CaseReferred, MajorCaseFlagged
from shared.failure import CannotStartError
from shared.settings import Settings
from tests.county import collected, prepared, say, today
from tests.examples import form, hostile_report, malachite_green_in_carp, report
from tests.listening import is_idle
from tests.running import is_quiet, running_services
from tests.servers.nats import NatsServer
from tests.speaking import publish, record, until


@dataclass(slots=True)
class Follower:
    """What a follower was shown, and what it was told beside."""

    steps: list[Step] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    @property
    def sentences(self) -> str:
        """All that was shown."""
        return "\n".join(f"{step.teller} {step.sentence}" for step in self.steps)


@asynccontextmanager
async def followed(settings: Settings, sample_no: str) -> AsyncIterator[Follower]:
    """Somebody follows a sample."""
    follower = Follower()
    task = asyncio.create_task(follow(settings, sample_no, follower.steps.append, follower.said.append))
    await until(lambda: task.done() or any("Ctrl-C" in text for text in follower.said))
    if task.done():
        await task
    yield follower
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look often."""
    monkeypatch.setattr(following, "PAUSE", 0.05)


async def fail(server: NatsServer, *numbers: str) -> None:
    """Samples of a day fail."""
    laboratory = await server.connect("lab-L0142")
    for number in numbers:
        reported = malachite_green_in_carp(number, concluded_on=today())
        await collected(server, form(reported, sampled_at=datetime.now(UTC)))
        await publish(laboratory, "lab.L0142", reported, event_id=number)
    await laboratory.close()


async def test_sample_is_followed_from_before_its_report_to_its_case(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """Who follows a sample that nobody knows yet is shown its form, report, verdict, alert, case, and what is done.

    Another sample, and what is done of another case, is not shown; an outage of the bus leaves nothing out.
    """
    await prepared(server)
    async with running_services(settings), followed(settings, "S-1") as follower:
        assert follower.said == ["Nothing is known yet of sample S-1; Ctrl-C ends."]
        await fail(server, "1", "2", "11")
        await until(lambda: "referred to police" in follower.sentences)
        await until(lambda: is_quiet(operator))
        await until(lambda: "No notice" in follower.sentences or "notified" in follower.sentences)
        cases = {
            one.data.trace: one.data for one in await record(operator, "CASES") if isinstance(one.data, CaseReferred)
        }
        await operator.close()
        server.stop()
        await until(lambda: any("is away" in text for text in follower.said))
        server.start()
        await until(lambda: any("is back" in text for text in follower.said))
        for sample_no in ("S-2", "S-1"):
            await say(
                server,
                "officer.O001",
                MajorCaseFlagged(case_no=cases[sample_no].case_no, why="as a trial", version=1, at=datetime.now(UTC)),
            )
        await until(lambda: "enforcement To officer.O001:" in follower.sentences)
    assert {"sampler.S01", "lab.L0142", "officer.O001", "sampling", "alerts", "enforcement", "insurance"} == {
        step.teller for step in follower.steps
    }
    assert not [step for step in follower.steps if "S-2" in step.sentence or "S-11" in step.sentence]
    assert cases["S-2"].case_no not in follower.sentences
    keys = [step.key for step in follower.steps if step.key]
    assert len(keys) == len(set(keys))


async def test_path_so_far_comes_first_and_nothing_twice(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """What was told before is shown from the databases; without these from the record on the bus, partners included."""
    await prepared(server)
    async with running_services(settings):
        await fail(server, "1")
        await until(lambda: is_quiet(operator))
    async with followed(settings, "S-1") as here:
        assert here.said == ["Following sample S-1; Ctrl-C ends."]
    async with followed(
        settings.model_copy(update={"database_url": "sqlite+aiosqlite:////nowhere/{service}.db"}), "S-1"
    ) as far:
        assert "there is no such file" in far.said[0]
        assert "the record on the bus is read instead" in far.said[0]
    own = sorted(step.key for step in here.steps if step.key)
    assert own == sorted(step.key for step in far.steps if step.key in own)
    assert {"lab.L0142", "sampler.S01"} == {step.teller for step in far.steps} - {step.teller for step in here.steps}
    assert "Report R-1 on sample S-1" in far.sentences


async def test_what_cannot_be_read_is_shown_where_it_names_the_sample(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """A message that is no event, and a dead letter, are shown by what is wrong with them, and end nothing."""
    del operator
    laboratory, sampling = await server.connect("lab-L0142"), await server.connect("sampling")
    async with running_services(settings, "sampling", "alerts"), followed(settings, "S-1") as follower:
        subject = "lab.L0142.result.reported.v1.21.02.83"
        await laboratory.jetstream().publish(subject, b'{"data": {"sample_no": "S-1"}}', headers={"X": "\xff"})
        await laboratory.jetstream().publish("lab.L0142.\u98df", b"S-1 under a subject that is no event's")
        await sampling.jetstream().publish("food.sample.failed.v1.21.02.83", b"S-1, but no JSON")
        await until(lambda: follower.sentences.count("A dead letter (not_json)") == 1)
        await publish(laboratory, "lab.L0142", report("1"), event_id="1")
        await until(lambda: "Report R-1 on sample S-1" in follower.sentences)
    assert follower.sentences.count("This is no event: ") == 4
    await laboratory.close()
    await sampling.close()


async def test_several_may_follow(server: NatsServer, settings: Settings, operator: Client) -> None:
    """Two who follow as the one operator, while a third reads the record, are shown the same, and all."""
    await prepared(server)
    async with (
        running_services(settings, "sampling"),
        followed(settings, "S-1") as one,
        followed(settings, "S-1") as other,
    ):
        await fail(server, *(str(number) for number in range(1, 2 * following.AT_ONCE)))
        await until(lambda: is_idle(operator, "sampling"))
        assert 4 * following.AT_ONCE < len(await record(operator, "PARTNERS")) + len(await record(operator, "FOOD"))
        for follower in (one, other):
            await until(lambda shown=follower: "Sample S-1 (草鱼) fail" in shown.sentences)  # type: ignore[misc]
        await until(lambda: sorted(step.key for step in one.steps) == sorted(step.key for step in other.steps))
    assert not [step for step in one.steps if "S-2" in step.sentence]


async def test_following_ends_whenever_it_is_told(
    settings: Settings, operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An end that comes amid a question to the bus, of which the client library may keep it to itself, is heard."""
    del operator
    monkeypatch.setattr(following, "PAUSE", 0)
    for turns in range(40):
        async with asyncio.timeout(15), followed(settings, "S-1"):
            for _ in range(turns):
                await asyncio.sleep(0)


async def test_nothing_to_follow_on_is_one_sentence(server: NatsServer, settings: Settings, tmp_path: Path) -> None:
    """A bus that is away, one that has no streams or does not know the key, and a missing key are a sentence each."""
    with pytest.raises(CannotStartError, match=r"has not the exchange's streams; .*provision streams"):
        await follow(settings, "S-1", print, print)
    stranger = NatsServer(tmp_path / "other")
    with pytest.raises(CannotStartError, match=r"does not let in the operator .*/other/keys: set SHIAN_KEYS"):
        await follow(settings.model_copy(update={"keys_folder": stranger.keys}), "S-1", print, print)
    with pytest.raises(CannotStartError, match="The key of operator cannot be read"):
        await follow(settings.model_copy(update={"keys_folder": tmp_path / "none"}), "S-1", print, print)
    server.stop()
    started = asyncio.get_running_loop().time()
    with pytest.raises(CannotStartError, match=r"does not answer: start it with `make serve`, or set SHIAN_NATS_URL\."):
        await follow(settings, "S-1", print, print)
    assert timedelta(seconds=asyncio.get_running_loop().time() - started) < timedelta(seconds=10)


async def test_ctrl_c_ends_the_command_well(server: NatsServer, settings: Settings, operator: Client) -> None:
    """The command prints each step as it comes, as a printable line; SIGINT ends it with code 0 and no traceback."""
    await prepared(server)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from services.shian import main; main()", "trace", "S-1", "--follow",
        env=settings.environment(), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    async with asyncio.timeout(30), running_services(settings, "sampling"):
        while b"Ctrl-C ends" not in (line := await process.stderr.readline()):
            assert line
        laboratory = await server.connect("lab-L0142")
        await laboratory.jetstream().publish("lab.L0142.\x1b[2J", b"S-1")
        await publish(laboratory, "lab.L0142", hostile_report("1"), event_id="hostile")
        await laboratory.close()
        said_of_it = [await process.stdout.readline() for _ in range(3)]
        assert "" == "".join(one for one in b"".join(said_of_it).decode() if not one.isprintable() and one != "\n")
        assert b"Report R-1 on sample S-1: \xe5\xa4\xa7\\u2028\\x85\xe7\xb1\xb3" in b"".join(said_of_it)
        await fail(server, "1")
        while b"Sample S-1 (\xe8\x8d\x89\xe9\xb1\xbc) fail" not in (line := await process.stdout.readline()):
            assert line
        process.send_signal(signal.SIGINT)
        _, said = await process.communicate()
        await until(lambda: is_idle(operator, "sampling"))
    assert (process.returncode, said) == (0, b"")
