"""The exchange's receipt for what a person or a laboratory asked of it, other than a report."""

from enum import StrEnum
from typing import ClassVar

from shared.contracts.event import Event, Reason
from shared.contracts.result import RejectionReason


class RequestTold(Event):
    """What every receipt says."""

    party: str
    """Who asked: a kind and an id, such as sampler.S01."""
    event_id: str
    request: str
    """The type of what was asked, such as sampler.sample.collected.v1; empty where it could not be read."""
    number: str = ""
    """Of the sample, plan, round or clock that it is about."""

    @property
    def about(self) -> str:
        return self.number or self.event_id or self.party

    @property
    def trace(self) -> str:
        return self.about


class RequestAccepted(RequestTold):
    """The exchange did what was asked; warnings say what a person should look at all the same."""

    TYPE: ClassVar = "receipt.request.accepted.v1"

    text: str
    """What was done, in one sentence."""
    warnings: tuple[Reason, ...] = ()

    def sentence(self) -> str:
        warned = "".join(f" Warning: {warning.text}" for warning in self.warnings)
        return f"To {self.party}: {self.text}{warned}"


class RefusalReason(StrEnum):
    """Why the exchange did not do what was asked, beyond a message that cannot be read: the closed list."""

    UNKNOWN_SAMPLE = "unknown_sample"
    UNKNOWN_REPORT = "unknown_report"
    UNKNOWN_PLAN = "unknown_plan"
    UNKNOWN_CLOCK = "unknown_clock"
    UNKNOWN_REINSPECTION = "unknown_reinspection"
    UNKNOWN_OBJECTION = "unknown_objection"
    UNKNOWN_CASE = "unknown_case"
    ALREADY_DONE = "already_done"
    CHANGED = "changed"
    NOT_YOURS = "not_yours"
    WRONG_STATE = "wrong_state"
    WRONG_DATES = "wrong_dates"
    WRONG_AMOUNTS = "wrong_amounts"
    WRONG_PLACE = "wrong_place"
    BARRED = "barred"
    """The law does not allow it; the explanation names the article."""
    NO_LABORATORY = "no_laboratory"
    STALE = "stale"
    """The case took another step since it was looked at."""
    SAME_PERSON = "same_person"
    INCOMPLETE = "incomplete"
    """The dossier lacks something, or something in it is not as its hash says."""


class RequestRefused(RequestTold):
    """The exchange did not do what was asked; the receipt says why, where, and what to do. Nothing was changed."""

    TYPE: ClassVar = "receipt.request.refused.v1"

    reason: RefusalReason | RejectionReason
    where: str
    """The field, as a path such as ``data.samplers``, or the subject."""
    explanation: str

    def sentence(self) -> str:
        about = self.number or f"message {self.event_id or '(no id)'}"
        return f"To {self.party}: {self.request or 'message'} on {about} refused ({self.reason}): {self.explanation}"
