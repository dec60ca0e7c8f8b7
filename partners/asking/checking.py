"""The first reading: every request is checked and put aside; the first faults are kept and all are counted."""

from collections.abc import Callable, Iterable

from partners.asking.request import Place, Request, event_id_of
from partners.asking.spool import Spool
from partners.person import Person
from partners.tables.faults import Fault, Faults, FaultyInputError
from shared.streams import LARGEST_PARTNER_MESSAGE

_ENVELOPE = 4096
"""Bytes that an event may need beside its content."""
_STEP = 500


def put_aside(
    requests: Iterable[Request],
    spool: Spool,
    person: Person,
    *,
    again: bool = False,
    on_row: Callable[[int], None] = lambda _: None,
) -> Faults:
    """Put what is asked into the spool, as this person; nothing may be sent where faults were found.

    ``again`` asks once more what was refused; ``on_row`` is called now and then with the number of the row.
    """
    faults = Faults()
    seed = person.settings.seed_of(person.user)
    try:
        for count, request in enumerate(requests, start=1):
            faults.blame(*request.faults)
            event_id, content = "", ""
            if request.event is not None:
                content = request.event.model_dump_json()
                faults.blame(*_too_long(content, request.place.name))
                event_id = spool.attempt(_ids(person.user, seed, request, content), again=again)
            if before := spool.add(event_id, request, content):
                faults.blame(_twice(request.place, before))
            if count % _STEP == 0 and request.place.numbers:
                on_row(request.place.numbers[-1])
    except FaultyInputError as error:
        faults.blame(*error.faults)
    return faults


def _ids(user: str, seed: str, request: Request, content: str) -> Callable[[int], str]:
    event = request.event
    asked = event.model_dump_json(exclude=set(request.but_for)) if event and request.but_for else content

    def id_of(attempt: int) -> str:
        return event_id_of(user, seed, request, asked, attempt)

    return id_of


def _twice(place: Place, before: str) -> Fault:
    number = f"sample {place.sample_no}" + (f" or report {place.report_no}" if place.report_no else "")
    text = f"{number} stands in {before} already; "
    text += (
        "the rows of one sample stand together, under one report." if place.report_no else "it has a form of its own."
    )
    return Fault(place.of_number or place.name, text)


def _too_long(content: str, name: str) -> list[Fault]:
    length = len(content.encode()) + _ENVELOPE
    if length <= LARGEST_PARTNER_MESSAGE:
        return []
    text = (
        f"is {length // 1024} KiB long, and the exchange takes {LARGEST_PARTNER_MESSAGE // 1024} KiB at once; split "
        "it, or shorten its texts."
    )
    return [Fault(name or "the whole", text)]
