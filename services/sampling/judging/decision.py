"""What is decided on one determination, and by which limit."""

from dataclasses import dataclass, replace

from services.sampling.judging.kinds_of_limit import Limit
from services.sampling.judging.limits import Found
from services.sampling.judging.outcome import Outcome
from shared.contracts.sample import LimitSource, Verdict


@dataclass(frozen=True, slots=True)
class Decision:
    """An outcome, the limit that brought it about, who stated that, and the standard that had a say or informs."""

    outcome: Outcome
    limit: Limit | None = None
    source: LimitSource = LimitSource.NONE
    standard: str = ""
    verified: bool | None = None

    @property
    def verdict(self) -> Verdict:
        return self.outcome.verdict

    def with_standard(self, found: Found) -> "Decision":
        """With the row that decides, or that informs where it is the product's without doubt."""
        row = found.decides or (found.informs[0] if found.informs and not found.ambiguous else None)
        return self if row is None else Decision(self.outcome, self.limit, self.source, row.standard, row.verified)

    def turned(self, outcome: Outcome) -> "Decision":
        """With another outcome; no limit stands behind an unclear one."""
        if outcome.verdict is Verdict.UNCLEAR:
            return Decision(outcome, standard=self.standard, verified=self.verified)
        return replace(self, outcome=outcome)


def noted(outcome: Outcome, note: str) -> Outcome:
    """An outcome with one more thing to say."""
    return replace(outcome, explanation=f"{outcome.explanation}; {note}")
