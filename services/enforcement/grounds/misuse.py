"""Rules R6 and R7: an additive, a pesticide or a veterinary drug misused so that it can make seriously ill.

A laboratory shows the misuse, and that alone is no crime: a failure for dehydroacetate is a matter of penalty. That it
is enough to cause serious food poisoning or another serious illness is shown by a test report or an expert opinion
(Art 24), which an officer states.
"""

from collections.abc import Sequence

from services.enforcement.grounds.assessment import Found, Strength
from services.enforcement.grounds.matter import Matter
from services.enforcement.grounds.rules import Rules
from services.enforcement.grounds.statement import Statement
from services.enforcement.grounds.substances import FARM_PRODUCE
from shared.contracts import JudgementReason

_HARM = "can_cause_serious_harm"
_MISUSES = {
    JudgementReason.ABOVE_MAXIMUM: "is above its limit",
    JudgementReason.NOT_PERMITTED: "is not permitted in it",
    JudgementReason.DETECTED: "was detected and must not be",
}


def additive_in_sample(matters: Sequence[Matter], rules: Rules, _region: str) -> tuple[Found, ...]:
    """Rule R6 notes an additive over its limit or out of its scope."""
    misused = [matter for matter in matters if _is_misuse(matter, "R6", rules)]
    if not misused:
        text = "No failing finding is an additive over its limit or out of its scope."
        return (Found(Strength.NONE, text, matters[0].food),)
    return tuple(_open(matter, "an additive failure alone is no crime") for matter in misused)


def residue_in_sample(matters: Sequence[Matter], rules: Rules, _region: str) -> tuple[Found, ...]:
    """Rule R7 notes a pesticide or veterinary drug in farm produce."""
    on_produce = matters[0].sample.category == FARM_PRODUCE
    misused = [matter for matter in matters if on_produce and _is_misuse(matter, "R7", rules)]
    if not misused:
        text = "No failing finding is a pesticide or a veterinary drug in farm produce."
        return (Found(Strength.NONE, text, matters[0].food),)
    return tuple(_open(matter, "a residue alone is no crime under this rule") for matter in misused)


def additive(case: Statement, _rules: Rules) -> Found:
    """Rule R6, by whether it is stated that a sample's additive can make seriously ill."""
    return _stated(case, "R6", "No sample of the case failed for an additive.")


def residue(case: Statement, _rules: Rules) -> Found:
    """Rule R7, by whether it is stated that a sample's residue can make seriously ill."""
    return _stated(case, "R7", "No sample of the case failed for a residue in farm produce.")


def _is_misuse(matter: Matter, rule: str, rules: Rules) -> bool:
    return matter.finding.hazard in rules.grounds[rule].hazards and matter.finding.reason in _MISUSES


def _open(matter: Matter, alone: str) -> Found:
    finding = matter.finding
    text = (
        f"{finding.analyte} in {matter.product} {_MISUSES[finding.reason]} ({finding.result}, limit {finding.limit}); "
        f"{alone}, and nothing shows that it is enough to cause a serious illness."
    )
    return Found(Strength.NONE, text, matter.facts, awaits=(_HARM,))


def _stated(case: Statement, rule: str, nothing: str) -> Found:
    misuse = case.awaiting(rule, _HARM)
    if misuse is None:
        return Found(Strength.NONE, nothing, case.of(_HARM))
    facts, analyte = misuse.facts | case.of(_HARM), misuse.facts.get("analyte", "")
    match case.yes(_HARM):
        case None:
            text = f"Nothing is stated on whether {analyte} is enough to cause a serious illness."
            return Found(Strength.NONE, text, facts, awaits=(_HARM,))
        case True:
            text = f"{analyte} is stated to be enough to cause serious food poisoning or another serious illness."
            return Found(case.shown(_HARM), text, facts)
        case _:
            return Found(Strength.NONE, f"{analyte} is stated not to be enough to cause a serious illness.", facts)
