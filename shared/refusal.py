"""Why a request of a person or an organisation is not done; a report has rejections of its own."""

from dataclasses import dataclass

from shared.contracts import RefusalReason


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not done, in which field, and what to do."""

    reason: RefusalReason
    where: str
    explanation: str
