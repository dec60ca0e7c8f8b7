"""Settings, from the environment (``SHIAN_…``): a bad one stops the start with a sentence that names it."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from shared.failure import CannotStartError
from shared.keys import is_seed
from shared.logs import Form, Level


def _seconds(value: object) -> object:
    if isinstance(value, str):
        with suppress(ValueError):
            return float(value)
    return value


Duration = Annotated[timedelta, BeforeValidator(_seconds), Field(gt=timedelta())]
"""A length of time: seconds, or ISO 8601 such as P7D."""


class Settings(BaseSettings):
    """What an operator can set; ``{service}`` in a value stands for the service's name.

    A variable that is set to nothing is as if it were not set.
    """

    model_config = SettingsConfigDict(env_prefix="SHIAN_", env_ignore_empty=True, frozen=True, extra="ignore")

    nats_url: str = "nats://127.0.0.1:4222"
    """The bus; the nodes of a cluster with commas between them. With tls:// the connection is encrypted."""
    nats_ca_file: Path | None = None
    """Holds the certificate of the authority that signed the bus's; without it, those that the machine trusts."""
    keys_folder: Path = Path("var/keys")
    """Holds the nkey seed of each user as ``<user>.nk``."""
    database_url: str = "sqlite+aiosqlite:///var/{service}.db"
    database_password_file: Path | None = None
    """Holds the password of the user whom the database's address names."""
    upgrade: bool = False
    """Whether a start upgrades a database of an older version, instead of stopping with a sentence."""
    evidence_folder: Path = Path("var/evidence")
    """Holds the files of the dossiers by their hash; personal data lies there and nowhere else."""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    alerts_token_file: Path | None = None
    """Holds the token that Alertmanager shows the watch; without it the watch takes no alerts."""
    revision: str = "unknown"
    """What the program was built from, such as a commit; shown in its metrics."""

    logs: Form | None = None
    """Form of the log on standard error; without it text on a terminal, and JSON elsewhere."""
    log_level: Level = "info"
    """The least that is logged; every decision is one line of level info."""

    replicas: int = Field(default=1, ge=1, le=5)
    """Copies that the bus keeps of each stream."""
    duplicate_window: Duration = timedelta(days=7)
    """How long a stream remembers message ids."""
    ack_wait: Duration = timedelta(seconds=30)
    """After this the bus hands an unacknowledged message out again."""

    batch_size: int = Field(default=500, ge=1, le=1000)
    attempts: int = Field(default=5, ge=1)
    """Failures of a handler before a message becomes a dead letter."""
    retry_delay: Duration = timedelta(seconds=1)
    """Wait before the second attempt; it doubles with each further one."""
    clock_poll: Duration = timedelta(seconds=1)

    population_base: Literal["resident", "registered"] = "resident"
    """Whom the plan's targets per 1000 people count: who lives there, or who is registered there (户籍)."""
    catalogue_folder: Path | None = None
    """Holds further limits, as `shian limits import` wrote them; read at the start."""
    severe_exceedance_file: Path | None = None
    """Holds the provinces' thresholds of severe exceedance; read at the start."""

    @field_validator("nats_url")
    @classmethod
    def _names_nodes(cls, value: str) -> str:
        nodes = [node.strip() for node in value.split(",")]
        if not all(nodes):
            message = "one of the addresses is empty; write nats://host:4222, with commas between several"
            raise ValueError(message)
        if len({node.startswith("tls://") for node in nodes}) > 1:
            message = "some addresses are encrypted and some are not; write tls:// before each or before none"
            raise ValueError(message)
        return ",".join(nodes)

    @field_validator("nats_ca_file")
    @classmethod
    def _is_used(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if value and not info.data.get("nats_url", "tls://").startswith("tls://"):
            message = "nothing would be encrypted, since SHIAN_NATS_URL does not begin with tls://"
            raise ValueError(message)
        return value

    @property
    def nats_nodes(self) -> list[str]:
        """The address of each node of the bus."""
        return self.nats_url.split(",")

    def environment(self) -> dict[str, str]:
        """These settings as variables, for another process."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        plain = {
            name: value.total_seconds() if isinstance(value, timedelta) else value
            for name, value in values.items()
            if value is not None
        }
        return {f"SHIAN_{name.upper()}": str(value) for name, value in plain.items()}

    def database_of(self, service: str) -> str:
        """The service's own database as an SQLAlchemy URL; raises CannotStartError when its password cannot be had."""
        address = self.database_url.replace("{service}", service)
        if self.database_password_file is None:
            return address
        file = Path(str(self.database_password_file).replace("{service}", service))
        try:
            url, password = make_url(address), file.read_text("utf-8").strip()
        except (ArgumentError, ValueError, OSError) as error:
            raise CannotStartError(_without_password(address, file, error)) from error
        if not url.username or url.password is not None:
            message = (
                f"SHIAN_DATABASE_PASSWORD_FILE={file} is set, so SHIAN_DATABASE_URL must name a user and no password, "
                "such as postgresql+asyncpg://shian_{service}@host/shian_{service}."
            )
            raise CannotStartError(message)
        if not password:
            message = f"SHIAN_DATABASE_PASSWORD_FILE={file} is empty; write the password of {url.username} into it."
            raise CannotStartError(message)
        return url.set(password=password).render_as_string(hide_password=False)

    def alerts_token(self) -> str:
        """The token of Alertmanager, empty where none is set; raises CannotStartError when it cannot be had."""
        if self.alerts_token_file is None:
            return ""
        try:
            token = self.alerts_token_file.read_text("utf-8").strip()
        except (OSError, ValueError) as error:
            message = f"SHIAN_ALERTS_TOKEN_FILE={self.alerts_token_file} cannot be read ({error}); name a file with it."
            raise CannotStartError(message) from error
        if not token:
            message = f"SHIAN_ALERTS_TOKEN_FILE={self.alerts_token_file} is empty; write the token into it."
            raise CannotStartError(message)
        return token

    def seed_of(self, user: str) -> str:
        """The nkey seed of a user of the bus; raises CannotStartError when its file is missing."""
        path = self.keys_folder / f"{user}.nk"
        try:
            seed = path.read_text("ascii").strip()
        except (OSError, ValueError) as error:
            message = f"The key of {user} cannot be read ({error}); set SHIAN_KEYS_FOLDER or make the keys first."
            raise CannotStartError(message) from error
        if not is_seed(seed):
            message = f"The key of {user} in {path} is no nkey seed of a user (SU…); put back the one that was made."
            raise CannotStartError(message)
        return seed


def _without_password(address: str, file: Path, error: Exception) -> str:
    if isinstance(error, ArgumentError):
        return f"SHIAN_DATABASE_URL is not a database address: {error}"
    reason = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
    user = make_url(address).username  # not the whole part before the @, in which a password may stand
    return (
        f"SHIAN_DATABASE_PASSWORD_FILE={file} cannot be read ({reason}); name a file that holds the password of "
        f"{user or 'the database'} and that this program may read."
    )


def from_environment() -> Settings:
    """Read the settings; raises CannotStartError with one sentence per bad setting."""
    try:
        return Settings()
    except ValidationError as error:
        faults = [
            f"SHIAN_{'_'.join(map(str, fault['loc'])).upper()}={fault['input']!r}: {fault['msg']}"
            for fault in error.errors()
        ]
        raise CannotStartError("Bad setting: " + "; ".join(faults)) from error
