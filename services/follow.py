"""Following one sample: its path so far, and then each event about it as soon as the bus has stored it.

The path comes from the services' databases or, where these are not at hand, from the record on the bus. What follows is
asked for message by message, twice a second: so nothing is made on the bus, any number of people may follow, and after
an outage the following goes on where it was. Reading in bulk would be faster for one; but the operator may have one
consumer on a stream, and two who follow would take it from each other again and again. What is told of the sample's
case belongs to it; what is told of another sample of the same case does not.
"""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.api import RawStreamMsg
from nats.js.errors import Error as JetStreamError
from nats.js.errors import NotFoundError

from services.bus_address import at_hand, silence
from services.clocks_listed import instant
from services.trace import Step, mentions, step_of, trace
from shared.connection import connect
from shared.ending import stop_if_told
from shared.envelope import Envelope, MalformedError, open_envelope
from shared.failure import CannotStartError
from shared.permissions import OPERATOR
from shared.record import read_record
from shared.settings import Settings

STREAMS = ("CASES", "FOOD", "NOTICES", "RECEIPTS", "PARTNERS", "DEAD")
"""Cases first: which one the sample has is learned there."""
AWAY = (NatsError, JetStreamError, TimeoutError, OSError)
PATIENCE = 5.0
"""Seconds in which the bus must let the operator in at the start."""
PAUSE = 0.5
AT_ONCE = 50
"""Messages asked for at the same time; with more the server is slower."""

Say = Callable[[str], None]


async def follow(settings: Settings, sample_no: str, show: Callable[[Step], None], say: Say) -> None:
    """Show the path of a sample and then what is told of it, for ever; ``say`` takes what is no step of it."""
    settings = at_hand(settings)
    about = _Sample(sample_no)
    async with _bus(settings, say) as client:
        try:
            places = await _ends(client)
            so_far = await _so_far(settings, client, about, say)
        except NotFoundError as error:
            message = "The bus has not the exchange's streams; `python -m services.provision streams` makes them."
            raise CannotStartError(message) from error
        except AWAY as error:
            raise CannotStartError(silence(settings)) from error
        for step in about.unseen(so_far):
            show(step)
        known = "Following" if about.seen else "Nothing is known yet of"
        say(f"{known} sample {sample_no}; Ctrl-C ends.")
        while True:
            with suppress(*AWAY):
                ends = await _ends(client)
                steps = [step async for step in _told(client, places, ends, about)]
                places = ends
                for step in about.unseen(sorted(steps, key=lambda step: step.time)):
                    show(step)
            stop_if_told()
            await asyncio.sleep(PAUSE)


@dataclass(frozen=True, slots=True)
class _Stored:
    """A message as a stream has it."""

    stream: str
    subject: str
    payload: bytes
    headers: dict[str, str]
    time: datetime


class _Sample:
    """What belongs to the sample, as far as it is known."""

    def __init__(self, sample_no: str) -> None:
        self.number = sample_no
        self._cases: set[str] = set()
        self.seen: set[str] = set()

    def learn(self, step: Step) -> None:
        """Remember the case of a step."""
        self._cases |= {step.case_no} - {""}

    def unseen(self, steps: Iterable[Step]) -> list[Step]:
        """The steps that were not shown yet."""
        new = []
        for step in steps:
            self.learn(step)
            if not step.key or step.key not in self.seen:
                self.seen.add(step.key)
                new.append(step)
        return new

    def step(self, stored: _Stored) -> Step | None:
        """A message as a step of the sample's path; none if it is about something else."""
        names = (self.number, *self._cases)
        if not any(mentions(stored.payload, name) for name in names):
            return None
        is_dead = stored.stream == "DEAD"
        subject = stored.headers.get("Shian-Subject", "") if is_dead else stored.subject
        try:
            _, envelope = open_envelope(subject, stored.payload)
        except MalformedError as fault:
            step = Step(stored.time, ".".join(subject.split(".")[:2]), f"This is no event: {fault.explanation}")
        else:
            if not self._concerns(envelope):
                return None
            step = step_of(envelope, stored.time)
        if not is_dead:
            return step
        text = f"A dead letter ({stored.headers.get('Shian-Reason')}), see `shian dead list`: {step.sentence}"
        return Step(stored.time, stored.headers.get("Shian-Service", ""), text)

    def _concerns(self, envelope: Envelope[Any]) -> bool:
        event = envelope.data
        of_samples = {event.trace, event.about, getattr(event, "sample_no", None)}
        of_samples |= {getattr(receipt, "sample_no", None) for receipt in getattr(event, "receipts", ())}
        if self.number in of_samples:
            return True
        return not hasattr(event, "sample_no") and bool({event.about, getattr(event, "case_no", None)} & self._cases)


async def _so_far(settings: Settings, client: Client, about: _Sample, say: Say) -> list[Step]:
    try:
        return await trace(settings, about.number)
    except CannotStartError as error:
        say(f"{error} Until then the record on the bus is read instead, which takes its time where it is long.")
    steps = []
    for stream in STREAMS:
        async for message in read_record(client, stream, name=OPERATOR):
            stored = _Stored(stream, message.subject, message.data, message.headers or {}, message.metadata.timestamp)
            if step := about.step(stored):
                about.learn(step)
                steps.append(step)
    return sorted(steps, key=lambda step: step.time)


async def _ends(client: Client) -> dict[str, int]:
    """The last place of each stream."""
    jetstream = client.jetstream(timeout=PATIENCE)
    return {stream: (await jetstream.stream_info(stream)).state.last_seq for stream in STREAMS}


async def _told(client: Client, places: dict[str, int], ends: dict[str, int], about: _Sample) -> AsyncIterator[Step]:
    """What stands between these places about the sample."""
    for stream in STREAMS:
        # a stream that was made anew begins from its beginning
        first = places[stream] + 1 if ends[stream] >= places[stream] else 1
        for start in range(first, ends[stream] + 1, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, ends[stream] + 1))
            for message in await asyncio.gather(*(_message(client, stream, number) for number in numbers)):
                if message and (step := about.step(message)):
                    about.learn(step)
                    yield step


async def _message(client: Client, stream: str, number: int) -> _Stored | None:
    """One message; none where it is gone."""
    request = json.dumps({"seq": number}).encode()
    answer = await client.request(f"$JS.API.STREAM.MSG.GET.{stream}", request, timeout=PATIENCE)
    # the client library would fail on a subject that is no text
    document = json.loads(answer.data.decode(errors="backslashreplace"))
    if "message" not in document:
        return None
    said = document["message"]
    lines = base64.b64decode(said.get("hdrs", "")).decode(errors="backslashreplace").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines if ": " in line)
    stored = RawStreamMsg._parse_utc_iso(said["time"])  # noqa: SLF001 - it knows the bus's nanoseconds
    return _Stored(stream, said["subject"], base64.b64decode(said.get("data", "")), headers, stored)


@asynccontextmanager
async def _bus(settings: Settings, say: Say) -> AsyncIterator[Client]:
    """The operator's connection, which outlives outages; raises CannotStartError where it is not let in."""
    away_since = 0.0
    last: list[Exception] = []

    async def lost() -> None:
        nonlocal away_since
        if not client.is_closed:
            away_since = time.monotonic()
            say(f"The bus is away since {instant(datetime.now(UTC))}; waiting.")

    async def back() -> None:
        say(f"The bus is back after {time.monotonic() - away_since:.0f} s.")

    async def note(error: Exception) -> None:
        last.append(error)

    options: dict[str, Any] = {"disconnected_cb": lost, "reconnected_cb": back, "error_cb": note}
    try:
        async with asyncio.timeout(PATIENCE):
            client = await connect(settings, OPERATOR, max_reconnect_attempts=1, reconnect_time_wait=PAUSE, **options)
    except AWAY as error:
        if any("authorization" in str(one).lower() for one in last):
            message = f"The bus at {settings.nats_url} does not let in the operator whose key lies in "
            message += f"{settings.keys_folder}: set SHIAN_KEYS_FOLDER to the folder of its keys."
            raise CannotStartError(message) from error
        raise CannotStartError(silence(settings)) from error
    client.options["max_reconnect_attempts"] = -1  # it was there; from now on it may be away for as long as it likes
    try:
        yield client
    finally:
        with suppress(*AWAY):
            await client.close()
