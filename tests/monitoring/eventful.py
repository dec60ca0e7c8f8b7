"""An eventful time: something goes through every metric that a dashboard shows.

The data are the demonstration's, with forms of long ago, so that clocks are missed, and a plan that names townships.
All is said in two waves, since a rate is seen only where a counter grows from one look of Prometheus to the next.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from nats.aio.client import Client

from demo.forms import OFFICER, TOWNSHIPS, made_accreditations, made_forms
from demo.partners_at_work import connected, publish
from demo.passing import made_passing
from demo.policies import made_policies
from demo.reports import LABORATORIES, REGION, Sending, published_reports, published_rows, sending
from services.system import System
from shared.contracts import (
    CaseOpened,
    CaseReferred,
    Event,
    MajorCaseFlagged,
    PlanAdopted,
    PlanLine,
    PolicyBound,
    ResultReported,
    ResultWithdrawn,
    SampleFailed,
    entry_of,
)
from tests.running import is_quiet
from tests.speaking import record, until

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=60)
PLAN = "PLAN-TEST"
POISON = PolicyBound(policy_no="POISON", insured="P0001", valid_from=LONG_AGO.date(), valid_to=NOW.date())


def two_waves() -> tuple[list[Sending], list[Sending]]:
    """Reports of every kind, halved."""
    reports = published_reports(published_rows(), NOW) + made_passing(NOW)[:60]
    return reports[::2], reports[1::2]


async def prepare(system: System, operator: Client) -> None:
    """Laboratories, a plan with townships, policies and forms, as an exchange has them before the first report."""
    first, second = two_waves()
    plan = PlanAdopted(
        plan_no=PLAN,
        title="Made",
        kind="annual",
        starts=(NOW - timedelta(days=300)).date(),
        ends=(NOW + timedelta(days=300)).date(),
        lines=tuple(PlanLine(samples=100, township=township) for township in TOWNSHIPS),
    )
    said = [*made_accreditations(), sending(f"officer.{OFFICER}", plan, PLAN, NOW), *made_policies()]
    # the last two reports wait for a form that never comes, and the last three forms for a report
    await _say(system, operator, said + made_forms((first + second)[:-2] + made_passing(NOW)[60:63], LONG_AGO))


async def first_wave(system: System, operator: Client) -> None:
    """Half of the reports; then what goes wrong: nonsense, a repetition, a handler that fails, a message for nobody."""
    first, _ = two_waves()
    await _say(system, operator, first)
    again = replace(first[0], message_id=f"{first[0].message_id} again")
    nonsense = replace(first[0], message_id="nonsense", payload=b"nonsense")
    with closing(sqlite3.connect(system.folder / "insurance.db")) as database:
        # a fault of the database with one row only, as a constraint would be
        database.execute(
            "CREATE TRIGGER poison BEFORE INSERT ON policy WHEN NEW.policy_no = 'POISON' "
            "BEGIN SELECT RAISE(ABORT, 'poison'); END"
        )
    poison = sending("insurer.I007", POISON, "", NOW)
    async with connected(system.settings, "sampling") as sampling:
        subject = entry_of(SampleFailed).subject(REGION)
        await sampling.jetstream().publish(subject, b"nonsense", headers={"Nats-Msg-Id": "nonsense of its own"})
    await _say(system, operator, [again, nonsense, poison])


async def second_wave(system: System, operator: Client) -> None:
    """The other half; then laboratories withdraw what was referred, and an officer flags a case as major."""
    _, second = two_waves()
    await _say(system, operator, second)
    told = [envelope.data for envelope in await record(operator, "CASES")]
    referred = [event for event in told if isinstance(event, CaseReferred)]
    kept = next(event for event in told if isinstance(event, CaseOpened) and event.case_no == referred[-1].case_no)
    flag = MajorCaseFlagged(
        case_no=kept.case_no, version=_version_of(told, kept.case_no), at=datetime.now(UTC), why="It is grave."
    )
    withdrawn = {event.sample_no for event in referred if event.case_no != kept.case_no}
    await _say(system, operator, [sending(f"officer.{OFFICER}", flag, "", NOW), *_withdrawals(withdrawn)])


def _withdrawals(samples: Iterable[str]) -> list[Sending]:
    reports = {one.sample_no: one for wave in two_waves() for one in wave}
    said = []
    for sample_no in sorted(samples):
        report = reports[sample_no].event
        assert isinstance(report, ResultReported)
        event = ResultWithdrawn(report_no=report.report_no, sample_no=sample_no, why="The samples were mixed up.")
        laboratory = next(one for one in LABORATORIES if reports[sample_no].party == f"lab-{one}")
        said.append(sending(f"lab.{laboratory}", event, sample_no, NOW))
    return said


def _version_of(told: Sequence[Event], case_no: str) -> int:
    return max(int(getattr(event, "version", 0)) for event in told if getattr(event, "case_no", "") == case_no)


async def _say(system: System, operator: Client, said: Sequence[Sending]) -> None:
    await publish(system.settings, said, lambda *_: None)
    await until(lambda: is_quiet(operator), seconds=30)
