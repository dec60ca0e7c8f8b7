"""A web page of somebody who is told by webhook, for the tests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn

from partners.notify.recipients import Recipient
from services.system import free_port
from tests.speaking import until


@dataclass
class Hook:
    """A web page that takes what is posted to it, answering with each of these codes in turn."""

    name: str = "hook"
    port: int = field(default_factory=free_port)
    answers: list[int] = field(default_factory=list)
    bodies: list[tuple[str, bytes]] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    """Set unless a test holds the answers back."""

    def __post_init__(self) -> None:
        self.may_answer.set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One request."""
        body = b""
        more = True
        while more:
            part = await receive()
            body, more = body + part.get("body", b""), part.get("more_body", False)
        headers = dict(scope["headers"])
        self.authorizations.append(headers.get(b"authorization", b"").decode())
        self.bodies.append((headers[b"content-type"].decode(), body))
        await self.may_answer.wait()
        status = self.answers.pop(0) if self.answers else 200
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Hook"]:
        """Listen."""
        config = uvicorn.Config(self, host="127.0.0.1", port=self.port, log_config=None, lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        await until(lambda: server.started)
        yield self
        server.should_exit = True
        await serving

    def recipient(self, body: str = "cloudevent") -> Recipient:
        """One who is told here of failed samples."""
        webhook = f"http://127.0.0.1:{self.port}/h"
        return Recipient.model_validate(
            {"name": self.name, "events": ["food.sample.failed.v1"], "webhook": webhook, "body": body}
        )
