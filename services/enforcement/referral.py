"""Whether a failed sample is passed on to the police and the procuratorate (线索通报).

A referral is information: it starts no clock and is not the formal transfer (移送), which two officers report and the
head of the agency approves (国务院令第310号 Art 5). It is therefore told at once, without a person, and every reason
carries its source and whether that source was checked.

R1: a substance on a prohibited list was detected, in food that the list reaches, made on a day on which it was in
force; the day of the laboratory's conclusion stands in where no production date is known. R2: a hazard that the law
names exceeds its limit by the province's own threshold. Whatever fails by neither rule stays administrative, and each
failing finding says why. How the substance came there, intent and harm are for people.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from services.enforcement import exceedance, origin, reviewed, substances, wording
from services.enforcement.exceedance import Threshold
from services.enforcement.matter import Matter
from services.enforcement.origin import Origins
from services.enforcement.substances import LegalClass, Listing, Lists
from shared.contracts import DeclineReason, Hazard, JudgementReason, Reason, SampleFailed

_BARE_DETECTIONS = frozenset({JudgementReason.DETECTED, JudgementReason.NOT_PERMITTED})
_BY_CLASS = {
    LegalClass.TREATMENT_ONLY: DeclineReason.TREATMENT_ONLY,
    LegalClass.DISCONTINUED: DeclineReason.DISCONTINUED,
    LegalClass.CROP_RESTRICTED: DeclineReason.CROP_RESTRICTED,
}
_NEAREST_FIRST = (
    *_BY_CLASS.values(),
    DeclineReason.BEFORE_LISTING,
    DeclineReason.OUT_OF_SCOPE,
    DeclineReason.NOT_DETECTED,
    DeclineReason.NOT_ON_A_LIST,
)
"""The reason nearest to a referral leads."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The law behind a rule."""

    rule: str
    citation: str
    hazards: frozenset[Hazard]
    """The hazards that the law names; empty where it names none."""
    verified: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that a decision is made by."""

    grounds: Mapping[str, Ground]
    lists: Lists
    origins: Origins
    thresholds: tuple[Threshold, ...]
    """The provinces' thresholds of severe exceedance; empty: rule R2 is off."""


@dataclass(frozen=True, slots=True)
class Referral:
    """A failed sample meets a referral rule: one reason for each finding that does."""

    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Decline:
    """A failed sample stays an administrative case: the reasons of every failing finding, the nearest first."""

    reason: DeclineReason
    reasons: tuple[Reason, ...]


def decide(sample: SampleFailed, rules: Rules, region: str) -> Referral | Decline:
    """Refer a failed sample of a region such as ``21.02.83``, or decline with the reasons."""
    food = rules.origins.of(sample.product, sample.category, sample.subcategory)
    matters = [Matter(finding, sample, food) for finding in sample.decisive]
    referred = [reason for matter in matters for reason in _referral(matter, rules, region)]
    if referred:
        return Referral(tuple(referred))
    declined = [said for matter in matters for said in _declines(matter, rules)]
    declined.sort(key=lambda said: _NEAREST_FIRST.index(said[0]))
    below = [reason for matter in matters for reason in _not_severe(matter, rules, region)]
    return Decline(declined[0][0], (*(reason for _, reason in declined), *below))


@cache
def load() -> Rules:
    """The rules as reviewed in ``data/``."""
    return Rules(
        grounds={row["rule"]: _ground(row) for row in reviewed.rows("grounds.csv")},
        lists=substances.load(),
        origins=origin.load(),
        thresholds=exceedance.load(),
    )


def _ground(row: dict[str, str]) -> Ground:
    hazards = frozenset(Hazard(name) for name in row["hazards"].split())
    return Ground(row["rule"], row["citation"], hazards, row["verified"] == "yes")


def _referral(matter: Matter, rules: Rules, region: str) -> Iterator[Reason]:
    """The first rule that a finding meets."""
    met = [listing for listing in _listings(matter, rules) if _obstacle(listing, matter) is None]
    if met:
        yield _prohibited(matter, met, rules.grounds["R1"])
    else:
        yield from _severe(matter, rules, region)


def _listings(matter: Matter, rules: Rules) -> list[Listing]:
    listings = rules.lists.of(matter.finding.substance, matter.finding.analyte)
    return [listing for listing in listings if not listing.lapsed(matter.day)]


def _obstacle(listing: Listing, matter: Matter) -> DeclineReason | None:
    """Why a listing does not make the finding a referral."""
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


def _prohibited(matter: Matter, met: Sequence[Listing], ground: Ground) -> Reason:
    """One reason for the finding: a checked list goes before an unchecked one."""
    listing = min(met, key=lambda listing: not listing.verified)
    others = "; ".join(other.list for other in met if other is not listing)
    facts = {"also on": others} if others else {}
    return _on_a_list(wording.referred(listing, matter), matter, listing, ground, facts)


def _declines(matter: Matter, rules: Rules) -> Iterator[tuple[DeclineReason, Reason]]:
    """Why a finding is not referred by rule R1: once for each list that its substance is on."""
    ground, listings = rules.grounds["R1"], _listings(matter, rules)
    for listing in listings:
        obstacle = _obstacle(listing, matter)
        if obstacle:
            yield obstacle, _on_a_list(wording.declined(obstacle, listing, matter), matter, listing, ground)
    if not listings:
        text = f"{matter.finding.substance} is on no list of substances that must not be used."
        yield DeclineReason.NOT_ON_A_LIST, _reason(ground, text, matter.facts)


def _severe(matter: Matter, rules: Rules, region: str) -> Iterator[Reason]:
    """Rule R2, where the sample's province has a threshold on that day."""
    ratio, row = exceedance.exceedance(matter.finding), _threshold(matter, rules, region)
    if ratio is not None and row is not None and ratio >= row.ratio:
        text = f"{matter.finding.analyte} in {matter.product} is {_short(ratio)} times its limit; the province takes "
        text += f"{_short(row.ratio)} times as severe."
        yield _by_threshold(rules.grounds["R2"], text, matter, row)


def _not_severe(matter: Matter, rules: Rules, region: str) -> Iterator[Reason]:
    """Why an exceedance is not severe, where the province has a threshold."""
    ratio, row = exceedance.exceedance(matter.finding), _threshold(matter, rules, region)
    if ratio is not None and row is not None:
        text = f"{matter.finding.analyte} is {_short(ratio)} times its limit, below the province's {_short(row.ratio)}."
        yield _by_threshold(rules.grounds["R2"], text, matter, row)


def _threshold(matter: Matter, rules: Rules, region: str) -> Threshold | None:
    hazard = matter.finding.hazard
    if hazard not in rules.grounds["R2"].hazards:
        return None
    return exceedance.threshold(rules.thresholds, region, hazard, matter.day)


def _by_threshold(ground: Ground, text: str, matter: Matter, row: Threshold) -> Reason:
    facts = matter.facts | {"ratio": str(matter.finding.ratio), "threshold": str(row.ratio), "province": row.province}
    return _reason(ground, text, facts, row.citation, verified=row.verified)


def _on_a_list(
    text: str, matter: Matter, listing: Listing, ground: Ground, further: Mapping[str, str] = MappingProxyType({})
) -> Reason:
    listed = {"list": listing.list, "listed as": listing.listed_as, "evidence": listing.evidence, "note": listing.note}
    return _reason(ground, text, {**matter.facts, **listed, **further}, listing.citation, verified=listing.verified)


def _reason(ground: Ground, text: str, facts: dict[str, str], source: str = "", *, verified: bool = True) -> Reason:
    """A reason under a law and a list or threshold: verified only where both are."""
    citation = "; ".join(part for part in (ground.citation, source) if part)
    return Reason(rule=ground.rule, text=text, citation=citation, verified=ground.verified and verified, facts=facts)


def _short(ratio: Decimal) -> str:
    return f"{ratio:.2f}".rstrip("0").rstrip(".")
