"""The catalogue: every event with its stream, its producer and its consumers.

Subjects, streams, permissions, golden files, the reference documentation and the picture of the path are made from it.
An event's NATS subject is its type with the region behind it (``food.sample.failed.v1.21.02.83``). Where the event is
spoken by or addressed to one party, the party stands behind the first token (``lab.L0142.result.reported.v1.21.02.83``,
``receipt.lab.L0142.result.rejected.v1.21.02.83``), so that the server's permissions can be stated as a prefix.
"""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from shared.contracts.alert import AlertCancelled, AlertRaised, AlertUpdated
from shared.contracts.bulletin import BulletinIssued, BulletinPublished
from shared.contracts.case import (
    CaseJoined,
    CaseOpened,
    CaseReferred,
    CaseWithdrawn,
    ReferralDeclined,
    ReferralWithdrawn,
    SampleLeftCase,
)
from shared.contracts.case_answer import (
    CaseJudged,
    CaseProsecuted,
    FilingOrdered,
    JointSupervision,
    OpinionIssued,
    PoliceDeclined,
    PoliceExplained,
    PoliceFiled,
    PoliceReceived,
    PoliceRedirected,
    PoliceReturned,
    PoliceTookLonger,
    PoliceUpheld,
    ProcuratorateReturned,
    ReasonsAccepted,
    ReasonsDemanded,
)
from shared.contracts.case_clock import CaseClockApproaching, CaseClockCorrected, CaseClockMissed, CaseClockRevised
from shared.contracts.case_moved import CaseMoved, CaseTransferred, TransferMoved, TransferRefused
from shared.contracts.case_work import (
    CaseClosed,
    CaseFacts,
    EvidenceAdded,
    GoodsHandedOver,
    HeadApproved,
    HeadRefused,
    ReconsiderationRequested,
    ReportSigned,
    ReportSubmitted,
    ReportWithdrawn,
    SupervisionSuggested,
    TransferSent,
)
from shared.contracts.clock import ClockApproaching, ClockCorrected, ClockDue, ClockMissed, ClockRevised
from shared.contracts.credit import ListingDecided, OperatorListed, OperatorRelisted, RepairGranted
from shared.contracts.event import Event
from shared.contracts.failure_notice import FailureNotified, NoticeServed
from shared.contracts.form import (
    CustodyRecorded,
    ReplacementRequired,
    SampleCollected,
    SampleHandedOver,
    SampleReceived,
    SampleRefused,
    SampleRegistered,
)
from shared.contracts.laboratory import (
    LaboratoryAccredited,
    LaboratoryFlagged,
    ProficiencyEvaluated,
    ProficiencyRoundClosed,
)
from shared.contracts.notice import InsurerNotified, NoticeNotDue, NoticeRetracted
from shared.contracts.objection import ObjectionClosed, ObjectionDecided, ObjectionFiled, ObjectionOpened
from shared.contracts.officer import DisposalClosed, ResultSettled
from shared.contracts.penalty import GoodsReleased, GoodsSeized, MajorCaseFlagged, PenaltyDecided, PenaltyPublished
from shared.contracts.plan import ConfirmationRequired, PlanAdopted, PlanProgressed, PlanPublished, RapidTestRecorded
from shared.contracts.policy import PolicyBound, PolicyRejected
from shared.contracts.receipt import RequestAccepted, RequestRefused
from shared.contracts.reinspection import (
    ReinspectionAccepted,
    ReinspectionAssigned,
    ReinspectionConcluded,
    ReinspectionRefused,
    ReinspectionReported,
    ReinspectionRequested,
    ReinspectionSettled,
)
from shared.contracts.reinspection_ended import ReinspectionCalledOff, ReinspectionEnded, ReinspectionRecalled
from shared.contracts.result import ResultCorrected, ResultRejected, ResultReported, ResultsAccepted, ResultWithdrawn
from shared.contracts.sample import (
    ResultWaiting,
    SampleFailed,
    SampleOverturned,
    SamplePassed,
    SampleUnclear,
    VerdictDisagreed,
)

StreamName = Literal["PARTNERS", "FOOD", "CASES", "NOTICES", "RECEIPTS", "WORK"]
ServiceName = Literal["sampling", "alerts", "enforcement", "insurance"]
PartnerKind = Literal["lab", "insurer", "police", "procuratorate", "sampler", "officer", "head"]
"""Organisations outside, and the agency's own people: each person speaks with a key of their own."""

SERVICES: tuple[ServiceName, ...] = ("sampling", "alerts", "enforcement", "insurance")
PARTY_PATTERN = r"[A-Z0-9-]{2,32}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One event in the catalogue."""

    event: type[Event]
    stream: StreamName
    producers: tuple[str, ...]
    """Services, or the one kind of partner that says it."""
    consumers: tuple[str, ...]
    """Services and kinds of partner that hear it; empty where only operators read it."""
    party: Literal["", "one", "kind and one"] = ""
    """Tokens behind the first one: none, an organisation's id, or a partner's kind and id."""

    @property
    def type(self) -> str:
        return self.event.TYPE

    def subject(self, region: str, party: str = "") -> str:
        """The NATS subject of one event: ``region`` as 21.02.83, ``party`` as L0142 or lab.L0142 where addressed."""
        return f"{_with_party(self.type, party)}.{region}"

    def pattern(self, party: str = "", region: str = "*.*.*") -> str:
        """The NATS wildcard for all of these events, of one party and region where they are given."""
        wild = {"": "", "one": "*", "kind and one": "*.*"}[self.party]
        return _with_party(self.type, party or wild) + "." + region


@functools.lru_cache(maxsize=10_000)
def _with_party(type_: str, party: str) -> str:
    first, rest = type_.split(".", 1)
    return f"{first}.{party}.{rest}" if party else type_


_SERVICES_AFTER_FAILURE = ("alerts", "enforcement", "insurance")
_ASKING = ("lab", "sampler", "officer", "head", "police", "procuratorate")
_AGENCY = ("officer", "head")

CATALOGUE: tuple[Entry, ...] = (
    # what laboratories say
    Entry(ResultReported, "PARTNERS", ("lab",), ("sampling",), party="one"),
    Entry(ResultCorrected, "PARTNERS", ("lab",), ("sampling",), party="one"),
    Entry(ResultWithdrawn, "PARTNERS", ("lab",), ("sampling",), party="one"),
    Entry(SampleReceived, "PARTNERS", ("lab",), ("sampling",), party="one"),
    Entry(SampleRefused, "PARTNERS", ("lab",), ("sampling",), party="one"),
    Entry(ReinspectionReported, "PARTNERS", ("lab",), ("sampling",), party="one"),
    # what insurers say
    Entry(PolicyBound, "PARTNERS", ("insurer",), ("insurance",), party="one"),
    # what samplers say
    Entry(SampleCollected, "PARTNERS", ("sampler",), ("sampling",), party="one"),
    Entry(SampleHandedOver, "PARTNERS", ("sampler",), ("sampling",), party="one"),
    Entry(RapidTestRecorded, "PARTNERS", ("sampler",), ("sampling",), party="one"),
    # what officers say
    Entry(PlanAdopted, "PARTNERS", ("officer",), ("sampling",), party="one"),
    Entry(LaboratoryAccredited, "PARTNERS", ("officer",), ("sampling",), party="one"),
    Entry(ProficiencyRoundClosed, "PARTNERS", ("officer",), ("sampling",), party="one"),
    Entry(ResultSettled, "PARTNERS", ("officer",), ("sampling",), party="one"),
    Entry(NoticeServed, "PARTNERS", ("officer",), ("sampling",), party="one"),
    Entry(ReinspectionRequested, "PARTNERS", ("officer",), ("sampling",), party="one"),
    Entry(ReinspectionCalledOff, "PARTNERS", ("officer",), ("sampling",), party="one"),
    Entry(ReinspectionSettled, "PARTNERS", ("officer",), ("sampling",), party="one"),
    Entry(ObjectionFiled, "PARTNERS", ("officer",), ("sampling",), party="one"),
    Entry(ObjectionDecided, "PARTNERS", ("officer",), ("sampling",), party="one"),
    Entry(DisposalClosed, "PARTNERS", ("officer",), ("sampling",), party="one"),
    Entry(ClockCorrected, "PARTNERS", ("officer",), ("sampling",), party="one"),
    # what officers and the head of the agency do in a case
    *(
        Entry(step, "PARTNERS", ("officer",), ("enforcement",), party="one")
        for step in (
            EvidenceAdded,
            CaseFacts,
            ReportSubmitted,
            ReportSigned,
            ReportWithdrawn,
            TransferSent,
            ReconsiderationRequested,
            SupervisionSuggested,
            GoodsHandedOver,
            GoodsSeized,
            GoodsReleased,
            PenaltyDecided,
            PenaltyPublished,
            MajorCaseFlagged,
            CaseClosed,
            CaseClockCorrected,
            ListingDecided,
            RepairGranted,
        )
    ),
    Entry(HeadApproved, "PARTNERS", ("head",), ("enforcement",), party="one"),
    Entry(HeadRefused, "PARTNERS", ("head",), ("enforcement",), party="one"),
    Entry(BulletinIssued, "PARTNERS", ("head",), ("enforcement",), party="one"),
    # what the police and the procuratorate answer
    *(
        Entry(answer, "PARTNERS", ("police",), ("enforcement",), party="one")
        for answer in (
            PoliceReceived,
            PoliceRedirected,
            PoliceTookLonger,
            PoliceFiled,
            PoliceDeclined,
            PoliceUpheld,
            PoliceExplained,
            PoliceReturned,
        )
    ),
    *(
        Entry(answer, "PARTNERS", ("procuratorate",), ("enforcement",), party="one")
        for answer in (
            ReasonsDemanded,
            ReasonsAccepted,
            FilingOrdered,
            OpinionIssued,
            ProcuratorateReturned,
            CaseProsecuted,
            CaseJudged,
            JointSupervision,
        )
    ),
    # receipts
    Entry(ResultsAccepted, "RECEIPTS", ("sampling",), ("lab",), party="kind and one"),
    Entry(ResultRejected, "RECEIPTS", ("sampling",), ("lab",), party="kind and one"),
    Entry(RequestAccepted, "RECEIPTS", ("sampling", "enforcement"), _ASKING, party="kind and one"),
    Entry(RequestRefused, "RECEIPTS", ("sampling", "enforcement"), _ASKING, party="kind and one"),
    Entry(ReinspectionAssigned, "RECEIPTS", ("sampling",), ("lab",), party="kind and one"),
    Entry(ReinspectionRecalled, "RECEIPTS", ("sampling",), ("lab",), party="kind and one"),
    Entry(PolicyRejected, "RECEIPTS", ("insurance",), ("insurer",), party="kind and one"),
    # plans, samples and their judgement
    Entry(PlanPublished, "FOOD", ("sampling",), ()),
    Entry(PlanProgressed, "FOOD", ("sampling",), ()),
    Entry(SampleRegistered, "FOOD", ("sampling",), ()),
    Entry(CustodyRecorded, "FOOD", ("sampling",), ()),
    Entry(ReplacementRequired, "FOOD", ("sampling",), ("officer",)),
    Entry(ResultWaiting, "FOOD", ("sampling",), ("officer",)),
    Entry(SamplePassed, "FOOD", ("sampling",), ()),
    Entry(SampleFailed, "FOOD", ("sampling",), (*_SERVICES_AFTER_FAILURE, "officer")),
    Entry(SampleUnclear, "FOOD", ("sampling",), ("officer",)),
    Entry(SampleOverturned, "FOOD", ("sampling",), (*_SERVICES_AFTER_FAILURE, "officer")),
    Entry(VerdictDisagreed, "FOOD", ("sampling",), ("officer",)),
    Entry(ConfirmationRequired, "FOOD", ("sampling",), ("officer",)),
    Entry(ProficiencyEvaluated, "FOOD", ("sampling",), ()),
    Entry(LaboratoryFlagged, "FOOD", ("sampling",), ("officer",)),
    # what may still happen to a failed result
    Entry(FailureNotified, "FOOD", ("sampling",), ()),
    Entry(ReinspectionAccepted, "FOOD", ("sampling",), ("officer",)),
    Entry(ReinspectionRefused, "FOOD", ("sampling",), ("officer",)),
    Entry(ReinspectionConcluded, "FOOD", ("sampling",), ("officer",)),
    Entry(ReinspectionEnded, "FOOD", ("sampling",), ("officer",)),
    Entry(ObjectionOpened, "FOOD", ("sampling",), ("officer",)),
    Entry(ObjectionClosed, "FOOD", ("sampling",), ("officer",)),
    # statutory clocks
    Entry(ClockApproaching, "FOOD", ("sampling",), ("officer",)),
    Entry(ClockMissed, "FOOD", ("sampling",), ("officer",)),
    Entry(ClockRevised, "FOOD", ("sampling",), ("officer",)),
    # alerts
    Entry(AlertRaised, "FOOD", ("alerts",), ("officer",)),
    Entry(AlertUpdated, "FOOD", ("alerts",), ("officer",)),
    Entry(AlertCancelled, "FOOD", ("alerts",), ("officer",)),
    # what the public record holds of a case
    Entry(OperatorListed, "FOOD", ("enforcement",), ("officer", "insurer")),
    Entry(OperatorRelisted, "FOOD", ("enforcement",), ("officer", "insurer")),
    Entry(BulletinPublished, "FOOD", ("enforcement",), ("officer",)),
    # cases
    Entry(CaseOpened, "CASES", ("enforcement",), ("procuratorate", *_AGENCY)),
    Entry(CaseJoined, "CASES", ("enforcement",), ("procuratorate", *_AGENCY)),
    Entry(CaseReferred, "CASES", ("enforcement",), ("police", "procuratorate")),
    Entry(ReferralDeclined, "CASES", ("enforcement",), ("procuratorate", *_AGENCY)),
    Entry(ReferralWithdrawn, "CASES", ("enforcement",), ("police", "procuratorate")),
    Entry(SampleLeftCase, "CASES", ("enforcement",), ("procuratorate", *_AGENCY)),
    Entry(CaseWithdrawn, "CASES", ("enforcement",), ("procuratorate", *_AGENCY)),
    Entry(CaseMoved, "CASES", ("enforcement",), ("procuratorate", *_AGENCY)),
    Entry(TransferRefused, "CASES", ("enforcement",), ("procuratorate", *_AGENCY)),
    Entry(CaseTransferred, "CASES", ("enforcement",), ("police", "procuratorate", *_AGENCY)),
    Entry(TransferMoved, "CASES", ("enforcement",), ("police", "procuratorate", *_AGENCY)),
    Entry(CaseClockApproaching, "CASES", ("enforcement",), ("procuratorate", *_AGENCY)),
    Entry(CaseClockMissed, "CASES", ("enforcement",), ("procuratorate", *_AGENCY)),
    Entry(CaseClockRevised, "CASES", ("enforcement",), ("procuratorate", *_AGENCY)),
    # notices to insurers
    Entry(InsurerNotified, "NOTICES", ("insurance",), ("insurer",), party="one"),
    Entry(NoticeNotDue, "NOTICES", ("insurance",), ()),
    Entry(NoticeRetracted, "NOTICES", ("insurance",), ("insurer",), party="one"),
    Entry(ClockDue, "WORK", ("sampling", "enforcement"), ("sampling", "enforcement"), party="one"),
)

_SPEAKING = frozenset(entry.type.partition(".")[0] for entry in CATALOGUE if entry.stream == "PARTNERS")
BY_TYPE: dict[str, Entry] = {entry.type: entry for entry in CATALOGUE}
_TYPE_IN_SUBJECT = re.compile(r"^(?P<stem>.+\.v[0-9]+)\.(?P<region>[0-9]{2}\.[0-9]{2}\.[0-9]{2})$")


@dataclass(frozen=True, slots=True)
class Address:
    """A subject taken apart; ``entry`` is none where the catalogue knows no such event."""

    entry: Entry | None
    party: str
    region: str


def entry_of(event: type[Event]) -> Entry:
    """The catalogue's entry of an event class."""
    return BY_TYPE[event.TYPE]


@functools.lru_cache(maxsize=10_000)
def address_of(subject: str) -> Address:
    """Take a NATS subject apart into event, party and region; never fails."""
    first, _, rest = subject.partition(".")
    match = _TYPE_IN_SUBJECT.match(subject)
    stem, region = (match["stem"], match["region"]) if match else (subject, "")
    tokens = stem.split(".")
    for party_tokens in (0, 1, 2):
        entry = BY_TYPE.get(".".join((tokens[0], *tokens[1 + party_tokens :])))
        if entry and {"": 0, "one": 1, "kind and one": 2}[entry.party] == party_tokens:
            return Address(entry, ".".join(tokens[1 : 1 + party_tokens]), region)
    return Address(None, rest.partition(".")[0] if first in _SPEAKING else "", region)


def heard_by(consumer: str, stream: str | None = None) -> tuple[Entry, ...]:
    """What a service or a kind of partner hears, on one stream or on all."""
    return _where(entry for entry in CATALOGUE if consumer in entry.consumers and stream in (None, entry.stream))


def told_by(producer: str) -> tuple[Entry, ...]:
    """What a service or a kind of partner tells."""
    return _where(entry for entry in CATALOGUE if producer in entry.producers)


def _where(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(entries)
