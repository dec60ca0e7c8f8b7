"""The composition with a cluster: three nodes of the bus, three copies of each stream, two replicas of each service."""

from collections.abc import Iterator

import pytest

from demo.partners_at_work import connected
from shared.contracts.catalogue import SERVICES
from shared.permissions import OPERATOR, RECORDS
from tests.compose.engine import Composition, services_of, wait_for
from tests.compose.partners_at_work import REPORTS, prepare, say, whole_record

pytestmark = pytest.mark.usefixtures("engine")

NODES = ("NATS", "NATS_2", "NATS_3")
FIRST, SECOND, THIRD = REPORTS[:15], REPORTS[:30], REPORTS[:45]


@pytest.fixture
def composition(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composition]:
    """A composition that is not up yet."""
    composition = Composition(tmp_path_factory.mktemp("three"))
    yield composition
    composition.remove()


async def test_cluster_goes_on_without_one_node_and_one_replica(composition: Composition) -> None:
    """While the node that leads is dead, and one replica of each service, reports are answered, each once.

    The watch sees the disk of every node.
    """
    composition.make("up", "CLUSTER=1")
    composition.wait_until_healthy()
    composition.take_key(OPERATOR)
    settings = composition.settings(*NODES)
    await prepare(settings, THIRD)
    await say(settings, FIRST)
    await whole_record(settings, FIRST)
    async with connected(settings, OPERATOR) as operator:
        infos = [await operator.jetstream().stream_info(stream) for stream in RECORDS]
    assert [3] * len(RECORDS) == [info.config.num_replicas for info in infos]
    (leader,) = {info.cluster.leader for info in infos if info.config.name == "PARTNERS" and info.cluster}
    assert leader

    def folders() -> list[str]:
        found = composition.ask("PROMETHEUS", "/api/v1/query?query=shian_disk_free_bytes")["data"]["result"]
        return sorted({one["metric"]["folder"] for one in found})

    disks = [f"/disks/{what}" for what in ("bus", "bus-2", "bus-3", "databases")]
    wait_for(lambda: folders() == disks, 90, folders)

    dead = [leader, *SERVICES]
    containers = composition.containers()
    composition.docker("kill", *(containers[service]["Id"] for service in dead))
    await say(settings, SECOND)
    await whole_record(settings, SECOND)
    composition.docker("start", *(containers[service]["Id"] for service in dead))
    composition.wait_until_healthy()
    await say(settings, THIRD)
    await whole_record(settings, THIRD)

    def states() -> dict[str, list[str]]:
        return services_of(composition.ask("PROMETHEUS", "/api/v1/targets")["data"]["activeTargets"])

    wait_for(lambda: all(states().get(service) == ["up", "up"] for service in SERVICES), 90, states)
