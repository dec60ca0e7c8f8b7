"""Plans and samples that are counted for them, as the rules see them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.sampling.progress import progressed
from services.sampling.scheme import Scheme
from services.sampling.targets import population_of
from shared.contracts import PlanAdopted, PlanLine, PlanProgressed

BLACK_ISLAND, QINGDUI = "210283104", "210283101"


@dataclass(frozen=True)
class Sample:
    """How a sample counts."""

    plan_no: str = ""
    sampled_on: date = date(2026, 3, 1)
    township: str = BLACK_ISLAND
    foods: str = "食用农产品"
    place_kind: str = "wet_market"
    hazards: str = "veterinary_drug"
    tested: bool = True
    failed: bool = False


def plan(*lines: PlanLine, **changes: Any) -> PlanAdopted:
    """An annual plan of Zhuanghe."""
    facts: dict[str, Any] = {
        "plan_no": "PLAN-2026",
        "title": "Plan of 2026",
        "kind": "annual",
        "starts": date(2026, 1, 1),
        "ends": date(2026, 12, 31),
        "lines": lines or (PlanLine(samples=100),),
    }
    return PlanAdopted(**(facts | changes))


def counters(scheme: Scheme, samples: Iterable[Sample]) -> Counter[str]:
    """The sum of what samples add."""
    added = Counter[str]()
    for sample in samples:
        added.update(scheme.counters(sample))
    return added


def told(adopted: PlanAdopted, *samples: Sample, region: str = "21.02.83") -> PlanProgressed:
    """How far a plan is with these samples."""
    scheme = Scheme(adopted)
    return progressed(scheme, counters(scheme, samples), population_of(region, "resident"))


def reached(progress: PlanProgressed) -> dict[str, tuple[int, int]]:
    """Reached and wanted of each target."""
    return {target.target: (int(target.reached), int(target.wanted)) for target in progress.targets}


def lines(progress: PlanProgressed) -> dict[str, tuple[int, int]]:
    """Reached and wanted of each line."""
    return {name: numbers for name, numbers in reached(progress).items() if name.startswith("line:")}
