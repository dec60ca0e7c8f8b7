"""What is asked is put aside once checked, each under the id that it has had before."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from partners.asking.checking import put_aside
from partners.asking.memory import Memory, Sent
from partners.asking.request import Place, Request
from partners.asking.spool import Spool
from partners.person import Person
from partners.tables.faults import Fault, FaultyInputError
from shared.contracts import PlanAdopted, PlanLine, RefusalReason, RequestRefused, SampleHandedOver
from shared.keys import seed_in
from shared.settings import Settings
from tests.examples import REGION, form, report

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
HANDED_OVER = SampleHandedOver(sample_no="S-1", handed_at=NOW, to="lab.L0142", seal_no="F-S-1", seal_intact=True)


@pytest.fixture
def sampler(tmp_path: Path) -> Person:
    """The sampler S01, whose key is here."""
    seed_in(tmp_path / "keys", "sampler-S01")
    return Person("sampler", "S01", Settings(keys_folder=tmp_path / "keys"))


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    """An empty memory."""
    memory = Memory(tmp_path / "memory.db")
    yield memory
    memory.close()


def put(memory: Memory, sampler: Person, request: Request, *, again: bool = False) -> str:
    """The id under which a request is put aside."""
    spool = Spool(memory)
    put_aside([request], spool, sampler, again=again).stop()
    (entry,) = spool.next_to_send(1, 1)
    return entry.event_id


def test_what_was_filled_in_makes_no_other_request(memory: Memory, sampler: Person) -> None:
    """The present time makes no other request of it, and one that the person gives does."""
    later = HANDED_OVER.model_copy(update={"handed_at": NOW.replace(year=2027)})
    now = frozenset(("handed_at",))
    first, second, third, fourth = (
        put(memory, sampler, Request(event, REGION, but_for=but_for))
        for event, but_for in ((HANDED_OVER, now), (later, now), (HANDED_OVER, frozenset()), (later, frozenset()))
    )
    assert first == second
    assert 3 == len({first, third, fourth})


def test_refused_request_has_another_id_only_where_it_is_asked_again(memory: Memory, sampler: Person) -> None:
    """A refusal stands until the person asks once more; then the last attempt is the one that counts."""
    request = Request(HANDED_OVER, REGION)
    first = put(memory, sampler, request)
    memory.times_of([Sent(first, HANDED_OVER.TYPE)], NOW)
    memory.keep_answers(
        [
            RequestRefused(
                party="sampler.S01", event_id=first, request=HANDED_OVER.TYPE, reason=RefusalReason.UNKNOWN_SAMPLE,
                where="data.sample_no", explanation="Not there.",
            )
        ]
    )  # fmt: skip
    assert first == put(memory, sampler, request)
    second = put(memory, sampler, request, again=True)
    assert first != second
    memory.times_of([Sent(second, HANDED_OVER.TYPE)], NOW)
    assert second == put(memory, sampler, request)


def test_sample_that_stands_twice_is_a_fault(memory: Memory, sampler: Person) -> None:
    """Each sample has one form, and both places are named."""
    one = form(report("1"))
    requests = [
        Request(one, REGION, Place(None, "S-1", (row,), f"row {row}", f"row {row}, column 抽样编号")) for row in (2, 9)
    ]
    faults = put_aside(requests, Spool(memory), sampler)
    assert ["row 9, column 抽样编号: sample S-1 stands in row 2 already; it has a form of its own."] == list(
        map(str, faults.first)
    )


def test_faults_of_the_file_and_of_its_rows_are_counted_together(memory: Memory, sampler: Person) -> None:
    """A file that cannot be read further is one fault more, and what was read before is checked all the same."""

    def requests() -> Iterator[Request]:
        yield Request(None, "", Place(name="row 2"), (Fault("row 2", "is wrong."),))
        raise FaultyInputError([Fault("the file", "ends here.")])

    faults = put_aside(requests(), Spool(memory), sampler)
    assert ["row 2: is wrong.", "the file: ends here."] == list(map(str, faults.first))


def test_request_that_is_too_long_is_a_fault(memory: Memory, sampler: Person) -> None:
    """What the bus would not take is said to be too long, before it is sent or remembered."""
    lines = tuple(PlanLine(category="食" * 200, samples=1) for _ in range(1000))
    plan = PlanAdopted(plan_no="P", title="t", kind="annual", starts=NOW.date(), ends=NOW.date(), lines=lines)
    faults = put_aside([Request(plan, REGION)], Spool(memory), sampler)
    (fault,) = faults.first
    assert str(fault).startswith("the whole: is ")
    assert "the exchange takes 256 KiB at once; split it" in fault.text
