"""Rule R1: a substance on a prohibited list was detected.

In food that the list reaches, made on a day on which the list was in force; the day of the laboratory's conclusion
stands in where no production date is known. Drugs that may be given for treatment, discontinued drugs and pesticides
that are restricted on certain crops are on no prohibited list; whether the last are prohibited pesticides is disputed
and for a person. How the substance came there is for a person too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from services.enforcement.grounds import wording
from services.enforcement.grounds.assessment import Found, Strength
from services.enforcement.grounds.matter import Matter
from services.enforcement.grounds.origin import Origin
from services.enforcement.grounds.rules import Rules
from services.enforcement.grounds.substances import LegalClass, Listing
from shared.contracts import DeclineReason, JudgementReason

_BARE_DETECTIONS = frozenset({JudgementReason.DETECTED, JudgementReason.NOT_PERMITTED})
_UNSURE_ORIGINS = frozenset({Origin.MIXED, Origin.UNKNOWN})
_BY_CLASS = {
    LegalClass.TREATMENT_ONLY: DeclineReason.TREATMENT_ONLY,
    LegalClass.DISCONTINUED: DeclineReason.DISCONTINUED,
    LegalClass.CROP_RESTRICTED: DeclineReason.CROP_RESTRICTED,
}
NEAREST_FIRST = (
    *_BY_CLASS.values(),
    DeclineReason.BEFORE_LISTING,
    DeclineReason.OUT_OF_SCOPE,
    DeclineReason.NOT_DETECTED,
    DeclineReason.NOT_ON_A_LIST,
)
"""The reasons to decline, the one nearest to a referral first."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What the lists say of one failing finding."""

    found: Found
    obstacle: DeclineReason | None
    """Why it is no ground; none where it is one."""


def look(matter: Matter, rules: Rules) -> tuple[Looked, ...]:
    """Once where a list makes the finding a ground; else once for each list that its substance is on."""
    names = matter.finding.substance, matter.finding.analyte
    listings = [listing for listing in rules.lists.of(*names) if not listing.lapsed(matter.day)]
    obstacles = [(listing, _obstacle(listing, matter)) for listing in listings]
    met = [listing for listing, obstacle in obstacles if obstacle is None]
    if met:
        return (Looked(_met(matter, met), None),)
    if not listings:
        text = f"{matter.finding.substance} is on no list of substances that must not be used."
        return (Looked(Found(Strength.NONE, text, matter.facts), DeclineReason.NOT_ON_A_LIST),)
    return tuple(Looked(_declined(why, listing, matter), why) for listing, why in obstacles if why)


def on_sample(matters: Sequence[Matter], rules: Rules, _region: str) -> tuple[Found, ...]:
    """What rule R1 finds in a sample."""
    return tuple(looked.found for matter in matters for looked in look(matter, rules))


def _obstacle(listing: Listing, matter: Matter) -> DeclineReason | None:
    if not listing.reaches(matter.origin, matter.sample.category):
        return DeclineReason.OUT_OF_SCOPE
    if matter.day < listing.in_force_from:
        return DeclineReason.BEFORE_LISTING
    if listing.legal_class in _BY_CLASS:
        return _BY_CLASS[listing.legal_class]
    exceeded = matter.finding.reason is JudgementReason.ABOVE_MAXIMUM and listing.exceedance_counts
    if matter.finding.reason in _BARE_DETECTIONS or exceeded:
        return None
    return DeclineReason.NOT_DETECTED


def _met(matter: Matter, met: Sequence[Listing]) -> Found:
    """A checked list goes before an unchecked one."""
    listing = min(met, key=lambda listing: not listing.verified)
    others = "; ".join(other.list for other in met if other is not listing)
    shown = matter.finding.reason in _BARE_DETECTIONS and matter.origin not in _UNSURE_ORIGINS
    strength = Strength.STRONG if shown else Strength.CANDIDATE
    facts = {"also on": others} if others else {}
    return _on_a_list(strength, wording.referred(listing, matter), matter, listing, facts)


def _declined(why: DeclineReason, listing: Listing, matter: Matter) -> Found:
    found = _on_a_list(Strength.NONE, wording.declined(why, listing, matter), matter, listing)
    unsure_food = why is DeclineReason.OUT_OF_SCOPE and matter.origin in _UNSURE_ORIGINS
    return replace(found, asks=why is DeclineReason.CROP_RESTRICTED or unsure_food)


def _on_a_list(
    strength: Strength,
    text: str,
    matter: Matter,
    listing: Listing,
    further: Mapping[str, str] = MappingProxyType({}),
) -> Found:
    listed = {"list": listing.list, "listed as": listing.listed_as, "evidence": listing.evidence, "note": listing.note}
    return Found(strength, text, {**matter.facts, **listed, **further}, listing.citation, listing.verified)
