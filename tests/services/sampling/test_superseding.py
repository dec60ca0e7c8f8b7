"""Which reports a laboratory may correct or withdraw."""

from types import SimpleNamespace

import pytest

from services.sampling.superseding import refusal
from shared.contracts import RejectionReason


def known(state: str, sample_no: str = "S-1") -> SimpleNamespace:
    """A report that was taken."""
    return SimpleNamespace(state=state, sample_no=sample_no, superseded_by="R-2")


@pytest.mark.parametrize("state", ["standing", "waiting"])
def test_report_that_stands_or_waits_may_be_corrected(state: str) -> None:
    """A report on that sample that stands or waits is the laboratory's to correct."""
    assert refusal(known(state), "R-1", "S-1", "L0142", field="corrects", is_upheld=False) is None


@pytest.mark.parametrize(
    ("row", "reason", "where", "words"),
    [
        (None, RejectionReason.NOT_REPORTED, "data.corrects", "reported no R-1"),
        (known("standing", "S-9"), RejectionReason.NOT_REPORTED, "data.sample_no", "on sample S-9"),
        (known("superseded"), RejectionReason.CHANGED, "data.corrects", "corrected before by R-2"),
        (known("withdrawn"), RejectionReason.CHANGED, "data.corrects", "was withdrawn"),
        (known("overturned"), RejectionReason.CHANGED, "data.corrects", "was overturned"),
    ],
)
def test_report_that_does_not_stand_may_not(
    row: SimpleNamespace | None, reason: RejectionReason, where: str, words: str
) -> None:
    """An unknown report, one on another sample, and one that no longer stands are refused with what became of it."""
    found = refusal(row, "R-1", "S-1", "L0142", field="corrects", is_upheld=False)
    assert found is not None
    assert (reason, where) == (found.reason, found.where)
    assert words in found.explanation


def test_failure_that_a_reinspection_upheld_is_final() -> None:
    """The laboratory cannot take back what another one confirmed."""
    found = refusal(known("standing"), "R-1", "S-1", "L0142", field="report_no", is_upheld=True)
    assert found is not None
    assert (RejectionReason.CHANGED, "data.report_no") == (found.reason, found.where)
    assert "upheld" in found.explanation
