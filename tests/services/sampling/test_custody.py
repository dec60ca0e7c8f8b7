"""A step of a sample's way: what cannot be kept, and what someone should look at."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from services.sampling.custody import refusal, row_of, seal_warnings
from services.sampling.form_check import CLOCKS_APART
from shared.contracts import CustodyRecorded, RefusalReason

TAKEN = datetime(2026, 2, 24, 1, 30, tzinfo=UTC)
RECEIVED = TAKEN + timedelta(days=1)
SAMPLE = SimpleNamespace(sampled_at=TAKEN, state="collected", laboratory=None)
REFUSED = SimpleNamespace(sampled_at=TAKEN, state="refused", laboratory="L0142")


@pytest.mark.parametrize("at", [TAKEN, RECEIVED, RECEIVED + CLOCKS_APART])
def test_step_in_order_is_kept(at: datetime) -> None:
    """A step between the taking and the arrival of its event is kept."""
    assert refusal("S-1", SAMPLE, at, RECEIVED, "handed_at") is None


@pytest.mark.parametrize(
    ("sample", "at", "reason", "where"),
    [
        (None, TAKEN, RefusalReason.UNKNOWN_SAMPLE, "data.sample_no"),
        (SAMPLE, TAKEN - timedelta(seconds=1), RefusalReason.WRONG_DATES, "data.handed_at"),
        (SAMPLE, RECEIVED + CLOCKS_APART * 2, RefusalReason.WRONG_DATES, "data.handed_at"),
        (REFUSED, TAKEN, RefusalReason.WRONG_STATE, "data.sample_no"),
    ],
)
def test_step_that_cannot_be_is_declined(
    sample: SimpleNamespace | None, at: datetime, reason: RefusalReason, where: str
) -> None:
    """An unknown or refused sample, and a time before the taking or after now, are declined by their field."""
    found = refusal("S-1", sample, at, RECEIVED, "handed_at")
    assert found is not None
    assert (reason, where) == (found.reason, found.where)


def test_seal_is_compared_with_the_form() -> None:
    """Another seal than the form's warns, and a broken one warns too."""
    assert seal_warnings("F-1", "F-1") == ()
    assert [warning.rule for warning in seal_warnings("F-2", "F-1", intact=False)] == ["seal_differs", "seal_broken"]


def test_row_holds_what_was_told() -> None:
    """A step is kept as it was told, its temperature as text."""
    step = CustodyRecorded(sample_no="S-1", step="refused", by="lab.L0142", to="lab.L0142", at=TAKEN, text="torn")
    assert row_of(step, "k") == {
        "event_key": "k",
        "step": "refused",
        "told_by": "lab.L0142",
        "holder": "lab.L0142",
        "at": TAKEN,
        "seal_no": "",
        "seal_intact": None,
        "temperature": "",
        "text": "torn",
    }
