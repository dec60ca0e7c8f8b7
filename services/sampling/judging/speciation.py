"""A total that screens for one of its species: total arsenic for inorganic arsenic, total mercury for methylmercury.

Where a standard limits the species and not the total, a total within the limit is enough. A total above it proves
nothing: the species must be determined (GB 2762). If the same report states the species, that result decides.
"""

from functools import cache

from services.sampling import reviewed
from services.sampling.judging.decision import Decision, noted
from services.sampling.judging.limits import NOT_FOUND
from services.sampling.judging.measured import Measured, Sheet
from services.sampling.judging.outcome import Outcome, unclear
from shared.contracts.sample import JudgementReason, Verdict


@cache
def _species() -> dict[str, str]:
    return {row["total"]: row["species"] for row in reviewed.rows("screens.csv")}


def species_named(total: str) -> str | None:
    """The species that a total may screen for."""
    return _species().get(total)


def species_of(line: Measured, sheet: Sheet) -> str | None:
    """The species that a total stands in for in this food; none where the total has limits of its own, or none has."""
    species = _species().get(line.analyte.name)
    if species is None or sheet.found(line.analyte.name) != NOT_FOUND or sheet.found(species) == NOT_FOUND:
        return None
    return species


def screened(decision: Decision, species: str, by_species: Decision | None) -> Decision:
    """What a total says that was held against the limit of its species; ``by_species`` is that one's own decision."""
    if decision.verdict is Verdict.PASS:
        return decision.turned(noted(decision.outcome, f"a total within the limit needs no determination of {species}"))
    if decision.verdict is not Verdict.FAIL and decision.outcome.reason is not JudgementReason.LIMIT_DISPUTED:
        return decision
    if by_species is not None:
        outcome = by_species.outcome
        text = f"the total alone proves nothing, {species} decides: {outcome.explanation}"
        return by_species.turned(Outcome(outcome.verdict, outcome.reason, text, outcome.ratio))
    text = f"{decision.outcome.explanation}; the limit is on {species}, which must be determined"
    return decision.turned(unclear(JudgementReason.NEEDS_SPECIATION, text))
