"""How far a plan is: its samples that were collected, tested and failed, against each of its targets.

A sample is tested when a report on it stands, once however many there are; a report that was overturned was a test all
the same. It failed if a standing report did. A rapid test is no sample, so it can be none of them. A sample counts for
one plan: the one that its form names, or the annual plan of its county.

What one sample adds is a set of named counters, so a plan's numbers are a sum: what a sample adds now, less what it
added before, moves them, and a year's samples need not be read again for each of them.
"""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Protocol

from services.sampling.judging.substances import spelling
from services.sampling.targets import PEOPLE, Population, Rate, rates
from shared.contracts import PlanAdopted, PlanLine, PlanProgressed, Target

COLLECTED, TESTED, FAILED = STAGES = ("collected", "tested", "failed")
Key = tuple[str, str, str, str]
"""Township, category, hazard and place kind of a line; empty means any."""


class Counted(Protocol):
    """How a sample counts, or several that are alike."""

    @property
    def township(self) -> str:
        """Nine digits."""

    @property
    def category(self) -> str:
        """One of the 33."""

    @property
    def subcategory(self) -> str:
        """One level below; may be empty."""

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


class Scheme:
    """A plan, made ready to be counted for."""

    def __init__(self, plan: PlanAdopted) -> None:
        self.plan = plan
        self.rates = tuple(rate for rate in rates() if rate.kind in ("", plan.kind))
        self.key_categories = {spelling(name) for name in plan.key_categories}
        self._lines: dict[Key, list[int]] = {}
        for number, line in enumerate(plan.lines, 1):
            self._lines.setdefault(_key_of(line), []).append(number)
        self._named = {tuple(map(bool, key)) for key in self._lines}

    def counters(self, sample: Counted) -> Counter[str]:
        """What a sample adds to the plan's counters."""
        if not sample.tested:
            return Counter(_by_township([COLLECTED], sample))
        stages = [COLLECTED, TESTED, FAILED] if sample.failed else [COLLECTED, TESTED]
        foods = {spelling(sample.category), spelling(sample.subcategory)} - {""}
        hazards = sample.hazards.split()
        names = _by_township(stages, sample)
        names += [rate.target for rate in self.rates if rate.counts == PEOPLE and _fits(rate, hazards)]
        names += [f"category:{food}" for food in foods & self.key_categories]
        names += [f"line:{number}" for number in self._lines_of(sample, foods, hazards)]
        return Counter(names)

    def _lines_of(self, sample: Counted, foods: set[str], hazards: list[str]) -> set[int]:
        """The numbers of the lines that a sample fits, each once; only keys that some line may have are looked up."""
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


def progressed(scheme: Scheme, counters: Mapping[str, int], population: Population) -> PlanProgressed:
    """How far a plan is, from the sum of its samples' counters."""
    return PlanProgressed(
        plan_no=scheme.plan.plan_no,
        collected=counters.get(COLLECTED, 0),
        tested=counters.get(TESTED, 0),
        failed=counters.get(FAILED, 0),
        population=population.people,
        population_base=population.base,
        targets=(*targets_of(scheme, counters, population), *_lines(scheme.plan, counters)),
    )


def targets_of(scheme: Scheme, counters: Mapping[str, int], population: Population) -> list[Target]:
    """The targets of the reviewed table that a plan has; one whose base is not known, or nothing, is left out."""
    covered = sum(1 for name, samples in counters.items() if name.startswith("category:") and samples > 0)
    found = []
    for rate in scheme.rates:
        base = population.people if rate.counts == PEOPLE else len(scheme.key_categories)
        if base:
            reached = counters.get(rate.target, 0) if rate.counts == PEOPLE else covered
            found.append(
                Target(
                    target=rate.target,
                    wanted=rate.wanted(base),
                    reached=Decimal(reached),
                    unit=rate.unit,
                    citation=rate.citation,
                    verified=rate.verified,
                )
            )
    return found


def _lines(plan: PlanAdopted, counters: Mapping[str, int]) -> list[Target]:
    """The plan's own lines as targets, ``line:1`` for the first of them."""
    citation = f"plan {plan.plan_no}"
    return [
        Target(
            target=f"line:{number}",
            wanted=Decimal(line.samples),
            reached=Decimal(counters.get(f"line:{number}", 0)),
            unit="samples",
            citation=citation,
            verified=True,
        )
        for number, line in enumerate(plan.lines, 1)
    ]


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
