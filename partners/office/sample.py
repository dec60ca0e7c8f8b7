"""``shian sample``: the way of a sample, from the sampler who takes it to the laboratory that has it."""

from pathlib import Path
from typing import Annotated

import typer

from partners.office.asking import Receipts, send
from partners.office.command import Given, command
from partners.office.forms import Forms
from partners.person import PATIENCE, Again, As, ReceiptsTo, Sheet, Wait, person
from shared.contracts import SampleCollected, SampleHandedOver, SampleReceived, SampleRefused, entry_of

SAMPLE = Given("sample_no", "SAMPLE", "The sample's number (抽样编号).")
_SEAL = Given("seal_no", "--seal", "The number on the seal (封样编号).")
_TEMPERATURE = Given("temperature", "--temperature", "Of the sample, in °C.")
_NOTE = Given("note", "--note", "What else has to be said.")


def collect(  # noqa: PLR0913, PLR0917 - the options of a command
    file: Annotated[
        Path, typer.Argument(help="The forms: XLSX, CSV or JSON, with the national form's labels or codes.")
    ],
    user: As,
    wait: Wait = PATIENCE,
    again: Again = False,  # noqa: FBT002 - an option of the command line
    receipts_to: ReceiptsTo = None,
    sheet: Sheet = None,
) -> None:
    """Send sampling forms (抽样单): all of a file, or none where one is faulty."""
    forms = Forms(file, sheet)
    sampler = person(user, entry_of(SampleCollected).producers[0])
    receipts = Receipts(receipts_to, forms.place) if receipts_to else None
    try:
        send(sampler, forms, wait, again=again, receipts=receipts)
    finally:
        for what, count in forms.left_out.items():
            typer.echo(f"Left out: {what}" + (f", {count} times." if count > 1 else "."), err=True)


hand_over = command(
    SampleHandedOver,
    "Say that you passed a sealed sample on.",
    SAMPLE,
    Given("to", "--to", "Who has it now: lab.L0142, sampler.S02, or a carrier."),
    _SEAL,
    Given("seal_intact", "--broken", "The seal was found broken.", flag=False),
    _TEMPERATURE,
    Given("handed_at", "--at", "When, such as 2026-11-24 09:30; now, where it is left out.", is_now=True),
    _NOTE,
)

receive = command(
    SampleReceived,
    "Say that your laboratory took a sample whose seal, form and condition are in order.",
    SAMPLE,
    _SEAL,
    Given("portion", "--portion", "test, or reserve for a re-inspection."),
    _TEMPERATURE,
    Given("agreed_days", "--days", "Working days for the report, where others than the law's were agreed in writing."),
    Given("received_at", "--at", "When; now, where it is left out.", is_now=True),
    _NOTE,
)

refuse = command(
    SampleRefused,
    "Refuse a sample in writing, as your laboratory.",
    SAMPLE,
    Given(
        "ground",
        "--ground",
        "seal_broken, form_differs, temperature, spoiled, too_little, out_of_scope or other.",
    ),
    Given("why", "--why", "What is wrong, in writing."),
    Given("refused_at", "--at", "When; now, where it is left out.", is_now=True),
)
