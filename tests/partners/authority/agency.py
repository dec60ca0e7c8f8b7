"""An agency at work on one case, and a shell in which authorities type."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from nats.aio.client import Client

from services.enforcement.store.cases import Case
from shared.contracts.case_step import CaseStep
from tests.county import say
from tests.listening import is_idle
from tests.servers.nats import NatsServer
from tests.shian import Shell
from tests.speaking import until
from tests.undoing import rows


@dataclass(slots=True)
class Agency:
    """The one case, and whoever acts on it."""

    server: NatsServer
    operator: Client
    shell: Shell
    case_no: str = ""

    async def case(self) -> Any:
        """The case as the service keeps it."""
        (case,) = await rows(self.shell.settings, "enforcement", Case)
        return case

    async def find_case(self) -> None:
        """Learn the case's number."""
        self.case_no = (await self.case()).case_no

    async def takes(self, teller: str, kind: type[CaseStep], **said: Any) -> None:
        """Somebody takes a step on the case as it stands, and the exchange has answered."""
        version = (await self.case()).version
        await say(self.server, teller, kind(case_no=self.case_no, version=version, at=datetime.now(UTC), **said))
        await until(lambda: is_idle(self.operator, "enforcement"))
        assert (await self.case()).version == version + 1

    async def types(self, line: str, user: str, exit_code: int = 0) -> str:
        """Type a line as this user; what is said, when the exchange has heard it."""
        code, said = await self.shell(line, user)
        assert exit_code == code, f"{line}: {said}"
        return said
