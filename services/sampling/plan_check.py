"""What a plan is refused for, after it kept its schema, what only warns, and a form's warning of a plan that is not.

Refused is what would make the count of a sample uncertain: a township of another county, and two annual plans of a
county for one day.
"""

from collections.abc import Collection, Iterable
from datetime import date
from functools import cache
from typing import Protocol

from services.sampling import reviewed
from services.sampling.judging.substances import spelling
from services.sampling.targets import townships
from shared.contracts import PlanAdopted, Reason, RefusalReason, SampleCollected
from shared.refusal import Refusal


class Known(Protocol):
    """A plan of the same county that is in force."""

    @property
    def plan_no(self) -> str:
        """Its number."""

    @property
    def kind(self) -> str:
        """Of a year (annual), or of a campaign."""

    @property
    def starts(self) -> date:
        """First day."""

    @property
    def ends(self) -> date:
        """Last day, included."""


def refusal(plan: PlanAdopted, region: str, known: Iterable[Known]) -> Refusal | None:
    """The first thing for which a plan of a county is not taken, or none."""
    county = region.replace(".", "")
    for index, line in enumerate(plan.lines):
        if line.township is not None and not line.township.startswith(county):
            text = f"Township {line.township} is not in county {county}, for which the plan is; correct one of them."
            return Refusal(RefusalReason.WRONG_PLACE, f"data.lines.{index}.township", text)
    for other in known:
        annual = plan.kind == other.kind == "annual" and plan.plan_no != other.plan_no
        if annual and plan.starts <= other.ends and other.starts <= plan.ends:
            text = (
                f"The annual plan {other.plan_no} of the county is for {other.starts} to {other.ends}, and a sample "
                "counts for one annual plan: adopt this one under that number, or change its dates."
            )
            return Refusal(RefusalReason.WRONG_DATES, "data.starts", text)
    return None


def warnings(plan: PlanAdopted, people: int, population_base: str) -> tuple[Reason, ...]:
    """What someone should look at, though the plan is in force: what no table knows, so that no sample may fit it."""
    found = []
    unknown = sorted({line.township for line in plan.lines if line.township} - set(townships()))
    if unknown:
        text = f"No table names the townships {', '.join(unknown)}; look whether they are mistyped."
        found.append(Reason(rule="unknown_township", text=text, citation="GB/T 2260", verified=False))
    named = (*plan.key_categories, *(line.category for line in plan.lines if line.category.strip()))
    strange = sorted({name for name in named if spelling(name) not in _categories()})
    if strange:
        text = f"No table of food categories names {', '.join(strange)}; look whether they are mistyped."
        found.append(Reason(rule="unknown_category", text=text, citation="", verified=False))
    if plan.kind == "annual" and not people:
        text = (
            f"How many people ({population_base}) the county has is not known here, so the targets per 1000 people are "
            "left out until the table of populations has a row of it."
        )
        found.append(Reason(rule="unknown_population", text=text, citation="", verified=False))
    return tuple(found)


def form_warnings(form: SampleCollected, region: str, known: Collection[tuple[str, str]]) -> tuple[Reason, ...]:
    """What someone should look at in a form's plan; ``known`` are region and number of plans that were adopted."""
    if form.plan_no is None or (region, form.plan_no) in known:
        return ()
    text = (
        f"The county has no plan {form.plan_no}; look whether the number is mistyped. The sample counts for that plan "
        "once it is adopted, and till then for the county's targets alone."
    )
    return (Reason(rule="unknown_plan", text=text, citation="", verified=False),)


@cache
def _categories() -> frozenset[str]:
    return frozenset(spelling(row["name"]) for row in reviewed.rows("food_categories.csv"))
