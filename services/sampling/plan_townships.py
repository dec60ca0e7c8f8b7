"""A plan by township: what was taken, tested and failed there, and how many samples its lines want there."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from services.sampling.scheme import COLLECTED, FAILED, TESTED
from services.sampling.targets import townships
from shared.contracts import PlanAdopted


@dataclass(frozen=True, slots=True)
class InTownship:
    """A plan's samples in one township."""

    collected: int
    tested: int
    failed: int
    wanted: int
    """The sum of the lines that name the township."""


def by_township(plan: PlanAdopted, region: str, counters: Mapping[str, int]) -> dict[str, InTownship]:
    """A county's townships by code: all that the table names, then those beside it that samples or lines name."""
    county = region.replace(".", "")
    wanted = wanted_in(plan)
    here = f"{COLLECTED}@"
    taken = {name.removeprefix(here) for name, samples in counters.items() if name.startswith(here) and samples}
    known = sorted(code for code in townships() if code.startswith(county))
    return {
        code: InTownship(
            collected=counters.get(f"{COLLECTED}@{code}", 0),
            tested=counters.get(f"{TESTED}@{code}", 0),
            failed=counters.get(f"{FAILED}@{code}", 0),
            wanted=wanted[code],
        )
        for code in dict.fromkeys((*known, *sorted(taken | wanted.keys())))
    }


def wanted_in(plan: PlanAdopted) -> Counter[str]:
    """The samples that a plan's lines want of each township that they name."""
    wanted = Counter[str]()
    for line in plan.lines:
        if line.township:
            wanted[line.township] += line.samples
    return wanted
