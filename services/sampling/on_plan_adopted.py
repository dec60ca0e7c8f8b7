"""An officer adopted a plan: it is in force in its county, in place of the version before, and told with its state."""

from collections.abc import Sequence
from typing import Any

from services.sampling import plan_check
from services.sampling.progress_told import count_anew
from services.sampling.store import plans, tallies
from services.sampling.targets import population_of
from shared import receipts
from shared.contracts import PlanAdopted, PlanPublished, RefusalReason
from shared.heard import Handler, Heard, Work


def handler(population_base: str) -> Handler:
    """The answer to plans; the base says whom the targets per 1000 people count."""

    async def answer(adopted: Sequence[Heard[PlanAdopted]], work: Work) -> None:
        for heard in adopted:
            await _adopt(heard, work, population_base)

    return answer


async def _adopt(heard: Heard[PlanAdopted], work: Work, population_base: str) -> None:
    plan = heard.event
    await tallies.hold(work.connection, {heard.region})
    known = {row.plan_no: row for row in await plans.plans_of(work.connection, {heard.region})}
    before = known.get(plan.plan_no)
    if before is not None and PlanAdopted.model_validate_json(before.adopted) == plan:
        text = f"Version {before.version} of plan {plan.plan_no} has the same content; nothing needs to be done."
        receipts.decline(heard, work, RefusalReason.ALREADY_DONE, "data.plan_no", text)
        return
    if fault := plan_check.refusal(plan, heard.region, known.values()):
        receipts.turn_down(heard, work, fault)
        return
    version = before.version + 1 if before is not None else 1
    await plans.adopt(work.connection, _row(heard, version))
    work.tell(heard, PlanPublished(**plan.model_dump(), version=version))
    people = population_of(heard.region, population_base).people
    text = f"Version {version} of plan {plan.plan_no} is in force."
    receipts.accept(heard, work, text, warnings=plan_check.warnings(plan, people, population_base))
    (kept,) = (one for one in await plans.plans_of(work.connection, {heard.region}) if one.plan_no == plan.plan_no)
    await count_anew(heard, work, kept, population_base)


def _row(heard: Heard[PlanAdopted], version: int) -> dict[str, Any]:
    plan = heard.event
    return {
        "region": heard.region,
        "plan_no": plan.plan_no,
        "version": version,
        "kind": plan.kind,
        "starts": plan.starts,
        "ends": plan.ends,
        "adopted": plan.model_dump_json(),
        "event_key": heard.key,
    }
