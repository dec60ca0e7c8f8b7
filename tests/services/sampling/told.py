"""What the sampling service told, read from the record."""

from typing import TypeVar

from nats.aio.client import Client

from shared.contracts import Event, RequestAccepted, RequestRefused, ResultRejected, ResultsAccepted
from tests.speaking import record

E = TypeVar("E", bound=Event)


async def told(operator: Client, kind: type[E], stream: str = "FOOD") -> list[E]:
    """Every event of one kind, in order."""
    return [envelope.data for envelope in await record(operator, stream) if isinstance(envelope.data, kind)]


async def kinds(operator: Client, sample_no: str) -> list[str]:
    """The names of the events on one sample's path, in order."""
    return [type(envelope.data).__name__ for envelope in await record(operator, "FOOD") if envelope.trace == sample_no]


async def refusals(operator: Client) -> list[tuple[str, str, str]]:
    """Who was refused what, for which reason and in which field."""
    return [(one.party, one.reason.value, one.where) for one in await told(operator, RequestRefused, "RECEIPTS")]


async def rejections(operator: Client) -> list[tuple[str, str, str]]:
    """Which report was refused, for which reason and in which field."""
    return [(one.report_no, one.reason.value, one.where) for one in await told(operator, ResultRejected, "RECEIPTS")]


async def acceptances(operator: Client) -> list[tuple[str, list[str]]]:
    """Whose request was done, and the rules that it was warned of."""
    accepted = await told(operator, RequestAccepted, "RECEIPTS")
    return [(one.number, [warning.rule for warning in one.warnings]) for one in accepted]


async def verdicts(operator: Client) -> list[tuple[str, str]]:
    """Report number and verdict of every receipt, in order."""
    events = await told(operator, ResultsAccepted, "RECEIPTS")
    return [(receipt.report_no, receipt.verdict) for event in events for receipt in event.receipts]
