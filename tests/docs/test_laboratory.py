"""A laboratory with a program of its own, as docs/joining.md tells it: first event, answer, and what goes wrong."""

import json
import shutil
import uuid
from pathlib import Path

from nats.aio.client import Client

from shared.keys import new_seed
from shared.settings import Settings
from tests.listening import is_idle
from tests.programs import Example, not_in_joining
from tests.running import running_services
from tests.servers.nats import NatsServer
from tests.shian import Shell
from tests.speaking import until


async def test_first_event_is_answered(
    example: Example,
    settings: Settings,
    operator: Client,
    shell: Shell,
) -> None:
    """Not accredited at first, then it waits for the form, then it is judged; all is said as the page shows it."""
    async with running_services(settings, "sampling"):
        code, said = await example("laboratory", "L0142", "report.json")
        assert 0 == code
        assert "receipt.result.rejected.v1 not_accredited" in said
        accredited = await shell(f"laboratory accredit {example.folder / 'accreditation.toml'}")
        code, waits = await example("laboratory", "L0142", "report.json")
        assert (0, "receipt.result.accepted.v1 waiting") == (code, waits.splitlines()[-1])
        collected = await shell(f"sample collect {example.folder / 'form.json'}", "sampler-S01")
        await until(lambda: is_idle(operator, "sampling"))
        code, judged = await example("laboratory", "L0142", "report.json")
        assert 0 == code
        assert "receipt.result.accepted.v1 fail" in judged
    assert [] == not_in_joining("\n".join((said, accredited[1], waits, collected[1], judged)))


async def test_what_is_said_and_heard_is_kept(example: Example, settings: Settings, operator: Client) -> None:
    """What was sent is on disk as the bus has it, each answer too, and nothing stays unacknowledged."""
    async with running_services(settings, "sampling"):
        await example("laboratory", "L0142", "report.json")
    (sent,), (heard,) = example.documents("sent"), example.documents("heard")
    stored = await operator.jetstream().get_msg("PARTNERS", 1)
    assert sent.read_bytes() == stored.data
    assert json.loads(heard.read_bytes())["data"]["event_id"] == sent.stem

    async def is_acknowledged() -> bool:
        return not (await operator.jetstream().consumer_info("RECEIPTS", "lab-L0142")).num_ack_pending

    await until(is_acknowledged)


async def test_same_id_is_stored_once(example: Example, settings: Settings, operator: Client) -> None:
    """Sent again under its id, also with other content, an event is not stored again, and the program says so."""
    async with running_services(settings, "sampling"):
        await example("laboratory", "L0142", "report.json")
        (sent,) = example.documents("sent")
        sent.write_bytes(sent.read_bytes().replace(b"R-0001", b"R-0002"))
        code, said = await example("laboratory", "L0142", "report.json", sent.stem)
    assert 1 == code
    assert f"stored before, and not again: {sent.stem}" == said.splitlines()[0]
    assert [] == not_in_joining(said)
    assert 1 == (await operator.jetstream().stream_info("PARTNERS")).state.messages


async def test_wrong_seed(example: Example, server: NatsServer, tmp_path: Path) -> None:
    """A key that the exchange does not know is not let in, and the program says so."""
    assert server.url
    keys = tmp_path / "wrong"
    keys.mkdir()
    (keys / "lab-L0142.nk").write_text(new_seed(), "ascii")
    code, said = await example("laboratory", "L0142", "report.json", keys=keys)
    assert 1 == code
    assert "Authorization Violation" in said
    # the server hangs up at once, and now and then the client sees that before the word
    assert [] == [line for line in not_in_joining(said) if "ConnectionResetError" not in line]


async def test_prefix_of_another(example: Example, settings: Settings, operator: Client, tmp_path: Path) -> None:
    """Who speaks under the name of another is stopped by the bus, and the program says so; nothing is stored."""
    keys = tmp_path / "wrong"
    keys.mkdir()
    shutil.copy(settings.keys_folder / "lab-L0142.nk", keys / "lab-L0200.nk")
    code, said = await example("laboratory", "L0200", "report.json", keys=keys)
    assert 1 == code
    assert [] == not_in_joining(said)
    assert 0 == (await operator.jetstream().stream_info("PARTNERS")).state.messages


async def test_exchange_is_away(example: Example, server: NatsServer) -> None:
    """A program that reaches nobody says so, and how to send the same again."""
    server.stop()
    code, said = await example("laboratory", "L0142", "report.json")
    assert 1 == code
    (sent,) = example.documents("sent")
    assert f"L0142 report.json {sent.stem}" in said


async def test_report_that_is_no_json(example: Example) -> None:
    """A file that cannot be read is not sent, and the program says where it breaks off."""
    (example.folder / "report.json").write_text('{"report_no": "R-0001",}', "utf-8")
    code, said = await example("laboratory", "L0142", "report.json")
    assert 1 == code
    assert [] == example.documents("sent")
    assert said.startswith("report.json is no report: ")


async def test_malformed_document(example: Example, settings: Settings, operator: Client) -> None:
    """A program that sends what is no JSON is told so by the exchange."""
    broken = str(uuid.uuid4())
    (example.folder / "sent").mkdir()
    (example.folder / "sent" / f"{broken}.json").write_text('{"specversion": "1.0",}', "utf-8")
    assert operator.is_connected
    async with running_services(settings, "sampling"):
        code, said = await example("laboratory", "L0142", "report.json", broken)
    assert 1 == code  # a message that cannot be read has no id that an answer could name
    assert "receipt.result.rejected.v1 not_json" in said
    assert [] == not_in_joining(said)
