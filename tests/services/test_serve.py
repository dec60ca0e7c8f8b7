"""``make serve`` as its user runs it: started, looked at, killed in parts, stopped by Ctrl-C."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import httpx
import pytest

from services.__main__ import main
from services.system import PROGRAMS, ROOT, free_port, healthy, revision_of, running
from shared.connection import connect
from shared.contracts import Event
from shared.failure import CannotStartError
from shared.keys import public_key_of, seed_in
from shared.logs import Form
from shared.settings import Settings
from tests.examples import accreditation, form, malachite_green_in_carp
from tests.running import is_quiet
from tests.servers.nats import INSURER, LABORATORY, PARTNERS
from tests.speaking import publish, record, until


@asynccontextmanager
async def serving(folder: Path, *options: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The program, until it has said everything that it says at its start."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services", "--folder", str(folder), *options,
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout is not None
    async with asyncio.timeout(60):
        while b"Ctrl-C" not in (line := await process.stdout.readline()):
            assert line, "ended before it was up"
    yield process
    if process.returncode is None:
        process.kill()
        await process.wait()


async def say(settings: Settings, teller: str, *events: Event) -> None:
    """Say something as one of the agency's people."""
    client = await connect(settings, teller.replace(".", "-"))
    for event in events:
        await publish(client, teller, event, event_id=event.about)
    await client.close()


async def test_ctrl_c_stops_cleanly_within_five_seconds_twice_in_a_row(tmp_path: Path) -> None:
    """The system starts, shows pages, takes alerts, and stops on SIGINT without a failure; and again in its place."""
    port = free_port()
    places = []
    for options in (("--port", str(port)), ()):
        async with serving(tmp_path, *options) as process:
            places.append((tmp_path / "addresses.json").read_text())
            pages = json.loads(places[-1])["services"]
            for page in (page for program in PROGRAMS for page in pages[program].values()):
                with await asyncio.to_thread(urlopen, page) as answer:
                    assert answer.status == 200
            alerts = pages["watch"]["health"].replace("/health", "/alerts")
            token = (tmp_path / "keys" / "alertmanager.secret").read_text()
            async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as alertmanager:
                told = await alertmanager.post(alerts, json={"receiver": "r", "alerts": []})
                metrics = await alertmanager.get(pages["sampling"]["metrics"])
            assert 204 == told.status_code
            assert f'revision="{revision_of(ROOT) or "unknown"}"' in metrics.text
            targets = json.loads((tmp_path / "targets.json").read_text())
            assert [pages[one["labels"]["job"]]["metrics"] for one in targets] == [
                f"http://{one['targets'][0]}/metrics" for one in targets
            ]
            process.send_signal(signal.SIGINT)
            async with asyncio.timeout(5):
                output, _ = await process.communicate()
            assert (process.returncode, output) == (0, b"stopping\n")
    assert places[0] == places[1]
    assert json.loads(places[1])["nats"] == f"nats://127.0.0.1:{port}"


async def test_port_that_is_taken_is_left_alone(tmp_path: Path) -> None:
    """Where somebody else has the last run's port by now, the bus has another one, and says which it had."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        (tmp_path / "addresses.json").write_text(json.dumps({"nats": f"nats://127.0.0.1:{taken}", "services": {}}))
        async with running(tmp_path, PARTNERS, Settings()) as system:
            assert system.ports["nats-server"] != taken
            assert system.moved_from == f"nats://127.0.0.1:{taken}"
        with pytest.raises(CannotStartError, match=f"Port {taken} is taken by another program"):
            async with running(tmp_path, PARTNERS, Settings(), port=taken):
                pass


@pytest.mark.parametrize(
    "addresses", ["", "[]", "{}", '{"nats": 3, "services": {}}', '{"nats": "nats://a:b", "services": {"alerts": {}}}']
)
async def test_addresses_that_cannot_be_read_are_written_anew(tmp_path: Path, addresses: str) -> None:
    """The file of the last run may be spoilt: the system starts and writes it again."""
    (tmp_path / "addresses.json").write_text(addresses)
    async with running(tmp_path, (), Settings()) as system:
        assert json.loads((tmp_path / "addresses.json").read_text())["nats"] == system.settings.nats_url
        assert not system.moved_from


async def test_partner_enters_with_the_key_that_it_registered(tmp_path: Path) -> None:
    """The server knows the public key that a partner brought, and no seed of that partner is made beside it."""
    partner = LABORATORY.model_copy(update={"public_key": public_key_of(seed_in(tmp_path / "own", LABORATORY.user))})
    async with running(tmp_path / "var", (partner, INSURER), Settings()) as system:
        own = system.settings.model_copy(update={"keys_folder": tmp_path / "own"})
        for settings, user in ((own, LABORATORY.user), (system.settings, INSURER.user)):
            client = await connect(settings, user, max_reconnect_attempts=0)
            await client.close()
        assert not (system.settings.keys_folder / f"{LABORATORY.user}.nk").exists()


async def test_second_system_in_a_folder_is_refused(tmp_path: Path) -> None:
    """Two systems do not write to the same data."""
    async with running(tmp_path, PARTNERS, Settings()):
        with pytest.raises(CannotStartError, match="Another system runs in"):
            async with running(tmp_path, PARTNERS, Settings()):
                pass


async def test_killed_parts_come_back_and_lose_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Each process of the system is killed; it is started again, which is said, and every result arrives."""
    async with running(tmp_path, PARTNERS, Settings(ack_wait=timedelta(seconds=1))) as system:
        operator = await connect(system.settings, "operator", max_reconnect_attempts=-1, reconnect_time_wait=0.05)
        laboratory = await connect(system.settings, "lab-L0142", max_reconnect_attempts=-1, reconnect_time_wait=0.05)
        reports = [malachite_green_in_carp(str(number)) for number in range(len(system.children))]
        await say(system.settings, "officer.O001", accreditation("L0142"))
        await say(system.settings, "sampler.S01", *map(form, reports))
        for reported, (name, child) in zip(reports, system.children.items(), strict=True):
            await publish(laboratory, "lab.L0142", reported, event_id=reported.report_no)
            killed = child.pid
            os.kill(killed, signal.SIGKILL)
            await until(lambda child=child, killed=killed: child.pid != killed)  # type: ignore[misc]
            if name == "nats-server":
                await until(lambda: laboratory.is_connected and operator.is_connected)
            else:
                await until(lambda name=name: healthy(system.ports[name]), seconds=30)  # type: ignore[misc]
        await until(lambda: is_quiet(operator), seconds=30)
        referred = [event.data.trace for event in await record(operator, "CASES") if event.type == "case.referred.v1"]
        await laboratory.close()
        await operator.close()
    assert sorted(referred) == [f"S-{number}" for number in range(len(system.children))]
    said = capfd.readouterr().err
    assert all(f"{name} ended by signal 9 and is started again" in said for name in system.children)


async def test_partners_file_that_is_wrong_stops_the_start_with_a_sentence(tmp_path: Path) -> None:
    """A misspelt kind is named with its entry; there is no traceback."""
    wrong = tmp_path / "partners.toml"
    wrong.write_text('[[partner]]\nkind = "labor"\nid = "L0142"\n')
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services", "--folder", str(tmp_path), "--partners", str(wrong),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await process.communicate()
    assert process.returncode == 1
    assert output.decode().count("\n") == 1
    assert "entry 1 (labor L0142), kind" in output.decode()


@pytest.mark.parametrize("port", ["0", "65536", "-1", "nats", "4222.0"])
def test_port_that_is_none_is_named(
    port: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is no port is said to be none, with an example, before anything starts."""
    monkeypatch.setattr(sys, "argv", ["services", f"--port={port}"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert f"{port} is no port; write a number from 1 to 65535, such as 4222" in capsys.readouterr().err


@pytest.mark.parametrize(("wanted", "form"), [(None, "text"), ("json", "json")])
async def test_files_of_logs_are_text_unless_asked_otherwise(tmp_path: Path, wanted: Form | None, form: str) -> None:
    """A person reads the files under the folder of logs; a setting makes them JSON."""
    async with running(tmp_path, (), Settings(logs=wanted)) as system:
        assert form == system.settings.environment()["SHIAN_LOGS"]


def test_revision_is_that_of_the_checkout(tmp_path: Path) -> None:
    """In a checkout it is git's short name of the commit; a folder in another project's, or a broken one, has none."""
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed here")
    inner = tmp_path / "inner"
    inner.mkdir()
    author = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    for command in (("init", "-q"), (*author, "commit", "-q", "--allow-empty", "-m", "first")):
        subprocess.run([git, *command], cwd=tmp_path, check=True)
    found = revision_of(tmp_path)
    said = subprocess.run([git, "log", "-1", "--format=%H"], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert len(found) >= 4
    assert said.stdout.startswith(found)
    assert not revision_of(inner)
    (inner / ".git").write_text("gitdir: nowhere")
    assert not revision_of(inner)
