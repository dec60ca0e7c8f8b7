"""A laboratory reported: check the report at the door, judge it, tell the outcome and give the laboratory a receipt."""

from collections.abc import Sequence

from services.sampling.reporting import Desk, reject
from shared.contracts import ResultReported
from shared.heard import Handler, Heard, Work


def handler(desk: Desk) -> Handler:
    """The answer to reports."""

    async def answer(reported: Sequence[Heard[ResultReported]], work: Work) -> None:
        door = await desk.open(reported, work)
        for heard in reported:
            if refused := desk.refusal(heard, door):
                reject(heard, heard.event, refused, work)
            else:
                desk.take(heard, door, work)
        await desk.close(door, work)
        await desk.count(reported[-1], {row["sample_no"] for row in door.rows}, work)

    return answer
