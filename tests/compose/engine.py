"""A container engine, and a copy of the tree that runs on it under a project name and ports of its own.

``SHIAN_COMPOSE_OVERRIDE`` names a further compose file, for what a machine needs: a network on which images are built,
or another image.
"""

import json
import os
import re
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from demo.__main__ import PARTNERS
from services.system import free_port
from shared.keys import public_key_of, seed_in
from shared.partners import Partner, read_partners
from shared.settings import Settings

ROOT = Path(__file__).parents[2]
IMAGE = "shian-test"
PORTS = ["NATS", "NATS_2", "NATS_3", "SAMPLING", "ALERTS", "ENFORCEMENT", "INSURANCE"]
PORTS += ["WATCH", "PROMETHEUS", "ALERTMANAGER", "GRAFANA"]
LEFT_OUT = shutil.ignore_patterns(".*_cache", ".venv", ".git", ".env", ".hypothesis", "__pycache__", "var", "secrets")
PULLING = 120


def _output(*command: str, timeout: float = 60) -> str | None:
    """What a command prints; none where it fails or is not there."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def compose_command() -> list[str] | None:
    """Compose of the second version, else of the first; none where neither is there."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if _output(*command, "version"):
            return command
    return None


def lacking() -> str:
    """Why the composition cannot be run here; empty where it can."""
    if _output("docker", "info") is None:
        return "no container engine answers `docker info` here, so the composition cannot be run"
    if compose_command() is None:
        return "neither `docker compose` nor docker-compose is here, so the composition cannot be run"
    for image in _images():
        there = _output("docker", "image", "inspect", image)
        if there is None and _output("docker", "pull", "--quiet", image, timeout=PULLING) is None:
            return f"the image {image} is not here and cannot be pulled, so the composition cannot be run"
    return ""


def _images() -> list[str]:
    built = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    run = re.findall(r"^ +image: ([a-z/]+:\S+)$", (ROOT / "docker-compose.yml").read_text("utf-8"), re.MULTILINE)
    return sorted({*built, *run})


class Composition:
    """A composition for one test, with the demonstration's partners, whose keys it makes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "shian"
        self.project = f"shian-test-{os.getpid()}-{folder.name.strip('0123456789')}".lower().replace("_", "-")
        self.keys = folder / "keys"
        self.ports = {name: free_port() for name in PORTS}
        shutil.copytree(ROOT, self.folder, ignore=LEFT_OUT)
        settings = [f"SHIAN_{name}_AT=127.0.0.1:{port}" for name, port in self.ports.items()]
        settings += ["SHIAN_PARTNERS=./partners.toml", f"SHIAN_IMAGE={IMAGE}"]
        (self.folder / ".env").write_text("\n".join(settings) + "\n")
        self.register(*read_partners(PARTNERS))
        override = os.environ.get("SHIAN_COMPOSE_OVERRIDE")
        self._environment = {**os.environ, "COMPOSE_PROJECT_NAME": self.project}
        if override:
            self._environment["COMPOSE_FILE"] = f"docker-compose.yml:{Path(override).resolve()}"

    def register(self, *partners: Partner) -> None:
        """Enter partners into the partners file, each with a key made here."""
        with (self.folder / "partners.toml").open("a", encoding="utf-8") as file:
            for partner in partners:
                entry = partner.model_dump(exclude_defaults=True)
                entry["public_key"] = public_key_of(seed_in(self.keys, partner.user))
                lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in entry.items()]
                file.write("\n".join(["[[partner]]", *lines, "", ""]))

    def settings(self, *nodes: str) -> Settings:
        """How a partner on this machine reaches the bus, on these nodes or all of one."""
        addresses = [f"nats://127.0.0.1:{self.ports[node]}" for node in nodes or ("NATS",)]
        return Settings(nats_url=",".join(addresses), keys_folder=self.keys)

    def make(self, *arguments: str) -> str:
        """Run make; what it printed. Raises AssertionError with that where it fails."""
        return self._run("make", "--silent", *arguments)

    def compose(self, *arguments: str) -> str:
        """Run compose; what it printed."""
        return self._run(*(compose_command() or ()), *arguments)

    def docker(self, *arguments: str) -> str:
        """Run the engine's command; what it printed."""
        return self._run("docker", *arguments)

    def shell(self, commands: str) -> str:
        """Run commands of the guide in the folder of the composition; what they printed."""
        return self._run("sh", "-c", commands)

    def following(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start make in a process group of its own, its output to be read."""
        return subprocess.Popen(
            ["make", "--silent", *arguments],  # noqa: S607 - the make of the machine
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def containers(self) -> dict[str, dict[str, Any]]:
        """What the engine says of each container that is to stay up, by its service."""
        label = f"label=com.docker.compose.project={self.project}"
        ids = (_output("docker", "ps", "--all", "--quiet", "--filter", label) or "").split()
        found = json.loads(_output("docker", "inspect", *ids) or "[]") if ids else []
        by_service = {one["Config"]["Labels"]["com.docker.compose.service"]: one for one in found}
        return {name: one for name, one in by_service.items() if one["State"].get("Health")}

    def volumes(self) -> set[str]:
        """The volumes of this composition."""
        label = f"label=com.docker.compose.project={self.project}"
        return set((_output("docker", "volume", "ls", "--quiet", "--filter", label) or "").split())

    def take_key(self, user: str) -> None:
        """Copy the key of an insider out of the composition, as whoever may talk to the engine can."""
        kept = f"{self.project}_keys:/keys:ro"
        seed = self.docker("run", "--rm", "--network", "none", "-v", kept, IMAGE, "cat", f"/keys/{user}.nk")
        (self.keys / f"{user}.nk").write_text(seed)

    def crash(self, *services: str) -> dict[str, str]:
        """End the first process of each container as the system would; when each had been started."""
        containers = self.containers()
        killing = "import os, sys; [os.kill(int(pid), 9) for pid in sys.argv[1:]]"
        pids = [str(containers[service]["State"]["Pid"]) for service in services]
        self.docker("run", "--rm", "--user", "0", "--pid", "host", IMAGE, "python", "-c", killing, *pids)
        return {service: containers[service]["State"]["StartedAt"] for service in services}

    def wait_until_healthy(self, since: dict[str, str] | None = None, seconds: float = 180) -> None:
        """Wait for every container to be healthy, those of ``since`` after another start than that."""

        def unhealthy() -> dict[str, str]:
            containers = self.containers()
            found = {name: one["State"]["Health"]["Status"] for name, one in containers.items()}
            for name, started in (since or {}).items():
                if containers[name]["State"]["StartedAt"] == started:
                    found[name] = "not started again"
            return {name: state for name, state in found.items() if state != "healthy"}

        assert self.containers()
        wait_for(lambda: not unhealthy(), seconds, unhealthy)

    def ask(self, page: str, path: str) -> Any:
        """What a page answers, read as JSON."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[page]}{path}", timeout=10) as answer:
            return json.load(answer)

    def remove(self) -> None:
        """End everything and remove its data."""
        self.compose("down", "--volumes", "--remove-orphans", "--timeout", "5")

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            command, cwd=self.folder, env=self._environment, capture_output=True, text=True, check=False
        )
        said = done.stdout + done.stderr
        assert done.returncode == 0, f"{' '.join(command)}: {said[-3000:]}"
        return said


def wait_for(condition: Callable[[], bool], seconds: float, otherwise: Callable[[], object]) -> None:
    """Look again and again until it holds; fails with what is found otherwise."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, otherwise()
        time.sleep(0.5)


def services_of(jobs: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    """The state of each target that Prometheus scrapes, by its job."""
    found: dict[str, list[str]] = {}
    for target in jobs:
        found.setdefault(target["labels"]["job"], []).append(target["health"])
    return found
