"""The events: one module per aggregate, and the catalogue of who tells and who hears each."""

from shared.contracts.alert import AlertRaised, AlertUpdated, Level
from shared.contracts.case import CaseJoined, CaseOpened, CaseReferred, DeclineReason, ReferralDeclined
from shared.contracts.catalogue import CATALOGUE, Address, Entry, address_of, entry_of, heard_by, told_by
from shared.contracts.clock import ClockApproaching, ClockDue, ClockMissed, Moment
from shared.contracts.event import Event, PartnerEvent, Reason
from shared.contracts.notice import InsurerNotified, NotDueReason, NoticeNotDue
from shared.contracts.policy import PolicyBound, PolicyRejected
from shared.contracts.result import (
    Determination,
    Receipt,
    RejectionReason,
    ResultRejected,
    ResultReported,
    ResultsAccepted,
)
from shared.contracts.sample import (
    Finding,
    Hazard,
    JudgementReason,
    LimitSource,
    SampleFailed,
    SampleJudged,
    SamplePassed,
    SampleUnclear,
    Verdict,
)

__all__ = [
    "CATALOGUE",
    "Address",
    "AlertRaised",
    "AlertUpdated",
    "CaseJoined",
    "CaseOpened",
    "CaseReferred",
    "ClockApproaching",
    "ClockDue",
    "ClockMissed",
    "DeclineReason",
    "Determination",
    "Entry",
    "Event",
    "Finding",
    "Hazard",
    "InsurerNotified",
    "JudgementReason",
    "Level",
    "LimitSource",
    "Moment",
    "NotDueReason",
    "NoticeNotDue",
    "PartnerEvent",
    "PolicyBound",
    "PolicyRejected",
    "Reason",
    "Receipt",
    "ReferralDeclined",
    "RejectionReason",
    "ResultRejected",
    "ResultReported",
    "ResultsAccepted",
    "SampleFailed",
    "SampleJudged",
    "SamplePassed",
    "SampleUnclear",
    "Verdict",
    "address_of",
    "entry_of",
    "heard_by",
    "told_by",
]
