"""``shian reinspect`` and ``shian objection``: a failed result is looked at again, because somebody asks for it."""

from partners.office.command import Given, command, from_file
from partners.office.documents import event_of
from partners.office.sample import SAMPLE
from shared.contracts import (
    ObjectionDecided,
    ObjectionFiled,
    ReinspectionCalledOff,
    ReinspectionReported,
    ReinspectionRequested,
    ReinspectionSettled,
)

_BY = Given("by", "--by", "Who asks: operator (被抽样单位) or producer (标称生产企业).")
_WHY = Given("why", "--why", "The reason, in writing.")

request = command(
    ReinspectionRequested,
    "Enter a request for a re-inspection (复检).",
    SAMPLE,
    _BY,
    Given("requested_on", "--on", "The day on which it was made."),
    Given("reserve_usable", "--unusable", "The reserve portion is gone, or unfit for a test.", flag=False),
)

call_off = command(
    ReinspectionCalledOff,
    "Call a re-inspection off; where the drawn laboratory cannot test, another one is drawn at once.",
    SAMPLE,
    Given("reinspection_no", "--reinspection", "Its number, as the answer to the request says it."),
    Given("reason", "--reason", "fee_unpaid, applicant_withdrew or laboratory_unable."),
    _WHY,
)

conclude = from_file(
    ReinspectionReported,
    "Send the conclusion of a re-inspection, as the laboratory that was drawn for it.",
    "The re-inspection's report: JSON or TOML.",
    lambda file, _: [event_of(ReinspectionReported, file)],
)

settle = command(
    ReinspectionSettled,
    "Decide a re-inspection whose results the exchange could not.",
    SAMPLE,
    Given("outcome", "--outcome", "upheld or overturned."),
    _WHY,
)

file = command(
    ObjectionFiled,
    "Enter an objection (异议) of the operator or the producer.",
    SAMPLE,
    _BY,
    Given("ground", "--ground", "sampling, authenticity, method, standard or judgement."),
    Given("filed_on", "--on", "The day on which it was made."),
    _WHY,
)

decide = command(
    ObjectionDecided,
    "Decide an objection; one that is sustained overturns the failed sample.",
    SAMPLE,
    Given("objection_no", "--objection", "The objection's number, as the answer to its filing says it."),
    Given("sustained", "--outcome", "sustained or dismissed."),
    _WHY,
)
