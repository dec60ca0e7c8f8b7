"""``shian rapid-test``: what a sampler found on the spot; a positive asks for a sample and a laboratory."""

from partners.office.command import Given, command
from partners.office.forms import region_of
from shared.contracts import RapidTestRecorded

TAKES = (
    Given("test_no", "TEST", "The test's number."),
    Given("positive", "--result", "positive or negative (阳性, 阴性)."),
    Given("analyte", "--analyte", "What was looked for, such as 腐霉利."),
    Given("product", "--product", "The food."),
    Given("category", "--category", "Its category (食品大类)."),
    Given("sampled_unit", "--unit", "Whose food it is, by the unified social credit code."),
    Given("place_kind", "--place", "The kind of place, such as wet_market or 农贸市场."),
    Given("township", "--township", "Its nine figures, such as 210283104."),
    Given("tested_at", "--at", "When; now, where it and --told-at are left out.", is_now=True, unless="notified_at"),
    Given("notified_at", "--told-at", "When the unit was told of a positive; it has four hours to object from then."),
    Given("method", "--method", "The test that was used."),
)

record = command(
    RapidTestRecorded,
    "Enter a rapid test (快速检测); it counts for no plan, and a positive one has to be confirmed by a laboratory.",
    *TAKES,
    place=region_of,
)
