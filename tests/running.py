"""Running the services in the test's own process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from faststream.asgi import AsgiFastStream
from nats.aio.client import Client

from services.alerts import app as alerts
from services.enforcement import app as enforcement
from services.insurance import app as insurance
from services.sampling import app as sampling
from shared.contracts.catalogue import SERVICES, ServiceName
from shared.settings import Settings
from tests.listening import is_idle

BUILD: dict[ServiceName, Callable[[Settings], AsgiFastStream]] = {
    "sampling": sampling.build,
    "alerts": alerts.build,
    "enforcement": enforcement.build,
    "insurance": insurance.build,
}


@asynccontextmanager
async def in_own_task(context: AbstractAsyncContextManager[object]) -> AsyncIterator[None]:
    """Enter and leave a context in a task of its own, as a fixture must whose two halves run in different tasks."""
    entered, leaving = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with context:
            entered.set()
            await leaving.wait()

    holding = asyncio.create_task(hold())
    waiting = asyncio.create_task(entered.wait())
    await asyncio.wait({holding, waiting}, return_when=asyncio.FIRST_COMPLETED)
    try:
        if holding.done():
            waiting.cancel()
            await holding
        yield
    finally:
        leaving.set()
        await holding


@asynccontextmanager
async def running_services(settings: Settings, *names: ServiceName) -> AsyncIterator[None]:
    """Run these services, or all four."""
    async with AsyncExitStack() as stack:
        for name in names or SERVICES:
            await stack.enter_async_context(BUILD[name](settings).start_lifespan_context())
        yield


async def is_quiet(operator: Client) -> bool:
    """Whether no service has anything left to answer."""
    for _ in range(2):  # what one service tells, another may still have to hear
        for service in SERVICES:
            if not await is_idle(operator, service):
                return False
    return True
