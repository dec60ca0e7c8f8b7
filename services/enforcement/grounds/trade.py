"""Rules R8, R9 and R10: what was sold, for how much. No laboratory shows it; an officer states it.

R8 takes up a failed product where no offence of Art 143 or 144 is shown: sales from the amount that stands in Art 140.
R9 is expired or recalled food that is used again or given another date; it leads to Art 140 as well. R10 is illegal
slaughter and the sale of banned drugs or non-food material, from a turnover or a gain.
"""

from collections.abc import Sequence

from services.enforcement.grounds.amounts import Amount
from services.enforcement.grounds.assessment import Found, Strength
from services.enforcement.grounds.matter import Matter
from services.enforcement.grounds.rules import Rules
from services.enforcement.grounds.statement import Statement

_SALES, _GAIN = "sales_yuan", "gain_yuan"
_REUSED, _TRADE = "expired_or_recalled_reused", "illegal_trade"
_GRAVER = frozenset({"R1", "R2", "R3", "R4", "R5", "R6", "R7"})
"""The rules of Art 143 and 144."""
_TRADES = {
    "slaughter": "slaughter without permission",
    "banned_drugs": "sale of drugs that are banned in farming",
    "non_food_material": "sale of non-food material for food",
}


def sales_in_sample(matters: Sequence[Matter], _rules: Rules, _region: str) -> tuple[Found, ...]:
    """Rule R8 notes that the product failed."""
    text = f"{matters[0].product} failed; a laboratory does not know what was sold of it."
    return (Found(Strength.NONE, text, matters[0].food, awaits=(_SALES,)),)


def sales(case: Statement, rules: Rules) -> Found:
    """Rule R8, by the sales that are stated and the rules that are met."""
    least, sold = rules.amounts["R8 sales"], case.amount(_SALES)
    if case.awaiting("R8", _SALES) is None:
        return Found(Strength.NONE, "No sample of the case stands as failed.", case.of(_SALES))
    if sold is None:
        return Found(Strength.NONE, "Nothing is stated on the sales.", awaits=(_SALES,))
    graver = sorted(_GRAVER & case.met)
    if sold < least.yuan:
        return _by(least, Strength.NONE, f"Sales of {sold} yuan stay below {least.yuan} yuan.", case.of(_SALES))
    if graver:
        text = f"Sales of {sold} yuan reach {least.yuan} yuan, and a graver offence is shown ({', '.join(graver)})."
        return _by(least, Strength.NONE, text, case.of(_SALES))
    text = f"Sales of {sold} yuan of a failed product reach {least.yuan} yuan; no offence of Art 143 or 144 is shown."
    return _by(least, case.shown(_SALES), text, case.of(_SALES))


def reuse_in_sample(matters: Sequence[Matter], _rules: Rules, _region: str) -> tuple[Found, ...]:
    """Rule R9 looks at no result."""
    text = f"No result of a laboratory tells whether {matters[0].product} was expired or recalled and used again."
    return (Found(Strength.NONE, text, matters[0].food, awaits=(_REUSED,)),)


def reuse(case: Statement, rules: Rules) -> Found:
    """Rule R9, by whether reuse is stated; strong only with the sales that Art 140 asks for."""
    least, sold, reused = rules.amounts["R9 sales"], case.amount(_SALES), case.yes(_REUSED)
    facts = case.of(_REUSED, _SALES)
    if reused is None:
        return Found(Strength.NONE, "Nothing is stated on expired or recalled food.", awaits=(_REUSED,))
    if not reused:
        return Found(Strength.NONE, "Expired or recalled food is stated not to have been used again.", facts)
    text = "Expired or recalled food is stated to have been used again or given another date"
    if sold is None:
        text += f"; the sales, {least.yuan} yuan or more in {least.citation}, are not stated."
        return Found(Strength.CANDIDATE, text, facts, awaits=(_SALES,))
    if sold < least.yuan:
        text += f"; sales of {sold} yuan stay below {least.yuan} yuan of {least.citation}."
        return Found(Strength.CANDIDATE, text, facts)
    text += f"; sales of {sold} yuan reach {least.yuan} yuan of {least.citation}."
    return _by(least, case.shown(_REUSED, _SALES), text, facts)


def illegal_in_sample(matters: Sequence[Matter], _rules: Rules, _region: str) -> tuple[Found, ...]:
    """Rule R10 looks at no result."""
    text = f"No result of a laboratory tells of the trade behind {matters[0].product}."
    return (Found(Strength.NONE, text, matters[0].food, awaits=(_TRADE, _SALES, _GAIN)),)


def illegal(case: Statement, rules: Rules) -> Found:
    """Rule R10, by the trade that is stated and its turnover or gain."""
    kind = case.facts.get(_TRADE)
    if kind is None:
        return Found(Strength.NONE, "Nothing is stated on an illegal trade.", awaits=(_TRADE,))
    text, facts = f"Stated: {_TRADES.get(kind, kind)}", case.of(_TRADE, _SALES, _GAIN)
    measures = [("turnover", rules.amounts["R10 turnover"]), ("gain", rules.amounts["R10 gain"])]
    stated = [(word, least, amount) for word, least in measures if (amount := case.amount(least.fact)) is not None]
    for word, least, amount in stated:
        if amount >= least.yuan:
            text += f", with a {word} of {amount} yuan, which reaches {least.yuan} yuan."
            return _by(least, case.shown(_TRADE, least.fact), text, facts)
    if not stated:
        text += "; neither its turnover nor its gain is stated."
        return Found(Strength.NONE, text, facts, awaits=(_SALES, _GAIN))
    below = " and ".join(f"a {word} of {amount} yuan stays below {least.yuan}" for word, least, amount in stated)
    awaits = tuple(least.fact for _, least in measures if least.fact not in facts)
    return Found(Strength.NONE, f"{text}; {below} yuan.", facts, awaits=awaits)


def _by(least: Amount, strength: Strength, text: str, facts: dict[str, str]) -> Found:
    """A finding that turns on an amount, with the amount's own source."""
    return Found(strength, text, facts | {"least yuan": str(least.yuan)}, least.citation, least.verified)
