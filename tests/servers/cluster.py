"""Three real nats-servers that are one bus, as the nodes of a cluster are configured."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from services.provision import write_server_config
from services.system import free_port, nats_server
from shared.partners import Partner
from shared.settings import Settings

ANYWHERE = "0.0.0.0:6222"


class Cluster:
    """Nodes of one configuration, each with its own ports and folder."""

    def __init__(self, folder: Path, partners: Sequence[Partner]) -> None:
        self._folder = folder
        self._ports = [free_port() for _ in range(3)]
        self._routes = [f"127.0.0.1:{free_port()}" for _ in range(3)]
        self._partners = partners
        self._processes: dict[int, subprocess.Popen[bytes]] = {}

    def settings(self, replicas: int = 3) -> Settings:
        """Settings that name all nodes."""
        addresses = ",".join(f"nats://127.0.0.1:{port}" for port in self._ports)
        return Settings(nats_url=addresses, keys_folder=self._folder / "keys", replicas=replicas)

    def start(self, *nodes: int) -> None:
        """Start these nodes, or all; they find each other by themselves."""
        for node in nodes or range(3):
            with (self._folder / f"node-{node}.log").open("ab") as log:
                self._processes[node] = subprocess.Popen(
                    [nats_server(), "-c", str(self._configuration(node))],
                    env={**os.environ, "SHIAN_NODE": f"node-{node}"},
                    stdout=log,
                    stderr=log,
                )

    def kill(self, *nodes: int) -> None:
        """End these nodes, or all that run, as a power failure would."""
        for node in nodes or tuple(self._processes):
            process = self._processes.pop(node)
            process.kill()
            process.wait()

    def _configuration(self, node: int) -> Path:
        """The common configuration, with what differs between nodes that share a machine."""
        common = write_server_config(
            self._folder / "keys",
            self._partners,
            listen=f"127.0.0.1:{self._ports[node]}",
            store=self._folder / f"jetstream-{node}",
            make_partner_keys=True,
            nodes=self._routes,
        )
        own = self._folder / f"node-{node}.conf"
        own.write_text(common.read_text("utf-8").replace(ANYWHERE, self._routes[node]), "utf-8")
        return own
