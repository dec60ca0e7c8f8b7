"""A step that needs nothing but to be admitted: what officers, police and procuratorate say of a case."""

from collections.abc import Sequence

from services.enforcement.taking import admit, take
from shared.contracts import CaseStep
from shared.heard import Heard, Work


async def answer(said: Sequence[Heard[CaseStep]], work: Work) -> None:
    """Take each step, or say why it cannot be taken."""
    for heard in said:
        if taking := await admit(heard, work):
            await take(taking, work)
