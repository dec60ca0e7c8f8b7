"""A sampler sent a form: register the sample, warn of caps, start its clock, and judge what waited for it."""

from collections.abc import Collection, Sequence
from typing import Any

from services.sampling import caps, form_check, plan_check
from services.sampling.deadlines import deadlines
from services.sampling.duties import DELIVERY
from services.sampling.reporting import Desk
from services.sampling.store import acts, plans, reports, samples, tables
from services.sampling.store.base import digest_of
from shared import receipts
from shared.clocks import Start, revise_clock, start_clocks
from shared.contracts import Reason, RefusalReason, SampleCollected, SampleRegistered
from shared.heard import Handler, Heard, Work

PlanKey = tuple[str, str]
"""Region and number of a plan."""


def handler(desk: Desk) -> Handler:
    """The answer to forms; the desk takes the reports that waited for them."""

    async def answer(forms: Sequence[Heard[SampleCollected]], work: Work) -> None:
        numbers = [heard.event.sample_no for heard in forms]
        first = {number: at for at, number in reversed(list(enumerate(numbers)))}
        if repeated := next((at for at, number in enumerate(numbers) if first[number] != at), 0):
            await answer(forms[:repeated], work)  # the first form of a sample is kept before its second is looked at
            await answer(forms[repeated:], work)
            return
        known: dict[str, Any] = await samples.known(work.connection, numbers)
        history = await _history(forms, work)
        adopted = await _adopted(forms, work)
        new: dict[str, dict[str, Any]] = {}
        for heard in forms:
            number = heard.event.sample_no
            row = _row(heard)
            if number in known:
                await _again(heard, row, known[number], adopted, work)
                continue
            fault = form_check.refusal(
                heard.event, sampler=heard.origin.party, region=heard.region, received=heard.origin.received
            )
            if fault:
                receipts.turn_down(heard, work, fault)
                continue
            new[number] = row
            _register(heard, (*_warnings(heard, adopted), *history.warnings(heard.event)), work)
            history.add(heard.event)
        await samples.keep(work.connection, list(new.values()))
        keys = {row["event_key"] for row in new.values()}
        registered = [heard for heard in forms if heard.key in keys]
        await start_clocks(work, tables, [_clock(heard) for heard in registered])
        await _judge_what_waited(desk, registered, work)
        replaced = {heard.event.sample_no for heard in forms} - new.keys()
        await desk.count(forms[-1], replaced & known.keys(), work)

    return answer


async def _again(
    heard: Heard[SampleCollected], row: dict[str, Any], known: Any, adopted: Collection[PlanKey], work: Work
) -> None:
    """A form that is there already; one with other content corrects it, while nothing was reported on the sample."""
    number = heard.event.sample_no
    if known.content == row["content"]:
        text = (
            f"The form of sample {number} is on the exchange already, with the same content; nothing needs to be done."
        )
        receipts.decline(heard, work, RefusalReason.ALREADY_DONE, "data.sample_no", text)
        return
    reported = await reports.was_reported(work.connection, number)
    first: Any = await samples.form_of(work.connection, number)
    if fault := form_check.correction_refusal(
        heard.event,
        first,
        sampler=heard.origin.party,
        region=heard.region,
        received=heard.origin.received,
        state=known.state,
        is_reported=reported is not None,
        home=known.region,
    ):
        receipts.turn_down(heard, work, fault)
        return
    kept = {"event_key", "sampler", "state"} | ({"laboratory"} if known.state == samples.RECEIVED else set())
    await samples.replace(work.connection, {name: value for name, value in row.items() if name not in kept})
    clock = _clock(heard)
    await revise_clock(work, tables, clock.clock, clock.due)
    await acts.keep(heard, work, number)
    _register(heard, (form_check.CORRECTED, *_warnings(heard, adopted)), work)


async def _history(forms: Sequence[Heard[SampleCollected]], work: Work) -> caps.History:
    """What was taken before of the units and producers of a batch."""
    units = {heard.event.sampled_unit for heard in forms}
    producers = {heard.event.producer for heard in forms if heard.event.producer}
    since = min(heard.event.sampled_at for heard in forms) - caps.longest_cycle()
    taken = await samples.taken_since(work.connection, units, producers, since)
    return caps.History(taken, await samples.batches_of(work.connection, producers))


async def _adopted(forms: Sequence[Heard[SampleCollected]], work: Work) -> set[PlanKey]:
    """The plans that a batch of forms names and that their counties have."""
    named = {heard.event.plan_no for heard in forms if heard.event.plan_no}
    return await plans.existing(work.connection, {heard.region for heard in forms}, named)


def _warnings(heard: Heard[SampleCollected], adopted: Collection[PlanKey]) -> tuple[Reason, ...]:
    form = heard.event
    return (*form_check.warnings(form), *plan_check.form_warnings(form, heard.region, adopted))


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


def _row(heard: Heard[SampleCollected]) -> dict[str, Any]:
    event = heard.event
    return {
        "sample_no": event.sample_no,
        "region": heard.region,
        "form": event.model_dump_json(),
        "content": digest_of(event),
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
        "shelf_life_days": event.shelf_life_days,
        "producer": event.producer,
        "producer_region": event.producer_region,
        "sampled_unit": event.sampled_unit,
        "sampled_at": event.sampled_at,
        "laboratory": event.laboratory,
        "state": samples.COLLECTED,
        "cleared": "",
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
    while waiting := await reports.waiting_for(work.connection, by_sample):  # a refused correction leaves one behind
        rows = await samples.known(work.connection, {row.sample_no for row in waiting})
        for row in waiting:
            await desk.judge_waiting(by_sample[row.sample_no], row, rows[row.sample_no], work)
    await desk.count(forms[-1], by_sample, work)
