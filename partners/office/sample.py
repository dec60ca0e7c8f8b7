"""``shian sample``: the way of a sample, from the sampler who takes it to the laboratory that has it."""

from collections.abc import Sequence
from pathlib import Path

import typer

from partners.office.command import Given, command, from_file
from partners.office.forms import read_forms, region_of
from shared.contracts import SampleCollected, SampleHandedOver, SampleReceived, SampleRefused

SAMPLE = Given("sample_no", "SAMPLE", "The sample's number (抽样编号).")
_SEAL = Given("seal_no", "--seal", "The number on the seal (封样编号).")
_TEMPERATURE = Given("temperature", "--temperature", "Of the sample, in °C.")
_NOTE = Given("note", "--note", "What else has to be said.")


def _forms_in(file: Path, _: Path | None) -> Sequence[SampleCollected]:
    """The forms of a file; what is left out of them is said."""
    read = read_forms(file)
    for column in read.left_out:
        typer.echo(f"Left out: {column}.", err=True)
    return read.forms


collect = from_file(
    SampleCollected,
    "Send sampling forms (抽样单): all of a file, or none where one is faulty.",
    "The forms: JSON, CSV or XLSX, with the national form's labels or codes.",
    _forms_in,
    place=region_of,
)

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
