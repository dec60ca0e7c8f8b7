"""Who is told of what: the recipients file (TOML), one ``[[to]]`` each, with a webhook or mail addresses.

[mail]
host = "mail.example"
sender = "shian@example"

[[to]]
name = "duty officer"
events = ["food.sample.failed.v1", "food.clock.*"]
webhook = "https://chat.example/robot/1"
body = "text"
"""

import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, ValidationError, model_validator

from shared.contracts import heard_by
from shared.failure import CannotStartError


class Mail(BaseModel):
    """The mail server that takes the messages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 25
    sender: str
    starttls: bool = False
    user: str = ""
    password_file: Path | None = None
    """Holds the password; it never stands in the recipients file itself."""


class Recipient(BaseModel):
    """A person or a program that is told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    """What waits for the recipient is kept under this name."""
    events: Annotated[tuple[str, ...], Field(min_length=1)]
    """Event types, with ``*`` for any part: food.clock.*"""
    webhook: AnyHttpUrl | None = None
    body: Literal["cloudevent", "text"] = "cloudevent"
    """The event as it stands on the bus, or its sentence as chat robots take it."""
    mail: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if bool(self.webhook) == bool(self.mail):
            message = "give either a webhook or mail addresses"
            raise ValueError(message)
        known = {entry.type for entry in heard_by("officer")}
        unknown = [one for one in self.events if not any(fnmatchcase(type_, one) for type_ in known)]
        if unknown:
            message = f"{', '.join(unknown)} fits no event that an officer hears: {', '.join(sorted(known))}"
            raise ValueError(message)
        return self

    def wants(self, type_: str) -> bool:
        """Whether the recipient is told of events of this type."""
        return any(fnmatchcase(type_, one) for one in self.events)


class Recipients(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    to: Annotated[tuple[Recipient, ...], Field(min_length=1)]
    mail: Mail | None = None

    @model_validator(mode="after")
    def _has_server(self) -> Self:
        if self.mail is None and any(recipient.mail for recipient in self.to):
            message = "someone is told by mail, and there is no [mail] with host and sender"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _apart(self) -> Self:
        names = [recipient.name for recipient in self.to]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            message = f"{', '.join(twice)} stands more than once; give each recipient a name of its own"
            raise ValueError(message)
        return self


def read_recipients(path: Path) -> Recipients:
    """Read the recipients file; raises CannotStartError with what is wrong and where."""
    try:
        return Recipients.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        message = f"The recipients file {path} cannot be read: {error}"
        raise CannotStartError(message) from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'file'}: {fault['msg']}" for fault in error.errors())
        message = f"The recipients file {path} is wrong: {faults}."
        raise CannotStartError(message) from error
