"""A sampler recorded a rapid test: keep it apart from all samples, and ask for a laboratory's where it is positive."""

from collections.abc import Sequence
from typing import Any

from services.sampling import rapid_test
from services.sampling.store import rapid_tests
from services.sampling.store.base import digest_of
from shared import receipts
from shared.contracts import RapidTestRecorded, RefusalReason
from shared.heard import Heard, Work


async def answer(tests: Sequence[Heard[RapidTestRecorded]], work: Work) -> None:
    """Take each test; the same once more may add when the unit was told of a positive."""
    for heard in tests:
        test = heard.event
        known = await rapid_tests.find(work.connection, test.test_no)
        told_now = known is not None and test.positive and known.notified_at is None and test.notified_at is not None
        if known is not None and (known.content != _content(test) or not told_now):
            _say_again(heard, work, same=known.content == _content(test) and known.notified_at == test.notified_at)
        elif fault := rapid_test.refusal(test, heard.region, heard.origin.received):
            receipts.turn_down(heard, work, fault)
        else:
            await _take(heard, work, is_new=known is None)


async def _take(heard: Heard[RapidTestRecorded], work: Work, *, is_new: bool) -> None:
    test = heard.event
    if is_new:
        await rapid_tests.keep(work.connection, _row(heard))
    elif test.notified_at:
        await rapid_tests.notify(work.connection, test.test_no, test.notified_at)
    if test.positive:
        work.tell(heard, rapid_test.confirmation(test))
    outcome = "positive, so a laboratory has to test a sample" if test.positive else "negative"
    text = f"Rapid test {test.test_no} is kept: {outcome}. It counts for no plan."
    receipts.accept(heard, work, text, warnings=rapid_test.warnings(test))


def _say_again(heard: Heard[RapidTestRecorded], work: Work, *, same: bool) -> None:
    number = heard.event.test_no
    if same:
        text = f"Rapid test {number} was recorded before with the same content; nothing needs to be done."
        receipts.decline(heard, work, RefusalReason.ALREADY_DONE, "data.test_no", text)
    else:
        text = f"Rapid test {number} was recorded before with other content; give a new test a number of its own."
        receipts.decline(heard, work, RefusalReason.CHANGED, "data.test_no", text)


def _content(test: RapidTestRecorded) -> str:
    return digest_of(test, without={"notified_at"})


def _row(heard: Heard[RapidTestRecorded]) -> dict[str, Any]:
    kept = {
        "test_no", "township", "sampled_unit", "product", "category", "analyte", "positive", "tested_at", "notified_at"
    }  # fmt: skip
    rest = {"event_key": heard.key, "region": heard.region, "content": _content(heard.event)}
    return heard.event.model_dump(include=kept) | rest | {"place_kind": heard.event.place_kind.value}
