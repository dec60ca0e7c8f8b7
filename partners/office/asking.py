"""Asking the exchange for something as one person, and waiting for its answer.

The event id follows from the person's key and from what is asked, so that asking again is the same request: nobody
else can guess the id, and the exchange does everything once. The bus keeps a request while the exchange is away, and
its answer while the person is; so a command that waited in vain is simply run again. A refusal changed nothing, and
what was in its way may be mended: what was refused can be asked once more, as another attempt with an id of its own.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import ValidationError

from partners.office.exchange import connected
from partners.office.memory import Asked, Memory, Receipt
from partners.person import Person
from shared.contracts import PartnerEvent, RequestRefused, entry_of
from shared.envelope import seal, source_of
from shared.failure import CannotStartError
from shared.streams import LARGEST_PARTNER_MESSAGE


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: the event, for a region; ``but_for`` names fields that were filled in for the person."""

    event: PartnerEvent
    region: str
    but_for: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a request; ``receipt`` is none while the exchange has not answered."""

    request: Request
    asked: Asked
    receipt: Receipt | None
    is_repeated: bool
    """Whether it was asked before, so that ``asked`` is the first time."""


def event_id_of(person: Person, request: Request, attempt: int = 0) -> str:
    """The id that follows from the person's key, what they ask, and how often it was refused before."""
    content = request.event.model_dump_json(exclude=set(request.but_for))
    key = person.settings.seed_of(person.user).encode()
    parts = f"{person.user}\x1f{request.event.TYPE}\x1f{request.region}\x1f{content}"
    if attempt:
        parts = f"{parts}\x1f{attempt}"
    return hashlib.blake2b(parts.encode(), key=key, digest_size=16).hexdigest()


async def ask(person: Person, requests: Sequence[Request], wait: float, *, again: bool = False) -> list[Answer]:
    """Send what was not sent before, and wait for the answers, at most so many seconds.

    ``again`` asks once more what was refused. Raises OutOfReachError where the exchange cannot be reached, and
    CannotStartError where it does not let the person say this.
    """
    memory = Memory(person.settings.keys_folder.parent / "asked" / f"{person.user}.jsonl")
    memory.refresh()
    ids = [_id_of(person, memory, request, again=again) for request in requests]
    repeated = memory.asked.keys() & set(ids)
    if unanswered := [(id_, one) for id_, one in zip(ids, requests, strict=True) if id_ not in memory.answers]:
        async with connected(person) as exchange:
            for id_, request in unanswered:
                await exchange.publish(_kept(person, memory, id_, request))
            await exchange.receive({id_ for id_, _ in unanswered}, memory, wait)
    return [
        Answer(request, memory.asked[id_], memory.answers.get(id_), id_ in repeated)
        for id_, request in zip(ids, requests, strict=True)
    ]


def _id_of(person: Person, memory: Memory, request: Request, *, again: bool) -> str:
    """The id of the last attempt, or of the next one where that was refused and is to be asked again."""
    attempt = 0
    while event_id_of(person, request, attempt + 1) in memory.asked:
        attempt += 1
    last = event_id_of(person, request, attempt)
    is_refused = isinstance(memory.answers.get(last), RequestRefused)
    return event_id_of(person, request, attempt + 1) if again and is_refused else last


def _kept(person: Person, memory: Memory, id_: str, request: Request) -> Asked:
    """The request as it goes out: as it went the first time, or sealed now and kept."""
    if known := memory.asked.get(id_):
        return known
    now = datetime.now(UTC)
    try:
        payload = seal(request.event, source=source_of(person.teller), event_id=id_, time=now, region=request.region)
    except ValidationError as error:
        message = f"{request.region} is no region; write province.city.county, such as 21.02.83."
        raise CannotStartError(message) from error
    if len(payload) > LARGEST_PARTNER_MESSAGE:
        message = (
            f"This is {len(payload) // 1024} KiB long, and the exchange takes {LARGEST_PARTNER_MESSAGE // 1024} KiB at "
            "once. It was not sent; send it in parts."
        )
        raise CannotStartError(message)
    subject = entry_of(type(request.event)).subject(request.region, person.id)
    asked = Asked(id_, subject, payload.decode(), now, request.event.sentence())
    memory.keep_request(asked)
    return asked
