"""A laboratory refuses a sample in writing: its clocks end, and another sample has to be taken."""

from collections.abc import Sequence
from typing import Any

from services.sampling import custody
from services.sampling.duties import DELIVERY, TESTING
from services.sampling.store import reports, samples, tables
from shared import receipts
from shared.clocks import Stop, stop_clocks
from shared.contracts import CustodyRecorded, RefusalReason, ReplacementRequired, SampleRefused
from shared.heard import Heard, Work


async def answer(refusals: Sequence[Heard[SampleRefused]], work: Work) -> None:
    """Keep each refusal, or say why it cannot be."""
    for heard in refusals:
        await _refuse(heard, work)


async def _refuse(heard: Heard[SampleRefused], work: Work) -> None:
    refusal, laboratory = heard.event, heard.origin.party
    sample: Any = await samples.one(work.connection, refusal.sample_no)
    received = heard.origin.received
    if fault := custody.refusal(refusal.sample_no, sample, refusal.refused_at, received, "refused_at"):
        receipts.turn_down(heard, work, fault)
        return
    if fault := custody.of_another(sample, laboratory):
        receipts.turn_down(heard, work, fault)
        return
    if await reports.was_reported(work.connection, refusal.sample_no):
        text = f"Sample {refusal.sample_no} was reported on, so it was taken; it can no longer be refused."
        receipts.decline(heard, work, RefusalReason.WRONG_STATE, "data.sample_no", text)
        return
    event = CustodyRecorded(
        sample_no=refusal.sample_no,
        step="refused",
        by=f"lab.{laboratory}",
        to=f"lab.{laboratory}",
        at=refusal.refused_at,
        text=f"{refusal.ground.value}: {refusal.why}",
    )
    work.tell(heard, event, region=sample.region)
    replacement = ReplacementRequired(
        sample_no=refusal.sample_no,
        laboratory=laboratory,
        ground=refusal.ground,
        why=refusal.why,
        product=sample.product,
        township=sample.township,
        sampled_unit=sample.sampled_unit,
        plan_no=sample.plan_no,
    )
    work.tell(heard, replacement, region=sample.region)
    row = custody.row_of(event, heard.key)
    await samples.move(work.connection, refusal.sample_no, row, state=samples.REFUSED, laboratory=laboratory)
    stops = [Stop(f"{kind}:{refusal.sample_no}", refusal.refused_at) for kind in (DELIVERY, TESTING)]
    await stop_clocks(work, tables, stops)
    text = f"The refusal of sample {refusal.sample_no} is kept; another sample has to be taken."
    receipts.accept(heard, work, text)
