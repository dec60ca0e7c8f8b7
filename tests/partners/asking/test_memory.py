"""What was sent and answered is remembered once, by whichever command learnt of it, and never undone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from partners.asking.memory import Memory, Sent
from partners.asking.request import Place, Request
from partners.asking.spool import Spool
from shared.contracts import (
    Reason,
    Receipt,
    RefusalReason,
    ReinspectionAssigned,
    ReinspectionRecalled,
    RejectionReason,
    RequestAccepted,
    RequestRefused,
    ResultRejected,
    ResultReported,
    ResultsAccepted,
)
from shared.failure import CannotStartError
from tests.examples import REGION, report

NOW = datetime(2026, 11, 25, 1, 30, tzinfo=UTC)
REPORT_1 = Sent("e1", ResultReported.TYPE, "R-1", "S-1")
REPORT_2 = Sent("e2", ResultReported.TYPE, "R-2", "S-2")


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    """An empty memory."""
    memory = Memory(tmp_path / "asked" / "lab-L0142.db")
    yield memory
    memory.close()


def put(spool: Spool, event_id: str, number: str = "1") -> None:
    """Put a report aside."""
    one = report(number)
    spool.add(event_id, Request(one, REGION, Place(f"R-{number}", f"S-{number}", (2,), "row 2")), one.model_dump_json())


def accepted(event_id: str, verdict: str, number: str = "1") -> ResultsAccepted:
    """A receipt for one report."""
    receipt = Receipt(event_id=event_id, report_no=f"R-{number}", sample_no=f"S-{number}", verdict=verdict)
    return ResultsAccepted(laboratory="L0142", receipts=(receipt,))


def rejected(event_id: str, reason: RejectionReason = RejectionReason.NEGATIVE_RESULT) -> ResultRejected:
    """A refusal of one report."""
    return ResultRejected(
        laboratory="L0142", reason=reason, where="data.determinations.0.result", explanation="Below zero.",
        event_id=event_id, report_no="R-1", sample_no="S-1",
    )  # fmt: skip


def test_time_of_an_event_stays(memory: Memory) -> None:
    """The same event goes out with the time that it had first, also where its answer was read before it was sent."""
    memory.keep_answers([accepted("e2", "pass", "2")])
    first = memory.times_of([REPORT_1, REPORT_2], NOW)
    again = memory.times_of([REPORT_1, REPORT_2], NOW + timedelta(hours=1))
    assert {"e1": NOW, "e2": NOW} == first == again
    assert "pass" == memory.state_of("e2")


@pytest.mark.parametrize("verdicts", [("waiting", "fail"), ("fail", "waiting")])
def test_verdict_stays_whenever_the_receipt_for_waiting_comes(memory: Memory, verdicts: tuple[str, str]) -> None:
    """A receipt that the report waits is no longer true once there is a verdict, in whichever order they come."""
    memory.keep_answers(accepted("e1", verdict) for verdict in verdicts)
    assert "fail" == memory.state_of("e1")


def test_report_that_no_longer_stands_is_shown_so(memory: Memory) -> None:
    """After a withdrawal and a correction the first report is what it became, also if its receipt comes once more."""
    first = [accepted("e1", "fail", "1"), accepted("e2", "fail", "2")]
    corrected = Receipt(event_id="e3", report_no="R-3", sample_no="S-2", verdict="pass", supersedes="R-2")
    memory.keep_answers(first)
    memory.keep_answers(
        [accepted("e4", "withdrawn", "1"), ResultsAccepted(laboratory="L0142", receipts=(corrected,)), *first]
    )
    states = [memory.state_of(event_id) for event_id in ("e1", "e2", "e3", "e4")]
    assert ["withdrawn", "superseded", "pass", "withdrawn"] == states


def test_reinspection_is_shown_until_it_is_concluded(memory: Memory) -> None:
    """A laboratory sees what it was drawn for; one that is called off says so in its place, a concluded one is gone."""
    drawn: dict[str, Any] = {"sample_no": "S-1", "first_laboratory": "L0200", "analytes": ("镉",)}
    for number in ("R-A", "R-B"):
        assigned = {"reinspection_no": number, "laboratory": "L0142", "product": "大米", "category": "粮食加工品"}
        memory.keep_answers([ReinspectionAssigned(**drawn, **assigned)])
    memory.keep_answers([ReinspectionRecalled(**drawn, reinspection_no="R-B", laboratory="L0142")])
    concluded = {"event_id": "e1", "request": "lab.reinspection.reported.v1", "number": "R-A", "text": "Concluded."}
    memory.keep_answers([RequestAccepted(party="lab.L0142", **concluded)])
    (sentence,) = memory.assignments()
    assert sentence.startswith("Laboratory L0142 is not to re-inspect sample S-1 (R-B) any more")


def test_refusal_is_open_until_the_report_is_taken(memory: Memory) -> None:
    """A refused report is shown until a report of this number was taken; a repeated one was taken before."""
    memory.keep_answers([rejected("e1")])
    count, (known,) = memory.still_open(10)
    assert (1, "refused", "negative_result", "data.determinations.0.result") == (
        count,
        known.state,
        known.reason,
        known.place,
    )
    memory.keep_answers([accepted("e2", "pass")])
    assert (0, []) == memory.still_open(10)
    memory.keep_answers([rejected("e3", RejectionReason.REPEATED)])
    assert "repeated" == memory.state_of("e3")
    assert {"pass": 1, "refused": 1, "repeated": 1} == memory.counts()


def test_two_commands_share_what_they_learn(memory: Memory, tmp_path: Path) -> None:
    """What one command reads from the bus, another one that runs at the same time sees."""
    other = Memory(tmp_path / "asked" / "lab-L0142.db")
    spool = Spool(memory)
    put(spool, "e1")
    assert 1 == spool.unanswered()
    other.keep_answers([accepted("e1", "pass")])
    other.close()
    assert 0 == spool.unanswered()
    assert {"pass": 1} == spool.states()


def test_what_the_bus_forgot_is_sent_again(memory: Memory) -> None:
    """Without an answer a report is left out only while the bus still remembers that it has it."""
    spool = Spool(memory)
    put(spool, "e1")
    memory.times_of([REPORT_1], NOW)
    memory.keep_stored(["e1"])
    assert 0 == spool.sent_before(datetime.now(UTC) + timedelta(seconds=1))
    assert ["e1"] == [entry.event_id for entry in spool.next_to_send(10, 10**6)]
    assert 1 == spool.sent_before(datetime.now(UTC) - timedelta(days=7))
    assert [] == spool.next_to_send(10, 10**6)


def test_what_goes_out_together_is_bounded(memory: Memory) -> None:
    """So many at once, and so much text, but one at the least."""
    spool = Spool(memory)
    for number in map(str, range(5)):
        put(spool, number, number)
    assert 3 == len(spool.next_to_send(3, 10**6))
    assert 1 == len(spool.next_to_send(3, 1))


def test_memory_that_cannot_be_opened(tmp_path: Path) -> None:
    """A file that is no memory is not written over; the person is told what to do."""
    (tmp_path / "m.db").write_text("something else, and long enough to be no database at all")
    with pytest.raises(CannotStartError, match="make the folder writable, or mend the file"):
        Memory(tmp_path / "m.db")
    assert (tmp_path / "m.db").read_text().startswith("something else")


def test_what_is_asked_beside_reports_is_no_report(memory: Memory) -> None:
    """Requests and their answers lie in the same file, and are not counted among the reports."""
    warning = Reason(rule="seal", text="The seal differs.", citation="", verified=True)
    taken = RequestAccepted(
        party="lab.L0142", event_id="e1", request="lab.sample.received.v1", text="Received.", warnings=(warning,)
    )
    refused = RequestRefused(
        party="lab.L0142", event_id="e2", request="lab.sample.refused.v1", reason=RefusalReason.NOT_YOURS,
        where="data.sample_no", explanation="Not yours.",
    )  # fmt: skip
    memory.times_of([Sent("e1", "lab.sample.received.v1", sample_no="S-1")], NOW)
    assert (True, False) == (memory.knows(taken), memory.knows(refused))
    memory.keep_answers([taken, refused])
    assert ("done", "refused") == (memory.state_of("e1"), memory.state_of("e2"))
    assert ({}, (0, [])) == (memory.counts(), memory.still_open(10))


def test_answer_to_several_is_known_where_each_is(memory: Memory) -> None:
    """One receipt for reports of two programs is left for whoever sent the other one."""
    both = ResultsAccepted(
        laboratory="L0142", receipts=(*accepted("e1", "pass").receipts, *accepted("e2", "pass").receipts)
    )
    memory.times_of([REPORT_1], NOW)
    assert not memory.knows(both)
    memory.times_of([REPORT_2], NOW)
    assert memory.knows(both)


def test_what_was_filled_in_goes_out_as_it_did_first(memory: Memory) -> None:
    """A request with a time that was filled in is put aside with the content that it had the first time."""
    memory.times_of([Sent("e1", ResultReported.TYPE, content='{"first": 1}')], NOW)
    assert (NOW.isoformat(), '{"first": 1}') == memory.first_of("e1")
    spool = Spool(memory)
    put(spool, "e1")
    put(spool, "e2", "2")
    first, second = spool.fates()
    assert ('{"first": 1}', True, True) == (first.content, first.asked_before, first.was_sent)
    assert (report("2").model_dump_json(), False, False) == (second.content, second.asked_before, second.was_sent)


def test_only_the_owner_can_read_it(memory: Memory, tmp_path: Path) -> None:
    """What a person asks is nobody else's to read on a machine that they share."""
    del memory
    assert 0o600 == (tmp_path / "asked" / "lab-L0142.db").stat().st_mode & 0o777
