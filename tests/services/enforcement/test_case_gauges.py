"""The gauges of the cases: every state, zeros too, what nobody decided on, and what is under supervision."""

from pathlib import Path

from services.enforcement.case_gauges import measure
from services.enforcement.metrics import EnforcementMetrics
from shared.contracts import JointSupervision, MajorCaseFlagged
from tests.services.enforcement.desk import Desk, desk_with_a_case
from tests.services.enforcement.ways import OFFICER, PROCURATORATE, WHY, lead


async def gauges(desk: Desk) -> dict[str, float]:
    """What the gauges show of the one region there is, without zeros."""
    metrics = EnforcementMetrics()
    async with desk.database.read() as connection:
        await measure(metrics)(connection, desk.now)
    found = {}
    for family in metrics.registry.collect():
        for sample in family.samples:
            if sample.labels.get("region") == "21.02.83" and sample.value:
                label = sample.labels.get("state") or sample.labels.get("supervision") or ""
                found[f"{sample.name} {label}".strip()] = sample.value
    return found


async def test_gauges_show_where_the_cases_are(tmp_path: Path) -> None:
    """A referred case waits for a report until there is one; flags and joint supervision are shown apart."""
    async with desk_with_a_case(tmp_path) as desk:
        assert {"shian_cases open": 1, "shian_referred_cases_undecided": 1} == await gauges(desk)
        await desk.take(OFFICER, MajorCaseFlagged, **WHY)
        assert 1 == (await gauges(desk))["shian_cases_under_supervision major"]
        await desk.take(PROCURATORATE, JointSupervision, **WHY)
        await lead(desk, "received")
        assert {"shian_cases received": 1, "shian_cases_under_supervision joint": 1} == await gauges(desk)


async def test_every_state_is_shown(tmp_path: Path) -> None:
    """A region with one case shows a series for each state."""
    async with desk_with_a_case(tmp_path) as desk:
        metrics = EnforcementMetrics()
        async with desk.database.read() as connection:
            await measure(metrics)(connection, desk.now)
        labels = {"region": "21.02.83", "state": "judged"}
        assert metrics.registry.get_sample_value("shian_cases", labels) == 0
