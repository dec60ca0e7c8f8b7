"""Taking reports: at the door, beside the sampling form, through judgement, to what is told and kept.

A report on a sample whose form is not there yet waits: it is kept, said to wait with what it would come out as, and
judged in answer to the form. A first report, a correction and a report that waited all pass through here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from services.sampling import acceptance, accreditation, agreement, duties, report_receipts
from services.sampling.acceptance import Rejection
from services.sampling.duties import Arrival
from services.sampling.judged import disagreement, hazards_of
from services.sampling.judging.judgement import judge, verdict_of
from services.sampling.judging.limits import Catalogue
from services.sampling.progress_told import tell_progress
from services.sampling.standing import Earlier, stand
from services.sampling.store import laboratories, reports, samples, tables
from services.sampling.store.reports import Identity
from shared import receipts
from shared.clocks import Start, Stop, ends_of, start_clocks, stop_clocks
from shared.contracts import (
    Finding,
    Receipt,
    RejectionReason,
    ResultCorrected,
    ResultRejected,
    ResultReported,
    ResultWaiting,
    SampleCollected,
    SampleJudged,
    Verdict,
)
from shared.contracts.result import Report
from shared.heard import Heard, Work
from shared.workdays import day_in_china


@dataclass(slots=True)
class Door:
    """What is known when a batch of reports comes in, and what the batch adds."""

    known: dict[Identity, Any]
    """Every report of these numbers that was taken: a row, or the digest of one of this batch."""
    forms: Mapping[str, Row[Any]]
    accreditations: Mapping[str, Any]
    due: Mapping[str, datetime]
    """When the period for testing ends, by clock."""
    rows: list[dict[str, Any]] = field(default_factory=list)
    starts: list[Start] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    accepted: dict[str, list[tuple[Heard[Any], Receipt]]] = field(default_factory=dict)


class Desk:
    """Takes reports, judged by one catalogue of limits."""

    def __init__(self, catalogue: Catalogue, population_base: str) -> None:
        self._catalogue = catalogue
        self._population_base = population_base

    async def open(self, heard: Sequence[Heard[Any]], work: Work) -> Door:
        """Look up what is known of the reports in a batch, in one query for each thing."""
        known = await reports.known_reports(work.connection, [_identity(one) for one in heard])
        forms = await samples.known(work.connection, {one.event.sample_no for one in heard})
        accredited = await laboratories.accreditations(work.connection, {one.origin.party for one in heard})
        received = [f"{duties.TESTING}:{row.sample_no}" for row in forms.values() if row.state == samples.RECEIVED]
        due = await ends_of(work, tables, received)
        return Door(dict(known), forms, accredited, due)

    def judge(self, report: Report, form: Any | None, concluded_on: date) -> tuple[Finding, ...]:
        """The findings of a report, one for each determination; ``form`` is the sample's row, none where it waits."""
        return judge(
            report,
            self._catalogue,
            concluded_on=concluded_on,
            made_on=form.production_date if form else None,
            subcategory=form.subcategory if form else "",
        )

    def refusal(self, heard: Heard[Any], door: Door) -> Rejection | None:
        """Why a report is not taken, or none."""
        report, laboratory = heard.event, heard.origin.party
        earlier = door.known.get(_identity(heard))
        if earlier is not None:
            return _said_before(report, same=_digest(earlier) == reports.content_of(report))
        received_on = day_in_china(heard.origin.received)
        tested_on = report.concluded_on or received_on
        form = door.forms.get(report.sample_no)
        return (
            acceptance.refusal(report, received_on)
            or accreditation.refusal(report, door.accreditations.get(laboratory), tested_on)
            or (agreement.refusal(report, form, laboratory) if form else None)
        )

    def take(self, heard: Heard[Any], door: Door, work: Work, *, corrected: Any | None = None) -> None:
        """Judge a report that is not refused, or let it wait for its form; ``corrected`` is the row it replaces."""
        report, laboratory = heard.event, heard.origin.party
        content = reports.content_of(report)
        door.known[_identity(heard)] = content
        door.stops += duties.ended(report.sample_no, heard.origin.received)
        form = door.forms.get(report.sample_no)
        concluded_on = report.concluded_on or day_in_china(min(heard.time, heard.origin.received))
        findings = self.judge(report, form, concluded_on)
        earlier = Earlier(corrected.report_no, corrected.on_time) if corrected else None
        row = {
            "laboratory": laboratory,
            "report_no": report.report_no,
            "sample_no": report.sample_no,
            "content": content,
            "event_key": heard.key,
            "region": form.region if form else heard.region,
            "superseded_by": "",
            "concluded_on": concluded_on,
            "reported_at": heard.origin.received,
            "hazards": hazards_of(findings),
            "corrects": earlier.report_no if earlier else "",
            "stated": report.conclusion,
        }
        if form is None:
            verdict = verdict_of(findings)
            _tell_waiting(heard, verdict, work)
            on_time = earlier.on_time if earlier else True
            kept = report.model_dump_json()
            row |= {"verdict": verdict.value, "state": reports.WAITING, "on_time": on_time, "kept": kept}
            self._receipt(heard, door, "waiting")
        else:
            arrival = Arrival(concluded_on, heard.origin.received, form.region)
            due = door.due.get(f"{duties.TESTING}:{report.sample_no}")
            stood = stand(report, form, findings, arrival, laboratory=laboratory, earlier=earlier, report_due=due)
            _tell_outcome(heard, report.conclusion, stood.outcome, form.region, work)
            door.starts += stood.starts
            row |= {"state": reports.STANDING, **stood.kept}
            self._receipt(heard, door, stood.outcome.verdict.value)
        door.rows.append(row)

    async def close(self, door: Door, work: Work) -> None:
        """Keep what a batch added, start and stop its clocks, give one receipt to each laboratory."""
        await reports.keep(work.connection, door.rows)
        await stop_clocks(work, tables, door.stops)
        await start_clocks(work, tables, door.starts)
        for laboratory, accepted in door.accepted.items():
            report_receipts.give(accepted[0][0], laboratory, (receipt for _, receipt in accepted), work)

    async def judge_waiting(self, heard: Heard[SampleCollected], row: Row[Any], form: Row[Any], work: Work) -> None:
        """Judge a report whose form came in, in answer to the form; one that it contradicts is refused now."""
        kind = ResultCorrected if row.corrects else ResultReported
        report: Report = kind.model_validate_json(row.kept)
        identity = row.laboratory, row.report_no
        event_id = row.event_key.partition(" ")[2]
        if refused := agreement.refusal(report, form, row.laboratory):
            await reports.forget(work.connection, identity)
            if row.corrects:  # what it corrected waits again, and is judged in its place
                again = {"state": reports.WAITING, "superseded_by": ""}
                await reports.change(work.connection, (row.laboratory, row.corrects), **again)
            reject(heard, report, refused, work, laboratory=row.laboratory, event_id=event_id)
            return
        earlier = Earlier(row.corrects, row.on_time) if row.corrects else None
        arrival = Arrival(row.concluded_on, row.reported_at, form.region)
        findings = self.judge(report, form, row.concluded_on)
        stood = stand(report, form, findings, arrival, laboratory=row.laboratory, earlier=earlier)
        _tell_outcome(heard, report.conclusion, stood.outcome, form.region, work)
        await stop_clocks(work, tables, duties.ended(row.sample_no, row.reported_at))
        await start_clocks(work, tables, stood.starts)
        changed = {"state": reports.STANDING, "region": form.region, **stood.kept}
        await reports.change(work.connection, identity, **changed)
        verdict = stood.outcome.verdict.value
        receipt = Receipt(
            event_id=event_id,
            report_no=row.report_no,
            sample_no=row.sample_no,
            verdict=verdict,
            supersedes=row.corrects,
        )
        report_receipts.give(heard, row.laboratory, [receipt], work)

    async def count(self, heard: Heard[Any], sample_nos: Collection[str], work: Work) -> None:
        """Tell how far the plans are, after what happened to these samples."""
        await tell_progress(heard, work, sample_nos, self._population_base)

    def _receipt(self, heard: Heard[Any], door: Door, verdict: str) -> None:
        report = heard.event
        receipt = Receipt(
            event_id=heard.id,
            report_no=report.report_no,
            sample_no=report.sample_no,
            verdict=verdict,
            supersedes=report.corrects if isinstance(report, ResultCorrected) else "",
        )
        door.accepted.setdefault(heard.origin.party, []).append((heard, receipt))


def reject(  # noqa: PLR0913 - what a receipt says
    heard: Heard[Any], report: Any, refused: Rejection, work: Work, *, laboratory: str = "", event_id: str = ""
) -> None:
    """Tell a laboratory why its report is not taken."""
    receipts.wait_for_the_unknown(heard, refused.reason, refused.explanation)
    laboratory = laboratory or heard.origin.party
    event = ResultRejected(
        laboratory=laboratory,
        reason=refused.reason,
        where=refused.where,
        explanation=refused.explanation,
        event_id=event_id or heard.id,
        report_no=report.report_no,
        sample_no=report.sample_no,
    )
    work.tell(heard, event, party=f"lab.{laboratory}")


def _identity(heard: Heard[Any]) -> Identity:
    return heard.origin.party, heard.event.report_no


def _digest(earlier: Any) -> str:
    return str(earlier if isinstance(earlier, str) else earlier.content)


def _said_before(report: Report, *, same: bool) -> Rejection:
    number = report.report_no
    if same:
        text = f"Report {number} was reported before with the same content; nothing needs to be done."
        return Rejection(RejectionReason.REPEATED, "data.report_no", text)
    text = (
        f"Report {number} was reported before with other content; give a further report a number of its own, and send "
        "it as a correction where it takes the place of the first."
    )
    return Rejection(RejectionReason.CHANGED, "data.report_no", text)


def _tell_waiting(heard: Heard[Any], verdict: Verdict, work: Work) -> None:
    event = ResultWaiting(
        sample_no=heard.event.sample_no,
        report_no=heard.event.report_no,
        laboratory=heard.origin.party,
        product=heard.event.product,
        preliminary=verdict,
    )
    work.tell(heard, event)


def _tell_outcome(heard: Heard[Any], conclusion: str, outcome: SampleJudged, region: str, work: Work) -> None:
    work.tell(heard, outcome, region=region)
    if disagreed := disagreement(conclusion, outcome):
        work.tell(heard, disagreed, region=region)
