"""What is stated about a case, read beside what its samples showed: what the rules look at that no laboratory decides.

A later statement of a fact takes the place of an earlier one. A stated fact is an officer's word; it counts as shown
where evidence in the dossier shows it, which the caller says.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.enforcement.grounds.assessment import Assessment, Strength

_YES = "true"


def merged(statements: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """All that was stated, from the first statement to the last (``CaseFacts.stated`` of each)."""
    return {name: value for statement in statements for name, value in statement.items()}


def is_yes(value: str) -> bool:
    """Whether a stated yes or no is a yes."""
    return value.casefold() == _YES


@dataclass(frozen=True, slots=True)
class Statement:
    """The stated facts of a case, its standing samples, and the rules that are met so far."""

    facts: Mapping[str, str]
    proven: Collection[str]
    """Names of the facts that evidence in the dossier shows."""
    samples: Sequence[Sequence[Assessment]]
    met: frozenset[str] = frozenset()

    def yes(self, name: str) -> bool | None:
        """A stated yes or no; none where it was not stated."""
        return is_yes(self.facts[name]) if name in self.facts else None

    def amount(self, name: str) -> Decimal | None:
        """A stated number; none where it was not stated."""
        return Decimal(self.facts[name]) if name in self.facts else None

    def of(self, *names: str) -> dict[str, str]:
        """Those of these facts that were stated."""
        return {name: self.facts[name] for name in names if name in self.facts}

    def shown(self, *names: str) -> Strength:
        """Strong where evidence shows each of these facts, else a candidate."""
        return Strength.STRONG if all(name in self.proven for name in names) else Strength.CANDIDATE

    def awaiting(self, rule: str, name: str) -> Assessment | None:
        """A sample that shows all that a rule asks for but this fact; none where no sample does."""
        found = (one for sample in self.samples for one in sample if one.rule == rule and name in one.awaits)
        return next(found, None)
