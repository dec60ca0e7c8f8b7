"""What a sample adds to a plan's numbers.

A sample is tested when a report on it stands, once however many there are; a report that was overturned was a test all
the same. It failed if a standing report did. A rapid test is no sample, so it can be none of them.

A sample is one plan's: the one that its form names, or the annual plan of its county; it counts for that plan's lines.
What an annual plan says of so many people, and of key categories, is said of the county: every sample counts for it
that was taken there within the plan's period, whatever plan it names, and no other. A campaign's figures are its own.

What one sample adds is a set of named counters, so a plan's numbers are a sum: what a sample adds now, less what it
added before, moves them, and a year's samples need not be read again for each of them.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Protocol

from services.sampling.counted_foods import counted
from services.sampling.judging.substances import spelling
from services.sampling.targets import PEOPLE, Rate, rates
from shared.contracts import PlanAdopted, PlanLine

COLLECTED, TESTED, FAILED = STAGES = ("collected", "tested", "failed")
CATEGORY = "category:"
"""Before the name of a key category: the counter of its samples."""
_LINE = "line:"
Key = tuple[str, str, str, str]
"""Township, category, hazard and place kind of a line; empty means any."""


class Counted(Protocol):
    """How a sample counts, or several that are alike."""

    @property
    def township(self) -> str:
        """Nine digits."""

    @property
    def foods(self) -> str:
        """The narrowest names of its food, with a space between."""

    @property
    def place_kind(self) -> str:
        """Where it was taken."""

    @property
    def hazards(self) -> str:
        """What it was tested for, with a space between."""

    @property
    def tested(self) -> bool:
        """Whether a report on it stands, or was overturned."""

    @property
    def failed(self) -> bool:
        """Whether a standing report failed."""


class Sample(Counted, Protocol):
    """How one sample counts, and for which plans."""

    @property
    def plan_no(self) -> str:
        """The plan that its form names; may be empty."""

    @property
    def sampled_on(self) -> date:
        """The day in China on which it was taken."""


class Scheme:
    """A plan, made ready to be counted for."""

    def __init__(self, plan: PlanAdopted) -> None:
        self.plan = plan
        self.rates = tuple(rate for rate in rates() if rate.kind in ("", plan.kind))
        self.key_categories = {spelling(name) for name in plan.key_categories}
        self.is_annual = plan.kind == "annual"
        self._lines: dict[Key, list[int]] = {}
        for number, line in enumerate(plan.lines, 1):
            self._lines.setdefault(_key_of(line), []).append(number)
        self._named = {tuple(map(bool, key)) for key in self._lines}

    def counters(self, sample: Sample) -> Counter[str]:
        """What a sample of the plan's county adds to the plan's counters."""
        within = self.is_annual and self.plan.starts <= sample.sampled_on <= self.plan.ends
        added = Counter[str]()
        if sample.plan_no == self.plan.plan_no or (within and not sample.plan_no):
            added.update(self.of_plan(sample))
        if within:
            added.update(self.of_county(sample))
        return added

    def of_plan(self, sample: Counted) -> Counter[str]:
        """What a sample adds because it is the plan's."""
        if not sample.tested:
            return Counter(_by_township([COLLECTED], sample))
        names = _by_township([COLLECTED, TESTED, FAILED] if sample.failed else [COLLECTED, TESTED], sample)
        names += [line_name(number) for number in self._lines_of(sample)]
        return Counter(names if self.is_annual else names + self._figures(sample))

    def of_county(self, sample: Counted) -> Counter[str]:
        """What a sample adds because it was taken in the county within the period of an annual plan."""
        return Counter(self._figures(sample) if self.is_annual and sample.tested else ())

    def _figures(self, sample: Counted) -> list[str]:
        """The counters of reviewed targets to which a tested sample adds."""
        hazards = sample.hazards.split()
        names = [rate.target for rate in self.rates if rate.counts == PEOPLE and _fits(rate, hazards)]
        return names + [f"{CATEGORY}{food}" for food in counted(sample.foods) & self.key_categories]

    def _lines_of(self, sample: Counted) -> set[int]:
        """The numbers of the lines that a sample fits, each once; only keys that some line may have are looked up."""
        foods, hazards = counted(sample.foods), sample.hazards.split()
        return {
            number
            for by_township, by_category, by_hazard, by_place in self._named
            for food in (foods if by_category else ("",))
            for hazard in (hazards if by_hazard else ("",))
            for number in self._lines.get(
                (sample.township if by_township else "", food, hazard, sample.place_kind if by_place else ""), ()
            )
        }


@lru_cache(maxsize=64)
def scheme_of(adopted: str) -> Scheme:
    """The scheme of a plan as it was told (JSON)."""
    return Scheme(PlanAdopted.model_validate_json(adopted))


def line_name(number: int) -> str:
    """The target that a line is, and its counter: ``line:1`` for the first."""
    return f"{_LINE}{number}"


def line_numbers(counters: Iterable[str]) -> list[int]:
    """The numbers of the lines that are among these counters, in order."""
    return sorted(int(name.removeprefix(_LINE)) for name in counters if name.startswith(_LINE))


def _by_township(stages: list[str], sample: Counted) -> list[str]:
    return stages + [f"{stage}@{sample.township}" for stage in stages]


def _fits(rate: Rate, hazards: list[str]) -> bool:
    return not rate.hazards or not rate.hazards.isdisjoint(hazards)


def _key_of(line: PlanLine) -> Key:
    hazard, place = line.hazard, line.place_kind
    return (
        line.township or "",
        spelling(line.category),
        hazard.value if hazard else "",
        place.value if place else "",
    )
