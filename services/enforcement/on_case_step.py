"""A step that needs nothing but to be admitted: what officers, police and procuratorate say of a case."""

from services.enforcement.taking import Outcome, Taking, answering
from shared.heard import Work


async def _decide(taking: Taking, work: Work) -> Outcome:
    del taking, work
    return Outcome()


answer = answering(_decide)
