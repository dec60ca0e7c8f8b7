"""A case is flagged as major, or put under joint supervision (联合督办), which stays."""

from services.enforcement.taking import Outcome, Taking, answering
from shared.contracts import JointSupervision
from shared.heard import Work

MAJOR, JOINT = "major", "joint"


async def _decide(taking: Taking, work: Work) -> Outcome:
    del work
    is_joint = isinstance(taking.said, JointSupervision) or taking.case.supervision == JOINT
    return Outcome({"supervision": JOINT if is_joint else MAJOR})


answer = answering(_decide)
