"""Commands from tables: what is given becomes the event, and every fault names the option that it is in."""

import inspect
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from partners.office import (
    case,
    clock,
    credit,
    evidence,
    failure,
    laboratory,
    plan,
    rapid_test,
    report,
    review,
    sample,
)
from partners.office.command import Given, event_from
from partners.office.digest import digest_of
from partners.tables.faults import FaultyInputError
from shared.contracts import (
    NoticeServed,
    RapidTestRecorded,
    ReinspectionReported,
    SampleHandedOver,
    SampleReceived,
    SampleRefused,
)
from shared.contracts.catalogue import told_by

TAKES = (
    Given("sample_no", "SAMPLE", ""),
    Given("to", "--to", ""),
    Given("seal_no", "--seal", ""),
    Given("seal_intact", "--broken", "", flag=False),
    Given("temperature", "--temperature", ""),
    Given("handed_at", "--at", "", is_now=True),
)
SAID: dict[str, Any] = {
    "sample_no": "S-1",
    "to": "lab.L0142",
    "seal_no": "F-1",
    "seal_intact": False,
    "temperature": "-18.5",
    "handed_at": "2026年3月1日 9:30",
}


@pytest.fixture
def rapid_test_given() -> dict[str, Any]:
    """A positive rapid test as a sampler types it, without any time."""
    said = ("Q-1", "阳性", "腐霉利", "韭菜", "食用农产品", "V0001", "农贸市场", "210283104", "", "", "")
    return dict(zip((one.field for one in rapid_test.TAKES), said, strict=True))


def test_what_is_given_becomes_the_event() -> None:
    """Options are read as the cells of a form are; a flag that is not given holds the contrary."""
    assert SampleHandedOver(
        sample_no="S-1",
        to="lab.L0142",
        seal_no="F-1",
        seal_intact=True,
        temperature=Decimal("-18.5"),
        handed_at=datetime(2026, 3, 1, 1, 30, tzinfo=UTC),
    ) == event_from(SampleHandedOver, TAKES, SAID)
    assert not event_from(SampleHandedOver, TAKES, SAID | {"seal_intact": True}).seal_intact


def test_present_moment_stands_where_none_is_given() -> None:
    """What just happened needs no time."""
    before = datetime.now(UTC)
    said = event_from(SampleHandedOver, TAKES, SAID | {"handed_at": ""})
    assert before <= said.handed_at <= datetime.now(UTC)


def test_every_fault_is_named_with_its_option() -> None:
    """All that is wrong is listed at once, each with the word on the command line."""
    with pytest.raises(FaultyInputError) as caught:
        event_from(SampleHandedOver, TAKES, SAID | {"sample_no": "鱼", "seal_no": "", "handed_at": "2026-03-01"})
    assert ["--at", "SAMPLE", "--seal"] == [fault.where for fault in caught.value.faults]
    with pytest.raises(FaultyInputError, match=r"^--at: the time of day is missing; write it as 2026-11-24 09:30\.$"):
        event_from(SampleHandedOver, TAKES, SAID | {"handed_at": "2026-03-01"})


def test_time_of_telling_needs_the_time_of_the_test(rapid_test_given: dict[str, Any]) -> None:
    """Who says when the unit was told says when the test was made: left out it is now, which is later."""
    with pytest.raises(FaultyInputError) as caught:
        event_from(RapidTestRecorded, rapid_test.TAKES, rapid_test_given | {"notified_at": "2026-03-01 10:20"})
    assert ["--at: has to be given with --told-at: left out it means now, which is later."] == list(
        map(str, caught.value.faults)
    )
    both = rapid_test_given | {"notified_at": "2026-03-01 10:20", "tested_at": "2026-03-01 10:00"}
    test = event_from(RapidTestRecorded, rapid_test.TAKES, both)
    assert test.notified_at
    assert timedelta(minutes=20) == test.notified_at - test.tested_at
    assert event_from(RapidTestRecorded, rapid_test.TAKES, rapid_test_given).notified_at is None


def test_document_is_told_by_its_digest(tmp_path: Path) -> None:
    """The event carries the SHA-256 of the file that was served; a missing file is a fault of the option."""
    path = tmp_path / "notice.html"
    path.write_bytes(b"abc")
    takes = (
        Given("sample_no", "SAMPLE", ""),
        Given("to", "--to", ""),
        Given("served_on", "--on", ""),
        Given("document", "--document", "", read=digest_of),
    )
    said = {"sample_no": "S-1", "to": "operator", "served_on": "2026/3/1", "document": str(path)}
    notice = event_from(NoticeServed, takes, said)
    assert date(2026, 3, 1) == notice.served_on
    assert "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" == notice.document
    assert "" == event_from(NoticeServed, takes, said | {"document": ""}).document
    with pytest.raises(FaultyInputError, match=r"--document: .*none\.html cannot be read"):
        event_from(NoticeServed, takes, said | {"document": str(tmp_path / "none.html")})


def test_every_command_says_who_where_and_how_long() -> None:
    """Each command takes the person, the patience and --again; a region where the event does not tell it."""
    modules = (case, clock, credit, evidence, failure, laboratory, plan, rapid_test, report, review, sample)
    written_out = (sample.collect, evidence.add, report.submit)
    commands = [
        (name, inspect.signature(value).parameters)
        for module in modules
        for name, value in vars(module).items()
        if inspect.isfunction(value) and (value.__name__ == "run" or value in written_out)
    ]
    of_laboratories = (SampleReceived, SampleRefused, ReinspectionReported)
    assert sum(len(told_by(kind)) for kind in ("sampler", "officer", "head")) + len(of_laboratories) == len(commands)
    for name, parameters in commands:
        assert {"user", "wait", "again"} <= parameters.keys()
        assert ("region" in parameters) == (name not in ("collect", "record")), name
