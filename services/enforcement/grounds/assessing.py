"""The ten rules, each asked of a failed sample and of what is stated about a case.

R1 ``prohibited``, R2 ``severe``: a laboratory's result decides. R3 to R5 ``unfit``, R6 and R7 ``misuse``: by what the
food is or what was done to it. R8 to R10 ``trade``: by what was sold. What a result leaves open is noted with the
facts that would decide it; when an officer states one, the case is assessed anew.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from services.enforcement.grounds import misuse, prohibited, severe, trade, unfit
from services.enforcement.grounds.assessment import Assessment, Found, Strength, strongest
from services.enforcement.grounds.law import Ground
from services.enforcement.grounds.matter import Matter
from services.enforcement.grounds.rules import Rules
from services.enforcement.grounds.statement import Statement

_OnSample = Callable[[Sequence[Matter], Rules, str], tuple[Found, ...]]
_OnFacts = Callable[[Statement, Rules], Found]


def _by_results_only(_case: Statement, _rules: Rules) -> Found:
    return Found(Strength.NONE, "Only a laboratory's result bears on it; see the samples.")


_RULES: Mapping[str, tuple[_OnSample, _OnFacts]] = MappingProxyType(
    {
        "R1": (prohibited.on_sample, _by_results_only),
        "R2": (severe.on_sample, _by_results_only),
        "R3": (unfit.meat_in_sample, unfit.meat),
        "R4": (unfit.banned_in_sample, unfit.banned),
        "R5": (unfit.nutrients_in_sample, unfit.nutrients),
        "R6": (misuse.additive_in_sample, misuse.additive),
        "R7": (misuse.residue_in_sample, misuse.residue),
        "R8": (trade.sales_in_sample, trade.sales),
        "R9": (trade.reuse_in_sample, trade.reuse),
        "R10": (trade.illegal_in_sample, trade.illegal),
    }
)
"""R8 comes behind the rules that go before it."""


@dataclass(frozen=True, slots=True)
class Reassessment:
    """A case after new facts."""

    assessments: tuple[Assessment, ...]
    """All ten rules, by what is stated."""
    newly_met: tuple[Assessment, ...]
    """Those that were met neither by a standing sample nor by what was stated before."""
    no_longer_met: tuple[Assessment, ...]
    """Those that what was stated before met, and that nothing meets now; as they stood before."""


def assess(matters: Sequence[Matter], rules: Rules, region: str) -> tuple[Assessment, ...]:
    """All ten rules on a failed sample of a region such as ``21.02.83``, given as its failing findings."""
    day = matters[0].day
    return tuple(
        _under(rules.grounds[rule], day, on_sample(matters, rules, region)) for rule, (on_sample, _) in _RULES.items()
    )


def assess_facts(
    facts: Mapping[str, str], samples: Sequence[Sequence[Assessment]], rules: Rules, proven: Collection[str] = ()
) -> tuple[Assessment, ...]:
    """All ten rules on what is stated about a case whose standing samples were assessed so; none without a sample.

    Args:
        facts: What is stated, later statements over earlier ones (``statement.merged``).
        samples: The kept assessments of each standing sample.
        rules: The law.
        proven: Names of the facts that evidence in the dossier shows; the others are an officer's word.
    """
    days = [one.day for sample in samples for one in sample]
    if not days:
        return ()
    met = {one.rule for sample in samples for one in sample if one.met}
    assessed = []
    for rule, (_, on_facts) in _RULES.items():
        case = Statement(facts, proven, samples, frozenset(met))
        assessment = _under(rules.grounds[rule], max(days), (on_facts(case, rules),))
        assessed.append(assessment)
        if assessment.met:
            met.add(rule)
    return tuple(assessed)


def reassess(
    facts: Mapping[str, str],
    samples: Sequence[Sequence[Assessment]],
    before: Sequence[Assessment],
    rules: Rules,
    proven: Collection[str] = (),
) -> Reassessment:
    """A case after new facts, against how it was assessed ``before`` by what was stated then."""
    now = assess_facts(facts, samples, rules, proven)
    by_samples = {one.rule for sample in samples for one in sample if one.met}
    by_facts = {one.rule for one in before if one.met}
    met = {one.rule for one in now if one.met}
    return Reassessment(
        assessments=now,
        newly_met=tuple(one for one in now if one.met and one.rule not in by_samples | by_facts),
        no_longer_met=tuple(one for one in before if one.met and one.rule not in by_samples | met),
    )


def _under(ground: Ground, day: date, found: Sequence[Found]) -> Assessment:
    """What a rule found, under its law: the strongest findings speak for the sample."""
    if not ground.in_force(day) and not ground.stands_alone:
        found = (Found(Strength.NONE, f"{ground.not_in_force(day)}: the rule does not apply.", found[0].facts),)
    strength = strongest(one.strength for one in found)
    leading = [one for one in found if one.strength is strength]
    reasons = [ground.reason(one, day) for one in leading]
    return Assessment(
        rule=ground.rule,
        strength=strongest(ground.strength(one, day) for one in leading),
        text=_each_once(" ", [reason.text for reason in reasons]),
        citation=_each_once("; ", [part for reason in reasons for part in reason.citation.split("; ")]),
        verified=all(reason.verified for reason in reasons),
        facts=_joined([reason.facts for reason in reasons]),
        needs_person=ground.needs_person,
        asks=any(one.asks for one in leading),
        awaits=tuple(dict.fromkeys(name for one in leading for name in one.awaits)),
        day=day,
    )


def _each_once(between: str, texts: Sequence[str]) -> str:
    return between.join(dict.fromkeys(texts))


def _joined(several: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The facts of several findings, by name, each value once."""
    names = dict.fromkeys(name for facts in several for name in facts)
    return {name: _each_once("、", [facts[name] for facts in several if name in facts]) for name in names}
