"""Why a limit holds: the row that decides for a substance in a food on a day, its source, and the other editions.

What the catalogue does not decide is said in words, with what to do: which foods the product may be, which date is
missing, or what else the catalogue limits.
"""

from collections.abc import Iterator
from datetime import date

from services.sampling.judging import foods, legal
from services.sampling.judging.basis import Basis
from services.sampling.judging.limit_check import near_food, near_substance
from services.sampling.judging.limits import NOT_FOUND, Catalogue, Found, Row
from services.sampling.judging.measured import Sample
from services.sampling.judging.speciation import species_named
from services.sampling.judging.substances import Substance, substance
from services.sampling.judging.sums import parts_with
from shared.contracts.sample import Hazard, LegalClass
from shared.failure import CannotStartError

_MOST = 8


def explained(analyte: str, sample: Sample, catalogue: Catalogue) -> Iterator[str]:
    """The lines that explain a substance in a product on its production date, none where that is unknown.

    Raises:
        CannotStartError: The analyte or the product is unknown; the sentence says what comes near.
    """
    found = substance(analyte)
    place = foods.place_of(sample.product, sample.category, sample.subcategory)
    rows = [row for row in catalogue.rows if row.substance == found.name]
    if found.hazard is Hazard.UNKNOWN and not rows:
        message = f"{analyte} is no reviewed analyte and no row of the catalogue names it.{near_substance(analyte)}"
        raise CannotStartError(message)
    if not place:
        raise CannotStartError(_unplaced(sample))
    yield _heading(analyte, found, sample)
    yield from _law(found, sample)
    answer = catalogue.find(found.name, sample.product, sample.category, sample.subcategory, sample.made_on)
    species = species_named(found.name) if answer == NOT_FOUND else None
    if species:
        yield f"{found.name} has no limit of its own here; as a total it screens for {species}:"
        answer = catalogue.find(species, sample.product, sample.category, sample.subcategory, sample.made_on)
    yield from _answer(answer, sample, rows)
    if parts := parts_with(found.name):
        yield f"The limit is on the sum of {', '.join(parts)}."
    yield from _editions(catalogue.of(species or found.name, place), answer, sample.made_on)


def _unplaced(sample: Sample) -> str:
    alone = foods.place_of(sample.product, "", "")
    if alone:
        return f"{sample.product} is no {sample.category}; leave the category out, or name the one it is in."
    return f"{sample.product} is no reviewed food.{near_food(sample.product)}"


def _heading(analyte: str, found: Substance, sample: Sample) -> str:
    name = analyte if analyte == found.name else f"{analyte} ({found.name})"
    day = f"made on {sample.made_on}" if sample.made_on else "made on an unknown day"
    return f"{name} in {sample.product}, {day}"


def _law(found: Substance, sample: Sample) -> Iterator[str]:
    for listing in legal.listed(found, sample):
        end = f" to {listing.effective_to}" if listing.effective_to else ""
        checked = "verified" if listing.verified else "not verified"
        only = "" if listing.exceedance_counts else "; only a bare detection counts, no amount above a limit"
        yield (
            f"Law: {_class(listing.legal_class)} as {listing.listed_as}, {listing.citation}, "
            f"since {listing.effective_from}{end} ({checked}){only}"
        )


def _class(legal_class: LegalClass) -> str:
    return legal_class.value.replace("_", " ")


def _answer(answer: Found, sample: Sample, others: list[Row]) -> Iterator[str]:
    if answer.decides is not None:
        yield f"Limit: {answer.decides.limit}"
        yield from _facts(answer.decides)
        return
    if answer == NOT_FOUND:
        known = ", ".join(dict.fromkeys(row.food for row in others[:_MOST]))
        where = f" It limits it in {known}." if known else ""
        yield f"No row of the catalogue holds; the limit that the laboratory states decides.{where}"
        return
    if answer.ambiguous:
        yield "Ambiguous: the product may be of several foods with different limits; name it or its subcategory closer."
    elif sample.made_on is None:
        yield "Open: the edition goes by the production date; state it."
    elif answer.edition_open:
        yield "Open: the catalogue does not know on which day the edition began; date its row with shian limits import."
    else:
        yield "Only informs: the row states no first day of its edition; date it with shian limits import."
    for row in answer.informs:
        yield f"  may be {row.limit} for {row.food} ({row.edition}; {_checked(row)})"


def _facts(row: Row) -> Iterator[str]:
    per = "" if row.per is Basis.AS_IS else f" (per {row.per.value})"
    facts = {
        "food": row.food,
        "basis": (row.basis or "-") + per,
        "class": "limited: allowed up to the limit" if str(row.limit).startswith("≤") else "",
        "standard": row.edition,
        "evidence": f"{_checked(row)} ({row.evidence})",
        "source": row.source or "-",
        "note": row.note,
        "row": row.row_id,
    }
    for name, fact in facts.items():
        if fact:
            yield f"  {name:<9} {fact}"


def _checked(row: Row) -> str:
    return "verified" if row.verified else "NOT verified against the official text"


def _editions(rows: tuple[Row, ...], answer: Found, on: date | None) -> Iterator[str]:
    """The other rows for this food, as they lie before or after the day, without those that were said to inform."""
    others = [row for row in rows if row != answer.decides and row not in answer.informs]
    if others:
        yield "Other rows for this food:"
    for row in others:
        yield f"  {_when(row, on):<7} {row.limit} for {row.food} ({row.edition}; {_checked(row)})"


def _when(row: Row, on: date | None) -> str:
    if on is None:
        return "-"
    if row.over(on):
        return "before"
    if row.effective_from is None:
        return "undated"
    return "after" if row.effective_from > on else "beside"
