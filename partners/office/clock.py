"""``shian clock``: an officer corrects a statutory clock."""

from partners.office.command import Given, command
from shared.contracts import ClockCorrected

correct = command(
    ClockCorrected,
    "Correct the end of a statutory clock, with the reason: an extension, or a start that was entered wrongly.",
    Given("clock", "CLOCK", "The clock's name, as `shian clock list` shows it: SMP-02:S-0001."),
    Given("due", "--due", "Its new end, such as 2026-12-01 23:59."),
    Given("why", "--why", "The reason, in writing."),
)
