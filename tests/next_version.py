"""The program of a next version, made for the tests: it knows two events in a second version beside the first.

In the second version a laboratory must say on which day it came to its conclusion, and a failed sample says by which
edition of the limits it was judged. Handlers hear both and read them as the first; sampling tells the second alone.
``python -m tests.next_version sampling`` runs a service of it alone.
"""

import dataclasses
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest
from faststream.asgi import AsgiFastStream

from shared.contracts import Event, ResultReported, SampleFailed, Verdict
from shared.contracts.catalogue import BY_TYPE, CATALOGUE, SERVICES, Entry, address_of
from shared.contracts.event import Day
from shared.contracts.result import Report
from shared.contracts.sample import SampleJudged
from shared.heard import Handler, Heard, Refused, Work
from shared.metrics import Metrics
from shared.program import run
from shared.service import Service, make_app
from shared.settings import Settings
from tests.running import BUILD


class ResultReportedV2(Report):
    """A laboratory finished its report on one sample, and says on which day it came to its conclusion."""

    TYPE: ClassVar = "lab.result.reported.v2"

    concluded_on: Day

    def sentence(self) -> str:
        return f"Report {self.report_no} on sample {self.sample_no}, concluded on {self.concluded_on}."


class SampleFailedV2(SampleJudged):
    """A determination of a sample breaks its limit in a stated edition."""

    TYPE: ClassVar = "food.sample.failed.v2"

    edition: str

    @property
    def verdict(self) -> Verdict:
        return Verdict.FAIL


SECOND: dict[type[Event], type[Event]] = {ResultReported: ResultReportedV2, SampleFailed: SampleFailedV2}


@contextmanager
def next_version(*, tells: bool = True) -> Iterator[None]:
    """Be of the next version in this process; one that does not tell the second version yet hears it all the same."""
    with pytest.MonkeyPatch.context() as patch:
        for place in ("shared.contracts.catalogue.CATALOGUE", "shared.streams.CATALOGUE"):
            patch.setattr(place, _catalogue())
        for entry in _catalogue():
            patch.setitem(BY_TYPE, entry.type, entry)
        for service in SERVICES:
            patch.setattr(f"services.{service}.app.make_app", _make_app)
        if tells:
            patch.setattr(Work, "tell", _telling_second(Work.tell))
        address_of.cache_clear()
        yield
    address_of.cache_clear()


def _catalogue() -> tuple[Entry, ...]:
    """Each entry, and behind it that of its second version: told and heard by the same, on the same stream."""
    second = {
        entry.event: dataclasses.replace(entry, event=SECOND[entry.event]) for entry in _FIRST if entry.event in SECOND
    }
    return tuple(one for entry in _FIRST for one in (entry, second.get(entry.event)) if one)


_FIRST = CATALOGUE


def _make_app(service: Service, settings: Settings, metrics: Metrics) -> AsgiFastStream:
    handlers = dict(service.handlers)
    handlers |= {SECOND[event]: _read_as(event, answer) for event, answer in handlers.items() if event in SECOND}
    return make_app(dataclasses.replace(service, handlers=handlers), settings, metrics)


def _read_as(first: type[Event], answer: Handler) -> Handler:
    async def answer_second(heard: Sequence[Heard[Any]], work: Work) -> None:
        await answer([dataclasses.replace(one, event=_first(first, one.event)) for one in heard], work)

    return answer_second


def _first(kind: type[Event], second: Event) -> Event:
    return kind.model_validate(second.model_dump(include=set(kind.model_fields)))


def _telling_second(tell: Any) -> Any:
    def tell_second(work: Work, cause: Heard[Any] | Refused, event: Event, **options: str) -> str:
        if isinstance(event, SampleFailed):
            event = SampleFailedV2(**event.model_dump(), edition="2026")
        return str(tell(work, cause, event, **options))

    return tell_second


if __name__ == "__main__":
    with next_version():
        sys.exit(run(sys.argv[1], next(build for name, build in BUILD.items() if name == sys.argv[1]), []))
