"""The composition as its operator runs it for years: up, at work, killed part by part, down, and up again."""

import json
import os
import signal
from collections.abc import Iterator

import pytest

from demo.partners_at_work import connected
from services.handing_out import HOLDERS
from shared.contracts.catalogue import SERVICES
from shared.partners import Partner
from shared.permissions import OPERATOR
from tests.compose.engine import IMAGE, Composition, services_of, wait_for
from tests.compose.partners_at_work import REPORTS, prepare, say, whole_record

pytestmark = pytest.mark.usefixtures("engine")

PARTS = ("nats", "postgres", *SERVICES, "watch", "prometheus", "alertmanager", "grafana")
ASKING = """
import asyncio, asyncpg, sys
user, password, database = sys.argv[1:]
try:
    asyncio.run(asyncpg.connect(host="postgres", user=user, password=password, database=database))
    print("let in")
except asyncpg.PostgresError as error:
    print(type(error).__name__)
"""
IN_MEMORY = ["/dev/mqueue", "/dev/shm", "/tmp"]  # noqa: S108 - where a container may write, and what ends with it
TRYING = """
import json, os, tempfile

def is_refused(folder):
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return True
    return False

def folders():
    for folder, within, files in os.walk("/"):
        within[:] = [name for name in within if os.path.join(folder, name) not in ("/proc", "/sys")]
        yield folder, files

found = list(folders())
print(json.dumps({
    "written": sorted(folder for folder, _ in found if not is_refused(folder)),
    "keys": sorted(os.path.join(folder, name) for folder, names in found for name in names if name.endswith(".nk")),
}))
"""


@pytest.fixture(scope="module")
def composition(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composition]:
    """A composition that is not up yet."""
    composition = Composition(tmp_path_factory.mktemp("one"))
    yield composition
    composition.remove()


async def test_city_runs_is_killed_part_by_part_and_comes_back(composition: Composition) -> None:
    """Every failed sample has its alert, its case and its notice once, whatever is killed meanwhile, and keeps them."""
    composition.make("up")
    composition.wait_until_healthy()
    assert set(PARTS) <= composition.containers().keys()
    composition.take_key(OPERATOR)
    settings = composition.settings()
    await prepare(settings, REPORTS)
    count = len(REPORTS) // (len(PARTS) + 1)
    told = REPORTS[:count]
    await say(settings, told)
    record = await whole_record(settings, told)
    assert any(path.failed for path in record.paths.values())

    for part in PARTS:
        started = composition.crash(part)
        more = REPORTS[len(told) : len(told) + count]
        await say(settings, more)
        told += more
        composition.wait_until_healthy(started)
        await whole_record(settings, told)

    await say(settings, REPORTS)
    before = (await whole_record(settings, REPORTS)).line(new=0)
    assert before.endswith("alerts=135 referrals=12 notices=10 dead=0 new=0")
    kept = composition.volumes()
    composition.make("down")
    assert (composition.containers(), composition.volumes()) == ({}, kept)
    composition.make("up")
    composition.wait_until_healthy()
    assert before == (await whole_record(settings, REPORTS)).line(new=0)
    path = composition.compose("run", "--rm", "shian", "trace", "DEMO-F0002")
    assert all(service in path for service in SERVICES)  # the databases have it too


def test_everything_is_scraped_and_alerts_have_somewhere_to_go(composition: Composition) -> None:
    """Prometheus reaches every target of its configuration, and knows an Alertmanager that answers."""

    def states() -> dict[str, list[str]]:
        return services_of(composition.ask("PROMETHEUS", "/api/v1/targets")["data"]["activeTargets"])

    jobs = {*SERVICES, "watch", "prometheus", "alertmanager"}
    wait_for(lambda: states() == {job: ["up"] for job in jobs}, 90, states)
    managers = composition.ask("PROMETHEUS", "/api/v1/alertmanagers")["data"]["activeAlertmanagers"]
    assert [one["url"] for one in managers] == ["http://alertmanager:9093/api/v2/alerts"]
    assert composition.ask("ALERTMANAGER", "/api/v2/status")["config"]["original"]


def test_watch_sees_the_disks_and_logs_what_alertmanager_tells(composition: Composition) -> None:
    """The disks of bus and databases are measured, and an alert that is raised stands in the watch's log."""

    def folders() -> list[str]:
        found = composition.ask("PROMETHEUS", "/api/v1/query?query=shian_disk_free_bytes")["data"]["result"]
        return sorted({one["metric"]["folder"] for one in found})  # a watch that was replaced is still remembered

    wait_for(lambda: folders() == ["/disks/bus", "/disks/databases"], 90, folders)
    told = ["alert", "add", "ResultStuck", "severity=page", "audience=operator"]
    composition.compose("exec", "-T", "alertmanager", "amtool", "--alertmanager.url=http://127.0.0.1:9093", *told)

    def log() -> str:
        return composition.compose("logs", "--no-color", "watch")

    wait_for(lambda: "ResultStuck" in log(), 60, log)


@pytest.mark.parametrize(
    ("user", "password", "database", "expected"),
    [
        ("shian_alerts", "{alerts}", "shian_alerts", "let in"),
        ("shian_alerts", "{alerts}", "shian_sampling", "InsufficientPrivilegeError"),
        ("shian_alerts", "{sampling}", "shian_alerts", "InvalidPasswordError"),
        ("shian_alerts", "shian_alerts", "shian_alerts", "InvalidPasswordError"),
        ("postgres", "postgres", "postgres", "InvalidPasswordError"),
    ],
)
def test_database_opens_to_its_own_service_only(
    composition: Composition, user: str, password: str, database: str, expected: str
) -> None:
    """A service's password opens its own database and no other, and no password that can be guessed opens any."""
    secrets = {path.name: path.read_text().strip() for path in (composition.folder / "secrets").iterdir()}
    asked = [user, password.format(**secrets), database]
    command = ["--network", f"{composition.project}_databases", IMAGE, "python", "-c", ASKING, *asked]
    assert composition.docker("run", "--rm", *command).strip() == expected


async def test_new_partner_is_let_in_while_the_exchange_runs(composition: Composition) -> None:
    """`make partners` takes a new entry in: it connects, and has its durable."""
    composition.register(Partner(kind="lab", id="L0900"))
    composition.make("partners")
    settings = composition.settings()
    async with connected(settings, "lab-L0900") as laboratory:
        assert laboratory.is_connected
    async with connected(settings, OPERATOR) as operator:
        durable = await operator.jetstream().consumer_info("RECEIPTS", "lab-L0900")
    assert durable.name == "lab-L0900"


def test_operator_reads_what_services_keep(composition: Composition) -> None:
    """The command runs in a container of its own, with the keys and the databases."""
    assert "no dead letters" in composition.compose("run", "--rm", "shian", "dead", "list").lower()


def test_logs_are_followed(composition: Composition) -> None:
    """`make logs` prints what each container said, and goes on until it is stopped."""
    logs = composition.following("logs")
    try:
        assert logs.stdout
        assert any("nats" in line for line in logs.stdout)
        assert logs.poll() is None
    finally:
        os.killpg(logs.pid, signal.SIGTERM)
        logs.communicate()


def test_image_is_that_of_a_user_without_rights(composition: Composition) -> None:
    """Services run as a user of their own, from an image without pip."""
    alone = ("run", "--rm", "--network", "none", IMAGE)
    assert composition.docker(*alone, "id", "-u").strip() == "10001"
    finding = "import importlib.util; print(importlib.util.find_spec('pip'))"
    assert composition.docker(*alone, "python", "-c", finding).strip() == "None"


@pytest.mark.parametrize("holder", [*SERVICES, "watch"])
def test_service_writes_nothing_and_sees_no_key_of_another(composition: Composition, holder: str) -> None:
    """What runs in a container of a service is refused every place but its memory, and finds its own seeds only."""
    found = composition.compose("exec", "-T", holder, "python", "-c", TRYING)
    users = HOLDERS[holder]
    assert json.loads(found) == {"written": IN_MEMORY, "keys": sorted(f"/keys/{user}.nk" for user in users)}


def test_bus_sees_no_seed(composition: Composition) -> None:
    """The bus knows its users by their public keys: in its container is no seed, and nothing of its own is written."""
    looking = (
        "find / -xdev -name '*.nk'; find /etc/shian -type f; ! touch /etc/shian/x 2>/dev/null; ! touch /x 2>/dev/null"
    )
    assert composition.compose("exec", "-T", "nats", "sh", "-c", looking).split() == ["/etc/shian/server.conf"]
