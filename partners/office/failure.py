"""``shian unclear``, ``notice`` and ``disposal``: what an officer decides and does about a result."""

from partners.office.command import Given, command
from partners.office.digest import digest_of
from partners.office.sample import SAMPLE
from shared.contracts import DisposalClosed, NoticeServed, ResultSettled

settle = command(
    ResultSettled,
    "Decide a result that the exchange could not, with the reason.",
    SAMPLE,
    Given("report_no", "--report", "The report's number, as `shian unclear list` shows it."),
    Given("laboratory", "--laboratory", "The laboratory that reported, such as L0142."),
    Given("verdict", "--verdict", "pass or fail."),
    Given("why", "--why", "The reason, in writing."),
)

serve = command(
    NoticeServed,
    "Say that the notice of a failed result was served; the periods of whoever got it start.",
    SAMPLE,
    Given("to", "--to", "operator (被抽样单位) or producer (标称生产企业)."),
    Given("served_on", "--on", "The day on which they got it."),
    Given("document", "--document", "The file that `shian notice print` wrote; its SHA-256 is told.", read=digest_of),
)

close_disposal = command(
    DisposalClosed,
    "Say that the verification and disposal (核查处置) of a failed sample is finished.",
    SAMPLE,
    Given("why", "--why", "What was done, in writing."),
    Given("closed_at", "--at", "When; now, where it is left out.", is_now=True),
)
