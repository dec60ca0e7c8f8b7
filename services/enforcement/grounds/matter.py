"""One failing finding of a sample, with the food it was found in: what every referral rule looks at."""

from dataclasses import dataclass
from datetime import date

from services.enforcement.grounds.origin import Origin
from shared.contracts import Finding, SampleFailed


@dataclass(frozen=True, slots=True)
class Matter:
    """A failing finding, its sample and the origin of the food."""

    finding: Finding
    sample: SampleFailed
    origin: Origin

    @property
    def product(self) -> str:
        """The food, as printed."""
        return self.sample.product

    @property
    def day(self) -> date:
        """The day whose law counts: of production, else of the laboratory's conclusion."""
        return self.sample.production_date or self.sample.concluded_on

    @property
    def facts(self) -> dict[str, str]:
        """What the rules looked at, for the reasons."""
        return {
            "analyte": self.finding.analyte,
            "substance": self.finding.substance,
            "result": self.finding.result,
            "limit": self.finding.limit,
            "product": self.product,
            "origin": self.origin.value,
            "production date" if self.sample.production_date else "conclusion date": self.day.isoformat(),
        }

    @property
    def food(self) -> dict[str, str]:
        """The food and where it was sold, for rules that look at no finding."""
        return {
            "product": self.product,
            "category": self.sample.category,
            "subcategory": self.sample.subcategory,
            "sample": self.sample.sample_no,
            "place kind": self.sample.place_kind,
        }
