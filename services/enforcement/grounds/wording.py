"""What a decision on a listed substance says, in one sentence."""

from services.enforcement.grounds.matter import Matter
from services.enforcement.grounds.origin import Origin
from services.enforcement.grounds.substances import Listing, Scope
from shared.contracts import DeclineReason

_DECLINES = {
    DeclineReason.TREATMENT_ONLY: (
        "{name} may be given for treatment but must not be found in food ({list}), "
        "which is no list of prohibited substances."
    ),
    DeclineReason.DISCONTINUED: (
        "{name} was discontinued as a drug for food animals ({list}), which is no list of prohibited substances."
    ),
    DeclineReason.CROP_RESTRICTED: (
        "The use of {name} is restricted on certain crops ({list}); "
        "whether that makes it a prohibited pesticide is for a person."
    ),
    DeclineReason.BEFORE_LISTING: "{name} is on {list} from {since}; this food is of {day}.",
    DeclineReason.OUT_OF_SCOPE: "{list} lists {name} for {scope}; {product} is {origin}.",
    DeclineReason.NOT_DETECTED: (
        "{name} is on {list}, but this failure ({result}, limit {limit}) does not show that it was used."
    ),
}
_SCOPES = {
    Scope.ANY: "any food",
    Scope.ANIMAL_FOOD: "food of animal origin",
    Scope.ANIMAL_FOOD_OR_UNKNOWN: "food of animal origin",
    Scope.CROP_OR_UNKNOWN: "crops",
    Scope.ADDED_TO_FOOD: "addition to food that somebody makes",
}
_ORIGINS = {
    Origin.ANIMAL: "of animal origin",
    Origin.CROP: "of plant origin",
    Origin.MIXED: "of mixed origin, a person must look",
    Origin.NOT_FOOD: "no food",
    Origin.UNKNOWN: "of an origin that the reviewed table does not know, a person must look",
}


def declined(why: DeclineReason, listing: Listing, matter: Matter) -> str:
    """Why a list does not make a finding a referral."""
    return _DECLINES[why].format(
        name=listing.listed_as,
        list=listing.list,
        since=listing.in_force_from,
        day=matter.day,
        scope=_SCOPES[listing.scope],
        product=matter.product,
        origin="farm produce or no food" if listing.scope is Scope.ADDED_TO_FOOD else _ORIGINS[matter.origin],
        result=matter.finding.result,
        limit=matter.finding.limit,
    )


def referred(listing: Listing, matter: Matter) -> str:
    """Why a list makes a finding a referral."""
    finding, product = matter.finding, matter.product
    text = f"{finding.analyte} was detected in {product} ({finding.result}): {listing.listed_as} is on {listing.list}."
    if listing.scope is Scope.ANIMAL_FOOD_OR_UNKNOWN and matter.origin is not Origin.ANIMAL:
        text += f" {product} is {_ORIGINS[matter.origin]}."
    return text
