"""Telling how far the plans are, after something happened to samples: one event for each plan that moved.

What a sample counts for is worked out anew from its form and the reports on it, in any order of their arrival; a plan
is told only where one of its numbers changed.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.sampling.counted_foods import narrowest
from services.sampling.progress import progressed
from services.sampling.scheme import line_name, line_numbers, scheme_of
from services.sampling.store import plans, tallies
from services.sampling.store.reports import STANDING
from services.sampling.targets import population_of
from shared.heard import Heard, Work
from shared.workdays import day_in_china

_NOT_TESTED: dict[str, Any] = {"tested": False, "failed": False, "hazards": ""}


async def tell_progress(heard: Heard[Any], work: Work, sample_nos: Collection[str], population_base: str) -> None:
    """Count these samples anew, and tell the plans whose numbers that changed, in answer to an event."""
    connection = work.connection
    if not sample_nos:
        return
    await tallies.hold_for(connection, sample_nos)
    before, stale = await tallies.tallies(connection, sample_nos)
    read = [_entry(row) for row in await tallies.forms_of(connection, stale)] if stale else []
    forms = {entry["sample_no"]: entry for entry in read}
    tests = _tests(await tallies.tests_of(connection, sample_nos))
    now = {
        number: row | forms.get(number, {}) | tests.get(number, _NOT_TESTED) for number, row in (forms | before).items()
    }
    added = [entry for number, entry in now.items() if number not in before]
    changed = [entry for number, entry in now.items() if number in before and entry != before[number]]
    await tallies.add(connection, added)
    await tallies.change(connection, changed)
    moves = [_Move(-1, **before[entry["sample_no"]]) for entry in changed]
    moves += [_Move(1, **entry) for entry in (*added, *changed)]
    for plan in await _plans_of(work, moves):
        await _move(heard, work, plan, moves, population_base)


async def count_anew(heard: Heard[Any], work: Work, plan: Any, population_base: str) -> None:
    """Count every sample for a plan that was adopted, and tell how far it is; ``plan`` is its row of the store."""
    scheme, counters = scheme_of(plan.adopted), Counter[str]()
    for group in await tallies.samples_of(work.connection, plan):
        counters.update({name: group.samples * times for name, times in scheme.of_plan(group).items()})
    for group in await tallies.samples_within(work.connection, plan) if scheme.is_annual else ():
        counters.update({name: group.samples * times for name, times in scheme.of_county(group).items()})
    await tallies.begin_anew(work.connection, plan)
    await tallies.move(work.connection, plan, counters)
    event = progressed(scheme, counters, population_of(plan.region, population_base))
    work.tell(heard, event, region=plan.region)


@dataclass(frozen=True, slots=True)
class _Move:
    """A row of ``Tally`` that is added to what the plans have, or taken away."""

    times: int
    sample_no: str
    content: str
    region: str
    plan_no: str
    sampled_on: date
    township: str
    foods: str
    place_kind: str
    tested: bool
    failed: bool
    hazards: str


async def _plans_of(work: Work, moves: Sequence[_Move]) -> list[Any]:
    if not moves:
        return []
    regions, named = {move.region for move in moves}, {move.plan_no for move in moves}
    return list(await plans.concerned(work.connection, regions, named, {move.sampled_on for move in moves}))


async def _move(heard: Heard[Any], work: Work, plan: Any, moves: Iterable[_Move], population_base: str) -> None:
    """Move the counters of a plan, and tell them; of its lines, of which there may be thousands, those that moved."""
    scheme, differences = scheme_of(plan.adopted), Counter[str]()
    for move in moves:
        if move.region == plan.region:
            differences.update({name: move.times * number for name, number in scheme.counters(move).items()})
    changes = {name: difference for name, difference in differences.items() if difference}
    if changes:
        await tallies.move(work.connection, plan, changes)
        lines = line_numbers(changes)
        counters = await tallies.counters_of(work.connection, plan, [line_name(number) for number in lines])
        event = progressed(scheme, counters, population_of(plan.region, population_base), lines)
        work.tell(heard, event, region=plan.region)


def _entry(row: Any) -> dict[str, Any]:
    """What a sample's form says of how it counts."""
    form = json.loads(row.form)  # what the row itself does not hold; it was checked when it came
    return {
        "sample_no": row.sample_no,
        "content": row.content,
        "region": row.region,
        "plan_no": row.plan_no or "",
        "sampled_on": day_in_china(row.sampled_at),
        "township": row.township,
        "foods": narrowest((row.category, row.subcategory, form.get("variety", ""), form.get("item", ""))),
        "place_kind": row.place_kind,
    }


def _tests(reports: Iterable[Any]) -> dict[str, dict[str, Any]]:
    """How each sample that was tested counts, from the reports by which it was."""
    found: dict[str, dict[str, Any]] = {}
    for report in reports:
        counted = found.setdefault(report.sample_no, _NOT_TESTED | {"tested": True})
        counted["failed"] |= report.state == STANDING and report.verdict == "fail"
        counted["hazards"] = " ".join(sorted({*counted["hazards"].split(), *report.hazards.split()}))
    return found
