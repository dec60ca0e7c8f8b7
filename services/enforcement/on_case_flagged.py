"""A case is flagged as major, or put under joint supervision (联合督办)."""

from collections.abc import Sequence

from services.enforcement.taking import Outcome, admit, take
from shared.contracts import JointSupervision, MajorCaseFlagged
from shared.heard import Heard, Work

MAJOR, JOINT = "major", "joint"


async def answer(flags: Sequence[Heard[MajorCaseFlagged | JointSupervision]], work: Work) -> None:
    """Take each, or say why it cannot be taken; joint supervision stays."""
    for heard in flags:
        taking = await admit(heard, work)
        if taking is None:
            continue
        is_joint = isinstance(heard.event, JointSupervision) or taking.case.supervision == JOINT
        await take(taking, work, Outcome({"supervision": JOINT if is_joint else MAJOR}))
