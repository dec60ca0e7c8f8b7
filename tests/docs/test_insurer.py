"""An insurer with a program of its own, as docs/joining.md tells it: a policy, its notice, and a refused policy."""

import json
from pathlib import Path

from nats.aio.client import Client

from shared.settings import Settings
from tests.county import say
from tests.examples import failed_sample
from tests.listening import is_idle
from tests.programs import Example, not_in_joining
from tests.running import running_services
from tests.servers.nats import NatsServer
from tests.speaking import until


def with_another(document: Path, field: str, value: str) -> None:
    """Change one field of a JSON file."""
    document.write_text(json.dumps(json.loads(document.read_bytes()) | {field: value}), "utf-8")


async def test_policy_then_notice(example: Example, settings: Settings, server: NatsServer, operator: Client) -> None:
    """A policy brings the notice of a failed sample that it covers; kept, acknowledged, and heard once."""
    async with running_services(settings, "insurance"):
        await say(server, "sampling", failed_sample("0001"))
        await until(lambda: is_idle(operator, "insurance"))
        code, said = await example("insurer", "I007", "policy.json")
        assert 0 == code
        again = await example("insurer", "I007", "policy.json", example.documents("sent")[0].stem)
    assert [] == not_in_joining(said)
    assert "notice.insurer.notified.v1" in said
    (heard,) = example.documents("heard")
    assert "POL-0001" == json.loads(heard.read_bytes())["data"]["policy_no"]
    assert 0 == again[0]
    assert "notice" not in again[1]
    assert 0 == (await operator.jetstream().consumer_info("NOTICES", "insurer-I007")).num_ack_pending


async def test_changed_policy_is_refused(example: Example, settings: Settings, operator: Client) -> None:
    """The number of a policy with other content is refused, and the program prints why."""
    assert operator.is_connected
    async with running_services(settings, "insurance"):
        await example("insurer", "I007", "policy.json")
        with_another(example.folder / "policy.json", "insured", "P0002")
        code, said = await example("insurer", "I007", "policy.json")
    assert 0 == code
    assert "receipt.policy.rejected.v1" in said
    assert [] == not_in_joining(said)
