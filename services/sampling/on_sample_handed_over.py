"""A sampler passed a sealed sample on: keep the step, with its seal and its temperature."""

from collections.abc import Sequence

from services.sampling import custody
from services.sampling.store import samples
from shared import receipts
from shared.contracts import CustodyRecorded, RefusalReason, SampleHandedOver
from shared.heard import Heard, Work


async def answer(steps: Sequence[Heard[SampleHandedOver]], work: Work) -> None:
    """Keep each step, or say why it cannot be."""
    for heard in steps:
        await _keep(heard, work)


async def _keep(heard: Heard[SampleHandedOver], work: Work) -> None:
    step = heard.event
    sample = await samples.one(work.connection, step.sample_no)
    if fault := custody.refusal(step.sample_no, sample, step.handed_at, heard.origin.received, "handed_at"):
        receipts.turn_down(heard, work, fault)
        return
    if sample is not None and sample.region != heard.region:
        text = f"Sample {step.sample_no} was taken in region {sample.region}; only its own samplers pass it on."
        receipts.decline(heard, work, RefusalReason.NOT_YOURS, "data.sample_no", text)
        return
    form = await samples.form_of(work.connection, step.sample_no)
    warnings = custody.seal_warnings(step.seal_no, form.seal_no if form else "", intact=step.seal_intact)
    told_by = f"sampler.{heard.origin.party}"
    event = CustodyRecorded(
        sample_no=step.sample_no,
        step="handed_over",
        by=told_by,
        to=step.to,
        at=step.handed_at,
        seal_no=step.seal_no,
        seal_intact=step.seal_intact,
        temperature=step.temperature,
        text=step.note,
    )
    work.tell(heard, event)
    moved = {} if sample is None or sample.state == samples.RECEIVED else {"state": samples.IN_TRANSIT}
    await samples.move(work.connection, step.sample_no, custody.row_of(event, heard.key), **moved)
    receipts.accept(heard, work, f"Sample {step.sample_no} is with {step.to}.", warnings=warnings)
