"""The command ``shian`` as its user types it."""

import asyncio
import csv
import io
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from nats.aio.client import Client
from typer.testing import CliRunner

from demo.reports import PUBLISHED, published_rows
from services.command import commands
from services.sampling.judging.offline import WRITTEN
from services.system import running
from shared.connection import connect
from shared.keys import new_seed
from shared.settings import Settings
from tests.county import collected, prepared
from tests.examples import accreditation, form, hostile_report, malachite_green_in_carp
from tests.running import is_quiet, running_services
from tests.servers.nats import PARTNERS, NatsServer
from tests.speaking import publish, until

SHIAN = Path(sys.executable).parent / "shian"


async def shian(*arguments: str, folder: Path, **environment: str) -> tuple[int, str, str]:
    """Run the command in a folder; exit code, output and what it says on the side."""
    process = await asyncio.create_subprocess_exec(
        SHIAN, *arguments, cwd=folder, env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(60):
        output, said = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode(), said.decode()


def leaves(command: Any, path: str = "shian") -> Iterator[tuple[str, Any]]:
    """Every command under this one, with what is typed for it."""
    if not hasattr(command, "commands"):
        yield path, command
        return
    for name, below in command.commands.items():
        yield from leaves(below, f"{path} {name}")


def test_every_command_and_option_says_what_it_does() -> None:
    """Whoever asks for help reads a sentence for each command and each of its options."""
    found = dict(leaves(typer.main.get_command(commands)))
    mute = [path for path, command in found.items() if not (command.help or "").rstrip().endswith(".")]
    options = [(f"{path}: {option.name}", option) for path, command in found.items() for option in command.params]
    mute += [name for name, option in options if not getattr(option, "help", None)]
    assert [] == mute
    assert {
        "shian sample collect",
        "shian notice print",
        "shian reinspect conclude",
        "shian clock list",
    } <= found.keys()


async def test_judge_prints_a_verdict_for_every_row(tmp_path: Path) -> None:
    """The published rows come out one for one, in order, under the promised columns."""
    code, output, said = await shian("judge", str(PUBLISHED), folder=tmp_path)
    rows = list(csv.DictReader(io.StringIO(output)))
    assert code == 0
    assert list(rows[0]) == list(WRITTEN)
    assert [row["row_id"] for row in rows] == [row["row_id"] for row in published_rows()]
    counts = Counter(row["verdict"] for row in rows)
    counted = f"{counts['pass']} pass, {counts['fail']} fail, {counts['unclear']} are unclear"
    assert said == f"194 rows judged: {counted}.\n"


async def test_judge_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    """A file that is not there and one without the columns are each one sentence and exit code 1."""
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    for name, expected in {"none.csv": "cannot be read", "other.csv": "lacks the columns row_id"}.items():
        code, output, said = await shian("judge", name, folder=tmp_path)
        assert (code, output, said.count("\n")) == (1, "", 1)
        assert expected in said


async def test_trace_and_dead_letters(tmp_path: Path) -> None:
    """A sample's path is printed with reasons, also when the system is down; so are dead letters, at times of China."""
    var = tmp_path / "var"
    async with running(var, PARTNERS, Settings()) as system:
        operator = await connect(system.settings, "operator")
        laboratory = await connect(system.settings, "lab-L0142")
        sampling = await connect(system.settings, "sampling")
        assert await shian("dead", "list", folder=tmp_path) == (0, "There are no dead letters.\n", "")
        reported = malachite_green_in_carp("1")
        for teller, event in (("officer.O001", accreditation()), ("sampler.S01", form(reported))):
            person = await connect(system.settings, teller.replace(".", "-"))
            await publish(person, teller, event, event_id="1")
            await person.close()
        await publish(laboratory, "lab.L0142", reported, event_id="1")
        await sampling.jetstream().publish("food.sample.failed.v1.21.02.83", b"no event")
        await until(lambda: is_quiet(operator))
        for client in (operator, laboratory, sampling):
            await client.close()
        code, listed, _ = await shian("dead", "list", folder=tmp_path)
        assert (code, len(listed.splitlines())) == (0, 3)  # alerts, enforcement and insurance each
        assert 3 == len(re.findall(r"^ +\d  \S+ \d\d:\d\d:\d\d\.\d{3}\+08:00  ", listed, re.MULTILINE))
        code, shown, _ = await shian("dead", "show", "1", folder=tmp_path)
        assert (code, shown.splitlines()[-1]) == (0, "no event")
        assert "not_json" in shown
        code, _, said = await shian("dead", "show", "99", folder=tmp_path)
        assert (code, said) == (1, "There is no dead letter 99; `shian dead list` shows which there are.\n")
    code, path, _ = await shian("trace", "S-1", folder=tmp_path)
    assert code == 0
    assert "referred to police and procuratorate (R1)" in path
    assert "刑法 Art 144" in path
    first = (
        "2026-02-24 09:30:00.000+08:00  sampling     Clock SMP-01:S-1 runs until 2026-03-03 00:00+08:00, missed, done"
    )
    assert path.startswith(first)
    times = re.findall(r"^\S+ \d\d:\d\d:\d\d\.\d{3}\+08:00  \w|^ {43}\S", path, re.MULTILINE)
    assert len(path.splitlines()) == len(times)
    code, _, said = await shian("trace", "S-2", folder=tmp_path)
    assert (code, said) == (1, "No report on sample S-2 was taken; check the number.\n")


async def test_what_a_partner_wrote_commands_no_terminal(
    server: NatsServer, settings: Settings, operator: Client
) -> None:
    """Texts with escapes, further ends of lines and turned writing are shown as printable lines, by every command."""
    await prepared(server)
    await collected(server, form(hostile_report("1")))
    laboratory, sampling = await server.connect("lab-L0142"), await server.connect("sampling")
    async with running_services(settings):
        await publish(laboratory, "lab.L0142", hostile_report("1"), event_id="1")
        hostile = "S-1 \x1b]0;yours\x07\u2028\r\n\x9b2J"
        await sampling.jetstream().publish("food.sample.failed.v1.21.02.\x1b[2J\x85", hostile.encode())
        await until(lambda: is_quiet(operator))
    for client in (laboratory, sampling):
        await client.close()
    lines = {"dead list": 3, "trace S-1": 3, "sample show S-1": 3, "unclear list": 1, "dead show 1": 9}
    for command, least in lines.items():
        shown = await asyncio.to_thread(CliRunner().invoke, commands, command.split(), env=settings.environment())
        assert (0, "") == (shown.exit_code, shown.stderr)
        assert least <= len(shown.stdout.splitlines()) == shown.stdout.count("\n")
        assert "" == "".join(one for one in shown.stdout if not one.isprintable() and one != "\n")
    assert shown.stdout.endswith(r"S-1 \x1b]0;yours\x07\u2028\r\n\x9b2J" + "\n")


async def test_without_a_system_the_command_says_what_to_do(tmp_path: Path) -> None:
    """In an empty folder each command names what is missing in one sentence."""
    for arguments in (("dead", "list"), ("trace", "S-1")):
        code, _, said = await shian(*arguments, folder=tmp_path)
        assert (code, said.count("\n")) == (1, 1), said
    keys = tmp_path / "keys"
    keys.mkdir()
    (keys / "operator.nk").write_text("SUAF")
    environment = Settings(keys_folder=keys)
    code, _, said = await shian("dead", "list", folder=tmp_path, SHIAN_KEYS_FOLDER=str(environment.keys_folder))
    assert (code, said.count("\n")) == (1, 1), said
    (keys / "operator.nk").write_text(new_seed())  # and no bus
    code, _, said = await shian("dead", "list", folder=tmp_path, SHIAN_KEYS_FOLDER=str(keys))
    assert (code, said.count("\n")) == (1, 1), said
