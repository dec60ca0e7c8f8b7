"""Why a request of an officer, a sampler or a laboratory is not done; a report has rejections of its own."""

from dataclasses import dataclass

from shared.contracts import RefusalReason


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not done, in which field, and what to do."""

    reason: RefusalReason
    where: str
    explanation: str
