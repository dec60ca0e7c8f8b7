"""Whether a failed sample is passed on to the police and the procuratorate (线索通报).

A referral is information: it starts no clock and is not the formal transfer (移送), which two officers report and the
head of the agency approves (国务院令第310号 Art 5). It is therefore told at once, without a person, and every reason
carries its source and whether that source was checked.

By itself a sample can meet rule R1 (``prohibited``) and, where its province has a threshold, rule R2 (``severe``).
Whatever fails by neither stays administrative, and each failing finding says why. All ten rules (``assessing``) are
assessed beside it, so that a fact which an officer states later finds what it completes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from services.enforcement.grounds import prohibited, severe
from services.enforcement.grounds.assessing import assess
from services.enforcement.grounds.assessment import Assessment, Strength, strongest
from services.enforcement.grounds.matter import Matter
from services.enforcement.grounds.rules import Rules, load
from shared.contracts import DeclineReason, Reason, SampleFailed

__all__ = ["Decline", "Referral", "Rules", "decide", "load"]


@dataclass(frozen=True, slots=True)
class Referral:
    """A failed sample meets a referral rule: one reason for each finding that does."""

    reasons: tuple[Reason, ...]
    strength: Strength
    assessments: tuple[Assessment, ...]
    """Of all ten rules."""


@dataclass(frozen=True, slots=True)
class Decline:
    """A failed sample stays an administrative case: the reasons of every failing finding, the nearest first."""

    reason: DeclineReason
    reasons: tuple[Reason, ...]
    assessments: tuple[Assessment, ...]
    """Of all ten rules."""


def decide(sample: SampleFailed, rules: Rules, region: str) -> Referral | Decline:
    """Refer a failed sample of a region such as ``21.02.83``, or decline with the reasons."""
    food = rules.origins.of(sample.product, sample.category, sample.subcategory)
    matters = [Matter(finding, sample, food) for finding in sample.decisive]
    assessments = assess(matters, rules, region)
    referred = [reason for matter in matters for reason in _referral(matter, rules, region)]
    if referred:
        strength = strongest(assessment.strength for assessment in assessments)
        return Referral(tuple(referred), strength, assessments)
    declined = [said for matter in matters for said in _declines(matter, rules)]
    declined.sort(key=lambda said: prohibited.NEAREST_FIRST.index(said[0]))
    below = [reason for matter in matters for reason in _compared(matter, rules, region)]
    return Decline(declined[0][0], (*(reason for _, reason in declined), *below), assessments)


def _referral(matter: Matter, rules: Rules, region: str) -> Iterator[Reason]:
    """The first rule that a finding meets."""
    met = [look.found for look in prohibited.look(matter, rules) if look.obstacle is None]
    if met:
        yield from (rules.grounds["R1"].reason(found, matter.day) for found in met)
    elif (found := severe.compared(matter, rules, region)) and found.strength is not Strength.NONE:
        yield rules.grounds["R2"].reason(found, matter.day)


def _declines(matter: Matter, rules: Rules) -> Iterator[tuple[DeclineReason, Reason]]:
    """Why a finding is not referred by rule R1."""
    for look in prohibited.look(matter, rules):
        if look.obstacle:
            yield look.obstacle, rules.grounds["R1"].reason(look.found, matter.day)


def _compared(matter: Matter, rules: Rules, region: str) -> Iterator[Reason]:
    """Why an exceedance is not severe, where the province has a threshold."""
    if found := severe.compared(matter, rules, region):
        yield rules.grounds["R2"].reason(found, matter.day)
