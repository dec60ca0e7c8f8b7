"""The examples of plain clients do what docs/authorities.md says: they read, keep, acknowledge, and answer."""

from nats.aio.client import Client

from tests.partners.authority.agency import Agency
from tests.programs import EXAMPLES, Example, not_in_joining
from tests.speaking import until


def test_lock_names_no_address() -> None:
    """The packages are pinned by version and hash, wherever they come from."""
    lock = (EXAMPLES / "package-lock.json").read_text("utf-8")
    assert "://" not in lock
    assert "resolved" not in lock
    assert 3 == lock.count('"integrity"')


async def test_plain_client_receives_a_transfer(agency: Agency, operator: Client, example: Example) -> None:
    """It prints each event, signs the receipt, and hears that this was accepted; a second run has nothing to do."""
    code, out = await example("authority", "210283")
    assert 0 == code, out
    case = agency.case_no
    assert f"event case.referred.v1 {case} version 1" in out
    assert f"event case.transferred.v1 {case} version 5" in out
    assert "receipt receipt.request.accepted.v1 The police received case" in out
    assert "received" == (await agency.case()).state
    assert [] == not_in_joining(out)

    async def is_acknowledged() -> bool:
        return not (await operator.jetstream().consumer_info("CASES", "police-210283")).num_ack_pending

    await until(is_acknowledged)
    _, again = await example("authority", "210283")
    assert "case.transferred.v1" not in again


async def test_case_of_another_state_is_refused(agency: Agency, example: Example) -> None:
    """A receipt that was signed already is refused with the reason; of a case nobody heard of nothing is sent."""
    await example("authority", "210283")
    code, out = await example("authority", "210283", agency.case_no)
    assert 0 == code
    assert "receipt.request.refused.v1" in out
    code, out = await example("authority", "210283", "C-0000000000AA")
    assert 0 != code
    assert "nothing was heard of case C-0000000000AA yet" in out
