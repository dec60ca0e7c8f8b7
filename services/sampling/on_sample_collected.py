"""A sampler sent a form: register the sample, warn of caps, start its clock, and judge what waited for it."""

from collections.abc import Sequence
from typing import Any

from services.sampling import caps, form_check, receipts
from services.sampling.deadlines import deadlines
from services.sampling.duties import DELIVERY
from services.sampling.reporting import Desk
from services.sampling.store import reports, samples, tables
from shared.clocks import Start, start_clocks
from shared.contracts import Reason, RefusalReason, SampleCollected, SampleRegistered
from shared.heard import Handler, Heard, Work


def handler(desk: Desk) -> Handler:
    """The answer to forms; the desk takes the reports that waited for them."""

    async def answer(forms: Sequence[Heard[SampleCollected]], work: Work) -> None:
        known = await samples.known(work.connection, {heard.event.sample_no for heard in forms})
        digests = await _digests(work, known)
        history = await _history(forms, work)
        rows: list[dict[str, Any]] = []
        for heard in forms:
            form = heard.event.model_dump_json()
            number = heard.event.sample_no
            if number in digests:
                _say_again(heard, work, same=digests[number] == samples.digest_of(form))
                continue
            fault = form_check.refusal(
                heard.event, sampler=heard.origin.party, region=heard.region, received=heard.origin.received
            )
            if fault:
                receipts.turn_down(heard, work, fault)
                continue
            digests[number] = samples.digest_of(form)
            rows.append(_row(heard, form))
            _register(heard, (*form_check.warnings(heard.event), *history.warnings(heard.event)), work)
            history.add(heard.event)
        await samples.keep(work.connection, rows)
        registered = {row["event_key"] for row in rows}
        new = [heard for heard in forms if heard.key in registered]
        await start_clocks(work, tables, [_clock(heard) for heard in new])
        await _judge_what_waited(desk, new, work)

    return answer


async def _digests(work: Work, known: dict[str, Any]) -> dict[str, str]:
    digests = {}
    for number in known:
        form = await samples.form_of(work.connection, number)
        digests[number] = samples.digest_of(form.model_dump_json()) if form else ""
    return digests


def _say_again(heard: Heard[SampleCollected], work: Work, *, same: bool) -> None:
    number = heard.event.sample_no
    if same:
        text = (
            f"The form of sample {number} is on the exchange already, with the same content; nothing needs to be done."
        )
        receipts.decline(heard, work, RefusalReason.ALREADY_DONE, "data.sample_no", text)
    else:
        text = f"Sample {number} has a form with other content; give a new sample a number of its own."
        receipts.decline(heard, work, RefusalReason.CHANGED, "data.sample_no", text)


async def _history(forms: Sequence[Heard[SampleCollected]], work: Work) -> caps.History:
    """What was taken before of the units and producers of a batch."""
    units = {heard.event.sampled_unit for heard in forms}
    producers = {heard.event.producer for heard in forms if heard.event.producer}
    since = min(heard.event.sampled_at for heard in forms) - caps.longest_cycle()
    taken = await samples.taken_since(work.connection, units, producers, since)
    return caps.History(taken, await samples.batches_of(work.connection, producers))


def _register(heard: Heard[SampleCollected], warnings: tuple[Reason, ...], work: Work) -> None:
    form = heard.event
    event = SampleRegistered(
        sample_no=form.sample_no,
        plan_no=form.plan_no,
        township=form.township,
        place_kind=form.place_kind,
        track=form.track,
        category=form.category,
        subcategory=form.subcategory,
        product=form.product,
        producer=form.producer,
        sampled_unit=form.sampled_unit,
        laboratory=form.laboratory,
        sampled_at=form.sampled_at,
        warnings=warnings,
    )
    work.tell(heard, event)
    receipts.accept(heard, work, f"Sample {form.sample_no} is registered.", warnings=warnings)


def _row(heard: Heard[SampleCollected], form: str) -> dict[str, Any]:
    event = heard.event
    return {
        "sample_no": event.sample_no,
        "region": heard.region,
        "form": form,
        "event_key": heard.key,
        "sampler": heard.origin.party,
        "plan_no": event.plan_no,
        "township": event.township,
        "place_kind": event.place_kind.value,
        "chain_stage": event.chain_stage,
        "track": event.track,
        "category": event.category,
        "subcategory": event.subcategory,
        "product": event.product,
        "batch_no": event.batch_no,
        "production_date": event.production_date,
        "producer": event.producer,
        "producer_region": event.producer_region,
        "sampled_unit": event.sampled_unit,
        "sampled_at": event.sampled_at,
        "laboratory": event.laboratory,
        "state": samples.COLLECTED,
    }


def _clock(heard: Heard[SampleCollected]) -> Start:
    form = heard.event
    return Start(
        clock=f"{DELIVERY}:{form.sample_no}",
        trace=form.sample_no,
        region=heard.region,
        started=form.sampled_at,
        due=deadlines()[DELIVERY].end(form.sampled_at),
    )


async def _judge_what_waited(desk: Desk, forms: Sequence[Heard[SampleCollected]], work: Work) -> None:
    if not forms:
        return
    by_sample = {heard.event.sample_no: heard for heard in forms}
    waiting = await reports.waiting_for(work.connection, by_sample)
    rows = await samples.known(work.connection, {row.sample_no for row in waiting})
    for row in waiting:
        await desk.judge_waiting(by_sample[row.sample_no], row, rows[row.sample_no], work)
    await desk.count(forms[-1], by_sample, work)
