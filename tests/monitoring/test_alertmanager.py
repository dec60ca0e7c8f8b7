"""Who is told of which alert: the routes as they are shipped, in a real Alertmanager."""

import copy
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from services.system import free_port
from services.watch.alert_log import Notification
from tests.partners.notify.hook import Hook
from tests.partners.notify.test_delivery import Postbox
from tests.servers.alertmanager import alertmanager, running
from tests.speaking import until

FOLDER = Path(__file__).parents[2] / "monitoring"
SHIPPED = FOLDER / "alertmanager.yml"
EXAMPLE = FOLDER / "alertmanager.example.yml"
WATCH = "http://watch:8000/alerts"
_OPERATING = (FOLDER.parent / "docs" / "operating.md").read_text("utf-8")
COMMANDS = _OPERATING[_OPERATING.index("cp monitoring/alertmanager.example.yml") :].partition("```")[0]
"""By which the documentation puts the example's receivers in place."""
TOKEN = "f" * 48

pytestmark = pytest.mark.skipif(
    alertmanager() is None or shutil.which("amtool") is None,
    reason="Alertmanager is not installed here: Debian's package prometheus-alertmanager",
)


def read(file: Path) -> Any:
    """A configuration."""
    return yaml.safe_load(file.read_text("utf-8"))


def hurried(config: Any, url: str, folder: Path) -> Any:
    """A configuration that waits for a second at most, at any time of day, and tells the watch at this address.

    The token that it shows there is in the folder.
    """
    config, token = copy.deepcopy(config), folder / "token"
    token.write_text(f"{TOKEN}\n")
    routes = [config["route"]]
    for route in routes:
        route |= {"group_wait": "1s", "group_interval": "1s"}
        route.pop("active_time_intervals", None)
        routes += route.get("routes", [])
    for receiver in config["receivers"]:
        hooks = [hook for hook in receiver.get("webhook_configs", ()) if hook["url"] == WATCH]
        receiver["webhook_configs"] = [
            hook | {"url": url, "http_config": {"authorization": {"credentials_file": str(token)}}}
            for hook in hooks
            if hook["http_config"]["authorization"] == {"credentials_file": "/run/secrets/alertmanager"}
        ]
    return config


def alert(name: str, severity: str = "page", audience: str = "operator", **labels: str) -> dict[str, Any]:
    """An alert as Prometheus posts it."""
    named = {"alertname": name, "severity": severity, "audience": audience}
    return {"labels": named | labels, "annotations": {"summary": f"{name}!"}}


async def post(client: httpx.AsyncClient, *alerts: dict[str, Any]) -> None:
    """Tell Alertmanager of these."""
    (await client.post("/api/v2/alerts", json=list(alerts))).raise_for_status()


def told(hook: Hook) -> list[tuple[str, list[str]]]:
    """What came: to whom, and of which job or kind each alert is."""
    notifications = [Notification.model_validate_json(body) for _, body in hook.bodies]
    return [
        (one.receiver, sorted(alert.labels["alertname"] + " " + alert.labels.get("job", "") for alert in one.alerts))
        for one in notifications
    ]


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    """The page that stands for that of the watch."""
    async with Hook().open() as hook:
        yield hook


def follow(commands: str, folder: Path) -> None:
    """Do in a folder what an operator is told to do."""
    subprocess.run(["sh", "-e", "-c", commands], cwd=folder, check=True)  # noqa: S607 - where it lies differs


@pytest.fixture
def adapted(tmp_path: Path) -> Path:
    """The configuration of an operator who followed the documentation with the example as it is."""
    shutil.copytree(FOLDER, tmp_path / "monitoring")
    follow(COMMANDS, tmp_path)
    return tmp_path / "monitoring" / "alertmanager.yml"


def check(file: Path) -> tuple[int, str]:
    """What amtool says of a configuration."""
    checked = subprocess.run(["amtool", "check-config", file], capture_output=True, text=True, check=False)  # noqa: S607 - where it lies differs
    return checked.returncode, checked.stderr


def test_configuration_is_valid(adapted: Path) -> None:
    """Alertmanager would take what is shipped, and the same with the receivers of the example."""
    assert (0, "") == check(SHIPPED)
    assert (0, "") == check(adapted)


def test_example_takes_the_place_of_the_receivers_only(adapted: Path) -> None:
    """Whoever follows the documentation has the routes that are tried here, every receiver, and the mail server."""
    shipped, example, both = read(SHIPPED), read(EXAMPLE), read(adapted)
    assert {"receivers", "global"} == example.keys()
    assert [one["name"] for one in shipped["receivers"]] == [one["name"] for one in example["receivers"]]
    assert shipped | example == both


def test_example_can_take_its_place_again(adapted: Path) -> None:
    """A second time, with other addresses or after none were changed, leaves nothing of the first behind."""
    before, folder = adapted.read_text("utf-8"), adapted.parents[1]
    again = COMMANDS.partition("\n")[2]
    follow(again, folder)
    assert before == adapted.read_text("utf-8")
    follow(f"sed -i s/example.gov.cn/wafangdian.gov.cn/g receivers.yml\n{again}", folder)
    assert before.replace("example.gov.cn", "wafangdian.gov.cn") == adapted.read_text("utf-8")


def test_example_holds_no_secret() -> None:
    """Secrets stand in files of their own."""
    keys = set(_keys(read(EXAMPLE)))
    assert {"smtp_auth_password_file", "credentials_file"} <= keys
    assert set() == keys & {"smtp_auth_password", "credentials", "password", "api_secret"}


def _keys(part: Any) -> Iterator[str]:
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    yield from part if isinstance(part, dict) else ()
    for one in inner:
        yield from _keys(one)


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        (("alertname=Watchdog", "severity=info", "audience=operator"), "dead-man"),
        (("alertname=ServiceDown", "severity=page", "audience=operator"), "operator-on-call"),
        (("alertname=ConsumerLag", "severity=ticket", "audience=operator"), "operators"),
        (("alertname=ClockMissed", "severity=page", "audience=agency"), "agency-duty-officer"),
        (("alertname=ClocksOverdue", "severity=ticket", "audience=agency"), "agency"),
        (("alertname=ClockApproaching", "severity=info", "audience=agency"), "shown-only"),
        (("alertname=Unlabelled",), "operators"),
    ],
    ids=lambda case: case[0] if isinstance(case, tuple) else "",
)
def test_route_leads_to_who_is_called(labels: tuple[str, ...], receiver: str) -> None:
    """By severity and audience; what nobody thought of reaches the operators."""
    command = ["amtool", "config", "routes", "test", f"--config.file={SHIPPED}", *labels]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert receiver == found.stdout.strip()


async def test_alerts_arrive_in_groups(hook: Hook, tmp_path: Path) -> None:
    """Services that are down together are one notification, another alert is another one, and each shows the token."""
    config = hurried(read(SHIPPED), f"http://127.0.0.1:{hook.port}/alerts", tmp_path)
    down = [alert("ServiceDown", job=job) for job in ("alerts", "sampling")]
    async with running(config, tmp_path) as client:
        await post(client, *down, alert("ClockMissed", audience="agency", kind="REF-02"))
        await until(lambda: len(hook.bodies) >= 2)
    assert {f"Bearer {TOKEN}"} == set(hook.authorizations)
    assert [
        ("agency-duty-officer", ["ClockMissed "]),
        ("operator-on-call", ["ServiceDown alerts", "ServiceDown sampling"]),
    ] == sorted(told(hook))


async def test_consequences_are_not_told(hook: Hook, tmp_path: Path) -> None:
    """Of a service that is down nothing else is told; of its neighbour it is."""
    config = hurried(read(SHIPPED), f"http://127.0.0.1:{hook.port}/alerts", tmp_path)
    stuck = [alert("ResultStuck", job=job) for job in ("alerts", "sampling")]
    async with running(config, tmp_path) as client:
        await post(client, alert("ServiceDown", job="sampling"), *stuck)
        await until(lambda: len(hook.bodies) >= 2)
    assert [
        ("operator-on-call", ["ResultStuck alerts"]),
        ("operator-on-call", ["ServiceDown sampling"]),
    ] == sorted(told(hook))


async def test_mail_of_the_example_arrives(hook: Hook, adapted: Path, tmp_path: Path) -> None:
    """The example's receivers send mail, with the sentence of the alert, beside the line in the watch's log."""
    config = hurried(read(adapted), f"http://127.0.0.1:{hook.port}/alerts", tmp_path)
    box, port = Postbox(), free_port()
    async with box.open(port):
        config["global"] = {
            "smtp_smarthost": f"127.0.0.1:{port}",
            "smtp_from": config["global"]["smtp_from"],
            "smtp_require_tls": False,
        }
        async with running(config, tmp_path) as client:
            await post(client, alert("DiskFilling", "ticket", folder="/data"))
            await until(lambda: len(hook.bodies) >= 1 and len(box.mails) >= 1)
    ((recipients, mail),) = box.mails
    assert ["operators@example.gov.cn"] == recipients
    assert "DiskFilling!" in mail
    assert [("operators", ["DiskFilling "])] == told(hook)
