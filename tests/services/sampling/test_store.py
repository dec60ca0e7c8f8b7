"""What sampling keeps of samples and reports is found again, in batches and one by one."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from services.sampling.judging.judgement import judge
from services.sampling.judging.limits import load
from services.sampling.store import reports, samples
from services.sampling.store.reports import content_of
from shared.contracts import SampleFailed, SampleUnclear
from shared.database import Database
from tests.examples import failed_sample, form, malachite_green_in_carp, report, without_values

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


def row(laboratory: str, number: str, sample: str = "S-1", **changes: Any) -> dict[str, Any]:
    """A report that passed."""
    facts = {
        "laboratory": laboratory,
        "report_no": number,
        "sample_no": sample,
        "content": "c",
        "event_key": f"urn:shian:lab:{laboratory} {number}",
        "region": "21.02.83",
        "verdict": "pass",
        "state": reports.STANDING,
        "superseded_by": "",
        "concluded_on": date(2026, 3, 1),
        "reported_at": NOW,
        "on_time": True,
        "hazards": "metal",
        "corrects": "",
        "stated": "",
        "kept": "",
    }
    return facts | changes


def failing(number: str, sample: str = "S-1", **changes: Any) -> dict[str, Any]:
    """A report that failed."""
    outcome = failed_sample(number, sample_no=sample, report_no=f"R-{number}")
    return row("L0142", f"R-{number}", sample, verdict="fail", kept=outcome.model_dump_json(), **changes)


def taken(number: str, **changes: Any) -> dict[str, Any]:
    """A sample with its form."""
    made = form(report(number), **changes)
    known = made.model_dump(
        include={
            "sample_no", "plan_no", "township", "chain_stage", "track", "category", "subcategory", "product",
            "batch_no", "production_date", "shelf_life_days", "producer", "producer_region", "sampled_unit",
            "sampled_at", "laboratory",
        }
    )  # fmt: skip
    rest = {"region": "21.02.83", "event_key": f"k{number}", "sampler": "S01", "content": "c"}
    rest |= {"state": samples.COLLECTED, "cleared": ""}
    return known | rest | {"place_kind": made.place_kind.value, "form": made.model_dump_json()}


async def test_known_report_is_found_by_laboratory_and_number(database: Database) -> None:
    """A report that was kept is known with its content; an unknown one, or another laboratory's, is not."""
    async with database.write() as connection:
        await reports.keep(connection, [row("L0142", "R-1"), row("L0142", "R-2", content="d"), row("L0200", "R-3")])
    asked = [("L0142", "R-1"), ("L0142", "R-2"), ("L0142", "R-3"), ("L0142", "R-4"), ("L0200", "R-1")]
    async with database.read() as connection:
        known = await reports.known_reports(connection, asked)
    assert {identity: known[identity].content for identity in asked if identity in known} == {
        ("L0142", "R-1"): "c",
        ("L0142", "R-2"): "d",
    }


async def test_nothing_is_asked_and_nothing_kept(database: Database) -> None:
    """An empty batch asks for no report or sample and keeps none."""
    async with database.write() as connection:
        await reports.keep(connection, [])
        await samples.keep(connection, [])
        assert {} == await reports.known_reports(connection, [])
        assert {} == await samples.known(connection, set())


async def test_batch_of_the_largest_size_is_kept_and_found(database: Database) -> None:
    """As many reports and samples as the largest batch holds go in and are found in one statement each."""
    async with database.write() as connection:
        await reports.keep(connection, [row("L0142", f"R-{n}") for n in range(1000)])
        await samples.keep(connection, [taken(str(n)) for n in range(1000)])
    async with database.read() as connection:
        known = await reports.known_reports(connection, [("L0142", f"R-{n}") for n in range(1000)])
        forms = await samples.known(connection, {f"S-{n}" for n in range(1000)})
    assert (1000, 1000) == (len(known), len(forms))


async def test_report_number_is_a_laboratorys_own(database: Database) -> None:
    """Two laboratories may use one number; one laboratory may use it once, until it is taken back."""
    async with database.write() as connection:
        await reports.keep(connection, [row("L0142", "R-1"), row("L0200", "R-1")])
    with pytest.raises(IntegrityError):
        async with database.write() as connection:
            await reports.keep(connection, [row("L0142", "R-1", content="other")])
    async with database.write() as connection:
        await reports.forget(connection, ("L0142", "R-1"))
        await reports.keep(connection, [row("L0142", "R-1", content="other")])
        known = await reports.known_reports(connection, [("L0142", "R-1"), ("L0200", "R-1")])
    assert {"L0142": "other", "L0200": "c"} == {laboratory: one.content for (laboratory, _), one in known.items()}


async def test_reports_on_a_sample_come_in_the_order_of_their_arrival(database: Database) -> None:
    """Every report on a sample is found, whoever made it, and none on another; those that wait are found apart."""
    later = NOW + timedelta(minutes=1)
    rows = [
        row("L0200", "R-3", reported_at=later),
        row("L0142", "R-1", state=reports.WAITING),
        row("L0142", "R-2", sample="S-2", state=reports.WAITING),
    ]
    async with database.write() as connection:
        await reports.keep(connection, rows)
        assert ["R-1", "R-3"] == [one.report_no for one in await reports.on_sample(connection, "S-1")]
        assert ["R-1"] == [one.report_no for one in await reports.waiting_for(connection, {"S-1", "S-9"})]
        assert ["R-1", "R-2"] == [one.report_no for one in await reports.waiting(connection)]
        assert [] == await reports.on_sample(connection, "S-9")


async def test_standing_failure_is_the_first_that_stands(database: Database) -> None:
    """A sample counts as failed by its first report that stands and failed; one that was overturned is passed over."""
    later = NOW + timedelta(minutes=1)
    async with database.write() as connection:
        await reports.keep(connection, [row("L0142", "R-0"), failing("1"), failing("2", reported_at=later)])
        first = await reports.failure(connection, "S-1")
        await reports.change(connection, ("L0142", "R-1"), state=reports.OVERTURNED)
        second = await reports.failure(connection, "S-1")
        await reports.change(connection, ("L0142", "R-2"), state=reports.WITHDRAWN)
        assert await reports.failure(connection, "S-1") is None
    assert first is not None
    assert second is not None
    assert ("R-1", "R-2") == (first.report_no, second.report_no)
    assert isinstance(first.outcome, SampleFailed)


async def test_unclear_results_are_listed_whole(database: Database) -> None:
    """What a person has to decide is found as it was told, the oldest first."""
    reported = without_values("1")
    outcome = SampleUnclear(
        **reported.model_dump(exclude={"determinations", "conclusion", "concluded_on"}),
        laboratory="L0142",
        concluded_on=date(2026, 3, 1),
        findings=judge(reported, load()),
    )
    unclear = row("L0142", "R-1", verdict="unclear", kept=outcome.model_dump_json())
    async with database.write() as connection:
        await reports.keep(connection, [unclear, row("L0142", "R-2")])
        assert [outcome] == await reports.unclear(connection)


async def test_figures_count_per_laboratory(database: Database) -> None:
    """Reports, and those on time, corrected, failed and overturned, are counted for each laboratory."""
    rows = [
        row("L0142", "R-1"),
        row("L0142", "R-2", on_time=False),
        failing("3", state=reports.SUPERSEDED),
        failing("4", state=reports.OVERTURNED),
        row("L0200", "R-1"),
    ]
    async with database.write() as connection:
        await reports.keep(connection, rows)
        figures = await reports.figures(connection)
    names = ("reports", "on_time", "corrected", "failed", "overturned")
    assert {laboratory: tuple(int(getattr(one, name)) for name in names) for laboratory, one in figures.items()} == {
        "L0142": (4, 3, 1, 2, 1),
        "L0200": (1, 1, 0, 0, 0),
    }


async def test_sample_is_found_with_its_form_and_its_way(database: Database) -> None:
    """A sample's row, its form as it was told, and each step of its way are found by its number."""
    step = {
        "event_key": "c1", "step": "received", "told_by": "lab.L0142", "holder": "lab.L0142", "at": NOW,
        "seal_no": "F-S-1", "seal_intact": True, "temperature": "4", "text": "",
    }  # fmt: skip
    async with database.write() as connection:
        await samples.keep(connection, [taken("1"), taken("2")])
        await samples.move(connection, "S-1", step, state=samples.RECEIVED, laboratory="L0142")
        known = await samples.known(connection, {"S-1", "S-2", "S-9"})
        assert form(report("1")) == await samples.form_of(connection, "S-1")
        assert await samples.form_of(connection, "S-9") is None
        (found,) = await samples.custody_of(connection, "S-1")
    assert {number: (one.state, one.laboratory) for number, one in known.items()} == {
        "S-1": ("received", "L0142"),
        "S-2": ("collected", None),
    }
    assert ("received", "lab.L0142", NOW) == (found.step, found.holder, found.at)


async def test_what_was_taken_is_counted_by_unit_and_producer(database: Database) -> None:
    """Samples at a unit or of a producer since a moment are found, and every batch of the producers ever."""
    made = [
        taken("1", sampled_unit="V1", producer=None),
        taken("2", sampled_unit="V2", producer="P1", batch_no="B1", sampled_at=NOW - timedelta(days=90)),
        taken("3", sampled_unit="V2", producer="P1"),
        taken("4", sampled_unit="V3", producer="P3"),
    ]
    async with database.write() as connection:
        await samples.keep(connection, made)
        found = await samples.taken_since(connection, {"V1"}, {"P1"}, NOW - timedelta(days=60))
        batches = await samples.batches_of(connection, {"P1"})
    assert ["S-1", "S-3"] == [one.sample_no for one in found]
    assert {("P1", "大米", "B1")} == batches


def test_content_tells_a_repetition_from_a_change() -> None:
    """The same report has the same content; another in any field, or in the order of determinations, has not."""
    first = report("1")
    two = (*first.determinations, *malachite_green_in_carp("1").determinations)
    others = [
        report("2"),
        report("1", product="小米"),
        report("1", subcategory="大米"),
        report("1", determinations=two),
        report("1", determinations=two[::-1]),
    ]
    assert content_of(first) == content_of(report("1"))
    assert len({content_of(one) for one in (first, *others)}) == 1 + len(others)
