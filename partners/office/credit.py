"""``shian credit``: an officer keeps the lists of operators who seriously broke the law."""

from partners.office.case import STEP, WHY
from partners.office.command import Given, command
from shared.contracts import ListingDecided, RepairGranted

enter = command(
    ListingDecided,
    "Enter the operator of a case, in which a penalty was decided, in a list.",
    *STEP,
    Given("operator", "--operator", "The operator's number, such as P0001."),
    Given("name_of_list", "--list", "serious_violation (严重违法失信名单) or farm_produce (农产品黑名单)."),
    WHY,
)

repair = command(
    RepairGranted,
    "Grant the repair of an entry (信用修复), which ends before its term.",
    Given("entry_no", "ENTRY", "The entry's number, as `shian credit list` shows it."),
    Given("granted_on", "--on", "The day on which it is granted."),
    WHY,
)
