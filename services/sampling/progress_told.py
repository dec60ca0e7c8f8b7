"""Telling how far the plans are, after something happened to samples: one event for each plan that moved.

What a sample counts for is worked out anew from its form and the reports on it, in any order of their arrival; a plan
is told only where one of its numbers changed.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from types import SimpleNamespace
from typing import Any

from services.sampling.progress import progressed, scheme_of
from services.sampling.store import plans, samples, tallies
from services.sampling.store.reports import STANDING
from services.sampling.targets import population_of
from shared.heard import Heard, Work
from shared.workdays import day_in_china

_NOT_TESTED: dict[str, Any] = {"tested": False, "failed": False, "hazards": ""}
_Entry = SimpleNamespace
"""A row of ``Tally``."""


async def tell_progress(heard: Heard[Any], work: Work, sample_nos: Collection[str], population_base: str) -> None:
    """Count these samples anew, and tell the plans whose numbers that changed, in answer to an event."""
    connection = work.connection
    if not sample_nos:
        return
    await tallies.hold_for(connection, sample_nos)
    before = {row.sample_no: row for row in await tallies.tallies(connection, sample_nos)}
    missing = [number for number in sample_nos if number not in before]
    new = [_entry(row) for row in (await samples.known(connection, missing)).values()] if missing else []
    tests = _tests(await tallies.tests_of(connection, sample_nos))
    added = [entry | tests.get(entry["sample_no"], _NOT_TESTED) for entry in new]
    changed = [
        now
        for number, row in before.items()
        if (now := row._asdict() | tests.get(number, _NOT_TESTED)) != row._asdict()
    ]
    await tallies.add(connection, added)
    await tallies.change(connection, changed)
    moved = [(before.get(entry["sample_no"]), _Entry(**entry)) for entry in (*added, *changed)]
    regions = {now.region for _, now in moved}
    for plan in await plans.plans_of(connection, regions) if regions else ():
        await _move(heard, work, plan, moved, population_base)


async def count_anew(heard: Heard[Any], work: Work, plan: Any, population_base: str) -> None:
    """Count every sample for a plan that was adopted, and tell how far it is; ``plan`` is its row of the store."""
    scheme, counters = scheme_of(plan.adopted), Counter[str]()
    for group in await tallies.alike(work.connection, plan):
        counters.update({name: group.samples * times for name, times in scheme.counters(group).items()})
    await tallies.begin_anew(work.connection, plan)
    await tallies.move(work.connection, plan, counters)
    event = progressed(scheme, counters, population_of(plan.region, population_base))
    work.tell(heard, event, region=plan.region)


async def _move(
    heard: Heard[Any], work: Work, plan: Any, moved: Iterable[tuple[Any, _Entry]], population_base: str
) -> None:
    scheme, differences = scheme_of(plan.adopted), Counter[str]()
    for before, now in moved:
        if _counts_for(plan, now):
            differences.update(scheme.counters(now))
            if before is not None:
                differences.subtract(scheme.counters(before))
    changes = {name: difference for name, difference in differences.items() if difference}
    if changes:
        await tallies.move(work.connection, plan, changes)
        counters = await tallies.counters_of(work.connection, plan)
        event = progressed(scheme, counters, population_of(plan.region, population_base))
        work.tell(heard, event, region=plan.region)


def _entry(sample: Any) -> dict[str, Any]:
    return {
        "sample_no": sample.sample_no,
        "region": sample.region,
        "plan_no": sample.plan_no or "",
        "sampled_on": day_in_china(sample.sampled_at),
        "township": sample.township,
        "category": sample.category,
        "subcategory": sample.subcategory,
        "place_kind": sample.place_kind,
    }


def _tests(reports: Iterable[Any]) -> dict[str, dict[str, Any]]:
    """How each sample that was tested counts, from the reports by which it was."""
    found: dict[str, dict[str, Any]] = {}
    for report in reports:
        counted = found.setdefault(report.sample_no, _NOT_TESTED | {"tested": True})
        counted["failed"] |= report.state == STANDING and report.verdict == "fail"
        counted["hazards"] = " ".join(sorted({*counted["hazards"].split(), *report.hazards.split()}))
    return found


def _counts_for(plan: Any, entry: _Entry) -> bool:
    if entry.region != plan.region:
        return False
    in_year = plan.kind == "annual" and plan.starts <= entry.sampled_on <= plan.ends
    return bool(entry.plan_no == plan.plan_no or (not entry.plan_no and in_year))
