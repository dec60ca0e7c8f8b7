"""Rules R3, R4 and R5: food that is unfit by what it is, whatever a laboratory measures.

R3, meat of sick, dead or uninspected animals, and R4, a product that is banned to control a disease, are facts that
an officer states. R5 needs a food for infants or a special medical food that fails for too little of a nutrient, which
a laboratory shows, and that it fails seriously, which a person states: the law has no number.
"""

from collections.abc import Sequence

from services.enforcement.grounds.assessment import Found, Strength
from services.enforcement.grounds.matter import Matter
from services.enforcement.grounds.rules import Rules
from services.enforcement.grounds.special_foods import SPECIAL, Eaters, eaters
from services.enforcement.grounds.statement import Statement
from shared.contracts import Hazard, JudgementReason

_MEAT, _BANNED, _SERIOUSLY = "meat", "banned_for_disease_control", "nutrients_seriously_off"
_OF_MEAT = {
    "sick": "sick animals",
    "dead": "animals that had died",
    "cause_of_death_unknown": "animals that died of an unknown cause",
    "not_inspected": "animals that were not inspected",
    "failed_inspection": "animals that failed the inspection",
}


def meat_in_sample(matters: Sequence[Matter], _rules: Rules, _region: str) -> tuple[Found, ...]:
    """Rule R3 looks at no result."""
    text = f"No result of a laboratory tells what animals {matters[0].product} is of; an officer can state it."
    return (Found(Strength.NONE, text, matters[0].food, awaits=(_MEAT,)),)


def meat(case: Statement, _rules: Rules) -> Found:
    """Rule R3, by what is stated of the meat."""
    kind = case.facts.get(_MEAT)
    if kind is None:
        return Found(Strength.NONE, "Nothing is stated on the meat.", awaits=(_MEAT,))
    text = f"The meat is stated to be of {_OF_MEAT.get(kind, kind)}."
    return Found(case.shown(_MEAT), text, case.of(_MEAT))


def banned_in_sample(matters: Sequence[Matter], _rules: Rules, _region: str) -> tuple[Found, ...]:
    """Rule R4 looks at no result."""
    text = f"Whether {matters[0].product} was banned to control a disease is on a list that is not here."
    return (Found(Strength.NONE, text, matters[0].food, awaits=(_BANNED,)),)


def banned(case: Statement, _rules: Rules) -> Found:
    """Rule R4, by whether a ban is stated."""
    match case.yes(_BANNED):
        case None:
            return Found(Strength.NONE, "Nothing is stated on a ban to control a disease.", awaits=(_BANNED,))
        case True:
            text = "The product is stated to have been banned by the State to control a disease."
            return Found(case.shown(_BANNED), text, case.of(_BANNED))
        case _:
            return Found(Strength.NONE, "The product is stated not to have been banned.", case.of(_BANNED))


def nutrients_in_sample(matters: Sequence[Matter], _rules: Rules, _region: str) -> tuple[Found, ...]:
    """Rule R5 notes a nutrient below its minimum in a food for infants or patients, and asks a person."""
    sample = matters[0].sample
    made_for = eaters(sample.category, sample.subcategory)
    facts = matters[0].food | {"made for": made_for.value}
    if made_for not in SPECIAL | {Eaters.OPEN}:
        text = f"{sample.product} is no food for infants and no special medical food ({sample.category})."
        return (Found(Strength.NONE, text, facts),)
    short = [matter for matter in matters if _is_short(matter)]
    if not short:
        text = f"{sample.product} may be such a food and did not fail for too little of a nutrient."
        return (Found(Strength.NONE, text, facts),)
    open_food = " Whether it is for infants is open, too." if made_for is Eaters.OPEN else ""
    return tuple(
        Found(
            Strength.NONE,
            f"{_below(matter)}{open_food} Ask a person.",
            facts | matter.facts,
            awaits=(_SERIOUSLY,),
            asks=True,
        )
        for matter in short
    )


def nutrients(case: Statement, _rules: Rules) -> Found:
    """Rule R5, by whether it is stated that a sample's shortage is serious."""
    short = case.awaiting("R5", _SERIOUSLY)
    if short is None:
        text = "No sample of the case is food for infants or patients that lacks a nutrient."
        return Found(Strength.NONE, text, case.of(_SERIOUSLY))
    facts = short.facts | case.of(_SERIOUSLY)
    match case.yes(_SERIOUSLY):
        case None:
            text = f"{short.text} Nothing is stated on how serious that is."
            return Found(Strength.NONE, text, facts, awaits=(_SERIOUSLY,))
        case True:
            return Found(case.shown(_SERIOUSLY), "The nutrients are stated to be seriously off.", facts)
        case _:
            return Found(Strength.NONE, "The nutrients are stated not to be seriously off.", facts)


def _is_short(matter: Matter) -> bool:
    return matter.finding.hazard is Hazard.QUALITY and matter.finding.reason is JudgementReason.BELOW_MINIMUM


def _below(matter: Matter) -> str:
    finding = matter.finding
    return (
        f"{finding.analyte} in {matter.product} is below its minimum ({finding.result}, limit {finding.limit}); "
        "whether that is serious has no number in law."
    )
