"""What a rule looked at and what it found: one assessment per rule, of a sample or of what is stated about a case.

A rule that is not met is assessed too, so that a person sees what was looked at. Assessments are kept as text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from pydantic import TypeAdapter

from shared.contracts import Reason


class Strength(StrEnum):
    """How far the data carry a suspicion."""

    NONE = "none"
    CANDIDATE = "candidate"
    """The data point to the offence; an element of it is open or rests on what nobody checked."""
    STRONG = "strong"
    """Checked data show every objective element."""


_IN_ORDER = tuple(Strength)


def strongest(strengths: Iterable[Strength]) -> Strength:
    """The strongest of several; none where there is none."""
    return max(strengths, key=_IN_ORDER.index, default=Strength.NONE)


def at_most(strength: Strength, limit: Strength) -> Strength:
    """A strength, cut off at a limit."""
    return min(strength, limit, key=_IN_ORDER.index)


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found before its law is added."""

    strength: Strength
    text: str
    """One sentence."""
    facts: dict[str, str] = field(default_factory=dict)
    source: str = ""
    """List, threshold or number beside the rule's own law."""
    verified: bool = True
    """Whether that source was checked."""
    awaits: tuple[str, ...] = ()
    """Fields of ``CaseFacts`` that would decide what is open."""
    asks: bool = False
    """Whether it is undecided, and a person has to look."""


class Assessment(Reason):
    """What one rule found, under its law."""

    strength: Strength
    needs_person: str
    """Why a person is still needed, in one sentence."""
    awaits: tuple[str, ...] = ()
    """What an officer could state to decide what is open, as fields of ``CaseFacts``."""
    asks: bool = False
    """Whether it is undecided, and a person has to look; its strength is none then."""
    day: date
    """Whose law counts."""

    @property
    def met(self) -> bool:
        """Whether the rule is met at all."""
        return self.strength is not Strength.NONE

    @property
    def reason(self) -> Reason:
        """The assessment as the reason of an event."""
        return Reason(rule=self.rule, text=self.text, citation=self.citation, verified=self.verified, facts=self.facts)


_KEPT = TypeAdapter(tuple[Assessment, ...])


def dump(assessments: Sequence[Assessment]) -> str:
    """Assessments as the text that is kept."""
    return _KEPT.dump_json(tuple(assessments), exclude_defaults=True).decode()


def load(text: str) -> tuple[Assessment, ...]:
    """Assessments from the text that was kept; none from an empty one, which is of a time before they were kept.

    Raises:
        ValueError: The text is none that was kept.
    """
    return _KEPT.validate_json(text) if text else ()
