"""The ten grounds of a referral: each rule's offence, law, dates, and what a person has to do whatever the data show.

The law of the day counts: of production, else of the laboratory's conclusion. Before or after its days an
interpretation does not apply. The rules that stand on the Criminal Law and on a list, threshold or number of its own
then go on without it, as candidates at most; the others do not apply, and say so.

No data make a crime. A rule is ``strong`` only where checked data show every objective element, and never above what
its row allows: where an element is disputed or open by its nature (how a substance came into food, whether it is
enough to make ill) a rule stays a candidate. Knowledge and intent are always for a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from services.enforcement import reviewed
from services.enforcement.grounds.assessment import Found, Strength, at_most
from shared.contracts import Hazard, Reason


@dataclass(frozen=True, slots=True)
class Ground:
    """The law behind a rule."""

    rule: str
    offence: str
    criminal_law: str
    interpretation: str
    hazards: frozenset[Hazard]
    """The hazards that the law names; empty where it names none."""
    in_force_from: date
    """First day of the interpretation."""
    in_force_to: date | None
    """Last day, included."""
    verified: bool
    stands_alone: bool
    """Whether the Criminal Law and a list, threshold or number of its own carry the rule without the interpretation."""
    at_most: Strength
    """The most that data alone can show."""
    needs_person: str

    @property
    def citation(self) -> str:
        """Both laws."""
        return f"{self.criminal_law}; {self.interpretation}"

    def in_force(self, day: date) -> bool:
        """Whether the interpretation counts on a day."""
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)

    def not_in_force(self, day: date) -> str:
        """The sentence on an interpretation that does not count, as far as its last word."""
        days = f"from {self.in_force_from}" + (f" to {self.in_force_to}" if self.in_force_to else "")
        return f"{self.interpretation} counts {days} and this food is of {day}"

    def strength(self, found: Found, day: date) -> Strength:
        """How far a finding carries under this law on a day."""
        most = self.at_most if self.verified and found.verified and self.in_force(day) else Strength.CANDIDATE
        return at_most(found.strength, most)

    def reason(self, found: Found, day: date) -> Reason:
        """A finding under this law, verified only where both are."""
        law, text = self.citation, found.text
        if not self.in_force(day):
            law = self.criminal_law
            if found.strength is not Strength.NONE:
                text += f" {self.not_in_force(day)}: a person looks up what counted then."
        citation = "; ".join(part for part in (law, found.source) if part)
        verified = self.verified and found.verified
        return Reason(rule=self.rule, text=text, citation=citation, verified=verified, facts=found.facts)


@cache
def load() -> Mapping[str, Ground]:
    """The reviewed table of this package, by rule.

    Raises:
        ValueError: A date, hazard or strength of a row is not readable.
    """
    return MappingProxyType({row["rule"]: _ground(row) for row in reviewed.rows("grounds.csv")})


def _ground(row: dict[str, str]) -> Ground:
    return Ground(
        rule=row["rule"],
        offence=row["offence"],
        criminal_law=row["criminal_law"],
        interpretation=row["interpretation"],
        hazards=frozenset(Hazard(name) for name in row["hazards"].split()),
        in_force_from=date.fromisoformat(row["in_force_from"]),
        in_force_to=date.fromisoformat(row["in_force_to"]) if row["in_force_to"] else None,
        verified=row["verified"] == "yes",
        stands_alone=row["stands_alone"] == "yes",
        at_most=Strength(row["at_most"]),
        needs_person=row["needs_person"],
    )
