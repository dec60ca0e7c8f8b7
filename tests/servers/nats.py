"""A real nats-server for one test: its own folder, its own port, killed and started again at will."""

import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from nats.aio.client import Client

from services.provision import make_streams, write_server_config
from services.system import free_port, nats_server
from shared.connection import connect
from shared.partners import Partner
from shared.settings import Settings

LABORATORY = Partner(kind="lab", id="L0142")
OTHER_LABORATORY = Partner(kind="lab", id="L0200")
THIRD_LABORATORY = Partner(kind="lab", id="L0300")
INSURER = Partner(kind="insurer", id="I007")
OTHER_INSURER = Partner(kind="insurer", id="I012")
POLICE = Partner(kind="police", region="21.02.83")
OTHER_POLICE = Partner(kind="police", region="21.02.02")
PROCURATORATE = Partner(kind="procuratorate", region="21.02.83")
SAMPLER = Partner(kind="sampler", id="S01", region="21.02.83")
OTHER_SAMPLER = Partner(kind="sampler", id="S02", region="21.02.83")
OFFICER = Partner(kind="officer", id="O001", region="21.02.83")
OTHER_OFFICER = Partner(kind="officer", id="O002", region="21.02.02")
SECOND_OFFICER = Partner(kind="officer", id="O003", region="21.02.83")
HEAD = Partner(kind="head", id="H001", region="21.02.83")
PARTNERS = (
    LABORATORY,
    OTHER_LABORATORY,
    THIRD_LABORATORY,
    INSURER,
    OTHER_INSURER,
    POLICE,
    OTHER_POLICE,
    PROCURATORATE,
    SAMPLER,
    OTHER_SAMPLER,
    OFFICER,
    OTHER_OFFICER,
    SECOND_OFFICER,
    HEAD,
)

RELOADED = "Reloaded server configuration"
"""What the server logs once it goes by a new configuration."""


class NatsServer:
    """One server with the exchange's accounts and permissions."""

    def __init__(self, folder: Path, partners: Sequence[Partner] = PARTNERS, tls: Path | None = None) -> None:
        folder.mkdir(exist_ok=True)
        self.port = free_port()
        self.keys = folder / "keys"
        self._folder = folder
        self._log = folder / "nats-server.log"
        self._partners = partners
        self._tls = tls
        self._config = self._configure()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until it listens."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen([nats_server(), "-c", str(self._config)], stdout=log, stderr=log)
        deadline = time.monotonic() + 10
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(self._log.read_text())
            time.sleep(0.005)

    def reload(self) -> None:
        """Write the configuration of the catalogue as it is now, and wait until the server has read it."""
        assert self._process is not None
        self._configure()
        reloaded = self._log.read_text().count(RELOADED)
        self._process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 10
        while self._log.read_text().count(RELOADED) == reloaded:
            if time.monotonic() > deadline:
                raise RuntimeError(self._log.read_text())
            time.sleep(0.005)

    def kill(self) -> None:
        """End it as a power failure would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in order."""
        self._end(signal.SIGTERM)

    def configure(self, old: str, new: str) -> None:
        """Change its configuration, as it is read at the next start."""
        text = self._config.read_text("utf-8")
        assert old in text
        self._config.write_text(text.replace(old, new), "utf-8")

    async def provision(self, settings: Settings) -> None:
        """Make the streams and consumers."""
        await make_streams(settings, self._partners)

    async def connect(self, user: str, **options: object) -> Client:
        """Connect as one user of the exchange."""
        return await connect(Settings(nats_url=self.url, keys_folder=self.keys), user, **options)

    def _configure(self) -> Path:
        listen, store = f"127.0.0.1:{self.port}", self._folder / "jetstream"
        return write_server_config(
            self.keys, self._partners, listen=listen, store=store, make_partner_keys=True, tls=self._tls
        )

    def _end(self, number: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(number)
            self._process.wait()
            self._process = None

    def _listens(self) -> bool:
        with socket.socket() as client:
            client.settimeout(0.2)
            return client.connect_ex(("127.0.0.1", self.port)) == 0
