"""A file reaches the exchange whole and once through kills and outages, and what is missing is said."""

import signal
from datetime import timedelta
from pathlib import Path

import pytest
from nats.aio.client import Client

from services.sampling.app import build
from shared.contracts import ResultsAccepted
from shared.settings import Settings
from tests.county import prepared
from tests.partners.laboratory.files import row, rows, table
from tests.partners.laboratory.running import (
    AS_LABORATORY,
    THERE,
    lab,
    publish,
    published,
    some_are_there,
    start_publish,
)
from tests.servers.nats import NatsServer
from tests.speaking import record, until


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """The same system, in which no clock falls due by itself."""
    return settings.model_copy(update={"clock_poll": timedelta(hours=1)})


async def test_goes_on_after_a_kill(settings: Settings, operator: Client, tmp_path: Path) -> None:
    """A command that is killed in the middle is run again, and each report is on the exchange once."""
    file = table(tmp_path / "results.csv", (row(number) for number in range(15_000)))
    process = await start_publish(settings, file)
    await until(lambda: some_are_there(operator, 500))  # so that the first five hundred are remembered
    process.kill()
    await process.communicate()
    before = (await operator.jetstream().stream_info("PARTNERS")).state.messages
    ended = await publish(settings, file, "--wait", 0)
    numbers = [one.report_no for one in await published(operator)]
    assert 0 < before < 15000
    assert 3 == ended.code
    assert " of 15000 were sent before; they are not sent again.\n" in ended.err
    assert sorted(f"R-{number}" for number in range(15_000)) == sorted(numbers)


async def test_waits_through_an_outage(
    server: NatsServer, settings: Settings, operator: Client, tmp_path: Path
) -> None:
    """While the exchange is away the command waits and says so; when it is back, all is sent and answered."""
    await prepared(server)
    file = table(tmp_path / "results.csv", rows(10))
    server.stop()
    process = await start_publish(settings, file)
    assert process.stderr
    away = (await process.stderr.readline()).decode()
    assert f"The exchange at {server.url} is away since " in away
    assert "Ctrl-C is safe: run the same command again" in away
    server.start()
    async with build(settings).start_lifespan_context():
        out, err = await process.communicate()
    assert 0 == process.returncode, err.decode()
    assert "The exchange is back after " in err.decode()
    assert "5 report(s): 5 accepted: waits for its sampling form." in out.decode()
    assert 5 == len(await published(operator))


async def test_outage_in_the_middle(server: NatsServer, settings: Settings, operator: Client, tmp_path: Path) -> None:
    """A server that fails while reports go out, and comes back, has each of them once."""
    file = table(tmp_path / "results.csv", (row(number) for number in range(15_000)))
    process = await start_publish(settings, file, "--wait", 0)
    await until(lambda: some_are_there(operator))
    server.kill()
    assert process.stderr
    away = (await process.stderr.readline()).decode()
    assert " is away since " in away
    server.start()
    _, err = await process.communicate()
    assert "The exchange is back after " in err.decode()
    client = await server.connect("operator")
    numbers = [one.report_no for one in await published(client)]
    await client.close()
    assert sorted(f"R-{number}" for number in range(15_000)) == sorted(numbers)


@pytest.mark.usefixtures("operator")
async def test_waiting_can_be_stopped(server: NatsServer, settings: Settings, tmp_path: Path) -> None:
    """Ctrl-C while the exchange is away ends the command, says how to go on, and loses nothing."""
    file = table(tmp_path / "results.csv", rows(2))
    server.stop()
    process = await start_publish(settings, file)
    assert process.stderr
    await process.stderr.readline()
    process.send_signal(signal.SIGINT)
    out, err = await process.communicate()
    server.start()
    assert "Stopped. What was sent stays sent; run the same command again to go on." in err.decode()
    assert "not sent" in out.decode()
    assert 3 == process.returncode
    assert 3 == (await publish(settings, file, "--wait", 0)).code


async def test_without_an_answer(server: NatsServer, settings: Settings, operator: Client, tmp_path: Path) -> None:
    """Where nobody answers in time the command says so and ends with 3; the answers are seen later."""
    await prepared(server)
    file = table(tmp_path / "results.csv", rows(2))
    ended = await publish(settings, file, "--wait", 0)
    assert 3 == ended.code
    assert "row" in ended.out
    assert "no answer yet" in ended.out
    async with build(settings).start_lifespan_context():
        await until(lambda: _answered(operator))
    later = await lab(settings, "status", *AS_LABORATORY)
    assert (0, "1 report(s): 1 accepted: waits for its sampling form.\n") == (later.code, later.out)


async def _answered(operator: Client) -> bool:
    return any(isinstance(one.data, ResultsAccepted) for one in await record(operator, "RECEIPTS"))


@pytest.mark.usefixtures("operator")
async def test_status_while_the_exchange_is_away(server: NatsServer, settings: Settings, tmp_path: Path) -> None:
    """What was known is shown without the exchange; a file that was not sent is shown as such."""
    file = table(tmp_path / "results.csv", rows(2))
    server.stop()
    ended = await lab(settings, "status", file, *AS_LABORATORY, *THERE)
    assert 3 == ended.code
    assert "The exchange does not answer; this is what was known before.\n" in ended.err
    assert "rows 2-3, report R-0 on sample S-0: not sent" in ended.out
    server.start()
